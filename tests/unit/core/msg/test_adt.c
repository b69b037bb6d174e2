/* msg/adt and msg/hl7v2_ack: patient identity feeds of HL7 v2, and how they are answered. */
#include "msg/adt.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/ids.h"
#include "msg/hl7v2_ack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define MSH(event, version) "MSH|^~\\&|SEND|HOSPITAL|RECV|0035|20260401||ADT^" event "|M1|P|" version "\r"
#define TAIL                "EVN||20260401\rPV1||O\r"

static struct hl7v2 parsed(struct arena *a, const char *text)
{
    struct hl7v2 m;
    struct hl7v2_fault fault;

    assert_int_equal(hl7v2_parse(a, str_from(text), &m, &fault), OK);
    return m;
}

static void test_a_patient_is_read(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2 m = parsed(a,
                            "MSH|^~\\&|S|H|R|0035|20260401||ADT^A04|M1|P|2.5||||||UNICODE UTF-8\r"
                            "EVN||20260401\r"
                            "PID|||R1^^^OSHIDORI&2.999.392.2.35&ISO~F1^^^HOSP~G1||境^美保^^^^^L^I~サカイ^ミホ^^^^^L^P||"
                            "19530412|F|||1-2-3^^松江市^島根県^690-0001^JPN^H||0852-00-0001|03-1111-2222~^^^a@example\r"
                            "PV1||O\r");
    struct issue_list issues = { 0 };
    struct adt adt;

    assert_int_equal(adt_decode(a, &m, &adt, &issues), OK);
    const struct patient *p = &adt.patient;
    assert_string_equal(adt.event, "A04");
    assert_string_equal(p->ids->extension, "R1");
    assert_string_equal(p->ids->root, "2.999.392.2.35");
    assert_null(p->ids->next->root);
    assert_string_equal(p->ids->next->authority, "HOSP");
    assert_null(p->ids->next->next->authority);
    assert_string_equal(patient_name(p, "IDE")->family, "境");
    assert_string_equal(patient_name(p, "SYL")->given, "ミホ");
    assert_string_equal(p->birth_time, "19530412");
    assert_string_equal(p->gender, "F");
    assert_string_equal(p->addresses->city, "松江市");
    assert_string_equal(p->telecoms->value, "tel:0852-00-0001");
    assert_string_equal(p->telecoms->use, "HP");
    assert_string_equal(p->telecoms->next->next->value, "mailto:a@example");
    assert_null(adt.subsumed);
    arena_free(a);
}

static void test_a_merge_names_both_ids(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2 m = parsed(a, MSH("A40", "2.3.1") "EVN||20260401\rPID|||R1^^^&2.999.392.2.35&ISO\r"
                                                   "MRG|R2^^^&2.999.392.2.35&ISO\r");
    struct issue_list issues = { 0 };
    struct adt adt;

    assert_int_equal(adt_decode(a, &m, &adt, &issues), OK);
    assert_string_equal(adt.patient.ids->extension, "R1");
    assert_string_equal(adt.subsumed->extension, "R2");
    assert_string_equal(adt.subsumed->root, "2.999.392.2.35");
    arena_free(a);
}

static void test_refusals_name_code_and_place(void **state UNUSED)
{
    static const struct {
        const char *message;
        int number;
        const char *place;
    } cases[] = {
        { MSH("A01", "2.5") "PID|||R1||A^B\rPV1||O\r", 100, "EVN^1" },
        { MSH("A01", "2.5") "EVN|A01|\rPID|||R1||A^B\rPV1||O\r", 101, "EVN^1^2" },
        { MSH("A01", "2.5") TAIL, 100, "PID^1" },
        { MSH("A01", "2.5") "EVN||2026\rPID|||R1||A^B\r", 100, "PV1^1" },
        { MSH("A01", "2.5") TAIL "PID|||||A^B\r", 101, "PID^1^3" },
        { MSH("A01", "2.5") TAIL "PID|||R1~^^^X||A^B\r", 101, "PID^1^3^2^1" },
        { MSH("A01", "2.5") TAIL "PID|||R1\r", 101, "PID^1^5" },
        { MSH("A01", "2.5") TAIL "PID|||R1^^^&1.x&ISO||A^B\r", 102, "PID^1^3^1^4^2" },
        { MSH("A01", "2.5") TAIL "PID|||R1||A^B||1953april\r", 102, "PID^1^7" },
        { MSH("A40", "2.5") "EVN||2026\rPID|||R1\r", 100, "MRG^1" },
        { MSH("A40", "2.5") "EVN||2026\rPID|||R1\rMRG|\r", 101, "MRG^1^1" },
        { MSH("A40", "2.5") "EVN||2026\rPID|||R1\rMRG|R2\rPID|||R3\rMRG|R4\r", 100, "MRG^2" },
        { MSH("A99", "2.5") "EVN||2026\rPID|||R1\r", 201, "MSH^1^9^1^2" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hl7v2 m = parsed(a, cases[i].message);
        struct issue_list issues = { 0 };
        struct adt adt;
        assert_int_equal(adt_decode(a, &m, &adt, &issues), E_REFUSED);
        assert_int_equal(issues.errors, 1);
        assert_int_equal(issue_row(issues.first->code)->hl7v2, cases[i].number);
        assert_string_equal(issues.first->place, cases[i].place);
    }
    arena_free(a);
}

/* ---- answers ---- */

static const char *answer(struct arena *a, const char *request, enum issue_code code, const char *place)
{
    struct hl7v2 m = parsed(a, request);
    struct issue_list issues = { 0 };
    struct buf *out = buf_new(a, 10000);

    ids_pin(1);
    if (code != ISSUE_COUNT)
        issue_add(a, &issues, code, place, "what is wrong");
    hl7v2_ack_encode(a, &m, &issues, out);
    ids_pin(0);
    return buf_text(out);
}

/* Behind MSH-10, which is random. */
static const char *tail(const char *ack)
{
    return strstr(ack, "|P|");
}

static void test_the_answer_goes_back_to_the_sender(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *ack = answer(a, MSH("A01", "2.5"), ISSUE_COUNT, NULL);

    assert_memory_equal(ack, "MSH|^~\\&|RECV|0035|SEND|HOSPITAL|2", 34);
    assert_non_null(strstr(ack, "||ACK^A01^ACK|"));
    assert_string_equal(tail(ack), "|P|2.5\rMSA|AA|M1\r");
    arena_free(a);
}

static void test_errors_have_the_form_of_the_version(void **state UNUSED)
{
    struct arena *a = arena_new();

    assert_string_equal(tail(answer(a, MSH("A01", "2.5"), ISSUE_HL7_UNKNOWN_KEY, "PID^1^3^2^4")),
                        "|P|2.5\rMSA|AE|M1|what is wrong\r"
                        "ERR||PID^1^3^2^4|204^Unknown key identifier^HL70357|E||||what is wrong\r");
    const char *old = answer(a, MSH("A01", "2.3.1"), ISSUE_HL7_UNKNOWN_KEY, "PID^1^3^2^4");
    assert_non_null(strstr(old, "||ACK|"));
    assert_string_equal(tail(old), "|P|2.3.1\rMSA|AE|M1|what is wrong\rERR|PID^1^3^204&Unknown key identifier\r");
    arena_free(a);
}

static void test_what_is_not_about_content_is_rejected(void **state UNUSED)
{
    static const struct {
        enum issue_code code;
        const char *msa;
    } cases[] = {
        { ISSUE_HL7_REQUIRED_MISSING, "MSA|AE|" },
        { ISSUE_HL7_BAD_VALUE, "MSA|AE|" },
        { ISSUE_HL7_MESSAGE_TYPE, "MSA|AR|" },
        { ISSUE_HL7_EVENT, "MSA|AR|" },
        { ISSUE_HL7_VERSION, "MSA|AR|" },
        { ISSUE_HL7_INTERNAL, "MSA|AR|" },
        { ISSUE_HL7_BUSY, "MSA|AR|" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_non_null(strstr(answer(a, MSH("A01", "2.5"), cases[i].code, NULL), cases[i].msa));
    arena_free(a);
}

static void test_a_message_without_msh_is_answered_to_nobody(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2 m;
    struct hl7v2_fault fault;
    struct issue_list issues = { 0 };
    struct buf *out = buf_new(a, 10000);

    assert_int_equal(hl7v2_parse(a, STR("hello"), &m, &fault), E_SYNTAX);
    issue_add(a, &issues, hl7v2_issue_code(fault.code), fault.place, "%s", fault.text);
    hl7v2_ack_encode(a, &m, &issues, out);
    assert_non_null(strstr(buf_text(out), "|P|2.5\rMSA|AR||the message does not begin with MSH"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_patient_is_read),
        cmocka_unit_test(test_a_merge_names_both_ids),
        cmocka_unit_test(test_refusals_name_code_and_place),
        cmocka_unit_test(test_the_answer_goes_back_to_the_sender),
        cmocka_unit_test(test_errors_have_the_form_of_the_version),
        cmocka_unit_test(test_what_is_not_about_content_is_rejected),
        cmocka_unit_test(test_a_message_without_msh_is_answered_to_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
