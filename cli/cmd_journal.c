/* kakehashi journal: what the daemons received, answered and sent, as the control API tells it. */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/control.h"
#include "cli/journal_print.h"
#include "cli/language.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT_MAX ((size_t)1 << 30)
#define FOREVER_MS (24 * 3600 * 1000)
#define VERIFY_MS  (15 * 60 * 1000)

static int code_of(enum rc rc)
{
    return rc == OK ? EXIT_OK : EXIT_FAILED;
}

static int words_missing(const char *what)
{
    fprintf(stderr, language_pick("kakehashi: journal: %s is missing\n", "kakehashi: journal: %s がありません\n"),
            what);
    return EXIT_USAGE;
}

static int print(struct buf *out)
{
    fwrite(out->data, 1, out->len, stdout);
    return EXIT_OK;
}

/* ---- list, show, tree ---- */

static int list(struct args *args, const struct control *c)
{
    bool as_json = args_flag(args, "--json");
    const char *query = control_query(args);
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    struct json *root;
    struct str body;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    struct backbone_call call = { .url = arena_printf(args->arena, "/journal/records?%s", query),
                                  .max = BUF_MAX_DEFAULT };
    if (control_ask(c, call, &body) != OK || json_parse(args->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    if (as_json)
        buf_add_str(out, body);
    else
        journal_print_list(args->arena, root, out);
    return print(out);
}

static int show(struct args *args, const struct control *c)
{
    bool as_json = args_flag(args, "--json"), raw = args_flag(args, "--raw");
    const char *id = args_word(args);
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    struct json *root;
    struct str body;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (id == NULL)
        return words_missing("ID");
    struct backbone_call call = { .url = arena_printf(args->arena, "/journal/records/%s%s", id, raw ? "/body" : ""),
                                  .max = BUF_MAX_DEFAULT };
    if (control_ask(c, call, &body) != OK)
        return EXIT_FAILED;
    if (as_json || raw)
        buf_add_str(out, body);
    else if (json_parse(args->arena, body, &root, NULL) == OK)
        journal_print_record(args->arena, root, out);
    return print(out);
}

static int tree(struct args *args, const struct control *c)
{
    bool as_json = args_flag(args, "--json");
    const char *id = args_word(args);
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    struct json *root;
    struct str body;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (id == NULL)
        return words_missing("TRACE | ID");
    struct backbone_call call = { .url = arena_printf(args->arena, "/journal/traces/%s", id), .max = BUF_MAX_DEFAULT };
    if (control_ask(c, call, &body) != OK || json_parse(args->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    if (as_json)
        buf_add_str(out, body);
    else
        journal_print_tree(args->arena, root, out);
    return print(out);
}

/* ---- follow ---- */

struct following {
    struct buf line;
    bool as_json;
};

/* "data: {…}" of each event; everything else of the protocol is nobody's business here. */
static void line_print(const struct following *f, const char *line)
{
    struct arena *a = arena_new();
    struct json *record;

    if (text_starts(line, "data: ") && f->as_json) {
        puts(line + 6);
    } else if (text_starts(line, "data: ") && json_parse(a, str_from(line + 6), &record, NULL) == OK) {
        struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
        journal_print_line(a, record, out);
        fwrite(out->data, 1, out->len, stdout);
    }
    fflush(stdout);
    arena_free(a);
}

static enum rc on_bytes(void *user, struct str bytes)
{
    struct following *f = user;

    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.data[i] != '\n') {
            buf_add_char(&f->line, bytes.data[i]);
            continue;
        }
        line_print(f, buf_text(&f->line));
        buf_reset(&f->line);
    }
    return OK;
}

static int follow(struct args *args, const struct control *c)
{
    struct following f = { .as_json = args_flag(args, "--json") };
    const char *query = control_query(args);
    struct str body;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    buf_init(&f.line, BUF_MAX_DEFAULT);
    struct backbone_call call = { .url = arena_printf(args->arena, "/journal/follow?%s", query),
                                  .timeout_ms = FOREVER_MS,
                                  .on_bytes = on_bytes,
                                  .user = &f };
    enum rc rc = control_ask(c, call, &body);
    buf_clear(&f.line);
    return code_of(rc);
}

/* ---- export, clear ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

static int export(struct args *args, const struct control *c)
{
    const char *query = control_query(args), *file = args_word(args);
    struct str body;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (file == NULL)
        return words_missing("FILE.zip | FILE.har");
    const char *format = ends_with(file, ".har") ? "har" : "zip";
    struct backbone_call call = {
        .url = arena_printf(args->arena, "/journal/export?format=%s%s%s", format, query[0] != '\0' ? "&" : "", query),
        .timeout_ms = 60000,
        .max = EXPORT_MAX,
    };
    if (control_ask(c, call, &body) != OK || file_write(file, body, 0600) != OK)
        return EXIT_FAILED;
    printf(language_pick("%s: %zu bytes\n", "%s: %zu バイト\n"), file, body.len);
    return EXIT_OK;
}

static int clear(struct args *args, const struct control *c)
{
    struct json *root;
    struct str body;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (control_ask(c, (struct backbone_call){ .method = "DELETE", .url = "/journal/records" }, &body) != OK ||
        json_parse(args->arena, body, &root, NULL) != OK)
        return EXIT_FAILED;
    printf(language_pick("%.0f messages forgotten\n", "%.0f 件の電文を消去しました\n"),
           json_number(root, "cleared", 0));
    return EXIT_OK;
}

/* ---- verify ---- */

static enum rc file_or_input(struct args *args, const char *file, struct str *out)
{
    struct buf *text;
    char bytes[65536];

    if (strcmp(file, "-") != 0)
        return file_read(args->arena, file, BUF_MAX_DEFAULT, out);
    text = buf_new(args->arena, BUF_MAX_DEFAULT);
    for (size_t n; (n = fread(bytes, 1, sizeof(bytes), stdin)) > 0;)
        buf_add(text, bytes, n);
    *out = buf_str(text);
    return OK;
}

/* "transaction=ITI-18&patient=R0001" as the members of a "where"; percent signs are ours. */
static void where_write(struct arena *a, struct json_writer *w, const char *query)
{
    char *rest = arena_strdup(a, query), *pair;

    jw_object(w, "where");
    while ((pair = strsep(&rest, "&")) != NULL) {
        char *value = strchr(pair, '='), *to, *from;
        if (value == NULL)
            continue;
        *value++ = '\0';
        for (to = from = value; *from != '\0'; from++) {
            unsigned code;
            bool is_escape = *from == '%' && sscanf(from + 1, "%2x", &code) == 1;
            *to++ = is_escape ? (char)code : *from;
            from += is_escape ? 2 : 0;
        }
        *to = '\0';
        jw_text(w, pair, value);
    }
    jw_end_object(w);
}

/* One assertion from the command line: filters, and --exactly, --at-least, --at-most, --wait. */
static struct str one_assertion(struct args *args)
{
    static const struct {
        const char *option, *member;
    } counts[] = { { "--exactly", "exactly" }, { "--at-least", "atLeast" }, { "--at-most", "atMost" } };
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    const char *wait = args_option(args, "--wait"), *values[ARRAY_LEN(counts)];
    struct json_writer w;

    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        values[i] = args_option(args, counts[i].option);
    const char *query = control_query(args);
    jw_init(&w, out, false);
    jw_object(&w, NULL);
    if (wait != NULL)
        jw_number(&w, "waitMs", strtod(wait, NULL));
    jw_list(&w, "assertions");
    jw_object(&w, NULL);
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        if (values[i] != NULL)
            jw_number(&w, counts[i].member, strtod(values[i], NULL));
    }
    where_write(args->arena, &w, query);
    jw_end_object(&w);
    jw_end_list(&w);
    jw_end_object(&w);
    return buf_str(out);
}

static enum rc verify_ask(const struct control *c, struct str question, const char *format, struct str *answer)
{
    return control_ask(c,
                       (struct backbone_call){ .method = "POST",
                                               .url = arena_printf(c->arena, "/journal/verify?format=%s", format),
                                               .content_type = "application/json",
                                               .body = question,
                                               .timeout_ms = VERIFY_MS },
                       answer);
}

/* The verdict is the JSON's; a report is asked for once more, when nothing has to be waited for any longer. */
static int verify(struct args *args, const struct control *c)
{
    bool as_json = args_flag(args, "--json"), as_tap = args_flag(args, "--tap");
    const char *junit = args_option(args, "--junit");
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    struct str question, answer, report;
    struct json *root;
    bool has_file = args->count > 0 && (args->words[0][0] != '-' || args->words[0][1] == '\0');

    if (!has_file)
        question = one_assertion(args);
    else if (file_or_input(args, args_word(args), &question) != OK)
        return EXIT_FAILED;
    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (verify_ask(c, question, "json", &answer) != OK || json_parse(args->arena, answer, &root, NULL) != OK)
        return EXIT_USAGE;
    if (junit != NULL && (verify_ask(c, question, "junit", &report) != OK || file_write(junit, report, 0644) != OK))
        return EXIT_FAILED;
    if (as_tap && verify_ask(c, question, "tap", &report) != OK)
        return EXIT_FAILED;
    if (as_json || as_tap)
        buf_add_str(out, as_tap ? report : answer);
    else
        journal_print_verdict(args->arena, root, out);
    print(out);
    return json_bool(root, "passed", false) ? EXIT_OK : EXIT_FAILED;
}

/* ---- the command ---- */

static const struct {
    const char *name;
    int (*run)(struct args *args, const struct control *c);
} verbs[] = {
    { "list", list },     { "show", show },     { "tree", tree },   { "follow", follow },
    { "export", export }, { "verify", verify }, { "clear", clear },
};

int cmd_journal(struct args *args)
{
    const char *verb = args->count > 0 && args->words[0][0] != '-' ? args_word(args) : "list";
    struct control control;

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (strcmp(verb, verbs[i].name) != 0)
            continue;
        if (control_find(args->arena, args->config, &control) != OK)
            return EXIT_FAILED;
        return verbs[i].run(args, &control);
    }
    fprintf(stderr,
            language_pick("kakehashi: journal: there is no \"%s\"; there are list, show, tree, follow, export, verify "
                          "and clear\n",
                          "kakehashi: journal: \"%s\" はありません。list、show、tree、follow、export、verify、clear "
                          "があります\n"),
            verb);
    return EXIT_USAGE;
}
