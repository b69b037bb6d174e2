/* How stored queries compare text and times. */
#include "registry/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_percent_is_any_run(void **state)
{
    (void)state;
    assert_true(match_like("1234^米子^一郎", "%米子%"));
    assert_true(match_like("abc", "%"));
    assert_true(match_like("", "%"));
    assert_true(match_like("abc", "a%c"));
    assert_true(match_like("abcabd", "%ab_"));
    assert_true(match_like("aXbXc", "%X%X%"));
    assert_false(match_like("aXbc", "%X%X%"));
    assert_false(match_like("abc", "b%"));
}

static void test_underscore_is_one_character_of_any_length(void **state)
{
    (void)state;
    assert_true(match_like("花子", "__"));
    assert_true(match_like("花子", "%_子"));
    assert_false(match_like("花子", "___"));
    assert_false(match_like("花子", "_"));
    assert_false(match_like("", "_"));
}

static void test_without_wildcards_text_is_equal_and_case_matters(void **state)
{
    (void)state;
    assert_true(match_like("O'Neil", "O'Neil"));
    assert_false(match_like("O'Neil", "o'neil"));
    assert_false(match_like("O'Neil", "O'Nei"));
    assert_false(match_like("O'Nei", "O'Neil"));
    assert_true(match_like("", ""));
}

static void test_a_late_mismatch_tries_the_last_run_again(void **state)
{
    (void)state;
    assert_true(match_like("aaab", "%aab"));
    assert_true(match_like("米米子", "%米子"));
    assert_false(match_like("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "%a%a%a%a%a%a%a%a%b"));
}

static void test_times_are_padded_with_their_lowest_values(void **state)
{
    (void)state;
    assert_int_equal(match_times("2025", "20250101000000"), 0);
    assert_int_equal(match_times("202512", "20251201"), 0);
    assert_true(match_times("2025", "20250101000001") < 0);
    assert_true(match_times("202502", "2025") > 0);
    assert_true(match_times("20250228235959", "202503") < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_percent_is_any_run),
        cmocka_unit_test(test_underscore_is_one_character_of_any_length),
        cmocka_unit_test(test_without_wildcards_text_is_equal_and_case_matters),
        cmocka_unit_test(test_a_late_mismatch_tries_the_last_run_again),
        cmocka_unit_test(test_times_are_padded_with_their_lowest_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
