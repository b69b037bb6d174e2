/* Pages that wait: bounded in number and age, each good once. */
#include "pixmgr/continuation.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HERE  1
#define THERE 2

static const int64_t people[] = { 7, 8, 9 };

static void put(struct continuations *c, int community, const char *key, const char *tag)
{
    continuations_put(c, community,
                      &(struct continuation){ .key = key, .tag = tag, .total = 5, .people = people, .count = 3 });
}

static enum rc take(struct continuations *c, struct arena *a, int community, const char *key)
{
    struct continuation got;
    enum rc rc = continuations_take(c, a, community, key, &got);

    if (rc == OK) {
        assert_int_equal(got.total, 5);
        assert_int_equal(got.count, 3);
        assert_int_equal(got.people[2], 9);
    }
    return rc;
}

static void test_each_is_good_once_and_in_its_community(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct continuations *c = continuations_new(&(struct continuations_limits){ 10, 10, 60000 });

    put(c, HERE, "k", "t");
    assert_int_equal(take(c, a, THERE, "k"), E_NOT_FOUND);
    assert_int_equal(take(c, a, HERE, "k"), OK);
    assert_int_equal(take(c, a, HERE, "k"), E_NOT_FOUND);
    continuations_free(c);
    arena_free(a);
}

static void test_the_oldest_goes_first(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct continuations *c = continuations_new(&(struct continuations_limits){ 2, 3, 60000 });

    put(c, HERE, "1", "t");
    put(c, THERE, "2", "t");
    put(c, HERE, "3", "t");
    put(c, HERE, "4", "t"); /* the third of its community */
    assert_int_equal(take(c, a, HERE, "1"), E_NOT_FOUND);
    put(c, THERE, "5", "t"); /* the fourth in all */
    assert_int_equal(take(c, a, THERE, "2"), E_NOT_FOUND);
    assert_int_equal(take(c, a, HERE, "3"), OK);
    assert_int_equal(take(c, a, HERE, "4"), OK);
    assert_int_equal(take(c, a, THERE, "5"), OK);
    continuations_free(c);
    arena_free(a);
}

static void test_what_is_too_old_is_gone(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct continuations *c = continuations_new(&(struct continuations_limits){ 10, 10, 0 });

    put(c, HERE, "k", "t");
    assert_int_equal(take(c, a, HERE, "k"), E_NOT_FOUND);
    continuations_free(c);
    arena_free(a);
}

static void test_a_tag_cancels_all_of_its_query(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct continuations *c = continuations_new(&(struct continuations_limits){ 10, 10, 60000 });

    put(c, HERE, "1", "t");
    put(c, HERE, "2", "u");
    put(c, HERE, "3", "t");
    put(c, THERE, "4", "t");
    assert_true(continuations_cancel(c, HERE, "t"));
    assert_false(continuations_cancel(c, HERE, "t"));
    assert_int_equal(take(c, a, HERE, "1"), E_NOT_FOUND);
    assert_int_equal(take(c, a, HERE, "3"), E_NOT_FOUND);
    assert_int_equal(take(c, a, HERE, "2"), OK);
    assert_int_equal(take(c, a, THERE, "4"), OK);
    continuations_free(c);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_good_once_and_in_its_community),
        cmocka_unit_test(test_the_oldest_goes_first),
        cmocka_unit_test(test_what_is_too_old_is_gone),
        cmocka_unit_test(test_a_tag_cancels_all_of_its_query),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
