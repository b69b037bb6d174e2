#include "console/verify.h"

#include "base/arena.h"
#include "console/moment.h"

#include <string.h>

/* ---- what an assertion asks beside its filters ---- */

static bool is_after(const struct assertion *s, const struct entry *e)
{
    return s->after == NULL || (s->after->first_us != 0 && e->time_us > s->after->first_us);
}

static bool is_within(const struct assertion *s, const struct entry *e)
{
    return s->within_ms < 0 || s->after == NULL ||
           (s->after->first_us != 0 && e->time_us <= s->after->first_us + (uint64_t)s->within_ms * 1000);
}

static bool is_of_trace(const struct assertion *s, const struct entry *e)
{
    return s->same_trace == NULL ||
           (s->same_trace->first_us != 0 && memcmp(e->trace, s->same_trace->first_trace, sizeof(e->trace)) == 0);
}

static struct miss compare(const struct assertion *s, struct view *v)
{
    struct entry *e = v->entry;
    struct miss m = { .entry = e, .differences = !is_after(s, e) + !is_within(s, e) + !is_of_trace(s, e) };

    for (size_t i = 0; i < s->where.count; i++) {
        const struct filter *f = &s->where.all[i];
        if (filter_matches(f, v))
            continue;
        m.differences++;
        m.blanks += !field_is_there(f->field, v);
    }
    return m;
}

/* ---- judging ---- */

static void found(struct arena *a, struct assertion *s, const struct entry *e)
{
    if (s->count == 0) {
        s->first_us = e->time_us;
        memcpy(s->first_trace, e->trace, sizeof(s->first_trace));
    }
    if (s->count < VERIFY_SHOWN)
        s->found[s->count] = entry_id(a, e);
    s->count++;
}

/* A record that was refused by another rule is nearer than one that was not refused at all. */
static bool is_nearer(const struct miss *a, const struct miss *b)
{
    return a->differences != b->differences ? a->differences < b->differences : a->blanks <= b->blanks;
}

/* Keeps the nearest, of equals the later. */
static void missed(struct assertion *s, const struct miss *m)
{
    size_t at = s->nearest_count;

    while (at > 0 && is_nearer(m, &s->nearest[at - 1]))
        at--;
    if (at == VERIFY_NEAREST)
        return;
    size_t end = MIN(s->nearest_count, (size_t)VERIFY_NEAREST - 1);
    memmove(&s->nearest[at + 1], &s->nearest[at], (end - at) * sizeof(s->nearest[0]));
    s->nearest[at] = *m;
    s->nearest_count = end + 1;
}

static void judge(struct arena *a, const struct index *ix, struct assertion *s)
{
    s->count = 0;
    s->first_us = 0;
    s->nearest_count = 0;
    for (size_t i = 0; i < index_count(ix); i++) {
        struct entry *e = index_at(ix, i);
        if (e->time_us <= s->where.since_us || (s->where.until_us != 0 && e->time_us > s->where.until_us))
            continue;
        if (!filters_reach(&s->where, e))
            continue;
        struct view v = view_of(a, e);
        struct miss m = compare(s, &v);
        if (m.differences == 0)
            found(a, s, e);
        else
            missed(s, &m);
    }
    s->passed = s->count >= s->least && (s->most < 0 || s->count <= s->most);
}

void verify_judge(struct arena *a, const struct index *ix, struct verify *v)
{
    v->passed = true;
    for (struct assertion *s = v->assertions; s != NULL; s = s->next) {
        judge(a, ix, s);
        v->passed &= s->passed;
    }
}

/* ---- saying it ---- */

const char *assertion_expects(struct arena *a, const struct assertion *s)
{
    if (s->most == s->least)
        return arena_printf(a, "exactly %lld", s->least);
    if (s->most < 0)
        return arena_printf(a, "at least %lld", s->least);
    return s->least == 0 ? arena_printf(a, "at most %lld", s->most)
                         : arena_printf(a, "%lld to %lld", s->least, s->most);
}

static struct difference order_explain(struct arena *a, const struct assertion *s, const struct entry *e)
{
    const char *at = moment_text(a, e->time_us);

    if (!is_of_trace(s, e))
        return (struct difference){ "sameTraceAs", arena_printf(a, "the conversation of \"%s\"", s->same_trace->name),
                                    "another conversation" };
    if (s->after->first_us == 0)
        return (struct difference){ "after", arena_printf(a, "later than \"%s\"", s->after->name),
                                    "nothing was found for that" };
    const char *first = moment_text(a, s->after->first_us);
    if (!is_after(s, e))
        return (struct difference){ "after", arena_printf(a, "later than %s (\"%s\")", first, s->after->name), at };
    return (struct difference){ "withinMs", arena_printf(a, "at most %lld ms after %s", s->within_ms, first), at };
}

struct difference miss_explain(struct arena *a, const struct assertion *s, struct entry *e)
{
    struct view v = view_of(a, e);

    for (size_t i = 0; i < s->where.count; i++) {
        const struct filter *f = &s->where.all[i];
        if (!filter_matches(f, &v))
            return (struct difference){ f->field->name, f->value, field_shown(f->field, &v) };
    }
    return order_explain(a, s, e);
}
