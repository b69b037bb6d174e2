#include "arena_state.h"
#include "wire/mime.h"

static struct mime_type parse(void *arena, const char *value)
{
    struct mime_type t;

    if (mime_type_parse(arena, str_from(value), &t) != OK)
        fail_msg("%s", value);
    return t;
}

static void assert_param(const struct mime_type *t, const char *name, const char *value)
{
    const char *is = mime_param(t, name);

    assert_non_null(is);
    assert_string_equal(is, value);
}

static void test_types_and_names_become_lower_case(void **state)
{
    struct mime_type t = parse(*state, " Multipart/RELATED ; Type=\"Application/XOP+xml\";CHARSET=UTF-8");

    assert_string_equal(t.type, "multipart/related");
    assert_param(&t, "type", "Application/XOP+xml");
    assert_param(&t, "charset", "UTF-8");
    assert_null(mime_param(&t, "start"));
}

static void test_values_are_quoted_or_bare(void **state)
{
    struct mime_type t = parse(*state, "multipart/related; boundary=----=_Part_1:a(b+c ;start=<root@x>; "
                                       "type=application/xop+xml;empty=;q=\"a;b\"");

    assert_param(&t, "boundary", "----=_Part_1:a(b+c");
    assert_param(&t, "start", "<root@x>");
    assert_param(&t, "type", "application/xop+xml");
    assert_param(&t, "empty", "");
    assert_param(&t, "q", "a;b");
}

static void test_quotes_within_quotes_are_unescaped(void **state)
{
    struct mime_type t = parse(
        *state, "multipart/related; start-info=\"application/soap+xml; action=\\\"urn:a\\\\b\\\"\"; boundary=b");

    assert_param(&t, "start-info", "application/soap+xml; action=\"urn:a\\b\"");
    assert_param(&t, "boundary", "b");
}

static void test_the_first_of_duplicates_wins(void **state)
{
    struct mime_type t = parse(*state, "a/b; c=1; C=2");

    assert_param(&t, "c", "1");
}

static void test_folded_lines_and_stray_semicolons_are_tolerated(void **state)
{
    struct mime_type t = parse(*state, "a/b;\r\n\tc=1;;\r\n d=\"x\r\n y\" ; ");

    assert_param(&t, "c", "1");
    assert_param(&t, "d", "x y");
}

static void test_what_is_no_media_type_is_refused(void **state)
{
    static const char *const values[] = {
        "",        " ",          "text",       "/xml",           "text/",   "text/x/y",      "a b/c",       "a/b; c",
        "a/b; =d", "a/b; c d=e", "a/b; c=\"d", "a/b; c=\"d\\\"", "a/b\x01", "a/b; c=\"d\"e", "a/b; c=d\x7F"
    };

    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct mime_type t;
        assert_int_equal(mime_type_parse(*state, str_from(values[i]), &t), E_SYNTAX);
    }
}

static void test_a_nul_is_refused(void **state)
{
    struct mime_type t;

    assert_int_equal(mime_type_parse(*state, STR("a/b; c=\"d\0e\""), &t), E_SYNTAX);
}

static void test_cids_match_raw_and_decoded(void **state UNUSED)
{
    assert_true(mime_cid_matches("cid:doc1@x", "doc1@x"));
    assert_true(mime_cid_matches("CID:doc1%40x", "doc1@x"));
    assert_true(mime_cid_matches("cid:u-1@urn%3Aihe%3Aiti", "u-1@urn%3Aihe%3Aiti")); /* both encoded */
    assert_true(mime_cid_matches("cid:u-1%40urn%3aihe", "u-1@urn%3Aihe"));           /* in different ways */
    assert_true(mime_cid_matches("cid:http%3A%2F%2Ftempuri.org%2F1", "http://tempuri.org/1"));
    assert_true(mime_cid_matches("cid:100%", "100%"));
    assert_true(mime_cid_matches("cid:100%2525", "100%25"));
    assert_true(mime_cid_matches("cid:%zz%4", "%zz%4"));
}

static void test_cids_that_differ_do_not_match(void **state UNUSED)
{
    assert_false(mime_cid_matches("cid:doc1@x", "doc1@X"));
    assert_false(mime_cid_matches("cid:doc1@x", "doc1@xy"));
    assert_false(mime_cid_matches("cid:doc1@xy", "doc1@x"));
    assert_false(mime_cid_matches("doc1@x", "doc1@x"));
    assert_false(mime_cid_matches("http://doc1@x", "doc1@x"));
    assert_false(mime_cid_matches(NULL, "x"));
    assert_false(mime_cid_matches("cid:x", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_types_and_names_become_lower_case),
        ARENA_TEST(test_values_are_quoted_or_bare),
        ARENA_TEST(test_quotes_within_quotes_are_unescaped),
        ARENA_TEST(test_the_first_of_duplicates_wins),
        ARENA_TEST(test_folded_lines_and_stray_semicolons_are_tolerated),
        ARENA_TEST(test_what_is_no_media_type_is_refused),
        ARENA_TEST(test_a_nul_is_refused),
        ARENA_TEST(test_cids_match_raw_and_decoded),
        ARENA_TEST(test_cids_that_differ_do_not_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
