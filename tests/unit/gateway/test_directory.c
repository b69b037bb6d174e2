/* gateway/directory: who holds whom, for how long, and how much of it. */
#include "gateway/directory.h"

#include "base/clock.h"
#include "gateway_test.h"

#include <stdio.h>

static const struct patient_id patient = { .root = "2.999.392.2.1", .extension = "P1" };

static struct patient_place place(const char *home, const char *extension)
{
    return (struct patient_place){ .home = home, .id = { .root = "2.999.392.2.2", .extension = extension } };
}

static struct patient_place *found(void **state, const char *extension)
{
    struct patient_id id = { .root = patient.root, .extension = extension };

    return directory_find(((struct request *)*state)->arena, &test_communities[0], &id);
}

static int forget_all(void **state)
{
    directory_clear();
    return test_teardown(state);
}

static void test_what_was_learnt_is_found_in_its_order(void **state)
{
    struct patient_place b = place(HOME_B, "b"), c = place(HOME_C, "c");

    directory_learn(&test_communities[0], &patient, &b, 60);
    directory_learn(&test_communities[0], &patient, &c, 60);
    struct patient_place *got = found(state, "P1");
    assert_string_equal(got->home, HOME_B);
    assert_string_equal(got->id.extension, "b");
    assert_string_equal(got->next->home, HOME_C);
    assert_null(got->next->next);
    assert_null(found(state, "P2"));
}

static void test_the_latest_id_of_a_home_counts(void **state)
{
    struct patient_place old = place(HOME_B, "old"), new = place(HOME_B, "new");

    directory_learn(&test_communities[0], &patient, &old, 60);
    directory_learn(&test_communities[0], &patient, &new, 60);
    assert_string_equal(found(state, "P1")->id.extension, "new");
    assert_null(found(state, "P1")->next);
}

static void test_no_time_to_live_forgets(void **state)
{
    struct patient_place b = place(HOME_B, "b");

    directory_learn(&test_communities[0], &patient, &b, 60);
    directory_learn(&test_communities[0], &patient, &b, 0);
    assert_null(found(state, "P1"));
}

static void test_what_was_learnt_runs_out(void **state)
{
    struct patient_place b = place(HOME_B, "b");

    assert_int_equal(clock_pin("2026-04-01T00:00:00Z"), OK);
    directory_learn(&test_communities[0], &patient, &b, 60);
    assert_int_equal(clock_pin("2026-04-01T00:00:59Z"), OK);
    assert_non_null(found(state, "P1"));
    assert_int_equal(clock_pin("2026-04-01T00:01:00Z"), OK);
    assert_null(found(state, "P1"));
    assert_int_equal(clock_pin(NULL), OK);
}

static void test_a_home_a_community_or_all_is_forgotten(void **state)
{
    struct patient_place b = place(HOME_B, "b"), c = place(HOME_C, "c");
    const struct patient_id there = { .root = "2.999.392.2.2", .extension = "P1" };
    size_t *counts;

    for (int i = 0; i < 2; i++) {
        directory_learn(&test_communities[i], &patient, &b, 60);
        directory_learn(&test_communities[i], &patient, &c, 60);
    }
    directory_forget(&test_communities[0], &there, HOME_B);
    directory_forget(&test_communities[0], &patient, HOME_B);
    assert_string_equal(found(state, "P1")->home, HOME_C);
    counts = directory_counts(((struct request *)*state)->arena, &test_world);
    assert_int_equal(counts[1], 1);
    assert_int_equal(counts[2], 2);
    directory_forget_community(&test_communities[1]);
    assert_non_null(found(state, "P1"));
    directory_clear();
    counts = directory_counts(((struct request *)*state)->arena, &test_world);
    assert_int_equal(counts[1] + counts[2], 0);
}

static void test_half_an_id_is_not_learnt(void **state)
{
    struct patient_place b = place(HOME_B, NULL);

    directory_learn(&test_communities[0], &patient, &b, 60);
    assert_null(found(state, "P1"));
}

static void test_when_it_is_full_the_oldest_goes(void **state)
{
    struct arena *a = ((struct request *)*state)->arena;
    struct patient_place b = place(HOME_B, "b");

    for (int i = 0; i <= 200000; i++) {
        char extension[16];
        snprintf(extension, sizeof(extension), "P%d", i);
        struct patient_id id = { .root = patient.root, .extension = extension };
        directory_learn(&test_communities[0], &id, &b, 60);
    }
    assert_null(found(state, "P0"));
    assert_non_null(found(state, "P1"));
    assert_non_null(found(state, arena_strdup(a, "P200000")));
}

#define DIRECTORY_TEST(fn) cmocka_unit_test_setup_teardown(fn, test_setup, forget_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DIRECTORY_TEST(test_what_was_learnt_is_found_in_its_order),
        DIRECTORY_TEST(test_the_latest_id_of_a_home_counts),
        DIRECTORY_TEST(test_no_time_to_live_forgets),
        DIRECTORY_TEST(test_what_was_learnt_runs_out),
        DIRECTORY_TEST(test_a_home_a_community_or_all_is_forgotten),
        DIRECTORY_TEST(test_half_an_id_is_not_learnt),
        DIRECTORY_TEST(test_when_it_is_full_the_oldest_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
