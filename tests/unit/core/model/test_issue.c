/* model/issue: one row per code, and a list that counts. */
#include "model/issue.h"

#include "base/arena.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_every_code_has_a_row_in_both_languages(void **state)
{
    (void)state;
    for (int code = 0; code < ISSUE_COUNT; code++) {
        const struct issue_row *row = issue_row((enum issue_code)code);
        assert_false(text_absent(row->en));
        assert_false(text_absent(row->ja));
    }
}

static void test_no_two_codes_share_an_ebrs_spelling(void **state)
{
    (void)state;
    for (int a = 0; a < ISSUE_COUNT; a++)
        for (int b = 0; b < a; b++) {
            const char *one = issue_row((enum issue_code)a)->ebrs, *other = issue_row((enum issue_code)b)->ebrs;
            assert_false(one != NULL && text_equal(one, other));
        }
}

static void test_spellings_are_the_frameworks(void **state)
{
    (void)state;
    assert_string_equal(issue_row(ISSUE_XDS_UNRESOLVED_REFERENCE)->ebrs, "UnresolvedReferenceException");
    assert_string_equal(issue_row(ISSUE_XDS_REGISTRY_DEPRECATED_DOCUMENT)->ebrs, "XDSRegistryDeprecatedDocumentError");
    assert_string_equal(issue_row(ISSUE_HL7_UNKNOWN_KEY)->hl7, "204");
    assert_string_equal(issue_row(ISSUE_HL7_BUSY)->hl7_answer, "ResponderBusy");
    assert_null(issue_row(ISSUE_SOAP_MTOM)->ebrs);
}

static void test_no_room_has_a_code_of_its_own_where_the_framework_has_one(void **state)
{
    (void)state;
    assert_int_equal(issue_out_of_resources(ISSUE_XDS_REPOSITORY_ERROR), ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES);
    assert_int_equal(issue_out_of_resources(ISSUE_XDS_REGISTRY_ERROR), ISSUE_XDS_REGISTRY_OUT_OF_RESOURCES);
    assert_int_equal(issue_out_of_resources(ISSUE_HL7_INTERNAL), ISSUE_HL7_INTERNAL);
}

static void test_a_list_keeps_order_and_counts(void **state)
{
    struct arena *a = arena_new();
    struct issue_list list = { 0 };

    (void)state;
    issue_add(a, &list, ISSUE_XDS_UNKNOWN_PATIENT_ID, "/A/B[2]", "no patient %d", 7);
    issue_add(a, &list, ISSUE_XDS_EXTRA_METADATA_NOT_SAVED, NULL, "a slot");
    assert_int_equal(list.errors, 1);
    assert_int_equal(list.warnings, 1);
    assert_string_equal(list.first->text, "no patient 7");
    assert_string_equal(list.first->place, "/A/B[2]");
    assert_string_equal(list.first->ebrs, "XDSUnknownPatientId");
    assert_ptr_equal(list.first->next, list.last);
    assert_true(list.last->is_warning);
    arena_free(a);
}

static void test_a_peers_error_is_passed_on_as_spelt(void **state)
{
    struct arena *a = arena_new();
    struct issue_list list = { 0 };

    (void)state;
    issue_pass_on(a, &list, "XDSUnknownPatientId", false, "who?", "urn:oid:2.999.392.1.35");
    issue_pass_on(a, &list, "VendorOddity", true, NULL, NULL);
    assert_int_equal(list.first->code, ISSUE_XDS_UNKNOWN_PATIENT_ID);
    assert_string_equal(list.first->location, "urn:oid:2.999.392.1.35");
    assert_string_equal(list.last->ebrs, "VendorOddity");
    assert_true(list.last->is_warning);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_has_a_row_in_both_languages),
        cmocka_unit_test(test_no_two_codes_share_an_ebrs_spelling),
        cmocka_unit_test(test_spellings_are_the_frameworks),
        cmocka_unit_test(test_no_room_has_a_code_of_its_own_where_the_framework_has_one),
        cmocka_unit_test(test_a_list_keeps_order_and_counts),
        cmocka_unit_test(test_a_peers_error_is_passed_on_as_spelt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
