#include "cli/journal_print.h"

#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"

#include <string.h>

#define MARK_OK  "✓"
#define MARK_BAD "✗"

static const struct {
    const char *word, *en, *ja;
} directions[] = {
    { "received", "→ received", "→ 受信" },     { "answered", "← answered", "← 応答" },
    { "calling", "⇢ calling", "⇢ 送信" },       { "called", "⇠ called", "⇠ 受領" },
    { "stranger", "✗ stranger", "✗ 接続失敗" }, { "lost", "… lost", "… 欠落" },
    { "audited", "✎ audited", "✎ 監査" },
};

static const char *direction_shown(const char *word)
{
    for (size_t i = 0; word != NULL && i < ARRAY_LEN(directions); i++) {
        if (strcmp(directions[i].word, word) == 0)
            return language_pick(directions[i].en, directions[i].ja);
    }
    return word;
}

/* 09:15:02.123 of 2026-11-21T09:15:02.123456Z */
static const char *time_shown(struct arena *a, const char *time)
{
    return time == NULL || strlen(time) < 23 ? time : arena_printf(a, "%.12s", time + 11);
}

static const char *first_text(const struct json *list)
{
    return list != NULL && list->first != NULL ? list->first->text : NULL;
}

/* The rule or code of what is wrong, or whom and what it is about. */
static const char *about(struct arena *a, const struct json *r)
{
    const struct json *issue = json_get(r, "issues") != NULL ? json_get(r, "issues")->first : NULL;
    const char *why = json_text(r, "why"), *query = json_text(r, "query");
    const char *patient = first_text(json_get(r, "patients")), *document = first_text(json_get(r, "documents"));

    if (issue != NULL)
        return arena_printf(a, "%s %s", json_text(issue, json_text(issue, "rule") != NULL ? "rule" : "code"),
                            json_text(issue, "text"));
    if (why != NULL)
        return why;
    const char *whom = patient != NULL ? arena_strndup(a, patient, strcspn(patient, "^")) : document;
    return query != NULL && whom != NULL ? arena_printf(a, "%s %s", query, whom) : query != NULL ? query : whom;
}

#define ABOUT_COLUMNS 70

/* No wider than a terminal can bear; whole characters. */
static const char *shortened(struct arena *a, const char *text)
{
    size_t n = text != NULL ? strlen(text) : 0;

    if (n <= ABOUT_COLUMNS)
        return text;
    for (n = ABOUT_COLUMNS; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
        ;
    return arena_printf(a, "%.*s…", (int)n, text);
}

static const char *status_shown(struct arena *a, const struct json *r)
{
    const char *outcome = json_text(r, "outcome");
    double status = json_number(r, "status", 0);
    const char *mark = outcome == NULL ? "" : strcmp(outcome, "ok") == 0 ? " " MARK_OK : " " MARK_BAD;

    return status != 0 ? arena_printf(a, "%.0f%s", status, mark) : mark[0] != '\0' ? mark + 1 : NULL;
}

void journal_print_list(struct arena *a, const struct json *root, struct buf *out)
{
    struct table *t = table_new(a, "ID", language_pick("TIME", "時刻"), language_pick("DIRECTION", "向き"),
                                language_pick("TRANSACTION", "取引"), language_pick("COMMUNITY", "地域"),
                                language_pick("STATUS", "結果"), language_pick("ABOUT", "内容"), NULL);
    const struct json *records = json_get(root, "records");

    for (const struct json *r = records != NULL ? records->first : NULL; r != NULL; r = r->next)
        table_row(t, json_text(r, "id"), time_shown(a, json_text(r, "time")),
                  direction_shown(json_text(r, "direction")), json_text(r, "transaction"), json_text(r, "community"),
                  status_shown(a, r), shortened(a, about(a, r)));
    table_print(t, out);
    if (json_bool(root, "more", false))
        buf_add_text(out, language_pick("  there are more; --limit N shows them\n",
                                        "  続きがあります。--limit N で表示できます\n"));
}

void journal_print_line(struct arena *a, const struct json *r, struct buf *out)
{
    const char *const cells[] = { time_shown(a, json_text(r, "time")),
                                  json_text(r, "id"),
                                  direction_shown(json_text(r, "direction")),
                                  json_text(r, "transaction"),
                                  json_text(r, "community"),
                                  status_shown(a, r),
                                  about(a, r) };
    bool first = true;

    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        if (text_absent(cells[i]))
            continue;
        buf_printf(out, "%s%s", first ? "" : "  ", cells[i]);
        first = false;
    }
    buf_add_char(out, '\n');
}

/* ---- one record ---- */

static void issues_print(const struct json *r, struct buf *out)
{
    const struct json *issues = json_get(r, "issues");

    for (const struct json *i = issues != NULL ? issues->first : NULL; i != NULL; i = i->next) {
        const char *rule = json_text(i, "rule"), *place = json_text(i, "place"), *section = json_text(i, "section");
        buf_printf(out, "  %s %s%s%s%s%s\n      %s%s%s\n", json_text(i, "severity"), json_text(i, "code"),
                   rule != NULL ? " " : "", rule != NULL ? rule : "", section != NULL ? ", " : "",
                   section != NULL ? section : "", json_text(i, "text"), place != NULL ? "\n      " : "",
                   place != NULL ? place : "");
    }
}

static void segments_print(struct arena *a, const struct json *segments, struct buf *out)
{
    struct table *t = table_new(a, language_pick("FIELD", "項目"), language_pick("NAME", "名称"),
                                language_pick("VALUE", "値"), NULL);

    for (const struct json *s = segments->first; s != NULL; s = s->next) {
        const struct json *fields = json_get(s, "fields");
        for (const struct json *f = fields != NULL ? fields->first : NULL; f != NULL; f = f->next)
            table_row(t, json_text(f, "field"), json_text(f, "name"), json_text(f, "value"));
    }
    table_print(t, out);
}

static void parts_print(struct arena *a, const struct json *parts, struct buf *out)
{
    struct table *t = table_new(a, language_pick("PART", "添付"), language_pick("TYPE", "形式"),
                                language_pick("BYTES", "バイト数"), "SHA-1", NULL);

    for (const struct json *p = parts->first; p != NULL; p = p->next)
        table_row(t, json_text(p, "contentId"), json_text(p, "contentType"),
                  arena_printf(a, "%.0f", json_number(p, "bytes", 0)), json_text(p, "sha1"));
    table_print(t, out);
}

static void stages_print(const struct json *stages, struct buf *out)
{
    for (const struct json *s = stages->first; s != NULL; s = s->next)
        buf_printf(out, "  %s%s %.2f ms", s == stages->first ? "" : "→ ", json_text(s, "stage"),
                   json_number(s, "beganMs", 0));
    buf_add_char(out, '\n');
}

static void members_print(struct arena *a, const struct json *r, struct buf *out)
{
    static const char *const shown[] = { "time",    "daemon", "direction", "community", "actor", "transaction", "trace",
                                         "span",    "parent", "messageId", "action",    "url",   "to",          "peer",
                                         "subject", "query",  "outcome",   "why",       "fault", "contentType" };
    struct table *t = table_new(a, json_text(r, "id"), "", NULL);

    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        if (json_text(r, shown[i]) != NULL)
            table_row(t, shown[i], json_text(r, shown[i]));
    }
    if (json_number(r, "status", 0) != 0)
        table_row(t, "status", arena_printf(a, "%.0f", json_number(r, "status", 0)));
    table_print(t, out);
}

void journal_print_record(struct arena *a, const struct json *r, struct buf *out)
{
    const struct json *body = json_get(r, "body");

    members_print(a, r, out);
    issues_print(r, out);
    if (json_get(r, "stages") != NULL)
        stages_print(json_get(r, "stages"), out);
    if (json_get(r, "parts") != NULL)
        parts_print(a, json_get(r, "parts"), out);
    buf_add_char(out, '\n');
    if (json_get(body, "segments") != NULL)
        segments_print(a, json_get(body, "segments"), out);
    else if (json_text(body, "text") != NULL)
        buf_printf(out, "%s\n", json_text(body, "text"));
    if (!json_bool(body, "whole", true))
        buf_add_text(out, language_pick("  … only its beginning was kept\n", "  … 冒頭のみ記録されています\n"));
}

/* ---- the tree ---- */

static void span_print(struct arena *a, const struct json *s, const char *indent, bool is_last, struct buf *out)
{
    const char *url = json_text(s, "url"), *transaction = json_text(s, "transaction"), *why = json_text(s, "why");
    bool is_call = text_equal(json_text(s, "kind"), "call");
    const struct json *children = json_get(s, "children"), *audits = json_get(s, "audits");

    buf_printf(out, "%s%s%s %s", indent, is_last ? "└ " : "├ ", json_text(s, "daemon"),
               transaction != NULL ? transaction : "?");
    if (is_call)
        buf_printf(out, " ⇢ %s", url != NULL ? url : "?");
    else if (json_text(s, "community") != NULL)
        buf_printf(out, " %s/%s", json_text(s, "community"), json_text(s, "actor"));
    if (json_text(s, "answer") != NULL)
        buf_printf(out, "  %s  %.1f ms", status_shown(a, s), json_number(s, "durationMs", 0));
    else
        buf_add_text(out, language_pick("  (no answer)", "  (応答なし)"));
    if (audits != NULL)
        buf_printf(out, "  ✎%zu", audits->count);
    buf_printf(out, "  %s%s%s\n", json_text(s, json_text(s, "request") != NULL ? "request" : "answer"),
               why != NULL ? "  " : "", why != NULL ? why : "");
    for (const struct json *c = children != NULL ? children->first : NULL; c != NULL; c = c->next)
        span_print(a, c, arena_printf(a, "%s%s", indent, is_last ? "  " : "│ "), c->next == NULL, out);
}

void journal_print_tree(struct arena *a, const struct json *root, struct buf *out)
{
    const struct json *roots = json_get(root, "roots");

    buf_printf(out,
               language_pick("trace %s: %.0f spans, %.0f messages, %.0f audit records (✎)\n",
                             "トレース %s: スパン %.0f、電文 %.0f、監査記録 %.0f (✎)\n"),
               json_text(root, "trace"), json_number(root, "spans", 0), json_number(root, "records", 0),
               json_number(root, "audits", 0));
    for (const struct json *s = roots != NULL ? roots->first : NULL; s != NULL; s = s->next)
        span_print(a, s, "", s->next == NULL, out);
}

/* ---- a verdict ---- */

static void nearest_print(const struct json *assertion, struct buf *out)
{
    const struct json *nearest = json_get(assertion, "nearest");

    for (const struct json *m = nearest != NULL ? nearest->first : NULL; m != NULL; m = m->next) {
        const struct json *d = json_get(m, "firstDifference");
        buf_printf(out,
                   language_pick("      nearest: %s: %s should be %s, is %s\n",
                                 "      最も近い電文: %s: %s は %s のはずが %s\n"),
                   json_text(m, "id"), json_text(d, "field"), json_text(d, "expected"), json_text(d, "got"));
    }
}

void journal_print_verdict(struct arena *a UNUSED, const struct json *verdict, struct buf *out)
{
    const struct json *assertions = json_get(verdict, "assertions");

    for (const struct json *s = assertions != NULL ? assertions->first : NULL; s != NULL; s = s->next) {
        bool passed = json_bool(s, "passed", false);
        buf_printf(out, language_pick("  %s %s: %s, found %.0f\n", "  %s %s: 期待 %s、実際 %.0f\n"),
                   passed ? MARK_OK : MARK_BAD, json_text(s, "name"), json_text(s, "expected"),
                   json_number(s, "count", 0));
        if (!passed)
            nearest_print(s, out);
    }
}
