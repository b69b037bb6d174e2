#include "net/syslog_server.h"

#include "base/clock.h"
#include "base/log.h"
#include "net/listener.h"
#include "net/stream.h"
#include "wire/syslog.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>

#define TURN_BYTES     ((size_t)256 * 1024)
#define SWEEP_MS       1000
#define DRAIN_SWEEP_MS 20
#define DRAIN_GRACE_MS 100 /* for records that are on their way */

struct syslog_conn {
    struct stream stream;
    struct syslog_server *server;
    struct syslog_conn *next, **link; /* in server->conns */
    char peer[64];
    struct syslog_frames frames;
    uint64_t deadline; /* of the handshake and of draining, clock_ticks; 0: none */
    bool is_secure;    /* the handshake is over */
    bool busy, dead;   /* in its turn; ended, and to be freed when the turn is over */
};

struct syslog_server {
    struct syslog_server_config config; /* defaults filled in */
    struct loop *loop;
    struct listener listener;
    struct syslog_conn *conns;
    struct loop_timer *sweep, *drain_end;
    bool paused, draining;
    void (*drained)(void *);
    void *drained_arg;
};

/* ---- the end of things ---- */

static void on_drain_end(void *arg)
{
    struct syslog_server *s = arg;

    s->drain_end = NULL;
    s->drained(s->drained_arg);
}

static void schedule_drain_end(struct syslog_server *s, int ms)
{
    loop_cancel(s->drain_end);
    s->drain_end = loop_after(s->loop, ms, on_drain_end, s);
}

static void conn_free(struct syslog_conn *c)
{
    stream_clear(&c->stream);
    buf_clear(&c->frames.record);
    free(c);
}

static void conn_end(struct syslog_conn *c)
{
    struct syslog_server *s = c->server;

    if (c->dead)
        return;
    c->dead = true;
    *c->link = c->next;
    if (c->next != NULL)
        c->next->link = c->link;
    listener_lost(&s->listener);
    if (s->draining && s->listener.count == 0 && s->drain_end != NULL)
        schedule_drain_end(s, 0);
    if (!c->busy)
        conn_free(c);
}

/* ---- records ---- */

static void offer(struct syslog_conn *c)
{
    const struct syslog_server_config *config = &c->server->config;

    config->service->on_record(config->service->user,
                               &(struct syslog_record){ .bytes = buf_str(&c->frames.record),
                                                        .fault = c->frames.fault,
                                                        .transport = config->tls != NULL ? "tls" : "tcp",
                                                        .peer = c->peer,
                                                        .peer_subject = c->stream.subject });
}

static void take_bytes(struct syslog_conn *c)
{
    struct str bytes = stream_peek(&c->stream), rest = bytes;

    while (rest.len > 0 && !c->server->paused) {
        if (syslog_feed(&c->frames, &rest))
            offer(c);
    }
    evbuffer_drain(c->stream.in, bytes.len - rest.len);
}

/* What was sent before the peer left counts; half a record is told as such. */
static void conn_over(struct syslog_conn *c)
{
    const struct syslog_service *service = c->server->config.service;

    if (syslog_end(&c->frames))
        offer(c);
    if (service->on_left != NULL)
        service->on_left(service->user);
    conn_end(c);
}

static void conn_read(struct syslog_conn *c)
{
    for (size_t taken = 0; !c->server->paused && taken < TURN_BYTES;) {
        size_t waiting = evbuffer_get_length(c->stream.in);
        if (waiting > 0) {
            take_bytes(c);
            taken += waiting - evbuffer_get_length(c->stream.in);
            continue;
        }
        enum rc rc = stream_fill(&c->stream);
        if (rc == E_PEER)
            conn_over(c);
        if (rc != OK)
            return;
    }
    if (!c->server->paused)
        stream_kick_read(&c->stream);
}

static void conn_handshake(struct syslog_conn *c)
{
    enum rc rc = stream_handshake(&c->stream);
    const struct syslog_service *service = c->server->config.service;

    c->is_secure = rc == OK;
    if (rc == OK)
        c->deadline = 0;
    if (rc != E_PEER)
        return;
    const char *reason = stream_reason(&c->stream);
    if (reason != NULL) { /* else it just left, as port probes do */
        log_warn("%s: TLS handshake failed: %s", c->peer, reason);
        if (service->on_stranger != NULL)
            service->on_stranger(service->user, c->peer, reason);
    }
    conn_end(c);
}

static void take_turn(void *arg)
{
    struct syslog_conn *c = arg;

    c->busy = true;
    if (c->deadline != 0 && clock_ticks() >= c->deadline)
        conn_over(c);
    if (!c->dead && !c->is_secure)
        conn_handshake(c);
    if (!c->dead && c->is_secure)
        conn_read(c);
    c->busy = false;
    if (c->dead)
        conn_free(c);
    else
        stream_arm(&c->stream, !c->server->paused);
}

/* ---- the server ---- */

static void set_deadline(struct syslog_conn *c, int ms)
{
    c->deadline = clock_ticks() + (uint64_t)ms * 1000000;
}

static void on_accept(void *server, int fd, const char *peer)
{
    struct syslog_server *s = server;
    struct syslog_conn *c = calloc(1, sizeof(*c));

    if (c == NULL)
        die("out of memory (connection)");
    snprintf(c->peer, sizeof(c->peer), "%s", peer);
    c->server = s;
    syslog_frames_init(&c->frames, s->config.max_record);
    set_deadline(c, s->config.handshake_ms);
    c->next = s->conns;
    c->link = &s->conns;
    if (c->next != NULL)
        c->next->link = &c->next;
    s->conns = c;
    listener_gained(&s->listener);
    stream_accept(&c->stream, loop_base(s->loop), fd, s->config.tls, take_turn, c);
    stream_arm(&c->stream, true);
}

static void on_sweep(void *arg)
{
    struct syslog_server *s = arg;
    uint64_t now = clock_ticks();

    for (struct syslog_conn *c = s->conns; c != NULL; c = c->next) {
        if (c->deadline != 0 && now >= c->deadline)
            stream_kick(&c->stream);
    }
    s->sweep = loop_after(s->loop, s->draining ? DRAIN_SWEEP_MS : SWEEP_MS, on_sweep, s);
}

enum rc syslog_server_new(struct loop *l, const struct syslog_server_config *config, struct syslog_server **out)
{
    struct syslog_server *s = calloc(1, sizeof(*s));

    if (s == NULL)
        die("out of memory (server)");
    s->loop = l;
    s->config = *config;
    if (s->config.max_record == 0)
        s->config.max_record = (size_t)256 * 1024;
    if (s->config.handshake_ms == 0)
        s->config.handshake_ms = 30000;
    if (s->config.max_connections == 0)
        s->config.max_connections = 10000;
    enum rc rc = listener_open(&s->listener, l, config->bind, config->port, s->config.max_connections, on_accept, s);
    if (rc != OK) {
        free(s);
        return rc;
    }
    s->sweep = loop_after(l, SWEEP_MS, on_sweep, s);
    *out = s;
    return OK;
}

int syslog_server_port(const struct syslog_server *s)
{
    return listener_port(&s->listener);
}

void syslog_server_pause(struct syslog_server *s)
{
    s->paused = true;
}

void syslog_server_resume(struct syslog_server *s)
{
    if (!s->paused)
        return;
    s->paused = false;
    for (struct syslog_conn *c = s->conns; c != NULL; c = c->next)
        stream_kick_read(&c->stream);
}

void syslog_server_drain(struct syslog_server *s, int ms, void (*done)(void *), void *arg)
{
    listener_drain(&s->listener);
    listener_close(&s->listener);
    s->draining = true;
    s->drained = done;
    s->drained_arg = arg;
    for (struct syslog_conn *c = s->conns; c != NULL; c = c->next)
        set_deadline(c, DRAIN_GRACE_MS);
    loop_cancel(s->sweep);
    s->sweep = loop_after(s->loop, DRAIN_SWEEP_MS, on_sweep, s);
    schedule_drain_end(s, s->listener.count == 0 ? 0 : ms);
}

void syslog_server_free(struct syslog_server *s)
{
    while (s->conns != NULL)
        conn_end(s->conns);
    listener_close(&s->listener);
    loop_cancel(s->sweep);
    loop_cancel(s->drain_end);
    free(s);
}
