#include "gateway_test.h"

#include "gateway/query_merge.h"
#include "msg/ebrim.h"

static const struct asked a_asked = { &test_communities[0], NULL }, b_asked = { &test_communities[1], NULL };

static struct adhoc_answer answer(struct arena *a, enum registry_status status, const char *objects)
{
    const char *text = arena_printf(a, "<rim:RegistryObjectList " RIM ">%s</rim:RegistryObjectList>", objects);

    return (struct adhoc_answer){ .status = status, .object_list = test_xml(a, text) };
}

static struct query_merge merge_new(struct arena *a)
{
    return (struct query_merge){ .objects = buf_new(a, BUF_MAX_DEFAULT) };
}

/* The merged objects as a list again. */
static const struct xml_node *objects_of(struct arena *a, const struct query_merge *m)
{
    return test_xml(a, arena_printf(a, "<list>%s</list>", buf_text(m->objects)));
}

static void test_objects_come_in_the_order_of_communities_with_their_homes(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct adhoc_answer a = answer(rq->arena, REGISTRY_SUCCESS, "<rim:ObjectRef id='1' home='" HOME_A "'/>");
    struct adhoc_answer b = answer(rq->arena, REGISTRY_SUCCESS,
                                   "<rim:ObjectRef id='1' home='" HOME_B "'/><rim:Association id='2'/>");

    query_merge_add(rq->arena, &m, &a_asked, &a, &rq->issues);
    query_merge_add(rq->arena, &m, &b_asked, &b, &rq->issues);

    const struct xml_node *o = xml_first_element(objects_of(rq->arena, &m));
    assert_string_equal(xml_attr(o, "home"), HOME_A);
    o = xml_next_element(o);
    assert_string_equal(xml_attr(o, "home"), HOME_B);
    o = xml_next_element(o);
    assert_string_equal(xml_attr(o, "id"), "2");
    assert_string_equal(xml_attr(o, "home"), HOME_B);
    assert_null(xml_next_element(o));
    assert_int_equal(query_merge_status(&m, &rq->issues), REGISTRY_SUCCESS);
}

static void test_an_object_without_home_is_left_out_and_told(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct adhoc_answer b = answer(rq->arena, REGISTRY_SUCCESS,
                                   "<rim:ObjectRef id='1'/><rim:ObjectRef id='2' home='" HOME_B "'/>");

    query_merge_add(rq->arena, &m, &b_asked, &b, &rq->issues);

    const struct xml_node *list = objects_of(rq->arena, &m);
    assert_string_equal(xml_attr(xml_first_element(list), "id"), "2");
    assert_issue(rq->issues.first, ISSUE_XDS_MISSING_HOME_COMMUNITY_ID, HOME_B);
    assert_int_equal(query_merge_status(&m, &rq->issues), REGISTRY_PARTIAL_SUCCESS);
}

#define PATIENT(cx)            "<rim:ExternalIdentifier identificationScheme='" SCHEME_DOCUMENT_PATIENT_ID "' value='" cx "'/>"
#define DOCUMENT(id, home, cx) "<rim:ExtrinsicObject id='" id "' home='" home "'>" PATIENT(cx) "</rim:ExtrinsicObject>"
#define ID_B                   "P-2^^^&amp;2.999.392.2.2&amp;ISO"

static void expect_only(struct arena *a, const struct query_merge *m, const char *id)
{
    const struct xml_node *o = xml_first_element(objects_of(a, m));

    assert_non_null(o);
    assert_string_equal(xml_attr(o, "id"), id);
    assert_null(xml_next_element(o));
}

static void test_an_object_of_another_patient_is_left_out_and_told(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct patient_id patient = { .root = "2.999.392.2.2", .extension = "P-2" };
    struct adhoc_answer b = answer(rq->arena, REGISTRY_SUCCESS,
                                   DOCUMENT("1", HOME_B, "P-3^^^&amp;2.999.392.2.2&amp;ISO") DOCUMENT("2", HOME_B, ID_B)
                                       DOCUMENT("3", HOME_B, "P-2"));

    query_merge_add(rq->arena, &m, &(struct asked){ &test_communities[1], &patient }, &b, &rq->issues);
    expect_only(rq->arena, &m, "2");
    assert_issue(rq->issues.first, ISSUE_XDS_REGISTRY_ERROR, HOME_B);
    assert_non_null(strstr(rq->issues.first->text, "2 objects are of another patient"));
    assert_null(rq->issues.first->next);
}

static void test_an_object_that_comes_twice_is_kept_once_and_told(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct adhoc_answer b = answer(rq->arena, REGISTRY_SUCCESS,
                                   DOCUMENT("1", HOME_B, ID_B) DOCUMENT("1", HOME_B, ID_B));

    query_merge_add(rq->arena, &m, &b_asked, &b, &rq->issues);
    expect_only(rq->arena, &m, "1");
    assert_issue(rq->issues.first, ISSUE_XDS_REGISTRY_ERROR, HOME_B);
    assert_non_null(strstr(rq->issues.first->text, "1 objects came twice"));
}

static void test_all_flaws_of_a_community_are_one_error(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct adhoc_answer b = answer(rq->arena, REGISTRY_SUCCESS,
                                   DOCUMENT("1", HOME_A, ID_B) "<rim:ObjectRef id='2'/>" DOCUMENT("3", HOME_B, ID_B)
                                       DOCUMENT("3", HOME_B, ID_B));

    query_merge_add(rq->arena, &m, &b_asked, &b, &rq->issues);
    expect_only(rq->arena, &m, "3");
    assert_issue(rq->issues.first, ISSUE_XDS_MISSING_HOME_COMMUNITY_ID, HOME_B);
    assert_non_null(strstr(rq->issues.first->text,
                           "1 objects came without home, 1 objects have the home of another community, "
                           "1 objects came twice; they were left out"));
    assert_null(rq->issues.first->next);
    assert_int_equal(query_merge_status(&m, &rq->issues), REGISTRY_PARTIAL_SUCCESS);
}

static void test_a_community_that_fails_leaves_the_others_a_partial_success(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct adhoc_answer a = answer(rq->arena, REGISTRY_SUCCESS, ""), b = answer(rq->arena, REGISTRY_FAILURE, "");

    issue_add(rq->arena, &b.issues, ISSUE_XDS_REGISTRY_BUSY, NULL, "busy");
    query_merge_add(rq->arena, &m, &a_asked, &a, &rq->issues);
    query_merge_add(rq->arena, &m, &b_asked, &b, &rq->issues);

    assert_issue(rq->issues.first, ISSUE_XDS_REGISTRY_BUSY, HOME_B);
    assert_int_equal(query_merge_status(&m, &rq->issues), REGISTRY_PARTIAL_SUCCESS);
}

static void test_it_fails_when_nobody_answers(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct adhoc_answer a = answer(rq->arena, REGISTRY_FAILURE, "");

    query_merge_add(rq->arena, &m, &a_asked, &a, &rq->issues);
    assert_issue(rq->issues.first, ISSUE_XDS_REGISTRY_ERROR, HOME_A); /* a failure without a reason is one */
    assert_int_equal(query_merge_status(&m, &rq->issues), REGISTRY_FAILURE);
}

static void test_a_patient_unknown_elsewhere_is_no_error(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct adhoc_answer b = answer(rq->arena, REGISTRY_FAILURE, "");

    issue_add(rq->arena, &b.issues, ISSUE_XDS_UNKNOWN_PATIENT_ID, NULL, "never heard of");
    query_merge_add(rq->arena, &m, &b_asked, &b, &rq->issues);
    assert_null(rq->issues.first);
    assert_int_equal(query_merge_status(&m, &rq->issues), REGISTRY_SUCCESS);
}

static void test_warnings_leave_success(void **state)
{
    struct request *rq = *state;
    struct query_merge m = merge_new(rq->arena);
    struct adhoc_answer a = answer(rq->arena, REGISTRY_SUCCESS, "");

    issue_pass_on(rq->arena, &a.issues, "XDSExtraMetadataNotSaved", true, "slots", NULL);
    query_merge_add(rq->arena, &m, &a_asked, &a, &rq->issues);
    assert_int_equal(rq->issues.warnings, 1);
    assert_int_equal(query_merge_status(&m, &rq->issues), REGISTRY_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY_TEST(test_objects_come_in_the_order_of_communities_with_their_homes),
        GATEWAY_TEST(test_an_object_without_home_is_left_out_and_told),
        GATEWAY_TEST(test_an_object_of_another_patient_is_left_out_and_told),
        GATEWAY_TEST(test_an_object_that_comes_twice_is_kept_once_and_told),
        GATEWAY_TEST(test_all_flaws_of_a_community_are_one_error),
        GATEWAY_TEST(test_a_community_that_fails_leaves_the_others_a_partial_success),
        GATEWAY_TEST(test_it_fails_when_nobody_answers),
        GATEWAY_TEST(test_a_patient_unknown_elsewhere_is_no_error),
        GATEWAY_TEST(test_warnings_leave_success),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
