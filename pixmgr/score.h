#pragma once
/*
 * How well the manager tells who is whom: the persons it made of the generator's people, beside who they really are
 * (world/people.h). Every pair of records that are one person in truth should be linked, and no other pair.
 */

#include "base/rc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct config;
struct world;

/* A record of a community's person, by truth and as linked. */
struct scored {
    uint64_t truth, n; /* n: of the community, from 0 */
    int64_t person;
    uint32_t community; /* index in the world */
};

struct score {
    size_t records;
    uint64_t true_pairs, linked_pairs, right_pairs; /* right: in both */
    uint64_t review_pairs, review_right;            /* kept for review; right: they are one person */
    uint64_t milliseconds;                          /* of feeding them; 0 where they had been fed */
    struct scored *all;                             /* by truth */
};

/* 1 where there is nothing to be right about. */
double score_precision(const struct score *s);
double score_recall(const struct score *s);

/*
 * Everybody who lives here meets in a manager of its own, made in `folder`, with the thresholds of the configuration.
 */
MUST_CHECK enum rc score_world(struct arena *a, const struct config *c, const struct world *w, const char *folder,
                               struct score *out);
/* Those who met at the backbone of a database as it is. E_NOT_FOUND: nobody has. */
MUST_CHECK enum rc score_kept(struct arena *a, const struct config *c, const struct world *w, const char *database,
                              struct score *out);

/* `kakehashi-pixmgr score [--kept] [--show N] [--json]`: the exit code is 0 unless it could not be told. */
int score_main(int argc, char **argv);
