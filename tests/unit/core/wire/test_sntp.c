/* wire/sntp: a client's question, the answer of a clock that is wrong on purpose, and what the client learns. */
#include "wire/sntp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SECOND 1000000000LL
#define NOW    (1774915200LL * SECOND)

static void test_a_clock_is_off_and_drifts_as_told(void **state UNUSED)
{
    const struct sntp_clock c = { .offset = -2.5, .drift = 100, .stratum = 3, .started = NOW };

    assert_int_equal(sntp_clock_at(&c, NOW), NOW - 5 * SECOND / 2);
    assert_int_equal(sntp_clock_at(&c, NOW + 1000 * SECOND), NOW + 1000 * SECOND - 5 * SECOND / 2 + SECOND / 10);
}

static void test_a_client_learns_offset_and_delay(void **state UNUSED)
{
    const struct sntp_clock c = { .offset = 2.5, .stratum = 3 };
    struct sntp question = { .version = 4, .mode = 3, .transmit = NOW }, read, answer, back;
    char packet[SNTP_PACKET];

    sntp_write(packet, &question);
    assert_int_equal(sntp_read((struct str){ packet, sizeof(packet) }, &read), OK);
    assert_int_equal(read.mode, 3);
    assert_true(sntp_answer(&c, &read, NOW + SECOND / 10, NOW + SECOND / 5, &answer));
    sntp_write(packet, &answer);
    assert_int_equal(sntp_read((struct str){ packet, sizeof(packet) }, &back), OK);
    assert_int_equal(back.stratum, 3);
    assert_int_equal(back.version, 4);
    assert_true(back.originate_raw == read.transmit_raw);
    assert_true(fabs(sntp_offset(&back, NOW, NOW + 3 * SECOND / 10) - 2.5) < 1e-6);
    assert_true(fabs(sntp_delay(&back, NOW, NOW + 3 * SECOND / 10) - 0.2) < 1e-6);
}

static void test_a_clock_without_a_source_says_so(void **state UNUSED)
{
    const struct sntp_clock c = { .stratum = 16 };
    struct sntp question = { .version = 3, .mode = 3 }, answer;

    assert_true(sntp_answer(&c, &question, NOW, NOW, &answer));
    assert_int_equal(answer.leap, 3);
    assert_int_equal(answer.stratum, 0);
}

static void test_only_questions_are_answered(void **state UNUSED)
{
    struct sntp p = { .version = 4, .mode = 4 }, answer;
    char packet[SNTP_PACKET] = { 0 };

    assert_false(sntp_answer(&(struct sntp_clock){ .stratum = 1 }, &p, NOW, NOW, &answer));
    assert_int_equal(sntp_read((struct str){ packet, sizeof(packet) }, &p), E_SYNTAX); /* version 0 */
    assert_int_equal(sntp_read((struct str){ "\x23", 1 }, &p), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_clock_is_off_and_drifts_as_told),
        cmocka_unit_test(test_a_client_learns_offset_and_delay),
        cmocka_unit_test(test_a_clock_without_a_source_says_so),
        cmocka_unit_test(test_only_questions_are_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
