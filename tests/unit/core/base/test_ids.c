#include "base/ids.h"

#include "base/arena.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_equal_seeds_give_equal_sequences(void **state UNUSED)
{
    char a[3][IDS_UUID_LEN], b[IDS_UUID_LEN];

    ids_pin(7);
    for (int i = 0; i < 3; i++)
        ids_uuid(a[i]);
    ids_pin(7);
    for (int i = 0; i < 3; i++) {
        ids_uuid(b);
        assert_string_equal(a[i], b);
    }
    ids_pin(8);
    ids_uuid(b);
    assert_string_not_equal(a[0], b);
    assert_string_not_equal(a[0], a[1]);
}

static void test_they_are_version_4_uuids_in_lower_case(void **state UNUSED)
{
    char id[IDS_UUID_LEN];

    for (uint64_t seed = 0; seed < 50; seed++) {
        ids_pin(seed);
        ids_uuid(id);
        assert_int_equal(strlen(id), 36);
        assert_int_equal(id[14], '4');
        assert_non_null(strchr("89ab", id[19]));
        assert_int_equal(strspn(id, "0123456789abcdef-"), 36);
    }
}

static void test_oids_stand_under_2_25(void **state UNUSED)
{
    struct arena *a = arena_new();

    ids_pin(1);
    char *oid = ids_oid(a);
    assert_int_equal(strncmp(oid, "2.25.", 5), 0);
    assert_int_equal(strspn(oid + 5, "0123456789"), strlen(oid) - 5);
    assert_int_not_equal(oid[5], '0');
    assert_true(strlen(oid) <= 64);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_seeds_give_equal_sequences),
        cmocka_unit_test(test_they_are_version_4_uuids_in_lower_case),
        cmocka_unit_test(test_oids_stand_under_2_25),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
