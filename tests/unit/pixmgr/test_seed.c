/* Seeding: the same world however often it stopped, and nobody else's people in it. */
#include "actor/seeding.h"
#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"
#include "pixmgr/pixmgr.h"
#include "pixmgr/store.h"
#include "support/scratch.h"
#include "world/people.h"
#include "world/world.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
    struct arena *arena;
    const char *folder, *database;
    struct config *config;
    struct world *world;
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
    f->database = arena_printf(a, "%s/one.db", f->folder);
    f->config = config_default(a);
    set(f, CONFIG_FIXTURES, "fixtures");
    set(f, CONFIG_COMMUNITIES, "0236,0360"); /* which locate by PIX, so that the backbone lives, too */
    set(f, CONFIG_DATA, f->folder);
    set(f, CONFIG_SEED, "7");
    set(f, CONFIG_POPULATION, "500");
    *state = f;
    return world_load(a, f->config, &f->world);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

static enum rc seed(struct fixture *f, const char *database)
{
    return seeding_run(f->config, f->world, database, store_schema, pixmgr_seed);
}

/* Everything that was kept of anybody, as one number. */
static const char *sum(struct fixture *f, const char *database)
{
    struct buf *all = buf_new(f->arena, BUF_MAX_DEFAULT);
    char *hash = arena_alloc(f->arena, SHA1_HEX_LEN);
    struct db *db;

    assert_int_equal(db_open(database, DB_READ, NULL, &db), OK);
    struct db_stmt *s = db_stmt(db, "SELECT r.id, r.community, r.root, r.extension, e.id, e.person, e.fed, e.traits,"
                                    " e.patient FROM record r JOIN entry e ON e.id = r.entry ORDER BY r.id");
    for (bool row = true; row;) {
        assert_int_equal(db_step(s, &row), OK);
        for (int i = 0; row && i < 9; i++) {
            const char *text = db_text(f->arena, s, i);
            buf_printf(all, "%s|", text != NULL ? text : "");
        }
    }
    db_close(db);
    sha1_hex(buf_str(all), hash);
    return hash;
}

static int64_t number(const char *database, const char *sql)
{
    struct db *db;
    bool row;

    assert_int_equal(db_open(database, DB_READ, NULL, &db), OK);
    struct db_stmt *s = db_stmt(db, sql);
    assert_int_equal(db_step(s, &row), OK);
    int64_t n = row ? db_int(s, 0) : -1;
    db_reset(s);
    db_close(db);
    return n;
}

static void test_a_second_seeding_adds_nothing(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(seed(f, f->database), OK);
    const char *first = sum(f, f->database);
    assert_int_equal(seed(f, f->database), OK);
    assert_string_equal(sum(f, f->database), first);
}

static void test_an_interrupted_seeding_goes_on_and_ends_alike(void **state)
{
    struct fixture *f = *state;
    const char *other = arena_printf(f->arena, "%s/other.db", f->folder);
    sigset_t signals, before;
    int caught;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    raise(SIGTERM);
    assert_int_equal(seed(f, f->database), E_CANCELLED);
    assert_int_equal(sigwait(&signals, &caught), 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    int64_t kept = number(f->database, "SELECT sum(done) FROM seeded");
    assert_in_range(kept, 1, 999);
    assert_int_equal(seed(f, f->database), OK);
    assert_int_equal(number(f->database, "SELECT sum(done) FROM seeded"), 1000);

    assert_int_equal(seed(f, other), OK);
    assert_string_equal(sum(f, f->database), sum(f, other));
}

static void test_a_population_grows_and_does_not_shrink(void **state)
{
    struct fixture *f = *state;

    set(f, CONFIG_POPULATION, "20");
    assert_int_equal(seed(f, f->database), OK);
    assert_int_equal(number(f->database, "SELECT sum(done) FROM seeded"), 40);
    set(f, CONFIG_POPULATION, "30");
    assert_int_equal(seed(f, f->database), OK);
    assert_int_equal(number(f->database, "SELECT sum(done) FROM seeded"), 60);
    set(f, CONFIG_POPULATION, "10");
    assert_int_equal(seed(f, f->database), OK);
    assert_int_equal(number(f->database, "SELECT sum(done) FROM seeded"), 60);
}

static void test_other_people_are_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(seeding_check(f->config, f->database), OK);
    assert_int_equal(seed(f, f->database), OK);
    assert_int_equal(seeding_check(f->config, f->database), OK);
    set(f, CONFIG_SEED, "8");
    assert_int_equal(seeding_check(f->config, f->database), E_CONFIG);
    assert_int_equal(seed(f, f->database), E_CONFIG);
    set(f, CONFIG_POPULATION, "0"); /* nobody is to be made, so nobody is in the way */
    assert_int_equal(seeding_check(f->config, f->database), OK);
}

static void test_those_who_locate_by_pix_meet_at_the_backbone(void **state)
{
    struct fixture *f = *state;

    set(f, CONFIG_POPULATION, "20");
    assert_int_equal(seed(f, f->database), OK);
    assert_int_equal(number(f->database, "SELECT count(*) FROM record WHERE community = 1000"), 40);
    assert_int_equal(number(f->database, "SELECT count(DISTINCT person) FROM entry WHERE community = 236"), 20);
}

static void test_who_was_fed_before_is_the_same_person_after(void **state)
{
    struct fixture *f = *state;
    struct people *people;
    struct world *everyone;
    struct population population;
    struct person who;
    struct db *db;

    set(f, CONFIG_POPULATION, "20");
    assert_int_equal(population_parse("20", &population), OK);
    assert_int_equal(world_everyone(f->arena, "fixtures", &everyone), OK);
    assert_int_equal(people_new(f->arena, "fixtures", everyone, 7, &population, &people), OK);
    const struct community *c = world_find(f->world, "0236");
    people_get(f->arena, people, c, 3, &who);
    assert_int_equal(db_open(f->database, DB_WRITE, store_schema, &db), OK);
    struct linking how = linking_of(f->arena, f->config, c);
    assert_int_equal(store_patient_feed(f->arena, db, &how, &who.patient, NULL), OK);
    db_close(db);
    assert_int_equal(seed(f, f->database), OK);
    assert_int_equal(number(f->database, "SELECT count(DISTINCT person) FROM entry WHERE community = 236"), 20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_second_seeding_adds_nothing),
        TEST(test_an_interrupted_seeding_goes_on_and_ends_alike),
        TEST(test_a_population_grows_and_does_not_shrink),
        TEST(test_other_people_are_refused),
        TEST(test_those_who_locate_by_pix_meet_at_the_backbone),
        TEST(test_who_was_fed_before_is_the_same_person_after),
    };

    log_open("test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
