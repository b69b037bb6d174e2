/* Communities are found by every name they go by, and by nothing else. */
#include "model/community.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct repository second = { .number = 2, .unique_id = "2.999.392.4.35.2" };
static struct repository first = { .number = 1, .unique_id = "2.999.392.4.35.1", .next = &second };
static struct facility hospital = { .name = "病院 1", .kind = "hospital", .oid = "2.999.392.3.35.1" };
static struct community communities[] = {
    { .key = "0035",
      .slug = "oshidori",
      .home_community_id = "urn:oid:2.999.392.1.35",
      .patient_id_domain = "2.999.392.2.35",
      .facilities = &hospital,
      .repositories = &first },
    { .key = "backbone",
      .slug = "backbone",
      .home_community_id = "urn:oid:2.999.392.1.1000",
      .patient_id_domain = "2.999.392.2.1000" },
};
static const struct world world = { communities, 2 };

static void test_key_and_slug_name_the_same_community(void **state)
{
    (void)state;
    assert_ptr_equal(world_find(&world, "0035"), &communities[0]);
    assert_ptr_equal(world_find(&world, "oshidori"), &communities[0]);
    assert_null(world_find(&world, "35"));
    assert_null(world_find(&world, ""));
    assert_null(world_find(&world, NULL));
}

static void test_home_is_found_with_and_without_urn_oid(void **state)
{
    (void)state;
    assert_ptr_equal(world_find_home(&world, "urn:oid:2.999.392.1.1000"), &communities[1]);
    assert_ptr_equal(world_find_home(&world, "2.999.392.1.1000"), &communities[1]);
    assert_null(world_find_home(&world, "urn:oid:2.999.392.1.100"));
    assert_null(world_find_home(&world, NULL));
}

static void test_domain_of_a_facility_leads_to_its_community(void **state)
{
    (void)state;
    assert_ptr_equal(world_find_domain(&world, "2.999.392.2.35"), &communities[0]);
    assert_ptr_equal(world_find_domain(&world, "2.999.392.3.35.1"), &communities[0]);
    assert_null(world_find_domain(&world, "2.999.392.3.35.9"));
    assert_null(world_find_domain(&world, NULL));
}

static void test_repositories_are_found_by_number(void **state)
{
    (void)state;
    assert_ptr_equal(community_repository(&communities[0], 1), &first);
    assert_ptr_equal(community_repository(&communities[0], 2), &second);
    assert_null(community_repository(&communities[0], 3));
    assert_null(community_repository(&communities[1], 1));
}

static void test_a_lens_takes_away_what_is_marked_less(void **state)
{
    struct community marked[] = { { .profiles = { [PROFILE_XCA] = MARK_PLANNED, [PROFILE_PIX] = MARK_OPERATING } },
                                  { .is_backbone = true } };
    struct world w = { marked, 2, LENS_ALL };

    (void)state;
    assert_true(community_has(&w, &marked[0], PROFILE_XCPD));
    w.lens = LENS_PLANNED;
    assert_true(community_has(&w, &marked[0], PROFILE_XCA));
    assert_false(community_has(&w, &marked[0], PROFILE_XCPD));
    w.lens = LENS_SURVEYED;
    assert_true(community_has(&w, &marked[0], PROFILE_PIX));
    assert_false(community_has(&w, &marked[0], PROFILE_XCA));
    assert_true(community_has(&w, &marked[0], PROFILE_NONE));
    assert_true(community_has(&w, &marked[1], PROFILE_XCPD)); /* the backbone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_and_slug_name_the_same_community),
        cmocka_unit_test(test_home_is_found_with_and_without_urn_oid),
        cmocka_unit_test(test_domain_of_a_facility_leads_to_its_community),
        cmocka_unit_test(test_repositories_are_found_by_number),
        cmocka_unit_test(test_a_lens_takes_away_what_is_marked_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
