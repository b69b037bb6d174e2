/*
 * kakehashi repository fsck: are all documents of a repository that is not running whole? The repository's own program
 * knows its store; this one finds and becomes it.
 */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/fleet.h"
#include "cli/language.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int usage(void)
{
    fprintf(stderr, "kakehashi: %s\n",
            language_pick("repository: the word behind it is fsck, maybe with --repair",
                          "repository: 続く語は fsck です (--repair も可)"));
    return EXIT_USAGE;
}

int cmd_repository(struct args *args)
{
    const char *word = args_word(args), *program;
    bool repairs = args_flag(args, "--repair");

    if (word == NULL || !text_equal(word, "fsck"))
        return usage();
    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (fleet_program(args->arena, "kakehashi-repository", &program) != OK)
        return EXIT_FAILED;
    const char *data = arena_printf(args->arena, "--data=%s", config_text(args->config, CONFIG_DATA));
    char *const argv[] = { arena_strdup(args->arena, program), arena_strdup(args->arena, "fsck"),
                           arena_strdup(args->arena, data), repairs ? arena_strdup(args->arena, "--repair") : NULL,
                           NULL };
    fflush(stdout);
    execv(program, argv);
    fprintf(stderr, "kakehashi: cannot run %s: %s\n", program, strerror(errno));
    return EXIT_FAILED;
}
