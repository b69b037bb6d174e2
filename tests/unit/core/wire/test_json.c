#include "arena_state.h"
#include "wire/json.h"

static const struct json *parse(void *arena, const char *text)
{
    struct json *json = NULL;
    const char *why = "?";

    if (json_parse(arena, str_from(text), &json, &why) != OK)
        fail_msg("%s", why);
    return json;
}

static void assert_syntax(void *arena, const char *text, const char *what)
{
    struct json *json = NULL;
    const char *why = NULL;

    assert_int_equal(json_parse(arena, str_from(text), &json, &why), E_SYNTAX);
    assert_null(json);
    assert_non_null(strstr(why, what));
    assert_non_null(strstr(why, "(line "));
    assert_int_equal(json_parse(arena, str_from(text), &json, NULL), E_SYNTAX);
}

static void test_every_type_is_read(void **state)
{
    const struct json *o = parse(*state,
                                 "{\"t\": \"漢\\u5b57\\n\", \"n\": -1.5e1, \"i\": 42, \"yes\": true, \"no\": false, "
                                 "\"nil\": null, \"l\": [1, \"two\"], \"o\": {\"k\": \"v\"}}");

    assert_int_equal(o->type, JSON_T_OBJECT);
    assert_int_equal(o->count, 8);
    assert_string_equal(json_text(o, "t"), "漢字\n");
    assert_true(json_number(o, "n", 0) == -15);
    assert_true(json_number(o, "i", 0) == 42);
    assert_true(json_bool(o, "yes", false));
    assert_false(json_bool(o, "no", true));
    assert_int_equal(json_get(o, "nil")->type, JSON_T_NULL);
    assert_int_equal(json_get(o, "l")->count, 2);
    assert_string_equal(json_get(o, "l")->first->next->text, "two");
    assert_null(json_get(o, "l")->first->key);
    assert_string_equal(json_text(json_get(o, "o"), "k"), "v");
}

static void test_members_keep_the_order_of_the_file(void **state)
{
    static const char *const keys[] = { "z", "a", "m", "b" };
    const struct json *member = parse(*state, "{\"z\":1,\"a\":2,\"m\":3,\"b\":4}")->first;

    for (size_t i = 0; i < ARRAY_LEN(keys); i++, member = member->next)
        assert_string_equal(member->key, keys[i]);
    assert_null(member);
}

static void test_what_is_missing_or_of_another_type_is_missing(void **state)
{
    const struct json *o = parse(*state, "{\"t\": \"x\", \"n\": 1, \"l\": [\"t\"]}");

    assert_null(json_get(o, "none"));
    assert_null(json_get(NULL, "t"));
    assert_null(json_get(json_get(o, "l"), "t"));
    assert_null(json_text(o, "n"));
    assert_null(json_text(NULL, "n"));
    assert_true(json_number(o, "t", 7) == 7);
    assert_true(json_number(NULL, "t", 7) == 7);
    assert_true(json_bool(o, "n", true));
    assert_false(json_bool(NULL, "n", false));
}

static void test_a_duplicate_key_is_refused(void **state)
{
    assert_syntax(*state, "{\"a\": 1,\n \"a\": 2}", "line 2");
}

static void test_what_is_not_json_is_refused(void **state)
{
    static const char *const texts[] = { "",    " ",     "{",        "{\"a\":}", "[1,]",        "{a:1}",
                                         "'a'", "[1] x", "\"\x01\"", "\"\xFF\"", "\"\\u0000\"", "\"\\ud800\"",
                                         "01",  "nul",   "1e999" };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_syntax(*state, texts[i], "");
}

static void test_depth_is_bounded(void **state)
{
    char deep[2 * 65 + 1];

    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    deep[130] = '\0';
    assert_syntax(*state, deep, "deep");
    deep[129] = '\0';
    assert_int_equal(parse(*state, deep + 1)->type, JSON_T_LIST);
}

static void test_a_very_deep_text_is_refused(void **state)
{
    size_t n = 1 << 20;
    char *deep = arena_alloc(*state, n + 1);

    memset(deep, '[', n);
    assert_syntax(*state, deep, "");
}

static void test_a_value_may_stand_alone(void **state)
{
    assert_string_equal(parse(*state, "\"x\"")->text, "x");
    assert_true(parse(*state, "123456789012345678901234567890")->number > 1e29);
}

static void test_a_member_can_be_left_out_before_parsing(void **state)
{
    static const struct {
        const char *text, *left;
    } cases[] = {
        { "{\"a\": 1, \"big\": {\"x\": [\"}\\\"]\", {}]}, \"b\": 2}", "{\"a\": 1, \"big\": null, \"b\": 2}" },
        { "{\"a\": {\"big\": 1}, \"big\": [1, 2]}", "{\"a\": {\"big\": 1}, \"big\": null}" },
        { "{\"big\": \"text, with } in it\"}", "{\"big\": null}" },
        { "{\"a\": \"big\"}", "{\"a\": \"big\"}" },
        { "{\"big\": [", "{\"big\": null" },
        { "[1]", "[1]" },
        { "", "" },
        { "{\"", "{\"" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str left = json_without(*state, str_from(cases[i].text), "big");
        assert_int_equal(left.len, strlen(cases[i].left));
        assert_memory_equal(left.data, cases[i].left, left.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_every_type_is_read),
        ARENA_TEST(test_members_keep_the_order_of_the_file),
        ARENA_TEST(test_what_is_missing_or_of_another_type_is_missing),
        ARENA_TEST(test_a_duplicate_key_is_refused),
        ARENA_TEST(test_what_is_not_json_is_refused),
        ARENA_TEST(test_depth_is_bounded),
        ARENA_TEST(test_a_very_deep_text_is_refused),
        ARENA_TEST(test_a_value_may_stand_alone),
        ARENA_TEST(test_a_member_can_be_left_out_before_parsing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
