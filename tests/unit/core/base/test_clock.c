#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_a_pinned_clock_stands_still(void **state UNUSED)
{
    char dtm[CLOCK_DTM_LEN], iso[CLOCK_ISO_LEN];

    assert_int_equal(clock_pin("2026-04-01T09:30:15Z"), OK);
    clock_dtm(clock_now(), dtm);
    clock_iso(clock_now(), iso);
    assert_string_equal(dtm, "20260401093015");
    assert_string_equal(iso, "2026-04-01T09:30:15Z");
    assert_int_equal(clock_pin(NULL), OK);
    assert_int_not_equal(clock_now(), 1775035815);
}

static void test_other_forms_are_refused(void **state UNUSED)
{
    assert_int_equal(clock_pin("2026-04-01"), E_SYNTAX);
    assert_int_equal(clock_pin("2026-04-01T09:30:15+09:00"), E_SYNTAX);
    assert_int_equal(clock_pin(""), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pinned_clock_stands_still),
        cmocka_unit_test(test_other_forms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
