#include "cli/rewrite.h"
#include "tests/unit/cli/cli_test.h"

#include "base/clock.h"
#include "base/ids.h"

static struct str applied(struct arena *a, const char *message)
{
    struct rewrite *r = rewrite_new(a);

    rewrite_map(r, "2.999.392.1.35", "2.999.392.1.26");
    rewrite_learn(r, str_from(message));
    return rewrite_apply(r, str_from(message));
}

static bool has(struct str text, const char *what)
{
    return memmem(text.data, text.len, what, strlen(what)) != NULL;
}

static void test_objects_get_new_ids_and_keep_their_references(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct str out = applied(a, "<wsa:MessageID>urn:uuid:11111111-1111-4111-8111-111111111111</wsa:MessageID>"
                                "<o id=\"urn:uuid:22222222-2222-4222-8222-222222222222\"/>"
                                "<l target=\"urn:uuid:22222222-2222-4222-8222-222222222222\"/>"
                                "<k other=\"urn:uuid:33333333-3333-4333-8333-333333333333\"/>");
    const char *id = strstr(str_dup(a, out), "<o id=\"") + 7;

    assert_false(has(out, "11111111-1111"));
    assert_false(has(out, "22222222-2222"));
    assert_true(has(out, "33333333-3333")); /* not the message's own */
    assert_true(has(out, arena_printf(a, "target=\"%.45s\"", id)));
    arena_free(a);
}

static void test_a_stored_query_stays_what_it_is(void **state UNUSED)
{
    struct arena *a = arena_new();

    assert_true(has(applied(a, "<AdhocQuery id=\"urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d\">"), "14d4debf"));
    arena_free(a);
}

static void test_unique_ids_are_new_and_classifications_are_not(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct str out = applied(
        a, "<ExternalIdentifier identificationScheme=\"urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab\" "
           "value=\"1.2.3\"/><ExternalIdentifier value=\"4.5.6\" "
           "identificationScheme=\"urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427\"/><d>1.2.3</d>");

    assert_true(has(out, "2e82c1f6"));
    assert_false(has(out, "\"1.2.3\""));
    assert_false(has(out, "<d>1.2.3<"));
    assert_true(has(out, "\"4.5.6\""));
    arena_free(a);
}

static void test_an_oid_is_replaced_whole_or_not_at_all(void **state UNUSED)
{
    struct arena *a = arena_new();

    assert_true(
        str_is(applied(a, "urn:oid:2.999.392.1.35 2.999.392.1.351 2.999.392.1.35.4 12.999.392.1.35 2.999.392.1.35."),
               "urn:oid:2.999.392.1.26 2.999.392.1.351 2.999.392.1.35.4 12.999.392.1.35 2.999.392.1.26."));
    arena_free(a);
}

static void test_an_hl7_message_is_made_now(void **state UNUSED)
{
    struct arena *a = arena_new();

    assert_int_equal(clock_pin("2026-04-01T00:00:00Z"), OK);
    struct str out = applied(a, "<PRPA_IN201309UV02 ITSVersion=\"XML_1.0\"><id root=\"1.2\" extension=\"abc\"/>"
                                "<creationTime value=\"20200101000000\"/><patient><id root=\"1.2\" extension=\"P1\"/>");
    assert_true(has(out, "root=\"1.2\" extension=\"P1\""));
    assert_false(has(out, "\"abc\""));
    assert_true(has(out, "value=\"20260401000000\""));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects_get_new_ids_and_keep_their_references),
        cmocka_unit_test(test_a_stored_query_stays_what_it_is),
        cmocka_unit_test(test_unique_ids_are_new_and_classifications_are_not),
        cmocka_unit_test(test_an_oid_is_replaced_whole_or_not_at_all),
        cmocka_unit_test(test_an_hl7_message_is_made_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
