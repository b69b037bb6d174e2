#include "console/index.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of a journal, whose entries come and go together. */
struct leaf {
    struct segment *segment;
    struct arena *arena;
    struct leaf *next;
};

struct source {
    struct index *index;
    char daemon[64];
    char *folder;
    struct segment_reader *reader;
    const struct segment_progress *progress; /* NULL: not there yet */
};

struct index {
    char *data;
    struct source sources[INDEX_SOURCES];
    size_t source_count;
    struct entry **entries; /* by time */
    size_t count, cap, unsorted_from;
    struct leaf *leaves;
    uint64_t cleared_us, arrivals;
};

/* ---- entries ---- */

static struct leaf *leaf_of(struct index *ix, struct segment *s)
{
    for (struct leaf *l = ix->leaves; l != NULL; l = l->next) {
        if (l->segment == s)
            return l;
    }
    struct leaf *l = calloc(1, sizeof(*l));
    if (l == NULL)
        die("out of memory (index)");
    *l = (struct leaf){ .segment = s, .arena = arena_new(), .next = ix->leaves };
    return ix->leaves = l;
}

static uint64_t digits_parse(struct str text)
{
    uint64_t value = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        value = value << 4 | (uint64_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
    }
    return value;
}

bool trace_digits_parse(const char *text, uint64_t out[2])
{
    if (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32)
        return false;
    out[0] = digits_parse((struct str){ text, 16 });
    out[1] = digits_parse((struct str){ text + 16, 16 });
    return true;
}

static void entry_add(struct index *ix, struct entry *e)
{
    if (ix->count == ix->cap) {
        ix->cap = ix->cap == 0 ? 1024 : ix->cap * 2;
        ix->entries = realloc(ix->entries, ix->cap * sizeof(struct entry *));
        if (ix->entries == NULL)
            die("out of memory (index)");
    }
    ix->entries[ix->count++] = e;
}

static void on_record(void *user, struct segment *s, uint64_t offset, uint64_t number, struct str bytes)
{
    struct source *source = user;
    struct index *ix = source->index;
    struct journal_record r;

    if (journal_record_decode(bytes, &r) != OK || r.time_us <= ix->cleared_us)
        return;
    struct arena *a = leaf_of(ix, s)->arena;
    struct entry *e = ARENA_NEW(a, struct entry);
    *e = (struct entry){ .daemon = source->daemon,
                         .number = number,
                         .time_us = r.time_us,
                         .arrival = ++ix->arrivals,
                         .span = digits_parse(r.text[JOURNAL_SPAN]),
                         .parent = digits_parse(r.text[JOURNAL_PARENT]),
                         .direction = r.direction,
                         .segment = s,
                         .offset = offset,
                         .arena = a };
    if (r.text[JOURNAL_TRACE].len == 32) {
        e->trace[0] = digits_parse((struct str){ r.text[JOURNAL_TRACE].data, 16 });
        e->trace[1] = digits_parse((struct str){ r.text[JOURNAL_TRACE].data + 16, 16 });
    }
    entry_add(ix, e);
}

static void on_gone(void *user, struct segment *s)
{
    struct index *ix = ((struct source *)user)->index;
    size_t kept = 0;

    for (size_t i = 0; i < ix->count; i++) {
        if (ix->entries[i]->segment != s)
            ix->entries[kept++] = ix->entries[i];
    }
    ix->count = kept;
    ix->unsorted_from = MIN(ix->unsorted_from, kept);
    for (struct leaf **link = &ix->leaves; *link != NULL; link = &(*link)->next) {
        struct leaf *l = *link;
        if (l->segment != s)
            continue;
        *link = l->next;
        arena_free(l->arena);
        free(l);
        return;
    }
}

/* ---- order ---- */

static int by_time(const void *left, const void *right)
{
    const struct entry *a = *(struct entry *const *)left, *b = *(struct entry *const *)right;

    if (a->time_us != b->time_us)
        return a->time_us < b->time_us ? -1 : 1;
    int names = strcmp(a->daemon, b->daemon);
    return names != 0 ? names : a->number < b->number ? -1 : a->number > b->number;
}

/* New ones are nearly in order, and nearly all later than those before: only the end is sorted anew. */
static void sort_end(struct index *ix)
{
    size_t from = ix->unsorted_from;

    for (size_t i = ix->unsorted_from; i < ix->count; i++) {
        while (from > 0 && ix->entries[from - 1]->time_us > ix->entries[i]->time_us)
            from--;
    }
    if (from < ix->count)
        qsort(ix->entries + from, ix->count - from, sizeof(struct entry *), by_time);
    ix->unsorted_from = ix->count;
}

/* ---- sources ---- */

static bool is_known(const struct index *ix, const char *daemon)
{
    for (size_t i = 0; i < ix->source_count; i++) {
        if (strcmp(ix->sources[i].daemon, daemon) == 0)
            return true;
    }
    return false;
}

static void source_add(struct index *ix, const char *daemon, const char *folder)
{
    struct source *s = &ix->sources[ix->source_count];

    if (ix->source_count == INDEX_SOURCES || strlen(daemon) >= sizeof(s->daemon))
        return;
    ix->source_count++;
    s->index = ix;
    snprintf(s->daemon, sizeof(s->daemon), "%s", daemon);
    s->folder = strdup(folder);
    s->reader = segment_reader_open(folder, &(struct segment_events){ on_record, on_gone, s });
}

static void sources_find(struct index *ix)
{
    struct arena *a = arena_new();
    char **names;
    size_t count = 0;

    if (file_list(a, ix->data, "", &names, &count) != OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        const char *folder = arena_printf(a, "%s/%s/journal", ix->data, names[i]);
        if (!is_known(ix, names[i]) && access(folder, F_OK) == 0)
            source_add(ix, names[i], folder);
    }
    arena_free(a);
    for (size_t i = 0; i < ix->source_count; i++) {
        if (ix->sources[i].progress == NULL)
            ix->sources[i].progress = segment_progress_find(ix->sources[i].folder);
    }
}

/* ---- clearing ---- */

static const char *cleared_path(struct arena *a, const struct index *ix)
{
    return arena_printf(a, "%s/console/cleared", ix->data);
}

static uint64_t cleared_read(const struct index *ix)
{
    struct arena *a = arena_new();
    struct str text;
    uint64_t us = file_read(a, cleared_path(a, ix), 64, &text) == OK ? strtoull(text.data, NULL, 10) : 0;

    arena_free(a);
    return us;
}

enum rc index_clear(struct index *ix)
{
    struct arena *a = arena_new();
    uint64_t now = clock_wall_us();

    enum rc rc = file_replace(cleared_path(a, ix), str_from(arena_printf(a, "%llu", (unsigned long long)now)), 0600);
    arena_free(a);
    if (rc != OK)
        return rc;
    ix->cleared_us = now;
    ix->count = ix->unsorted_from = 0; /* the memory goes with the files */
    return OK;
}

/* ---- the index ---- */

struct index *index_new(const char *data)
{
    struct index *ix = calloc(1, sizeof(*ix));

    if (ix == NULL)
        die("out of memory (index)");
    ix->data = strdup(data);
    ix->cleared_us = cleared_read(ix);
    return ix;
}

void index_free(struct index *ix)
{
    for (size_t i = 0; i < ix->source_count; i++) {
        segment_reader_close(ix->sources[i].reader);
        segment_progress_close(ix->sources[i].progress);
        free(ix->sources[i].folder);
    }
    while (ix->leaves != NULL) {
        struct leaf *l = ix->leaves;
        ix->leaves = l->next;
        arena_free(l->arena);
        free(l);
    }
    free(ix->entries);
    free(ix->data);
    free(ix);
}

void index_refresh(struct index *ix)
{
    sources_find(ix);
    for (size_t i = 0; i < ix->source_count; i++)
        segment_reader_refresh(ix->sources[i].reader);
    sort_end(ix);
}

uint64_t index_latest(const struct index *ix)
{
    return ix->arrivals;
}

size_t index_count(const struct index *ix)
{
    return ix->count;
}

struct entry *index_at(const struct index *ix, size_t i)
{
    return ix->entries[i];
}

struct entry *index_find(const struct index *ix, const char *id)
{
    const char *dash = strrchr(id, '-');
    char *end;

    if (dash == NULL || dash[1] == '\0')
        return NULL;
    uint64_t number = strtoull(dash + 1, &end, 10);
    for (size_t i = 0; *end == '\0' && i < ix->count; i++) {
        struct entry *e = ix->entries[i];
        if (e->number == number && strlen(e->daemon) == (size_t)(dash - id) &&
            strncmp(e->daemon, id, (size_t)(dash - id)) == 0)
            return e;
    }
    return NULL;
}

const char *entry_id(struct arena *a, const struct entry *e)
{
    return arena_printf(a, "%s-%llu", e->daemon, (unsigned long long)e->number);
}

struct journal_record entry_record(const struct entry *e)
{
    struct journal_record r = { 0 };

    if (journal_record_decode(segment_record(e->segment, e->offset), &r) != OK)
        log_warn("record %llu of %s cannot be read", (unsigned long long)e->number, e->daemon);
    return r;
}

void index_mark(struct index *ix, struct index_mark *out)
{
    sources_find(ix);
    for (size_t i = 0; i < ix->source_count; i++) {
        const struct segment_progress *p = ix->sources[i].progress;
        out->submitted[i] = p != NULL ? __atomic_load_n(&p->submitted, __ATOMIC_ACQUIRE) : 0;
    }
    for (size_t i = ix->source_count; i < INDEX_SOURCES; i++)
        out->submitted[i] = 0;
}

bool index_reached(const struct index *ix, const struct index_mark *mark)
{
    for (size_t i = 0; i < ix->source_count; i++) {
        const struct segment_progress *p = ix->sources[i].progress;
        if (p != NULL && __atomic_load_n(&p->written, __ATOMIC_ACQUIRE) < mark->submitted[i])
            return false;
    }
    return true;
}
