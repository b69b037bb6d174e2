/* The gateway's transactions, each against peers that answer, err and break (fake_peers.h). */
#include "fake_peers.h"

#include "gateway/patient_find.h"

#define ITI18 "urn:ihe:iti:2007:RegistryStoredQuery"
#define ITI38 "urn:ihe:iti:2007:CrossGatewayQuery"
#define ITI39 "urn:ihe:iti:2007:CrossGatewayRetrieve"
#define ITI43 "urn:ihe:iti:2007:RetrieveDocumentSet"
#define ITI55 "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery"

/* ---- queries ---- */

static struct adhoc_answer query(struct fake_world *w, const char *path, const char *action, const char *patient,
                                 const char *home)
{
    struct adhoc_query q = { .id = patient == NULL ? QUERY_GET_DOCUMENTS : QUERY_FIND_DOCUMENTS, .home = home };
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);
    struct adhoc_answer answer;

    if (patient != NULL)
        query_param_add(w->arena, &q, "$XDSDocumentEntryPatientId", query_quote(w->arena, patient));
    adhoc_query_encode(&q, body);
    assert_int_equal(adhoc_answer_decode(w->arena, send(w, path, action, false, body)->body, &answer), OK);
    return answer;
}

static void assert_objects(const struct adhoc_answer *answer, const char *const *homes, size_t n)
{
    const struct xml_node *o = xml_first_element(answer->object_list);

    for (size_t i = 0; i < n; i++, o = xml_next_element(o)) {
        assert_non_null(o);
        assert_string_equal(xml_attr(o, "home"), homes[i]);
    }
    assert_null(o);
}

static void assert_one_error(const struct issue_list *issues, enum issue_code code, const char *home)
{
    assert_int_equal(issues->errors, 1);
    assert_issue(issues->first, code, home);
}

static void test_a_query_finds_what_all_communities_have_of_the_person(void **state)
{
    const char *const homes[] = { HOME(1), HOME(2), HOME(4) };
    struct adhoc_answer answer = query(*state, "0001/initiating", ITI18, "P-1^^^&" DOMAIN(1) "&ISO", NULL);

    assert_objects(&answer, homes, ARRAY_LEN(homes));
    assert_int_equal(answer.status, REGISTRY_PARTIAL_SUCCESS); /* 0003 is broken */
    assert_one_error(&answer.issues, ISSUE_XDS_UNAVAILABLE_COMMUNITY, HOME(3));
    assert_non_null(strstr(answer.issues.first->text, "Net 3"));
}

static void test_a_query_by_pix_asks_where_the_person_is_linked(void **state)
{
    const char *const homes[] = { HOME(4), HOME(1), HOME(2) };
    struct adhoc_answer answer = query(*state, "0004/initiating", ITI18, "P-4^^^&" DOMAIN(4) "&ISO", NULL);

    assert_objects(&answer, homes, ARRAY_LEN(homes));
    assert_int_equal(answer.status, REGISTRY_SUCCESS);
}

static void test_a_patient_nobody_knows_is_an_empty_success(void **state)
{
    struct adhoc_answer xcpd = query(*state, "0001/initiating", ITI18, "nobody^^^&" DOMAIN(1) "&ISO", NULL);
    struct adhoc_answer pix = query(*state, "0004/initiating", ITI18, "nobody^^^&" DOMAIN(4) "&ISO", NULL);

    assert_objects(&xcpd, NULL, 0);
    assert_int_equal(xcpd.status, REGISTRY_SUCCESS);
    assert_objects(&pix, NULL, 0);
    assert_int_equal(pix.status, REGISTRY_SUCCESS);
}

static void test_a_query_with_a_home_asks_that_community_alone(void **state)
{
    const char *const homes[] = { HOME(2) };
    struct adhoc_answer find = query(*state, "0001/initiating", ITI18, "P-1^^^&" DOMAIN(1) "&ISO", HOME(2));
    struct adhoc_answer get = query(*state, "0001/initiating", ITI18, NULL, HOME(2));

    assert_objects(&find, homes, ARRAY_LEN(homes));
    assert_objects(&get, homes, ARRAY_LEN(homes));
    assert_int_equal(find.status, REGISTRY_SUCCESS);
    assert_int_equal(get.status, REGISTRY_SUCCESS);
}

static void test_a_query_without_patient_needs_a_home(void **state)
{
    struct adhoc_answer initiating = query(*state, "0001/initiating", ITI18, NULL, NULL);
    struct adhoc_answer responding = query(*state, "0001/responding", ITI38, NULL, NULL);

    assert_int_equal(initiating.status, REGISTRY_FAILURE);
    assert_one_error(&initiating.issues, ISSUE_XDS_MISSING_HOME_COMMUNITY_ID, HOME(1));
    assert_int_equal(responding.status, REGISTRY_FAILURE);
    assert_one_error(&responding.issues, ISSUE_XDS_MISSING_HOME_COMMUNITY_ID, HOME(1));
}

static void test_a_home_that_is_not_ours_is_refused(void **state)
{
    struct adhoc_answer initiating = query(*state, "0001/initiating", ITI18, NULL, "urn:oid:1.2.3");
    struct adhoc_answer responding = query(*state, "0001/responding", ITI38, NULL, HOME(2));

    assert_one_error(&initiating.issues, ISSUE_XDS_UNKNOWN_COMMUNITY, HOME(1));
    assert_one_error(&responding.issues, ISSUE_XDS_UNKNOWN_COMMUNITY, HOME(1));
}

static void test_the_responding_gateway_puts_its_home_on_objects(void **state)
{
    const char *const homes[] = { HOME(2) };
    struct adhoc_answer answer = query(*state, "0002/responding", ITI38, "P-2^^^&" DOMAIN(2) "&ISO", NULL);

    assert_objects(&answer, homes, ARRAY_LEN(homes));
    assert_int_equal(answer.status, REGISTRY_SUCCESS);
}

static void test_a_registry_that_faults_is_an_error_with_its_cause(void **state)
{
    struct adhoc_answer answer = query(*state, "0003/responding", ITI38, "P-3^^^&" DOMAIN(3) "&ISO", NULL);

    assert_int_equal(answer.status, REGISTRY_FAILURE);
    assert_one_error(&answer.issues, ISSUE_XDS_REGISTRY_ERROR, HOME(3));
    assert_non_null(strstr(answer.issues.first->text, "on strike"));
}

/* More at once than a loop searches for; one of those that wait leaves. */
static void test_searches_wait_for_their_turn(void **state)
{
    enum { SEARCHES = 8, LEAVES = 6 };
    struct fake_world *w = *state;
    struct adhoc_query q = { .id = QUERY_FIND_DOCUMENTS };
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);
    struct call_handle *handles[SEARCHES];
    struct call *calls[SEARCHES] = { NULL };

    query_param_add(w->arena, &q, "$XDSDocumentEntryPatientId", query_quote(w->arena, "P-1^^^&" DOMAIN(1) "&ISO"));
    adhoc_query_encode(&q, body);
    struct call_spec spec = { .url = arena_printf(w->arena, "%s/0001/initiating", address_of(w, w->gateway)),
                              .action = ITI18,
                              .body = body };
    for (int i = 0; i < SEARCHES; i++)
        assert_int_equal(call_start(w->arena, w->loop, w->client, NULL, &spec, call_over, &calls[i], &handles[i]), OK);
    while (calls[0] == NULL)
        loop_turn(w->loop, 100);
    if (calls[LEAVES] == NULL)
        call_cancel(handles[LEAVES]);
    for (int i = 0; i < SEARCHES; i++) {
        while (i != LEAVES && calls[i] == NULL)
            loop_turn(w->loop, 100);
        assert_true(i == LEAVES || calls[i]->rc == OK);
    }
}

/* ---- retrievals ---- */

static struct retrieve_response retrieve(struct fake_world *w, const char *path, const char *action,
                                         const struct document_request *requests, struct part **parts)
{
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);
    struct retrieve_response response;

    retrieve_request_encode(requests, body);
    struct call *call = send(w, path, action, true, body);
    assert_int_equal(retrieve_response_decode(w->arena, call->body, &response), OK);
    *parts = call->parts;
    return response;
}

static void assert_document(const struct document_response *d, struct part *parts, const char *id, const char *home)
{
    const struct part *part;

    assert_non_null(d);
    assert_string_equal(d->document_unique_id, id);
    assert_string_equal(d->home, home);
    part = part_find(parts, d->href);
    assert_non_null(part);
    assert_int_equal(part->bytes.len, DOCUMENT_SIZE);
    for (size_t i = 0; i < DOCUMENT_SIZE; i++)
        assert_int_equal(part->bytes.data[i], id[0]);
}

static void test_documents_of_several_communities_arrive_whole_and_in_order(void **state)
{
    struct document_request c = { .home = HOME(2), .repository_unique_id = REPOSITORY(2), .document_unique_id = "c" };
    struct document_request b = {
        .home = HOME(1), .repository_unique_id = REPOSITORY(1), .document_unique_id = "b", .next = &c
    };
    struct document_request a = {
        .home = HOME(2), .repository_unique_id = REPOSITORY(2), .document_unique_id = "a", .next = &b
    };
    struct part *parts;
    struct retrieve_response r = retrieve(*state, "0001/initiating", ITI43, &a, &parts);

    assert_int_equal(r.status, REGISTRY_SUCCESS);
    assert_document(r.documents, parts, "a", HOME(2));
    assert_document(r.documents->next, parts, "b", HOME(1));
    assert_document(r.documents->next->next, parts, "c", HOME(2));
    assert_null(r.documents->next->next->next);
}

static void test_a_document_that_cannot_be_had_costs_no_other(void **state)
{
    struct document_request unknown = { .home = "urn:oid:1.2.3",
                                        .repository_unique_id = "1.2",
                                        .document_unique_id = "x" };
    struct document_request homeless = { .repository_unique_id = "1.2", .document_unique_id = "y", .next = &unknown };
    struct document_request missing = {
        .home = HOME(2), .repository_unique_id = REPOSITORY(2), .document_unique_id = "missing", .next = &homeless
    };
    struct document_request a = {
        .home = HOME(2), .repository_unique_id = REPOSITORY(2), .document_unique_id = "a", .next = &missing
    };
    struct part *parts;
    struct retrieve_response r = retrieve(*state, "0001/initiating", ITI43, &a, &parts);

    assert_int_equal(r.status, REGISTRY_PARTIAL_SUCCESS);
    assert_document(r.documents, parts, "a", HOME(2));
    assert_null(r.documents->next);
    assert_int_equal(r.issues.errors, 3);
    assert_issue(r.issues.first, ISSUE_XDS_MISSING_HOME_COMMUNITY_ID, HOME(1));
    assert_issue(r.issues.first->next, ISSUE_XDS_UNKNOWN_COMMUNITY, HOME(1));
    assert_issue(r.issues.last, ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR, HOME(2));
}

static void test_the_responding_gateway_has_only_its_own_repositories(void **state)
{
    struct document_request foreign = { .home = HOME(1),
                                        .repository_unique_id = REPOSITORY(1),
                                        .document_unique_id = "x" };
    struct document_request elsewhere = {
        .home = HOME(2), .repository_unique_id = REPOSITORY(1), .document_unique_id = "y", .next = &foreign
    };
    struct part *parts;
    struct retrieve_response r = retrieve(*state, "0002/responding", ITI39, &elsewhere, &parts);

    assert_int_equal(r.status, REGISTRY_FAILURE);
    assert_null(r.documents);
    assert_issue(r.issues.first, ISSUE_XDS_UNKNOWN_REPOSITORY_ID, HOME(2));
    assert_issue(r.issues.last, ISSUE_XDS_UNKNOWN_COMMUNITY, HOME(2));
}

/* ---- discovery ---- */

static struct call *discover(struct fake_world *w, const char *path, const struct find_query *asked)
{
    struct find_query q = find_query_new(w->arena, &w->gateway->world->communities[0],
                                         &w->gateway->world->communities[1]);
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);

    q.message.sender.home = "2.999.392.1.1";
    q.gender = "F";
    q.names = asked->names;
    q.birth_time = asked->birth_time;
    q.ids = asked->ids;
    find_query_encode(w->arena, &q, body);
    return send(w, path, ITI55, false, body);
}

static struct find_result result_of(struct fake_world *w, const struct call *call)
{
    struct find_result result;

    assert_int_equal(find_result_decode(w->arena, call->body, &result), OK);
    return result;
}

static void test_a_person_is_found_by_name_with_the_regional_id_alone(void **state)
{
    struct fake_world *w = *state;
    struct person_name name = { .family = "鳥取", .given = "花子" };
    struct patient_id feed = { .root = DOMAIN(1), .extension = "P-1" }; /* what the asker calls them */
    struct find_query q = { .names = &name, .birth_time = "19500401", .ids = &feed };
    struct call *call = discover(w, "0002/responding", &q);
    struct find_result result = result_of(w, call);

    assert_string_equal(result.ack.type_code, "AA");
    assert_string_equal(result.response_code, "OK");
    assert_string_equal(result.patients->ids->extension, "P-2");
    assert_null(result.patients->ids->next);
    assert_string_equal(result.patients->custodian_root, "2.999.392.1.2");
    assert_null(result.patients->next);
    assert_null(xml_at(call->body, NS_HL7, "controlActProcess", "queryAck", "resultTotalQuantity", NULL));
}

static void test_a_person_is_found_by_id(void **state)
{
    struct patient_id known = { .root = DOMAIN(2), .extension = "P-2" },
                      unknown = { .root = DOMAIN(2), .extension = "?" };
    struct find_query q = { .ids = &known };
    struct find_result found = result_of(*state, discover(*state, "0002/responding", &q));
    q.ids = &unknown;
    struct find_result none = result_of(*state, discover(*state, "0002/responding", &q));

    assert_string_equal(found.patients->ids->extension, "P-2");
    assert_null(none.patients);
    assert_string_equal(none.ack.type_code, "AA");
    assert_string_equal(none.response_code, "NF");
}

static void test_a_discovery_without_name_and_birth_time_says_what_it_needs(void **state)
{
    struct find_query q = { .names = NULL };
    struct find_result result = result_of(*state, discover(*state, "0002/responding", &q));

    assert_string_equal(result.ack.type_code, "AE");
    assert_string_equal(result.response_code, "QE");
    assert_int_equal(result.ack.details.errors, 2);
    assert_non_null(strstr(result.ack.details.first->place, "livingSubjectName"));
    assert_non_null(strstr(result.ack.details.last->place, "livingSubjectBirthTime"));
}

static void test_a_supplier_that_fails_is_an_answer_not_available(void **state)
{
    struct person_name name = { .family = "鳥取" };
    struct find_query q = { .names = &name, .birth_time = "19500401" };
    struct call *call = discover(*state, "0003/responding", &q);
    struct find_result result = result_of(*state, call);
    const struct xml_node *management = xml_at(call->body, NS_HL7, "controlActProcess", "reasonOf",
                                               "detectedIssueEvent", "mitigatedBy", "detectedIssueManagement", "code",
                                               NULL);

    assert_string_equal(result.ack.type_code, "AE");
    assert_string_equal(xml_attr(management, "code"), "InternalError");
}

/* ---- nobody there ---- */

static void test_a_gateway_cut_off_names_every_community_it_could_not_reach(void **state)
{
    struct fake_world *w = *state;
    struct document_request b = { .home = HOME(2), .repository_unique_id = REPOSITORY(2), .document_unique_id = "b" };
    struct document_request a = {
        .home = HOME(1), .repository_unique_id = REPOSITORY(1), .document_unique_id = "a", .next = &b
    };
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);
    struct retrieve_response r;

    retrieve_request_encode(&a, body);
    struct call *call = send_to(w, w->cut_off, "0001/initiating", ITI43, true, body);
    assert_int_equal(retrieve_response_decode(w->arena, call->body, &r), OK);
    assert_int_equal(r.status, REGISTRY_FAILURE);
    assert_int_equal(r.issues.errors, 2);
    assert_issue(r.issues.first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, HOME(1));
    assert_issue(r.issues.last, ISSUE_XDS_UNAVAILABLE_COMMUNITY, HOME(2));
}

static void test_a_query_of_a_gateway_cut_off_fails(void **state)
{
    struct fake_world *w = *state;
    struct adhoc_query q = { .id = QUERY_FIND_DOCUMENTS };
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);
    struct adhoc_answer answer;

    query_param_add(w->arena, &q, "$XDSDocumentEntryPatientId", "'P-4^^^&" DOMAIN(4) "&ISO'");
    adhoc_query_encode(&q, body);
    struct call *call = send_to(w, w->cut_off, "0004/initiating", ITI18, false, body);
    assert_int_equal(adhoc_answer_decode(w->arena, call->body, &answer), OK);
    assert_int_equal(answer.status, REGISTRY_FAILURE);
    assert_int_equal(answer.issues.errors, 2); /* the PIX manager, and its own responding gateway */
    assert_issue(answer.issues.first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, HOME(9));
    assert_issue(answer.issues.last, ISSUE_XDS_UNAVAILABLE_COMMUNITY, HOME(4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_query_finds_what_all_communities_have_of_the_person),
        cmocka_unit_test(test_a_query_by_pix_asks_where_the_person_is_linked),
        cmocka_unit_test(test_a_patient_nobody_knows_is_an_empty_success),
        cmocka_unit_test(test_a_query_with_a_home_asks_that_community_alone),
        cmocka_unit_test(test_a_query_without_patient_needs_a_home),
        cmocka_unit_test(test_a_home_that_is_not_ours_is_refused),
        cmocka_unit_test(test_searches_wait_for_their_turn),
        cmocka_unit_test(test_the_responding_gateway_puts_its_home_on_objects),
        cmocka_unit_test(test_a_registry_that_faults_is_an_error_with_its_cause),
        cmocka_unit_test(test_documents_of_several_communities_arrive_whole_and_in_order),
        cmocka_unit_test(test_a_document_that_cannot_be_had_costs_no_other),
        cmocka_unit_test(test_the_responding_gateway_has_only_its_own_repositories),
        cmocka_unit_test(test_a_person_is_found_by_name_with_the_regional_id_alone),
        cmocka_unit_test(test_a_person_is_found_by_id),
        cmocka_unit_test(test_a_discovery_without_name_and_birth_time_says_what_it_needs),
        cmocka_unit_test(test_a_supplier_that_fails_is_an_answer_not_available),
        cmocka_unit_test(test_a_gateway_cut_off_names_every_community_it_could_not_reach),
        cmocka_unit_test(test_a_query_of_a_gateway_cut_off_fails),
    };
    return cmocka_run_group_tests(tests, fake_world_start, fake_world_stop);
}
