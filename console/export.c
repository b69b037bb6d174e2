/*
 * GET /journal/export: a zip with every message as it crossed the wire, what the journal knows of it, and an index; or
 * HAR.
 */
#include "console/export.h"

#include "base/arena.h"
#include "console/ask.h"
#include "console/journal_routes.h"
#include "console/render.h"
#include "wire/zip.h"

#define ARCHIVE_MAX ((size_t)1 << 30)

struct entry **export_gather(struct ask *ask, size_t *count, bool *is_cut)
{
    const struct index *ix = ask->console->index;
    struct entry **found = ARENA_ARRAY(ask->arena, struct entry *, EXPORT_MAX);
    size_t n = 0;

    *is_cut = false;
    for (size_t i = index_count(ix); i > 0 && !*is_cut; i--) {
        struct view v = view_of(ask->arena, index_at(ix, i - 1));
        if (!filters_match(&ask->filters, &v))
            continue;
        if (n == EXPORT_MAX)
            *is_cut = true;
        else
            found[EXPORT_MAX - ++n] = v.entry;
    }
    *count = n;
    return found + (EXPORT_MAX - n);
}

/* "0001-registry-12-received-ITI-18": sorted by name is by time. */
static const char *name_of(struct view *v, size_t i)
{
    struct str transaction = v->record.text[JOURNAL_TRANSACTION];

    return arena_printf(v->arena, "%05zu-%s-%s%s%.*s", i + 1, entry_id(v->arena, v->entry),
                        journal_direction_word(v->entry->direction), transaction.len > 0 ? "-" : "",
                        (int)transaction.len, transaction.data);
}

static void parts_add(struct zip *z, struct view *v, const char *name)
{
    struct str packed = v->record.text[JOURNAL_PARTS], bytes = v->record.text[JOURNAL_PART_BYTES];
    struct journal_part part;

    for (int i = 1; journal_part_next(v->arena, &packed, &part); i++) {
        if (!part.is_kept || part.size > bytes.len)
            continue;
        zip_add(z, arena_printf(v->arena, "%s.part-%d", name, i), (struct str){ bytes.data, (size_t)part.size });
        bytes = (struct str){ bytes.data + part.size, bytes.len - (size_t)part.size };
    }
}

static void record_add(struct zip *z, struct view *v, size_t i, struct json_writer *all)
{
    const char *name = name_of(v, i);
    struct buf *json = buf_new(v->arena, BUF_MAX_DEFAULT);
    struct json_writer w;

    if (v->record.text[JOURNAL_BODY].len > 0)
        zip_add(z, arena_printf(v->arena, "%s.%s", name, render_suffix(v)), v->record.text[JOURNAL_BODY]);
    parts_add(z, v, name);
    jw_init(&w, json, true);
    render_whole(&w, v);
    buf_add_char(json, '\n');
    zip_add(z, arena_printf(v->arena, "%s.json", name), buf_str(json));
    render_short(all, NULL, v);
}

static void zip_all(struct ask *ask, struct entry **found, size_t count, bool is_cut, struct buf *out)
{
    struct buf *list = buf_new(ask->arena, ARCHIVE_MAX);
    struct json_writer all;
    struct zip z;

    zip_init(&z, out);
    jw_init(&all, list, true);
    jw_object(&all, NULL);
    jw_integer(&all, "count", (long long)count);
    jw_bool(&all, "more", is_cut);
    jw_list(&all, "records");
    for (size_t i = 0; i < count; i++) {
        struct arena *scratch = arena_new();
        struct view v = view_of(scratch, found[i]);
        record_add(&z, &v, i, &all);
        arena_free(scratch);
    }
    jw_end_list(&all);
    jw_end_object(&all);
    zip_add(&z, "index.json", buf_str(list));
    zip_end(&z);
}

bool journal_export(struct ask *ask)
{
    struct buf *out = buf_new(ask->arena, ARCHIVE_MAX);
    bool is_har = text_equal(ask_param(ask, "format"), "har"), is_cut;
    size_t count;
    struct entry **found = export_gather(ask, &count, &is_cut);

    if (is_har)
        har_write(found, count, out);
    else
        zip_all(ask, found, count, is_cut, out);
    if (out->overflowed)
        ask_refuse(ask, 413, NULL, NULL, "this is more than 1 GiB at once; choose fewer with filters, since and until");
    else
        ask_reply_named(ask, is_har ? "application/json" : "application/zip",
                        is_har ? "kakehashi-journal.har" : "kakehashi-journal.zip", buf_str(out));
    return true;
}
