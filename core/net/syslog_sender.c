#include "net/syslog_sender.h"

#include "base/log.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define SEND_MS     30000
#define FAREWELL_MS 3000 /* until the peer has read all and closes, too */

struct syslog_sender {
    char host[256], port[16];
    bool is_udp;
    SSL_CTX *context; /* NULL: plain */
    SSL *ssl;
    int fd; /* -1: not connected */
    char why[512];
};

static const struct {
    const char *scheme;
    bool is_tls, is_udp;
} schemes[] = {
    { "syslog-tls://", true, false },
    { "syslog-tcp://", false, false },
    { "syslog-udp://", false, true },
};

/* "localhost:6514", "[::1]:6514". */
static bool split(struct syslog_sender *s, const char *address)
{
    const char *colon = strrchr(address, ':');
    size_t n = colon != NULL ? (size_t)(colon - address) : 0;

    if (n > 1 && address[0] == '[' && address[n - 1] == ']') {
        address++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof(s->host) || strlen(colon + 1) >= sizeof(s->port) || colon[1] == '\0')
        return false;
    snprintf(s->host, sizeof(s->host), "%.*s", (int)n, address);
    snprintf(s->port, sizeof(s->port), "%s", colon + 1);
    return true;
}

enum rc syslog_sender_new(const char *url, const struct tls_files *identity, struct syslog_sender **out)
{
    struct syslog_sender *s = calloc(1, sizeof(*s));

    if (s == NULL)
        die("out of memory (syslog)");
    s->fd = -1;
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        if (!text_starts(url, schemes[i].scheme) || !split(s, url + strlen(schemes[i].scheme)))
            continue;
        s->is_udp = schemes[i].is_udp;
        if (schemes[i].is_tls && tls_client_context(identity, &s->context) != OK)
            break;
        if (s->context != NULL)
            SSL_CTX_clear_mode(s->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_AUTO_RETRY);
        *out = s;
        return OK;
    }
    log_error("\"%s\" cannot be used as an audit record repository's address; it is like syslog-tls://localhost:6514",
              url);
    free(s);
    return E_CONFIG;
}

/* Closing while something unread waits here would reset the connection, and take away what the peer has not read. */
static bool say_farewell(struct syslog_sender *s, int ms)
{
    struct pollfd p = { .fd = s->fd, .events = POLLIN };
    char bytes[512];
    ssize_t n = 1;

    if (s->fd < 0 || s->is_udp)
        return s->fd >= 0;
    ERR_clear_error();
    if (s->ssl != NULL)
        SSL_shutdown(s->ssl);
    shutdown(s->fd, SHUT_WR);
    while (n > 0 && poll(&p, 1, ms) > 0)
        n = recv(s->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    return n == 0;
}

static void hang_up(struct syslog_sender *s)
{
    if (s->ssl != NULL) {
        SSL_free(s->ssl);
        s->ssl = NULL;
    }
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

bool syslog_sender_leave(struct syslog_sender *s, int ms)
{
    bool is_read = say_farewell(s, ms);

    hang_up(s);
    return is_read;
}

void syslog_sender_free(struct syslog_sender *s)
{
    if (s == NULL)
        return;
    (void)syslog_sender_leave(s, FAREWELL_MS);
    SSL_CTX_free(s->context);
    free(s);
}

/* ---- connecting ---- */

static enum rc fail(struct syslog_sender *s, const char *what, const char *reason, const char **why)
{
    snprintf(s->why, sizeof(s->why), "%s: %s", what, reason != NULL ? reason : "the connection ended");
    *why = s->why;
    hang_up(s);
    return E_PEER;
}

static void set_patience(int fd, int ms)
{
    struct timeval t = { ms / 1000, ms % 1000 * 1000 };
    int one = 1;

    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* SO_SNDTIMEO bounds connect(2), too. */
static bool reach(struct syslog_sender *s, int ms)
{
    struct addrinfo hints = { .ai_socktype = s->is_udp ? SOCK_DGRAM : SOCK_STREAM }, *all;

    if (getaddrinfo(s->host, s->port, &hints, &all) != 0)
        return false;
    for (const struct addrinfo *at = all; at != NULL && s->fd < 0; at = at->ai_next) {
        s->fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, 0);
        if (s->fd < 0)
            continue;
        set_patience(s->fd, ms);
        if (connect(s->fd, at->ai_addr, at->ai_addrlen) == 0)
            break;
        int error = errno;
        close(s->fd);
        s->fd = -1;
        errno = error;
    }
    freeaddrinfo(all);
    return s->fd >= 0;
}

enum rc syslog_sender_connect(struct syslog_sender *s, int ms, const char **why)
{
    if (s->fd >= 0)
        return OK;
    errno = 0;
    if (!reach(s, ms))
        return fail(s, s->host, errno != 0 ? strerror(errno) : "no such host", why);
    if (s->context != NULL) {
        s->ssl = SSL_new(s->context);
        ERR_clear_error();
        if (s->ssl == NULL || SSL_set_fd(s->ssl, s->fd) != 1 || SSL_set_tlsext_host_name(s->ssl, s->host) != 1 ||
            SSL_connect(s->ssl) != 1)
            return fail(s, "TLS", tls_reason(), why);
    }
    set_patience(s->fd, SEND_MS);
    return OK;
}

/* What came is no record of ours: 0 when the peer has left, 1 when it may go on. */
static bool take_word(struct syslog_sender *s)
{
    char byte;

    if (s->ssl == NULL)
        return recv(s->fd, &byte, 1, MSG_DONTWAIT) > 0;
    ERR_clear_error();
    int n = SSL_read(s->ssl, &byte, 1);
    return n > 0 || SSL_get_error(s->ssl, n) == SSL_ERROR_WANT_READ;
}

/* TLS 1.3 sends tickets, and its refusal of our certificate, after the handshake: reading is how they are learned of.
 */
bool syslog_sender_is_alive(struct syslog_sender *s)
{
    struct pollfd p = { .fd = s->fd, .events = POLLIN };

    while (s->fd >= 0 && poll(&p, 1, 0) > 0) {
        if (!take_word(s))
            hang_up(s);
    }
    return s->fd >= 0;
}

/* ---- sending ---- */

static bool send_all(struct syslog_sender *s, struct str bytes)
{
    for (size_t at = 0; at < bytes.len;) {
        size_t n = MIN(bytes.len - at, (size_t)1 << 20);
        ERR_clear_error();
        ssize_t sent = s->ssl != NULL ? SSL_write(s->ssl, bytes.data + at, (int)n)
                                      : send(s->fd, bytes.data + at, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += (size_t)sent;
    }
    return true;
}

/* A datagram for each frame, without its length. */
static bool send_datagrams(struct syslog_sender *s, struct str frames)
{
    while (frames.len > 0) {
        const char *space = memchr(frames.data, ' ', frames.len);
        size_t n = space != NULL ? strtoul(frames.data, NULL, 10) : 0, head = (size_t)(space + 1 - frames.data);
        if (n == 0 || n > frames.len - head)
            return false;
        if (send(s->fd, space + 1, n, MSG_NOSIGNAL) < 0 && errno != EMSGSIZE && errno != ECONNREFUSED)
            return false;
        frames = (struct str){ space + 1 + n, frames.len - head - n };
    }
    return true;
}

enum rc syslog_sender_send(struct syslog_sender *s, struct str frames)
{
    if (s->fd < 0)
        return E_PEER;
    if (s->is_udp ? send_datagrams(s, frames) : send_all(s, frames))
        return OK;
    hang_up(s);
    return E_PEER;
}

size_t syslog_sender_unconfirmed(const struct syslog_sender *s)
{
    int bytes = 0;

    if (s->fd < 0 || s->is_udp || ioctl(s->fd, SIOCOUTQ, &bytes) != 0)
        return 0;
    return (size_t)bytes;
}
