/* kakehashi audit: what the audit record repository holds, and whether it is complete beside the journals. */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/reconcile.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SETTLE_MS 1500 /* records of the last transactions are on their way */

struct audit_command {
    struct args *args;
    struct arena *arena;
    struct backbone backbone;
    const char *base; /* "https://localhost:18109/audit" */
    bool as_json;
};

/* ---- asking ---- */

static enum rc find_repository(struct audit_command *c)
{
    const struct json *communities;

    TRY(backbone_find(c->arena, c->args->config, &c->backbone));
    communities = json_get(c->backbone.endpoints, "communities");
    for (const struct json *n = communities != NULL ? communities->first : NULL; n != NULL; n = n->next) {
        const char *url = backbone_url(&c->backbone, "endpoints", n->key, "audit", "ITI-81");
        const char *end = url != NULL ? strstr(url, "/audit/") : NULL;
        if (end == NULL)
            continue;
        c->base = arena_printf(c->arena, "%.*s/audit", (int)(end - url), url);
        return OK;
    }
    fputs(language_pick("kakehashi: no audit record repository runs here\n",
                        "kakehashi: 監査リポジトリが動いていません\n"),
          stderr);
    return E_NOT_FOUND;
}

static enum rc ask(struct audit_command *c, const char *path, struct str *body)
{
    const char *url = arena_printf(c->arena, "%s/%s", c->base, path);
    int status = 0;

    enum rc rc = backbone_ask(c->arena, c->backbone.data, url, &status, body);
    if (rc == OK && status == 200)
        return OK;
    fprintf(stderr, "kakehashi: %s: %s %.*s\n", url,
            rc == OK ? "HTTP" : language_pick("does not answer", "応答がありません"), rc == OK ? (int)body->len : 0,
            rc == OK ? body->data : "");
    return E_PEER;
}

static enum rc ask_json(struct audit_command *c, const char *path, struct json **out)
{
    struct str body;

    TRY(ask(c, path, &body));
    return json_parse(c->arena, body, out, NULL);
}

/* ---- list, show ---- */

static void print_records(struct arena *a, const struct json *page)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, "#", language_pick("TIME", "時刻"), language_pick("SOURCE", "発生元"),
                                language_pick("TRANSACTION", "取引"), language_pick("EVENT", "事象"),
                                language_pick("ACTION", "動作"), language_pick("OUTCOME", "結果"),
                                language_pick("FINDINGS", "所見"), NULL);
    const struct json *records = json_get(page, "records");

    for (const struct json *r = records != NULL ? records->first : NULL; r != NULL; r = r->next) {
        const char *faults = json_text(r, "faults");
        table_row(t, arena_printf(a, "%.0f", json_number(r, "id", 0)), json_text(r, "time"), json_text(r, "source"),
                  json_text(r, "type"), json_text(r, "event"), json_text(r, "action"),
                  arena_printf(a, "%.0f", json_number(r, "outcome", 0)),
                  faults != NULL ? arena_strndup(a, faults, MIN(strcspn(faults, "\n"), (size_t)80)) : NULL);
    }
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
}

static int list(struct audit_command *c)
{
    bool faulty = args_flag(c->args, "--faulty");
    const char *limit = args_option(c->args, "--limit"), *community = args_word(c->args);
    struct json *page;
    struct str body;

    if (args_end(c->args) != OK)
        return EXIT_USAGE;
    if (find_repository(c) != OK)
        return EXIT_FAILED;
    const char *path = arena_printf(c->arena, "%s/records?newest=1&limit=%s%s", community != NULL ? community : "all",
                                    limit != NULL ? limit : "50", faulty ? "&faulty=1" : "");
    if (ask(c, path, &body) != OK)
        return EXIT_FAILED;
    if (c->as_json) {
        fwrite(body.data, 1, body.len, stdout);
        putchar('\n');
    } else if (json_parse(c->arena, body, &page, NULL) == OK) {
        print_records(c->arena, page);
    }
    return EXIT_OK;
}

static int show(struct audit_command *c)
{
    const char *id = args_word(c->args);
    struct str body;

    if (id == NULL || id[strspn(id, "0123456789")] != '\0' || args_end(c->args) != OK) {
        fputs("kakehashi: audit show NUMBER: the number is in `kakehashi audit list`\n", stderr);
        return EXIT_USAGE;
    }
    if (find_repository(c) != OK ||
        ask(c, arena_printf(c->arena, c->as_json ? "all/AuditEvent/%s" : "all/records/%s", id), &body) != OK)
        return EXIT_FAILED;
    fwrite(body.data, 1, body.len, stdout);
    putchar('\n');
    return EXIT_OK;
}

/* ---- reconcile ---- */

static enum rc read_repository(struct audit_command *c, struct audit_entry **out)
{
    int64_t last = 0;
    bool more = true;

    *out = NULL;
    while (more) {
        struct json *page;
        int64_t before = last;
        TRY(ask_json(c, arena_printf(c->arena, "all/records?after=%lld&limit=1000", (long long)last), &page));
        actual_read(c->arena, page, out, &last);
        more = json_bool(page, "more", false) && last > before;
    }
    return OK;
}

static const char *describe(struct arena *a, const struct audit_entry *e)
{
    if (e == NULL)
        return "";
    char *objects = arena_strdup(a, e->objects != NULL ? e->objects : "?");
    for (char *p = objects; *p != '\0'; p++)
        *p = *p == '\n' ? ' ' : *p;
    return arena_printf(a, "%s %s %d %s", e->event, e->action, e->outcome, objects);
}

static const char *time_of(struct arena *a, const struct audit_entry *e)
{
    char iso[CLOCK_ISO_MS_LEN];

    clock_iso_ms(e->time, iso);
    return arena_strdup(a, iso);
}

static const char *kind_shown(enum difference kind)
{
    static const char *const ja[DIFFERENCES] = { "欠落", "重複", "不一致", "余分" };

    return language_pick(difference_word(kind), ja[kind]);
}

static void print_findings(struct arena *a, const struct reconciled *r)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, "", language_pick("TIME", "時刻"), language_pick("SOURCE", "発生元"),
                                language_pick("TRANSACTION", "取引"), language_pick("EXPECTED", "あるべき記録"),
                                language_pick("FOUND", "実際の記録"), "#", NULL);

    for (const struct finding *f = r->first; f != NULL; f = f->next) {
        const struct audit_entry *e = f->expected != NULL ? f->expected : f->actual;
        const char *source = f->expected != NULL && f->expected->is_outside
                                 ? arena_printf(a, language_pick("peer of %s", "%s の相手"), e->source)
                                 : e->source;
        table_row(t, kind_shown(f->kind), time_of(a, e), source, e->transaction, describe(a, f->expected),
                  describe(a, f->actual), f->actual != NULL ? arena_printf(a, "%lld", (long long)f->actual->id) : "");
    }
    if (r->first != NULL)
        table_print(t, out);
    buf_printf(out,
               language_pick("%zu records expected, %zu found; %zu missing, %zu doubled, %zu wrong, %zu unexpected\n",
                             "あるべき記録 %zu 件、一致 %zu 件。欠落 %zu、重複 %zu、不一致 %zu、余分 %zu\n"),
               r->expected, r->matched, r->counts[RECORD_MISSING], r->counts[RECORD_DOUBLED], r->counts[RECORD_WRONG],
               r->counts[RECORD_UNEXPECTED]);
    fwrite(out->data, 1, out->len, stdout);
}

static void write_entry(struct arena *a, struct json_writer *w, const char *key, const struct audit_entry *e)
{
    if (e == NULL)
        return;
    jw_object(w, key);
    jw_text(w, "time", time_of(a, e));
    jw_text(w, "community", e->community);
    jw_text(w, "source", e->source);
    jw_text(w, "transaction", e->transaction);
    jw_text(w, "event", e->event);
    jw_text(w, "action", e->action);
    jw_integer(w, "outcome", e->outcome);
    jw_text(w, "objects", e->objects);
    if (e->id != 0)
        jw_integer(w, "record", e->id);
    jw_end_object(w);
}

static void print_json(struct arena *a, const struct reconciled *r)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_integer(&w, "expected", (long long)r->expected);
    jw_integer(&w, "matched", (long long)r->matched);
    jw_list(&w, "findings");
    for (const struct finding *f = r->first; f != NULL; f = f->next) {
        jw_object(&w, NULL);
        jw_text(&w, "kind", difference_word(f->kind));
        write_entry(a, &w, "expected", f->expected);
        write_entry(a, &w, "found", f->actual);
        jw_end_object(&w);
    }
    jw_end_list(&w);
    jw_end_object(&w);
    buf_add_char(out, '\n');
    fwrite(out->data, 1, out->len, stdout);
}

static int reconcile_all(struct audit_command *c)
{
    bool outside = args_flag(c->args, "--outside");
    const struct timespec settle = { SETTLE_MS / 1000, SETTLE_MS % 1000 * 1000000L };
    struct audit_entry *expected, *actual;
    struct reconciled r;
    int64_t from, until = (int64_t)(clock_wall_us() / 1000);

    if (args_end(c->args) != OK)
        return EXIT_USAGE;
    if (find_repository(c) != OK)
        return EXIT_FAILED;
    nanosleep(&settle, NULL);
    enum rc rc = expected_read(c->arena, c->backbone.data, outside, &expected, &from);
    if (rc != OK) {
        fprintf(stderr,
                language_pick("kakehashi: there are no journals at %s (--journal on keeps them)\n",
                              "kakehashi: %s にジャーナルがありません (--journal on で残ります)\n"),
                c->backbone.data);
        return EXIT_FAILED;
    }
    if (read_repository(c, &actual) != OK)
        return EXIT_FAILED;
    reconcile(c->arena, expected, actual, from, until, &r);
    (c->as_json ? print_json : print_findings)(c->arena, &r);
    return r.first == NULL ? EXIT_OK : EXIT_FAILED;
}

int cmd_audit(struct args *args)
{
    static const struct {
        const char *word;
        int (*run)(struct audit_command *c);
    } verbs[] = { { "list", list }, { "show", show }, { "reconcile", reconcile_all } };
    struct audit_command c = { .args = args, .arena = args->arena, .as_json = args_flag(args, "--json") };
    const char *verb = args_word(args);

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (text_equal(verb, verbs[i].word))
            return verbs[i].run(&c);
    }
    fputs("kakehashi: audit list [COMMUNITY] [--faulty] [--limit N] | show NUMBER | reconcile [--outside]\n", stderr);
    return EXIT_USAGE;
}
