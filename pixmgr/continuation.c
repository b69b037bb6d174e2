#include "pixmgr/continuation.h"

#include "base/arena.h"
#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>

/* In an arena of its own. */
struct kept {
    struct arena *arena;
    int community;
    uint64_t until; /* clock_ticks */
    struct continuation c;
    struct kept *next;
};

struct continuations {
    struct continuations_limits limits;
    pthread_mutex_t lock; /* of what follows */
    struct kept *first;   /* the oldest first */
    size_t count;
};

struct continuations *continuations_new(const struct continuations_limits *limits)
{
    struct continuations *c = calloc(1, sizeof(*c));

    if (c == NULL)
        die("out of memory (continuations)");
    c->limits = *limits;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

/* Out of the list. */
static struct kept *unlink_at(struct continuations *c, struct kept **at)
{
    struct kept *k = *at;

    *at = k->next;
    c->count--;
    return k;
}

static void drop(struct continuations *c, struct kept **at)
{
    arena_free(unlink_at(c, at)->arena);
}

void continuations_forget(struct continuations *c)
{
    pthread_mutex_lock(&c->lock);
    while (c->first != NULL)
        drop(c, &c->first);
    pthread_mutex_unlock(&c->lock);
}

void continuations_free(struct continuations *c)
{
    if (c == NULL)
        return;
    continuations_forget(c);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static void drop_expired(struct continuations *c)
{
    uint64_t now = clock_ticks();

    while (c->first != NULL && c->first->until <= now)
        drop(c, &c->first);
}

/* NULL when there is none. */
static struct kept **find(struct continuations *c, int community, const char *key)
{
    for (struct kept **at = &c->first; *at != NULL; at = &(*at)->next) {
        if ((*at)->community == community && strcmp((*at)->c.key, key) == 0)
            return at;
    }
    return NULL;
}

static struct kept **oldest_of(struct continuations *c, int community)
{
    struct kept **at = &c->first;

    while ((*at)->community != community)
        at = &(*at)->next;
    return at;
}

static size_t count_of(const struct continuations *c, int community)
{
    size_t n = 0;

    for (const struct kept *k = c->first; k != NULL; k = k->next)
        n += k->community == community;
    return n;
}

static void copy(struct arena *a, const struct continuation *from, struct continuation *to)
{
    *to = (struct continuation){
        .key = arena_strdup(a, from->key),
        .tag = arena_strdup(a, from->tag),
        .total = from->total,
        .people = from->count == 0 ? NULL : arena_memdup(a, from->people, from->count * sizeof(*from->people)),
        .count = from->count,
        .query = { str_dup(a, from->query), from->query.len },
    };
}

static struct kept *kept_new(const struct continuations *c, int community, const struct continuation *one)
{
    struct arena *a = arena_new();
    struct kept *k = ARENA_NEW(a, struct kept);

    k->arena = a;
    k->community = community;
    k->until = clock_ticks() + (uint64_t)c->limits.age_ms * 1000000;
    copy(a, one, &k->c);
    return k;
}

static void make_room(struct continuations *c, int community)
{
    if (count_of(c, community) >= c->limits.per_community)
        drop(c, oldest_of(c, community));
    if (c->count >= c->limits.all)
        drop(c, &c->first);
}

void continuations_put(struct continuations *c, int community, const struct continuation *one)
{
    struct kept *k = kept_new(c, community, one);

    pthread_mutex_lock(&c->lock);
    drop_expired(c);
    struct kept **same = find(c, community, one->key), **end = &c->first;
    if (same != NULL)
        drop(c, same);
    make_room(c, community);
    while (*end != NULL)
        end = &(*end)->next;
    *end = k;
    c->count++;
    pthread_mutex_unlock(&c->lock);
}

enum rc continuations_take(struct continuations *c, struct arena *a, int community, const char *key,
                           struct continuation *out)
{
    pthread_mutex_lock(&c->lock);
    drop_expired(c);
    struct kept **at = find(c, community, key);
    struct kept *k = at == NULL ? NULL : unlink_at(c, at);
    pthread_mutex_unlock(&c->lock);
    if (k == NULL)
        return E_NOT_FOUND;
    copy(a, &k->c, out);
    arena_free(k->arena);
    return OK;
}

bool continuations_cancel(struct continuations *c, int community, const char *tag)
{
    bool found = false;

    pthread_mutex_lock(&c->lock);
    drop_expired(c);
    for (struct kept **at = &c->first; *at != NULL;) {
        if ((*at)->community == community && strcmp((*at)->c.tag, tag) == 0) {
            drop(c, at);
            found = true;
        } else {
            at = &(*at)->next;
        }
    }
    pthread_mutex_unlock(&c->lock);
    return found;
}
