/* What becomes of the people of the fixtures: their submissions are like anybody's, and they sleep until they are named. */
#include "actor/daemon.h"
#include "registry/sleepers.h"
#include "registry/store.h"
#include "registry/submission.h"
#include "support/scratch.h"
#include "world/papers.h"
#include "world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PEOPLE 3 /* of each community */

struct fixture {
    struct arena *arena;
    const char *folder, *database;
    struct config *config;
    struct world *world;
    struct daemon daemon;
    struct service service;
};

static void set(struct fixture *f, enum config_key key, const char *value)
{
    assert_int_equal(config_set(f->config, key, value), OK);
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    f->arena = a;
    f->folder = scratch_make(a);
    f->database = arena_printf(a, "%s/registry.db", f->folder);
    f->config = config_default(a);
    f->daemon.config = f->config;
    set(f, CONFIG_FIXTURES, "fixtures");
    set(f, CONFIG_COMMUNITIES, "all");
    set(f, CONFIG_DATA, f->folder);
    set(f, CONFIG_POPULATION, "3");
    set(f, CONFIG_CODES, "survey");
    assert_int_equal(world_load(a, f->config, &f->world), OK);
    assert_int_equal(seeding_run(f->config, f->world, f->database, store_schema, NULL), OK);
    assert_int_equal(seeding_load(a, f->config, f->world, f->database, &f->daemon.seeding), OK);
    f->service.daemon = &f->daemon;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

static struct request request_of(struct fixture *f, struct arena *a, const struct community *c)
{
    return (struct request){ .arena = a, .service = &f->service, .community = c };
}

/* ---- the rules ---- */

static void submission_judged(struct fixture *f, const struct community *c, const struct person *who, unsigned k)
{
    struct arena *a = arena_new();
    struct request rq = request_of(f, a, c);
    struct submission_index index;
    struct document_entry document;
    struct submission_set submitted;
    struct association member;

    papers_entry(a, f->daemon.seeding->papers, c, who, k, &document);
    papers_submission(a, c, who, k, &document, &submitted, &member);
    document.hash = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    document.size = "0";
    struct submission all = { .sets = &submitted, .documents = &document, .associations = &member };
    submission_check(&rq, &all, SUBMISSION_STABLE, &index);
    for (const struct issue *i = rq.issues.first; i != NULL; i = i->next)
        fail_msg("%s %s: %s", c->key, document.unique_id, i->text);
    arena_free(a);
}

static void test_what_is_seeded_keeps_the_rules_of_a_submission(void **state)
{
    struct fixture *f = *state;
    const struct seeding *s = f->daemon.seeding;
    unsigned judged = 0;

    for (size_t i = 0; i < f->world->count; i++) {
        const struct community *c = &f->world->communities[i];
        for (uint64_t n = 0; n < s->done[i]; n++) {
            struct arena *a = arena_new();
            struct person who;
            people_get(a, s->people, c, n, &who);
            for (unsigned k = 0, count = papers_count(s->papers, c, &who); k < count; k++, judged++)
                submission_judged(f, c, &who, k);
            arena_free(a);
        }
    }
    assert_true(judged > 279 * PEOPLE);
}

/* ---- sleeping ---- */

static int64_t number(struct db *db, const char *sql)
{
    struct db_stmt *s = db_stmt(db, sql);
    bool row;

    assert_int_equal(db_step(s, &row), OK);
    int64_t n = row ? db_int(s, 0) : -1;
    db_reset(s);
    return n;
}

static const struct community *community(const struct fixture *f, const char *key)
{
    const struct community *c = world_find(f->world, key);

    assert_non_null(c);
    return c;
}

static void test_nothing_is_kept_of_who_sleeps(void **state)
{
    struct fixture *f = *state;
    struct db *db;

    assert_int_equal(db_open(f->database, DB_READ, NULL, &db), OK);
    assert_int_equal(number(db, "SELECT count(*) FROM object"), 0);
    assert_int_equal(number(db, "SELECT count(*) FROM patient"), 0);
    assert_int_equal(number(db, "SELECT sum(done) FROM seeded"), 279 * PEOPLE);
    db_close(db);
}

static bool wakes(struct db *db, struct request *rq, const char *id)
{
    bool woke;

    assert_int_equal(sleeper_wake(db, rq, id, &woke), OK);
    return woke;
}

static void test_each_id_wakes_its_person_once(void **state)
{
    struct fixture *f = *state;
    struct request here = request_of(f, f->arena, community(f, "0035"));
    struct request there = request_of(f, f->arena, community(f, "0026"));
    struct db *db;

    assert_int_equal(db_open(f->database, DB_WRITE, NULL, &db), OK);
    assert_false(wakes(db, &there, "urn:uuid:00000035-0000-8001-8002-000000000001"));
    assert_false(wakes(db, &there, "0035-0000001-7^^^&2.999.392.2.35&ISO"));
    assert_true(wakes(db, &here, "urn:uuid:00000035-0000-8001-8002-000000000001"));
    assert_false(wakes(db, &here, "0035-0000001-7^^^&2.999.392.2.35&ISO"));
    assert_true(wakes(db, &here, "0035-0000002-5^^^&2.999.392.2.35&ISO"));
    assert_false(wakes(db, &here, "2.999.392.5.35.10035.10000002.15.1"));
    assert_true(wakes(db, &here, "2.999.392.6.35.10035.10000003.13.2"));
    assert_int_equal(number(db, "SELECT count(*) FROM patient"), PEOPLE);
    db_close(db);
}

static void test_other_ids_wake_nobody(void **state)
{
    static const char *const ids[] = { "",
                                       "R0001^^^&2.999.392.2.35&ISO",
                                       "0035-0000004-1^^^&2.999.392.2.35&ISO",
                                       "0035-0000001-8^^^&2.999.392.2.35&ISO",
                                       "urn:uuid:00000035-0000-8001-8002-000000000004",
                                       "urn:uuid:00000035-0000-8001-8004-000000000001",
                                       "urn:uuid:00000035-0000-8000-8002-000000000001",
                                       "urn:uuid:00000035-0000-8001-8002-000000000000",
                                       "urn:uuid:00000035-0000-4001-8002-000000000001",
                                       "urn:uuid:00000035-0000-8001-8002-00000000001",
                                       "2.999.392.6.35.10035.10000004.11.1",
                                       "2.999.392.7.35.10035.10000001.17.1" };
    struct fixture *f = *state;
    struct request rq = request_of(f, f->arena, community(f, "0035"));
    struct db *db;

    assert_int_equal(db_open(f->database, DB_WRITE, NULL, &db), OK);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        assert_false(wakes(db, &rq, ids[i]));
    assert_false(wakes(db, &rq, NULL));
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_seeded_keeps_the_rules_of_a_submission, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_is_kept_of_who_sleeps, setup, teardown),
        cmocka_unit_test_setup_teardown(test_each_id_wakes_its_person_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_ids_wake_nobody, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
