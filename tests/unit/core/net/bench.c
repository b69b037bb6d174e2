#include "unit/core/net/bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static struct bench *bench_of(struct http_request *r)
{
    return r->user;
}

static void reply_later(void *arg)
{
    struct bench *b = arg;
    http_reply_text(b->request, 422, "no thanks");
}

static bool frees(struct http_request *r, const char *path)
{
    struct bench *b = bench_of(r);

    if (strcmp(r->head.path, path) != 0)
        return false;
    http_server_free(b->server);
    b->server = NULL;
    return true;
}

static int on_head(struct http_request *r, const char **why)
{
    struct bench *b = bench_of(r);

    b->request = r;
    b->heads++;
    buf_reset(&b->body);
    if (frees(r, "/free-on-head"))
        return 0;
    if (strcmp(r->head.path, "/nowhere") == 0) {
        *why = "there is no such path";
        return 404;
    }
    if (strcmp(r->head.path, "/early") == 0)
        http_reply_text(r, 200, "before the body");
    return 0;
}

static void resume(void *bench)
{
    struct bench *b = bench;

    if (b->request != NULL)
        http_resume(b->request);
}

static enum rc on_body(struct http_request *r, struct str bytes)
{
    struct bench *b = bench_of(r);

    if (frees(r, "/free-on-body"))
        return E_CANCELLED;
    buf_add_str(&b->body, bytes);
    if (strcmp(r->head.path, "/stop") == 0) {
        http_reply_text(r, 422, "no thanks");
        return E_REFUSED;
    }
    if (strcmp(r->head.path, "/stop-later") == 0) {
        loop_after(b->loop, 20, reply_later, b);
        return E_REFUSED;
    }
    if (strcmp(r->head.path, "/pause") == 0)
        http_pause(r);
    if (strcmp(r->head.path, "/breathe") == 0 && b->pieces_of_body++ % 3 == 0) {
        http_pause(r);
        loop_after(b->loop, 1, resume, b); /* late enough for the socket to speak up meanwhile */
    }
    return OK;
}

static void on_end(struct http_request *r)
{
    struct bench *b = bench_of(r);

    b->ends++;
    if (frees(r, "/free-on-end") || strcmp(r->head.path, "/later") == 0)
        return;
    if (strcmp(r->head.path, "/pieces") == 0) {
        http_reply(
            r, &(struct http_reply){
                   .status = 200, .content_type = "application/octet-stream", .pieces = b->pieces, .piece_count = 3 });
        return;
    }
    struct http_header extra = { .name = "X-Method", .value = r->head.method };
    struct http_piece piece = HTTP_PIECE_BYTES(buf_str(&b->body));
    http_reply(
        r, &(struct http_reply){
               .status = 200, .content_type = "text/plain", .headers = &extra, .pieces = &piece, .piece_count = 1 });
}

static void on_gone(struct http_request *r, bool sent)
{
    struct bench *b = bench_of(r);

    assert_ptr_equal(b->request, r);
    b->request = NULL;
    b->sent += sent;
    b->unsent += !sent;
    frees(r, "/free-on-gone");
}

static struct bench *bench_new(struct http_server_config config)
{
    static struct http_service service = {
        .on_head = on_head, .on_body = on_body, .on_end = on_end, .on_gone = on_gone
    };
    struct arena *a = arena_new();
    struct bench *b = ARENA_NEW(a, struct bench);

    b->arena = a;
    b->loop = loop_new();
    buf_init(&b->body, BUF_MAX_DEFAULT);
    service.user = b;
    config.bind = "127.0.0.1";
    config.max_body = MAX_BODY;
    config.service = &service;
    assert_int_equal(http_server_new(b->loop, &config, &b->server), OK);
    b->port = http_server_port(b->server);
    return b;
}

int bench_setup(void **state)
{
    *state = bench_new((struct http_server_config){ 0 });
    return 0;
}

int bench_setup_impatient(void **state)
{
    *state = bench_new((struct http_server_config){ .head_ms = 40, .idle_ms = 80, .body_min_rate = 1000000 });
    return 0;
}

int bench_setup_narrow(void **state)
{
    *state = bench_new((struct http_server_config){ .max_connections = 2 });
    return 0;
}

int bench_teardown(void **state)
{
    struct bench *b = *state;

    if (b->server != NULL)
        http_server_free(b->server);
    assert_null(b->request);
    buf_clear(&b->body);
    loop_free(b->loop);
    arena_free(b->arena);
    return 0;
}

struct client client_connect(struct bench *b)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)b->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct client c = { .bench = b, .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };

    buf_init(&c.got, BUF_MAX_DEFAULT);
    assert_int_equal(connect(c.fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return c;
}

void client_close(struct client *c)
{
    close(c->fd);
    buf_clear(&c->got);
}

void client_receive(struct client *c)
{
    for (;;) {
        assert_true(buf_reserve(&c->got, 65536));
        ssize_t n = recv(c->fd, c->got.data + c->got.len, 65536, MSG_DONTWAIT);
        if (n <= 0) {
            c->closed = c->closed || n == 0 || errno != EAGAIN;
            return;
        }
        c->got.len += (size_t)n;
    }
}

void pump(struct client *c)
{
    loop_turn(c->bench->loop, 5);
    client_receive(c);
}

void pump_some(struct client *c)
{
    for (int i = 0; i < 10; i++)
        pump(c);
}

void client_send(struct client *c, struct str bytes)
{
    uint64_t start = clock_ticks();

    while (bytes.len > 0) {
        ssize_t n = send(c->fd, bytes.data, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && (errno != EAGAIN || clock_ticks() - start > PATIENCE))
            fail_msg("cannot send: %s", strerror(errno));
        if (n > 0) {
            bytes.data += n;
            bytes.len -= (size_t)n;
        }
        pump(c);
    }
}

size_t occurrences(struct client *c, const char *text)
{
    size_t n = 0;

    for (const char *p = buf_text(&c->got); (p = strstr(p, text)) != NULL; p++)
        n++;
    return n;
}

bool has(struct client *c, const char *text)
{
    return occurrences(c, text) > 0;
}

struct str zeroes(struct arena *a, size_t n)
{
    return (struct str){ arena_alloc(a, n), n };
}
