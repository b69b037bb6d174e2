/* kakehashi snapshot: the data of a running backbone, saved under a name, restored, and as one file for elsewhere. */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/control.h"
#include "cli/language.h"
#include "cli/snapshot_file.h"
#include "cli/table.h"

#include "actor/state.h"
#include "base/arena.h"
#include "base/buf.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHANGE_MS 600000

/* ---- asked of the control API ---- */

static int list(struct control *c, const char *name UNUSED, const char *file UNUSED, bool as_json)
{
    struct table *t = table_new(c->arena, language_pick("NAME", "名前"), language_pick("SAVED", "保存日時"),
                                language_pick("SEED", "シード"), language_pick("POPULATION", "人数"), NULL);
    struct buf *out = buf_new(c->arena, BUF_MAX_DEFAULT);
    struct json *root;

    if (control_json(c, "/snapshots", &root) != OK)
        return EXIT_FAILED;
    for (const struct json *s = json_get(root, "snapshots")->first; s != NULL; s = s->next)
        table_row(t, json_text(s, "name"), json_text(s, "saved"), json_text(s, "seed"), json_text(s, "population"));
    if (as_json) {
        json_write(out, root);
        buf_add_char(out, '\n');
    } else {
        table_print(t, out);
    }
    fwrite(out->data, 1, out->len, stdout);
    return EXIT_OK;
}

static int change(struct control *c, const char *method, const char *url, bool as_json)
{
    struct backbone_call call = { .method = method, .url = url, .timeout_ms = CHANGE_MS };
    struct json *root;
    struct str body;

    if (control_ask(c, call, &body) != OK || json_parse(c->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    if (as_json)
        fwrite(body.data, 1, body.len, stdout);
    else
        printf("%s %s, %.1f ms\n", root->first->key, root->first->text, json_number(root, "tookMs", 0));
    return EXIT_OK;
}

static int save(struct control *c, const char *name, const char *file UNUSED, bool as_json)
{
    return change(c, "PUT", arena_printf(c->arena, "/snapshots/%s", name), as_json);
}

static int restore(struct control *c, const char *name, const char *file UNUSED, bool as_json)
{
    return change(c, "POST", arena_printf(c->arena, "/snapshots/%s/restore", name), as_json);
}

static int remove_one(struct control *c, const char *name, const char *file UNUSED, bool as_json)
{
    return change(c, "DELETE", arena_printf(c->arena, "/snapshots/%s", name), as_json);
}

/* ---- files: of the folder that the backbone keeps them in ---- */

static const char *folder_of(const struct control *c, const char *name)
{
    return arena_printf(c->arena, "%s/snapshots/%s", c->backbone.data, name);
}

static int told(enum rc rc, const char *what)
{
    if (rc == OK)
        return EXIT_OK;
    fprintf(stderr, "kakehashi: snapshot: %s: %s\n", what,
            rc == E_NOT_FOUND ? language_pick("there is none", "ありません")
            : rc == E_REFUSED
                ? language_pick("this is no file of a snapshot", "スナップショットのファイルではありません")
            : rc == E_LIMIT ? language_pick("a document is too large for one file", "文書が大きすぎます")
                            : language_pick("it cannot be written", "書き込めません"));
    return EXIT_FAILED;
}

static int export(struct control *c, const char *name, const char *file, bool as_json UNUSED)
{
    if (access(arena_printf(c->arena, "%s/snapshot.json", folder_of(c, name)), F_OK) != 0)
        return told(E_NOT_FOUND, name);
    return told(snapshot_pack(c->arena, folder_of(c, name), file), file);
}

static int import(struct control *c, const char *name, const char *file, bool as_json UNUSED)
{
    if (access(folder_of(c, name), F_OK) == 0) {
        fprintf(stderr,
                language_pick("kakehashi: snapshot: there is a \"%s\" already\n",
                              "kakehashi: snapshot: \"%s\" はすでにあります\n"),
                name);
        return EXIT_FAILED;
    }
    return told(snapshot_unpack(c->arena, file, folder_of(c, name)), file);
}

static const struct {
    const char *word;
    int words; /* behind it */
    int (*run)(struct control *c, const char *name, const char *file, bool as_json);
} verbs[] = {
    { "list", 0, list },         { "save", 1, save },     { "restore", 1, restore },
    { "remove", 1, remove_one }, { "export", 2, export }, { "import", 2, import },
};

int cmd_snapshot(struct args *args)
{
    bool as_json = args_flag(args, "--json");
    const char *verb = args->count > 0 ? args_word(args) : "list", *name = args_word(args), *file = args_word(args);
    struct control c;

    for (size_t i = 0; verb != NULL && i < ARRAY_LEN(verbs); i++) {
        if (strcmp(verb, verbs[i].word) != 0)
            continue;
        if (args_end(args) != OK || (name != NULL) + (file != NULL) != verbs[i].words ||
            (name != NULL && !state_is_name(name)))
            break;
        return control_find(args->arena, args->config, &c) == OK ? verbs[i].run(&c, name, file, as_json) : EXIT_FAILED;
    }
    fprintf(stderr, language_pick(
                        "kakehashi: snapshot list | save NAME | restore NAME | remove NAME | export NAME FILE | import "
                        "NAME FILE; a name has letters, digits, \"-\", \"_\" and \".\"\n",
                        "kakehashi: snapshot list | save 名前 | restore 名前 | remove 名前 | export 名前 ファイル | "
                        "import 名前 ファイル (名前は英数字と - _ .)\n"));
    return EXIT_USAGE;
}
