/* gateway/breaker: when a community is asked, by a clock of the test's own. */
#include "gateway/breaker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/rc.h"

static const struct breaker_rule rule = { .failures = 3, .pause_ns = 100 };

static void fails(struct breaker *b, int times, uint64_t now)
{
    for (int i = 0; i < times; i++)
        breaker_tell(b, &rule, false, "it is away", now);
}

static void test_it_opens_after_so_many_failures_in_a_row(void **state UNUSED)
{
    struct breaker b = { 0 };

    fails(&b, 2, 10);
    assert_true(breaker_asks(&b, &rule, 11));
    fails(&b, 1, 20);
    assert_true(breaker_is_open(&b, &rule));
    assert_false(breaker_asks(&b, &rule, 21));
    assert_string_equal(b.why, "it is away");
}

static void test_an_answer_between_begins_anew(void **state UNUSED)
{
    struct breaker b = { 0 };

    fails(&b, 2, 10);
    breaker_tell(&b, &rule, true, NULL, 11);
    fails(&b, 2, 12);
    assert_false(breaker_is_open(&b, &rule));
}

static void test_after_the_pause_one_question_goes_through(void **state UNUSED)
{
    struct breaker b = { 0 };

    fails(&b, 3, 10);
    assert_false(breaker_asks(&b, &rule, 109));
    assert_true(breaker_asks(&b, &rule, 110));
    assert_false(breaker_asks(&b, &rule, 111)); /* its answer is awaited */
    assert_true(breaker_asks(&b, &rule, 210));  /* it never came */
}

static void test_an_answer_closes_it_and_a_failure_begins_another_pause(void **state UNUSED)
{
    struct breaker b = { 0 };

    fails(&b, 3, 10);
    assert_true(breaker_asks(&b, &rule, 110));
    fails(&b, 1, 150);
    assert_false(breaker_asks(&b, &rule, 249));
    assert_true(breaker_asks(&b, &rule, 250));
    breaker_tell(&b, &rule, true, NULL, 251);
    assert_false(breaker_is_open(&b, &rule));
    assert_true(breaker_asks(&b, &rule, 252));
}

static void test_without_a_number_it_never_opens(void **state UNUSED)
{
    static const struct breaker_rule never = { 0 };
    struct breaker b = { 0 };

    fails(&b, 1000, 10);
    assert_true(breaker_asks(&b, &never, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_opens_after_so_many_failures_in_a_row),
        cmocka_unit_test(test_an_answer_between_begins_anew),
        cmocka_unit_test(test_after_the_pause_one_question_goes_through),
        cmocka_unit_test(test_an_answer_closes_it_and_a_failure_begins_another_pause),
        cmocka_unit_test(test_without_a_number_it_never_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
