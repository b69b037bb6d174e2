/*
 * kakehashi readyz: exit code 0 when every daemon of --data answers, for scripts and CI; with a URL, when the one
 * daemon there does, for a container's health check.
 */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"

#include "base/arena.h"

#include <stdio.h>

int cmd_readyz(struct args *args)
{
    const char *url = args_word(args);
    struct backbone b;
    struct str body;
    int status;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (url == NULL) {
        if (backbone_find(args->arena, args->config, &b) != OK)
            return EXIT_FAILED;
        url = b.control;
    }
    if (url == NULL) {
        fprintf(stderr, "kakehashi: the daemons of %s were started by hand; name one: kakehashi readyz URL\n", b.data);
        return EXIT_USAGE;
    }
    if (backbone_ask(args->arena, backbone_data(args->arena, args->config), arena_printf(args->arena, "%s/readyz", url),
                     &status, &body) != OK) {
        fprintf(stderr, "kakehashi: %s/readyz does not answer\n", url);
        return EXIT_FAILED;
    }
    fwrite(body.data, 1, body.len, stdout);
    return status == 200 ? EXIT_OK : EXIT_FAILED;
}
