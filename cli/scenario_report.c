/* A run told to a person line by line, as JSON, and as JUnit XML. */
#include "cli/scenario.h"

#include "cli/client.h"
#include "cli/exchange.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/xml.h"

#include <stdio.h>
#include <string.h>

#define CARRIES_WIDTH 46

/* ---- for a person ---- */

/* "まめネット → おしどりネット 応答側ゲートウェイ"; at home the name is not repeated. */
static const char *way_of(struct arena *a, const struct peer *from, const struct peer *to, const char *actor)
{
    const char *at = actor ? exchange_actor_name(actor) : "";

    if (from == to)
        return arena_printf(a, "%s → %s", peer_name(from), at);
    return arena_printf(a, "%s → %s %s", peer_name(from), peer_name(to), at);
}

static const struct peer *step_peer(const struct scenario_run *run, const struct json *step, const char *member)
{
    const char *key = json_text(step, member);

    return key == NULL ? NULL : directory_find(client_directory(run->client), key);
}

/* Lines are printed as they happen, so the widest way is found beforehand. */
static size_t ways_width(const struct scenario_run *run)
{
    size_t width = 0;

    for (const struct json *step = run->scenario->steps->first; step != NULL; step = step->next) {
        const struct exchange_row *row = exchange_find(json_text(step, "send"));
        const struct peer *from = step_peer(run, step, "from"), *to = step_peer(run, step, "to");
        const char *actor = json_text(step, "at");
        if (row == NULL || from == NULL || to == NULL)
            continue;
        width = MAX(width, table_width(way_of(run->arena, from, to, actor ? actor : row->actors[0])));
    }
    return width;
}

static void print_padded(const char *text, size_t width)
{
    size_t taken = table_width(text);

    printf("%s%*s", text, taken < width ? (int)(width - taken) : 0, "");
}

static void print_title(const struct scenario_run *run)
{
    printf("%s (%s %ld)\n", language_pick(run->scenario->en, run->scenario->ja), language_pick("run", "実行"),
           run->number);
}

static void print_sent(const struct scenario_run *run, const struct outcome *o, size_t width)
{
    printf("  %-7s ", o->transaction != NULL ? o->transaction : o->verb);
    print_padded(o->from && o->to ? way_of(run->arena, o->from, o->to, o->actor) : "", width);
    printf("  ");
    print_padded(o->carries ? o->carries : "", CARRIES_WIDTH);
    printf("  %7.1f ms  %s\n", o->ms, o->ok ? "✓" : "✗");
}

void scenario_print_step(void *user, const struct scenario_run *run, const struct outcome *o)
{
    size_t *width = user;

    if (*width == 0) {
        print_title(run);
        *width = ways_width(run);
    }
    if (o->transaction != NULL || o->to != NULL)
        print_sent(run, o, *width);
    if (!o->ok)
        printf("          ✗ %s\n", o->why ? o->why : "");
    fflush(stdout);
}

void scenario_print_end(const struct scenario_run *run)
{
    if (run->ok && run->sha1 != NULL)
        printf("%s: SHA-1 %s\n", language_pick("document identical", "文書は同一です"), run->sha1);
    else if (run->ok)
        printf("%s\n", language_pick("done", "完了しました"));
    else
        printf("%s\n", language_pick("the scenario did not succeed", "シナリオは成功しませんでした"));
}

/* ---- for programs ---- */

static void json_outcome(struct json_writer *w, const struct outcome *o)
{
    jw_object(w, NULL);
    jw_integer(w, "step", o->number);
    jw_text(w, "verb", o->verb);
    jw_text(w, "transaction", o->transaction);
    jw_text(w, "from", o->from ? o->from->key : NULL);
    jw_text(w, "to", o->to ? o->to->key : NULL);
    jw_text(w, "at", o->actor);
    jw_text(w, "carries", o->carries);
    jw_number(w, "milliseconds", o->ms);
    jw_bool(w, "ok", o->ok);
    jw_text(w, "why", o->why);
    jw_end_object(w);
}

/* Documents are variables too, but belong in no report. */
#define VALUE_MAX 256

void scenario_json(const struct scenario_run *run, struct buf *out)
{
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "scenario", run->scenario->name);
    jw_integer(&w, "run", run->number);
    jw_bool(&w, "ok", run->ok);
    jw_text(&w, "sha1", run->sha1);
    jw_list(&w, "steps");
    for (const struct outcome *o = run->outcomes; o != NULL; o = o->next)
        json_outcome(&w, o);
    jw_end_list(&w);
    jw_object(&w, "variables");
    for (const struct var *v = run->vars.first; v != NULL; v = v->next) {
        if (strlen(v->value) <= VALUE_MAX)
            jw_text(&w, v->name, v->value);
    }
    jw_end_object(&w);
    jw_end_object(&w);
    buf_add_char(out, '\n');
}

static void junit_outcome(const struct scenario_run *run, struct xml_writer *w, const struct outcome *o)
{
    struct arena *a = run->arena;
    const char *way = o->from && o->to ? way_of(a, o->from, o->to, o->actor) : o->verb;

    xw_open(w, "testcase");
    xw_attr(w, "classname", arena_printf(a, "kakehashi.%s", run->scenario->name));
    xw_attr(w, "name", arena_printf(a, "%02d %s %s", o->number, o->transaction ? o->transaction : o->verb, way));
    xw_attr(w, "time", arena_printf(a, "%.4f", o->ms / 1000));
    if (!o->ok) {
        xw_open(w, "failure");
        xw_attr(w, "message", o->why ? o->why : "");
        xw_close(w);
    }
    xw_close(w);
}

void scenario_junit(const struct scenario_run *run, struct buf *out)
{
    int tests = 0, failures = 0;
    double ms = 0;
    struct xml_writer w;

    for (const struct outcome *o = run->outcomes; o != NULL; o = o->next) {
        tests++;
        failures += !o->ok;
        ms += o->ms;
    }
    buf_add_literal(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xw_init(&w, out);
    xw_open(&w, "testsuite");
    xw_attr(&w, "name", run->scenario->name);
    xw_attr(&w, "tests", arena_printf(run->arena, "%d", tests));
    xw_attr(&w, "failures", arena_printf(run->arena, "%d", failures));
    xw_attr(&w, "time", arena_printf(run->arena, "%.4f", ms / 1000));
    for (const struct outcome *o = run->outcomes; o != NULL; o = o->next)
        junit_outcome(run, &w, o);
    xw_close(&w);
    buf_add_char(out, '\n');
}
