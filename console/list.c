/* GET /journal/records, one of them, its bytes; DELETE of all. */
#include "base/arena.h"
#include "console/ask.h"
#include "console/journal_routes.h"
#include "console/render.h"

#define LIMIT     100
#define LIMIT_MAX 10000

/* The newest that match, up to the limit, are shown in the order of time. */
static struct entry **newest(struct ask *ask, size_t limit, size_t *count, bool *is_cut)
{
    const struct index *ix = ask->console->index;
    struct entry **found = ARENA_ARRAY(ask->arena, struct entry *, limit);
    size_t n = 0;

    *is_cut = false;
    for (size_t i = index_count(ix); i > 0 && !*is_cut; i--) {
        struct view v = view_of(ask->arena, index_at(ix, i - 1));
        if (!filters_match(&ask->filters, &v))
            continue;
        if (n == limit)
            *is_cut = true;
        else
            found[limit - ++n] = v.entry;
    }
    *count = n;
    return found + (limit - n);
}

bool journal_list(struct ask *ask)
{
    size_t limit = (size_t)MIN(ask_number(ask, "limit", LIMIT), LIMIT_MAX), count;
    bool is_cut;
    struct entry **found = newest(ask, limit, &count, &is_cut);
    struct json_writer *w = ask_json(ask);

    jw_object(w, NULL);
    jw_integer(w, "count", (long long)count);
    jw_bool(w, "more", is_cut);
    jw_list(w, "records");
    for (size_t i = 0; i < count; i++) {
        struct view v = view_of(ask->arena, found[i]);
        render_short(w, NULL, &v);
    }
    jw_end_list(w);
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
    return true;
}

static struct entry *entry_asked(struct ask *ask)
{
    struct entry *e = index_find(ask->console->index, ask->segment);

    if (e == NULL)
        ask_refuse(ask, 404, "path.id", NULL, "the journal has no record \"%.60s\" (any more)", ask->segment);
    return e;
}

bool journal_show(struct ask *ask)
{
    struct entry *e = entry_asked(ask);

    if (e == NULL)
        return true;
    struct view v = view_of(ask->arena, e);
    struct json_writer *w = ask_json(ask);
    render_whole(w, &v);
    ask_json_reply(ask, 200, w);
    return true;
}

/* Never as a type that a browser would run. */
bool journal_body(struct ask *ask)
{
    struct entry *e = entry_asked(ask);

    if (e == NULL)
        return true;
    struct view v = view_of(ask->arena, e);
    struct str body = v.record.text[JOURNAL_BODY];
    ask_reply_named(ask, "application/octet-stream",
                    arena_printf(ask->arena, "%s.%s", entry_id(ask->arena, e), render_suffix(&v)),
                    (struct str){ arena_memdup(ask->arena, body.data != NULL ? body.data : "", body.len), body.len });
    return true;
}

bool journal_clear(struct ask *ask)
{
    struct json_writer *w = ask_json(ask);
    long long count = (long long)index_count(ask->console->index);

    if (index_clear(ask->console->index) != OK) {
        ask_refuse(ask, 500, NULL, NULL, "the journal could not be cleared; the log of the console says why");
        return true;
    }
    jw_object(w, NULL);
    jw_integer(w, "cleared", count);
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
    return true;
}
