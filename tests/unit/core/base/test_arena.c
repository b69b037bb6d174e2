#include "base/arena.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_memory_is_zeroed_and_aligned(void **state UNUSED)
{
    struct arena *a = arena_new();

    for (size_t n = 1; n < 5000; n += 37) {
        unsigned char *p = arena_alloc(a, n);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, n);
    }
    arena_free(a);
}

static void test_large_things_leave_the_block_in_use_open(void **state UNUSED)
{
    struct arena *a = arena_new();
    char *before = arena_alloc(a, 16);
    memset(arena_alloc(a, (size_t)1 << 20), 1, (size_t)1 << 20);
    char *after = arena_alloc(a, 16);

    assert_ptr_equal(after, before + 16);
    assert_true(arena_size(a) > (size_t)1 << 20);
    arena_free(a);
}

static int order[3], count;

static void note(void *what)
{
    order[count++] = *(int *)what;
}

static void test_deferred_work_runs_newest_first(void **state UNUSED)
{
    struct arena *a = arena_new();
    int one = 1, two = 2, three = 3;

    arena_defer(a, note, &one);
    arena_defer(a, note, &two);
    arena_defer(a, note, &three);
    arena_free(a);
    assert_int_equal(count, 3);
    assert_int_equal(order[0], 3);
    assert_int_equal(order[2], 1);
}

static void test_printf_measures_first(void **state UNUSED)
{
    struct arena *a = arena_new();
    char *text = arena_printf(a, "%0500d|%s", 7, "end");

    assert_int_equal(strlen(text), 504);
    assert_string_equal(text + 500, "|end");
    assert_null(arena_strdup(a, NULL));
    arena_free(a);
}

static void test_kept_blocks_come_back_zeroed(void **state UNUSED)
{
    arena_blocks_keep(true);
    for (int round = 0; round < 3; round++) {
        struct arena *a = arena_new();
        for (size_t n = 1000; n <= 64000; n *= 2) {
            unsigned char *p = arena_alloc(a, n);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xff, n);
        }
        arena_free(a);
    }
    arena_blocks_keep(false); /* what is not given back, the leak sanitizer reports */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_and_aligned),
        cmocka_unit_test(test_large_things_leave_the_block_in_use_open),
        cmocka_unit_test(test_deferred_work_runs_newest_first),
        cmocka_unit_test(test_printf_measures_first),
        cmocka_unit_test(test_kept_blocks_come_back_zeroed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
