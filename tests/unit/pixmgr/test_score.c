/* The links of whole worlds, beside who people really are. */
#include "pixmgr/score.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "support/scratch.h"
#include "world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
    struct arena *arena;
    const char *folder;
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
    f->config = config_default(a);
    set(f, CONFIG_FIXTURES, "fixtures");
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

static struct score score(struct fixture *f)
{
    struct score out;

    assert_int_equal(world_load(f->arena, f->config, &f->world), OK);
    assert_int_equal(score_world(f->arena, f->config, f->world, f->folder, &out), OK);
    return out;
}

static void test_nobody_of_the_default_world_is_mistaken(void **state)
{
    struct score s = score(*state);

    assert_int_equal(s.records, 5580);
    assert_in_range(s.true_pairs, 400, 600);
    assert_true(score_precision(&s) == 1.0);
    assert_true(score_recall(&s) >= 0.98);
}

static void test_typing_errors_cost_little(void **state)
{
    struct fixture *f = *state;

    set(f, CONFIG_SEED, "7");
    set(f, CONFIG_POPULATION, "40");
    set(f, CONFIG_TYPING_ERRORS, "20");
    struct score s = score(f);
    assert_true(score_precision(&s) >= 0.99);
    assert_true(score_recall(&s) >= 0.92);
    assert_true(score_recall(&s) < 1); /* it is a harder world */
    assert_in_range(s.review_right, 1, s.review_pairs);
}

static void test_thresholds_weigh_precision_against_recall(void **state)
{
    struct fixture *f = *state;

    set(f, CONFIG_COMMUNITIES, "0007,0060,0013,0051,0305,0010,0043,0049");
    set(f, CONFIG_POPULATION, "200");
    set(f, CONFIG_TYPING_ERRORS, "30");
    struct score usual = score(f);
    set(f, CONFIG_LINK_SCORE, "40");
    struct score careful = score(f);
    set(f, CONFIG_LINK_SCORE, "12");
    struct score careless = score(f);
    assert_true(score_recall(&careful) < score_recall(&usual));
    assert_true(score_recall(&usual) < score_recall(&careless));
    assert_true(score_precision(&careless) < score_precision(&usual));
}

static void test_a_data_folder_without_a_manager_has_no_score(void **state)
{
    struct fixture *f = *state;
    struct score out;

    assert_int_equal(world_load(f->arena, f->config, &f->world), OK);
    assert_int_equal(score_kept(f->arena, f->config, f->world, "nowhere.db", &out), E_NOT_FOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_nobody_of_the_default_world_is_mistaken),
        TEST(test_typing_errors_cost_little),
        TEST(test_thresholds_weigh_precision_against_recall),
        TEST(test_a_data_folder_without_a_manager_has_no_score),
    };

    log_open("test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
