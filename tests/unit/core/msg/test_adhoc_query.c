/* msg/adhoc_query: requests, the grammar of their values, responses. */
#include "msg/adhoc_query.h"

#include "messages.h"
#include "wire/ns.h"

#include <string.h>

#define OPEN                                                                                                           \
    "<query:AdhocQueryRequest xmlns:query='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' "                            \
    "xmlns:rim='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'>"
#define CLOSE "</query:AdhocQueryRequest>"

/* ---- values ---- */

/* "a|b|c" for three values, "!" for a broken grammar. */
static const char *values_of(struct arena *a, const char *first, const char *second)
{
    struct text_list more = { .text = second }, one = { .text = first, .next = second == NULL ? NULL : &more };
    struct slot param = { .name = "$p", .values = first == NULL ? NULL : &one };
    struct text_list *values = NULL;
    const char *joined = "";

    if (query_values_parse(a, &param, &values) != OK)
        return "!";
    for (const struct text_list *v = values; v != NULL; v = v->next)
        joined = arena_printf(a, "%s%s%s", joined, joined[0] == '\0' ? "" : "|", v->text);
    return joined;
}

static void test_values_follow_the_grammar(void **state)
{
    static const struct {
        const char *raw, *values;
    } examples[] = {
        { "'x'", "x" },
        { "20260401", "20260401" },
        { "('x','y')", "x|y" },
        { "( 'x' , 12\n)", "x|12" },
        { "('x')", "x" },
        { "'it''s'", "it's" },
        { "''''", "'" },
        { "('a''','''b')", "a'|'b" },
        { "'P0001^^^&2.999.392.2.35&ISO'", "P0001^^^&2.999.392.2.35&ISO" },
        { "'(,)'", "(,)" },
        { "'山田''太郎'", "山田'太郎" },
        { "", "" },
        { "x", "!" },
        { "'x", "!" },
        { "'x''", "!" },
        { "'x'y", "!" },
        { "('x'", "!" },
        { "('x',)", "!" },
        { "()", "!" },
        { "('x')('y')", "!" },
        { "'x','y'", "!" },
        { "\"x\"", "!" },
        { "12a", "!" },
        { "(('x'))", "!" },
        { "P0001^^^&2.999&ISO", "!" },
    };
    struct arena *a = *state;

    for (size_t i = 0; i < ARRAY_LEN(examples); i++)
        assert_string_equal(values_of(a, examples[i].raw, NULL), examples[i].values);
}

static void test_several_values_are_one_list(void **state)
{
    struct arena *a = *state;

    assert_string_equal(values_of(a, "('a','b')", "('c')"), "a|b|c");
    assert_string_equal(values_of(a, "('a')", "broken"), "!");
    assert_string_equal(values_of(a, NULL, NULL), "");
}

static void test_quoting_is_undone_by_parsing(void **state)
{
    struct arena *a = *state;
    struct text_list two = { .text = "b'(" }, one = { .text = "a", .next = &two };

    assert_string_equal(query_quote(a, "it's"), "'it''s'");
    assert_string_equal(query_quote_list(a, &one), "('a','b''(')");
    assert_string_equal(values_of(a, query_quote_list(a, &one), NULL), "a|b'(");
}

/* ---- requests ---- */

static void assert_request_refused(const char *xml, enum issue_code code, const char *place)
{
    struct arena *a = arena_new();
    struct issue_list issues = { 0 };
    struct adhoc_query q;

    assert_int_equal(adhoc_query_decode(a, parse_text(a, xml), &q, &issues), E_REFUSED);
    assert_int_equal(issues.first->code, code);
    assert_string_equal(issues.first->place, place);
    arena_free(a);
}

static void test_a_request_needs_query_id_and_return_type(void **state)
{
    (void)state;
    assert_request_refused("<odd/>", ISSUE_SOAP_BODY, "/odd");
    assert_request_refused(OPEN CLOSE, ISSUE_SOAP_BODY, "/AdhocQueryRequest");
    assert_request_refused(OPEN "<rim:AdhocQuery/>" CLOSE, ISSUE_XDS_UNKNOWN_STORED_QUERY,
                           "/AdhocQueryRequest/AdhocQuery");
    assert_request_refused(OPEN "<query:ResponseOption returnType='RegistryObject'/><rim:AdhocQuery id='x'/>" CLOSE,
                           ISSUE_XDS_REGISTRY_ERROR, "/AdhocQueryRequest/ResponseOption");
}

static struct adhoc_query decode(struct arena *a, const struct xml_node *body)
{
    struct issue_list issues = { 0 };
    struct adhoc_query q;

    assert_int_equal(adhoc_query_decode(a, body, &q, &issues), OK);
    assert_null(issues.first);
    return q;
}

static void test_a_request_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct adhoc_query sent = { .id = QUERY_FIND_DOCUMENTS,
                                .home = "urn:oid:2.999.392.1.35",
                                .return_type = RETURN_OBJECT_REF };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    query_param_add(a, &sent, "$XDSDocumentEntryPatientId", query_quote(a, "P<1>^^^&2.999&ISO"));
    query_param_add(a, &sent, "$XDSDocumentEntryStatus", "('" STATUS_APPROVED "')");
    adhoc_query_encode(&sent, xml);
    struct adhoc_query got = decode(a, parse_buf(a, xml));
    assert_string_equal(got.id, sent.id);
    assert_string_equal(got.home, sent.home);
    assert_int_equal(got.return_type, RETURN_OBJECT_REF);
    assert_string_equal(query_param(&got, "$XDSDocumentEntryPatientId")->values->text, "'P<1>^^^&2.999&ISO'");
    assert_null(query_param(&got, "$none"));
}

static void test_a_request_without_return_type_means_leaf_class(void **state)
{
    struct arena *a = *state;

    assert_int_equal(decode(a, parse_text(a, OPEN "<rim:AdhocQuery id='x'/>" CLOSE)).return_type, RETURN_LEAF_CLASS);
}

static void test_encoded_requests_are_valid(void **state)
{
    struct arena *a = *state;
    struct adhoc_query q = { .id = QUERY_GET_DOCUMENTS };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    query_param_add(a, &q, "$XDSDocumentEntryUniqueId", "('2.999.392.5.1')");
    adhoc_query_encode(&q, xml);
    assert_valid(SCHEMAS "toolkit2/v3/query.xsd", xml);
}

static void test_messages_of_others_are_read(void **state)
{
    struct arena *a = *state;
    const struct adhoc_query q = decode(a, parse_sample(a, SCHEMAS "samples/own/iti18-finddocuments.xml"));

    assert_string_equal(q.id, QUERY_FIND_DOCUMENTS);
    assert_non_null(query_param(&q, "$XDSDocumentEntryPatientId"));
}

/* ---- responses ---- */

static void test_a_response_concatenates_its_objects(void **state)
{
    struct arena *a = *state;
    const struct str objects[] = { STR("<rim:ObjectRef id=\"urn:uuid:1\"/>"),
                                   STR("<rim:ObjectRef id=\"urn:uuid:2\"/>") };
    struct adhoc_response r = { .status = REGISTRY_SUCCESS, .objects = objects, .count = 2 };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct adhoc_answer answer;

    adhoc_response_encode(&r, xml);
    assert_non_null(
        strstr(buf_text(xml), "id=\"urn:uuid:1\"/><rim:ObjectRef id=\"urn:uuid:2\"/></rim:RegistryObjectList>"));
    assert_int_equal(adhoc_answer_decode(a, parse_buf(a, xml), &answer), OK);
    assert_int_equal(answer.status, REGISTRY_SUCCESS);
    assert_int_equal(xml_count(answer.object_list, NS_RIM, "ObjectRef"), 2);
    assert_valid(SCHEMAS "toolkit2/v3/query.xsd", xml);
}

static void test_a_failure_has_errors_and_an_empty_list(void **state)
{
    struct arena *a = *state;
    struct adhoc_response r = { .status = REGISTRY_FAILURE };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct adhoc_answer answer;

    issue_add(a, &r.issues, ISSUE_XDS_STORED_QUERY_MISSING_PARAM, "$XDSDocumentEntryStatus", "it is required");
    adhoc_response_encode(&r, xml);
    assert_int_equal(adhoc_answer_decode(a, parse_buf(a, xml), &answer), OK);
    assert_int_equal(answer.status, REGISTRY_FAILURE);
    assert_string_equal(answer.issues.first->text, "it is required (at $XDSDocumentEntryStatus)");
    assert_non_null(answer.object_list);
    assert_null(answer.object_list->first);
    assert_valid(SCHEMAS "toolkit2/v3/query.xsd", xml);
}

static void test_an_answer_of_another_kind_is_unusable(void **state)
{
    struct arena *a = *state;
    struct adhoc_answer answer;

    assert_int_equal(adhoc_answer_decode(a, parse_text(a, "<odd/>"), &answer), E_SYNTAX);
    assert_int_equal(adhoc_answer_decode(a,
                                         parse_text(a, "<q:AdhocQueryResponse status='fine' "
                                                       "xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0'/>"),
                                         &answer),
                     E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_values_follow_the_grammar),
        MESSAGE_TEST(test_several_values_are_one_list),
        MESSAGE_TEST(test_quoting_is_undone_by_parsing),
        MESSAGE_TEST(test_a_request_needs_query_id_and_return_type),
        MESSAGE_TEST(test_a_request_survives_encoding_and_decoding),
        MESSAGE_TEST(test_a_request_without_return_type_means_leaf_class),
        MESSAGE_TEST(test_encoded_requests_are_valid),
        MESSAGE_TEST(test_messages_of_others_are_read),
        MESSAGE_TEST(test_a_response_concatenates_its_objects),
        MESSAGE_TEST(test_a_failure_has_errors_and_an_empty_list),
        MESSAGE_TEST(test_an_answer_of_another_kind_is_unusable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
