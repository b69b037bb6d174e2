/* msg/registry_response: status, errors and warnings as ebRS spells them. */
#include "msg/registry_response.h"

#include "messages.h"

#include <string.h>

static void test_status_is_one_of_three_urns(void **state)
{
    enum registry_status s;

    (void)state;
    for (int i = REGISTRY_SUCCESS; i <= REGISTRY_FAILURE; i++) {
        assert_int_equal(registry_status_parse(registry_status_urn((enum registry_status)i), &s), OK);
        assert_int_equal(s, i);
    }
    assert_string_equal(registry_status_urn(REGISTRY_PARTIAL_SUCCESS),
                        "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess");
    assert_int_equal(registry_status_parse("Success", &s), E_SYNTAX);
    assert_int_equal(registry_status_parse(NULL, &s), E_SYNTAX);
}

static void test_warnings_leave_success(void **state)
{
    struct arena *a = *state;
    struct issue_list issues = { 0 };

    issue_add(a, &issues, ISSUE_XDS_EXTRA_METADATA_NOT_SAVED, NULL, "urn:x");
    assert_int_equal(registry_status_of(&issues), REGISTRY_SUCCESS);
    issue_add(a, &issues, ISSUE_XDS_REGISTRY_ERROR, NULL, "no");
    assert_int_equal(registry_status_of(&issues), REGISTRY_FAILURE);
}

static struct registry_response round_trip(struct arena *a, const struct registry_response *sent, struct buf *xml)
{
    struct registry_response got;

    registry_response_encode(sent, xml);
    assert_int_equal(registry_response_decode(a, parse_buf(a, xml), &got), OK);
    return got;
}

static void test_errors_survive_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct registry_response sent = { .status = REGISTRY_FAILURE };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    issue_add(a, &sent.issues, ISSUE_XDS_UNKNOWN_PATIENT_ID, "/A/B", "誰? \"P1\"")->location = "urn:oid:2.999.392.1.35";
    issue_add(a, &sent.issues, ISSUE_XDS_EXTRA_METADATA_NOT_SAVED, NULL, "urn:x");
    struct registry_response got = round_trip(a, &sent, xml);
    assert_int_equal(got.status, REGISTRY_FAILURE);
    assert_int_equal(got.issues.errors, 1);
    assert_int_equal(got.issues.warnings, 1);
    assert_int_equal(got.issues.first->code, ISSUE_XDS_UNKNOWN_PATIENT_ID);
    assert_string_equal(got.issues.first->text, "誰? \"P1\" (at /A/B)");
    assert_string_equal(got.issues.first->location, "urn:oid:2.999.392.1.35");
    assert_string_equal(got.issues.last->ebrs, "XDSExtraMetadataNotSaved");
    assert_string_equal(got.issues.last->text, "urn:x");
    assert_valid(SCHEMAS "toolkit2/v3/rs.xsd", xml);
}

static void test_a_passed_on_error_is_not_changed(void **state)
{
    struct arena *a = *state;
    struct registry_response sent = { .status = REGISTRY_FAILURE };
    struct buf *first = buf_new(a, BUF_MAX_DEFAULT), *second = buf_new(a, BUF_MAX_DEFAULT);

    issue_add(a, &sent.issues, ISSUE_XDS_UNKNOWN_PATIENT_ID, "/A/B", "who?");
    struct registry_response got = round_trip(a, &sent, first);
    round_trip(a, &got, second);
    assert_string_equal(buf_text(first), buf_text(second));
}

static void test_success_has_no_error_list(void **state)
{
    struct arena *a = *state;
    struct registry_response sent = { .status = REGISTRY_SUCCESS };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    assert_null(round_trip(a, &sent, xml).issues.first);
    assert_null(strstr(buf_text(xml), "RegistryErrorList"));
    assert_valid(SCHEMAS "toolkit2/v3/rs.xsd", xml);
}

static void test_highest_severity_is_the_worst(void **state)
{
    struct arena *a = *state;
    struct registry_response sent = { .status = REGISTRY_SUCCESS };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    issue_add(a, &sent.issues, ISSUE_XDS_EXTRA_METADATA_NOT_SAVED, NULL, "urn:x");
    registry_response_encode(&sent, xml);
    assert_non_null(
        strstr(buf_text(xml), "highestSeverity=\"urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Warning\""));
    issue_add(a, &sent.issues, ISSUE_XDS_REGISTRY_ERROR, NULL, "no");
    buf_reset(xml);
    registry_response_encode(&sent, xml);
    assert_non_null(
        strstr(buf_text(xml), "highestSeverity=\"urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error\""));
}

static void test_another_body_is_unusable(void **state)
{
    struct arena *a = *state;
    struct registry_response got;

    assert_int_equal(registry_response_decode(a, NULL, &got), E_SYNTAX);
    assert_int_equal(registry_response_decode(a, parse_text(a, "<RegistryResponse status='x'/>"), &got), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_status_is_one_of_three_urns),
        MESSAGE_TEST(test_warnings_leave_success),
        MESSAGE_TEST(test_errors_survive_encoding_and_decoding),
        MESSAGE_TEST(test_a_passed_on_error_is_not_changed),
        MESSAGE_TEST(test_success_has_no_error_list),
        MESSAGE_TEST(test_highest_severity_is_the_worst),
        MESSAGE_TEST(test_another_body_is_unusable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
