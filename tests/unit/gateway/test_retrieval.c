#include "gateway_test.h"

#include "gateway/retrieval.h"

static struct document_request request(const char *repository, const char *document)
{
    return (
        struct document_request){ .home = HOME_A, .repository_unique_id = repository, .document_unique_id = document };
}

static void want(struct request *rq, struct retrieval *r, int community, const char *repository, const char *document)
{
    struct document_request d = request(repository, document);
    struct document_request *kept = arena_memdup(rq->arena, &d, sizeof(d));

    retrieval_add(rq->arena, r, kept, &test_communities[community], 1);
}

/* The answer of a source: XML of the response's children, and its attachments. */
static void answered(struct request *rq, struct source *s, const char *status, const char *children, struct part *parts)
{
    static const char format[] = "<xds:RetrieveDocumentSetResponse xmlns:xds='urn:ihe:iti:xds-b:2007' "
                                 "xmlns:rs='urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0' "
                                 "xmlns:xop='http://www.w3.org/2004/08/xop/include'>"
                                 "<rs:RegistryResponse status='%s'/>%s</xds:RetrieveDocumentSetResponse>";
    struct fan_out *f = fan_out_new(rq, NULL);

    s->ask = fan_out_add(f, ASK_ITI39, s->community, 1, NULL);
    s->ask->call = ARENA_NEW(rq->arena, struct call);
    s->ask->call->body = test_xml(rq->arena, arena_printf(rq->arena, format, status, children));
    s->ask->call->parts = parts;
}

static void failed(struct request *rq, struct source *s, const char *why)
{
    struct fan_out *f = fan_out_new(rq, NULL);

    s->ask = fan_out_add(f, ASK_ITI39, s->community, 1, NULL);
    s->ask->call = ARENA_NEW(rq->arena, struct call);
    s->ask->call->rc = E_PEER;
    s->ask->call->why = why;
}

#define SUCCESS "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
#define DOCUMENT(repository, document, content)                                                                        \
    "<xds:DocumentResponse><xds:RepositoryUniqueId>" repository                                                        \
    "</xds:RepositoryUniqueId><xds:DocumentUniqueId>" document                                                         \
    "</xds:DocumentUniqueId><xds:mimeType>text/plain</xds:mimeType><xds:Document>" content                             \
    "</xds:Document></xds:DocumentResponse>"
#define INCLUDE(cid) "<xop:Include href='cid:" cid "'/>"

static struct retrieval retrieval_new(void)
{
    return (struct retrieval){ .kind = ASK_ITI39, .unavailable = ISSUE_XDS_UNAVAILABLE_COMMUNITY };
}

static void test_each_place_is_asked_once_for_all_its_documents(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();

    want(rq, &r, 0, "1.1", "d1");
    want(rq, &r, 1, "2.1", "d2");
    want(rq, &r, 0, "1.1", "d3");

    assert_ptr_equal(r.sources->community, &test_communities[0]);
    assert_string_equal(r.sources->requests->document_unique_id, "d1");
    assert_string_equal(r.sources->requests->next->document_unique_id, "d3");
    assert_ptr_equal(r.sources->next->community, &test_communities[1]);
    assert_null(r.sources->next->requests->next);
    assert_null(r.sources->next->next);
}

static void test_a_document_wanted_twice_is_fetched_once(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();

    want(rq, &r, 0, "1.1", "d1");
    want(rq, &r, 0, "1.1", "d1");
    assert_null(r.wanted->next);
    assert_null(r.sources->requests->next);
}

static void test_documents_come_in_the_order_of_the_request(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();
    struct retrieve_response out;

    want(rq, &r, 0, "1.1", "d1");
    want(rq, &r, 1, "2.1", "d2");
    want(rq, &r, 0, "1.1", "d3");
    answered(rq, r.sources, SUCCESS, DOCUMENT("1.1", "d3", "Yw==") DOCUMENT("1.1", "d1", "YQ=="), NULL);
    answered(rq, r.sources->next, SUCCESS, DOCUMENT("2.1", "d2", "Yg=="), NULL);
    retrieval_merge(rq, &r, &out);

    const char *ids[] = { "d1", "d2", "d3" }, *homes[] = { HOME_A, HOME_B, HOME_A }, *bytes[] = { "a", "b", "c" };
    const struct document_response *d = out.documents;
    struct part *part = rq->reply_parts;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++, d = d->next, part = part->next) {
        assert_string_equal(d->document_unique_id, ids[i]);
        assert_string_equal(d->home, homes[i]);
        assert_ptr_equal(part_find(rq->reply_parts, d->href), part);
        assert_memory_equal(part->bytes.data, bytes[i], 1);
    }
    assert_null(d);
    assert_int_equal(out.status, REGISTRY_SUCCESS);
}

static void test_a_document_that_comes_twice_is_kept_once_and_told(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();
    struct retrieve_response out;

    want(rq, &r, 0, "1.1", "d1");
    answered(rq, r.sources, SUCCESS,
             DOCUMENT("1.1", "d1", "YQ==") DOCUMENT("1.1", "d1", "YQ==") DOCUMENT("1.1", "d9", "YQ=="), NULL);
    retrieval_merge(rq, &r, &out);

    assert_string_equal(out.documents->document_unique_id, "d1");
    assert_null(out.documents->next);
    assert_issue(out.issues.first, ISSUE_XDS_REPOSITORY_ERROR, HOME_A);
    assert_non_null(strstr(out.issues.first->text, "2 documents came twice or without being asked for"));
    assert_null(out.issues.first->next);
    assert_int_equal(out.status, REGISTRY_PARTIAL_SUCCESS);
}

static void test_an_attachment_passes_without_being_copied(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();
    struct retrieve_response out;
    static const char bytes[] = "document";
    struct part part = {
        .content_id = "x@peer", .content_type = "text/plain", .bytes = STR("document"), .fd = -1, .size = 8
    };

    part.bytes.data = bytes;
    want(rq, &r, 0, "1.1", "d1");
    answered(rq, r.sources, SUCCESS, DOCUMENT("1.1", "d1", INCLUDE("x%40peer")), &part);
    retrieval_merge(rq, &r, &out);

    assert_ptr_equal(rq->reply_parts->bytes.data, bytes);
    assert_int_equal(rq->reply_parts->size, 8);
    assert_string_equal(rq->reply_parts->content_type, "text/plain");
    assert_string_not_equal(rq->reply_parts->content_id, "x@peer"); /* two peers may have chosen the same */
}

static void test_an_attachment_without_a_type_is_bytes(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();
    struct retrieve_response out;
    struct part part = { .content_id = "x@peer", .bytes = STR("?"), .fd = -1, .size = 1 };

    want(rq, &r, 0, "1.1", "d1");
    answered(rq, r.sources, SUCCESS, DOCUMENT("1.1", "d1", INCLUDE("x@peer")), &part);
    retrieval_merge(rq, &r, &out);

    assert_string_equal(rq->reply_parts->content_type, "application/octet-stream");
}

static void test_a_missing_attachment_costs_its_document(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();
    struct retrieve_response out;

    want(rq, &r, 0, "1.1", "d1");
    answered(rq, r.sources, SUCCESS, DOCUMENT("1.1", "d1", INCLUDE("gone@peer")), NULL);
    retrieval_merge(rq, &r, &out);

    assert_null(out.documents);
    assert_issue(rq->issues.first, ISSUE_XDS_REPOSITORY_ERROR, HOME_A);
    assert_int_equal(out.status, REGISTRY_FAILURE);
}

static void test_a_community_that_is_down_costs_only_its_documents(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();
    struct retrieve_response out;

    want(rq, &r, 0, "1.1", "d1");
    want(rq, &r, 1, "2.1", "d2");
    want(rq, &r, 1, "2.1", "d3");
    answered(rq, r.sources, SUCCESS, DOCUMENT("1.1", "d1", "YQ=="), NULL);
    failed(rq, r.sources->next, "connection refused");
    retrieval_merge(rq, &r, &out);

    assert_string_equal(out.documents->document_unique_id, "d1");
    assert_int_equal(rq->issues.errors, 1);
    assert_issue(rq->issues.first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, HOME_B);
    assert_non_null(strstr(rq->issues.first->text, "connection refused"));
    assert_int_equal(out.status, REGISTRY_PARTIAL_SUCCESS);
}

static void test_silence_about_a_document_is_an_error(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();
    struct retrieve_response out;

    want(rq, &r, 0, "1.1", "d1");
    want(rq, &r, 0, "1.1", "d2");
    answered(rq, r.sources, SUCCESS, DOCUMENT("1.1", "d1", "YQ=="), NULL);
    retrieval_merge(rq, &r, &out);

    assert_int_equal(rq->issues.errors, 1);
    assert_issue(rq->issues.first, ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR, HOME_A);
    assert_int_equal(out.status, REGISTRY_PARTIAL_SUCCESS);
}

static void test_an_answer_that_is_something_else_is_one_error(void **state)
{
    struct request *rq = *state;
    struct retrieval r = retrieval_new();
    struct retrieve_response out;

    want(rq, &r, 1, "2.1", "d1");
    answered(rq, r.sources, SUCCESS, "", NULL);
    r.sources->ask->call->body = test_xml(rq->arena, "<garbage/>");
    retrieval_merge(rq, &r, &out);

    assert_int_equal(rq->issues.errors, 1);
    assert_issue(rq->issues.first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, HOME_B);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY_TEST(test_each_place_is_asked_once_for_all_its_documents),
        GATEWAY_TEST(test_a_document_wanted_twice_is_fetched_once),
        GATEWAY_TEST(test_documents_come_in_the_order_of_the_request),
        GATEWAY_TEST(test_a_document_that_comes_twice_is_kept_once_and_told),
        GATEWAY_TEST(test_an_attachment_passes_without_being_copied),
        GATEWAY_TEST(test_an_attachment_without_a_type_is_bytes),
        GATEWAY_TEST(test_a_missing_attachment_costs_its_document),
        GATEWAY_TEST(test_a_community_that_is_down_costs_only_its_documents),
        GATEWAY_TEST(test_silence_about_a_document_is_an_error),
        GATEWAY_TEST(test_an_answer_that_is_something_else_is_one_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
