#pragma once
/* From the loops to the disk: a bounded queue of records, and the thread that writes them. */

#include "actor/journal_record.h"
#include "store/segments.h"

struct journal_queue;

#define JOURNAL_QUEUE_MAX ((size_t)64 << 20) /* bytes that may wait */
#define JOURNAL_CUT       ((size_t)2048)     /* what is kept of a body when bodies come faster than the rate */

struct journal_limits {
    struct segment_limits segments;
    uint64_t rate; /* bytes of bodies per second that are kept whole, and at once after a quiet second */
};

MUST_CHECK enum rc journal_queue_open(const char *folder, const struct journal_limits *limits,
                                      struct journal_queue **out);
/*
 * Any thread; copies. Past the bound the record is lost, and counted. While bodies come faster than the rate (a load
 * test), only the beginning of each is kept: a journal of that size could be neither kept for long nor read.
 */
void journal_queue_put(struct journal_queue *q, const struct journal_record *r);
/* Everything put before is written when it returns. */
void journal_queue_close(struct journal_queue *q);

struct journal_counts {
    uint64_t written, lost, cut; /* since the daemon started */
};
struct journal_counts journal_queue_counts(const struct journal_queue *q);
