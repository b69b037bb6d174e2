/*
 * The faults of a daemon. Drawing takes a lock: with faults set, nobody asks for speed; without, the count alone is
 * looked at.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "fault/fault.h"
#include "world/random.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

struct entry {
    struct fault_rule rule;
    uint64_t set_at;           /* clock_ticks */
    int64_t matched, injected; /* the messages it is about, and those it struck */
};

struct fault_set {
    pthread_mutex_t lock;
    atomic_size_t count;
    struct arena *arena; /* of the entries; NULL when there are none */
    struct entry *entries;
    uint64_t seed, draws;
};

struct fault_set *fault_set_new(uint64_t seed)
{
    struct fault_set *s = calloc(1, sizeof(*s));

    if (s == NULL || pthread_mutex_init(&s->lock, NULL) != 0)
        die("out of memory (faults)");
    s->seed = seed;
    if (seed == 0 && getrandom(&s->seed, sizeof(s->seed), 0) != sizeof(s->seed))
        s->seed = clock_ticks();
    return s;
}

void fault_set_free(struct fault_set *s)
{
    if (s == NULL)
        return;
    arena_free(s->arena);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

bool fault_set_is_empty(const struct fault_set *s)
{
    return atomic_load_explicit(&s->count, memory_order_relaxed) == 0;
}

/* ---- replacing ---- */

static const struct entry *entry_named(const struct fault_set *s, const char *id)
{
    for (size_t i = 0; i < s->count; i++) {
        if (id[0] != '\0' && strcmp(s->entries[i].rule.fault.id, id) == 0)
            return &s->entries[i];
    }
    return NULL;
}

static enum rc entries_read(struct arena *a, const struct json *list, struct entry **out, size_t *count,
                            const char **why)
{
    *why = "faults: a list is expected";
    if (list == NULL || list->type != JSON_T_LIST)
        return E_REFUSED;
    *out = ARENA_ARRAY(a, struct entry, list->count + 1);
    *count = 0;
    for (const struct json *j = list->first; j != NULL; j = j->next)
        TRY(fault_rule_read(a, j, &(*out)[(*count)++].rule, why));
    return OK;
}

/* One that was there before goes on counting, and its time goes on. */
static void take_over(const struct fault_set *s, struct entry *e)
{
    const struct entry *before = entry_named(s, e->rule.fault.id);

    e->set_at = clock_ticks();
    if (before == NULL)
        return;
    e->set_at = before->set_at;
    e->matched = before->matched;
    e->injected = before->injected;
}

enum rc fault_set_replace(struct fault_set *s, struct arena *a, const struct json *j, const char **why)
{
    struct arena *own = arena_new(), *old;
    struct entry *entries;
    size_t count;

    enum rc rc = entries_read(own, json_get(j, "faults"), &entries, &count, why);
    if (rc != OK) {
        *why = arena_strdup(a, *why);
        arena_free(own);
        return rc;
    }
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < count; i++)
        take_over(s, &entries[i]);
    old = s->arena;
    s->arena = own;
    s->entries = entries;
    s->count = count;
    pthread_mutex_unlock(&s->lock);
    arena_free(old);
    return OK;
}

/* ---- drawing ---- */

static bool is_listed(const char *const *list, const char *key, const char *slug)
{
    if (list == NULL)
        return true;
    for (; *list != NULL; list++) {
        if (text_equal(*list, key) || text_equal(*list, slug))
            return true;
    }
    return false;
}

static bool is_asked(const char *wanted, const char *is)
{
    return wanted == NULL || text_equal(wanted, is);
}

static bool contains(struct str text, const char *part)
{
    return text.len > 0 && memmem(text.data, text.len, part, strlen(part)) != NULL;
}

static bool is_in_time(const struct entry *e)
{
    double age = (double)(clock_ticks() - e->set_at) / 1e9;
    const struct fault_match *m = &e->rule.match;

    return age >= m->after_s && (m->for_s <= 0 || age < m->after_s + m->for_s);
}

static bool matches(const struct entry *e, const struct fault_occasion *o)
{
    const struct fault_match *m = &e->rule.match;

    return (m->sides & o->side) != 0 && is_listed(m->communities, o->community, o->slug) &&
           is_asked(m->prefecture, o->prefecture) && is_listed(m->peers, o->peer, o->peer_slug) &&
           is_asked(m->actor, o->actor) && is_asked(m->transaction, o->transaction) &&
           (m->text == NULL || contains(o->message, m->text) || contains(o->answered, m->text)) && is_in_time(e);
}

/* Of the messages it is about, the ones it strikes. */
static bool strikes(struct entry *e, uint64_t dice)
{
    const struct fault_match *m = &e->rule.match;
    int64_t n = ++e->matched;

    if (m->nth > 0 && n != m->nth)
        return false;
    if (m->every > 0 && n % m->every != 0)
        return false;
    if (m->times > 0 && e->injected >= m->times)
        return false;
    return (double)(random_of(dice, 1) >> 11) / (double)(1ULL << 53) < m->probability;
}

static struct fault *copies_of(struct arena *a, const struct fault *faults, size_t count)
{
    struct fault *out = arena_memdup(a, faults, count * sizeof(*faults));

    for (size_t i = 0; i < count; i++) {
        out[i].id = arena_strdup(a, out[i].id);
        for (int p = 0; p < FAULT_PARAMETERS; p++)
            out[i].values[p] = arena_strdup(a, out[i].values[p]);
    }
    return out;
}

struct fault *fault_set_draw(struct fault_set *s, struct arena *a, const struct fault_occasion *o, size_t *count)
{
    struct fault *drawn = NULL;

    *count = 0;
    if (fault_set_is_empty(s))
        return NULL;
    pthread_mutex_lock(&s->lock);
    struct fault *struck = ARENA_ARRAY(a, struct fault, s->count + 1);
    for (size_t i = 0; i < s->count; i++) {
        struct entry *e = &s->entries[i];
        uint64_t dice = matches(e, o) ? random_of(s->seed, ++s->draws) : 0;
        if (dice == 0 || !strikes(e, dice))
            continue;
        e->injected++;
        struck[*count] = e->rule.fault;
        struck[(*count)++].dice = dice;
    }
    if (*count > 0)
        drawn = copies_of(a, struck, *count);
    pthread_mutex_unlock(&s->lock);
    return drawn;
}

void fault_set_write(struct fault_set *s, struct json_writer *w)
{
    pthread_mutex_lock(&s->lock);
    jw_object(w, NULL);
    jw_list(w, "faults");
    for (size_t i = 0; i < s->count; i++) {
        jw_object(w, NULL);
        fault_rule_write(w, &s->entries[i].rule);
        jw_integer(w, "matched", s->entries[i].matched);
        jw_integer(w, "injected", s->entries[i].injected);
        jw_end_object(w);
    }
    jw_end_list(w);
    jw_end_object(w);
    pthread_mutex_unlock(&s->lock);
}
