#include "registry/id_set.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_an_id_is_added_once(void **state)
{
    struct arena *a = arena_new();
    struct id_set set = { 0 };

    (void)state;
    assert_false(id_set_has(&set, 7));
    assert_true(id_set_add(a, &set, 7));
    assert_false(id_set_add(a, &set, 7));
    assert_true(id_set_has(&set, 7));
    assert_false(id_set_has(&set, 8));
    arena_free(a);
}

static void test_it_grows(void **state)
{
    struct arena *a = arena_new();
    struct id_set set = { 0 };

    (void)state;
    for (int64_t id = 1; id <= 20000; id++)
        assert_true(id_set_add(a, &set, id * 3));
    for (int64_t id = 1; id <= 60000; id++)
        assert_int_equal(id_set_has(&set, id), id % 3 == 0);
    assert_int_equal(set.count, 20000);
    arena_free(a);
}

static void test_far_ids_do_not_meet(void **state)
{
    struct arena *a = arena_new();
    struct id_set set = { 0 };

    (void)state;
    for (int bit = 0; bit < 63; bit++)
        assert_true(id_set_add(a, &set, (int64_t)1 << bit));
    assert_true(id_set_add(a, &set, INT64_MAX));
    assert_int_equal(set.count, 64);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_id_is_added_once),
        cmocka_unit_test(test_it_grows),
        cmocka_unit_test(test_far_ids_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
