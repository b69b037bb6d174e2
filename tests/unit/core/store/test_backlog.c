/* store/backlog: what waits is taken in order, survives the process, and never becomes more than allowed. */
#include "store/backlog.h"

#include "base/arena.h"
#include "base/buf.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const char *peeked(struct backlog *b, struct buf *out, size_t max)
{
    assert_int_equal(backlog_peek(b, max, out), OK);
    return buf_text(out);
}

static void test_what_waits_is_taken_in_order_also_after_a_restart(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *folder = scratch_make(a), *path = arena_printf(a, "%s/b", folder);
    struct buf *out = buf_new(a, 1000);
    struct backlog *b;

    assert_int_equal(backlog_open(path, 100, &b), OK);
    assert_true(backlog_is_empty(b));
    assert_int_equal(backlog_add(b, STR("one")), OK);
    assert_int_equal(backlog_add(b, STR("two")), OK);
    assert_string_equal(peeked(b, out, 100), "onetwo");
    assert_string_equal(peeked(b, out, 4), "onet");
    backlog_drop(b, 3);
    backlog_close(b);
    assert_int_equal(backlog_open(path, 100, &b), OK);
    assert_string_equal(peeked(b, out, 100), "two");
    assert_int_equal(backlog_bytes(b), 3);
    backlog_drop(b, 3);
    assert_true(backlog_is_empty(b));
    backlog_close(b);
    assert_int_equal(backlog_open(path, 100, &b), OK);
    assert_true(backlog_is_empty(b));
    backlog_close(b);
    scratch_remove(folder);
    arena_free(a);
}

static void test_no_more_waits_than_allowed(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *folder = scratch_make(a), *path = arena_printf(a, "%s/b", folder);
    struct buf *out = buf_new(a, 1000);
    struct backlog *b;

    assert_int_equal(backlog_open(path, 5, &b), OK);
    assert_int_equal(backlog_add(b, STR("12345")), OK);
    assert_int_equal(backlog_add(b, STR("6")), E_LIMIT);
    assert_string_equal(peeked(b, out, 100), "12345");
    backlog_drop(b, 5);
    assert_int_equal(backlog_add(b, STR("6")), OK);
    assert_string_equal(peeked(b, out, 100), "6");
    backlog_close(b);
    scratch_remove(folder);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_waits_is_taken_in_order_also_after_a_restart),
        cmocka_unit_test(test_no_more_waits_than_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
