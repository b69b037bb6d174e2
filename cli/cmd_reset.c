/* kakehashi reset: the data, the faults and the journal of a running backbone as they were when it had been seeded. */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/control.h"
#include "cli/language.h"

#include "base/arena.h"

#include <stdio.h>

int cmd_reset(struct args *args)
{
    bool as_json = args_flag(args, "--json");
    const char *what = args_word(args);
    struct control c;
    struct json *root;
    struct str body;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (control_find(args->arena, args->config, &c) != OK)
        return EXIT_FAILED;
    struct backbone_call call = { .method = "POST",
                                  .url = arena_printf(args->arena, "/reset?what=%s", what != NULL ? what : "all"),
                                  .timeout_ms = 60000 };
    if (control_ask(&c, call, &body) != OK || json_parse(args->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    if (as_json)
        fwrite(body.data, 1, body.len, stdout);
    else
        printf(language_pick("reset: %s, in %.1f ms\n", "%s を初期状態に戻しました (%.1f ms)\n"),
               json_text(root, "reset"), json_number(root, "tookMs", 0));
    return EXIT_OK;
}
