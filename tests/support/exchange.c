#include "support/exchange.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_S 20 /* a test that hangs ends, however slow the machine */

static void be_patient(int fd)
{
    struct timeval tv = { .tv_sec = PATIENCE_S };

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

static bool send_all(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

/* Bytes a message has in all, once its head is here; 0 before. Without Content-Length: until the peer closes. */
static size_t message_length(const struct buf *b)
{
    const char *end = b->len == 0 ? NULL : memmem(b->data, b->len, "\r\n\r\n", 4);
    size_t length = SIZE_MAX;

    if (end == NULL)
        return 0;
    for (const char *line = b->data; line < end;
         line = (const char *)memchr(line, '\n', (size_t)(end + 2 - line)) + 1) {
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            length = (size_t)(end + 4 - b->data) + strtoul(line + 15, NULL, 10);
    }
    return length;
}

static void receive(int fd, struct buf *out)
{
    for (;;) {
        size_t want = message_length(out);
        if (want != 0 && out->len >= want)
            return;
        if (!buf_reserve(out, 65536))
            return;
        ssize_t n = recv(fd, out->data + out->len, 65536, 0);
        if (n <= 0)
            return;
        out->len += (size_t)n;
    }
}

/* -1 when refused. */
static int connect_to(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    be_patient(fd);
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* One byte at a time: nothing behind the frame is lost but the CR that ends it, or the one that ended the last. */
static bool receive_frame(int fd, struct buf *out)
{
    for (char c; recv(fd, &c, 1, 0) == 1;) {
        if (c == '\x1c')
            return true;
        if (c == '\x0b')
            buf_reset(out);
        else
            buf_add_char(out, c);
    }
    return false;
}

int mllp_connect(int port)
{
    return connect_to(port);
}

bool mllp_exchange(int fd, struct str bytes, struct buf *answer)
{
    return send_all(fd, bytes) && receive_frame(fd, answer);
}

bool exchange_mllp(int port, struct str message, struct buf *answer)
{
    int fd = connect_to(port);

    if (fd < 0)
        return false;
    send_all(fd, STR("\x0b"));
    send_all(fd, message);
    send_all(fd, STR("\x1c\r"));
    (void)receive_frame(fd, answer); /* who hangs up has no answer */
    close(fd);
    return true;
}

bool exchange(int port, struct str request, struct buf *response)
{
    int fd = connect_to(port);
    bool ok = fd >= 0;

    if (ok) {
        send_all(fd, request); /* a server that refuses early may stop reading: its answer counts */
        receive(fd, response);
        close(fd);
    }
    return ok;
}

static const char *header_value(struct arena *a, struct str head, const char *name)
{
    size_t n = strlen(name);

    for (const char *line = head.data; line < head.data + head.len;) {
        const char *end = memmem(line, (size_t)(head.data + head.len - line), "\r\n", 2);
        if (end == NULL)
            break;
        if ((size_t)(end - line) > n && strncasecmp(line, name, n) == 0 && line[n] == ':')
            return str_dup(a, str_trim((struct str){ line + n + 1, (size_t)(end - line) - n - 1 }));
        line = end + 2;
    }
    return "";
}

struct reply reply_parse(struct arena *a, struct str response)
{
    const char *end = response.len == 0 ? NULL : memmem(response.data, response.len, "\r\n\r\n", 4);

    if (end == NULL || response.len < 12)
        return (struct reply){ .status = 0, .content_type = "" };
    struct str head = { response.data, (size_t)(end + 2 - response.data) };
    return (struct reply){
        .status = (int)strtol(response.data + 9, NULL, 10),
        .content_type = header_value(a, head, "Content-Type"),
        .body = { end + 4, response.len - head.len - 2 },
    };
}

/* ---- the scripted peer ---- */

struct scripted_peer {
    const struct str *answers;
    size_t count;
    struct buf *requests;
    size_t received;
    int listener;
    pthread_t thread;
    bool joined;
};

static void serve_one(struct scripted_peer *p, size_t i)
{
    int fd = accept(p->listener, NULL, NULL);

    if (fd < 0)
        return;
    be_patient(fd);
    receive(fd, &p->requests[i]);
    p->received = i + 1;
    send_all(fd, p->answers[i]);
    shutdown(fd, SHUT_WR);
    close(fd);
}

static void *serve(void *arg)
{
    struct scripted_peer *p = arg;

    for (size_t i = 0; i < p->count; i++)
        serve_one(p, i);
    return NULL;
}

struct scripted_peer *scripted_peer_start(const struct str *answers, size_t count, int *port)
{
    struct scripted_peer *p = calloc(1, sizeof(*p));
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);

    p->answers = answers;
    p->count = count;
    p->requests = calloc(count + 1, sizeof(*p->requests));
    for (size_t i = 0; i < count; i++)
        buf_init(&p->requests[i], BUF_MAX_DEFAULT);
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(p->listener, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(p->listener, 16) != 0)
        die("the scripted peer cannot listen");
    be_patient(p->listener); /* accept gives up, too */
    getsockname(p->listener, (struct sockaddr *)&at, &len);
    *port = ntohs(at.sin_port);
    pthread_create(&p->thread, NULL, serve, p);
    return p;
}

const struct buf *scripted_peer_requests(struct scripted_peer *p, size_t *count)
{
    if (!p->joined)
        pthread_join(p->thread, NULL);
    p->joined = true;
    *count = p->received;
    return p->requests;
}

void scripted_peer_free(struct scripted_peer *p)
{
    size_t ignored;

    scripted_peer_requests(p, &ignored);
    for (size_t i = 0; i < p->count; i++)
        buf_clear(&p->requests[i]);
    free(p->requests);
    close(p->listener);
    free(p);
}
