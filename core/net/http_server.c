/* The listener: who may connect, how long connections may take, and how it all ends. */
#include "net/http_conn.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdlib.h>

#define SWEEP_MIN_MS   10
#define SWEEP_MAX_MS   1000
#define DRAIN_SWEEP_MS 20
#define DRAIN_GRACE_MS 50 /* for a request that is on its way */

static void on_drain_end(void *arg)
{
    struct http_server *s = arg;

    s->drain_end = NULL;
    s->drained(s->drained_arg);
}

static void schedule_drain_end(struct http_server *s, int ms)
{
    loop_cancel(s->drain_end);
    s->drain_end = loop_after(s->loop, ms, on_drain_end, s);
}

void http_server_forget(struct http_conn *c)
{
    struct http_server *s = c->server;

    *c->link = c->next;
    if (c->next != NULL)
        c->next->link = c->link;
    listener_lost(&s->listener);
    if (s->draining && s->listener.count == 0 && s->drain_end != NULL)
        schedule_drain_end(s, 0);
}

/* Exact to a quarter of the shortest deadline, which is enough for keeping idlers out. */
static int sweep_interval(const struct http_server *s)
{
    int shortest = MIN(s->config.head_ms, s->config.idle_ms) / 4;

    return s->draining ? DRAIN_SWEEP_MS : MIN(MAX(shortest, SWEEP_MIN_MS), SWEEP_MAX_MS);
}

static void on_sweep(void *arg)
{
    struct http_server *s = arg;
    uint64_t now = clock_ticks();

    for (struct http_conn *c = s->conns; c != NULL; c = c->next) {
        if (c->deadline != 0 && now >= c->deadline)
            http_conn_expire(c);
    }
    s->sweep = loop_after(s->loop, sweep_interval(s), on_sweep, s);
}

static void fill_defaults(struct http_server_config *config)
{
    const struct {
        int *value, initial;
    } defaults[] = {
        { &config->head_ms, 10000 },
        { &config->idle_ms, 60000 },
        { &config->body_min_rate, 128 },
        { &config->max_connections, 10000 },
    };

    for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
        if (*defaults[i].value == 0)
            *defaults[i].value = defaults[i].initial;
    }
}

static void on_accept(void *server, int fd, const char *peer)
{
    http_conn_new(server, fd, peer);
}

enum rc http_server_new(struct loop *l, const struct http_server_config *config, struct http_server **out)
{
    struct http_server *s = calloc(1, sizeof(*s));

    if (s == NULL)
        die("out of memory (server)");
    s->loop = l;
    s->config = *config;
    fill_defaults(&s->config);
    enum rc rc = listener_open(&s->listener, l, config->bind, config->port, s->config.max_connections, on_accept, s);
    if (rc != OK) {
        free(s);
        return rc;
    }
    s->sweep = loop_after(l, sweep_interval(s), on_sweep, s);
    *out = s;
    return OK;
}

int http_server_port(const struct http_server *s)
{
    return listener_port(&s->listener);
}

void http_server_drain(struct http_server *s, int ms, void (*done)(void *), void *arg)
{
    uint64_t grace = clock_ticks() + (uint64_t)DRAIN_GRACE_MS * 1000000;

    listener_drain(&s->listener);
    listener_close(&s->listener);
    s->draining = true;
    s->drained = done;
    s->drained_arg = arg;
    for (struct http_conn *c = s->conns; c != NULL; c = c->next) {
        if (http_conn_is_idle(c))
            c->deadline = c->deadline == 0 ? grace : MIN(c->deadline, grace);
    }
    loop_cancel(s->sweep);
    s->sweep = loop_after(s->loop, sweep_interval(s), on_sweep, s);
    schedule_drain_end(s, s->listener.count == 0 ? 0 : ms);
}

void http_server_free(struct http_server *s)
{
    while (s->conns != NULL)
        http_conn_end(s->conns);
    listener_close(&s->listener);
    loop_cancel(s->sweep);
    loop_cancel(s->drain_end);
    free(s);
}
