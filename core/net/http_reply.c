/* Replies: the head, and the pieces of body as the stream takes them. Lengths are known before the first byte leaves.
 */
#include "net/http_conn.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <event2/buffer.h>
#include <unistd.h>

#define FILL_UP_TO  ((size_t)256 * 1024)
#define FILE_STRIDE ((size_t)64 * 1024)
#define COPY_BELOW  ((size_t)16 * 1024) /* a TLS record: smaller pieces would be copied to make one */

static uint64_t total_length(const struct http_reply *reply)
{
    uint64_t total = 0;

    for (size_t i = 0; i < reply->piece_count; i++)
        total += reply->pieces[i].fd < 0 ? reply->pieces[i].bytes.len : reply->pieces[i].length;
    return total;
}

/* What would end the line early would let a peer's text become a header. */
static void add_header(struct evbuffer *out, const char *name, const char *value)
{
    evbuffer_add_printf(out, "%s: %.*s\r\n", name, (int)strcspn(value, "\r\n"), value);
}

static void add_date(struct evbuffer *out)
{
    char date[64];
    struct tm tm;
    time_t now = clock_now();

    gmtime_r(&now, &tm);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    add_header(out, "Date", date);
}

static void add_length(struct evbuffer *out, const struct http_reply *reply)
{
    bool bodiless = reply->status == 204 || reply->status == 304; /* RFC 9110 section 8.6 */
    int64_t length = (int64_t)total_length(reply);

    if (reply->bad != NULL)
        length = MAX(length + reply->bad->length_lie, 0);
    if (!bodiless && !reply->stream && (reply->bad == NULL || !reply->bad->has_no_length))
        evbuffer_add_printf(out, "Content-Length: %lld\r\n", (long long)length);
}

static void add_head(struct evbuffer *out, const struct http_reply *reply, bool close)
{

    evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\n", reply->status, http_status_text(reply->status));
    add_date(out);
    if (reply->content_type != NULL)
        add_header(out, "Content-Type", reply->content_type);
    add_length(out, reply);
    if (close)
        add_header(out, "Connection", "close");
    for (const struct http_header *h = reply->headers; h != NULL; h = h->next)
        add_header(out, h->name, h->value);
    evbuffer_add(out, "\r\n", 2);
}

static void misdeliver(struct http_exchange *x, const struct http_misdelivery *bad)
{
    x->bad = arena_memdup(x->request.arena, bad, sizeof(*bad));
    x->close = true;
    x->allowance = bad->drip_ms > 0 ? bad->drip_bytes : UINT64_MAX;
}

/* Of a reply that leaves badly, the head counts like the body. */
static void head_to_piece(struct http_conn *c, struct http_exchange *x)
{
    struct evbuffer *out = c->stream.out;
    size_t n = evbuffer_get_length(out), count = (size_t)(x->pieces_end - x->piece);
    struct http_piece *all = ARENA_ARRAY(x->request.arena, struct http_piece, count + 1);

    all[0] = HTTP_PIECE_BYTES(((struct str){ arena_memdup(x->request.arena, evbuffer_pullup(out, -1), n), n }));
    evbuffer_drain(out, n);
    if (count > 0)
        memcpy(all + 1, x->piece, count * sizeof(*all));
    x->piece = all;
    x->pieces_end = all + count + 1;
}

void http_reply(struct http_request *r, const struct http_reply *reply)
{
    struct http_conn *c = r->conn;
    struct http_exchange *x = c->exchange;

    if (x == NULL || &x->request != r || x->replied)
        die("http_reply: the request has had its reply");
    x->replied = true;
    x->streaming = reply->stream;
    x->close = reply->close || reply->stream || !r->head.keep_alive || !x->body_done || c->server->draining;
    add_head(c->stream.out, reply, x->close);
    if (!text_equal(r->head.method, "HEAD")) {
        x->piece = arena_memdup(r->arena, reply->pieces, reply->piece_count * sizeof(*reply->pieces));
        x->pieces_end = x->piece + reply->piece_count;
    }
    if (reply->bad != NULL) {
        misdeliver(x, reply->bad);
        head_to_piece(c, x);
    }
    if (!c->busy)
        stream_kick(&c->stream);
}

#define STREAM_WAITING_MAX ((size_t)16 * 1024 * 1024)

bool http_stream_send(struct http_request *r, struct str bytes)
{
    struct http_conn *c = r->conn;

    evbuffer_add(c->stream.out, bytes.data, bytes.len);
    if (!c->busy)
        stream_kick(&c->stream);
    return evbuffer_get_length(c->stream.out) < STREAM_WAITING_MAX;
}

void http_stream_end(struct http_request *r)
{
    r->conn->exchange->streaming = false;
    if (!r->conn->busy)
        stream_kick(&r->conn->stream);
}

void http_reply_text(struct http_request *r, int status, const char *text)
{
    const char *line = arena_printf(r->arena, "%s\n", text);
    struct http_piece piece = HTTP_PIECE_BYTES(str_from(line));

    http_reply(r, &(struct http_reply){
                      .status = status,
                      .content_type = "text/plain; charset=utf-8",
                      .pieces = &piece,
                      .piece_count = 1,
                  });
}

/* How much of n bytes may leave now, and that it does. */
static size_t allowed(struct http_exchange *x, size_t n)
{
    if (x->bad == NULL)
        return n;
    n = (size_t)MIN((uint64_t)n, MIN(x->allowance, x->bad->length));
    x->allowance -= n;
    x->bad->length -= n;
    return n;
}

static void fill_bytes(struct evbuffer *out, struct http_exchange *x)
{
    struct str *rest = &x->piece->bytes, bytes = { rest->data, allowed(x, rest->len) };

    rest->data += bytes.len;
    rest->len -= bytes.len;
    if (rest->len == 0)
        x->piece++;

    int failed = bytes.len < COPY_BELOW ? evbuffer_add(out, bytes.data, bytes.len)
                                        : evbuffer_add_reference(out, bytes.data, bytes.len, NULL, NULL);
    if (failed)
        die("out of memory (reply)");
}

static enum rc fill_from_file(struct evbuffer *out, struct http_exchange *x)
{
    struct http_piece *p = x->piece;
    size_t want = (size_t)MIN(p->length, (uint64_t)FILE_STRIDE);
    struct evbuffer_iovec space;

    if (want == 0) {
        x->piece++;
        return OK;
    }
    want = allowed(x, want);
    if (evbuffer_reserve_space(out, (ev_ssize_t)want, &space, 1) != 1)
        die("out of memory (reply)");
    ssize_t n = pread(p->fd, space.iov_base, want, p->offset);
    if (n <= 0) {
        log_error("cannot read a reply from its file: %s", n < 0 ? strerror(errno) : "it is shorter than announced");
        return E_IO;
    }
    space.iov_len = (size_t)n;
    evbuffer_commit_space(out, &space, 1);
    p->offset += n;
    p->length -= (uint64_t)n;
    return OK;
}

static void on_pause_over(void *conn)
{
    struct http_conn *c = conn;
    struct http_exchange *x = c->exchange;

    x->pause = NULL;
    x->allowance = x->bad->drip_bytes;
    stream_kick(&c->stream);
}

/* A reply that leaves badly has had its share for now, or altogether. */
static bool is_held_back(struct http_conn *c, struct http_exchange *x)
{
    if (x->bad == NULL)
        return false;
    if (x->bad->length == 0)
        x->piece = x->pieces_end;
    else if (x->allowance == 0 && x->pause == NULL)
        x->pause = loop_after(c->server->loop, x->bad->drip_ms, on_pause_over, c);
    return x->bad->length == 0 || x->allowance == 0;
}

enum rc http_reply_fill(struct http_conn *c)
{
    struct http_exchange *x = c->exchange;
    struct evbuffer *out = c->stream.out;

    while (x->piece < x->pieces_end && evbuffer_get_length(out) < FILL_UP_TO && !is_held_back(c, x)) {
        if (x->piece->fd < 0)
            fill_bytes(out, x);
        else
            TRY(fill_from_file(out, x));
    }
    return OK;
}
