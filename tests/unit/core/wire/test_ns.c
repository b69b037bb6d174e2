#include "arena_state.h"
#include "wire/ns.h"

#include <string.h>

static void test_a_known_uri_is_interned(void **state)
{
    char *copy = arena_strdup(*state, NS_RIM);

    assert_ptr_equal(ns_known(copy), NS_RIM);
    assert_ptr_equal(ns_known(NS_HL7), NS_HL7);
}

static void test_an_unknown_uri_is_not(void **state UNUSED)
{
    assert_null(ns_known("urn:x"));
    assert_null(ns_known(""));
    assert_null(ns_known("urn:hl7-org:v2")); /* as long as a known one */
}

static void test_prefixes_are_those_of_our_writers(void **state UNUSED)
{
    assert_string_equal(ns_prefix(NS_SOAP12), "env");
    assert_string_equal(ns_prefix(NS_QUERY), "query");
    assert_string_equal(ns_prefix(NS_XCPD), "xcpd");
    assert_null(ns_prefix(NS_SOAP11));
    assert_null(ns_prefix("urn:x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_a_known_uri_is_interned),
        ARENA_TEST(test_an_unknown_uri_is_not),
        ARENA_TEST(test_prefixes_are_those_of_our_writers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
