/*
 * GET /journal/traces/{trace}: one conversation as a tree of spans. A span is a message and its answer; a call that a
 * request made is below it, and what the called daemon received is below the call.
 */
#include "base/arena.h"
#include "console/ask.h"
#include "console/journal_routes.h"
#include "console/moment.h"
#include "console/render.h"

#include <stdlib.h>
#include <string.h>

struct span {
    uint64_t id, parent;
    struct entry *request, *answer; /* either may be missing */
    struct span *first, *last, *next;
    struct record *audits, *last_audit;
    bool has_parent;
};

struct record {
    struct entry *entry;
    struct record *next;
};

struct tree {
    struct arena *arena;
    struct span **spans; /* in the order of time */
    struct span **table; /* by id; open addressing, never more than half full */
    size_t count, slots; /* slots: a power of two */
    size_t records, audits;
};

/* Where a span is, or would be; ids are random. */
static struct span **slot_of(const struct tree *t, uint64_t id)
{
    size_t i = (size_t)id & (t->slots - 1);

    while (t->table[i] != NULL && t->table[i]->id != id)
        i = (i + 1) & (t->slots - 1);
    return &t->table[i];
}

static bool is_request(const struct entry *e)
{
    return e->direction == JOURNAL_RECEIVED || e->direction == JOURNAL_CALLING;
}

static void audit_put(struct tree *t, struct span *s, struct entry *e)
{
    struct record *r = ARENA_NEW(t->arena, struct record);

    r->entry = e;
    *(s->last_audit != NULL ? &s->last_audit->next : &s->audits) = r;
    s->last_audit = r;
    t->audits++;
}

static void entry_put(struct tree *t, struct entry *e)
{
    struct span **slot = slot_of(t, e->span), *s = *slot;

    if (s == NULL) {
        *slot = s = ARENA_NEW(t->arena, struct span);
        s->id = e->span;
        s->parent = e->parent;
        t->spans[t->count++] = s;
    }
    if (e->direction == JOURNAL_AUDITED) {
        audit_put(t, s, e);
        return;
    }
    *(is_request(e) ? &s->request : &s->answer) = e;
    t->records++;
}

static void gather(struct tree *t, const struct index *ix, const uint64_t trace[2])
{
    size_t n = 0;

    for (size_t i = 0; i < index_count(ix); i++)
        n += memcmp(index_at(ix, i)->trace, trace, sizeof(index_at(ix, i)->trace)) == 0;
    t->spans = ARENA_ARRAY(t->arena, struct span *, n + 1);
    for (t->slots = 2; t->slots < 2 * n; t->slots *= 2)
        ;
    t->table = ARENA_ARRAY(t->arena, struct span *, t->slots);
    for (size_t i = 0; i < index_count(ix); i++) {
        if (memcmp(index_at(ix, i)->trace, trace, sizeof(index_at(ix, i)->trace)) == 0)
            entry_put(t, index_at(ix, i));
    }
}

static void connect(struct tree *t)
{
    for (size_t i = 0; i < t->count; i++) {
        struct span *s = t->spans[i], *parent = s->parent != 0 ? *slot_of(t, s->parent) : NULL;
        if (parent == NULL || parent == s)
            continue;
        s->has_parent = true;
        *(parent->last != NULL ? &parent->last->next : &parent->first) = s;
        parent->last = s;
    }
}

static void span_write(struct tree *t, struct json_writer *w, const struct span *s, int depth);

static void record_members(struct tree *t, struct json_writer *w, const struct span *s)
{
    struct entry *shown = s->answer != NULL ? s->answer : s->request != NULL ? s->request : s->audits->entry;
    struct view v = view_of(t->arena, shown), rq = view_of(t->arena, s->request != NULL ? s->request : shown);
    static const struct {
        const char *key;
        enum journal_text text;
    } texts[] = { { "community", JOURNAL_COMMUNITY },
                  { "actor", JOURNAL_ACTOR },
                  { "transaction", JOURNAL_TRANSACTION },
                  { "url", JOURNAL_URL },
                  { "peer", JOURNAL_PEER } };

    jw_text(w, "kind",
            rq.entry->direction == JOURNAL_CALLING || rq.entry->direction == JOURNAL_CALLED ? "call" : "request");
    jw_text(w, "daemon", shown->daemon);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str text = v.record.text[texts[i].text];
        if (text.len == 0)
            text = rq.record.text[texts[i].text];
        if (text.len > 0)
            jw_text(w, texts[i].key, str_dup(t->arena, text));
    }
    jw_text(w, "time", moment_text(t->arena, rq.entry->time_us));
    if (s->request != NULL)
        jw_text(w, "request", entry_id(t->arena, s->request));
    if (s->answer == NULL)
        return;
    jw_text(w, "answer", entry_id(t->arena, s->answer));
    if (v.record.status != 0)
        jw_integer(w, "status", v.record.status);
    jw_text(w, "outcome", journal_outcome_word(v.record.rc));
    jw_number(w, "durationMs", (double)v.record.duration_us / 1000);
    if (v.record.text[JOURNAL_WHY].len > 0)
        jw_text(w, "why", str_dup(t->arena, v.record.text[JOURNAL_WHY]));
}

#define DEPTH_MAX 40

static void children_write(struct tree *t, struct json_writer *w, const struct span *s, int depth)
{
    if (s->first == NULL || depth >= DEPTH_MAX)
        return;
    jw_list(w, "children");
    for (const struct span *c = s->first; c != NULL; c = c->next)
        span_write(t, w, c, depth + 1);
    jw_end_list(w);
}

/* What the audit record repository was told of it: records, and each one's EventID. */
static void audits_write(struct tree *t, struct json_writer *w, const struct span *s)
{
    if (s->audits == NULL)
        return;
    jw_list(w, "audits");
    for (const struct record *r = s->audits; r != NULL; r = r->next) {
        struct view v = view_of(t->arena, r->entry);
        jw_object(w, NULL);
        jw_text(w, "id", entry_id(t->arena, r->entry));
        jw_text(w, "event", str_dup(t->arena, v.record.text[JOURNAL_ACTION]));
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void span_write(struct tree *t, struct json_writer *w, const struct span *s, int depth)
{
    jw_object(w, NULL);
    jw_text(w, "span", arena_printf(t->arena, "%016llx", (unsigned long long)s->id));
    record_members(t, w, s);
    audits_write(t, w, s);
    children_write(t, w, s, depth);
    jw_end_object(w);
}

bool journal_tree(struct ask *ask)
{
    const struct index *ix = ask->console->index;
    struct tree t = { .arena = ask->arena };
    uint64_t trace[2];
    struct entry *e = index_find(ix, ask->segment);

    if (e != NULL)
        memcpy(trace, e->trace, sizeof(trace));
    if (e != NULL || trace_digits_parse(ask->segment, trace))
        gather(&t, ix, trace);
    if (t.count == 0) {
        ask_refuse(ask, 404, "path.trace", NULL,
                   "the journal has no conversation \"%.60s\"; it is named by its trace id or by one of its records",
                   ask->segment);
        return true;
    }
    connect(&t);
    struct json_writer *w = ask_json(ask);
    jw_object(w, NULL);
    jw_text(w, "trace",
            arena_printf(ask->arena, "%016llx%016llx", (unsigned long long)trace[0], (unsigned long long)trace[1]));
    jw_integer(w, "spans", (long long)t.count);
    jw_integer(w, "records", (long long)t.records);
    jw_integer(w, "audits", (long long)t.audits);
    jw_list(w, "roots");
    for (size_t i = 0; i < t.count; i++) {
        if (!t.spans[i]->has_parent)
            span_write(&t, w, t.spans[i], 0);
    }
    jw_end_list(w);
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
    return true;
}
