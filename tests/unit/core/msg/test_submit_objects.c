/* msg/submit_objects: ITI-42's list of objects, and ITI-41's list with documents. */
#include "msg/submit_objects.h"

#include "messages.h"
#include "wire/ns.h"

#define OPEN                                                                                                           \
    "<x:ProvideAndRegisterDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007' "                                        \
    "xmlns:xop='http://www.w3.org/2004/08/xop/include'>"
#define SUBMIT                                                                                                         \
    "<l:SubmitObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'><RegistryObjectList "               \
    "xmlns='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'/></l:SubmitObjectsRequest>"
#define CLOSE "</x:ProvideAndRegisterDocumentSetRequest>"

static struct submission a_submission(struct arena *a)
{
    struct submission s = { .sets = ARENA_NEW(a, struct submission_set),
                            .documents = ARENA_NEW(a, struct document_entry) };

    *s.sets = (struct submission_set){ .entry_uuid = "set", .title = "提出", .unique_id = "2.999.392.5.12" };
    *s.documents = (struct document_entry){
        .entry_uuid = "doc", .object_type = TYPE_STABLE_DOCUMENT, .mime_type = "text/plain", .title = "診療情報提供書"
    };
    return s;
}

static void test_a_submission_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct submission s = a_submission(a);
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };
    struct submit_objects got;

    submit_objects_encode(&s, xml);
    struct xml_node *body = parse_buf(a, xml);
    assert_int_equal(submit_objects_decode(a, body, ISSUE_XDS_REGISTRY_METADATA_ERROR, &got, &issues), OK);
    assert_null(issues.first);
    assert_ptr_equal(got.request, body);
    assert_ptr_equal(got.object_list, xml_first_element(body));
    assert_string_equal(got.submission.sets->title, "提出");
    assert_string_equal(got.submission.documents->title, "診療情報提供書");
    assert_valid(SCHEMAS "toolkit2/v3/lcm.xsd", xml);
}

static void test_a_provided_set_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct submission s = a_submission(a);
    struct provided_document second = { .id = "two", .inline_bytes = STR("<紹介状/>") };
    struct provided_document first = { .id = "doc", .href = "cid:1@kakehashi", .next = &second };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };
    struct provide got;

    provide_encode(&s, &first, xml);
    assert_int_equal(provide_decode(a, parse_buf(a, xml), &got, &issues), OK);
    assert_null(issues.first);
    assert_string_equal(got.submit.submission.sets->unique_id, "2.999.392.5.12");
    assert_string_equal(got.documents->id, "doc");
    assert_string_equal(got.documents->href, "cid:1@kakehashi");
    assert_string_equal(got.documents->place, "/ProvideAndRegisterDocumentSetRequest/Document[1]");
    assert_null(got.documents->next->href);
    assert_true(str_is(got.documents->next->inline_bytes, "<紹介状/>"));
}

static void test_encoded_sets_are_valid(void **state)
{
    struct arena *a = *state;
    struct submission s = a_submission(a);
    struct provided_document document = { .id = "doc", .inline_bytes = STR("octets") };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    provide_encode(&s, &document, xml);
    assert_valid(SCHEMAS "toolkit2/v3/XDS.b_DocumentRepository.xsd", xml);
}

static void assert_provide_refused(const char *xml, enum issue_code code, const char *place)
{
    struct arena *a = arena_new();
    struct issue_list issues = { 0 };
    struct provide got;

    assert_int_equal(provide_decode(a, parse_text(a, xml), &got, &issues), E_REFUSED);
    assert_int_equal(issues.first->code, code);
    assert_string_equal(issues.first->place, place);
    arena_free(a);
}

static void test_another_body_is_refused(void **state)
{
    (void)state;
    assert_provide_refused("<odd/>", ISSUE_SOAP_BODY, "/odd");
    assert_provide_refused(OPEN CLOSE, ISSUE_SOAP_BODY, "/ProvideAndRegisterDocumentSetRequest");
    assert_provide_refused(OPEN "<l:SubmitObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'/>" CLOSE,
                           ISSUE_SOAP_BODY, "/ProvideAndRegisterDocumentSetRequest/SubmitObjectsRequest");
}

static void test_a_document_has_an_id_and_readable_content(void **state)
{
    const char *place = "/ProvideAndRegisterDocumentSetRequest/Document";

    (void)state;
    assert_provide_refused(OPEN SUBMIT "<x:Document>AAAA</x:Document>" CLOSE, ISSUE_XDS_REPOSITORY_METADATA_ERROR,
                           place);
    assert_provide_refused(OPEN SUBMIT "<x:Document id='d'>A!</x:Document>" CLOSE, ISSUE_SOAP_MTOM, place);
    assert_provide_refused(OPEN SUBMIT "<x:Document id='d'><b/></x:Document>" CLOSE, ISSUE_SOAP_MTOM, place);
    assert_provide_refused(OPEN SUBMIT "<x:Document id='d'><xop:Include href='http://evil'/></x:Document>" CLOSE,
                           ISSUE_SOAP_MTOM, place);
    assert_provide_refused(OPEN SUBMIT "<x:Document id='d'>AAAA<xop:Include href='cid:1'/></x:Document>" CLOSE,
                           ISSUE_SOAP_MTOM, place);
}

static void test_messages_of_others_are_read(void **state)
{
    struct arena *a = *state;
    struct xml_node *body = parse_sample(a, SCHEMAS "samples/own/iti41-inline-base64.xml");
    struct issue_list issues = { 0 };
    struct provide got;

    assert_int_equal(provide_decode(a, body, &got, &issues), OK);
    assert_null(issues.first);
    assert_string_equal(got.documents->id, got.submit.submission.documents->entry_uuid);
    assert_int_equal(got.documents->inline_bytes.len, 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_a_submission_survives_encoding_and_decoding),
        MESSAGE_TEST(test_a_provided_set_survives_encoding_and_decoding),
        MESSAGE_TEST(test_encoded_sets_are_valid),
        MESSAGE_TEST(test_another_body_is_refused),
        MESSAGE_TEST(test_a_document_has_an_id_and_readable_content),
        MESSAGE_TEST(test_messages_of_others_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
