#include "base/buf.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_it_grows_to_its_ceiling_and_no_further(void **state UNUSED)
{
    struct buf b;

    buf_init(&b, 10);
    buf_add_text(&b, "12345");
    buf_add_text(&b, "67890");
    assert_false(b.overflowed);
    buf_add_char(&b, 'x');
    assert_true(b.overflowed);
    assert_string_equal(buf_text(&b), "1234567890");
    buf_clear(&b);
}

static void test_what_does_not_fit_is_left_out_whole(void **state UNUSED)
{
    struct buf b;

    buf_init(&b, 8);
    buf_printf(&b, "%s", "four");
    buf_printf(&b, "%s", "fives");
    assert_true(b.overflowed);
    assert_string_equal(buf_text(&b), "four");
    buf_reset(&b);
    assert_false(b.overflowed);
    assert_string_equal(buf_text(&b), "");
    buf_clear(&b);
}

static void test_an_empty_buffer_has_an_empty_text(void **state UNUSED)
{
    struct buf b;

    buf_init(&b, 8);
    assert_string_equal(buf_text(&b), "");
    assert_int_equal(buf_str(&b).len, 0);
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_grows_to_its_ceiling_and_no_further),
        cmocka_unit_test(test_what_does_not_fit_is_left_out_whole),
        cmocka_unit_test(test_an_empty_buffer_has_an_empty_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
