#pragma once
/* Potential duplicates as JSON, for `kakehashi pix review list --json` and the control API. */

#include "pixmgr/store.h"
#include "wire/json.h"
#include "world/world.h"

/* The key of whose manager keeps it; "?" for one that does not live here today. */
const char *review_community(const struct world *w, const struct duplicate *d);
/* {number, community, score, patients: two of {ids, names, birthDate, gender}} */
void review_write(struct json_writer *w, const struct world *world, const struct duplicate *d);
