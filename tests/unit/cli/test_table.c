#include "cli/table.h"
#include "tests/unit/cli/cli_test.h"

#include "base/buf.h"

static void test_kanji_and_kana_take_two_columns(void **state UNUSED)
{
    assert_int_equal(table_width("おしどりネット"), 14);
    assert_int_equal(table_width("架け橋 ABC"), 10);
    assert_int_equal(table_width("𠮷"), 2);
    assert_int_equal(table_width("Ｍ"), 2);
}

static void test_half_width_kana_and_latin_take_one(void **state UNUSED)
{
    assert_int_equal(table_width("ｶﾅ"), 2);
    assert_int_equal(table_width("café"), 4);
    assert_int_equal(table_width(""), 0);
}

static void test_a_combining_mark_takes_none(void **state UNUSED)
{
    assert_int_equal(table_width("か\u3099"), 2);
    assert_int_equal(table_width("葛\U000e0100"), 2);
    assert_int_equal(table_width("e\u0301"), 1);
}

static void test_broken_utf8_neither_overruns_nor_vanishes(void **state UNUSED)
{
    assert_int_equal(table_width("\xe3"), 1);
    assert_int_equal(table_width("\xf0\x9f"), 2);
    assert_int_equal(table_width("a\xffz"), 3);
}

static void test_columns_align_and_lines_end_without_spaces(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, 1 << 16);
    struct table *t = table_new(a, "KEY", "NETWORK", "X", NULL);

    table_row(t, "0035", "おしどりネット", "1");
    table_row(t, "0236", "MMWIN");
    table_print(t, out);
    assert_string_equal(buf_text(out), "  KEY   NETWORK         X\n"
                                       "  0035  おしどりネット  1\n"
                                       "  0236  MMWIN\n");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kanji_and_kana_take_two_columns),
        cmocka_unit_test(test_half_width_kana_and_latin_take_one),
        cmocka_unit_test(test_a_combining_mark_takes_none),
        cmocka_unit_test(test_broken_utf8_neither_overruns_nor_vanishes),
        cmocka_unit_test(test_columns_align_and_lines_end_without_spaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
