/* kakehashi fault: makes the daemons of a running backbone misbehave (docs/faults.md). */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/faults.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "fault/fault.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SET_MAX ((size_t)1 << 20)

static void print(const struct buf *out)
{
    fwrite(out->data, 1, out->len, stdout);
}

/* ---- kinds ---- */

static const char *parameters_of(struct arena *a, const struct fault_kind *kind)
{
    const char *all = "";

    for (int i = 0; i < FAULT_PARAMETERS && kind->parameters[i].name != NULL; i++)
        all = arena_printf(a, "%s%s%s=%s", all, i > 0 ? " " : "", kind->parameters[i].name,
                           kind->parameters[i].otherwise);
    return all;
}

static int kinds(struct args *args)
{
    struct arena *a = args->arena;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("KIND", "種類"), language_pick("FAMILY", "系統"),
                                language_pick("PARAMETERS", "パラメータ"),
                                language_pick("WHAT HAPPENS", "何が起きるか"), NULL);
    const char *only = args_word(args);

    if (args_end(args) != OK)
        return EXIT_USAGE;
    for (size_t i = 0; i < fault_kind_count(); i++) {
        const struct fault_kind *kind = fault_kind_at(i);
        const char *family = fault_family_name(kind->family);
        if (only == NULL || strcmp(only, kind->name) == 0 || strcmp(only, family) == 0)
            table_row(t, kind->name, family, parameters_of(a, kind), language_pick(kind->en, kind->ja));
    }
    table_print(t, out);
    print(out);
    return EXIT_OK;
}

/* ---- changing the list ---- */

struct list {
    struct arena *arena;
    struct backbone backbone;
    struct json *root; /* {"faults": […]} */
};

static int list_load(struct args *args, struct list *l)
{
    struct str text;
    const char *why = NULL;

    *l = (struct list){ .arena = args->arena };
    if (backbone_find(args->arena, args->config, &l->backbone) != OK ||
        faults_read(args->arena, &l->backbone, &text) != OK)
        return EXIT_FAILED;
    if (json_parse(args->arena, text, &l->root, &why) == OK && json_get(l->root, "faults") != NULL)
        return EXIT_OK;
    fprintf(stderr, "kakehashi: %s/faults.json: %s\n", l->backbone.data, why != NULL ? why : "it has no faults");
    return EXIT_FAILED;
}

/* The next "f1", "f2" … that nobody has. */
static const char *fresh_id(const struct list *l, int beyond)
{
    long highest = 0;

    for (const struct json *j = json_get(l->root, "faults")->first; j != NULL; j = j->next) {
        const char *id = json_text(j, "id");
        if (id != NULL && id[0] == 'f')
            highest = MAX(highest, strtol(id + 1, NULL, 10));
    }
    return arena_printf(l->arena, "f%ld", highest + beyond);
}

static void write_rules(const struct list *l, struct json_writer *w, char *const *without)
{
    struct fault_rule rule;
    const char *why;

    for (const struct json *j = json_get(l->root, "faults")->first; j != NULL; j = j->next) {
        bool stays = true;
        for (char *const *id = without; id != NULL && *id != NULL; id++)
            stays = stays && !text_equal(json_text(j, "id"), *id) && !text_equal(json_text(j, "kind"), *id);
        if (!stays || fault_rule_read(l->arena, j, &rule, &why) != OK)
            continue;
        jw_object(w, NULL);
        fault_rule_write(w, &rule);
        jw_end_object(w);
    }
}

static void begin(struct json_writer *w, struct buf *text)
{
    jw_init(w, text, true);
    jw_object(w, NULL);
    jw_list(w, "faults");
}

static int end(const struct list *l, struct json_writer *w)
{
    jw_end_list(w);
    jw_end_object(w);
    enum rc rc = faults_set(l->arena, &l->backbone, buf_str(w->out));
    return rc == OK ? EXIT_OK : rc == E_REFUSED ? EXIT_USAGE : EXIT_FAILED;
}

/* ---- add ---- */

/* --community 0035,0026 and its like: a list; the others: a text, or a number. */
static const struct {
    const char *option, *member;
    char kind; /* l: list, t: text, n: number */
} limits[] = {
    { "--community", "community", 'l' },
    { "--peer", "peer", 'l' },
    { "--prefecture", "prefecture", 't' },
    { "--actor", "actor", 't' },
    { "--transaction", "transaction", 't' },
    { "--direction", "direction", 't' },
    { "--patient", "patient", 't' },
    { "--contains", "contains", 't' },
    { "--nth", "nth", 'n' },
    { "--every", "every", 'n' },
    { "--times", "times", 'n' },
    { "--probability", "probability", 'n' },
    { "--after", "after", 'n' },
    { "--for", "for", 'n' },
};

static void write_list(struct arena *a, struct json_writer *w, const char *key, const char *commas)
{
    jw_list(w, key);
    for (const char *c = commas; *c != '\0'; c += strcspn(c, ",") + (c[strcspn(c, ",")] == ',')) {
        if (c[0] != ',')
            jw_text(w, NULL, arena_strndup(a, c, strcspn(c, ",")));
    }
    jw_end_list(w);
}

/* A number that is none goes as a text, and is refused with the member's name. */
static void write_limit(struct arena *a, struct json_writer *w, size_t i, const char *value)
{
    char *rest;
    double number = strtod(value, &rest);

    if (limits[i].kind == 'l')
        write_list(a, w, limits[i].member, value);
    else if (limits[i].kind == 'n' && rest != value && *rest == '\0')
        jw_number(w, limits[i].member, number);
    else
        jw_text(w, limits[i].member, value);
}

static void write_match(struct args *args, struct json_writer *w)
{
    jw_object(w, "match");
    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        const char *value = args_option(args, limits[i].option);
        if (value != NULL)
            write_limit(args->arena, w, i, value);
    }
    jw_end_object(w);
}

/* False: a word that is no NAME=VALUE. */
static bool write_with(struct args *args, struct json_writer *w)
{
    const char *word;

    jw_object(w, "with");
    while ((word = args_word(args)) != NULL) {
        const char *equals = strchr(word, '=');
        if (equals == NULL) {
            fprintf(stderr, "kakehashi: fault add: %s is no NAME=VALUE\n", word);
            return false;
        }
        jw_text(w, arena_strndup(args->arena, word, (size_t)(equals - word)), equals + 1);
    }
    jw_end_object(w);
    return true;
}

static int add(struct args *args)
{
    struct buf *text = buf_new(args->arena, BUF_MAX_DEFAULT);
    const char *kind = args_word(args);
    struct json_writer w;
    struct list l;

    if (kind == NULL) {
        fprintf(stderr, "kakehashi: %s\n",
                language_pick("fault add: name a kind; `kakehashi fault kinds` lists them",
                              "fault add: 種類を指定してください。一覧は `kakehashi fault kinds`"));
        return EXIT_USAGE;
    }
    int code = list_load(args, &l);
    if (code != EXIT_OK)
        return code;
    const char *id = fresh_id(&l, 1);
    begin(&w, text);
    write_rules(&l, &w, NULL);
    jw_object(&w, NULL);
    jw_text(&w, "id", id);
    jw_text(&w, "kind", kind);
    write_match(args, &w);
    bool fits = write_with(args, &w);
    jw_end_object(&w);
    if (!fits || args_end(args) != OK)
        return EXIT_USAGE;
    code = end(&l, &w);
    if (code == EXIT_OK)
        printf("%s\n", id);
    return code;
}

/* ---- use ---- */

static const char *set_file(struct args *args, const char *name)
{
    const char *of_fixtures = arena_printf(args->arena, "%s/faults/%s.json", world_fixtures(args->arena, args->config),
                                           name);

    return strchr(name, '/') == NULL && access(of_fixtures, R_OK) == 0 ? of_fixtures : name;
}

static int use(struct args *args)
{
    struct buf *text = buf_new(args->arena, BUF_MAX_DEFAULT);
    const char *name = args_word(args), *why = NULL;
    struct json_writer w;
    struct fault_rule rule;
    struct list l;
    struct str content;
    struct json *set;

    if (name == NULL || args_end(args) != OK)
        return EXIT_USAGE;
    int code = list_load(args, &l), n = 0;
    if (code != EXIT_OK)
        return code;
    if (file_read(args->arena, set_file(args, name), SET_MAX, &content) != OK ||
        json_parse(args->arena, content, &set, &why) != OK || json_get(set, "faults") == NULL) {
        fprintf(stderr, "kakehashi: fault use: %s: %s\n", name, why != NULL ? why : "no such set of faults");
        return EXIT_USAGE;
    }
    begin(&w, text);
    write_rules(&l, &w, NULL);
    for (const struct json *j = json_get(set, "faults")->first; j != NULL; j = j->next) {
        if (fault_rule_read(args->arena, j, &rule, &why) != OK) {
            fprintf(stderr, "kakehashi: %s: %s\n", name, why);
            return EXIT_USAGE;
        }
        rule.fault.id = fresh_id(&l, ++n);
        jw_object(&w, NULL);
        fault_rule_write(&w, &rule);
        jw_end_object(&w);
    }
    return end(&l, &w);
}

/* ---- clear ---- */

static bool is_set(const struct list *l, const char *id)
{
    for (const struct json *j = json_get(l->root, "faults")->first; j != NULL; j = j->next) {
        if (text_equal(json_text(j, "id"), id) || text_equal(json_text(j, "kind"), id))
            return true;
    }
    return false;
}

static int clear(struct args *args)
{
    struct buf *text = buf_new(args->arena, BUF_MAX_DEFAULT);
    struct json_writer w;
    struct list l;

    int code = list_load(args, &l);
    if (code != EXIT_OK)
        return code;
    for (int i = 0; i < args->count; i++) {
        if (!is_set(&l, args->words[i])) {
            fprintf(stderr,
                    language_pick("kakehashi: no fault %s is set\n", "kakehashi: 不具合 %s は設定されていません\n"),
                    args->words[i]);
            return EXIT_USAGE;
        }
    }
    begin(&w, text);
    if (args->count > 0)
        write_rules(&l, &w, args->words);
    return end(&l, &w);
}

/* ---- list ---- */

/* {"community":["0035"],"transaction":"ITI-18"} → community=0035 transaction=ITI-18 */
static const char *members_text(struct arena *a, const struct json *object)
{
    const char *all = "";

    for (const struct json *m = object != NULL ? object->first : NULL; m != NULL; m = m->next) {
        const char *value = m->text;
        if (m->type == JSON_T_NUMBER)
            value = arena_printf(a, "%g", m->number);
        for (const struct json *item = m->type == JSON_T_LIST ? m->first : NULL; item != NULL; item = item->next)
            value = value == NULL ? item->text : arena_printf(a, "%s,%s", value, item->text);
        all = arena_printf(a, "%s%s%s=%s", all, all[0] != '\0' ? " " : "", m->key, value != NULL ? value : "");
    }
    return all;
}

static void print_faults(struct arena *a, const struct json *root)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, "ID", language_pick("KIND", "種類"), language_pick("WITH", "パラメータ"),
                                language_pick("MATCH", "条件"), language_pick("MATCHED", "該当"),
                                language_pick("INJECTED", "注入"), NULL);

    for (const struct json *j = json_get(root, "faults")->first; j != NULL; j = j->next)
        table_row(t, json_text(j, "id"), json_text(j, "kind"), members_text(a, json_get(j, "with")),
                  members_text(a, json_get(j, "match")), arena_printf(a, "%.0f", json_number(j, "matched", 0)),
                  arena_printf(a, "%.0f", json_number(j, "injected", 0)));
    table_print(t, out);
    print(out);
}

static int list(struct args *args)
{
    bool as_json = args_flag(args, "--json");
    struct backbone b;
    struct json *root;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (backbone_find(args->arena, args->config, &b) != OK || faults_counted(args->arena, &b, &root) != OK)
        return EXIT_FAILED;
    if (!as_json) {
        print_faults(args->arena, root);
        return EXIT_OK;
    }
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    json_write(out, root);
    buf_add_char(out, '\n');
    print(out);
    return EXIT_OK;
}

static const struct {
    const char *name;
    int (*run)(struct args *args);
} verbs[] = { { "add", add }, { "use", use }, { "list", list }, { "clear", clear }, { "kinds", kinds } };

int cmd_fault(struct args *args)
{
    const char *verb = args_word(args);

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (text_equal(verbs[i].name, verb))
            return verbs[i].run(args);
    }
    fprintf(stderr, "kakehashi: %s\n",
            language_pick("fault: add, use, list, clear or kinds is expected",
                          "fault: add、use、list、clear、kinds のいずれかを指定してください"));
    return EXIT_USAGE;
}
