#include "gateway_test.h"

#include "gateway/query_kind.h"

#define PATIENT_PARAM "$XDSDocumentEntryPatientId"

static struct adhoc_query find_documents(struct arena *a, const char *patient)
{
    struct adhoc_query q = { .id = QUERY_FIND_DOCUMENTS, .home = HOME_A, .return_type = RETURN_OBJECT_REF };

    query_param_add(a, &q, "$XDSDocumentEntryStatus", "('" STATUS_APPROVED "')");
    if (patient != NULL)
        query_param_add(a, &q, PATIENT_PARAM, patient);
    query_param_add(a, &q, "$XDSDocumentEntryEventCodeList", "('a^^1')");
    query_param_add(a, &q, "$XDSDocumentEntryEventCodeList", "('b^^1')");
    return q;
}

static const struct stored_query *kind_of(struct request *rq, const struct adhoc_query *q)
{
    const struct stored_query *kind;

    assert_int_equal(query_kind_get(rq, q, &kind), OK);
    return kind;
}

static void test_only_find_and_get_all_are_about_a_patient(void **state)
{
    struct adhoc_query find = { .id = QUERY_FIND_DOCUMENTS }, get = { .id = QUERY_GET_DOCUMENTS };

    assert_string_equal(kind_of(*state, &find)->patient_param, PATIENT_PARAM);
    assert_null(kind_of(*state, &get)->patient_param);
}

static void test_an_unknown_stored_query_is_refused(void **state)
{
    struct request *rq = *state;
    struct adhoc_query q = { .id = "urn:uuid:00000000-0000-0000-0000-000000000000" };
    const struct stored_query *kind;

    assert_int_equal(query_kind_get(rq, &q, &kind), E_REFUSED);
    assert_issue(rq->issues.first, ISSUE_XDS_UNKNOWN_STORED_QUERY, NULL);
}

static void test_the_patient_is_read_from_the_parameter(void **state)
{
    struct request *rq = *state;
    struct adhoc_query q = find_documents(rq->arena, "'O''1^^^&2.999.392.2.1&ISO'");
    struct patient_id id;

    assert_int_equal(query_patient(rq, &q, kind_of(rq, &q), &id), OK);
    assert_string_equal(id.extension, "O'1");
    assert_string_equal(id.root, "2.999.392.2.1");
}

static void refused(struct request *rq, const char *patient, enum issue_code code)
{
    struct adhoc_query q = find_documents(rq->arena, patient);
    struct patient_id id;

    assert_int_equal(query_patient(rq, &q, kind_of(rq, &q), &id), E_REFUSED);
    assert_issue(rq->issues.last, code, NULL);
    assert_string_equal(rq->issues.last->place, PATIENT_PARAM);
}

static void test_a_patient_must_be_one_and_a_cx(void **state)
{
    refused(*state, NULL, ISSUE_XDS_STORED_QUERY_MISSING_PARAM);
    refused(*state, "('1^^^&1.2&ISO','2^^^&1.2&ISO')", ISSUE_XDS_STORED_QUERY_PARAM_NUMBER);
    refused(*state, "'1^^^&1.2&ISO", ISSUE_XDS_REGISTRY_ERROR);
    refused(*state, "'1^^^A&1.2&ISO'", ISSUE_XDS_REGISTRY_ERROR);
}

static void test_a_patient_given_twice_is_refused(void **state)
{
    struct request *rq = *state;
    struct adhoc_query q = find_documents(rq->arena, "'1^^^&1.2&ISO'");
    struct patient_id id;

    query_param_add(rq->arena, &q, PATIENT_PARAM, "'2^^^&1.2&ISO'");
    assert_int_equal(query_patient(rq, &q, kind_of(rq, &q), &id), E_REFUSED);
    assert_issue(rq->issues.first, ISSUE_XDS_STORED_QUERY_PARAM_NUMBER, NULL);
}

static void test_the_query_for_another_community_names_its_patient_and_its_home(void **state)
{
    struct request *rq = *state;
    struct adhoc_query q = find_documents(rq->arena, "'1^^^&2.999.392.2.1&ISO'");
    struct patient_id theirs = { .root = "2.999.392.2.2", .extension = "M'7" };
    struct adhoc_query copy = query_for(rq->arena, &q, kind_of(rq, &q), &test_communities[1], &theirs);

    assert_string_equal(copy.home, HOME_B);
    assert_string_equal(copy.id, q.id);
    assert_int_equal(copy.return_type, RETURN_OBJECT_REF);
    assert_string_equal(query_param(&copy, PATIENT_PARAM)->values->text, "'M''7^^^&2.999.392.2.2&ISO'");
    assert_null(query_param(&copy, PATIENT_PARAM)->values->next);
    assert_string_equal(query_param(&q, PATIENT_PARAM)->values->text, "'1^^^&2.999.392.2.1&ISO'");
}

static void test_every_other_parameter_goes_along_in_its_order(void **state)
{
    struct request *rq = *state;
    struct adhoc_query q = find_documents(rq->arena, "'1^^^&2.999.392.2.1&ISO'");
    struct patient_id theirs = { .root = "2.999.392.2.2", .extension = "7" };
    struct adhoc_query copy = query_for(rq->arena, &q, kind_of(rq, &q), &test_communities[1], &theirs);
    const struct slot *theirs_slot = copy.params;

    for (const struct slot *s = q.params; s != NULL; s = s->next, theirs_slot = theirs_slot->next) {
        assert_string_equal(theirs_slot->name, s->name);
        if (strcmp(s->name, PATIENT_PARAM) != 0)
            assert_string_equal(theirs_slot->values->text, s->values->text);
    }
    assert_null(theirs_slot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY_TEST(test_only_find_and_get_all_are_about_a_patient),
        GATEWAY_TEST(test_an_unknown_stored_query_is_refused),
        GATEWAY_TEST(test_the_patient_is_read_from_the_parameter),
        GATEWAY_TEST(test_a_patient_must_be_one_and_a_cx),
        GATEWAY_TEST(test_a_patient_given_twice_is_refused),
        GATEWAY_TEST(test_the_query_for_another_community_names_its_patient_and_its_home),
        GATEWAY_TEST(test_every_other_parameter_goes_along_in_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
