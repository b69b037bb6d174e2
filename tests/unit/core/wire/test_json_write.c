#include "arena_state.h"
#include "wire/json.h"

#include <math.h>

static void sample_write(struct json_writer *w)
{
    jw_object(w, NULL);
    jw_text(w, "t", "漢");
    jw_list(w, "l");
    jw_integer(w, NULL, -3);
    jw_bool(w, NULL, true);
    jw_object(w, NULL);
    jw_end_object(w);
    jw_end_list(w);
    jw_text(w, "nil", NULL);
    jw_list(w, "empty");
    jw_end_list(w);
    jw_bool(w, "no", false);
    jw_end_object(w);
}

static const char *sample(void *arena, bool pretty)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, b, pretty);
    sample_write(&w);
    return buf_text(b);
}

static void test_compact_is_one_line(void **state)
{
    assert_string_equal(sample(*state, false),
                        "{\"t\":\"漢\",\"l\":[-3,true,{}],\"nil\":null,\"empty\":[],\"no\":false}");
}

static void test_pretty_has_a_line_per_member(void **state)
{
    assert_string_equal(sample(*state, true), "{\n  \"t\": \"漢\",\n  \"l\": [\n    -3,\n    true,\n    {}\n  ],\n"
                                              "  \"nil\": null,\n  \"empty\": [],\n  \"no\": false\n}");
}

static const char *text(void *arena, const char *value)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, b, false);
    jw_text(&w, NULL, value);
    return buf_text(b);
}

static void test_texts_are_escaped(void **state)
{
    assert_string_equal(text(*state, "\"\\/\b\f\n\r\t\x01\x7F"), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7F\"");
    assert_string_equal(text(*state, "é漢𠮷"), "\"é漢𠮷\"");
    assert_string_equal(text(*state, "a\xFF\xE6"), "\"a\uFFFD\uFFFD\"");
}

static const char *number(void *arena, double value)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, b, false);
    jw_number(&w, NULL, value);
    return buf_text(b);
}

static void test_numbers_are_as_short_as_they_can_be(void **state)
{
    assert_string_equal(number(*state, 0.1), "0.1");
    assert_string_equal(number(*state, 3), "3");
    assert_string_equal(number(*state, 1.0 / 3), "0.3333333333333333");
    assert_string_equal(number(*state, INFINITY), "null");
    assert_string_equal(number(*state, NAN), "null");
}

static void test_integers_are_exact(void **state)
{
    struct buf *b = buf_new(*state, 100);
    struct json_writer w;

    jw_init(&w, b, false);
    jw_integer(&w, NULL, 9007199254740993LL);
    assert_string_equal(buf_text(b), "9007199254740993");
}

static void test_any_text_comes_back_from_a_reader(void **state)
{
    const char *value = "\x01\x02\n\"\\ 漢字 \x7F\u2028";
    struct json *json;

    assert_int_equal(json_parse(*state, str_from(text(*state, value)), &json, NULL), OK);
    assert_string_equal(json->text, value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_compact_is_one_line), ARENA_TEST(test_pretty_has_a_line_per_member),
        ARENA_TEST(test_texts_are_escaped),   ARENA_TEST(test_numbers_are_as_short_as_they_can_be),
        ARENA_TEST(test_integers_are_exact),  ARENA_TEST(test_any_text_comes_back_from_a_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
