#include "gateway_test.h"

#include "gateway/home.h"

static void test_a_home_is_the_same_with_and_without_its_urn_prefix(void **state UNUSED)
{
    assert_true(home_equal("urn:oid:1.2.3", "1.2.3"));
    assert_false(home_equal("urn:oid:1.2.3", "1.2.4"));
    assert_false(home_equal(NULL, NULL));
}

static void test_every_object_gets_our_home_even_instead_of_another(void **state)
{
    struct request *rq = *state;
    struct xml_node *list = test_xml(rq->arena,
                                     "<rim:RegistryObjectList " RIM "><rim:ExtrinsicObject id='1'/>"
                                     "<rim:Association id='2' home='urn:oid:9.9'/></rim:RegistryObjectList>");

    home_stamp(rq->arena, list, HOME_A);
    assert_string_equal(xml_attr(xml_first_element(list), "home"), HOME_A);
    assert_string_equal(xml_attr(xml_next_element(xml_first_element(list)), "home"), HOME_A);
    home_stamp(rq->arena, NULL, HOME_A); /* a failure may come without a list */
}

static void test_associations_alone_may_travel_without_a_home(void **state)
{
    struct request *rq = *state;

    assert_true(home_is_required(test_xml(rq->arena, "<rim:ExtrinsicObject " RIM "/>")));
    assert_true(home_is_required(test_xml(rq->arena, "<rim:RegistryPackage " RIM "/>")));
    assert_true(home_is_required(test_xml(rq->arena, "<rim:ObjectRef " RIM "/>")));
    assert_false(home_is_required(test_xml(rq->arena, "<rim:Association " RIM "/>")));
}

static void test_errors_passed_on_keep_their_spelling_and_get_our_location(void **state)
{
    struct request *rq = *state;
    struct issue_list from = { 0 }, to = { 0 };

    issue_pass_on(rq->arena, &from, "SomethingNobodyListed", false, "why", "elsewhere");
    issue_pass_on(rq->arena, &from, "XDSExtraMetadataNotSaved", true, "slots", NULL);
    home_pass_on(rq->arena, &to, &from, HOME_A);

    assert_int_equal(to.errors, 1);
    assert_int_equal(to.warnings, 1);
    assert_string_equal(to.first->ebrs, "SomethingNobodyListed");
    assert_string_equal(to.first->text, "why");
    assert_string_equal(to.first->location, HOME_A);
    assert_string_equal(to.last->location, HOME_A);
}

static void test_a_location_that_is_there_stays(void **state)
{
    struct request *rq = *state;
    struct issue_list list = { 0 };

    issue_add(rq->arena, &list, ISSUE_XDS_REGISTRY_ERROR, NULL, "ours");
    issue_add(rq->arena, &list, ISSUE_XDS_REGISTRY_ERROR, NULL, "theirs")->location = HOME_B;
    home_locate(&list, HOME_A);

    assert_string_equal(list.first->location, HOME_A);
    assert_string_equal(list.last->location, HOME_B);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY_TEST(test_a_home_is_the_same_with_and_without_its_urn_prefix),
        GATEWAY_TEST(test_every_object_gets_our_home_even_instead_of_another),
        GATEWAY_TEST(test_associations_alone_may_travel_without_a_home),
        GATEWAY_TEST(test_errors_passed_on_keep_their_spelling_and_get_our_location),
        GATEWAY_TEST(test_a_location_that_is_there_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
