/* The reports of validate: for people, for programs, for CI (JUnit), for code scanners (SARIF 2.1.0). */
#include "cli/language.h"
#include "cli/verdict.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/json.h"
#include "wire/xml.h"

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* ---- text ---- */

static void finding_text(const struct finding *f, struct buf *out)
{
    buf_printf(out, "  %s", language_pick(f->is_warning ? "warning" : "error", f->is_warning ? "警告" : "エラー"));
    if (f->rule != NULL)
        buf_printf(out, " %s (%s)", f->rule, f->section);
    else if (f->code != NULL)
        buf_printf(out, " %s", f->code);
    if (f->place != NULL)
        buf_printf(out, language_pick(" at %s", " 場所 %s"), f->place);
    buf_printf(out, "\n    %s\n", f->text);
    const char *asked = language_pick("asked", "規則");
    if (f->en != NULL)
        buf_printf(out, "    %s: %s\n", asked, language_is_japanese() ? f->ja : f->en);
}

static void verdict_text(const struct verdict *v, struct buf *out)
{
    bool is_fine = v->errors == 0;

    buf_printf(out, "%s %s: %s", is_fine ? "✓" : "✗", v->name,
               v->what != NULL ? v->what : language_pick("of no kind that is known", "種類が分かりません"));
    if (v->errors + v->warnings > 0)
        buf_printf(out, language_pick(", %d error(s), %d warning(s)", "、エラー %d 件、警告 %d 件"), v->errors,
                   v->warnings);
    buf_add_char(out, '\n');
    for (const struct finding *f = v->first; f != NULL; f = f->next)
        finding_text(f, out);
    if (is_fine && v->needs_store)
        buf_printf(out, "    %s\n",
                   language_pick("whether patients, documents and earlier messages fit was not asked: that takes a "
                                 "running backbone (kakehashi send, or your product)",
                                 "患者・文書・先の電文との整合は見ていません。動いている基盤に送って確かめてください"));
}

void verdicts_text(const struct verdicts *all, struct buf *out)
{
    int errors = 0, warnings = 0;

    for (size_t i = 0; i < all->count; i++) {
        verdict_text(&all->list[i], out);
        errors += all->list[i].errors;
        warnings += all->list[i].warnings;
    }
    if (all->count > 1)
        buf_printf(
            out, language_pick("%zu messages, %d error(s), %d warning(s)\n", "電文 %zu 件、エラー %d 件、警告 %d 件\n"),
            all->count, errors, warnings);
}

/* ---- JSON ---- */

static void finding_json(struct json_writer *w, const struct finding *f)
{
    jw_object(w, NULL);
    jw_text(w, "rule", f->rule);
    jw_text(w, "severity", f->is_warning ? "warning" : "error");
    jw_text(w, "section", f->section);
    jw_text(w, "code", f->code);
    jw_text(w, "place", f->place);
    jw_text(w, "text", f->text);
    jw_text(w, "en", f->en);
    jw_text(w, "ja", f->ja);
    jw_end_object(w);
}

void verdicts_json(const struct verdicts *all, struct buf *out)
{
    struct json_writer w;

    jw_init(&w, out, true);
    jw_list(&w, NULL);
    for (size_t i = 0; i < all->count; i++) {
        const struct verdict *v = &all->list[i];
        jw_object(&w, NULL);
        jw_text(&w, "file", v->name);
        jw_text(&w, "what", v->what);
        jw_bool(&w, "needsStore", v->needs_store);
        jw_integer(&w, "errors", v->errors);
        jw_integer(&w, "warnings", v->warnings);
        jw_list(&w, "findings");
        for (const struct finding *f = v->first; f != NULL; f = f->next)
            finding_json(&w, f);
        jw_end_list(&w);
        jw_end_object(&w);
    }
    jw_end_list(&w);
    buf_add_char(out, '\n');
}

/* ---- JUnit ---- */

static void failure_junit(struct arena *a, const struct verdict *v, struct xml_writer *w)
{
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);

    for (const struct finding *f = v->first; f != NULL; f = f->next)
        finding_text(f, text);
    xw_open(w, v->errors > 0 ? "failure" : "system-out");
    if (v->errors > 0)
        xw_attr(w, "message", v->first->text);
    xw_text(w, buf_text(text));
    xw_close(w);
}

void verdicts_junit(struct arena *a, const struct verdicts *all, struct buf *out)
{
    struct xml_writer w;
    int failures = 0;

    for (size_t i = 0; i < all->count; i++)
        failures += all->list[i].errors > 0;
    buf_add_literal(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xw_init(&w, out);
    xw_open(&w, "testsuite");
    xw_attr(&w, "name", "kakehashi.validate");
    xw_attr(&w, "tests", arena_printf(a, "%zu", all->count));
    xw_attr(&w, "failures", arena_printf(a, "%d", failures));
    for (size_t i = 0; i < all->count; i++) {
        xw_open(&w, "testcase");
        xw_attr(&w, "classname", "kakehashi.validate");
        xw_attr(&w, "name", all->list[i].name);
        if (all->list[i].first != NULL)
            failure_junit(a, &all->list[i], &w);
        xw_close(&w);
    }
    xw_close(&w);
    buf_add_char(out, '\n');
}

/* ---- SARIF ---- */

static void message_sarif(struct json_writer *w, const char *key, const char *text)
{
    jw_object(w, key);
    jw_text(w, "text", text);
    jw_end_object(w);
}

static void rules_sarif(struct json_writer *w)
{
    jw_list(w, "rules");
    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
        const struct rule_row *row = rule_row((enum rule)i);
        jw_object(w, NULL);
        jw_text(w, "id", row->id);
        message_sarif(w, "shortDescription", row->en);
        message_sarif(w, "fullDescription", row->ja);
        message_sarif(w, "help", row->section);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void result_sarif(struct json_writer *w, const struct verdict *v, const struct finding *f)
{
    jw_object(w, NULL);
    if (f->rule != NULL)
        jw_text(w, "ruleId", f->rule);
    jw_text(w, "level", f->is_warning ? "warning" : "error");
    message_sarif(w, "message", f->text);
    jw_list(w, "locations");
    jw_object(w, NULL);
    jw_object(w, "physicalLocation");
    jw_object(w, "artifactLocation");
    jw_text(w, "uri", v->name);
    jw_end_object(w);
    jw_end_object(w);
    if (f->place != NULL) {
        jw_list(w, "logicalLocations");
        jw_object(w, NULL);
        jw_text(w, "fullyQualifiedName", f->place);
        jw_end_object(w);
        jw_end_list(w);
    }
    jw_end_object(w);
    jw_end_list(w);
    jw_end_object(w);
}

void verdicts_sarif(const struct verdicts *all, struct buf *out)
{
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "$schema", SARIF_SCHEMA);
    jw_text(&w, "version", "2.1.0");
    jw_list(&w, "runs");
    jw_object(&w, NULL);
    jw_object(&w, "tool");
    jw_object(&w, "driver");
    jw_text(&w, "name", "kakehashi validate");
    jw_text(&w, "version", KK_VERSION);
    rules_sarif(&w);
    jw_end_object(&w);
    jw_end_object(&w);
    jw_list(&w, "results");
    for (size_t i = 0; i < all->count; i++) {
        for (const struct finding *f = all->list[i].first; f != NULL; f = f->next)
            result_sarif(&w, &all->list[i], f);
    }
    jw_end_list(&w);
    jw_end_object(&w);
    jw_end_list(&w);
    jw_end_object(&w);
    buf_add_char(out, '\n');
}
