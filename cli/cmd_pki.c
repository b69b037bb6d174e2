/*
 * kakehashi pki: makes the certificates that are missing under --data and shows where all lie; `pki show` only shows.
 * While a backbone runs there, its `up` has made them, so there is nothing to make.
 */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/lock.h"
#include "cli/pki.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum rc make(struct arena *a, const struct config *c, const char *data, const struct world *world)
{
    const char *pid_file = backbone_pid_file(a, data);
    pid_t holder;
    size_t made;
    int fd;

    TRY(file_mkdirs(data, 0700));
    enum rc rc = lock_take(pid_file, &fd, &holder);
    if (rc == E_EXISTS)
        return OK;
    TRY(rc);
    rc = pki_make(a, data, world, config_text(c, CONFIG_BIND), &made);
    lock_drop(pid_file, fd);
    TRY(rc);
    printf(language_pick("made %zu certificates\n", "証明書を %zu 枚作りました\n"), made);
    return OK;
}

static enum rc show(struct arena *a, const char *data, const struct world *world)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    if (access(pki_user(a, data).ca, R_OK) != 0) {
        fprintf(stderr,
                language_pick("kakehashi: there are no certificates at %s; `kakehashi pki` makes them\n",
                              "kakehashi: %s に証明書はありません。`kakehashi pki` で作れます\n"),
                data);
        return E_NOT_FOUND;
    }
    pki_print(a, data, world, out);
    fwrite(out->data, 1, out->len, stdout);
    return OK;
}

int cmd_pki(struct args *args)
{
    const char *verb = args_word(args), *data = backbone_data(args->arena, args->config);
    bool only_show = verb != NULL && strcmp(verb, "show") == 0;
    struct world *world;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (verb != NULL && !only_show) {
        fprintf(stderr, "kakehashi: pki %s: there is only `pki` and `pki show`\n", verb);
        return EXIT_USAGE;
    }
    if (world_load(args->arena, args->config, &world) != OK)
        return EXIT_USAGE;
    if (!only_show && make(args->arena, args->config, data, world) != OK)
        return EXIT_FAILED;
    return show(args->arena, data, world) == OK ? EXIT_OK : EXIT_FAILED;
}
