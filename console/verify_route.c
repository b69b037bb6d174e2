/*
 * POST /journal/verify: the body says what must be so; the answer whether it is, at once or, with waitMs, as soon as it
 * is. What must not come is judged after settleMs.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "console/ask.h"
#include "console/journal_routes.h"
#include "console/verify.h"

#include <math.h>
#include <string.h>

#define WAIT_MAX_MS    600000
#define ASSERTIONS_MAX 1000
#define COUNT_MAX      1000000000

/* ---- reading the body ---- */

static const char *const body_members[] = { "name", "where", "waitMs", "settleMs", "assertions", NULL };
static const char *const assertion_members[] = { "name",  "where",    "exactly",     "atLeast", "atMost",
                                                 "after", "withinMs", "sameTraceAs", NULL };
static const char *const count_members[] = { "exactly", "atLeast", "atMost", NULL };

struct verify_reading {
    struct ask *ask;
    struct verify *out;
};

static bool members_known(struct ask *ask, const struct json *object, const char *path, const char *const *known)
{
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        const char *const *k = known;
        while (*k != NULL && strcmp(*k, m->key) != 0)
            k++;
        if (*k != NULL)
            continue;
        ask_refuse(ask, 400, arena_printf(ask->arena, "%s%s%s", path, path[0] != '\0' ? "." : "", m->key), known,
                   "there is no member \"%.60s\" here", m->key);
        return false;
    }
    return true;
}

/* A whole number of milliseconds or records; `otherwise` when absent. */
static bool whole_read(struct ask *ask, const struct json *object, const char *path, const char *key, long long max,
                       long long *out)
{
    const struct json *m = json_get(object, key);

    if (m == NULL)
        return true;
    if (m->type == JSON_T_NUMBER && m->number >= 0 && m->number <= (double)max && m->number == floor(m->number)) {
        *out = (long long)m->number;
        return true;
    }
    ask_refuse(ask, 400, arena_printf(ask->arena, "%s%s%s", path, path[0] != '\0' ? "." : "", key), NULL,
               "%s is a whole number from 0 to %lld", key, max);
    return false;
}

static bool text_read(struct ask *ask, const struct json *object, const char *path, const char *key, const char **out)
{
    const struct json *m = json_get(object, key);

    if (m == NULL)
        return true;
    *out = m->text;
    if (m->type == JSON_T_TEXT && m->text[0] != '\0')
        return true;
    ask_refuse(ask, 400, arena_printf(ask->arena, "%s%s%s", path, path[0] != '\0' ? "." : "", key), NULL,
               "%s is a text that is not empty", key);
    return false;
}

/* Filters are texts; a number does for a status. */
static bool where_read(struct ask *ask, const struct json *where, const char *path, struct filters *out)
{
    const struct console *c = ask->console;
    struct filter_fault fault;

    if (where == NULL)
        return true;
    if (where->type != JSON_T_OBJECT) {
        ask_refuse(ask, 400, path, NULL, "where is an object of fields and values");
        return false;
    }
    for (const struct json *m = where->first; m != NULL; m = m->next) {
        const char *field = arena_printf(ask->arena, "%s.%s", path, m->key);
        const char *value = m->type == JSON_T_TEXT     ? m->text
                            : m->type == JSON_T_NUMBER ? arena_printf(ask->arena, "%.0f", m->number)
                                                       : NULL;
        if (value == NULL) {
            ask_refuse(ask, 400, field, NULL, "a field's value is a text or a number");
            return false;
        }
        if (filter_add(ask->arena, c->daemon->world, c->index, out, m->key, value, &fault) != OK) {
            ask_refuse(ask, 400, field, fault.allowed, "%s", fault.why);
            return false;
        }
    }
    return true;
}

static bool counts_read(struct ask *ask, const struct json *j, const char *path, struct assertion *s)
{
    long long exactly = -1;

    s->least = json_get(j, "atMost") != NULL ? 0 : 1;
    s->most = -1;
    if (!whole_read(ask, j, path, "exactly", COUNT_MAX, &exactly) ||
        !whole_read(ask, j, path, "atLeast", COUNT_MAX, &s->least) ||
        !whole_read(ask, j, path, "atMost", COUNT_MAX, &s->most))
        return false;
    if (exactly >= 0 && (json_get(j, "atLeast") != NULL || json_get(j, "atMost") != NULL)) {
        ask_refuse(ask, 400, arena_printf(ask->arena, "%s.exactly", path), count_members,
                   "exactly stands alone, without atLeast and atMost");
        return false;
    }
    if (exactly >= 0)
        s->least = s->most = exactly;
    return true;
}

/* An assertion that stands before this one, by its name. */
static bool reference_read(struct verify_reading *r, const struct json *j, const char *path, const char *key,
                           const struct assertion **out)
{
    const char *name = NULL;

    if (!text_read(r->ask, j, path, key, &name))
        return false;
    if (name == NULL)
        return true;
    for (const struct assertion *s = r->out->assertions; s != NULL; s = s->next) {
        if (strcmp(s->name, name) == 0) {
            *out = s;
            return true;
        }
    }
    ask_refuse(r->ask, 400, arena_printf(r->ask->arena, "%s.%s", path, key), NULL,
               "%s names an assertion that stands before this one; none is called \"%.60s\"", key, name);
    return false;
}

static bool assertion_read(struct verify_reading *r, const struct json *j, size_t i, struct assertion *s)
{
    struct ask *ask = r->ask;
    const char *path = arena_printf(ask->arena, "assertions[%zu]", i);

    if (j->type != JSON_T_OBJECT) {
        ask_refuse(ask, 400, path, NULL, "an assertion is an object");
        return false;
    }
    s->name = arena_printf(ask->arena, "assertion %zu", i + 1);
    s->within_ms = -1;
    if (!members_known(ask, j, path, assertion_members) || !text_read(ask, j, path, "name", &s->name) ||
        !where_read(ask, json_get(r->ask->json, "where"), "where", &s->where) ||
        !where_read(ask, json_get(j, "where"), arena_printf(ask->arena, "%s.where", path), &s->where) ||
        !counts_read(ask, j, path, s) || !reference_read(r, j, path, "after", &s->after) ||
        !reference_read(r, j, path, "sameTraceAs", &s->same_trace) ||
        !whole_read(ask, j, path, "withinMs", COUNT_MAX, &s->within_ms))
        return false;
    if (s->within_ms >= 0 && s->after == NULL) {
        ask_refuse(ask, 400, arena_printf(ask->arena, "%s.withinMs", path), NULL,
                   "withinMs counts from the assertion that after names");
        return false;
    }
    return true;
}

static bool assertions_read(struct verify_reading *r, const struct json *list)
{
    struct assertion **end = &r->out->assertions;
    size_t i = 0;

    if (list == NULL || list->type != JSON_T_LIST || list->count == 0 || list->count > ASSERTIONS_MAX) {
        ask_refuse(r->ask, 400, "assertions", NULL, "assertions is a list of 1 to %d", ASSERTIONS_MAX);
        return false;
    }
    for (const struct json *j = list->first; j != NULL; j = j->next) {
        struct assertion *s = ARENA_NEW(r->ask->arena, struct assertion);
        if (!assertion_read(r, j, i++, s))
            return false;
        *end = s;
        end = &s->next;
    }
    return true;
}

static bool verify_read(struct ask *ask, struct verify *out)
{
    struct verify_reading r = { ask, out };

    out->name = "kakehashi";
    if (ask->json->type != JSON_T_OBJECT) {
        ask_refuse(ask, 400, "body", body_members, "the body is an object");
        return false;
    }
    return members_known(ask, ask->json, "", body_members) && text_read(ask, ask->json, "", "name", &out->name) &&
           whole_read(ask, ask->json, "", "waitMs", WAIT_MAX_MS, &out->wait_ms) &&
           whole_read(ask, ask->json, "", "settleMs", WAIT_MAX_MS, &out->settle_ms) &&
           assertions_read(&r, json_get(ask->json, "assertions"));
}

/* ---- answering ---- */

static void answer(struct ask *ask, const struct verify *v, double took_ms)
{
    const char *format = ask_param(ask, "format");
    struct buf *text = buf_new(ask->arena, BUF_MAX_DEFAULT);

    if (text_equal(format, "junit")) {
        verify_junit(ask->arena, v, took_ms, text);
        ask_reply(ask, 200, "application/xml", buf_str(text));
    } else if (text_equal(format, "tap")) {
        verify_tap(ask->arena, v, text);
        ask_reply(ask, 200, "text/plain; charset=utf-8", buf_str(text));
    } else {
        struct json_writer *w = ask_json(ask);
        verify_write(ask->arena, v, took_ms, w);
        ask_json_reply(ask, 200, w);
    }
}

bool journal_verify(struct ask *ask)
{
    struct verify *v = ask->state;

    if (v == NULL) {
        ask->state = v = ARENA_NEW(ask->arena, struct verify);
        if (!verify_read(ask, v))
            return true;
    }
    double took_ms = (double)(clock_ticks() - ask->begun) / 1e6;
    if (took_ms < (double)v->settle_ms)
        return false;
    const struct index *ix = ask->console->index;
    struct arena *scratch = arena_new(); /* it may be judged many times */
    if (!v->was_judged || v->judged != index_latest(ix))
        verify_judge(scratch, ix, v);
    v->was_judged = true;
    v->judged = index_latest(ix);
    bool is_over = v->passed || took_ms >= (double)v->wait_ms;
    if (is_over)
        verify_judge(ask->arena, ix, v);
    arena_free(scratch);
    if (is_over)
        answer(ask, v, took_ms);
    return is_over;
}
