/*
 * kakehashi readyz: exit code 0 when every daemon of --data answers, for scripts and CI; with a URL, when the one
 * daemon there does, for a container's health check. With --wait as soon as that is so, at the deadline otherwise.
 */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/lock.h"

#include "base/arena.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_MS    50
#define WAIT_DIGITS 9

struct readyz {
    struct args *args;
    const char *data, *url; /* url NULL: all daemons of data */
    struct str body;
    int status;
};

/* Nothing is printed. */
static enum rc ask(struct readyz *r, struct arena *a, const char *url)
{
    return backbone_ask(a, r->data, arena_printf(a, "%s/readyz", url), &r->status, &r->body);
}

/* Quietly: is a backbone there that could be asked? */
static bool is_up(const struct readyz *r, struct arena *a)
{
    return access(backbone_endpoints_file(a, r->data), R_OK) == 0 && lock_holder(backbone_pid_file(a, r->data)) != 0;
}

static bool is_ready(struct readyz *r)
{
    struct arena *a = arena_new();
    struct backbone b = { .control = r->url };

    bool found = r->url != NULL || (is_up(r, a) && backbone_find(a, r->args->config, &b) == OK && b.control != NULL);
    bool ready = found && ask(r, a, b.control) == OK && r->status == 200;
    arena_free(a);
    return ready;
}

static void wait_until(struct readyz *r, uint64_t deadline)
{
    const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };

    while (clock_ticks() < deadline && !is_ready(r))
        nanosleep(&pause, NULL);
}

/* What is said is said of the last asking. */
static int tell(struct readyz *r)
{
    struct arena *a = r->args->arena;
    struct backbone b;

    if (r->url == NULL) {
        if (backbone_find(a, r->args->config, &b) != OK)
            return EXIT_FAILED;
        r->url = b.control;
    }
    if (r->url == NULL) {
        fprintf(stderr, "kakehashi: the daemons of %s were started by hand; name one: kakehashi readyz URL\n", b.data);
        return EXIT_USAGE;
    }
    if (ask(r, a, r->url) != OK) {
        fprintf(stderr, "kakehashi: %s/readyz does not answer\n", r->url);
        return EXIT_FAILED;
    }
    fwrite(r->body.data, 1, r->body.len, stdout);
    return r->status == 200 ? EXIT_OK : EXIT_FAILED;
}

static bool is_number(const char *text)
{
    size_t n = strlen(text);

    return n > 0 && n <= WAIT_DIGITS && strspn(text, "0123456789") == n;
}

int cmd_readyz(struct args *args)
{
    const char *wait = args_option(args, "--wait");
    struct readyz r = { .args = args, .data = backbone_data(args->arena, args->config), .url = args_word(args) };

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (wait != NULL && !is_number(wait)) {
        fprintf(stderr,
                language_pick("kakehashi: --wait takes milliseconds, not \"%s\"\n",
                              "kakehashi: --wait はミリ秒で指定してください: \"%s\"\n"),
                wait);
        return EXIT_USAGE;
    }
    if (wait != NULL)
        wait_until(&r, clock_ticks() + strtoull(wait, NULL, 10) * 1000000u);
    return tell(&r);
}
