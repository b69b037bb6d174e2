#include "net/udp_server.h"

#include "base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DATAGRAM_MAX  65536
#define BATCH         32
#define TURNS         16
#define RECEIVE_BYTES (8 << 20) /* bursts wait here while the loop is busy */

struct udp_server {
    int fd;
    struct event *reader;
    void (*on_datagram)(void *user, const struct udp_datagram *d);
    void *user;
    char *bytes; /* BATCH datagrams */
};

static void peer_text(const struct sockaddr_storage *from, char out[64])
{
    char host[INET6_ADDRSTRLEN] = "";
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
    bool is_v6 = from->ss_family == AF_INET6;

    inet_ntop(from->ss_family, is_v6 ? (const void *)&v6->sin6_addr : (const void *)&v4->sin_addr, host, sizeof(host));
    snprintf(out, 64, is_v6 ? "[%s]:%d" : "%s:%d", host, ntohs(is_v6 ? v6->sin6_port : v4->sin_port));
}

/* When the kernel took it in; now, when it does not say. */
static int64_t arrival(struct msghdr *m)
{
    struct timespec ts;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            memcpy(&ts, CMSG_DATA(c), sizeof(ts));
            return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
        }
    }
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

struct batch {
    struct mmsghdr messages[BATCH];
    struct iovec pieces[BATCH];
    struct sockaddr_storage from[BATCH];
    char control[BATCH][CMSG_SPACE(sizeof(struct timespec))];
};

static void batch_prepare(struct udp_server *s, struct batch *b)
{
    memset(b->messages, 0, sizeof(b->messages));
    for (int i = 0; i < BATCH; i++) {
        b->pieces[i] = (struct iovec){ s->bytes + (size_t)i * DATAGRAM_MAX, DATAGRAM_MAX };
        b->messages[i].msg_hdr = (struct msghdr){ .msg_name = &b->from[i],
                                                  .msg_namelen = sizeof(b->from[i]),
                                                  .msg_iov = &b->pieces[i],
                                                  .msg_iovlen = 1,
                                                  .msg_control = b->control[i],
                                                  .msg_controllen = sizeof(b->control[i]) };
    }
}

static void batch_offer(struct udp_server *s, struct batch *b, int count)
{
    char peer[64];

    for (int i = 0; i < count; i++) {
        struct mmsghdr *m = &b->messages[i];
        peer_text(&b->from[i], peer);
        s->on_datagram(s->user, &(struct udp_datagram){ .bytes = { b->pieces[i].iov_base, m->msg_len },
                                                        .peer = peer,
                                                        .arrived = arrival(&m->msg_hdr),
                                                        .server = s,
                                                        .address = &b->from[i],
                                                        .address_size = m->msg_hdr.msg_namelen });
    }
}

static void on_readable(evutil_socket_t fd, short what UNUSED, void *arg)
{
    struct udp_server *s = arg;
    struct batch b;

    for (int turn = 0; turn < TURNS; turn++) {
        batch_prepare(s, &b);
        int count = recvmmsg(fd, b.messages, BATCH, MSG_DONTWAIT, NULL);
        if (count <= 0)
            return;
        batch_offer(s, &b, count);
    }
}

void udp_reply(const struct udp_datagram *d, struct str bytes)
{
    if (sendto(d->server->fd, bytes.data, bytes.len, MSG_DONTWAIT, d->address, d->address_size) < 0)
        log_debug("%s: no answer could be sent: %s", d->peer, strerror(errno));
}

static int socket_open(const char *host, int port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *at;
    char service[16];
    int one = 1, room = RECEIVE_BYTES;

    snprintf(service, sizeof(service), "%d", port);
    int failed = getaddrinfo(host, service, &hints, &at);
    if (failed != 0) {
        log_error("cannot listen on %s: %s", host, gai_strerror(failed));
        return -1;
    }
    int fd = socket(at->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
        setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one));
        if (bind(fd, at->ai_addr, at->ai_addrlen) != 0) {
            log_error("cannot listen on UDP port %d of %s: %s", port, host, strerror(errno));
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(at);
    return fd;
}

enum rc udp_server_new(struct loop *l, const char *bind, int port,
                       void (*on_datagram)(void *user, const struct udp_datagram *d), void *user,
                       struct udp_server **out)
{
    int fd = socket_open(bind, port);

    if (fd < 0)
        return E_CONFIG;
    struct udp_server *s = calloc(1, sizeof(*s));
    if (s == NULL || (s->bytes = malloc((size_t)BATCH * DATAGRAM_MAX)) == NULL)
        die("out of memory (UDP server)");
    s->fd = fd;
    s->on_datagram = on_datagram;
    s->user = user;
    s->reader = event_new(loop_base(l), fd, EV_READ | EV_PERSIST, on_readable, s);
    if (s->reader == NULL || event_add(s->reader, NULL) != 0)
        die("cannot watch a socket");
    *out = s;
    return OK;
}

int udp_server_port(const struct udp_server *s)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof(at);

    if (getsockname(s->fd, (struct sockaddr *)&at, &size) != 0)
        return 0;
    return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                          : ((struct sockaddr_in *)&at)->sin_port);
}

void udp_server_free(struct udp_server *s)
{
    if (s == NULL)
        return;
    event_free(s->reader);
    close(s->fd);
    free(s->bytes);
    free(s);
}
