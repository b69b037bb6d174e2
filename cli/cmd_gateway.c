/*
 * kakehashi gateway: how the gateways of a running backbone find who holds a patient, and which communities they do not
 * ask just now; both can be changed.
 */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/control.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/str.h"

#include <stdio.h>

/* ---- showing ---- */

static const char *state_text(struct arena *a, const struct json *g)
{
    long long failures = (long long)json_number(g, "failures", 0);

    if (text_equal(json_text(g, "state"), "open"))
        return arena_printf(a, language_pick("not asked: %s", "問い合わせ停止中: %s"), json_text(g, "why"));
    return failures == 0
               ? ""
               : arena_printf(a, language_pick("%lld failed, %s", "%lld 回失敗、%s"), failures, json_text(g, "why"));
}

static void print(struct arena *a, const struct json *root)
{
    struct table *t = table_new(a, language_pick("COMMUNITY", "地域"), language_pick("NAME", "名称"),
                                language_pick("FINDS PATIENTS BY", "患者の探し方"),
                                language_pick("WAITED FOR (MS)", "待ち時間 (ms)"), language_pick("REMEMBERS", "記憶"),
                                language_pick("STATE", "状態"), NULL);
    const struct json *list = json_get(root, "gateways");
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    for (const struct json *g = list != NULL ? list->first : NULL; g != NULL; g = g->next)
        table_row(t, json_text(g, "community"), json_text(g, "name"), json_text(g, "strategy"),
                  arena_printf(a, "%.0f", json_number(g, "deadlineMs", 0)),
                  arena_printf(a, "%.0f", json_number(g, "remembered", 0)), state_text(a, g));
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
}

static int ask(struct args *args, bool as_json, struct backbone_call call)
{
    struct control c;
    struct json *root;
    struct str body;

    if (control_find(args->arena, args->config, &c) != OK || control_ask(&c, call, &body) != OK ||
        json_parse(args->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    if (as_json)
        fwrite(body.data, 1, body.len, stdout);
    else
        print(args->arena, root);
    return EXIT_OK;
}

/* ---- words ---- */

static int usage(void)
{
    fprintf(stderr, "kakehashi: gateway [list [COMMUNITY]] | use STRATEGY COMMUNITY | forget COMMUNITY [--json]\n");
    return EXIT_USAGE;
}

static int list(struct args *args, bool as_json)
{
    const char *community = args_word(args);

    if (args_end(args) != OK)
        return EXIT_USAGE;
    const char *query = community == NULL ? "" : arena_printf(args->arena, "?community=%s", community);
    return ask(args, as_json, (struct backbone_call){ .url = arena_printf(args->arena, "/gateways%s", query) });
}

static int use(struct args *args, bool as_json)
{
    const char *strategy = args_word(args), *community = args_word(args);

    if (community == NULL)
        return usage();
    if (args_end(args) != OK)
        return EXIT_USAGE;
    const char *url = arena_printf(args->arena, "/gateways/%s?strategy=%s", community, strategy);
    return ask(args, as_json, (struct backbone_call){ .method = "PUT", .url = url });
}

static int forget(struct args *args, bool as_json)
{
    const char *community = args_word(args);

    if (community == NULL)
        return usage();
    if (args_end(args) != OK)
        return EXIT_USAGE;
    return ask(
        args, as_json,
        (struct backbone_call){ .method = "DELETE", .url = arena_printf(args->arena, "/gateways/%s", community) });
}

static const struct {
    const char *word;
    int (*run)(struct args *args, bool as_json);
} verbs[] = { { "list", list }, { "use", use }, { "forget", forget } };

int cmd_gateway(struct args *args)
{
    bool as_json = args_flag(args, "--json");
    const char *word = args_word(args);

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (word == NULL || text_equal(word, verbs[i].word))
            return verbs[i].run(args, as_json);
    }
    return usage();
}
