/*
 * The states of a connection. One request is served at a time; what a pipelining peer sends meanwhile stays in the
 * buffer or in the socket. A body is decided upon before any of it is read.
 */
#include "net/http_conn.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"

#include <ctype.h>
#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>

#define HEAD_MAX          ((size_t)16 * 1024)
#define PIPELINE_MAX      ((size_t)64 * 1024)          /* buffered while a reply is awaited */
#define DISCARD_MAX       ((uint64_t)64 * 1024 * 1024) /* of a body nobody wants */
#define LINGER_MS         3000
#define REQUESTS_PER_TURN 16

static const struct http_service *service_of(const struct http_conn *c)
{
    return c->server->config.service;
}

static void set_deadline(struct http_conn *c, int ms)
{
    c->deadline = clock_ticks() + (uint64_t)ms * 1000000;
}

static void exchange_begin(struct http_conn *c)
{
    struct arena *a = arena_new();
    struct http_exchange *x = ARENA_NEW(a, struct http_exchange);

    x->request = (struct http_request){
        .arena = a,
        .loop = c->server->loop,
        .peer = c->peer,
        .peer_subject = c->stream.subject,
        .tls = c->stream.ssl != NULL,
        .user = service_of(c)->user,
        .conn = c,
    };
    c->exchange = x;
    c->deadline = 0;
}

static void exchange_over(struct http_conn *c, bool sent)
{
    struct http_exchange *x = c->exchange;

    if (x == NULL)
        return;
    c->exchange = NULL;
    loop_cancel(x->pause);
    struct arena *a = x->request.arena;
    if (x->announced)
        service_of(c)->on_gone(&x->request, sent);
    arena_free(a);
}

/* Never inlined: the compiler would take what runs within a turn, where it is not called, for a use after it. */
__attribute__((noinline)) static void conn_free(struct http_conn *c)
{
    stream_clear(&c->stream);
    free(c);
}

void http_conn_end(struct http_conn *c)
{
    if (c->dead)
        return;
    c->dead = true;
    http_server_forget(c);
    exchange_over(c, false);
    if (!c->busy)
        conn_free(c);
}

/*
 * The server answers by itself, and the connection ends: what would follow cannot be told apart or is not wanted. A
 * service that knew of the request hears that it is gone.
 */
static void refuse(struct http_conn *c, int status, const char *why)
{
    struct http_exchange *x = c->exchange;

    log_warn("%s: %d %s", c->peer, status, why);
    if (service_of(c)->on_refused != NULL)
        service_of(c)->on_refused(service_of(c)->user, &x->request, status, why);
    if (x->announced) {
        x->announced = false;
        service_of(c)->on_gone(&x->request, false);
        if (c->dead)
            return;
    }
    x->body_done = false;
    http_reply_text(&x->request, status, why);
    c->state = HTTP_SEND;
}

/* Waits for the peer, with nothing that it may be waiting for (100 Continue) left behind. */
static bool read_more(struct http_conn *c)
{
    enum rc rc = stream_flush(&c->stream);

    if (rc != E_PEER)
        rc = stream_fill(&c->stream);
    if (rc == E_PEER)
        http_conn_end(c);
    return rc == OK;
}

static void greet_stranger(struct http_conn *c, const char *reason)
{
    const struct http_service *service = service_of(c);

    log_warn("%s: TLS handshake failed: %s", c->peer, reason);
    if (service->on_stranger != NULL)
        service->on_stranger(service->user, c->peer, reason);
}

static bool advance_handshake(struct http_conn *c)
{
    enum rc rc = stream_handshake(&c->stream);

    if (rc == OK)
        c->state = HTTP_HEAD;
    if (rc == E_PEER) {
        const char *reason = stream_reason(&c->stream);
        if (reason != NULL) /* else it just left, as port probes do */
            greet_stranger(c, reason);
        http_conn_end(c);
    }
    return rc == OK;
}

/* The service decides before any body is read. */
static void offer(struct http_conn *c)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_exchange *x = c->exchange;
    const struct http_head *head = &x->request.head;
    const char *why = NULL;

    x->announced = true;
    x->body_left = head->content_length == HTTP_LENGTH_NONE ? 0 : head->content_length;
    x->body_done = !head->chunked && x->body_left == 0;
    c->state = HTTP_BODY;
    int status = service_of(c)->on_head(&x->request, &why);
    if (c->dead)
        return;
    if (status != 0)
        http_reply_text(&x->request, status, why != NULL ? why : http_status_text(status));
    if (head->expect_continue && !x->body_done && !x->replied && evbuffer_get_length(c->stream.in) == 0)
        evbuffer_add(c->stream.out, interim, sizeof(interim) - 1);
}

static void begin_request(struct http_conn *c, struct str bytes)
{
    exchange_begin(c);
    struct http_request *r = &c->exchange->request;
    int status;
    const char *why;

    enum rc rc = http_head_parse(r->arena, bytes, &r->head, &status, &why);
    evbuffer_drain(c->stream.in, bytes.len);
    if (rc != OK)
        refuse(c, status, why);
    else if (r->head.content_length != HTTP_LENGTH_NONE && r->head.content_length > c->server->config.max_body)
        refuse(c, 413, "the body is longer than this server takes");
    else
        offer(c);
}

/* Contiguous, and without the empty lines that some peers send between requests (RFC 9112 section 2.2). */
static struct str head_bytes(struct http_conn *c)
{
    struct evbuffer *in = c->stream.in;

    for (;;) {
        size_t n = MIN(evbuffer_get_length(in), HEAD_MAX);
        const char *p = n > 0 ? (const char *)evbuffer_pullup(in, (ev_ssize_t)n) : NULL;
        if (n < 2 || p[0] != '\r' || p[1] != '\n')
            return (struct str){ p, n };
        evbuffer_drain(in, 2);
    }
}

static bool advance_head(struct http_conn *c)
{
    struct str bytes = head_bytes(c);
    size_t n = http_head_end(bytes);
    bool hopeless = bytes.len > 0 && !isgraph((unsigned char)bytes.data[0]) && bytes.data[0] != '\r';

    if (n > 0) {
        begin_request(c, (struct str){ bytes.data, n });
        return true;
    }
    if (hopeless || bytes.len == HEAD_MAX) {
        exchange_begin(c);
        refuse(c, hopeless ? 400 : 431, hopeless ? "this is no HTTP" : "the head of the request is too long");
        return true;
    }
    if (bytes.len > 0 && !c->head_begun) {
        c->head_begun = true;
        set_deadline(c, c->server->config.head_ms);
    }
    return read_more(c);
}

/* The next piece of body among the bytes, and how many of them it takes up. */
static enum rc next_piece(struct http_exchange *x, struct str bytes, struct str *piece, size_t *used)
{
    if (x->request.head.chunked) {
        struct str rest = bytes;
        TRY(http_chunks_feed(&x->chunks, &rest, piece, &x->body_done));
        *used = bytes.len - rest.len;
    } else {
        *used = (size_t)MIN(x->body_left, (uint64_t)bytes.len);
        *piece = (struct str){ bytes.data, *used };
        x->body_left -= *used;
        x->body_done = x->body_left == 0;
    }
    x->request.body_received += piece->len;
    return OK;
}

static void take_body(struct http_conn *c, struct str bytes)
{
    struct http_exchange *x = c->exchange;
    struct str piece;
    size_t used;
    enum rc rc = next_piece(x, bytes, &piece, &used);

    if (rc != OK) {
        refuse(c, 400, "the chunked body is malformed");
        return;
    }
    if (x->request.body_received > c->server->config.max_body) {
        refuse(c, 413, "the body is longer than this server takes");
        return;
    }
    if (piece.len > 0)
        rc = service_of(c)->on_body(&x->request, piece);
    if (c->dead)
        return;
    evbuffer_drain(c->stream.in, used);
    if (rc != OK) {
        x->discard = !x->body_done;
        c->state = HTTP_WAIT;
    }
}

static void start_rate_window(struct http_conn *c)
{
    c->window_bytes = c->exchange->request.body_received;
    set_deadline(c, c->server->config.head_ms);
}

static bool advance_body(struct http_conn *c)
{
    struct http_exchange *x = c->exchange;

    if (x->replied) {
        c->state = HTTP_WAIT;
        return true;
    }
    if (x->paused) {
        c->deadline = 0;
        return false;
    }
    if (x->body_done) {
        c->state = HTTP_WAIT;
        service_of(c)->on_end(&x->request);
        return true;
    }
    if (c->deadline == 0)
        start_rate_window(c);
    struct str bytes = stream_peek(&c->stream);
    if (bytes.len == 0)
        return read_more(c);
    take_body(c, bytes);
    return true;
}

static bool wants_more_while_waiting(const struct http_conn *c)
{
    return c->exchange->discard ? c->discarded < DISCARD_MAX : evbuffer_get_length(c->stream.in) < PIPELINE_MAX;
}

/* Reading goes on, to see a peer leave. */
static bool advance_wait(struct http_conn *c)
{
    struct http_exchange *x = c->exchange;

    c->deadline = 0;
    if (x->replied) {
        c->state = HTTP_SEND;
        return true;
    }
    if (x->discard) {
        size_t n = evbuffer_get_length(c->stream.in);
        evbuffer_drain(c->stream.in, n);
        c->discarded += n;
    }
    return wants_more_while_waiting(c) && read_more(c);
}

static void linger(struct http_conn *c)
{
    stream_end(&c->stream);
    c->state = HTTP_LINGER;
    set_deadline(c, LINGER_MS);
}

/* The peer may still be sending: closing on unread bytes would reset the connection and lose the reply. */
static bool reply_sent(struct http_conn *c)
{
    struct http_exchange *x = c->exchange;
    bool close = x->close || c->server->draining;
    bool unread = !x->body_done || evbuffer_get_length(c->stream.in) > 0;

    if (x->bad != NULL && x->bad->is_reset) {
        stream_reset(&c->stream);
        unread = false;
    }
    exchange_over(c, true);
    if (c->dead)
        return false;
    if (close && unread) {
        linger(c);
    } else if (close) {
        http_conn_end(c);
    } else {
        c->state = HTTP_HEAD;
        c->head_begun = false;
        set_deadline(c, c->server->config.idle_ms);
    }
    if (++c->requests < REQUESTS_PER_TURN)
        return true;
    stream_kick(&c->stream);
    return false;
}

/* All that there is has left. A peer that leaves meanwhile is seen by reading, whose bytes nobody wants. */
static bool stream_wait(struct http_conn *c)
{
    bool is_left = stream_fill(&c->stream) == E_PEER;

    c->deadline = 0;
    evbuffer_drain(c->stream.in, evbuffer_get_length(c->stream.in));
    if (is_left) /* the reply ends here */
        c->exchange->streaming = false;
    return is_left;
}

static bool advance_send(struct http_conn *c)
{
    struct http_exchange *x = c->exchange;
    uint64_t before = c->stream.sent;
    enum rc rc = http_reply_fill(c);

    if (rc == OK)
        rc = stream_flush(&c->stream);
    if (rc != OK && rc != LATER) {
        http_conn_end(c);
        return false;
    }
    if (rc == OK && x->piece == x->pieces_end)
        return x->streaming ? stream_wait(c) : reply_sent(c);
    if (c->stream.sent > before || c->deadline == 0 || x->pause != NULL)
        set_deadline(c, c->server->config.idle_ms);
    if (x->pause == NULL)
        c->stream.want_write = true;
    return false;
}

static bool advance_linger(struct http_conn *c)
{
    if (stream_discard(&c->stream, &c->discarded) == E_PEER || c->discarded > DISCARD_MAX)
        http_conn_end(c);
    return false;
}

/* Each does what can be done now; true when the connection may be able to do more at once. */
static bool (*const advance[])(struct http_conn *c) = {
    [HTTP_HANDSHAKE] = advance_handshake, [HTTP_HEAD] = advance_head, [HTTP_BODY] = advance_body,
    [HTTP_WAIT] = advance_wait,           [HTTP_SEND] = advance_send, [HTTP_LINGER] = advance_linger,
};

static void judge_body_rate(struct http_conn *c)
{
    const struct http_server_config *config = &c->server->config;
    const struct http_exchange *x = c->exchange;
    uint64_t got = x->request.body_received - c->window_bytes;

    if (x->replied || x->paused) /* since the sweep looked, or in the same turn */
        return;
    if (got * 1000 < (uint64_t)config->body_min_rate * (uint64_t)config->head_ms)
        refuse(c, 408, "the body of the request came too slowly");
    else
        start_rate_window(c);
}

static void judge_deadline(struct http_conn *c)
{
    c->expired = false;
    if (c->state == HTTP_BODY) {
        judge_body_rate(c);
    } else if (c->state == HTTP_HEAD && evbuffer_get_length(c->stream.in) > 0) {
        exchange_begin(c);
        refuse(c, 408, "the head of the request came too slowly");
    } else if (c->state != HTTP_WAIT) {
        http_conn_end(c);
    }
}

static bool wants_read(const struct http_conn *c)
{
    switch (c->state) {
    case HTTP_BODY:
        return !c->exchange->paused;
    case HTTP_WAIT:
        return wants_more_while_waiting(c);
    case HTTP_SEND:
        return c->exchange->streaming;
    case HTTP_HANDSHAKE:
    case HTTP_HEAD:
    case HTTP_LINGER:
        break;
    }
    return true;
}

static void take_turn(void *arg)
{
    struct http_conn *c = arg;

    c->busy = true;
    c->requests = 0;
    if (c->expired)
        judge_deadline(c);
    while (!c->dead && advance[c->state](c))
        ;
    c->busy = false;
    if (c->dead)
        conn_free(c);
    else
        stream_arm(&c->stream, wants_read(c));
}

void http_conn_new(struct http_server *s, int fd, const char *peer)
{
    struct http_conn *c = calloc(1, sizeof(*c));
    struct tls_server *tls = s->config.tls;

    if (c == NULL)
        die("out of memory (connection)");
    snprintf(c->peer, sizeof(c->peer), "%s", peer);
    c->server = s;
    c->state = HTTP_HANDSHAKE;
    c->head_begun = true; /* one deadline for the handshake and the first head */
    set_deadline(c, s->config.head_ms);
    c->next = s->conns;
    c->link = &s->conns;
    if (c->next != NULL)
        c->next->link = &c->next;
    s->conns = c;
    listener_gained(&s->listener);
    stream_accept(&c->stream, loop_base(s->loop), fd, tls, take_turn, c);
    stream_arm(&c->stream, true);
}

bool http_conn_is_idle(const struct http_conn *c)
{
    bool is_streaming = c->state == HTTP_SEND && c->exchange->streaming; /* it would never end by itself */

    return is_streaming || (c->state <= HTTP_HEAD && evbuffer_get_length(c->stream.in) == 0);
}

void http_conn_expire(struct http_conn *c)
{
    c->deadline = 0;
    c->expired = true;
    stream_kick(&c->stream);
}

void http_pause(struct http_request *r)
{
    r->conn->exchange->paused = true;
}

void http_resume(struct http_request *r)
{
    r->conn->exchange->paused = false;
    if (!r->conn->busy)
        stream_kick_read(&r->conn->stream);
}
