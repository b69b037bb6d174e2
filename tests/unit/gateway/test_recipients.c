/* gateway/recipients: whom a submission is for. */
#include "gateway/recipients.h"

#include "gateway_test.h"

static void test_the_organisation_is_what_xon_10_says(void **state)
{
    struct arena *a = ((struct request *)*state)->arena;

    assert_string_equal(recipient_organisation(a, "病院^^^^^^^^^2.999.1|12^松江^次郎|^^Internet^a@example.org"),
                        "2.999.1");
    assert_string_equal(recipient_organisation(a, "病院^^^^^^^^^2.999.1"), "2.999.1");
    assert_null(recipient_organisation(a, "病院^^^^^&2.999.1&ISO^^^^45|"));
    assert_null(recipient_organisation(a, "病院|"));
    assert_null(recipient_organisation(a, "|12^松江^次郎"));
    assert_null(recipient_organisation(a, ""));
}

static void test_a_community_and_its_facilities_are_recipients(void **state)
{
    struct facility clinic = { .oid = "2.999.392.3.1.2" };
    struct facility hospital = { .oid = "2.999.392.3.1.1", .next = &clinic };
    struct community c = { .home_community_id = HOME_A, .facilities = &hospital };

    (void)state;
    assert_true(recipient_is_of(&c, "2.999.392.1.1"));
    assert_true(recipient_is_of(&c, "2.999.392.3.1.2"));
    assert_false(recipient_is_of(&c, "2.999.392.3.2.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY_TEST(test_the_organisation_is_what_xon_10_says),
        GATEWAY_TEST(test_a_community_and_its_facilities_are_recipients),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
