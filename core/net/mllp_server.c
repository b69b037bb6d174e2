/*
 * A connection moves through its states only in its own turn (take_turn); what a service does in a callback leaves a
 * mark that the turn finds. While a reply is awaited nothing is read: what a peer sends meanwhile waits in the socket,
 * and a peer that has shut its sending side still gets its answer.
 */
#include "net/mllp_server.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/listener.h"
#include "net/stream.h"
#include "wire/mllp.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>

#define MESSAGES_PER_TURN 16
#define SWEEP_MAX_MS      1000
#define DRAIN_SWEEP_MS    20
#define DRAIN_GRACE_MS    50 /* for a message that is on its way */

enum mllp_state {
    MLLP_HANDSHAKE,
    MLLP_READ,
    MLLP_WAIT, /* the service owes a reply */
    MLLP_SEND  /* the reply is leaving */
};

struct mllp_conn {
    struct stream stream;
    struct mllp_server *server;
    struct mllp_conn *next, **link; /* in server->conns */
    char peer[64];
    enum mllp_state state;
    struct mllp frame;
    struct mllp_message *message; /* NULL between messages */
    uint64_t deadline;            /* clock_ticks; 0: none */
    int messages;                 /* in this turn */
    bool replied, hang_up;
    bool is_last, resets; /* the connection ends after this reply; by a reset */
    bool expired;         /* the sweep found the deadline past */
    bool busy, dead;      /* in its turn; ended, and to be freed when the turn is over */
};

struct mllp_server {
    struct mllp_server_config config; /* defaults filled in */
    struct loop *loop;
    struct listener listener;
    struct mllp_conn *conns;
    struct loop_timer *sweep, *drain_end;
    bool draining;
    void (*drained)(void *);
    void *drained_arg;
};

/* ---- the end of things ---- */

static void on_drain_end(void *arg)
{
    struct mllp_server *s = arg;

    s->drain_end = NULL;
    s->drained(s->drained_arg);
}

static void schedule_drain_end(struct mllp_server *s, int ms)
{
    loop_cancel(s->drain_end);
    s->drain_end = loop_after(s->loop, ms, on_drain_end, s);
}

static void message_over(struct mllp_conn *c, bool sent)
{
    struct mllp_message *m = c->message;

    if (m == NULL)
        return;
    c->message = NULL;
    c->server->config.service->on_gone(m, sent);
    arena_free(m->arena);
}

static void conn_free(struct mllp_conn *c)
{
    stream_clear(&c->stream);
    buf_clear(&c->frame.message);
    free(c);
}

static void leave_server(struct mllp_conn *c)
{
    struct mllp_server *s = c->server;

    *c->link = c->next;
    if (c->next != NULL)
        c->next->link = c->link;
    listener_lost(&s->listener);
    if (s->draining && s->listener.count == 0 && s->drain_end != NULL)
        schedule_drain_end(s, 0);
}

static void conn_end(struct mllp_conn *c)
{
    if (c->dead)
        return;
    c->dead = true;
    leave_server(c);
    message_over(c, false);
    if (!c->busy)
        conn_free(c);
}

/* ---- the states: each does what can be done now; true when the connection may be able to do more at once ---- */

static void set_deadline(struct mllp_conn *c, int ms)
{
    c->deadline = clock_ticks() + (uint64_t)ms * 1000000;
}

static void greet_stranger(struct mllp_conn *c, const char *reason)
{
    const struct mllp_service *service = c->server->config.service;

    log_warn("%s: TLS handshake failed: %s", c->peer, reason);
    if (service->on_stranger != NULL)
        service->on_stranger(service->user, c->peer, reason);
}

static bool advance_handshake(struct mllp_conn *c)
{
    enum rc rc = stream_handshake(&c->stream);

    if (rc == OK) {
        c->state = MLLP_READ;
        set_deadline(c, c->server->config.idle_ms);
    }
    if (rc == E_PEER) {
        const char *reason = stream_reason(&c->stream);
        if (reason != NULL) /* else it just left, as port probes do */
            greet_stranger(c, reason);
        conn_end(c);
    }
    return rc == OK;
}

static void offer(struct mllp_conn *c, bool is_cut)
{
    struct arena *a = arena_new();
    const struct mllp_service *service = c->server->config.service;

    c->message = ARENA_NEW(a, struct mllp_message);
    *c->message = (struct mllp_message){
        .arena = a,
        .loop = c->server->loop,
        .bytes = buf_str(&c->frame.message),
        .is_cut = is_cut,
        .peer = c->peer,
        .peer_subject = c->stream.subject,
        .user = service->user,
        .conn = c,
    };
    c->replied = false;
    c->deadline = 0;
    c->state = MLLP_WAIT;
    service->on_message(c->message);
}

/* False when there was nothing to take. */
static bool take_frame(struct mllp_conn *c)
{
    struct str bytes = stream_peek(&c->stream), rest = bytes;
    bool whole, began = c->frame.inside, skipped = c->frame.skipping;

    if (bytes.len == 0)
        return false;
    enum rc rc = mllp_feed(&c->frame, &rest, &whole);
    evbuffer_drain(c->stream.in, bytes.len - rest.len);
    if (rc != OK || whole)
        offer(c, rc != OK);
    else if (c->frame.inside && !began)
        set_deadline(c, c->server->config.message_ms);
    else if (skipped && !c->frame.skipping)
        set_deadline(c, c->server->config.idle_ms);
    return true;
}

static bool advance_read(struct mllp_conn *c)
{
    if (take_frame(c))
        return true;
    enum rc rc = stream_fill(&c->stream);
    if (rc == E_PEER)
        conn_end(c);
    return rc == OK;
}

static bool advance_wait(struct mllp_conn *c)
{
    if (c->hang_up)
        conn_end(c);
    else if (c->replied)
        c->state = MLLP_SEND;
    return !c->dead && c->replied;
}

static bool reply_sent(struct mllp_conn *c)
{
    bool is_last = c->server->draining || c->is_last;

    if (c->resets)
        stream_reset(&c->stream);
    message_over(c, true);
    if (c->dead)
        return false;
    if (is_last) {
        conn_end(c);
        return false;
    }
    c->state = MLLP_READ;
    set_deadline(c, c->frame.skipping ? c->server->config.message_ms : c->server->config.idle_ms);
    if (++c->messages < MESSAGES_PER_TURN)
        return true;
    stream_kick(&c->stream);
    return false;
}

static bool advance_send(struct mllp_conn *c)
{
    uint64_t before = c->stream.sent;
    enum rc rc = stream_flush(&c->stream);

    if (rc == OK)
        return reply_sent(c);
    if (rc != LATER)
        conn_end(c);
    else if (c->stream.sent > before || c->deadline == 0)
        set_deadline(c, c->server->config.message_ms);
    return false;
}

static bool (*const advance[])(struct mllp_conn *c) = {
    [MLLP_HANDSHAKE] = advance_handshake,
    [MLLP_READ] = advance_read,
    [MLLP_WAIT] = advance_wait,
    [MLLP_SEND] = advance_send,
};

static void judge_deadline(struct mllp_conn *c)
{
    c->expired = false;
    if (c->state == MLLP_WAIT)
        return;
    if (c->frame.inside || c->frame.skipping)
        log_warn("%s: a message came too slowly", c->peer);
    conn_end(c);
}

static void take_turn(void *arg)
{
    struct mllp_conn *c = arg;

    c->busy = true;
    c->messages = 0;
    if (c->expired)
        judge_deadline(c);
    while (!c->dead && advance[c->state](c))
        ;
    c->busy = false;
    if (c->dead)
        conn_free(c);
    else
        stream_arm(&c->stream, c->state != MLLP_WAIT && c->state != MLLP_SEND);
}

/* ---- for the service ---- */

void mllp_reply(struct mllp_message *m, struct str bytes)
{
    struct mllp_conn *c = m->conn;
    struct buf *framed = buf_new(m->arena, bytes.len + 16);

    mllp_write(framed, bytes);
    evbuffer_add(c->stream.out, framed->data, framed->len);
    c->replied = true;
    if (!c->busy)
        stream_kick_read(&c->stream);
}

static void add_frame(struct buf *out, struct arena *a, struct str bytes, const struct mllp_misdelivery *bad)
{
    struct buf *framed = buf_new(a, bytes.len + 16);

    mllp_write(framed, bytes);
    struct str frame = buf_str(framed);
    size_t start = bad->has_no_start ? MLLP_START_LEN : 0, end = bad->has_no_end ? MLLP_END_LEN : 0;
    buf_add(out, frame.data + start, frame.len - start - end);
}

void mllp_reply_badly(struct mllp_message *m, struct str bytes, const struct mllp_misdelivery *bad)
{
    struct mllp_conn *c = m->conn;
    struct buf *all = buf_new(m->arena, BUF_MAX_DEFAULT);

    for (int i = 0; i <= bad->copies; i++)
        add_frame(all, m->arena, bytes, bad);
    evbuffer_add(c->stream.out, all->data, (size_t)MIN((uint64_t)all->len, bad->length));
    c->replied = true;
    c->is_last = bad->length != UINT64_MAX;
    if (bad->is_reset)
        c->resets = true;
    if (!c->busy)
        stream_kick_read(&c->stream);
}

void mllp_hang_up(struct mllp_message *m)
{
    m->conn->hang_up = true;
    if (!m->conn->busy)
        stream_kick(&m->conn->stream);
}

/* ---- the server ---- */

static void on_accept(void *server, int fd, const char *peer)
{
    struct mllp_server *s = server;
    struct mllp_conn *c = calloc(1, sizeof(*c));

    if (c == NULL)
        die("out of memory (connection)");
    snprintf(c->peer, sizeof(c->peer), "%s", peer);
    c->server = s;
    mllp_init(&c->frame, s->config.max_message);
    set_deadline(c, s->config.message_ms);
    c->next = s->conns;
    c->link = &s->conns;
    if (c->next != NULL)
        c->next->link = &c->next;
    s->conns = c;
    listener_gained(&s->listener);
    stream_accept(&c->stream, loop_base(s->loop), fd, s->config.tls, take_turn, c);
    stream_arm(&c->stream, true);
}

/* Exact to a quarter of the shortest deadline. */
static int sweep_interval(const struct mllp_server *s)
{
    int shortest = MIN(s->config.message_ms, s->config.idle_ms) / 4;

    return s->draining ? DRAIN_SWEEP_MS : MIN(MAX(shortest, 1), SWEEP_MAX_MS);
}

static void on_sweep(void *arg)
{
    struct mllp_server *s = arg;
    uint64_t now = clock_ticks();

    for (struct mllp_conn *c = s->conns; c != NULL; c = c->next) {
        if (c->deadline == 0 || now < c->deadline)
            continue;
        c->deadline = 0;
        c->expired = true;
        stream_kick(&c->stream);
    }
    s->sweep = loop_after(s->loop, sweep_interval(s), on_sweep, s);
}

static void fill_defaults(struct mllp_server_config *config)
{
    const struct {
        int *value, initial;
    } defaults[] = {
        { &config->message_ms, 30000 },
        { &config->idle_ms, 3600000 },
        { &config->max_connections, 10000 },
    };

    for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
        if (*defaults[i].value == 0)
            *defaults[i].value = defaults[i].initial;
    }
    if (config->max_message == 0)
        config->max_message = (size_t)1 << 20;
}

enum rc mllp_server_new(struct loop *l, const struct mllp_server_config *config, struct mllp_server **out)
{
    struct mllp_server *s = calloc(1, sizeof(*s));

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

int mllp_server_port(const struct mllp_server *s)
{
    return listener_port(&s->listener);
}

static bool is_idle(const struct mllp_conn *c)
{
    return c->state <= MLLP_READ && !c->frame.inside && evbuffer_get_length(c->stream.in) == 0;
}

void mllp_server_drain(struct mllp_server *s, int ms, void (*done)(void *), void *arg)
{
    uint64_t grace = clock_ticks() + (uint64_t)DRAIN_GRACE_MS * 1000000;

    listener_drain(&s->listener);
    listener_close(&s->listener);
    s->draining = true;
    s->drained = done;
    s->drained_arg = arg;
    for (struct mllp_conn *c = s->conns; c != NULL; c = c->next) {
        if (is_idle(c))
            c->deadline = grace;
    }
    loop_cancel(s->sweep);
    s->sweep = loop_after(s->loop, sweep_interval(s), on_sweep, s);
    schedule_drain_end(s, s->listener.count == 0 ? 0 : ms);
}

void mllp_server_free(struct mllp_server *s)
{
    while (s->conns != NULL)
        conn_end(s->conns);
    listener_close(&s->listener);
    loop_cancel(s->sweep);
    loop_cancel(s->drain_end);
    free(s);
}
