#include "cli/reconcile.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "msg/audit_event.h"

#include <stdlib.h>
#include <string.h>

#define NEAR_MS 60000 /* records of one event are told within this of each other */

const char *difference_word(enum difference kind)
{
    static const char *const words[DIFFERENCES] = { [RECORD_MISSING] = "missing",
                                                    [RECORD_DOUBLED] = "doubled",
                                                    [RECORD_WRONG] = "wrong",
                                                    [RECORD_UNEXPECTED] = "unexpected" };
    return words[kind];
}

/* ---- records that are there ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The ids among a record's words, sorted, a line each. */
static const char *ids_of_words(struct arena *a, const char *words)
{
    char *copy = arena_strdup(a, words), *saved;
    const char **ids = ARENA_ARRAY(a, const char *, strlen(words) / 2 + 1);
    struct buf *out = buf_new(a, 1 << 20);
    size_t n = 0;

    for (char *line = strtok_r(copy, "\n", &saved); line != NULL; line = strtok_r(NULL, "\n", &saved)) {
        if ((line[0] == 'p' || line[0] == 'o') && line[1] == '=')
            ids[n++] = line + 2;
    }
    qsort(ids, n, sizeof(*ids), by_text);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s\n", ids[i]);
    return buf_text(out);
}

static const char *word_of(const struct json *record, const char *key)
{
    const char *text = json_text(record, key);

    return text != NULL ? text : "";
}

void actual_read(struct arena *a, const struct json *page, struct audit_entry **list, int64_t *last_id)
{
    const struct json *records = json_get(page, "records");

    for (const struct json *r = records != NULL ? records->first : NULL; r != NULL; r = r->next) {
        struct audit_entry e = { .community = word_of(r, "community"),
                                 .source = word_of(r, "source"),
                                 .transaction = word_of(r, "type"),
                                 .event = word_of(r, "event"),
                                 .action = word_of(r, "action"),
                                 .outcome = (int)json_number(r, "outcome", 0),
                                 .id = (int64_t)json_number(r, "id", 0) };
        *last_id = e.id;
        if (audit_event_find(e.transaction) == NULL || clock_parse(str_from(word_of(r, "time")), &e.time) != OK)
            continue;
        if (clock_parse(str_from(word_of(r, "received")), &e.received) != OK)
            e.received = e.time;
        e.objects = ids_of_words(a, word_of(r, "words"));
        e.next = *list;
        *list = arena_memdup(a, &e, sizeof(e));
    }
}

/* ---- matching: both sides sorted alike, then walked together ---- */

/* What an entry is about, whatever it says: the first stage of an order by all. */
static int compare_kind(const struct audit_entry *x, const struct audit_entry *y)
{
    int c = strcmp(x->community, y->community);

    if (c == 0)
        c = strcmp(x->source, y->source);
    if (c == 0)
        c = strcmp(x->transaction, y->transaction);
    return c != 0 ? c : strcmp(x->event, y->event);
}

static int compare_saying(const struct audit_entry *x, const struct audit_entry *y)
{
    int c = strcmp(x->action, y->action);

    if (c == 0)
        c = x->outcome - y->outcome;
    if (c == 0 && x->objects != NULL && y->objects != NULL)
        c = strcmp(x->objects, y->objects);
    return c;
}

static int compare_time(const struct audit_entry *x, const struct audit_entry *y)
{
    return x->time < y->time ? -1 : x->time > y->time;
}

/* One entry and whether it has found its like. */
struct place {
    const struct audit_entry *entry;
    bool is_matched;
};

struct side {
    struct place *places;
    size_t count;
};

static int by_all(const void *a, const void *b)
{
    const struct audit_entry *x = ((const struct place *)a)->entry, *y = ((const struct place *)b)->entry;
    int c = compare_kind(x, y);

    if (c == 0)
        c = compare_saying(x, y);
    return c != 0 ? c : compare_time(x, y);
}

/* Under --clock events tell a time that stands still, while journals go by the system's. */
static void set_times(struct audit_entry *list, int64_t from, int64_t until)
{
    for (struct audit_entry *e = list; e != NULL; e = e->next) {
        if (e->time < from || e->time > until)
            e->time = e->received;
    }
}

static struct side side_make(struct arena *a, const struct audit_entry *list, int64_t from, int64_t until)
{
    struct side s = { 0 };

    for (const struct audit_entry *e = list; e != NULL; e = e->next)
        s.count++;
    s.places = ARENA_ARRAY(a, struct place, s.count + 1);
    s.count = 0;
    for (const struct audit_entry *e = list; e != NULL; e = e->next) {
        if (e->time >= from && e->time <= until)
            s.places[s.count++] = (struct place){ .entry = e };
    }
    qsort(s.places, s.count, sizeof(*s.places), by_all);
    return s;
}

static bool is_near(const struct audit_entry *x, const struct audit_entry *y)
{
    return llabs(x->time - y->time) <= NEAR_MS;
}

/* Source and community of who asks from outside are theirs to choose. */
static bool is_same_kind(const struct audit_entry *expected, const struct audit_entry *actual)
{
    return expected->is_outside
               ? strcmp(expected->transaction, actual->transaction) == 0 &&
                     strcmp(expected->event, actual->event) == 0 && strcmp(expected->source, actual->source) != 0
               : compare_kind(expected, actual) == 0;
}

/* The first place of a kind; s->count when there is none. */
static size_t first_of_kind(const struct side *s, const struct audit_entry *e)
{
    size_t low = 0, high = s->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_kind(s->places[middle].entry, e) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Exact: among the records of its kind the nearest in time that says the same. */
static struct place *find_like(const struct side *actual, const struct audit_entry *e, bool same_saying, bool matched)
{
    struct place *best = NULL;

    for (size_t i = e->is_outside ? 0 : first_of_kind(actual, e); i < actual->count; i++) {
        struct place *p = &actual->places[i];
        if (!is_same_kind(e, p->entry)) {
            if (!e->is_outside)
                break;
            continue;
        }
        if (p->is_matched != matched || !is_near(e, p->entry) || (same_saying && compare_saying(e, p->entry) != 0))
            continue;
        if (best == NULL || llabs(p->entry->time - e->time) < llabs(best->entry->time - e->time))
            best = p;
    }
    return best;
}

static void match(struct side *expected, struct side *actual, bool same_saying, struct reconciled *out,
                  void (*found)(struct reconciled *out, struct place *expected, struct place *actual))
{
    for (size_t i = 0; i < expected->count; i++) {
        struct place *e = &expected->places[i];
        struct place *p = e->is_matched ? NULL : find_like(actual, e->entry, same_saying, false);
        if (p == NULL)
            continue;
        e->is_matched = p->is_matched = true;
        found(out, e, p);
    }
}

static void count_match(struct reconciled *out, struct place *expected UNUSED, struct place *actual UNUSED)
{
    out->matched++;
}

/* ---- findings ---- */

static void finding_add(struct reconciled *out, enum difference kind, const struct audit_entry *expected,
                        const struct audit_entry *actual)
{
    struct finding *f = ARENA_NEW(out->arena, struct finding), **at = &out->first;
    int64_t time = (expected != NULL ? expected : actual)->time;

    while (*at != NULL && ((*at)->expected != NULL ? (*at)->expected : (*at)->actual)->time <= time)
        at = &(*at)->next;
    *f = (struct finding){ .kind = kind, .expected = expected, .actual = actual, .next = *at };
    *at = f;
    out->counts[kind]++;
}

static void wrong_match(struct reconciled *out, struct place *expected, struct place *actual)
{
    finding_add(out, RECORD_WRONG, expected->entry, actual->entry);
}

void reconcile(struct arena *a, struct audit_entry *expected, struct audit_entry *actual, int64_t from, int64_t until,
               struct reconciled *out)
{
    set_times(actual, from - NEAR_MS, until + NEAR_MS);
    struct side e = side_make(a, expected, from, until), r = side_make(a, actual, from - NEAR_MS, until + NEAR_MS);

    *out = (struct reconciled){ .arena = a, .expected = e.count };
    match(&e, &r, true, out, count_match);
    for (size_t i = 0; i < r.count; i++) { /* a record too many is no wrong form of another event */
        struct place *p = &r.places[i];
        struct place *like = p->is_matched ? NULL : find_like(&r, p->entry, true, true);
        if (like != NULL) {
            p->is_matched = true;
            finding_add(out, RECORD_DOUBLED, like->entry, p->entry);
        }
    }
    match(&e, &r, false, out, wrong_match);
    for (size_t i = 0; i < e.count; i++) {
        if (!e.places[i].is_matched)
            finding_add(out, RECORD_MISSING, e.places[i].entry, NULL);
    }
    for (size_t i = 0; i < r.count; i++) {
        const struct audit_entry *entry = r.places[i].entry;
        if (!r.places[i].is_matched && entry->time >= from && entry->time <= until)
            finding_add(out, RECORD_UNEXPECTED, NULL, entry);
    }
}
