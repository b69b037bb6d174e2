#include "world/movers.h"

#include "base/arena.h"
#include "base/str.h"

struct movers {
    struct arena *arena;
    const struct community *communities;
    size_t count;
    struct mover_slots *slots;
};

static bool slot_find(const struct movers *m, size_t community, unsigned *out)
{
    for (unsigned slot = 0; slot < BLOCK_SINGLES; slot++) {
        if (m->slots[community].movers[slot] == NULL) {
            *out = slot;
            return true;
        }
    }
    return false;
}

/* Nobody moves when one of them has no slot left. */
static void mover_add(struct movers *m, const size_t *communities, unsigned count)
{
    struct mover mover = { .count = count };

    for (unsigned i = 0; i < count; i++) {
        if (!slot_find(m, communities[i], &mover.records[i].slot))
            return;
        mover.records[i].community = &m->communities[communities[i]];
    }
    const struct mover *kept = arena_memdup(m->arena, &mover, sizeof(mover));
    for (unsigned i = 0; i < count; i++)
        m->slots[communities[i]].movers[mover.records[i].slot] = kept;
}

/* ---- along linkages ---- */

/* Fewer than count when the fixtures have no such community, or it has no people. */
static bool community_find(const struct movers *m, const char *key, size_t *out)
{
    for (size_t i = 0; i < m->count; i++) {
        if (key != NULL && text_equal(m->communities[i].key, key) && !m->communities[i].is_backbone) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool is_linked(const bool *linked, const struct movers *m, size_t x, size_t y)
{
    return linked[x * m->count + y];
}

static void pair_add(struct movers *m, bool *linked, size_t x, size_t y)
{
    if (x == y || is_linked(linked, m, x, y))
        return;
    linked[x * m->count + y] = linked[y * m->count + x] = true;
    mover_add(m, (size_t[]){ x, y }, 2);
}

static void pairs_add(struct movers *m, const struct linkage *l, bool *linked)
{
    size_t x, y;

    for (const struct linkage_party *p = l->parties; p != NULL; p = p->next) {
        for (const struct linkage_party *q = p->next; q != NULL; q = q->next) {
            if (community_find(m, p->community, &x) && community_find(m, q->community, &y))
                pair_add(m, linked, x, y);
        }
    }
}

/* Someone from the first partner, by way of this community, to the second one. */
static void triple_add(struct movers *m, const bool *linked, size_t community)
{
    size_t three[MOVER_RECORDS] = { 0, community, 0 };
    unsigned partners = 0;

    for (size_t i = 0; i < m->count && partners < 2; i++) {
        if (is_linked(linked, m, community, i))
            three[2 * partners++] = i;
    }
    if (partners == 2)
        mover_add(m, three, MOVER_RECORDS);
}

static void linkages_follow(struct movers *m, const struct linkage *linkages)
{
    bool *linked = ARENA_ARRAY(m->arena, bool, m->count * m->count);

    for (const struct linkage *l = linkages; l != NULL; l = l->next)
        pairs_add(m, l, linked);
    for (size_t i = 0; i < m->count; i++)
        triple_add(m, linked, i);
}

/* ---- within a prefecture ---- */

/* The next one after `from` in its prefecture; m->count when there is none. */
static size_t neighbour_of(const struct movers *m, size_t from)
{
    size_t i = from + 1;

    while (i < m->count && (m->communities[i].is_backbone ||
                            !text_equal(m->communities[i].prefecture, m->communities[from].prefecture)))
        i++;
    return i;
}

/* Every third one of a prefecture has people who went on to the second next. */
static bool is_third(const struct movers *m, size_t community)
{
    size_t before = 0;

    for (size_t i = 0; i < community; i++)
        before += text_equal(m->communities[i].prefecture, m->communities[community].prefecture);
    return before % 3 == 0;
}

static void neighbours_follow(struct movers *m)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->communities[i].is_backbone || m->communities[i].prefecture == NULL)
            continue;
        size_t next = neighbour_of(m, i), after = next == m->count ? next : neighbour_of(m, next);
        if (next < m->count)
            mover_add(m, (size_t[]){ i, next }, 2);
        if (after < m->count && is_third(m, i))
            mover_add(m, (size_t[]){ i, next, after }, MOVER_RECORDS);
    }
}

struct mover_slots *movers_new(struct arena *a, const struct linkage *linkages, const struct community *communities,
                               size_t count)
{
    struct movers m = { a, communities, count, ARENA_ARRAY(a, struct mover_slots, count) };

    linkages_follow(&m, linkages);
    neighbours_follow(&m);
    return m.slots;
}
