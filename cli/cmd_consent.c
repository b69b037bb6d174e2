/* kakehashi consent: what patients of a running backbone let other communities see (docs/consent.md). */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/control.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "wire/query_string.h"

#include <stdio.h>

/* ---- in words ---- */

static const struct {
    const char *word, *en, *ja;
} words[] = {
    { "given", "given", "同意あり" },
    { "withdrawn", "withdrawn", "撤回" },
    { "new", "new: not covered yet", "新規 (未同意)" },
    { "all", "everything", "すべて" },
    { "named", "what is named", "指定分のみ" },
    { "nothing", "nothing", "なし" },
    { "implied", "implied, by public notice", "黙示同意" },
    { "network", "for the whole network", "参加施設すべてに一括" },
    { "facility", "by facility", "施設毎" },
    { "physician", "by physician", "医師毎" },
};

static const char *in_words(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (text_equal(words[i].word, word))
            return language_is_japanese() ? words[i].ja : words[i].en;
    }
    return word == NULL ? language_pick("not stated", "記載なし") : word;
}

static const char *by_language(const struct json *j)
{
    return json_text(j, language_is_japanese() ? "ja" : "en");
}

static void print(const struct buf *out)
{
    fwrite(out->data, 1, out->len, stdout);
}

static void list_print(struct arena *a, const struct json *root)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("PATIENT", "患者"), language_pick("STATE", "状態"),
                                language_pick("COVERS", "対象"), language_pick("CHANGED", "変更"),
                                language_pick("DOCUMENT", "同意文書"), NULL);
    const struct json *list = json_get(root, "consents");

    for (const struct json *c = list != NULL ? list->first : NULL; c != NULL; c = c->next)
        table_row(t, json_text(c, "patient"), in_words(json_text(c, "state")), in_words(json_text(c, "covers")),
                  json_text(c, "changed"), json_text(c, "document"));
    table_print(t, out);
    buf_printf(out,
               language_pick("  consent %s; whoever is not listed has given it\n",
                             "  同意方式: %s。一覧にない患者は同意ありとして扱う\n"),
               in_words(json_text(root, "model")));
    print(out);
}

static void one_print(struct arena *a, const struct json *root)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("FACILITY, PHYSICIAN", "施設・医師"), language_pick("NAME", "名称"),
                                language_pick("STATE", "状態"), NULL);
    const struct json *parts = json_get(root, "parts");

    buf_printf(out, "  %s  %s (%s)\n  %s  %s\n", json_text(root, "patient"), in_words(json_text(root, "state")),
               in_words(json_text(root, "model")), json_text(root, "policy"), by_language(root));
    if (json_text(root, "document") != NULL)
        buf_printf(out, language_pick("  document %s\n", "  同意文書 %s\n"), json_text(root, "document"));
    for (const struct json *p = parts != NULL ? parts->first : NULL; p != NULL; p = p->next)
        table_row(t, json_text(p, "facility") != NULL ? json_text(p, "facility") : json_text(p, "physician"),
                  json_text(p, "name"), in_words(json_text(p, "state")));
    if (parts != NULL && parts->first != NULL)
        table_print(t, out);
    print(out);
}

/* ---- verbs ---- */

static const struct verb {
    const char *name, *method, *path;
    bool is_of_patient, takes_parts;
} verbs[] = {
    { "list", "GET", "/consent", false, false },     { "show", "GET", "/consent/patient", true, false },
    { "give", "POST", "/consent/give", true, true }, { "withdraw", "POST", "/consent/withdraw", true, true },
    { "add", "POST", "/consent/add", true, true },
};

static const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (text_equal(verbs[i].name, name))
            return &verbs[i];
    }
    return NULL;
}

/* What the command line asks for. */
struct wish {
    const struct verb *verb;
    const char *community, *patient, *facility, *physician;
    bool as_json;
};

/* Options first: what follows them is no word of ours. */
static struct wish wish_read(struct args *args)
{
    struct wish w = { .facility = args_option(args, "--facility"),
                      .physician = args_option(args, "--physician"),
                      .as_json = args_flag(args, "--json"),
                      .verb = verb_find(args_word(args)),
                      .community = args_word(args) };

    if (w.verb != NULL && w.verb->is_of_patient)
        w.patient = args_word(args);
    return w;
}

static bool is_complete(const struct wish *w)
{
    bool is_of_parts = w->facility != NULL || w->physician != NULL;

    return w->verb != NULL && w->community != NULL && (w->patient != NULL || !w->verb->is_of_patient) &&
           (w->verb->takes_parts || !is_of_parts);
}

static const char *url_of(struct arena *a, const struct wish *w)
{
    struct buf *url = buf_new(a, BUF_MAX_DEFAULT);

    buf_add_text(url, w->verb->path);
    query_string_add(url, "community", w->community);
    query_string_add(url, "patient", w->patient);
    query_string_add(url, "facility", w->facility);
    query_string_add(url, "physician", w->physician);
    return buf_text(url);
}

static int run(struct args *args, const struct wish *w)
{
    struct backbone_call call = { .method = w->verb->method, .url = url_of(args->arena, w), .max = BUF_MAX_DEFAULT };
    struct control c;
    struct json *root;
    struct str body;

    if (control_find(args->arena, args->config, &c) != OK || control_ask(&c, call, &body) != OK ||
        json_parse(args->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    if (w->as_json)
        fwrite(body.data, 1, body.len, stdout);
    else if (w->verb->is_of_patient)
        one_print(args->arena, root);
    else
        list_print(args->arena, root);
    return EXIT_OK;
}

int cmd_consent(struct args *args)
{
    struct wish w = wish_read(args);

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (is_complete(&w))
        return run(args, &w);
    fprintf(stderr, "kakehashi: %s\n",
            language_pick("consent: list COMMUNITY, or show, give, withdraw or add COMMUNITY PATIENT, is expected",
                          "consent: list 地域、または show・give・withdraw・add 地域 患者 を指定してください"));
    return EXIT_USAGE;
}
