/* The HTTP door of the control API: who may ask, which route it is, whether parameters and body fit it. */
#include "base/arena.h"
#include "base/clock.h"
#include "console/ask.h"
#include "console/follow.h"
#include "console/guard.h"
#include "console/undertaking.h"

#include <stdlib.h>
#include <string.h>

#define BODY_MAX     ((size_t)1 << 20)
#define TICK_MS      2
#define FOLLOW_MS    20                     /* between two looks at the journal when nobody else waits */
#define MARK_WAIT_NS ((uint64_t)1000000000) /* a daemon that died does not write what it had not written */

/* ---- the route ---- */

/* Does a path fit a template? *segment is what stands for the braces. */
static bool path_fits(struct arena *a, const char *template, const char *path, const char **segment)
{
    const char *open = strchr(template, '{');

    if (open == NULL)
        return strcmp(template, path) == 0;
    size_t before = (size_t)(open - template);
    const char *after = strchr(template, '}') + 1;
    if (strncmp(template, path, before) != 0)
        return false;
    size_t n = strcspn(path + before, "/");
    *segment = arena_strndup(a, path + before, n);
    return n > 0 && strcmp(path + before + n, after) == 0;
}

static const char *const *methods_of(struct arena *a, const char *path)
{
    const char **methods = ARENA_ARRAY(a, const char *, route_count + 1), *segment;
    size_t n = 0;

    for (size_t i = 0; i < route_count; i++) {
        if (path_fits(a, routes[i].path, path, &segment))
            methods[n++] = routes[i].method;
    }
    return methods;
}

static bool route_find(struct ask *ask)
{
    const struct http_head *head = &ask->http->head;
    const char *method = strcmp(head->method, "HEAD") == 0 ? "GET" : head->method;

    for (size_t i = 0; i < route_count; i++) {
        if (strcmp(routes[i].method, method) == 0 && path_fits(ask->arena, routes[i].path, head->path, &ask->segment)) {
            ask->route = &routes[i];
            return true;
        }
    }
    const char *const *methods = methods_of(ask->arena, head->path);
    if (methods[0] != NULL)
        ask_refuse(ask, 405, NULL, methods, "%s is not for %s", head->method, head->path);
    else
        ask_refuse(ask, 404, NULL, NULL, "there is no %s; GET /openapi.json lists what there is", head->path);
    return false;
}

/* ---- parameters ---- */

static const struct param *param_find(const struct route *route, const char *name)
{
    for (const struct param *p = route->params; p->name != NULL; p++) {
        if (strcmp(p->name, name) == 0)
            return p;
    }
    return NULL;
}

static const char *const *param_names(struct ask *ask)
{
    const char *const *filters = ask->route->takes_filters ? filter_names(ask->arena) : NULL;
    const char **names = ARENA_ARRAY(ask->arena, const char *, ROUTE_PARAMS + FILTERS_MAX + 3);
    size_t n = 0;

    for (const struct param *p = ask->route->params; p->name != NULL; p++)
        names[n++] = p->name;
    for (; filters != NULL && *filters != NULL; filters++)
        names[n++] = *filters;
    return names;
}

static bool own_fits(struct ask *ask, const struct param *p, const struct query_pair *q)
{
    const char *field = arena_printf(ask->arena, "query.%s", q->name);

    if (p->kind == PARAM_NUMBER &&
        (q->value[0] == '\0' || strlen(q->value) > 9 || strspn(q->value, "0123456789") != strlen(q->value))) {
        ask_refuse(ask, 400, field, NULL, "%s is a number below 1000000000, not \"%.60s\"", q->name, q->value);
        return false;
    }
    bool is_choice = p->kind != PARAM_CHOICE;
    for (const char *const *c = p->choices; !is_choice && *c != NULL; c++)
        is_choice = strcmp(*c, q->value) == 0;
    if (!is_choice)
        ask_refuse(ask, 400, field, p->choices, "there is no %s \"%.60s\"", q->name, q->value);
    return is_choice;
}

static bool filter_fits(struct ask *ask, const struct query_pair *q)
{
    struct filter_fault fault;
    const struct console *c = ask->console;

    if (filter_add(ask->arena, c->daemon->world, c->index, &ask->filters, q->name, q->value, &fault) == OK)
        return true;
    ask_refuse(ask, 400, arena_printf(ask->arena, "query.%s", q->name), fault.allowed, "%s", fault.why);
    return false;
}

static bool params_fit(struct ask *ask)
{
    ask->params = query_string_parse(ask->arena, ask->http->head.query);
    for (const struct query_pair *q = ask->params; q != NULL; q = q->next) {
        const struct param *p = param_find(ask->route, q->name);
        bool is_filter = ask->route->takes_filters && (field_find(q->name) != NULL || strcmp(q->name, "since") == 0 ||
                                                       strcmp(q->name, "until") == 0);
        if (p != NULL ? !own_fits(ask, p, q) : is_filter && !filter_fits(ask, q))
            return false;
        if (p == NULL && !is_filter) {
            ask_refuse(ask, 400, arena_printf(ask->arena, "query.%s", q->name), param_names(ask),
                       "%s %s has no parameter \"%.60s\"", ask->route->method, ask->route->path, q->name);
            return false;
        }
    }
    return true;
}

static bool body_fits(struct ask *ask)
{
    const char *why;

    if (!ask->route->takes_body)
        return true;
    if (json_parse(ask->arena, buf_str(ask->body), &ask->json, &why) != OK) {
        ask_refuse(ask, 400, "body", NULL, "the body is no JSON: %s", why);
        return false;
    }
    return true;
}

/* ---- asking, and asking again ---- */

static void unlink_ask(struct ask *ask)
{
    if (ask->link == NULL)
        return;
    *ask->link = ask->next;
    if (ask->next != NULL)
        ask->next->link = ask->link;
    ask->link = NULL;
}

static void link_ask(struct ask *ask)
{
    struct console *c = ask->console;

    ask->next = c->pending;
    ask->link = &c->pending;
    if (ask->next != NULL)
        ask->next->link = &ask->next;
    c->pending = ask;
}

static bool mark_reached(struct ask *ask)
{
    if (!ask->route->reads_journal || ask->is_marked)
        return true;
    if (!index_reached(ask->console->index, &ask->mark) && clock_ticks() - ask->begun < MARK_WAIT_NS)
        return false;
    return ask->is_marked = true;
}

/* True when it has its answer, or goes on by itself. */
static bool ask_once(struct ask *ask)
{
    if (!mark_reached(ask))
        return false;
    if (ask->route->reads_journal)
        index_refresh(ask->console->index);
    return ask->route->run(ask);
}

static void on_tick(void *arg);

void door_schedule(struct console *c)
{
    bool is_urgent = c->undertakings != NULL;

    if (c->tick != NULL || (c->pending == NULL && c->undertakings == NULL))
        return;
    for (const struct ask *ask = c->pending; ask != NULL; ask = ask->next)
        is_urgent |= !ask->is_following;
    c->tick = loop_after(c->service->loop, is_urgent ? TICK_MS : FOLLOW_MS, on_tick, c);
}

static void on_tick(void *arg)
{
    struct console *c = arg;

    c->tick = NULL;
    undertakings_go_on(c);
    for (struct ask *ask = c->pending, *next; ask != NULL; ask = next) {
        next = ask->next;
        if (ask->is_following)
            follow_more(ask);
        else if (ask_once(ask) && !ask->is_following)
            unlink_ask(ask);
    }
    door_schedule(c);
}

/* A filter may name a record by its id, so the journal is read before the filters are. */
static bool begin(struct ask *ask)
{
    if (!guard_lets_in(ask) || !route_find(ask) || !guard_knows(ask))
        return false;
    if (ask->route->reads_journal) {
        index_mark(ask->console->index, &ask->mark);
        index_refresh(ask->console->index);
    }
    return params_fit(ask) && body_fits(ask);
}

/* ---- the door ---- */

static int on_head(struct http_request *http, const char **why)
{
    struct service *s = http->user;
    struct ask *ask = ARENA_NEW(http->arena, struct ask);

    *ask = (struct ask){ .console = s->daemon->own,
                         .http = http,
                         .arena = http->arena,
                         .begun = clock_ticks(),
                         .body = buf_new(http->arena, BODY_MAX) };
    http->user = ask;
    if (http->head.content_length == HTTP_LENGTH_NONE || http->head.content_length <= BODY_MAX)
        return 0;
    *why = "the control API takes bodies of 1 MiB at most";
    return 413;
}

static enum rc on_body(struct http_request *http, struct str bytes)
{
    struct ask *ask = http->user;

    buf_add_str(ask->body, bytes);
    if (!ask->body->overflowed)
        return OK;
    ask_refuse(ask, 413, "body", NULL, "the control API takes bodies of 1 MiB at most");
    return E_LIMIT;
}

static void on_end(struct http_request *http)
{
    struct ask *ask = http->user;

    if (!begin(ask))
        return;
    if (ask_once(ask) && !ask->is_following)
        return;
    link_ask(ask);
    door_close(ask->console); /* a slower tick than this one needs */
    door_schedule(ask->console);
}

static void on_gone(struct http_request *http, bool sent UNUSED)
{
    unlink_ask(http->user);
}

const struct http_service console_door = {
    .on_head = on_head, .on_body = on_body, .on_end = on_end, .on_gone = on_gone
};

void door_hurry(struct console *console)
{
    if (console->tick == NULL)
        return;
    loop_cancel(console->tick);
    console->tick = loop_after(console->service->loop, 0, on_tick, console);
}

void door_close(struct console *console)
{
    loop_cancel(console->tick);
    console->tick = NULL;
}
