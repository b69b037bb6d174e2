#include "net/listener.h"

#include "base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG          4096
#define ACCEPTS_PER_TURN 64
#define RETRY_MS         1000 /* after the process ran out of files: accepting at once would spin */

static void set_accepting(struct listener *l, bool on)
{
    if (on)
        event_add(l->acceptor, NULL);
    else
        event_del(l->acceptor);
}

static void on_retry(void *arg)
{
    struct listener *l = arg;

    l->retry = NULL;
    set_accepting(l, true);
}

static void name_peer(const struct sockaddr_storage *address, socklen_t len, char *out, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "?", port[8] = "?";

    if (getnameinfo((const struct sockaddr *)address, len, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        log_debug("a peer without a name");
    snprintf(out, size, address->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static void accept_failed(struct listener *l, int error)
{
    if (error == EAGAIN || error == ECONNABORTED || error == EINTR)
        return;
    log_error("cannot accept a connection: %s", strerror(error));
    set_accepting(l, false);
    l->retry = loop_after(l->loop, RETRY_MS, on_retry, l);
}

static bool accept_one(struct listener *l)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    int one = 1;
    char peer[64];

    int fd = accept4(l->fd, (struct sockaddr *)&address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        accept_failed(l, errno);
        return false;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    name_peer(&address, len, peer, sizeof(peer));
    l->on_accept(l->owner, fd, peer);
    return true;
}

static void on_acceptable(evutil_socket_t fd, short what, void *arg)
{
    struct listener *l = arg;

    (void)fd;
    (void)what;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        if (l->count >= l->max) {
            log_warn("%d connections: no more for now", l->count);
            l->is_full = true;
            set_accepting(l, false);
            return;
        }
        if (!accept_one(l))
            return;
    }
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

static enum rc bind_to(struct listener *l, const char *host, int port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *found;
    char service[16];

    snprintf(service, sizeof(service), "%d", port);
    int failure = getaddrinfo(host, service, &hints, &found);
    if (failure != 0) {
        log_error("cannot listen on %s: %s", host, gai_strerror(failure));
        return E_CONFIG;
    }
    l->fd = listen_on(found);
    freeaddrinfo(found);
    if (l->fd < 0) {
        log_error("cannot listen on %s port %d: %s", host, port, strerror(errno));
        return E_CONFIG;
    }
    return OK;
}

enum rc listener_open(struct listener *l, struct loop *loop, const char *host, int port, int max,
                      void (*on_accept)(void *owner, int fd, const char *peer), void *owner)
{
    *l = (struct listener){ .loop = loop, .max = max, .on_accept = on_accept, .owner = owner };
    TRY(bind_to(l, host, port));
    l->acceptor = event_new(loop_base(loop), l->fd, EV_READ | EV_PERSIST, on_acceptable, l);
    if (l->acceptor == NULL)
        die("out of memory (listener)");
    set_accepting(l, true);
    return OK;
}

int listener_port(const struct listener *l)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);

    if (getsockname(l->fd, (struct sockaddr *)&address, &len) != 0)
        return 0;
    return address.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&address)->sin6_port)
                                         : ntohs(((struct sockaddr_in *)&address)->sin_port);
}

void listener_drain(struct listener *l)
{
    on_acceptable(l->fd, EV_READ, l);
}

void listener_close(struct listener *l)
{
    if (l->acceptor == NULL)
        return;
    event_free(l->acceptor);
    l->acceptor = NULL;
    close(l->fd);
    loop_cancel(l->retry);
    l->retry = NULL;
}

void listener_gained(struct listener *l)
{
    l->count++;
}

void listener_lost(struct listener *l)
{
    l->count--;
    if (l->is_full && l->acceptor != NULL) {
        l->is_full = false;
        set_accepting(l, true);
    }
}
