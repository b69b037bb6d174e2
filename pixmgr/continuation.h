#pragma once
/*
 * What a query found and has not told yet, until its consumer asks for the next page or cancels (ITI
 * TF-2: 3.21.4.2.2.7, 3.47.4.2.2.3). Kept in memory, for all loops of a daemon: bounded in number, per community and in
 * all, and in age; the oldest goes first. A pointer is good for one page: the next page comes with the next one.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct continuations;

struct continuation {
    const char *key;       /* what asks for the next page: DSC-1, or a queryId */
    const char *tag;       /* what cancels: QPD-2, or the same queryId */
    int total;             /* that the query found */
    const int64_t *people; /* person numbers that were not told yet */
    size_t count;
    struct str query; /* as it was asked, when the next page has to repeat it */
};

struct continuations_limits {
    size_t per_community, all;
    int age_ms;
};

struct continuations *continuations_new(const struct continuations_limits *limits);
/* Any thread: all of them. */
void continuations_forget(struct continuations *c);
void continuations_free(struct continuations *c);

/* Any thread. Copies; one with the same key and community gives way. */
void continuations_put(struct continuations *c, int community, const struct continuation *one);
/* Any thread. Takes it out into the arena; E_NOT_FOUND when it is not there, or not any more. */
MUST_CHECK enum rc continuations_take(struct continuations *c, struct arena *a, int community, const char *key,
                                      struct continuation *out);
/* Any thread. False when nothing had that tag. */
bool continuations_cancel(struct continuations *c, int community, const char *tag);
