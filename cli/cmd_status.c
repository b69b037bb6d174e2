/* kakehashi status: what the control endpoint says of each daemon. */
#include "cli/args.h"
#include "cli/control.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdio.h>

static const char *number(struct arena *a, const struct json *object, const char *key)
{
    return arena_printf(a, "%.0f", json_number(object, key, 0));
}

static void print_daemons(struct arena *a, const struct json *root)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("DAEMON", "デーモン"), language_pick("STATE", "状態"), "PID", "TLS",
                                language_pick("PLAIN", "平文"), language_pick("MEMORY", "メモリ"),
                                language_pick("UPTIME", "稼働時間"), language_pick("RESTARTS", "再起動"), NULL);
    const struct json *daemons = json_get(root, "daemons");

    for (const struct json *d = daemons ? daemons->first : NULL; d != NULL; d = d->next)
        table_row(t, json_text(d, "name"), json_text(d, "state"), number(a, d, "pid"), number(a, d, "port"),
                  number(a, d, "plainPort"), arena_printf(a, "%.1f MB", json_number(d, "memoryKiB", 0) / 1024),
                  arena_printf(a, "%s s", number(a, d, "uptimeSeconds")), number(a, d, "restarts"));
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
}

int cmd_status(struct args *args)
{
    bool as_json = args_flag(args, "--json");
    struct control control;
    struct json *root;
    struct str body;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (control_find(args->arena, args->config, &control) != OK ||
        control_ask(&control, (struct backbone_call){ .url = "/status" }, &body) != OK ||
        json_parse(args->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    if (as_json)
        fwrite(body.data, 1, body.len, stdout);
    else
        print_daemons(args->arena, root);
    return EXIT_OK;
}
