#include "cli/bench_backbone.h"

#include "cli/backbone.h"
#include "cli/bench.h"
#include "cli/process.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "world/world.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_MS     3600000  /* people are seeded meanwhile */
#define CALL_TIMEOUT "120000" /* a document of 1 GB on a slow disk */
#define LOG_MAX      ((size_t)1 << 20)

static struct config *client_config(struct bench *b, const char *data)
{
    struct config *c = config_default(b->arena);

    if (config_set(c, CONFIG_DATA, data) != OK || config_set(c, CONFIG_CALL_TIMEOUT, CALL_TIMEOUT) != OK)
        die("the bench's own configuration does not fit");
    return c;
}

static const char *fixtures_path(struct bench *b)
{
    char *path = realpath(world_fixtures(b->arena, b->config), NULL);

    if (path == NULL)
        return world_fixtures(b->arena, b->config);
    arena_defer(b->arena, free, path);
    return path;
}

static enum rc up_start(struct bench *b, const struct bench_world *world, int out_fd, struct bench_backbone *bb)
{
    const char *loops_text = arena_printf(b->arena, "%d", world->loops);
    const char *const argv[] = { "kakehashi",
                                 "up",
                                 "--json",
                                 "--communities",
                                 world->communities,
                                 "--population",
                                 world->population,
                                 "--ports",
                                 "auto",
                                 "--log-level",
                                 "warn",
                                 "--loops",
                                 loops_text,
                                 "--journal",
                                 world->journal != NULL ? world->journal : "on",
                                 "--data",
                                 config_text(bb->config, CONFIG_DATA),
                                 "--fixtures",
                                 fixtures_path(b),
                                 "--audit",
                                 world->audit != NULL ? world->audit : "off",
                                 "--call-timeout",
                                 world->call_timeout != 0 ? arena_printf(b->arena, "%d", world->call_timeout)
                                                          : config_row(CONFIG_CALL_TIMEOUT)->initial,
                                 world->records_to != NULL ? "--records-to" : NULL,
                                 world->records_to,
                                 NULL };

    return process_start(&(struct process_spec){ .program = "/proc/self/exe",
                                                 .argv = argv,
                                                 .out_fd = out_fd,
                                                 .log = arena_printf(b->arena, "%s/up.log", b->folder) },
                         &bb->pid);
}

/* The rest of endpoints.json, whose last line is "}": `up` does nothing else before it has got rid of it. */
static enum rc rest_read(int fd)
{
    char bytes[65536], end[3] = "";

    for (ssize_t n; (n = read(fd, bytes, sizeof(bytes))) > 0;) {
        for (ssize_t i = MAX(n - 3, 0); i < n; i++) {
            memmove(end, end + 1, 2);
            end[2] = bytes[i];
        }
        if (memcmp(end, "\n}\n", 3) == 0)
            return OK;
    }
    return E_PEER;
}

/* `up` prints endpoints.json once everything answers. */
static enum rc ready_wait(const struct bench_backbone *bb)
{
    struct pollfd ready = { .fd = bb->out_fd, .events = POLLIN };
    char byte;

    if (poll(&ready, 1, START_MS) != 1)
        return bench_stop ? E_CANCELLED : E_TIMEOUT;
    return read(bb->out_fd, &byte, 1) == 1 ? OK : E_PEER;
}

static void complain(struct bench *b)
{
    struct str text;

    if (file_read(b->arena, arena_printf(b->arena, "%s/up.log", b->folder), LOG_MAX, &text) == OK)
        fwrite(text.data, 1, text.len, stderr);
    log_error("the backbone to be measured did not start");
}

enum rc bench_world_start(struct bench *b, const struct bench_world *world, struct bench_backbone *out)
{
    struct bench_backbone bb = { .config = client_config(b, arena_printf(b->arena, "%s/%s", b->folder,
                                                                         world->data != NULL ? world->data : "data")) };
    uint64_t start = clock_ticks();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        die("cannot make a pipe: %s", strerror(errno));
    bb.out_fd = ends[0];
    enum rc rc = up_start(b, world, ends[1], &bb);
    close(ends[1]);
    if (rc == OK)
        rc = ready_wait(&bb);
    bb.ready_ms = (double)(clock_ticks() - start) / 1e6;
    if (rc == OK)
        rc = rest_read(bb.out_fd);
    if (rc != OK) {
        bench_backbone_stop(&bb);
        if (rc != E_CANCELLED)
            complain(b);
        return rc;
    }
    *out = bb;
    return OK;
}

enum rc bench_backbone_start(struct bench *b, int loops, struct bench_backbone *out)
{
    return bench_world_start(b, &(struct bench_world){ BENCH_COMMUNITIES, "0", loops }, out);
}

void bench_backbone_stop(struct bench_backbone *bb)
{
    if (bb->pid != 0)
        process_stop(bb->pid);
    close(bb->out_fd);
    bb->pid = 0;
}

static pid_t pid_in(const struct json *status, const char *name)
{
    const struct json *daemons = json_get(status, "daemons");

    for (const struct json *d = daemons ? daemons->first : NULL; d != NULL; d = d->next) {
        if (text_equal(json_text(d, "name"), name))
            return (pid_t)json_number(d, "pid", 0);
    }
    return 0;
}

enum rc bench_backbone_daemon(struct bench *b, const struct bench_backbone *bb, const char *name, pid_t *out)
{
    struct backbone backbone;
    struct json *root = NULL;
    struct str body;
    int status;

    TRY(backbone_find(b->arena, bb->config, &backbone));
    TRY(backbone_ask(b->arena, backbone.data, arena_printf(b->arena, "%s/status", backbone.control), &status, &body));
    if (json_parse(b->arena, body, &root, NULL) != OK || (*out = pid_in(root, name)) == 0) {
        log_error("no process of the %s", name);
        return E_NOT_FOUND;
    }
    return OK;
}
