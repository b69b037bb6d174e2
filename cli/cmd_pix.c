/*
 * kakehashi pix score, kakehashi pix review: what the PIX managers made of the people, and the potential duplicates
 * that wait for somebody to decide; kakehashi pix same, apart, merged: what somebody says of two ids. The manager's own
 * program knows its store; this one finds and becomes it.
 */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/fleet.h"
#include "cli/language.h"

#include "base/str.h"

#include <stdio.h>

int cmd_pix(struct args *args)
{
    static const char *const words[] = { "score", "review", "same", "apart", "merged" };

    for (size_t i = 0; args->count > 0 && i < ARRAY_LEN(words); i++) {
        if (text_equal(args->words[0], words[i]))
            return fleet_become(args, "kakehashi-pixmgr");
    }
    fprintf(stderr, "kakehashi: %s\n",
            language_pick("pix: the word behind it is score, review, same, apart or merged",
                          "pix: 続く語は score・review・same・apart・merged のいずれかです"));
    return EXIT_USAGE;
}
