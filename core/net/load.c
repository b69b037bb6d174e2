/*
 * OpenSSL directly on sockets that epoll watches edge by edge: after the handshakes, an answer costs its reads, one
 * write and one look at the clock.
 */
#include "net/load.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/http.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX   8192
#define READ_MAX   16384 /* a TLS record's text */
#define READ_AHEAD ((size_t)64 * 1024)
#define PATIENCE_S 30
#define SCATTER    7919 /* a prime: every serial comes, neighbours never behind one another */

struct link { /* one connection */
    struct load *load;
    int fd;
    SSL *ssl;         /* NULL: plain */
    struct str start; /* the request until its fill; its own when it has serials */
    uint64_t sent;
    uint64_t asked;           /* ticks */
    uint64_t body, body_left; /* once the head is over */
    size_t head_len;          /* while the head is arriving */
    bool in_body, has_expected;
    char head[HEAD_MAX + 1];
};

struct load {
    const struct load_spec *spec;
    struct load_result *result;
    char host[256], port[8];
    struct str request; /* until its fill */
    uint64_t request_length;
    const char **serials; /* where they are in `request` */
    size_t serial_count;
    SSL_CTX *context;
    struct link *links;
    int linked; /* links that are to be closed */
    int epoll;
    uint64_t answers; /* of this run */
};

/* ---- before ---- */

static enum rc fail(const struct load *l, enum rc rc, const char *what, const char *why)
{
    log_error("%s: %s%s%s", l->spec->url, what, why ? ": " : "", why ? why : "");
    return rc;
}

static enum rc url_split(struct load *l, const char **path)
{
    const char *rest = strstr(l->spec->url, "://");
    int end = 0;

    if (rest == NULL || sscanf(rest + 3, "%255[^:/]:%7[0-9]%n", l->host, l->port, &end) != 2 || rest[3 + end] != '/')
        return fail(l, E_CONFIG, "no URL of the kind https://host:port/path", NULL);
    *path = rest + 3 + end;
    return OK;
}

static enum rc request_write(struct arena *a, struct load *l)
{
    const struct load_spec *spec = l->spec;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    const char *path;

    TRY(url_split(l, &path));
    uint64_t length = spec->body.len + spec->fill_length + spec->end.len;
    const char *method = spec->method != NULL ? spec->method : spec->body.data != NULL ? "POST" : "GET";
    buf_printf(out, "%s %s HTTP/1.1\r\nHost: %s:%s\r\n", method, path, l->host, l->port);
    if (length > 0)
        buf_printf(out, "Content-Type: %s\r\nContent-Length: %" PRIu64 "\r\n", spec->content_type, length);
    buf_add_literal(out, "\r\n");
    buf_add_str(out, spec->body);
    l->request = buf_str(out);
    l->request_length = l->request.len + spec->fill_length + spec->end.len;
    return OK;
}

/* ---- requests that differ ---- */

static const char *serial_next(struct str text, const char *from)
{
    return memmem(from, (size_t)(text.data + text.len - from), LOAD_SERIAL, LOAD_SERIAL_LEN);
}

static void serials_find(struct arena *a, struct load *l)
{
    const char *at = l->request.data;

    while ((at = serial_next(l->request, at)) != NULL) {
        l->serial_count++;
        at += LOAD_SERIAL_LEN;
    }
    l->serials = ARENA_ARRAY(a, const char *, l->serial_count + 1);
    at = l->request.data;
    for (size_t i = 0; i < l->serial_count; i++, at += LOAD_SERIAL_LEN)
        l->serials[i] = at = serial_next(l->request, at);
}

/* Its own copy, when it has anything of its own. */
static void link_prepare(struct arena *a, struct load *l, struct link *k)
{
    k->start = l->request;
    if (l->serial_count > 0)
        k->start.data = arena_memdup(a, l->request.data, l->request.len);
}

/*
 * Ten digits, the first not 0, each number once. One is far from the next, as the ids of strangers are: whoever indexes
 * them shall have no easier time than in earnest.
 */
static unsigned long long serial_of(uint64_t n)
{
    static const uint64_t first = 1000000000, numbers = 9000000000, stride = 1618033987; /* coprime to numbers */

    return first + n % numbers * stride % numbers;
}

static void link_number(struct link *k)
{
    static atomic_uint_fast64_t last;
    char digits[LOAD_SERIAL_LEN + 16];
    const struct load *l = k->load;

    if (l->serial_count == 0)
        return;
    uint64_t n = atomic_fetch_add(&last, 1);
    unsigned long long serial = l->spec->serials > 0 ? 1000000000 + n * SCATTER % l->spec->serials : serial_of(n);
    snprintf(digits, sizeof(digits), "%0*llu", (int)LOAD_SERIAL_LEN, serial);
    for (size_t i = 0; i < l->serial_count; i++)
        memcpy((char *)k->start.data + (l->serials[i] - l->request.data), digits, LOAD_SERIAL_LEN);
}

static int dial(const struct addrinfo *at)
{
    const struct timeval patience = { .tv_sec = PATIENCE_S };
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd, at->ai_addr, at->ai_addrlen) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static enum rc link_connect(struct link *k)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV }, *all;
    int failed = getaddrinfo(k->load->host, k->load->port, &hints, &all);

    if (failed != 0)
        return fail(k->load, E_PEER, "no such host", gai_strerror(failed));
    k->fd = -1;
    for (const struct addrinfo *at = all; at != NULL && k->fd < 0; at = at->ai_next)
        k->fd = dial(at);
    freeaddrinfo(all);
    return k->fd < 0 ? fail(k->load, E_PEER, "cannot connect", strerror(errno)) : OK;
}

static enum rc link_secure(struct link *k)
{
    if (k->load->context == NULL)
        return OK;
    ERR_clear_error();
    k->ssl = SSL_new(k->load->context);
    if (k->ssl == NULL || SSL_set_fd(k->ssl, k->fd) != 1 || SSL_set1_host(k->ssl, k->load->host) != 1)
        die("out of memory (TLS)");
    return SSL_connect(k->ssl) == 1 ? OK : fail(k->load, E_PEER, "TLS handshake failed", tls_reason());
}

static enum rc link_open(struct load *l, struct link *k)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = k };

    k->load = l;
    TRY(link_connect(k));
    l->linked++;
    TRY(link_secure(k));
    fcntl(k->fd, F_SETFL, O_NONBLOCK);
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, k->fd, &event) != 0)
        die("cannot watch a socket: %s", strerror(errno));
    return OK;
}

static enum rc context_make(struct load *l)
{
    TRY(tls_client_context(l->spec->identity, &l->context));
    SSL_CTX_set_read_ahead(l->context, 1);
    SSL_CTX_set_default_read_buffer_len(l->context, READ_AHEAD);
    return OK;
}

static enum rc links_open(struct arena *a, struct load *l)
{
    l->links = ARENA_ARRAY(a, struct link, l->spec->connections);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (l->epoll < 0)
        die("cannot make an epoll: %s", strerror(errno));
    if (text_starts(l->spec->url, "https:"))
        TRY(context_make(l));
    serials_find(a, l);
    for (int i = 0; i < l->spec->connections; i++) {
        link_prepare(a, l, &l->links[i]);
        TRY(link_open(l, &l->links[i]));
    }
    return OK;
}

static void links_close(struct load *l)
{
    for (int i = 0; i < l->linked; i++) {
        SSL_free(l->links[i].ssl);
        close(l->links[i].fd);
    }
    SSL_CTX_free(l->context);
    ERR_clear_error();
    close(l->epoll);
}

/* ---- an answer ---- */

static void latency_add(struct load_result *r, uint64_t ns)
{
    if (r->answers == r->latency_cap) {
        r->latency_cap = MAX(2 * r->latency_cap, 4096);
        r->latencies = realloc(r->latencies, r->latency_cap * sizeof(*r->latencies));
        if (r->latencies == NULL)
            die("out of memory (load)");
    }
    r->latencies[r->answers++] = ns;
}

static void link_ask(struct link *k, uint64_t now)
{
    link_number(k);
    k->sent = 0;
    k->asked = now;
    k->has_expected = false;
    k->head_len = 0;
    k->in_body = false;
}

static enum rc answer_over(struct link *k)
{
    struct load *l = k->load;
    uint64_t now = clock_ticks();

    if (l->spec->expect != NULL && !k->has_expected)
        return fail(l, E_PEER, "an answer does not say", l->spec->expect);
    latency_add(l->result, now - k->asked);
    l->result->bytes += k->body;
    l->answers++;
    link_ask(k, now);
    return OK;
}

static enum rc fail_answer(const struct link *k)
{
    int line = (int)strcspn(k->head, "\r\n");

    log_error("%s: the answer is not 200 or 201 with a Content-Length, nor 204: %.*s", k->load->spec->url,
              MIN(line, 200), k->head);
    return E_PEER;
}

static enum rc head_take(struct link *k, struct str *in)
{
    size_t n = MIN(in->len, HEAD_MAX - k->head_len), before = k->head_len, end;

    memcpy(k->head + before, in->data, n);
    k->head_len += n;
    enum rc rc = load_head_read((struct str){ k->head, k->head_len }, &end, &k->body_left);
    if (rc == LATER && k->head_len < HEAD_MAX) {
        in->len = 0;
        return OK;
    }
    if (rc != OK)
        return fail_answer(k);
    *in = (struct str){ in->data + (end - before), in->len - (end - before) };
    k->body = k->body_left;
    k->in_body = true;
    return OK;
}

static enum rc link_take(struct link *k, struct str in)
{
    if (!k->in_body)
        TRY(head_take(k, &in));
    if (k->in_body && k->sent < k->load->request_length)
        return fail(k->load, E_PEER, "it answers before it was asked", NULL);
    if (in.len > k->body_left)
        return fail(k->load, E_PEER, "the answer is longer than announced", NULL);
    k->body_left -= in.len;
    const char *expect = k->load->spec->expect;
    if (expect != NULL && memmem(in.data, in.len, expect, strlen(expect)) != NULL)
        k->has_expected = true;
    return k->in_body && k->body_left == 0 ? answer_over(k) : OK;
}

/* ---- a turn ---- */

static enum rc tls_result(const struct link *k, int result)
{
    switch (SSL_get_error(k->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return LATER;
    default:
        return fail(k->load, E_PEER, "the connection broke", tls_reason());
    }
}

static enum rc plain_result(const struct link *k, ssize_t n)
{
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return LATER;
    return fail(k->load, E_PEER, "the connection broke", n < 0 ? strerror(errno) : NULL);
}

/* What is to be sent next, as far as it lies together. */
static struct str unsent(const struct link *k)
{
    const struct load_spec *spec = k->load->spec;
    uint64_t at = k->sent;

    if (at < k->start.len)
        return (struct str){ k->start.data + at, k->start.len - at };
    at -= k->start.len;
    if (at < spec->fill_length) {
        size_t within = at % spec->fill.len;
        return (struct str){ spec->fill.data + within, MIN(spec->fill.len - within, spec->fill_length - at) };
    }
    at -= spec->fill_length;
    return (struct str){ spec->end.data + at, spec->end.len - at };
}

static enum rc link_send(struct link *k)
{
    while (k->sent < k->load->request_length) {
        struct str rest = unsent(k);
        if (k->ssl != NULL)
            ERR_clear_error();
        ssize_t n = k->ssl ? SSL_write(k->ssl, rest.data, (int)rest.len)
                           : send(k->fd, rest.data, rest.len, MSG_NOSIGNAL);
        if (n <= 0)
            return k->ssl ? tls_result(k, (int)n) : plain_result(k, n);
        k->sent += (size_t)n;
    }
    return OK;
}

static enum rc link_receive(struct link *k)
{
    char bytes[READ_MAX];

    if (k->ssl != NULL)
        ERR_clear_error();
    ssize_t n = k->ssl ? SSL_read(k->ssl, bytes, sizeof(bytes)) : recv(k->fd, bytes, sizeof(bytes), 0);
    if (n <= 0)
        return k->ssl ? tls_result(k, (int)n) : plain_result(k, n);
    return link_take(k, (struct str){ bytes, (size_t)n });
}

/* Until the socket has nothing more, as edges ask; or until a request of its own is out, whose answer is a new edge. */
static enum rc link_turn(struct link *k)
{
    const struct load *l = k->load;
    uint64_t answers = l->answers;
    enum rc rc = link_send(k);

    while (rc == OK && l->answers == answers)
        rc = link_receive(k);
    if (rc == OK)
        rc = link_send(k);
    return rc == LATER ? OK : rc;
}

/* ---- a run ---- */

static bool is_over(const struct load *l, uint64_t end)
{
    const struct load_spec *spec = l->spec;

    return clock_ticks() >= end || (spec->count != 0 && l->answers >= spec->count) ||
           (spec->stop != NULL && *spec->stop != 0);
}

static enum rc wait_and_turn(struct load *l, uint64_t end)
{
    struct epoll_event events[64];
    uint64_t now = clock_ticks(), left_ms = now >= end ? 0 : (end - now) / 1000000 + 1;
    int wait_ms = (int)MIN(left_ms, PATIENCE_S * 1000);
    int n = epoll_wait(l->epoll, events, ARRAY_LEN(events), wait_ms);

    if (n == 0 && wait_ms == PATIENCE_S * 1000)
        return fail(l, E_TIMEOUT, "no answer", NULL);
    for (int i = 0; i < n; i++)
        TRY(link_turn(events[i].data.ptr));
    return OK;
}

static uint64_t cpu_now(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000 +
           (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000;
}

static enum rc links_run(struct load *l)
{
    uint64_t start = clock_ticks(), cpu = cpu_now(), end = start + (uint64_t)l->spec->duration_ms * 1000000;
    enum rc rc = OK;

    for (int i = 0; i < l->linked; i++)
        link_ask(&l->links[i], start);
    while (rc == OK && !is_over(l, end))
        rc = wait_and_turn(l, end);
    l->result->ticks += clock_ticks() - start;
    l->result->cpu += cpu_now() - cpu;
    return rc == OK && l->spec->stop != NULL && *l->spec->stop != 0 ? E_CANCELLED : rc;
}

enum rc load_run(struct arena *a, const struct load_spec *spec, struct load_result *result)
{
    struct load l = { .spec = spec, .result = result };

    TRY(request_write(a, &l));
    enum rc rc = links_open(a, &l);
    if (rc == OK)
        rc = links_run(&l);
    links_close(&l);
    return rc;
}

void load_clear(struct load_result *result)
{
    free(result->latencies);
    *result = (struct load_result){ 0 };
}
