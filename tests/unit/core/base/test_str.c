#include "base/str.h"

#include "base/rc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_trimming_takes_xml_white_space_only(void **state UNUSED)
{
    assert_true(str_is(str_trim(STR(" \t\r\n a b \n")), "a b"));
    assert_true(str_is(str_trim(STR("  ")), ""));
    assert_true(str_is(str_trim(STR("\v a")), "\v a"));
}

static void test_equality_of_absent_texts(void **state UNUSED)
{
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_true(text_absent(""));
    assert_true(text_absent(NULL));
    assert_true(str_is_nocase(STR("Content-ID"), "content-id"));
    assert_false(str_is_nocase(STR("Content-ID"), "content"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trimming_takes_xml_white_space_only),
        cmocka_unit_test(test_equality_of_absent_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
