#include "unit/core/net/peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX 16384

struct peer {
    int fd, port;
    SSL_CTX *ctx;
    pthread_t thread;
    atomic_int connections, open, most;
};

struct visit {
    struct peer *peer;
    int fd;
    SSL *ssl;
    bool is_over;        /* the next request gets no answer */
    char head[HEAD_MAX]; /* the request's, NUL-terminated; body bytes that came with it follow */
    size_t have, head_len;
};

char peer_byte(size_t at)
{
    return (char)(at * 2654435761u >> 13);
}

static ssize_t visit_read(struct visit *v, void *out, size_t n)
{
    return v->ssl == NULL ? read(v->fd, out, n) : SSL_read(v->ssl, out, (int)n);
}

static bool visit_write(struct visit *v, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t done = v->ssl == NULL ? send(v->fd, data, n, MSG_NOSIGNAL) : SSL_write(v->ssl, data, (int)n);
        if (done <= 0)
            return false;
        data += done;
        n -= (size_t)done;
    }
    return true;
}

/* False when the client has gone. What came behind the head stays in place. */
static bool read_head(struct visit *v)
{
    v->have = 0;
    for (;;) {
        ssize_t n = visit_read(v, v->head + v->have, sizeof(v->head) - 1 - v->have);
        if (n <= 0)
            return false;
        v->have += (size_t)n;
        v->head[v->have] = '\0';
        const char *end = strstr(v->head, "\r\n\r\n");
        if (end != NULL) {
            v->head_len = (size_t)(end - v->head) + 4;
            return true;
        }
    }
}

static size_t content_length(const struct visit *v)
{
    const char *found = strcasestr(v->head, "\r\nContent-Length:");

    return found == NULL ? 0 : strtoul(found + 17, NULL, 10);
}

/* The caller frees it; NULL when the client has gone. */
static char *read_body(struct visit *v, size_t len)
{
    char *body = malloc(len + 1);
    size_t have = v->have - v->head_len;

    memcpy(body, v->head + v->head_len, have);
    while (have < len) {
        ssize_t n = visit_read(v, body + have, len - have);
        if (n <= 0) {
            free(body);
            return NULL;
        }
        have += (size_t)n;
    }
    return body;
}

static bool answer(struct visit *v, const char *status, const char *body, size_t len)
{
    char head[256];
    int n = snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Type: text/x-test\r\nContent-Length: %zu\r\n\r\n",
                     status, len);

    return visit_write(v, head, (size_t)n) && visit_write(v, body, len);
}

static bool serve_echo(struct visit *v, const char *body, size_t len)
{
    return answer(v, "200 OK", body, len);
}

static bool serve_last(struct visit *v, const char *body, size_t len)
{
    v->is_over = true;
    return answer(v, "200 OK", body, len);
}

static bool serve_head(struct visit *v, const char *body, size_t len)
{
    (void)body;
    (void)len;
    return answer(v, "200 OK", v->head, v->head_len);
}

static bool serve_big(struct visit *v, const char *body, size_t len)
{
    size_t n = strtoul(strchr(v->head, '?') + 1, NULL, 10);
    char *bytes = malloc(n);

    (void)body;
    (void)len;
    for (size_t i = 0; i < n; i++)
        bytes[i] = peer_byte(i);
    bool ok = answer(v, "200 OK", bytes, n);
    free(bytes);
    return ok;
}

static bool serve_early(struct visit *v, const char *body, size_t len)
{
    static const char early[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n";

    return visit_write(v, early, sizeof(early) - 1) && answer(v, "200 OK", body, len);
}

static bool serve_text(struct visit *v, const char *text)
{
    visit_write(v, text, strlen(text));
    return false;
}

static bool serve_redirect(struct visit *v, const char *body, size_t len)
{
    (void)body;
    (void)len;
    return serve_text(v, "HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n");
}

static bool serve_silent(struct visit *v, const char *body, size_t len)
{
    char c;

    (void)body;
    (void)len;
    while (visit_read(v, &c, 1) > 0)
        ;
    return false;
}

static bool serve_none(struct visit *v, const char *body, size_t len)
{
    (void)body;
    (void)len;
    return serve_text(v, "");
}

static bool serve_short(struct visit *v, const char *body, size_t len)
{
    (void)body;
    (void)len;
    return serve_text(v, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
}

static bool serve_garbage(struct visit *v, const char *body, size_t len)
{
    (void)body;
    (void)len;
    return serve_text(v, "220 mail.example ESMTP\r\n");
}

static const struct {
    const char *path;
    bool (*serve)(struct visit *v, const char *body, size_t len); /* false: close */
} routes[] = {
    { "/echo", serve_echo },   { "/head", serve_head },         { "/big", serve_big },       { "/last", serve_last },
    { "/early", serve_early }, { "/redirect", serve_redirect }, { "/silent", serve_silent }, { "/none", serve_none },
    { "/short", serve_short }, { "/garbage", serve_garbage },
};

static bool serve(struct visit *v)
{
    const char *path = strchr(v->head, ' ') + 1;
    size_t len = content_length(v);
    char *body = read_body(v, len);
    bool go_on = false;

    for (size_t i = 0; body != NULL && i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (strncmp(path, routes[i].path, strlen(routes[i].path)) == 0)
            go_on = routes[i].serve(v, body, len);
    }
    free(body);
    return go_on;
}

static bool shake_hands(struct visit *v)
{
    if (v->peer->ctx == NULL)
        return true;
    v->ssl = SSL_new(v->peer->ctx);
    SSL_set_fd(v->ssl, v->fd);
    return SSL_accept(v->ssl) == 1;
}

/* Closing with bytes unread would reset the connection and take an alert or answer with it. */
static void linger(int fd)
{
    char rest[4096];

    shutdown(fd, SHUT_WR);
    while (read(fd, rest, sizeof(rest)) > 0)
        ;
}

static void *visit_main(void *arg)
{
    struct visit *v = arg;
    struct peer *p = v->peer;

    if (shake_hands(v)) {
        while (read_head(v) && !v->is_over && serve(v))
            ;
        if (v->ssl != NULL)
            SSL_shutdown(v->ssl);
    }
    linger(v->fd);
    SSL_free(v->ssl);
    close(v->fd);
    free(v);
    atomic_fetch_sub(&p->open, 1);
    return NULL;
}

static void visit_start(struct peer *p, int fd)
{
    struct visit *v = calloc(1, sizeof(*v));
    pthread_t thread;
    int open = atomic_fetch_add(&p->open, 1) + 1;

    atomic_fetch_add(&p->connections, 1);
    if (open > atomic_load(&p->most))
        atomic_store(&p->most, open);
    v->peer = p;
    v->fd = fd;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    pthread_create(&thread, NULL, visit_main, v);
    pthread_detach(thread);
}

static void *peer_main(void *arg)
{
    struct peer *p = arg;

    for (int fd; (fd = accept(p->fd, NULL, NULL)) >= 0;)
        visit_start(p, fd);
    return NULL;
}

static SSL_CTX *ctx_new(const struct tls_files *files)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (SSL_CTX_use_certificate_chain_file(ctx, files->cert) != 1 ||
        SSL_CTX_use_PrivateKey_file(ctx, files->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_load_verify_locations(ctx, files->ca, NULL) != 1)
        abort();
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"peer", 4);
    return ctx;
}

struct peer *peer_start(const struct tls_files *files)
{
    struct peer *p = calloc(1, sizeof(*p));
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);

    p->ctx = files == NULL ? NULL : ctx_new(files);
    p->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(p->fd, (struct sockaddr *)&at, len) != 0 || listen(p->fd, 512) != 0 ||
        getsockname(p->fd, (struct sockaddr *)&at, &len) != 0)
        abort();
    p->port = ntohs(at.sin_port);
    if (pthread_create(&p->thread, NULL, peer_main, p) != 0)
        abort();
    return p;
}

/* The clients must be gone: their ends end the visits. */
void peer_stop(struct peer *p)
{
    shutdown(p->fd, SHUT_RDWR);
    pthread_join(p->thread, NULL);
    while (atomic_load(&p->open) > 0)
        usleep(1000);
    close(p->fd);
    SSL_CTX_free(p->ctx);
    free(p);
}

int peer_port(const struct peer *p)
{
    return p->port;
}

int peer_connections(struct peer *p)
{
    return atomic_load(&p->connections);
}

int peer_most(struct peer *p)
{
    return atomic_load(&p->most);
}
