/*
 * kakehashi repository fsck: are all documents of a repository that is not running whole? The repository's own program
 * knows its store; this one finds and becomes it.
 */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/fleet.h"
#include "cli/language.h"

#include "base/str.h"

#include <stdio.h>

static int usage(void)
{
    fprintf(stderr, "kakehashi: %s\n",
            language_pick("repository: the word behind it is fsck, maybe with --repair",
                          "repository: 続く語は fsck です (--repair も可)"));
    return EXIT_USAGE;
}

int cmd_repository(struct args *args)
{
    if (args->count == 0 || !text_equal(args->words[0], "fsck"))
        return usage();
    return fleet_become(args, "kakehashi-repository");
}
