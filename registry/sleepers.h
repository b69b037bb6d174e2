#pragma once
/*
 * People who were seeded (actor/seeding.h) are known here, and their documents registered, from the moment the table
 * `seeded` counts them; but the rows of one are made only when something first asks for them. Until then they sleep
 * (docs/decisions/007). They wake on the writer's thread, in the transaction of whoever asks, and never sleep again: so
 * whatever becomes of their rows (removed, merged, updated) stays so.
 *
 * Whoever reads or changes what ids name wakes first: queries by query_wake.c, changes by the functions below. An id
 * leads to one person at most; what associations lead to belongs to the same person, or to somebody who is awake.
 */

#include "base/rc.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct db;
struct document_entry;
struct request;
struct submission;

/* Wakes whom a patient id (CX), a uniqueId or an entryUUID names. Any other text, and whoever is awake, is fine. */
MUST_CHECK enum rc sleeper_wake(struct db *db, struct request *rq, const char *id, bool *woke);
/* The same of every id in the objects of a message; NULLs among them are nobody's. */
MUST_CHECK enum rc sleepers_wake_all(struct db *db, struct request *rq, const struct submission *s);

/* Reading: whether the id names somebody who sleeps. */
MUST_CHECK enum rc sleeper_is_named(struct db *db, struct request *rq, const char *id, bool *out);

/* How many of rq's community were seeded; 0: nobody can sleep. */
uint64_t sleepers_limit(const struct request *rq);
/* Wakes the n-th of them when any of their documents is what the visitor wants. */
typedef bool paper_judge(void *user, const struct document_entry *d);
MUST_CHECK enum rc sleeper_wake_if(struct db *db, struct request *rq, uint64_t n, paper_judge *wants, void *user,
                                   bool *woke);
