/* kakehashi time: asks time servers (ITI-1) and says how far each is from this machine's clock. */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/str.h"
#include "wire/json.h"
#include "wire/sntp.h"

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TOLERANCE 1.0 /* seconds (ITI TF-1: 7) */
#define WAIT_MS   2000

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

/* "ntp://127.1.0.26:18115" */
static enum rc ask_url(struct arena *a, const char *url, struct sntp *answer, double *offset, double *delay)
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

/* A row; false when the clock is not to be trusted. */
static bool print_clock(struct arena *a, struct table *t, const char *key, const char *url)
{
    struct sntp answer;
    double offset, delay;

    if (ask_url(a, url, &answer, &offset, &delay) != OK) {
        table_row(t, key, url, "", "", "", language_pick("does not answer", "応答なし"));
        return false;
    }
    bool lost = answer.leap == 3 || answer.stratum == 0, off = offset > TOLERANCE || offset < -TOLERANCE;
    table_row(t, key, url, arena_printf(a, "%+.4f s", offset), arena_printf(a, "%.1f ms", delay * 1e3),
              arena_printf(a, "%d", answer.stratum),
              lost  ? language_pick("not synchronized", "未同期")
              : off ? language_pick("off by more than 1 s", "1 秒を超えるずれ")
                    : "✓");
    return !lost && !off;
}

static bool is_shown(const struct json *shown[], size_t count, const char *url)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(shown[i]->text, url))
            return true;
    }
    return false;
}

/* Each clock once; of a community, its own. */
static bool print_clocks(struct arena *a, const struct backbone *b, const char *community, struct table *t)
{
    const struct json *communities = json_get(b->endpoints, "communities");
    const struct json **shown = ARENA_ARRAY(a, const struct json *, communities->count + 1);
    bool fine = true;
    size_t count = 0;

    for (const struct json *c = communities->first; c != NULL; c = c->next) {
        const struct json *url = json_get(json_get(json_get(c, "endpoints"), "time"), "ITI-1");
        bool is_asked = community == NULL || text_equal(c->key, community) ||
                        text_equal(json_text(c, "slug"), community);
        if (url == NULL || url->text == NULL || !is_asked || is_shown(shown, count, url->text))
            continue;
        shown[count++] = url;
        fine &= print_clock(a, t, c->key, url->text);
    }
    return fine && count > 0;
}

int cmd_time(struct args *args)
{
    const char *word = args_word(args);
    struct arena *a = args->arena;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("COMMUNITY", "地域"), language_pick("SERVER", "サーバ"),
                                language_pick("OFFSET", "ずれ"), language_pick("DELAY", "往復"),
                                language_pick("STRATUM", "階層"), "", NULL);
    struct backbone b;
    bool fine;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (word != NULL && strchr(word, ':') != NULL)
        fine = print_clock(a, t, "", word);
    else if (backbone_find(a, args->config, &b) == OK)
        fine = print_clocks(a, &b, word, t);
    else
        return EXIT_FAILED;
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
    return fine ? EXIT_OK : EXIT_FAILED;
}
