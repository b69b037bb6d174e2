#include "pixmgr/score.h"

#include "actor/seeding.h"
#include "base/arena.h"
#include "base/clock.h"
#include "pixmgr/store.h"
#include "world/people.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 64   /* persons whose memory is given back together */
#define BATCH 4096 /* persons of a transaction */

struct scoring {
    struct arena *arena;
    const struct world *world;
    const struct people *people;
    const uint64_t *counts; /* of people, by the world's order */
    struct db *db;
    struct linking how; /* of the manager where they meet */
    struct score *out;
};

/* ---- who is there ---- */

static size_t records_count(const struct scoring *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->world->count; i++)
        n += s->counts[i];
    return n;
}

typedef enum rc visit(struct scoring *s, struct arena *a, size_t community, uint64_t n, const struct person *who);

/* Everybody of the world, memory given back now and then. */
static enum rc each_person(struct scoring *s, visit *see)
{
    for (size_t i = 0; i < s->world->count; i++) {
        for (uint64_t n = 0; n < s->counts[i];) {
            struct arena *a = arena_new();
            enum rc rc = OK;
            for (uint64_t end = MIN(n + CHUNK, s->counts[i]); n < end && rc == OK; n++) {
                struct person who;
                people_get(a, s->people, &s->world->communities[i], n, &who);
                rc = see(s, a, i, n, &who);
            }
            arena_free(a);
            TRY(rc);
        }
    }
    return OK;
}

static struct patient_id regional_of(const struct person *who)
{
    return (struct patient_id){ .root = who->patient.ids->root, .extension = who->patient.ids->extension };
}

static enum rc person_read(struct scoring *s, struct arena *a UNUSED, size_t community, uint64_t n,
                           const struct person *who)
{
    struct db_stmt *q = db_stmt(s->db, "SELECT person FROM record WHERE community = ? AND root = ? AND extension = ?");
    struct patient_id id = regional_of(who);
    bool row;

    db_bind_int(q, 1, s->how.community);
    db_bind_text(q, 2, id.root);
    db_bind_text(q, 3, id.extension);
    TRY(db_step(q, &row));
    if (!row)
        return OK;
    s->out->all[s->out->records++] = (struct scored){ who->truth, n, db_int(q, 0), (uint32_t)community };
    db_reset(q);
    return OK;
}

/* ---- pairs ---- */

static int by_person(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;

    return (a->person > b->person) - (a->person < b->person);
}

static int by_truth(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;

    return (a->truth > b->truth) - (a->truth < b->truth);
}

static int by_both(const void *x, const void *y)
{
    int truth = by_truth(x, y);

    return truth != 0 ? truth : by_person(x, y);
}

static uint64_t pairs_of(size_t n)
{
    return (uint64_t)n * (n - 1) / 2;
}

/* Pairs within each run of what compares equal. */
static uint64_t pairs_count(const struct scored *all, size_t count, int (*compare)(const void *, const void *))
{
    uint64_t pairs = 0;

    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && compare(&all[i], &all[end]) == 0;)
            end++;
        pairs += pairs_of(end - i);
    }
    return pairs;
}

static void pairs_score(struct score *out)
{
    qsort(out->all, out->records, sizeof(*out->all), by_person);
    out->linked_pairs = pairs_count(out->all, out->records, by_person);
    qsort(out->all, out->records, sizeof(*out->all), by_both);
    out->true_pairs = pairs_count(out->all, out->records, by_truth);
    out->right_pairs = pairs_count(out->all, out->records, by_both);
}

/* ---- pairs that wait for a reviewer ---- */

struct numbered {
    int64_t person;
    uint64_t truth;
};

static int numbered_compare(const void *x, const void *y)
{
    const struct numbered *a = x, *b = y;

    return (a->person > b->person) - (a->person < b->person);
}

/* A person's truth: of its first record; wrongly linked ones are counted elsewhere. */
static uint64_t truth_of(const struct numbered *all, size_t count, int64_t person)
{
    struct numbered wanted = { .person = person };
    const struct numbered *found = bsearch(&wanted, all, count, sizeof(*all), numbered_compare);

    return found != NULL ? found->truth : 0;
}

static enum rc reviews_score(struct scoring *s)
{
    struct score *out = s->out;
    struct numbered *all = ARENA_ARRAY(s->arena, struct numbered, out->records + 1);
    struct db_stmt *q = db_stmt(s->db, "SELECT DISTINCT min(x.person, y.person), max(x.person, y.person) FROM link l"
                                       " JOIN entry x ON x.id = l.x JOIN entry y ON y.id = l.y"
                                       " WHERE l.kind = 0 AND x.community = ? AND x.person <> y.person");

    for (size_t i = 0; i < out->records; i++)
        all[i] = (struct numbered){ out->all[i].person, out->all[i].truth };
    qsort(all, out->records, sizeof(*all), numbered_compare);
    db_bind_int(q, 1, s->how.community);
    for (bool row;;) {
        TRY(db_step(q, &row));
        if (!row)
            return OK;
        uint64_t one = truth_of(all, out->records, db_int(q, 0)), other = truth_of(all, out->records, db_int(q, 1));
        out->review_pairs++;
        out->review_right += one == other && one != 0;
    }
}

static enum rc records_score(struct scoring *s)
{
    s->out->all = ARENA_ARRAY(s->arena, struct scored, records_count(s) + 1);
    TRY(each_person(s, person_read));
    pairs_score(s->out);
    return reviews_score(s);
}

double score_precision(const struct score *s)
{
    return s->linked_pairs == 0 ? 1 : (double)s->right_pairs / (double)s->linked_pairs;
}

double score_recall(const struct score *s)
{
    return s->true_pairs == 0 ? 1 : (double)s->right_pairs / (double)s->true_pairs;
}

/* ---- a manager of its own ---- */

static enum rc person_feed(struct scoring *s, struct arena *a, size_t community UNUSED, uint64_t n,
                           const struct person *who)
{
    struct patient_id id = regional_of(who);
    struct patient there = who->patient;

    there.ids = &id;
    TRY(store_patient_add(a, s->db, &s->how, &there, false));
    if (n % BATCH != BATCH - 1)
        return OK;
    TRY(db_run(db_stmt(s->db, "COMMIT")));
    TRY(db_checkpoint(s->db));
    return db_run(db_stmt(s->db, "BEGIN"));
}

static enum rc world_feed(struct scoring *s)
{
    uint64_t start = clock_ticks();

    TRY(db_bulk(s->db));
    TRY(db_run(db_stmt(s->db, "BEGIN")));
    TRY(each_person(s, person_feed));
    TRY(db_run(db_stmt(s->db, "COMMIT")));
    s->out->milliseconds = (clock_ticks() - start) / 1000000;
    return OK;
}

static const struct community *backbone_of(const struct world *w)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->communities[i].is_backbone)
            return &w->communities[i];
    }
    return NULL;
}

static enum rc people_of(struct scoring *s, const struct config *c, const struct world *everyone)
{
    struct population population;
    struct people *people;
    uint64_t *counts = ARENA_ARRAY(s->arena, uint64_t, s->world->count + 1);

    TRY(population_parse(config_text(c, CONFIG_POPULATION), &population));
    TRY(people_new(s->arena, world_fixtures(s->arena, c), everyone, (uint64_t)config_number(c, CONFIG_SEED),
                   &population, &people));
    TRY(people_mistype(people, config_number(c, CONFIG_TYPING_ERRORS)));
    for (size_t i = 0; i < s->world->count; i++)
        counts[i] = people_count(people, &s->world->communities[i]);
    s->people = people;
    s->counts = counts;
    return OK;
}

enum rc score_world(struct arena *a, const struct config *c, const struct world *w, const char *folder,
                    struct score *out)
{
    struct scoring s = { .arena = a, .world = w, .out = out };
    const char *database = arena_printf(a, "%s/score.db", folder);
    struct world *everyone;

    *out = (struct score){ 0 };
    TRY(world_everyone(a, world_fixtures(a, c), &everyone));
    const struct community *backbone = backbone_of(everyone);
    if (backbone == NULL)
        return E_NOT_FOUND;
    s.how = linking_of(a, c, backbone);
    TRY(people_of(&s, c, everyone));
    TRY(db_open(database, DB_WRITE, store_schema, &s.db));
    enum rc rc = world_feed(&s);
    if (rc == OK)
        rc = records_score(&s);
    db_close(s.db);
    unlink(database);
    return rc;
}

/* ---- a manager as it is ---- */

enum rc score_kept(struct arena *a, const struct config *c, const struct world *w, const char *database,
                   struct score *out)
{
    struct scoring s = { .arena = a, .world = w, .out = out };
    const struct community *backbone = backbone_of(w);
    struct seeding *seeding;

    *out = (struct score){ 0 };
    if (backbone == NULL || access(database, R_OK) != 0)
        return E_NOT_FOUND;
    TRY(seeding_load(a, c, w, database, &seeding));
    if (seeding == NULL)
        return E_NOT_FOUND;
    s.people = seeding->people;
    s.counts = seeding->done;
    s.how = linking_of(a, c, backbone);
    TRY(db_open(database, DB_READ, NULL, &s.db));
    enum rc rc = records_score(&s);
    db_close(s.db);
    return rc;
}
