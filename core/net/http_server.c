/* The listener: who may connect, how long connections may take, and how it all ends. */
#include "net/http_conn.h"

#include "base/clock.h"
#include "base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG          4096
#define ACCEPTS_PER_TURN 64
#define RETRY_MS         1000 /* after the process ran out of files: accepting at once would spin */
#define SWEEP_MIN_MS     10
#define SWEEP_MAX_MS     1000
#define DRAIN_SWEEP_MS   20
#define DRAIN_GRACE_MS   50 /* for a request that is on its way */

static void set_accepting(struct http_server *s, bool on)
{
    if (on)
        event_add(s->acceptor, NULL);
    else
        event_del(s->acceptor);
}

static void on_retry(void *arg)
{
    struct http_server *s = arg;

    s->retry = NULL;
    set_accepting(s, true);
}

static void name_peer(const struct sockaddr_storage *address, socklen_t len, char *out, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "?", port[8] = "?";

    if (getnameinfo((const struct sockaddr *)address, len, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        log_debug("a peer without a name");
    snprintf(out, size, address->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static void accept_failed(struct http_server *s, int error)
{
    if (error == EAGAIN || error == ECONNABORTED || error == EINTR)
        return;
    log_error("cannot accept a connection: %s", strerror(error));
    set_accepting(s, false);
    s->retry = loop_after(s->loop, RETRY_MS, on_retry, s);
}

static bool accept_one(struct http_server *s)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    int one = 1;
    char peer[64];

    int fd = accept4(s->fd, (struct sockaddr *)&address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        accept_failed(s, errno);
        return false;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    name_peer(&address, len, peer, sizeof(peer));
    http_conn_new(s, fd, peer);
    return true;
}

static void on_acceptable(evutil_socket_t fd, short what, void *arg)
{
    struct http_server *s = arg;

    (void)fd;
    (void)what;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        if (s->count >= s->config.max_connections) {
            log_warn("%d connections: no more for now", s->count);
            s->full = true;
            set_accepting(s, false);
            return;
        }
        if (!accept_one(s))
            return;
    }
}

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
    s->count--;
    if (s->draining) {
        if (s->count == 0 && s->drain_end != NULL)
            schedule_drain_end(s, 0);
    } else if (s->full) {
        s->full = false;
        set_accepting(s, true);
    }
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

static int listen_on(const struct addrinfo *address)
{
    int one = 1, fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) == 0 &&
        bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static enum rc open_listener(struct http_server *s)
{
    const struct http_server_config *config = &s->config;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *found;
    char port[16];

    snprintf(port, sizeof(port), "%d", config->port);
    int failure = getaddrinfo(config->bind, port, &hints, &found);
    if (failure != 0) {
        log_error("cannot listen on %s: %s", config->bind, gai_strerror(failure));
        return E_CONFIG;
    }
    s->fd = listen_on(found);
    freeaddrinfo(found);
    if (s->fd < 0) {
        log_error("cannot listen on %s port %d: %s", config->bind, config->port, strerror(errno));
        return E_CONFIG;
    }
    return OK;
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

enum rc http_server_new(struct loop *l, const struct http_server_config *config, struct http_server **out)
{
    struct http_server *s = calloc(1, sizeof(*s));

    if (s == NULL)
        die("out of memory (server)");
    s->loop = l;
    s->config = *config;
    fill_defaults(&s->config);
    enum rc rc = open_listener(s);
    if (rc != OK) {
        free(s);
        return rc;
    }
    s->acceptor = event_new(loop_base(l), s->fd, EV_READ | EV_PERSIST, on_acceptable, s);
    if (s->acceptor == NULL)
        die("out of memory (server)");
    set_accepting(s, true);
    s->sweep = loop_after(l, sweep_interval(s), on_sweep, s);
    *out = s;
    return OK;
}

int http_server_port(const struct http_server *s)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);

    if (getsockname(s->fd, (struct sockaddr *)&address, &len) != 0)
        return 0;
    return address.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&address)->sin6_port)
                                         : ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static void close_listener(struct http_server *s)
{
    if (s->acceptor == NULL)
        return;
    event_free(s->acceptor);
    s->acceptor = NULL;
    close(s->fd);
    loop_cancel(s->retry);
    s->retry = NULL;
}

void http_server_drain(struct http_server *s, int ms, void (*done)(void *), void *arg)
{
    uint64_t grace = clock_ticks() + (uint64_t)DRAIN_GRACE_MS * 1000000;

    on_acceptable(s->fd, EV_READ, s); /* whoever is queued would be reset */
    close_listener(s);
    s->draining = true;
    s->drained = done;
    s->drained_arg = arg;
    for (struct http_conn *c = s->conns; c != NULL; c = c->next) {
        if (http_conn_is_idle(c))
            c->deadline = MIN(c->deadline, grace);
    }
    loop_cancel(s->sweep);
    s->sweep = loop_after(s->loop, sweep_interval(s), on_sweep, s);
    schedule_drain_end(s, s->count == 0 ? 0 : ms);
}

void http_server_free(struct http_server *s)
{
    while (s->conns != NULL)
        http_conn_end(s->conns);
    close_listener(s);
    loop_cancel(s->sweep);
    loop_cancel(s->drain_end);
    free(s);
}
