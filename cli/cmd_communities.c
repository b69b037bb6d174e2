/* kakehashi communities: who lives here; one in full; whether files are as they should be; what the rules make of one.
 */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/networks.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "wire/json.h"
#include "world/community_check.h"
#include "world/community_file.h"
#include "world/layout.h"
#include "world/linkage.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>

static int show(const struct buf *out)
{
    fwrite(out->data, 1, out->len, stdout);
    return EXIT_OK;
}

/* ---- list, one ---- */

static int list(struct args *args, const char *name)
{
    struct arena *a = args->arena;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct linkage *linkages;
    struct world *w;

    if (args_end(args) != OK || world_load(a, args->config, &w) != OK ||
        linkages_read(a, world_fixtures(a, args->config), &linkages) != OK)
        return EXIT_USAGE;
    if (name == NULL) {
        networks_print(a, w, out);
        return show(out);
    }
    const struct community *c = world_find(w, name);
    if (c == NULL) {
        fprintf(stderr,
                language_pick("kakehashi: there is no community \"%s\"; `kakehashi communities` lists them\n",
                              "kakehashi: 地域 \"%s\" はありません。`kakehashi communities` で一覧できます\n"),
                name);
        return EXIT_USAGE;
    }
    networks_print_one(a, w, c, linkages, out);
    return show(out);
}

/* ---- check ---- */

static enum rc all_files(struct arena *a, const char *folder, char ***paths, size_t *count)
{
    if (file_list(a, folder, ".json", paths, count) != OK || *count == 0) {
        fprintf(stderr, "kakehashi: no communities in %s (--fixtures names the folder above it)\n", folder);
        return E_CONFIG;
    }
    for (size_t i = 0; i < *count; i++)
        (*paths)[i] = arena_printf(a, "%s/%s", folder, (*paths)[i]);
    return OK;
}

/* Without names, the whole folder; with names, those files as if they were copied into it. */
static int check(struct args *args)
{
    struct arena *a = args->arena;
    const char *fixtures = world_fixtures(a, args->config), *folder = arena_printf(a, "%s/networks", fixtures);
    char **paths = ARENA_ARRAY(a, char *, (size_t)args->count + 1);
    struct world known = { 0 };
    struct linkage *linkages;
    size_t count = 0;

    for (const char *path; (path = args_word(args)) != NULL;)
        paths[count++] = arena_strdup(a, path);
    if (args_end(args) != OK)
        return EXIT_USAGE;
    enum rc rc = count == 0 ? all_files(a, folder, &paths, &count) : world_read(a, folder, &known);
    if (rc != OK || community_check(a, paths, count, &known) != OK || linkages_read(a, fixtures, &linkages) != OK)
        return EXIT_USAGE;
    printf(language_pick("%zu file(s) checked, no fault found\n", "%zu ファイルを検査し、誤りはありませんでした\n"),
           count);
    return EXIT_OK;
}

/* ---- layout ---- */

static int layout(struct args *args)
{
    struct arena *a = args->arena;
    const char *path = args_word(args), *slash = path == NULL ? NULL : strrchr(path, '/');
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct community c = { 0 };
    const struct json *survey;
    struct json_writer w;

    if (args_end(args) != OK || path == NULL) {
        fprintf(stderr, "kakehashi: communities layout FILE\n");
        return EXIT_USAGE;
    }
    const char *folder = slash == NULL ? "." : arena_strndup(a, path, (size_t)(slash - path));
    if (community_file_outline(a, folder, slash == NULL ? path : slash + 1, &c, &survey) != OK)
        return EXIT_USAGE;
    layout_make(a, survey, &c);
    jw_init(&w, out, true);
    layout_write(&c, &w);
    buf_add_char(out, '\n');
    return show(out);
}

static const struct {
    const char *word;
    int (*run)(struct args *args);
} verbs[] = { { "check", check }, { "layout", layout } };

int cmd_communities(struct args *args)
{
    const char *word = args_word(args);

    for (size_t i = 0; word != NULL && i < ARRAY_LEN(verbs); i++) {
        if (strcmp(word, verbs[i].word) == 0)
            return verbs[i].run(args);
    }
    return list(args, word);
}
