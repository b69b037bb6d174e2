/* gateway/directory: who holds whom, for how long, and how much of it. */
#include "gateway/directory.h"

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
    directory_close(NULL);
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
        DIRECTORY_TEST(test_half_an_id_is_not_learnt),
        DIRECTORY_TEST(test_when_it_is_full_the_oldest_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
