#include "actor/seeding.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/checkpointer.h"
#include "store/db.h"
#include "world/papers.h"
#include "world/people.h"
#include "world/world.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHUNK     64    /* persons whose memory is given back together */
#define BATCH_MIN 4000  /* persons of a transaction … */
#define BATCH_MAX 32000 /* … the more there are, the more of them go to the same pages of an index */
#define BATCHES   32
#define TELL_MS   50

static const char table[] = "CREATE TABLE IF NOT EXISTS seeded ("
                            " community INTEGER PRIMARY KEY," /* its number */
                            " seed INTEGER NOT NULL,"
                            " typing INTEGER NOT NULL," /* --typing-errors */
                            " done INTEGER NOT NULL);";

/* What people follow from. */
struct origin {
    uint64_t seed;
    long long typing_errors;
};

struct run {
    const char *database;
    struct db *db;
    struct checkpointer *checkpointer;
    struct seeding *s;
    seed_people *seed;
    struct origin origin;
    uint64_t *wanted;
    uint64_t done, total, open, batch; /* of this run; open: in the transaction under way, batch: it may hold */
    int tell_fd;
    uint64_t told;
};

/* ---- what the table says ---- */

static enum rc table_is_there(struct db *db, bool *there)
{
    struct db_stmt *s = db_stmt(db, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seeded'");

    TRY(db_step(s, there));
    if (*there)
        db_reset(s);
    return OK;
}

/* *any: somebody has been seeded, and from what. */
static enum rc origin_read(struct db *db, struct origin *out, bool *any)
{
    TRY(table_is_there(db, any));
    if (!*any)
        return OK;
    struct db_stmt *s = db_stmt(db, "SELECT seed, typing FROM seeded WHERE done > 0 LIMIT 1");
    TRY(db_step(s, any));
    if (!*any)
        return OK;
    *out = (struct origin){ (uint64_t)db_int(s, 0), db_int(s, 1) };
    db_reset(s);
    return OK;
}

static enum rc done_read(struct db *db, const struct world *w, uint64_t *done)
{
    for (size_t i = 0; i < w->count; i++) {
        struct db_stmt *s = db_stmt(db, "SELECT done FROM seeded WHERE community = ?");
        bool row;
        db_bind_int(s, 1, w->communities[i].number);
        TRY(db_step(s, &row));
        if (!row)
            continue;
        done[i] = (uint64_t)db_int(s, 0);
        db_reset(s);
    }
    return OK;
}

static enum rc done_write(struct run *r, const struct community *c, uint64_t done)
{
    struct db_stmt *s = db_stmt(r->db, "INSERT INTO seeded (community, seed, typing, done) VALUES (?, ?, ?, ?)"
                                       " ON CONFLICT (community) DO UPDATE SET done = excluded.done");

    db_bind_int(s, 1, c->number);
    db_bind_int(s, 2, (int64_t)r->origin.seed);
    db_bind_int(s, 3, r->origin.typing_errors);
    db_bind_int(s, 4, (int64_t)done);
    return db_run(s);
}

/* ---- whether these people may live there ---- */

static enum rc wanted_read(const struct config *c, struct population *out, bool *nobody)
{
    TRY(population_parse(config_text(c, CONFIG_POPULATION), out));
    *nobody = out->kind != POPULATION_FULL && out->number == 0;
    return OK;
}

static struct origin origin_of(const struct config *c)
{
    return (struct origin){ (uint64_t)config_number(c, CONFIG_SEED), config_number(c, CONFIG_TYPING_ERRORS) };
}

static enum rc origin_check(const struct config *c, struct db *db)
{
    struct origin there, wanted = origin_of(c);
    const char *data = config_text(c, CONFIG_DATA);
    bool any;

    TRY(origin_read(db, &there, &any));
    if (any && there.seed != wanted.seed)
        fprintf(stderr,
                "kakehashi: --seed %lld: the people in %s are those of --seed %lld; start with that one, with another "
                "--data, or with --population 0\n",
                (long long)wanted.seed, data, (long long)there.seed);
    else if (any && there.typing_errors != wanted.typing_errors)
        fprintf(stderr,
                "kakehashi: --typing-errors %lld: the people in %s are those of --typing-errors %lld; start with that "
                "many, with another --data, or with --population 0\n",
                wanted.typing_errors, data, there.typing_errors);
    else
        return OK;
    return E_CONFIG;
}

enum rc seeding_check(const struct config *c, const char *database)
{
    struct population population;
    struct db *db;
    bool nobody;

    TRY(wanted_read(c, &population, &nobody));
    if (nobody || access(database, F_OK) != 0)
        return OK;
    TRY(db_open(database, DB_READ, NULL, &db));
    enum rc rc = origin_check(c, db);
    db_close(db);
    return rc;
}

/* ---- who there is ---- */

static enum rc seeding_new(struct arena *a, const struct config *c, const struct world *w, const struct origin *from,
                           const struct population *population, struct seeding **out)
{
    struct seeding *s = ARENA_NEW(a, struct seeding);
    const char *fixtures = world_fixtures(a, c);
    struct world *everyone;

    s->config = c;
    s->world = w;
    s->done = ARENA_ARRAY(a, uint64_t, w->count);
    TRY(world_everyone(a, fixtures, &everyone));
    TRY(people_new(a, fixtures, everyone, from->seed, population, &s->people));
    TRY(people_mistype(s->people, from->typing_errors));
    *out = s;
    return OK;
}

static enum rc load_from(struct arena *a, const struct config *c, const struct world *w, struct db *db,
                         struct seeding **out)
{
    const struct population everybody = { POPULATION_COUNT, PEOPLE_MAX };
    struct origin from;
    bool any;

    *out = NULL;
    TRY(origin_read(db, &from, &any));
    if (!any)
        return OK;
    TRY(seeding_new(a, c, w, &from, &everybody, out));
    TRY(papers_new(a, world_fixtures(a, c), from.seed, &(*out)->papers));
    return done_read(db, w, (*out)->done);
}

enum rc seeding_load(struct arena *a, const struct config *c, const struct world *w, const char *database,
                     struct seeding **out)
{
    struct db *db;

    TRY(db_open(database, DB_READ, NULL, &db));
    enum rc rc = load_from(a, c, w, db, out);
    db_close(db);
    return rc;
}

enum rc seeding_person(struct arena *a, const struct seeding *s, const struct community *c, const char *regional_id,
                       struct person *out)
{
    uint64_t n;

    TRY(people_find(s->people, c, regional_id, &n));
    if (n >= s->done[c - s->world->communities])
        return E_NOT_FOUND;
    people_get(a, s->people, c, n, out);
    return OK;
}

/* ---- seeding ---- */

static void tell(struct run *r, bool now)
{
    uint64_t ticks = clock_ticks();

    if (r->tell_fd < 0 || (!now && ticks - r->told < TELL_MS * 1000000u))
        return;
    r->told = ticks;
    dprintf(r->tell_fd, "P %llu %llu\n", (unsigned long long)r->done, (unsigned long long)r->total);
}

/* They are blocked, and left for whoever waits for them. */
static bool is_told_to_stop(void)
{
    sigset_t pending;

    sigpending(&pending);
    return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

static enum rc begin(struct run *r)
{
    return db_run(db_stmt(r->db, "BEGIN IMMEDIATE"));
}

/* What a crash takes away is whole transactions, the newest first, so the table tells the truth without a sync. */
static enum rc commit(struct run *r)
{
    r->open = 0;
    TRY(db_run(db_stmt(r->db, "COMMIT")));
    if (r->checkpointer != NULL)
        checkpointer_nudge(r->checkpointer);
    return OK;
}

static enum rc chunk_seed(struct run *r, const struct community *c, uint64_t from, uint64_t to)
{
    struct arena *a = arena_new();
    enum rc rc = r->seed(a, r->db, r->s, c, from, to);

    arena_free(a);
    r->done += to - from;
    r->open += to - from;
    tell(r, false);
    return rc;
}

/* A transaction ends: how far it came is part of it. */
static enum rc batch_end(struct run *r, const struct community *c, uint64_t done)
{
    TRY(done_write(r, c, done));
    TRY(commit(r));
    if (is_told_to_stop())
        return E_CANCELLED;
    return begin(r);
}

static enum rc community_seed(struct run *r, size_t i)
{
    const struct community *c = &r->s->world->communities[i];

    for (uint64_t n = r->s->done[i], end; n < r->wanted[i]; n = end) {
        end = MIN(n + CHUNK, r->wanted[i]);
        TRY(chunk_seed(r, c, n, end));
        if (r->open >= r->batch || is_told_to_stop())
            TRY(batch_end(r, c, end));
        else if (end == r->wanted[i])
            TRY(done_write(r, c, end));
    }
    return OK;
}

static enum rc all_seed(struct run *r)
{
    r->batch = MAX(MIN(r->total / BATCHES, (uint64_t)BATCH_MAX), (uint64_t)BATCH_MIN);
    TRY(begin(r));
    for (size_t i = 0; i < r->s->world->count; i++)
        TRY(community_seed(r, i));
    return commit(r);
}

/* Nothing is kept of anybody. */
static enum rc all_note(struct run *r, const struct world *w, const uint64_t *done)
{
    TRY(begin(r));
    for (size_t i = 0; i < w->count; i++) {
        if (r->wanted[i] > done[i])
            TRY(done_write(r, &w->communities[i], r->wanted[i]));
    }
    r->done = r->total;
    return commit(r);
}

/* Beside another core, which takes to the database what this one has committed. */
static enum rc all_seed_beside(struct run *r)
{
    TRY(checkpointer_start(r->database, &r->checkpointer));
    enum rc rc = all_seed(r);
    checkpointer_stop(r->checkpointer);
    return rc;
}

static enum rc missing_seed(struct arena *a, const struct config *c, const struct world *w,
                            const struct population *population, struct run *r, uint64_t *done)
{
    if (r->seed == NULL)
        return all_note(r, w, done);
    TRY(seeding_new(a, c, w, &r->origin, population, &r->s));
    r->s->done = done;
    tell(r, true);
    return all_seed_beside(r);
}

/* How many are missing, from what the table says; no tables of names are read for that. */
static enum rc missing_count(struct arena *a, struct run *r, const struct world *w, const struct population *population,
                             uint64_t *done)
{
    TRY(done_read(r->db, w, done));
    r->wanted = ARENA_ARRAY(a, uint64_t, w->count);
    for (size_t i = 0; i < w->count; i++) {
        r->wanted[i] = population_of(population, &w->communities[i]);
        if (r->wanted[i] > done[i])
            r->total += r->wanted[i] - done[i];
    }
    return OK;
}

static enum rc run_on(struct arena *a, const struct config *c, const struct world *w,
                      const struct population *population, struct run *r)
{
    uint64_t *done = ARENA_ARRAY(a, uint64_t, w->count), start = clock_ticks();

    TRY(origin_check(c, r->db));
    TRY(missing_count(a, r, w, population, done));
    if (r->total == 0)
        return OK;
    enum rc rc = missing_seed(a, c, w, population, r, done);
    if (rc == OK)
        log_info("seeded %llu persons in %llu ms", (unsigned long long)r->total,
                 (unsigned long long)(clock_ticks() - start) / 1000000);
    else if (rc == E_CANCELLED)
        log_info("seeding was interrupted at %llu of %llu persons; the next start goes on", (unsigned long long)r->done,
                 (unsigned long long)r->total);
    tell(r, true);
    return rc;
}

enum rc seeding_run(const struct config *c, const struct world *w, const char *database, const char *schema,
                    seed_people *seed)
{
    struct run r = {
        .database = database, .seed = seed, .origin = origin_of(c), .tell_fd = (int)config_number(c, CONFIG_READY_FD)
    };
    struct population population;
    bool nobody;

    TRY(wanted_read(c, &population, &nobody));
    if (nobody)
        return OK;
    struct arena *a = arena_new();
    enum rc rc = db_open(database, DB_WRITE, arena_printf(a, "%s%s", schema, table), &r.db);
    if (rc == OK)
        rc = db_bulk(r.db);
    if (rc == OK)
        rc = run_on(a, c, w, &population, &r);
    db_close(r.db); /* undoes what is not committed */
    arena_free(a);
    malloc_trim(0); /* what comes now needs little */
    return rc;
}
