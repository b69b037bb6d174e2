/* kakehashi coverage: what a run has exercised, and what not, as the control API tells it. */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/control.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *key, *en, *ja, *missing_en, *missing_ja;
} lists[] = {
    { "transactions", "transactions", "トランザクション", "not asked for", "未実行" },
    { "queries", "stored queries", "ストアドクエリ", "not asked", "未実行" },
    { "parameters", "query parameters", "クエリのパラメータ", "not used", "未使用" },
    { "rules", "rules broken", "違反のあった規則", "not broken", "違反なし" },
    { "errors", "error codes answered", "応答されたエラーコード", "not answered", "応答なし" },
};

static const char *number(struct arena *a, const struct json *j, const char *key)
{
    return arena_printf(a, "%.0f", json_number(j, key, 0));
}

static void print_sums(struct arena *a, const struct json *root, struct buf *out)
{
    struct table *t = table_new(a, language_pick("exercised", "実行"), language_pick("of", "全体"), "", NULL);

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const struct json *list = json_get(root, lists[i].key);
        table_row(t, number(a, list, "exercised"), number(a, list, "of"), language_pick(lists[i].en, lists[i].ja));
    }
    buf_printf(out, language_pick("%.0f messages of the journal\n\n", "記録された電文 %.0f 件\n\n"),
               json_number(root, "records", 0));
    table_print(t, out);
}

static const char *fraction(struct arena *a, const struct json *community, const char *key)
{
    const struct json *j = json_get(community, key);

    return arena_printf(a, "%.0f/%.0f", json_number(j, "exercised", 0), json_number(j, "of", 0));
}

static void print_communities(struct arena *a, const struct json *root, struct buf *out)
{
    const struct json *all = json_get(root, "communities");
    struct table *t = table_new(a, language_pick("community", "地域"), "", language_pick("transactions", "取引"),
                                language_pick("queries", "クエリ"), language_pick("parameters", "パラメータ"),
                                language_pick("rules", "規則"), language_pick("errors", "エラー"), NULL);

    for (const struct json *c = all != NULL ? all->first : NULL; c != NULL; c = c->next)
        table_row(t, c->key, json_text(c, "name"), fraction(a, c, "transactions"), fraction(a, c, "queries"),
                  fraction(a, c, "parameters"), fraction(a, c, "rules"), fraction(a, c, "errors"));
    buf_add_char(out, '\n');
    table_print(t, out);
}

static void print_missing(const struct json *root, size_t i, struct buf *out)
{
    const struct json *items = json_get(json_get(root, lists[i].key), "items");
    bool any = false;

    for (const struct json *item = items != NULL ? items->first : NULL; item != NULL; item = item->next) {
        if (json_number(item, "count", 0) > 0)
            continue;
        if (!any)
            buf_printf(out, "\n%s, %s:\n", language_pick(lists[i].en, lists[i].ja),
                       language_pick(lists[i].missing_en, lists[i].missing_ja));
        any = true;
        buf_printf(out, "  %s", json_text(item, "name"));
        if (json_text(item, "of") != NULL)
            buf_printf(out, "  %s", json_text(item, "of"));
        if (json_text(item, "about") != NULL)
            buf_printf(out, "  %s", json_text(item, "about"));
        buf_add_char(out, '\n');
    }
}

static void print(struct arena *a, const struct json *root, struct buf *out)
{
    print_sums(a, root, out);
    print_communities(a, root, out);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        print_missing(root, i, out);
}

static int page(const struct control *c, const char *query, const char *file)
{
    struct backbone_call call = { .url = arena_printf(c->arena, "/coverage?format=html&%s", query),
                                  .max = BUF_MAX_DEFAULT };
    struct str body;

    return control_ask(c, call, &body) == OK && file_write(file, body, 0644) == OK ? EXIT_OK : EXIT_FAILED;
}

int cmd_coverage(struct args *args)
{
    const char *file = args_option(args, "--html");
    bool as_json = args_flag(args, "--json");
    struct control c;
    struct json *root;
    struct str body;

    if (control_find(args->arena, args->config, &c) != OK)
        return EXIT_FAILED;
    const char *query = control_query(args);
    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (file != NULL)
        return page(&c, query, file);
    struct backbone_call call = { .url = arena_printf(args->arena, "/coverage?%s", query), .max = BUF_MAX_DEFAULT };
    if (control_ask(&c, call, &body) != OK || json_parse(args->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    if (as_json)
        buf_add_str(out, body);
    else
        print(args->arena, root, out);
    fwrite(out->data, 1, out->len, stdout);
    return EXIT_OK;
}
