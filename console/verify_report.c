/* The verdict as JSON, as JUnit XML and as TAP 13. */
#include "console/verify.h"

#include "base/arena.h"
#include "console/render.h"
#include "wire/json.h"
#include "wire/xml.h"

/* ---- JSON ---- */

static void miss_write(struct arena *a, const struct assertion *s, const struct miss *m, struct json_writer *w)
{
    struct difference d = miss_explain(a, s, m->entry);
    struct view v = view_of(a, m->entry);

    jw_object(w, NULL);
    jw_text(w, "id", entry_id(a, m->entry));
    jw_integer(w, "differences", m->differences);
    jw_object(w, "firstDifference");
    jw_text(w, "field", d.field);
    jw_text(w, "expected", d.expected);
    jw_text(w, "got", d.got);
    jw_end_object(w);
    render_short(w, "record", &v);
    jw_end_object(w);
}

static void assertion_write(struct arena *a, const struct assertion *s, struct json_writer *w)
{
    jw_object(w, NULL);
    jw_text(w, "name", s->name);
    jw_bool(w, "passed", s->passed);
    jw_text(w, "expected", assertion_expects(a, s));
    jw_integer(w, "count", s->count);
    jw_list(w, "found");
    for (long long i = 0; i < MIN(s->count, VERIFY_SHOWN); i++)
        jw_text(w, NULL, s->found[i]);
    jw_end_list(w);
    if (!s->passed && s->count < s->least) {
        jw_list(w, "nearest");
        for (size_t i = 0; i < s->nearest_count; i++)
            miss_write(a, s, &s->nearest[i], w);
        jw_end_list(w);
    }
    jw_end_object(w);
}

void verify_write(struct arena *a, const struct verify *v, double took_ms, struct json_writer *w)
{
    jw_object(w, NULL);
    jw_text(w, "name", v->name);
    jw_bool(w, "passed", v->passed);
    jw_number(w, "tookMs", took_ms);
    jw_list(w, "assertions");
    for (const struct assertion *s = v->assertions; s != NULL; s = s->next)
        assertion_write(a, s, w);
    jw_end_list(w);
    jw_end_object(w);
}

/* ---- text ---- */

static const char *summary_line(struct arena *a, const struct assertion *s)
{
    return arena_printf(a, "expected %s, found %lld", assertion_expects(a, s), s->count);
}

/* A line for each of the nearest misses, or for what should not have been there. */
static const char *details(struct arena *a, const struct assertion *s)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    if (s->count >= s->least) {
        for (long long i = 0; i < MIN(s->count, VERIFY_SHOWN); i++)
            buf_printf(out, "found: %s\n", s->found[i]);
        return buf_text(out);
    }
    for (size_t i = 0; i < s->nearest_count; i++) {
        struct difference d = miss_explain(a, s, s->nearest[i].entry);
        buf_printf(out, "nearest: %s: %s: expected %s, got %s\n", entry_id(a, s->nearest[i].entry), d.field, d.expected,
                   d.got);
    }
    return buf_text(out);
}

/* ---- JUnit ---- */

static void case_write(struct arena *a, const struct verify *v, const struct assertion *s, struct xml_writer *w)
{
    xw_open(w, "testcase");
    xw_attr(w, "classname", v->name);
    xw_attr(w, "name", s->name);
    if (!s->passed) {
        xw_open(w, "failure");
        xw_attr(w, "message", summary_line(a, s));
        xw_text(w, details(a, s));
        xw_close(w);
    }
    xw_close(w);
}

void verify_junit(struct arena *a, const struct verify *v, double took_ms, struct buf *out)
{
    struct xml_writer w;
    int count = 0, failures = 0;

    for (const struct assertion *s = v->assertions; s != NULL; s = s->next) {
        count++;
        failures += !s->passed;
    }
    buf_add_literal(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xw_init(&w, out);
    xw_open(&w, "testsuites");
    xw_open(&w, "testsuite");
    xw_attr(&w, "name", v->name);
    xw_attr(&w, "tests", arena_printf(a, "%d", count));
    xw_attr(&w, "failures", arena_printf(a, "%d", failures));
    xw_attr(&w, "errors", "0");
    xw_attr(&w, "time", arena_printf(a, "%.3f", took_ms / 1000));
    for (const struct assertion *s = v->assertions; s != NULL; s = s->next)
        case_write(a, v, s, &w);
    xw_close(&w);
    xw_close(&w);
    buf_add_char(out, '\n');
}

/* ---- TAP ---- */

/* A name must not look like a directive or a plan. */
static const char *tap_name(struct arena *a, const char *name)
{
    char *text = arena_strdup(a, name);

    for (char *c = text; *c != '\0'; c++) {
        if (*c == '#' || *c == '\n' || *c == '\r' || *c == '\\')
            *c = ' ';
    }
    return text;
}

void verify_tap(struct arena *a, const struct verify *v, struct buf *out)
{
    int n = 0;

    for (const struct assertion *s = v->assertions; s != NULL; s = s->next)
        n++;
    buf_printf(out, "TAP version 13\n1..%d\n", n);
    n = 0;
    for (const struct assertion *s = v->assertions; s != NULL; s = s->next) {
        buf_printf(out, "%sok %d - %s\n", s->passed ? "" : "not ", ++n, tap_name(a, s->name));
        if (s->passed)
            continue;
        char *rest = arena_strdup(a, details(a, s)), *line;
        buf_printf(out, "# %s\n", summary_line(a, s));
        while ((line = strsep(&rest, "\n")) != NULL)
            buf_printf(out, line[0] != '\0' ? "# %s\n" : "%s", line);
    }
}
