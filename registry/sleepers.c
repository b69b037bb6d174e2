#include "registry/sleepers.h"

#include "actor/daemon.h"
#include "model/patient.h"
#include "registry/seed_registry.h"
#include "registry/store.h"
#include "world/papers.h"

/* ---- who is meant ---- */

uint64_t sleepers_limit(const struct request *rq)
{
    const struct seeding *s = rq->service->daemon->seeding;

    return s == NULL ? 0 : s->done[rq->community - s->world->communities];
}

static enum rc person_named(struct arena *a, const struct request *rq, const char *id, uint64_t *n)
{
    const struct people *people = rq->service->daemon->seeding->people;
    struct patient_id patient;

    if (patient_id_parse(a, id, &patient) != OK)
        return papers_person(a, rq->community, id, n);
    if (!text_equal(patient.root, rq->community->patient_id_domain))
        return E_NOT_FOUND;
    return people_find(people, rq->community, patient.extension, n);
}

static enum rc is_awake(struct db *db, const struct request *rq, uint64_t n, bool *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT 1 FROM awake WHERE community = ? AND person = ?");

    db_bind_int(s, 1, rq->community->number);
    db_bind_int(s, 2, (int64_t)n);
    TRY(db_step(s, out));
    if (*out)
        db_reset(s);
    return OK;
}

/* E_NOT_FOUND: nobody who sleeps. */
static enum rc sleeper_find(struct db *db, struct request *rq, const char *id, uint64_t *n)
{
    bool awake;

    if (id == NULL || sleepers_limit(rq) == 0)
        return E_NOT_FOUND;
    TRY(person_named(rq->arena, rq, id, n));
    if (*n >= sleepers_limit(rq))
        return E_NOT_FOUND;
    TRY(is_awake(db, rq, *n, &awake));
    return awake ? E_NOT_FOUND : OK;
}

enum rc sleeper_is_named(struct db *db, struct request *rq, const char *id, bool *out)
{
    uint64_t n;
    enum rc rc = sleeper_find(db, rq, id, &n);

    *out = rc == OK;
    return rc == E_NOT_FOUND ? OK : rc;
}

/* ---- waking ---- */

static enum rc awake_note(struct db *db, const struct request *rq, uint64_t n)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO awake (community, person) VALUES (?, ?)");

    db_bind_int(s, 1, rq->community->number);
    db_bind_int(s, 2, (int64_t)n);
    return db_run(s);
}

/* In memory of its own: a query may wake thousands. */
static enum rc person_wake(struct db *db, struct request *rq, uint64_t n)
{
    struct arena *a = arena_new();
    enum rc rc = seed_registry(a, db, rq->service->daemon->seeding, rq->community, n);

    arena_free(a);
    return rc != OK ? rc : awake_note(db, rq, n);
}

enum rc sleeper_wake(struct db *db, struct request *rq, const char *id, bool *woke)
{
    uint64_t n;
    enum rc rc = sleeper_find(db, rq, id, &n);

    *woke = rc == OK;
    if (rc != OK)
        return rc == E_NOT_FOUND ? OK : rc;
    return person_wake(db, rq, n);
}

static enum rc ids_wake(struct db *db, struct request *rq, const char *const ids[], size_t count)
{
    bool woke;

    for (size_t i = 0; i < count; i++)
        TRY(sleeper_wake(db, rq, ids[i], &woke));
    return OK;
}

#define WAKE(...)                                                                                                      \
    TRY(ids_wake(db, rq, (const char *const[]){ __VA_ARGS__ },                                                         \
                 sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)))

enum rc sleepers_wake_all(struct db *db, struct request *rq, const struct submission *s)
{
    if (sleepers_limit(rq) == 0)
        return OK;
    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        WAKE(o->patient_id, o->entry_uuid, o->unique_id);
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        WAKE(o->patient_id, o->entry_uuid, o->logical_id, o->unique_id);
    for (const struct folder *o = s->folders; o != NULL; o = o->next)
        WAKE(o->patient_id, o->entry_uuid, o->logical_id, o->unique_id);
    for (const struct association *o = s->associations; o != NULL; o = o->next)
        WAKE(o->entry_uuid, o->source, o->target);
    return OK;
}

/* ---- whoever has documents of some kind ---- */

static bool wants_any(struct arena *a, const struct request *rq, uint64_t n, paper_judge *wants, void *user)
{
    const struct seeding *s = rq->service->daemon->seeding;
    struct person who;
    bool any = false;

    people_get(a, s->people, rq->community, n, &who);
    for (unsigned k = 0, count = papers_entries(s->papers, rq->community, &who); k < count; k++) {
        struct document_entry d;
        papers_entry(a, s->papers, rq->community, &who, k, &d);
        any = wants(user, &d) || any; /* it sees every document */
    }
    return any;
}

enum rc sleeper_wake_if(struct db *db, struct request *rq, uint64_t n, paper_judge *wants, void *user, bool *woke)
{
    bool awake;

    *woke = false;
    TRY(is_awake(db, rq, n, &awake));
    if (awake)
        return OK;
    struct arena *a = arena_new();
    *woke = wants_any(a, rq, n, wants, user);
    arena_free(a);
    return *woke ? person_wake(db, rq, n) : OK;
}
