/* msg/retrieve: what is asked for by two ids, and what comes back. */
#include "msg/retrieve.h"

#include "messages.h"

#define XDS_OPEN(name)                                                                                                 \
    "<x:" name " xmlns:x='urn:ihe:iti:xds-b:2007' xmlns:rs='urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0'>"
#define REPOSITORY     "<x:RepositoryUniqueId>2.999.392.4.35.1</x:RepositoryUniqueId>"
#define DOCUMENT       "<x:DocumentUniqueId> 2.999.392.5.1 </x:DocumentUniqueId>"
#define REQUEST(inner) XDS_OPEN("RetrieveDocumentSetRequest") inner "</x:RetrieveDocumentSetRequest>"

static void test_a_request_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct document_request second = { .repository_unique_id = "2.999.392.4.26.1",
                                       .document_unique_id = "2.999.392.5.2" };
    struct document_request first = { .home = "urn:oid:2.999.392.1.35",
                                      .repository_unique_id = "2.999.392.4.35.1",
                                      .document_unique_id = "2.999.392.5.1",
                                      .next = &second };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };
    struct document_request *got;

    retrieve_request_encode(&first, xml);
    assert_int_equal(retrieve_request_decode(a, parse_buf(a, xml), &got, &issues), OK);
    assert_string_equal(got->home, first.home);
    assert_string_equal(got->repository_unique_id, first.repository_unique_id);
    assert_string_equal(got->place, "/RetrieveDocumentSetRequest/DocumentRequest[1]");
    assert_null(got->next->home);
    assert_string_equal(got->next->document_unique_id, second.document_unique_id);
    assert_null(got->next->next);
    assert_valid(SCHEMAS "toolkit2/v3/XDS.b_DocumentRepository.xsd", xml);
}

static void assert_refused(const char *xml, enum issue_code code, const char *place)
{
    struct arena *a = arena_new();
    struct issue_list issues = { 0 };
    struct document_request *got;

    assert_int_equal(retrieve_request_decode(a, parse_text(a, xml), &got, &issues), E_REFUSED);
    assert_int_equal(issues.first->code, code);
    assert_string_equal(issues.first->place, place);
    arena_free(a);
}

static void test_a_request_names_repository_and_document(void **state)
{
    (void)state;
    assert_refused("<odd/>", ISSUE_SOAP_BODY, "/odd");
    assert_refused(REQUEST(""), ISSUE_XDS_REPOSITORY_ERROR, "/RetrieveDocumentSetRequest");
    assert_refused(REQUEST("<x:DocumentRequest>" REPOSITORY DOCUMENT
                           "</x:DocumentRequest><x:DocumentRequest>" REPOSITORY "</x:DocumentRequest>"),
                   ISSUE_XDS_REPOSITORY_ERROR, "/RetrieveDocumentSetRequest/DocumentRequest[2]");
    assert_refused(REQUEST("<x:DocumentRequest>" DOCUMENT "</x:DocumentRequest>"), ISSUE_XDS_REPOSITORY_ERROR,
                   "/RetrieveDocumentSetRequest/DocumentRequest");
}

static void test_a_removal_names_documents_as_a_retrieval_does(void **state)
{
    struct arena *a = *state;
    struct document_request request = { .repository_unique_id = "2.999.392.4.35.1", .document_unique_id = "2.999.5" };
    struct document_request *got;
    struct issue_list issues = { 0 };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    remove_documents_encode(&request, xml);
    struct xml_node *body = parse_text(a, buf_text(xml));
    assert_string_equal(body->ns, "urn:ihe:iti:rmd:2017");
    assert_int_equal(remove_documents_decode(a, body, &got, &issues), OK);
    assert_string_equal(got->repository_unique_id, "2.999.392.4.35.1");
    assert_string_equal(got->document_unique_id, "2.999.5");
    assert_int_equal(retrieve_request_decode(a, body, &got, &issues), E_REFUSED);
    assert_int_equal(issues.first->code, ISSUE_SOAP_BODY);
}

static void test_ids_are_trimmed(void **state)
{
    struct arena *a = *state;
    struct issue_list issues = { 0 };
    struct document_request *got;
    struct xml_node *body = parse_text(a, REQUEST("<x:DocumentRequest>" REPOSITORY DOCUMENT "</x:DocumentRequest>"));

    assert_int_equal(retrieve_request_decode(a, body, &got, &issues), OK);
    assert_string_equal(got->document_unique_id, "2.999.392.5.1");
}

static void test_status_by_what_was_found(void **state)
{
    struct arena *a = *state;
    struct document_response one = { 0 };
    struct issue_list issues = { 0 };

    assert_int_equal(retrieve_status(&one, &issues), REGISTRY_SUCCESS);
    issue_add(a, &issues, ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR, NULL, "no 2.999");
    assert_int_equal(retrieve_status(&one, &issues), REGISTRY_PARTIAL_SUCCESS);
    assert_int_equal(retrieve_status(NULL, &issues), REGISTRY_FAILURE);
}

static void test_a_response_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct document_response second = { .repository_unique_id = "2.999.392.4.35.1",
                                        .document_unique_id = "2.999.392.5.2",
                                        .mime_type = "text/plain",
                                        .inline_bytes = STR("\0紹介\xff") };
    struct document_response first = { .home = "urn:oid:2.999.392.1.35",
                                       .repository_unique_id = "2.999.392.4.35.1",
                                       .document_unique_id = "2.999.392.5.1",
                                       .mime_type = "text/xml",
                                       .new_repository_unique_id = "2.999.392.4.35.2",
                                       .new_document_unique_id = "2.999.392.5.9",
                                       .href = "cid:1@kakehashi",
                                       .next = &second };
    struct retrieve_response sent = { .status = REGISTRY_PARTIAL_SUCCESS, .documents = &first }, got;
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    issue_add(a, &sent.issues, ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR, NULL, "no 2.999.392.5.3");
    retrieve_response_encode(&sent, xml);
    assert_int_equal(retrieve_response_decode(a, parse_buf(a, xml), &got), OK);
    assert_int_equal(got.status, REGISTRY_PARTIAL_SUCCESS);
    assert_int_equal(got.issues.errors, 1);
    assert_string_equal(got.documents->home, first.home);
    assert_string_equal(got.documents->href, first.href);
    assert_string_equal(got.documents->mime_type, "text/xml");
    assert_string_equal(got.documents->new_document_unique_id, "2.999.392.5.9");
    assert_null(got.documents->next->href);
    assert_int_equal(got.documents->next->inline_bytes.len, second.inline_bytes.len);
    assert_memory_equal(got.documents->next->inline_bytes.data, second.inline_bytes.data, second.inline_bytes.len);
}

static void test_encoded_responses_are_valid(void **state)
{
    struct arena *a = *state;
    struct document_response d = { .repository_unique_id = "2.999.392.4.35.1",
                                   .document_unique_id = "2.999.392.5.1",
                                   .mime_type = "text/plain",
                                   .inline_bytes = STR("octets") };
    struct retrieve_response r = { .status = REGISTRY_SUCCESS, .documents = &d };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    retrieve_response_encode(&r, xml);
    assert_valid(SCHEMAS "toolkit2/v3/XDS.b_DocumentRepository.xsd", xml);
}

#define RESPONSE(inner)                                                                                                \
    XDS_OPEN("RetrieveDocumentSetResponse")                                                                            \
    "<rs:RegistryResponse status='urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success'/>" inner                 \
    "</x:RetrieveDocumentSetResponse>"

static void test_an_unusable_response_is_a_syntax_error(void **state)
{
    static const char *const bodies[] = {
        "<odd/>",
        XDS_OPEN("RetrieveDocumentSetResponse") "</x:RetrieveDocumentSetResponse>",
        RESPONSE("<x:DocumentResponse/>"),
        RESPONSE("<x:DocumentResponse><x:Document>not base64!</x:Document></x:DocumentResponse>"),
    };
    struct arena *a = *state;
    struct retrieve_response got;

    for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
        assert_int_equal(retrieve_response_decode(a, parse_text(a, bodies[i]), &got), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_a_request_survives_encoding_and_decoding),
        MESSAGE_TEST(test_a_request_names_repository_and_document),
        MESSAGE_TEST(test_a_removal_names_documents_as_a_retrieval_does),
        MESSAGE_TEST(test_ids_are_trimmed),
        MESSAGE_TEST(test_status_by_what_was_found),
        MESSAGE_TEST(test_a_response_survives_encoding_and_decoding),
        MESSAGE_TEST(test_encoded_responses_are_valid),
        MESSAGE_TEST(test_an_unusable_response_is_a_syntax_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
