/* Edits of HL7 v2 text: fields and segments by place, and what is not there. */
#include "wire/hl7v2_edit.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define MESSAGE "MSH|^~\\&|A|B\rEVN||2026\rPID|||1~2||X^Y\rPID|||3\r"

static struct arena *arena;
static const char *why;

static int set_up(void **state UNUSED)
{
    arena = arena_new();
    return 0;
}

static int tear_down(void **state UNUSED)
{
    arena_free(arena);
    return 0;
}

static const char *edited(enum hl7v2_edit_kind kind, const char *place, const char *value)
{
    const struct hl7v2_edit edits[] = { { kind, place, value }, { 0 }, { HL7V2_REMOVE, "MSH", NULL } };
    struct str out;

    assert_int_equal(hl7v2_edit(arena, STR(MESSAGE), edits, 3, &out, &why), OK);
    return str_dup(arena, out);
}

static void test_every_kind(void **state UNUSED)
{
    static const struct {
        enum hl7v2_edit_kind kind;
        const char *place, *value, *result;
    } cases[] = {
        { HL7V2_SET, "MSH-2", "$", "MSH|$|A|B\rEVN||2026\rPID|||1~2||X^Y\rPID|||3\r" },
        { HL7V2_SET, "MSH-3", "Z", "MSH|^~\\&|Z|B\rEVN||2026\rPID|||1~2||X^Y\rPID|||3\r" },
        { HL7V2_SET, "MSH-6", "Z", "MSH|^~\\&|A|B||Z\rEVN||2026\rPID|||1~2||X^Y\rPID|||3\r" },
        { HL7V2_SET, "PID-3", "", "MSH|^~\\&|A|B\rEVN||2026\rPID|||||X^Y\rPID|||3\r" },
        { HL7V2_SET, "PID[2]-3", "9", "MSH|^~\\&|A|B\rEVN||2026\rPID|||1~2||X^Y\rPID|||9\r" },
        { HL7V2_REMOVE, "EVN", NULL, "MSH|^~\\&|A|B\rPID|||1~2||X^Y\rPID|||3\r" },
        { HL7V2_REMOVE, "PID[2]", NULL, "MSH|^~\\&|A|B\rEVN||2026\rPID|||1~2||X^Y\r" },
        { HL7V2_RENAME, "EVN", "EVX", "MSH|^~\\&|A|B\rEVX||2026\rPID|||1~2||X^Y\rPID|||3\r" },
        { HL7V2_AFTER, "EVN", "PV1||N", "MSH|^~\\&|A|B\rEVN||2026\rPV1||N\rPID|||1~2||X^Y\rPID|||3\r" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(edited(cases[i].kind, cases[i].place, cases[i].value), cases[i].result);
}

static void test_what_is_not_there_is_told(void **state UNUSED)
{
    const struct hl7v2_edit edit = { HL7V2_SET, "PID[3]-3", "1" };
    struct str out;

    assert_int_equal(hl7v2_edit(arena, STR(MESSAGE), &edit, 1, &out, &why), E_NOT_FOUND);
    assert_string_equal(why, "the message has no PID[3]-3");
    assert_int_equal(hl7v2_edit(arena, STR(""), &edit, 1, &out, &why), E_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_not_there_is_told, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
