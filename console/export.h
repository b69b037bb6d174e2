#pragma once
/* HAR 1.2 of the HTTP part: a request and its answer is an entry. */

#include "console/fields.h"

struct ask;
struct buf;

#define EXPORT_MAX ((size_t)20000) /* records at once */

/* The records that match, in the order of time; *is_cut when there are more, which are the older ones. */
struct entry **export_gather(struct ask *ask, size_t *count, bool *is_cut);
void har_write(struct entry **found, size_t count, struct buf *out);
