#include "world/households.h"

#include "base/arena.h"
#include "world/random.h"

#include <string.h>

#define SAMPLES 64 /* ages looked at in a twentieth */

/* clang-format off */
#define ALONE(h, t) { h, ROLE_SINGLE, t }
#define COUPLE(h, husband, wife) { h, ROLE_HUSBAND, husband }, { h, ROLE_WIFE, wife }
#define CHILD(h, t) { h, ROLE_CHILD, t }
#define TWINS(h) { h, ROLE_TWIN, 0 }, { h, ROLE_TWIN, 1 }
#define PARENT(h, t) { h, ROLE_PARENT, t }

/*
 * Twentieths in years of age, roughly: 0 to 6, 1 to 13, 2 to 19, 3 to 24, 4 to 30, 5 to 35, 6 to 40, 7 to 44, 8 to 48, 9 to 52,
 * 10 to 55, 11 to 59, 12 to 64, 13 to 68, 14 to 71, 15 to 74, 16 to 78, 17 to 82, 18 to 87, 19 older. Who is a husband
 * in one plan is a wife in another, so that neither sex is missing at any age.
 */
static const struct plan {
    uint32_t percent;
    struct seat seats[BLOCK_PERSONS];
} plans[] = {
    { 40, { ALONE(0, 5), ALONE(1, 4), ALONE(2, 8), ALONE(3, 19),
            COUPLE(4, 7, 6), CHILD(4, 1), CHILD(4, 0), COUPLE(5, 10, 9), CHILD(5, 2),
            COUPLE(6, 13, 12), COUPLE(7, 15, 14), COUPLE(8, 17, 16), ALONE(9, 11), PARENT(9, 18), ALONE(10, 3) } },
    { 28, { ALONE(0, 4), ALONE(1, 3), ALONE(2, 12), ALONE(3, 18),
            COUPLE(4, 6, 5), CHILD(4, 0), COUPLE(5, 8, 7), CHILD(5, 2), CHILD(5, 1),
            COUPLE(6, 11, 10), COUPLE(7, 14, 13), COUPLE(8, 16, 15), ALONE(9, 9), PARENT(9, 17), ALONE(10, 19) } },
    { 10, { ALONE(0, 5), ALONE(1, 4), ALONE(2, 3), ALONE(3, 9),
            COUPLE(4, 7, 6), TWINS(4), PARENT(4, 15), COUPLE(5, 10, 8), CHILD(5, 2),
            COUPLE(6, 12, 11), COUPLE(7, 14, 13), COUPLE(8, 17, 16), ALONE(9, 18), ALONE(10, 19) } },
    { 22, { ALONE(0, 4), ALONE(1, 8), ALONE(2, 3), ALONE(3, 13),
            { 4, ROLE_WIFE, 7 }, CHILD(4, 2), CHILD(4, 1), COUPLE(5, 6, 5), CHILD(5, 0),
            COUPLE(6, 11, 10), PARENT(6, 18), COUPLE(7, 16, 15), ALONE(8, 9), COUPLE(9, 14, 12), ALONE(10, 17), ALONE(11, 19) } },
};
/* clang-format on */

struct households {
    int more_women[BLOCK_PERSONS]; /* by twentieth: added to the women in 65536 among those whom no role decides */
};

const struct seat *households_plan(uint64_t block_key)
{
    uint32_t point = random_below(block_key, 100);
    size_t i = 0;

    for (; point >= plans[i].percent; i++)
        point -= plans[i].percent;
    return plans[i].seats;
}

uint32_t seat_rank(const struct seat *s, uint64_t random)
{
    if (s->role == ROLE_TWIN)
        return (uint32_t)((random >> 32) * 2 / BLOCK_PERSONS); /* both sit in the first two twentieths */
    return (uint32_t)((((uint64_t)s->twentieth << 32) + (random >> 32)) / BLOCK_PERSONS);
}

/* ---- sexes ---- */

static int women_of_twentieth(const struct ages *g, uint32_t twentieth)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < SAMPLES; i++)
        sum += ages_women(g, (uint32_t)(((twentieth * SAMPLES + i) << 32) / (BLOCK_PERSONS * SAMPLES)));
    return (int)(sum / SAMPLES);
}

/* How often, in percent, a twentieth is seated in a role. */
static int percent_in_role(uint32_t twentieth, enum role role)
{
    uint32_t percent = 0;

    for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
        for (unsigned k = 0; k < BLOCK_PERSONS; k++) {
            const struct seat *s = &plans[i].seats[k];
            if (s->twentieth == twentieth && s->role == role)
                percent += plans[i].percent;
        }
    }
    return (int)percent;
}

struct households *households_new(struct arena *a, const struct ages *g)
{
    struct households *h = ARENA_NEW(a, struct households);

    for (uint32_t t = 0; t < BLOCK_PERSONS; t++) {
        int wives = percent_in_role(t, ROLE_WIFE), others = 100 - wives - percent_in_role(t, ROLE_HUSBAND);
        int women = women_of_twentieth(g, t);
        if (others > 0)
            h->more_women[t] = (women * 100 - wives * 65536) / others - women;
    }
    return h;
}

bool households_woman(const struct households *h, const struct ages *g, const struct seat *s, uint32_t rank,
                      uint64_t random)
{
    if (s->role == ROLE_HUSBAND || s->role == ROLE_WIFE)
        return s->role == ROLE_WIFE;
    return (int)random_below(random, 65536) < (int)ages_women(g, rank) + h->more_women[s->twentieth];
}
