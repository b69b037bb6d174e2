/* msg/patient_location: ITI-56 there and back. */
#include "msg/patient_location.h"

#include "messages.h"

#define OPEN  "<x:PatientLocationQueryRequest xmlns:x='urn:ihe:iti:xcpd:2009'>"
#define CLOSE "</x:PatientLocationQueryRequest>"
#define PLQ   SCHEMAS "hl7v3/schema/IHE/XCPD_PLQ.xsd"

static const struct patient_id patient = { .root = "2.999.392.2.35", .extension = "R0001" };

static void test_a_query_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };
    struct patient_id got;

    location_query_encode(&patient, xml);
    assert_int_equal(location_query_decode(a, parse_buf(a, xml), &got, &issues), OK);
    assert_string_equal(got.root, patient.root);
    assert_string_equal(got.extension, patient.extension);
    assert_valid(PLQ, xml);
}

static void test_an_answer_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct patient_place second = { .home = "urn:oid:2.999.392.1.26",
                                    .id = { .root = "2.999.392.2.26", .extension = "M0001" } };
    struct patient_place first = { .home = "urn:oid:2.999.392.1.35", .id = patient, .next = &second };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct patient_place *got;

    location_answer_encode(&patient, &first, xml);
    assert_int_equal(location_answer_decode(a, parse_buf(a, xml), &got), OK);
    assert_string_equal(got->home, first.home);
    assert_string_equal(got->next->home, second.home);
    assert_string_equal(got->next->id.extension, "M0001");
    assert_null(got->next->next);
    assert_valid(PLQ, xml);
}

static void test_a_query_needs_a_whole_id(void **state)
{
    static const char *const wrong[] = {
        OPEN CLOSE,
        OPEN "<x:RequestedPatientId root='1.2'/>" CLOSE,
        OPEN "<x:RequestedPatientId extension='R'/>" CLOSE,
        "<y/>",
    };

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct issue_list issues = { 0 };
        struct patient_id got;
        assert_int_equal(location_query_decode(*state, parse_text(*state, wrong[i]), &got, &issues), E_REFUSED);
        assert_int_equal(issues.first->code, ISSUE_SOAP_BODY);
    }
}

static void test_a_place_without_a_home_is_left_out(void **state)
{
    struct patient_place *got;
    const char *xml = "<x:PatientLocationQueryResponse xmlns:x='urn:ihe:iti:xcpd:2009'><x:PatientLocationResponse>"
                      "<x:CorrespondingPatientId root='1.2' extension='3'/></x:PatientLocationResponse>"
                      "</x:PatientLocationQueryResponse>";

    assert_int_equal(location_answer_decode(*state, parse_text(*state, xml), &got), OK);
    assert_null(got);
    assert_int_equal(location_answer_decode(*state, parse_text(*state, "<y/>"), &got), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_a_query_survives_encoding_and_decoding),
        MESSAGE_TEST(test_an_answer_survives_encoding_and_decoding),
        MESSAGE_TEST(test_a_query_needs_a_whole_id),
        MESSAGE_TEST(test_a_place_without_a_home_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
