#pragma once
/*
 * People who are known in more than one community: they moved, or are treated on both sides. Communities that a linkage
 * names together, and neighbours in a prefecture, share the persons of a slot: the one in slot 0 of a block here is
 * the one in slot 2 of the same block there. Who is whom follows from the fixtures alone, not from which communities
 * live here, nor from the seed.
 */

#include "model/community.h"
#include "world/households.h"
#include "world/linkage.h"

#define MOVER_RECORDS 3 /* a person is known in at most so many communities */

struct arena;

/* Records of one person: in each community, who sits in that slot of a block. */
struct mover {
    struct {
        const struct community *community;
        unsigned slot;
    } records[MOVER_RECORDS]; /* the oldest first */
    unsigned count;
};

/* By slot; NULL: known in this community alone. */
struct mover_slots {
    const struct mover *movers[BLOCK_SINGLES];
};

/*
 * One mover_slots for each community of the list (sorted by key), in its order. Linkages come first, then neighbours,
 * as long as everybody named has a slot left.
 */
struct mover_slots *movers_new(struct arena *a, const struct linkage *linkages, const struct community *communities,
                               size_t count);
