#pragma once
/* PRPA_IN201305UV02 as a gateway asks it: of its own demographics supplier (ITI-47) and of other gateways (ITI-55). */

#include "base/rc.h"
#include "gateway/fan_out.h"
#include "model/community.h"
#include "msg/prpa_find.h"

#include <stdbool.h>

struct arena;

/* An empty query from one community to another, with its wrapper. */
struct find_query find_query_new(struct arena *a, const struct community *from, const struct community *to);

/* A usable answer, maybe without anybody in it. False: the request has an error of this code with the cause. */
bool find_result_read(const struct ask *k, enum issue_code unavailable, struct find_result *out);
