#include "arena_state.h"
#include "wire/utf8.h"

static size_t length(const char *text)
{
    return utf8_length(text, strlen(text));
}

static void test_the_length_of_a_character(void **state UNUSED)
{
    assert_int_equal(length("a"), 1);
    assert_int_equal(length("é"), 2);
    assert_int_equal(length("漢字"), 3);
    assert_int_equal(length("𠮷"), 4);
    assert_int_equal(utf8_length("\0", 1), 1);
}

static void test_what_is_no_utf8_has_none(void **state UNUSED)
{
    static const char *const broken[] = {
        "\x80",             /* begins in the middle */
        "\xC0\x80",         /* overlong */
        "\xC3(",            /* no continuation */
        "\xE0\x80\x80",     /* overlong */
        "\xED\xA0\x80",     /* a surrogate */
        "\xE6\xBC",         /* cut off */
        "\xE6\xBC(",        /* the third byte wrong */
        "\xF0\x80\x80\x80", /* overlong */
        "\xF4\x90\x80\x80", /* past U+10FFFF */
        "\xFF",
    };

    for (size_t i = 0; i < ARRAY_LEN(broken); i++)
        assert_int_equal(length(broken[i]), 0);
}

static void assert_utf16(void *arena, struct str bytes, enum utf16_order order, const char *utf8)
{
    struct str out;

    assert_int_equal(utf8_from_utf16(arena, bytes, order, &out), OK);
    assert_true(str_is(out, utf8));
}

static void test_utf16_becomes_utf8_in_both_orders(void **state)
{
    assert_utf16(*state, STR("a\0\xE9\0\x22\x6F\x42\xD8\xB7\xDF"), UTF16_LITTLE, "aé漢𠮷");
    assert_utf16(*state, STR("\0a\0\xE9\x6F\x22\xD8\x42\xDF\xB7"), UTF16_BIG, "aé漢𠮷");
    assert_utf16(*state, STR(""), UTF16_BIG, "");
}

static void test_half_a_surrogate_pair_is_refused(void **state)
{
    struct str out;

    assert_int_equal(utf8_from_utf16(*state, STR("\xD8\x42\0a"), UTF16_BIG, &out), E_SYNTAX);
    assert_int_equal(utf8_from_utf16(*state, STR("\xD8\x42"), UTF16_BIG, &out), E_SYNTAX);
    assert_int_equal(utf8_from_utf16(*state, STR("\xDF\xB7\xD8\x42"), UTF16_BIG, &out), E_SYNTAX);
    assert_int_equal(utf8_from_utf16(*state, STR("\xDF\xB7\xDF\xB7"), UTF16_BIG, &out), E_SYNTAX);
}

static void test_an_odd_byte_is_refused(void **state)
{
    struct str out;

    assert_int_equal(utf8_from_utf16(*state, STR("\0a\0"), UTF16_BIG, &out), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_the_length_of_a_character),
        ARENA_TEST(test_what_is_no_utf8_has_none),
        ARENA_TEST(test_utf16_becomes_utf8_in_both_orders),
        ARENA_TEST(test_half_a_surrogate_pair_is_refused),
        ARENA_TEST(test_an_odd_byte_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
