/* The Patient Location directory: a table by community and patient, and a queue by age. */
#include "gateway/directory.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/rc.h"
#include "base/str.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS     16384
#define ENTRIES_MAX 200000

/* With its texts behind it. */
struct entry {
    int community;
    const char *root, *extension;              /* the patient here */
    const char *home, *id_root, *id_extension; /* and there */
    int64_t until;                             /* clock_now */
    struct entry *next;                        /* in the bucket, the oldest first */
    struct entry *older, *newer;
};

static struct {
    pthread_mutex_t lock;
    struct entry *buckets[BUCKETS];
    struct entry *oldest, *newest;
    size_t count;
} table = { .lock = PTHREAD_MUTEX_INITIALIZER };

static uint32_t text_hash(uint32_t h, const char *text)
{
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

static struct entry **bucket_of(int community, const char *root, const char *extension)
{
    uint32_t h = 2166136261u ^ (uint32_t)community;

    return &table.buckets[text_hash(text_hash(h, root), extension) % BUCKETS];
}

static bool is_patient(const struct entry *e, int community, const struct patient_id *id)
{
    return e->community == community && text_equal(e->extension, id->extension) && text_equal(e->root, id->root);
}

static void queue_remove(struct entry *e)
{
    *(e->older == NULL ? &table.oldest : &e->older->newer) = e->newer;
    *(e->newer == NULL ? &table.newest : &e->newer->older) = e->older;
}

static void entry_drop(struct entry *e)
{
    struct entry **at = bucket_of(e->community, e->root, e->extension);

    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    queue_remove(e);
    table.count--;
    free(e);
}

static const char *text_keep(char **at, const char *text)
{
    const char *kept = *at;

    *at = stpcpy(*at, text) + 1;
    return kept;
}

static struct entry *entry_new(int community, const struct patient_id *patient, const struct patient_place *p)
{
    size_t texts = strlen(patient->root) + strlen(patient->extension) + strlen(p->home) + strlen(p->id.root) +
                   strlen(p->id.extension) + 5;
    struct entry *e = calloc(1, sizeof(*e) + texts);

    if (e == NULL)
        die("out of memory (directory)");
    char *at = (char *)(e + 1);
    e->community = community;
    e->root = text_keep(&at, patient->root);
    e->extension = text_keep(&at, patient->extension);
    e->home = text_keep(&at, p->home);
    e->id_root = text_keep(&at, p->id.root);
    e->id_extension = text_keep(&at, p->id.extension);
    return e;
}

static void entry_add(struct entry *e)
{
    struct entry **end = bucket_of(e->community, e->root, e->extension);

    while (*end != NULL)
        end = &(*end)->next;
    *end = e;
    e->older = table.newest;
    *(table.newest == NULL ? &table.oldest : &table.newest->newer) = e;
    table.newest = e;
    if (++table.count > ENTRIES_MAX)
        entry_drop(table.oldest);
}

static struct entry *entry_find(int community, const struct patient_id *patient, const char *home)
{
    for (struct entry *e = *bucket_of(community, patient->root, patient->extension); e != NULL; e = e->next) {
        if (is_patient(e, community, patient) && text_equal(e->home, home))
            return e;
    }
    return NULL;
}

static bool is_whole(const struct patient_id *id)
{
    return !text_absent(id->root) && !text_absent(id->extension);
}

static void known_drop(const struct community *at, const struct patient_id *patient, const char *home)
{
    struct entry *known = entry_find(at->number, patient, home);

    if (known != NULL)
        entry_drop(known);
}

void directory_learn(const struct community *at, const struct patient_id *patient, const struct patient_place *place,
                     int64_t seconds)
{
    if (!is_whole(patient) || !is_whole(&place->id) || text_absent(place->home))
        return;
    pthread_mutex_lock(&table.lock);
    known_drop(at, patient, place->home);
    if (seconds > 0) {
        struct entry *e = entry_new(at->number, patient, place);
        e->until = clock_now() + seconds;
        entry_add(e);
    }
    pthread_mutex_unlock(&table.lock);
}

static struct patient_place *place_of(struct arena *a, const struct entry *e)
{
    struct patient_place *p = ARENA_NEW(a, struct patient_place);

    p->home = arena_strdup(a, e->home);
    p->id.root = arena_strdup(a, e->id_root);
    p->id.extension = arena_strdup(a, e->id_extension);
    return p;
}

struct patient_place *directory_find(struct arena *a, const struct community *at, const struct patient_id *patient)
{
    struct patient_place *places = NULL, **end = &places;
    int64_t now = clock_now();

    if (!is_whole(patient))
        return NULL;
    pthread_mutex_lock(&table.lock);
    for (const struct entry *e = *bucket_of(at->number, patient->root, patient->extension); e != NULL; e = e->next) {
        if (!is_patient(e, at->number, patient) || e->until <= now)
            continue;
        *end = place_of(a, e);
        end = &(*end)->next;
    }
    pthread_mutex_unlock(&table.lock);
    return places;
}

void directory_forget(const struct community *at, const struct patient_id *patient, const char *home)
{
    if (!is_whole(patient) || text_absent(home))
        return;
    pthread_mutex_lock(&table.lock);
    known_drop(at, patient, home);
    pthread_mutex_unlock(&table.lock);
}

void directory_forget_community(const struct community *at)
{
    pthread_mutex_lock(&table.lock);
    for (struct entry *e = table.oldest, *newer; e != NULL; e = newer) {
        newer = e->newer;
        if (e->community == at->number)
            entry_drop(e);
    }
    pthread_mutex_unlock(&table.lock);
}

void directory_clear(void)
{
    pthread_mutex_lock(&table.lock);
    while (table.oldest != NULL)
        entry_drop(table.oldest);
    pthread_mutex_unlock(&table.lock);
}

size_t *directory_counts(struct arena *a, const struct world *w)
{
    int highest = 0;

    for (size_t i = 0; i < w->count; i++)
        highest = MAX(highest, w->communities[i].number);
    size_t *counts = ARENA_ARRAY(a, size_t, (size_t)highest + 1);
    pthread_mutex_lock(&table.lock);
    for (const struct entry *e = table.oldest; e != NULL; e = e->newer) {
        if (e->community <= highest)
            counts[e->community]++;
    }
    pthread_mutex_unlock(&table.lock);
    return counts;
}
