/* Lines of figures: their verdicts, as a table and as JSON. */
#include "cli/bench.h"

#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "wire/json.h"

volatile sig_atomic_t bench_stop;

void bench_add(struct bench *b, const struct bench_line *line)
{
    struct bench_line *own = ARENA_NEW(b->arena, struct bench_line);

    *own = *line;
    own->bench = b->name;
    *b->end = own;
    b->end = &own->next;
}

double bench_ratio(const struct bench_line *line)
{
    return line->comparator > 0 ? line->figure / line->comparator : 0;
}

enum bench_verdict bench_verdict(const struct bench_line *line)
{
    if (line->kind == TARGET_NONE)
        return VERDICT_NONE;
    if (line->kind == TARGET_FIGURE_BELOW)
        return line->figure < line->target ? VERDICT_MET : VERDICT_MISSED;
    if (line->kind == TARGET_FIGURE_MIN)
        return line->figure >= line->target ? VERDICT_MET : VERDICT_MISSED;
    if (line->comparator <= 0)
        return VERDICT_UNKNOWN;
    return bench_ratio(line) >= line->target ? VERDICT_MET : VERDICT_MISSED;
}

bool bench_is_met(const struct bench_line *lines)
{
    for (const struct bench_line *l = lines; l != NULL; l = l->next) {
        enum bench_verdict verdict = bench_verdict(l);
        if (verdict == VERDICT_MISSED || verdict == VERDICT_UNKNOWN)
            return false;
    }
    return true;
}

/* ---- for people ---- */

static const char *quantity(struct arena *a, double value, const char *unit)
{
    return arena_printf(a, "%.*f %s", value < 100 ? 1 : 0, value, unit);
}

static const char *comparator_text(struct arena *a, const struct bench_line *l)
{
    if (l->other == NULL)
        return NULL;
    if (l->comparator <= 0)
        return arena_printf(a, "%s: %s", l->other, language_pick("not there", "なし"));
    return arena_printf(a, "%s: %s", l->other, quantity(a, l->comparator, l->unit));
}

static const char *target_text(struct arena *a, const struct bench_line *l)
{
    switch (l->kind) {
    case TARGET_RATIO_MIN:
        return arena_printf(a, "≥ %.2f", l->target);
    case TARGET_FIGURE_BELOW:
        return arena_printf(a, "< %s", quantity(a, l->target, l->unit));
    case TARGET_FIGURE_MIN:
        return arena_printf(a, "≥ %s", quantity(a, l->target, l->unit));
    case TARGET_NONE:
        break;
    }
    return NULL;
}

static const char *verdict_text(enum bench_verdict verdict)
{
    switch (verdict) {
    case VERDICT_MET:
        return language_pick("yes", "達成");
    case VERDICT_MISSED:
        return language_pick("NO", "未達");
    case VERDICT_UNKNOWN:
        return language_pick("unknown", "不明");
    case VERDICT_NONE:
        break;
    }
    return NULL;
}

void bench_print(struct arena *a, const struct bench_line *lines, struct buf *out)
{
    struct table *t = table_new(a, language_pick("BENCH", "計測"), language_pick("WHAT", "項目"),
                                language_pick("FIGURE", "値"), language_pick("COMPARED WITH", "比較対象"),
                                language_pick("RATIO", "比"), language_pick("TARGET", "目標"),
                                language_pick("MET", "判定"), NULL);
    const char *last = NULL;

    if (lines == NULL)
        return;
    for (const struct bench_line *l = lines; l != NULL; l = l->next) {
        const char *ratio = l->comparator > 0 ? arena_printf(a, "%.2f", bench_ratio(l)) : NULL;
        table_row(t, text_equal(last, l->bench) ? NULL : l->bench, l->what, quantity(a, l->figure, l->unit),
                  comparator_text(a, l), ratio, target_text(a, l), verdict_text(bench_verdict(l)));
        last = l->bench;
    }
    table_print(t, out);
}

/* ---- for programs ---- */

static void line_write(const struct bench_line *l, struct json_writer *w)
{
    enum bench_verdict verdict = bench_verdict(l);

    jw_object(w, NULL);
    jw_text(w, "bench", l->bench);
    jw_text(w, "measure", l->key);
    jw_text(w, "unit", l->unit);
    jw_number(w, "figure", l->figure);
    if (l->other != NULL)
        jw_text(w, "comparedWith", l->other);
    if (l->comparator > 0) {
        jw_number(w, "comparator", l->comparator);
        jw_number(w, "ratio", bench_ratio(l));
    }
    static const char *const targets[] = { [TARGET_RATIO_MIN] = "ratioAtLeast",
                                           [TARGET_FIGURE_BELOW] = "figureBelow",
                                           [TARGET_FIGURE_MIN] = "figureAtLeast" };
    if (l->kind != TARGET_NONE)
        jw_number(w, targets[l->kind], l->target);
    if (verdict == VERDICT_MET || verdict == VERDICT_MISSED)
        jw_bool(w, "met", verdict == VERDICT_MET);
    jw_end_object(w);
}

void bench_write(const struct bench_line *lines, struct json_writer *w)
{
    jw_list(w, "lines");
    for (const struct bench_line *l = lines; l != NULL; l = l->next)
        line_write(l, w);
    jw_end_list(w);
}
