#pragma once
/*
 * Assertions over the journal: how many records a filter finds, in which order, within which time, of the same
 * conversation as another's. What fails says what came nearest.
 */

#include "console/fields.h"

#include <stdbool.h>

#define VERIFY_NEAREST 3
#define VERIFY_SHOWN   20 /* ids of matches that are told */

struct assertion {
    const char *name;
    struct filters where;
    long long least, most;              /* most -1: any number */
    const struct assertion *after;      /* only records later than the first that this one found */
    long long within_ms;                /* and at most so much later; -1: any time */
    const struct assertion *same_trace; /* only records of the conversation of the first that this one found */

    /* The verdict. */
    bool passed;
    long long count;
    uint64_t first_us; /* of the first found; 0: none was */
    uint64_t first_trace[2];
    const char *found[VERIFY_SHOWN];
    struct miss {
        struct entry *entry;
        int differences, blanks; /* blanks: how many of these are of fields that the record has nothing of */
    } nearest[VERIFY_NEAREST];
    size_t nearest_count;
    struct assertion *next;
};

struct verify {
    const char *name;
    struct assertion *assertions;
    long long wait_ms, settle_ms;
    uint64_t judged; /* arrival of the newest record when it was judged last; only what is new can change it */
    bool was_judged, passed;
};

/* Judges all of them, in their order, by what the index holds now. */
void verify_judge(struct arena *a, const struct index *ix, struct verify *v);
/* "exactly 2", "at least 1", "at most 3", "2 to 5" */
const char *assertion_expects(struct arena *a, const struct assertion *s);

/* The first difference of a record from what an assertion asks for. */
struct difference {
    const char *field, *expected, *got;
};
struct difference miss_explain(struct arena *a, const struct assertion *s, struct entry *e);

/* ---- verify_report.c ---- */

struct json_writer;
void verify_write(struct arena *a, const struct verify *v, double took_ms, struct json_writer *w);
void verify_junit(struct arena *a, const struct verify *v, double took_ms, struct buf *out);
void verify_tap(struct arena *a, const struct verify *v, struct buf *out);
