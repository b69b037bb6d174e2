#include "gateway/habits.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/turn.h"
#include "wire/json.h"
#include "wire/query_string.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define WISH_STRATEGY "strategy"

struct habit {
    struct strategy configured, chosen;
    bool is_chosen;
    int deadline_ms;
    struct breaker breaker;
};

/* daemon.own */
struct habits {
    pthread_mutex_t lock;
    struct breaker_rule rule;
    struct habit *of; /* by community */
    struct turns *turns;
};

static struct habit *habit_of(const struct daemon *d, const struct community *c)
{
    return &((struct habits *)d->own)->of[c - d->world->communities];
}

static struct habits *lock(const struct daemon *d)
{
    struct habits *h = d->own;

    pthread_mutex_lock(&h->lock);
    return h;
}

static void unlock(struct habits *h)
{
    pthread_mutex_unlock(&h->lock);
}

/* ---- configuration ---- */

/* A community's value; c NULL: everybody's. NULL, or what is wrong. */
typedef const char *habit_take(struct daemon *d, const struct community *c, const char *value);

static const char *strategy_take(struct daemon *d, const struct community *c, const char *value)
{
    struct strategy s;
    const char *why = strategy_parse(d->arena, d->world, value, &s);

    for (size_t i = 0; why == NULL && i < d->world->count; i++) {
        if (c == NULL || c == &d->world->communities[i])
            habit_of(d, &d->world->communities[i])->configured = s;
    }
    return why;
}

static const char *deadline_take(struct daemon *d, const struct community *c, const char *value)
{
    char *end;
    long ms = strtol(value, &end, 10);

    if (c == NULL || end == value || *end != '\0' || ms <= 0 || ms > INT_MAX)
        return "it takes a community and milliseconds, such as 0035=2000";
    habit_of(d, c)->deadline_ms = (int)ms;
    return NULL;
}

static const char *entry_take(struct daemon *d, const char *entry, habit_take *take)
{
    const char *equals = strchr(entry, '=');

    if (equals == NULL)
        return take(d, NULL, entry);
    const struct community *c = world_find(d->world, arena_strndup(d->arena, entry, (size_t)(equals - entry)));
    return c == NULL ? "no such community lives here" : take(d, c, equals + 1);
}

/* "0035=VALUE 0026=VALUE" */
static enum rc choices_take(struct daemon *d, enum config_key key, habit_take *take)
{
    char *copy = arena_strdup(d->arena, config_text(d->config, key)), *saved;

    for (char *entry = strtok_r(copy, " ", &saved); entry != NULL; entry = strtok_r(NULL, " ", &saved)) {
        const char *why = entry_take(d, entry, take);
        if (why != NULL) {
            log_error("--%s: \"%s\": %s", config_row(key)->key, entry, why);
            return E_CONFIG;
        }
    }
    return OK;
}

enum rc habits_open(struct daemon *d)
{
    struct habits *h = ARENA_NEW(d->arena, struct habits);
    uint64_t pause_ms = (uint64_t)config_number(d->config, CONFIG_BREAKER_PAUSE);

    pthread_mutex_init(&h->lock, NULL);
    h->rule = (struct breaker_rule){ (int)config_number(d->config, CONFIG_BREAKER_FAILURES), pause_ms * 1000000 };
    h->of = ARENA_ARRAY(d->arena, struct habit, d->world->count);
    h->turns = turns_new(d->arena, d->service_count);
    d->own = h;
    for (size_t i = 0; i < d->world->count; i++) {
        const struct community *c = &d->world->communities[i];
        h->of[i].configured = strategy_of_file(d->world, c);
        h->of[i].deadline_ms = c->deadline_ms;
    }
    TRY(choices_take(d, CONFIG_LOCATE, strategy_take));
    return choices_take(d, CONFIG_DEADLINES, deadline_take);
}

void habits_close(struct daemon *d)
{
    pthread_mutex_destroy(&((struct habits *)d->own)->lock);
    directory_clear();
}

static void habit_reset(struct habit *h)
{
    h->is_chosen = false;
    h->breaker = (struct breaker){ 0 };
}

void habits_forget(struct daemon *d)
{
    struct habits *h = lock(d);

    for (size_t i = 0; i < d->world->count; i++)
        habit_reset(&h->of[i]);
    unlock(h);
    directory_clear();
}

/* ---- what transactions ask ---- */

static struct strategy strategy_now(const struct daemon *d, const struct community *c)
{
    struct habits *h = lock(d);
    const struct habit *habit = habit_of(d, c);
    struct strategy s = habit->is_chosen ? habit->chosen : habit->configured;

    unlock(h);
    return s;
}

enum rc habits_strategy(struct request *rq, struct strategy *out)
{
    const struct daemon *d = rq->service->daemon;
    const char *wish = rq_wish(rq, WISH_STRATEGY);

    if (wish == NULL) {
        *out = strategy_now(d, rq->community);
        return OK;
    }
    const char *why = strategy_parse(rq->arena, d->world, wish, out);
    return why == NULL ? OK : rq_refuse(rq, ISSUE_XDS_REGISTRY_ERROR, "Kakehashi-Strategy", "%s", why);
}

enum rc habits_turn(struct request *rq, enum rc (*begin)(struct request *rq))
{
    return turn_take(((struct habits *)rq->service->daemon->own)->turns, rq, begin);
}

int habits_deadline(const struct daemon *d, const struct community *c)
{
    int ms = habit_of(d, c)->deadline_ms; /* never changed */

    return ms != 0 ? ms : (int)config_number(d->config, CONFIG_CALL_TIMEOUT);
}

bool habits_ask(struct arena *a, const struct daemon *d, const struct community *c, const char **why)
{
    struct habits *h = lock(d);
    struct breaker *b = &habit_of(d, c)->breaker;
    bool asks = breaker_asks(b, &h->rule, clock_ticks());

    if (!asks)
        *why = arena_printf(a, "it was not asked: it failed %d time(s) in a row and has a pause of %lld ms; lastly, %s",
                            b->failures, config_number(d->config, CONFIG_BREAKER_PAUSE), b->why);
    unlock(h);
    return asks;
}

void habits_tell(const struct daemon *d, const struct community *c, bool has_answered, const char *why)
{
    struct habits *h = lock(d);

    breaker_tell(&habit_of(d, c)->breaker, &h->rule, has_answered, why, clock_ticks());
    unlock(h);
}

/* ---- the page ---- */

static void habit_write(struct json_writer *w, struct arena *a, const struct daemon *d, const struct community *c,
                        size_t remembered)
{
    struct habits *h = lock(d);
    struct habit now = *habit_of(d, c);
    bool is_open = breaker_is_open(&now.breaker, &h->rule);

    unlock(h);
    jw_object(w, NULL);
    jw_text(w, "community", c->key);
    jw_text(w, "name", c->name);
    jw_text(w, "at", c->gateway_at);
    jw_text(w, "strategy", strategy_text(a, now.is_chosen ? &now.chosen : &now.configured));
    jw_text(w, "configured", strategy_text(a, &now.configured));
    jw_integer(w, "deadlineMs", habits_deadline(d, c));
    jw_integer(w, "remembered", (long long)remembered);
    jw_text(w, "state", is_open ? "open" : "closed");
    jw_integer(w, "failures", now.breaker.failures);
    jw_text(w, "why", now.breaker.failures > 0 ? now.breaker.why : NULL);
    jw_end_object(w);
}

static void page_reply(struct service *s, struct http_request *http, const struct community *only)
{
    const struct world *w = s->daemon->world;
    struct buf *text = buf_new(http->arena, BUF_MAX_DEFAULT);
    const size_t *remembered = directory_counts(http->arena, w);
    struct json_writer j;

    jw_init(&j, text, false);
    jw_object(&j, NULL);
    jw_list(&j, "gateways");
    for (size_t i = 0; i < w->count; i++) {
        if (only == NULL || only == &w->communities[i])
            habit_write(&j, http->arena, s->daemon, &w->communities[i], remembered[w->communities[i].number]);
    }
    jw_end_list(&j);
    jw_end_object(&j);
    const struct http_piece piece = HTTP_PIECE_BYTES(buf_str(text));
    http_reply(http, &(struct http_reply){
                         .status = 200, .content_type = "application/json", .pieces = &piece, .piece_count = 1 });
}

/* NULL, or what is wrong with the query. */
static const char *habit_put(struct daemon *d, struct http_request *http, const struct community *c)
{
    const char *text = query_pair(query_string_parse(http->arena, http->head.query), "strategy");
    struct strategy s;

    if (text == NULL)
        return "strategy: one is needed: " STRATEGY_WORDS;
    const char *why = strategy_parse(http->arena, d->world, text, &s);
    if (why != NULL)
        return why;
    struct habits *h = lock(d);
    struct habit *habit = habit_of(d, c);
    habit->chosen = s;
    habit->is_chosen = true;
    unlock(h);
    return NULL;
}

static const char *habit_delete(struct daemon *d, struct http_request *http UNUSED, const struct community *c)
{
    struct habits *h = lock(d);

    habit_reset(habit_of(d, c));
    unlock(h);
    directory_forget_community(c);
    return NULL;
}

static const struct {
    const char *method;
    const char *(*change)(struct daemon *d, struct http_request *http, const struct community *c);
} changes[] = { { "PUT", habit_put }, { "DELETE", habit_delete } };

static const char *change_make(struct daemon *d, struct http_request *http, const struct community *c)
{
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        if (strcmp(changes[i].method, http->head.method) == 0)
            return c == NULL ? "which community?" : changes[i].change(d, http, c);
    }
    return NULL;
}

void habits_page(struct service *s, struct http_request *http)
{
    const char *rest = http->head.path + strlen(HABITS_PAGE);
    const struct community *c = rest[0] == '\0' ? NULL : world_find(s->daemon->world, rest + 1);

    if (rest[0] != '\0' && c == NULL) {
        http_reply_text(http, 404, "no such community lives here\n");
        return;
    }
    const char *why = change_make(s->daemon, http, c);
    if (why != NULL)
        http_reply_text(http, 400, why);
    else
        page_reply(s, http, c);
}
