#include "cli/args.h"
#include "tests/unit/cli/cli_test.h"

#include <string.h>

#define ARGS(...)                                                                                                      \
    {                                                                                                                  \
        .words = (char *[]){ __VA_ARGS__, NULL }, .count = (int)(sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *))   \
    }

static void test_words_are_taken_in_order_and_flags_anywhere(void **state UNUSED)
{
    struct args args = ARGS("run", "--json", "oshidori-mame", "--junit=out.xml", "--from", "0035");

    assert_true(args_flag(&args, "--json"));
    assert_false(args_flag(&args, "--json"));
    assert_string_equal(args_option(&args, "--junit"), "out.xml");
    assert_string_equal(args_option(&args, "--from"), "0035");
    assert_string_equal(args_word(&args), "run");
    assert_string_equal(args_word(&args), "oshidori-mame");
    assert_null(args_word(&args));
    assert_int_equal(args_end(&args), OK);
}

static void test_what_nobody_took_is_refused(void **state UNUSED)
{
    struct args args = ARGS("--jsno");

    assert_false(args_flag(&args, "--json"));
    assert_null(args_word(&args));
    assert_int_equal(args_end(&args), E_CONFIG);
}

static void test_an_option_without_a_value_is_refused(void **state UNUSED)
{
    struct args args = ARGS("--show");

    assert_null(args_option(&args, "--show"));
    assert_int_equal(args_end(&args), E_CONFIG);
}

static void test_an_option_is_not_taken_for_a_longer_one(void **state UNUSED)
{
    struct args args = ARGS("--fromage", "brie");

    assert_null(args_option(&args, "--from"));
    assert_int_equal(args.count, 2);
}

static void test_a_dash_alone_is_a_word(void **state UNUSED)
{
    struct args args = ARGS("-");

    assert_string_equal(args_word(&args), "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_taken_in_order_and_flags_anywhere),
        cmocka_unit_test(test_what_nobody_took_is_refused),
        cmocka_unit_test(test_an_option_without_a_value_is_refused),
        cmocka_unit_test(test_an_option_is_not_taken_for_a_longer_one),
        cmocka_unit_test(test_a_dash_alone_is_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
