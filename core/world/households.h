#pragma once
/*
 * Who lives together. Twenty persons in a row make a block, and a plan seats them: every block has one person of each
 * twentieth of the age pyramid, so that families fit together and ages follow the pyramid at once. The first four of a
 * block live alone: they are the ones who move between communities (world/movers.h).
 */

#include "world/ages.h"

#include <stdbool.h>
#include <stdint.h>

#define BLOCK_PERSONS    20
#define BLOCK_HOUSEHOLDS 12 /* at most */
#define BLOCK_SINGLES    4  /* the first of every block */

enum role { ROLE_SINGLE, ROLE_HUSBAND, ROLE_WIFE, ROLE_CHILD, ROLE_TWIN, ROLE_PARENT };

struct seat {
    unsigned char household; /* in the block, from 0 */
    unsigned char role;      /* enum role */
    unsigned char twentieth; /* of the population by age, from 0 */
};

struct households;

struct households *households_new(struct arena *a, const struct ages *g);

/* The seats of a block: BLOCK_PERSONS of them, members of a household side by side, its head first. */
const struct seat *households_plan(uint64_t block_key);
/* Where a person sits: the index of the household's head, and which of its members the person is. */
static inline unsigned seat_head(const struct seat *plan, unsigned slot)
{
    while (slot > 0 && plan[slot - 1].household == plan[slot].household)
        slot--;
    return slot;
}

/* The rank by age (see ages_birth) of who sits there. Twins give the same number to get the same rank. */
uint32_t seat_rank(const struct seat *s, uint64_t random);
/* Is it a woman? Roles decide; of the others as many as the pyramid asks for. */
bool households_woman(const struct households *h, const struct ages *g, const struct seat *s, uint32_t rank,
                      uint64_t random);
