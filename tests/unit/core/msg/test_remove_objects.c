/* msg/remove_objects: ITI-62's list of what is to go. */
#include "msg/remove_objects.h"

#include "messages.h"

#define OPEN                                                                                                           \
    "<l:RemoveObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0' "                                   \
    "xmlns='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'"
#define CLOSE "</l:RemoveObjectsRequest>"

static void test_what_is_to_go_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct object_ref second = { .id = "urn:uuid:22222222-2222-4222-8222-222222222222" };
    struct object_ref first = { .id = "urn:uuid:11111111-1111-4111-8111-111111111111", .next = &second };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };
    struct remove_objects got;

    remove_objects_encode(&(struct remove_objects){ &first }, xml);
    assert_int_equal(remove_objects_decode(a, parse_buf(a, xml), &got, &issues), OK);
    assert_null(issues.first);
    assert_string_equal(got.refs->id, first.id);
    assert_string_equal(got.refs->next->id, second.id);
    assert_string_equal(got.refs->next->place, "/RemoveObjectsRequest/ObjectRefList/ObjectRef[2]");
    assert_null(got.refs->next->next);
    assert_valid(SCHEMAS "toolkit2/v3/lcm.xsd", xml);
}

static void assert_refused(const char *xml, enum issue_code code, const char *place)
{
    struct arena *a = arena_new();
    struct issue_list issues = { 0 };
    struct remove_objects got;

    assert_int_equal(remove_objects_decode(a, parse_text(a, xml), &got, &issues), E_REFUSED);
    assert_int_equal(issues.first->code, code);
    assert_string_equal(issues.first->place, place);
    arena_free(a);
}

static void test_another_body_is_refused(void **state)
{
    (void)state;
    assert_refused("<odd/>", ISSUE_SOAP_BODY, "/odd");
}

static void test_nothing_to_remove_is_refused(void **state)
{
    (void)state;
    assert_refused(OPEN ">" CLOSE, ISSUE_XDS_REGISTRY_ERROR, "/RemoveObjectsRequest");
    assert_refused(OPEN "><ObjectRefList/>" CLOSE, ISSUE_XDS_REGISTRY_ERROR, "/RemoveObjectsRequest");
    assert_refused(OPEN "><ObjectRefList><ObjectRef/></ObjectRefList>" CLOSE, ISSUE_XDS_REGISTRY_ERROR,
                   "/RemoveObjectsRequest/ObjectRefList/ObjectRef");
}

static void test_a_query_and_another_scope_are_refused(void **state)
{
    (void)state;
    assert_refused(OPEN "><AdhocQuery id='q'/>" CLOSE, ISSUE_XDS_REGISTRY_ERROR, "/RemoveObjectsRequest/AdhocQuery");
    assert_refused(OPEN " deletionScope='urn:oasis:names:tc:ebxml-regrep:DeletionScopeType:DeleteRepositoryItemOnly'>"
                        "<ObjectRefList><ObjectRef id='x'/></ObjectRefList>" CLOSE,
                   ISSUE_XDS_REGISTRY_ERROR, "/RemoveObjectsRequest");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_what_is_to_go_survives_encoding_and_decoding),
        MESSAGE_TEST(test_another_body_is_refused),
        MESSAGE_TEST(test_nothing_to_remove_is_refused),
        MESSAGE_TEST(test_a_query_and_another_scope_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
