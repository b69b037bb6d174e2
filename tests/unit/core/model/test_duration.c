/* model/duration: times to live. */
#include "model/duration.h"

#include "base/rc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define DAY (24 * 60 * 60)

static void test_a_duration_is_seconds(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } examples[] = {
        { "P0Y0M7D", 7 * DAY },
        { "P7D", 7 * DAY },
        { "P1Y", 365 * DAY },
        { "P2M1D", 61 * DAY },
        { "PT1H30M", 5400 },
        { "P1DT0H0M1.5S", DAY + 1 },
        { "PT0S", 0 },
        { "P99999999999999999999Y", (int64_t)100 * 365 * DAY },
        { "P1000Y99999999D", (int64_t)100 * 365 * DAY },
    };
    int64_t seconds;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        if (!duration_parse(examples[i].text, &seconds))
            fail_msg("%s is a duration", examples[i].text);
        assert_int_equal(seconds, examples[i].seconds);
    }
}

static void test_what_is_no_duration_is_refused(void **state)
{
    static const char *const wrong[] = { "",    "P",     "PT",    "7D",     "P7",   "-P7D",   "P-7D", "P7DT",
                                         "P7H", "P1D2Y", "P1.5D", "PT1M1H", "P7D ", "a week", "P1D1D" };
    int64_t seconds;

    (void)state;
    assert_false(duration_parse(NULL, &seconds));
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        if (duration_parse(wrong[i], &seconds))
            fail_msg("\"%s\" is no duration", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_duration_is_seconds),
        cmocka_unit_test(test_what_is_no_duration_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
