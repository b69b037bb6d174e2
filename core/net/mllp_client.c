/*
 * A connection that was idle may have been ended by its peer without our noticing: a message that failed on it before
 * a byte of an answer came is sent once more on a new one. Receivers of HL7 v2 know repeated control ids.
 */
#include "net/mllp_client.h"

#include "base/buf.h"
#include "net/stream.h"
#include "wire/mllp.h"

#include <errno.h>
#include <event2/buffer.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIMEOUT_MS 30000
#define ANSWER_MAX ((size_t)1 << 20)
#define HOST_MAX   256
#define WHY_MAX    256

enum state { IDLE, CONNECTING, HANDSHAKE, SENDING, RECEIVING };

struct mllp_client {
    struct loop *loop;
    SSL_CTX *context; /* NULL: plain */
    char host[HOST_MAX], port[8];
    int timeout_ms;
    size_t max_answer;
    bool connected; /* stream and frame are there */
    struct stream stream;
    struct mllp frame;
    enum state state;
    struct buf message; /* framed, while one is under way */
    bool is_kept;       /* the connection had served a message before this one */
    struct loop_timer *timer, *begin;
    void (*done)(void *user, enum rc rc, struct str answer, const char *why);
    void *user;
    char why[WHY_MAX];
    bool busy, dead; /* in its turn; to be freed when that is over */
};

/* ---- addresses ---- */

static const struct scheme {
    const char *prefix;
    bool is_tls;
} schemes[] = { { "mllps://", true }, { "mllp://", false } };

/* Host and port of an address; an IPv6 address stands in brackets. */
static bool url_read(const char *url, char host[HOST_MAX], char port[8], bool *is_tls)
{
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        size_t n = strlen(schemes[i].prefix);
        const char *at = url + n, *colon;
        if (strncmp(url, schemes[i].prefix, n) != 0 || (colon = strrchr(at, ':')) == NULL)
            continue;
        size_t digits = strspn(colon + 1, "0123456789"), len = (size_t)(colon - at);
        bool in_brackets = len > 2 && at[0] == '[' && at[len - 1] == ']';
        if (len == 0 || len >= HOST_MAX || digits == 0 || digits > 5 || strcspn(colon + 1 + digits, "/") != 0)
            return false;
        snprintf(host, HOST_MAX, "%.*s", (int)(in_brackets ? len - 2 : len), in_brackets ? at + 1 : at);
        snprintf(port, 8, "%.*s", (int)digits, colon + 1);
        *is_tls = schemes[i].is_tls;
        return true;
    }
    return false;
}

bool mllp_url_is_valid(const char *url)
{
    char host[HOST_MAX], port[8];
    bool is_tls;

    return url_read(url, host, port, &is_tls);
}

/* ---- the end of things ---- */

static void disconnect(struct mllp_client *c)
{
    if (!c->connected)
        return;
    stream_clear(&c->stream);
    buf_clear(&c->frame.message);
    c->connected = false;
}

static void client_free(struct mllp_client *c)
{
    disconnect(c);
    SSL_CTX_free(c->context);
    free(c);
}

/* The message is over; done may send the next one. */
static void over(struct mllp_client *c, enum rc rc, struct str answer)
{
    loop_cancel(c->timer);
    c->timer = NULL;
    c->state = IDLE;
    c->is_kept = c->connected;
    buf_clear(&c->message);
    c->done(c->user, rc, answer, rc == OK ? NULL : c->why);
}

static void PRINTF_LIKE(2, 3) say(struct mllp_client *c, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(c->why, sizeof(c->why), fmt, ap);
    va_end(ap);
}

static void begin(void *client);

static void failed(struct mllp_client *c, enum rc rc)
{
    bool again = c->is_kept && rc == E_PEER && !c->frame.inside;

    disconnect(c);
    if (!again) {
        over(c, rc, (struct str){ NULL, 0 });
        return;
    }
    c->is_kept = false;
    c->begin = loop_after(c->loop, 0, begin, c);
}

/* ---- the states: each does what can be done now; true when more may be possible at once ---- */

static bool advance_connect(struct mllp_client *c)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof(peer);
    int error = 0;
    socklen_t n = sizeof(error);

    if (getsockopt(c->stream.fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0 || error != 0) {
        say(c, "no connection to %s:%s: %s", c->host, c->port, strerror(error));
        failed(c, E_PEER);
        return false;
    }
    if (getpeername(c->stream.fd, (struct sockaddr *)&peer, &size) != 0) {
        c->stream.want_write = true;
        return false;
    }
    c->state = HANDSHAKE;
    return true;
}

static void sending_begin(struct mllp_client *c)
{
    evbuffer_add(c->stream.out, c->message.data, c->message.len);
    c->state = SENDING;
}

static bool advance_handshake(struct mllp_client *c)
{
    enum rc rc = stream_handshake(&c->stream);

    if (rc == E_PEER) {
        const char *reason = tls_reason();
        say(c, "TLS with %s:%s failed: %s", c->host, c->port, reason != NULL ? reason : "the connection ended");
        failed(c, E_PEER);
    }
    if (rc != OK)
        return false;
    sending_begin(c);
    return true;
}

static bool lost(struct mllp_client *c)
{
    say(c, "%s:%s ended the connection before an answer", c->host, c->port);
    failed(c, E_PEER);
    return false;
}

static bool advance_send(struct mllp_client *c)
{
    enum rc rc = stream_flush(&c->stream);

    if (rc == E_PEER)
        return lost(c);
    if (rc == OK)
        c->state = RECEIVING;
    return rc == OK;
}

static bool advance_receive(struct mllp_client *c)
{
    struct str bytes = stream_peek(&c->stream), rest = bytes;
    bool whole = false;

    if (bytes.len == 0) {
        enum rc rc = stream_fill(&c->stream);
        return rc == E_PEER ? lost(c) : rc == OK;
    }
    enum rc rc = mllp_feed(&c->frame, &rest, &whole);
    evbuffer_drain(c->stream.in, bytes.len - rest.len);
    if (rc != OK) {
        say(c, "%s:%s answers more than %zu bytes", c->host, c->port, c->frame.message.max);
        failed(c, E_PEER);
        return false;
    }
    if (whole)
        over(c, OK, buf_str(&c->frame.message));
    return !whole || c->state != IDLE;
}

/* Nothing is expected: what comes now is the peer's end, or belongs to nobody. */
static bool advance_idle(struct mllp_client *c)
{
    enum rc rc = stream_fill(&c->stream);

    evbuffer_drain(c->stream.in, evbuffer_get_length(c->stream.in));
    if (rc == E_PEER)
        disconnect(c);
    return rc == OK;
}

static bool (*const advance[])(struct mllp_client *c) = {
    [IDLE] = advance_idle,    [CONNECTING] = advance_connect, [HANDSHAKE] = advance_handshake,
    [SENDING] = advance_send, [RECEIVING] = advance_receive,
};

static void take_turn(void *arg)
{
    struct mllp_client *c = arg;

    c->busy = true;
    while (!c->dead && c->connected && advance[c->state](c))
        ;
    c->busy = false;
    if (c->dead)
        client_free(c);
    else if (c->connected)
        stream_arm(&c->stream, c->state != CONNECTING);
}

/* ---- connecting ---- */

static int socket_connect(struct mllp_client *c)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list;
    int fd = -1, failure = getaddrinfo(c->host, c->port, &hints, &list);

    if (failure != 0) {
        say(c, "%s is not known: %s", c->host, gai_strerror(failure));
        return -1;
    }
    for (const struct addrinfo *at = list; at != NULL && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0 && errno != EINPROGRESS) {
            say(c, "no connection to %s:%s: %s", c->host, c->port, strerror(errno));
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    if (fd >= 0)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    return fd;
}

static void connection_begin(struct mllp_client *c)
{
    int fd = socket_connect(c);

    if (fd < 0) {
        failed(c, E_PEER);
        return;
    }
    stream_init(&c->stream, loop_base(c->loop), fd, c->context, take_turn, c);
    stream_connect(&c->stream, c->host);
    mllp_init(&c->frame, c->max_answer);
    c->connected = true;
    c->state = CONNECTING;
    c->stream.want_write = true;
    stream_arm(&c->stream, false);
}

static void begin(void *client)
{
    struct mllp_client *c = client;

    c->begin = NULL;
    if (!c->connected) {
        connection_begin(c);
        return;
    }
    sending_begin(c);
    take_turn(c);
}

static void on_timeout(void *client)
{
    struct mllp_client *c = client;

    c->timer = NULL;
    say(c, "%s:%s did not answer within %d ms", c->host, c->port, c->timeout_ms);
    loop_cancel(c->begin);
    c->begin = NULL;
    failed(c, E_TIMEOUT);
}

void mllp_client_send(struct mllp_client *c, struct str message,
                      void (*done)(void *user, enum rc rc, struct str answer, const char *why), void *user)
{
    c->done = done;
    c->user = user;
    buf_init(&c->message, message.len + 16);
    mllp_write(&c->message, message);
    c->timer = loop_after(c->loop, c->timeout_ms, on_timeout, c);
    c->begin = loop_after(c->loop, 0, begin, c);
}

/* ---- the client ---- */

enum rc mllp_client_new(struct loop *l, const struct mllp_client_spec *spec, struct mllp_client **out)
{
    struct mllp_client *c = calloc(1, sizeof(*c));
    bool is_tls = false;

    if (c == NULL)
        die("out of memory (MLLP client)");
    c->loop = l;
    c->timeout_ms = spec->timeout_ms > 0 ? spec->timeout_ms : TIMEOUT_MS;
    c->max_answer = spec->max_answer > 0 ? spec->max_answer : ANSWER_MAX;
    if (!url_read(spec->url, c->host, c->port, &is_tls) ||
        (is_tls && tls_client_context(spec->identity, &c->context) != OK)) {
        free(c);
        return E_CONFIG;
    }
    *out = c;
    return OK;
}

void mllp_client_free(struct mllp_client *c)
{
    if (c == NULL)
        return;
    loop_cancel(c->timer);
    loop_cancel(c->begin);
    buf_clear(&c->message);
    if (c->busy)
        c->dead = true;
    else
        client_free(c);
}
