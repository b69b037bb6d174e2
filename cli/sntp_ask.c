#include "cli/sntp_ask.h"

#include "base/arena.h"
#include "base/str.h"

#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 2000

static int64_t now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_family = AF_INET }, *at;
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &at) != 0)
        return -1;
    fd = socket(at->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
        close(fd);
        fd = -1;
    }
    freeaddrinfo(at);
    return fd;
}

static enum rc ask(int fd, struct sntp *answer, int64_t *sent, int64_t *came)
{
    struct sntp question = { .version = 4, .mode = 3 };
    struct pollfd p = { .fd = fd, .events = POLLIN };
    char packet[SNTP_PACKET];

    question.transmit = *sent = now();
    sntp_write(packet, &question);
    if (send(fd, packet, sizeof(packet), 0) < 0 || poll(&p, 1, WAIT_MS) != 1)
        return E_TIMEOUT;
    ssize_t n = recv(fd, packet, sizeof(packet), 0);
    *came = now();
    return n < 0 ? E_PEER : sntp_read((struct str){ packet, (size_t)n }, answer);
}

enum rc sntp_ask(struct arena *a, const char *url, struct sntp *answer, double *offset, double *delay)
{
    const char *host = strstr(url, "://") != NULL ? strstr(url, "://") + 3 : url, *port = strrchr(host, ':');
    int64_t sent, came;

    int fd = connect_to(port != NULL ? arena_strndup(a, host, (size_t)(port - host)) : host,
                        port != NULL ? port + 1 : "123");
    if (fd < 0)
        return E_PEER;
    enum rc rc = ask(fd, answer, &sent, &came);
    close(fd);
    TRY(rc);
    *offset = sntp_offset(answer, sent, came);
    *delay = sntp_delay(answer, sent, came);
    return OK;
}
