/* Spellings that are the same to a reader. */
#include "pixmgr/fold.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

struct row {
    const char *text, *folded;
};

static void check(struct arena *a, const char *(*fold)(struct arena *, const char *), const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_string_equal(fold(a, rows[i].text), rows[i].folded);
}

static void test_width_case_kana_and_spaces_do_not_tell_names_apart(void **state)
{
    static const struct row rows[] = {
        { "鳥取　花子", "鳥取 花子" },
        { "　鳥取  \t花子 ", "鳥取 花子" },
        { "ＴＯＴＴＯＲＩ　Ｈａｎａｋｏ", "tottori hanako" },
        { "O’Brien", "o’brien" },
        { "ａ！～Ｚ？＿｀", "a!~z?_`" },
        { "ハナコ", "ハナコ" },
        { "はなこ", "ハナコ" },
        { "ﾊﾅｺ", "ハナコ" },
        { "ｶﾞｷﾞﾊﾟﾊﾞｳﾞｯｰﾞ", "ガギパバヴッー\xEF\xBE\x9E" },
        { "a\xC2\xA0z", "a z" },
        { "　", "" },
        { "", "" },
    };

    check(*state, name_fold, rows, ARRAY_LEN(rows));
    assert_null(name_fold(*state, NULL));
}

static void test_broken_utf8_is_read_to_its_end_and_no_further(void **state)
{
    static const struct row rows[] = {
        { "\xE3\x80", "\xE3\x80" },
        { "\xEF\xBC", "\xEF\xBC" },
        { "\xEF", "\xEF" },
        { "\xC2", "\xC2" },
    };

    check(*state, name_fold, rows, ARRAY_LEN(rows));
    check(*state, kanji_fold, rows, ARRAY_LEN(rows));
}

static void test_variants_of_kanji_are_one(void **state)
{
    static const struct row rows[] = {
        { "髙橋", "高橋" },     { "山﨑", "山崎" },   { "渡邊", "渡辺" }, { "渡邉", "渡辺" },
        { "齋藤", "斎藤" },     { "斉藤", "斎藤" },   { "齊藤", "斎藤" }, { "𠮷田", "吉田" },
        { "佐々木", "佐佐木" }, { "鳥　取", "鳥取" }, { "濵口", "浜口" }, { "三ヶ島", "三ケ島" },
        { "\uFA19谷", "神谷" }, { "中嶌", "中島" },   { "鳥執", "鳥執" }, { "々", "々" },
    };

    check(*state, kanji_fold, rows, ARRAY_LEN(rows));
}

static bool sounds_alike(struct arena *a, const char *x, const char *y)
{
    return strcmp(sound_of(a, name_fold(a, x)), sound_of(a, name_fold(a, y))) == 0;
}

static void test_kana_and_romaji_of_all_kinds_sound_alike(void **state)
{
    static const char *const alike[][2] = {
        { "サトウ", "Sato" },       { "サトウ", "Satoh" },        { "サトウ", "Satou" },
        { "サトウ", "Satō" },       { "オオノ", "Ono" },          { "オオノ", "Ohno" },
        { "オウノ", "オーノ" },     { "シンジ", "Shinji" },       { "シンジ", "Sinzi" },
        { "チヅル", "Chizuru" },    { "チヅル", "Tiduru" },       { "カズコ", "カヅコ" },
        { "ヤマサキ", "ヤマザキ" }, { "ハットリ", "Hattori" },    { "ハツトリ", "ハットリ" },
        { "キョウコ", "Kyoko" },    { "キヨウコ", "キョウコ" },   { "ショウイチ", "Shoichi" },
        { "ショウイチ", "Syoiti" }, { "ジュンイチ", "Jun'ichi" }, { "ホンマ", "Homma" },
        { "ナンバ", "Namba" },      { "ユウコ", "Yuko" },         { "ユーコ", "ﾕｳｺ" },
        { "イッチ", "Itchi" },      { "フジモト", "Hujimoto" },   { "はなこ", "HANAKO" },
        { "エイコ", "エーコ" },     { "イノウエ", "Inoue" },      { "ツヨシ", "Tuyoshi" },
        { "ヂンナイ", "Jinnai" },
    };
    static const char *const different[][2] = {
        { "サトウ", "カトウ" }, { "ハナコ", "ハナエ" }, { "Ono", "Onno" }, { "タナカ", "タナベ" }, { "ユキ", "ユリ" },
    };

    for (size_t i = 0; i < ARRAY_LEN(alike); i++) {
        if (!sounds_alike(*state, alike[i][0], alike[i][1]))
            fail_msg("%s, %s: %s, %s", alike[i][0], alike[i][1], sound_of(*state, name_fold(*state, alike[i][0])),
                     sound_of(*state, name_fold(*state, alike[i][1])));
    }
    for (size_t i = 0; i < ARRAY_LEN(different); i++)
        assert_false(sounds_alike(*state, different[i][0], different[i][1]));
    assert_string_equal(sound_of(*state, "鳥取"), "");
}

static void test_one_mora_may_be_wrong_in_longer_names(void **state)
{
    static const struct {
        const char *x, *y;
        bool is_near;
    } cases[] = {
        { "abc", "abc", true },   { "abcd", "abxd", true },  { "abcd", "abd", true }, { "abcd", "abcde", true },
        { "abcd", "acbd", true }, { "abcd", "xacd", false }, { "ab", "ac", false },   { "abcd", "axyd", false },
        { "abc", "cba", false },  { "", "", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(sound_is_near(cases[i].x, cases[i].y), cases[i].is_near);
        assert_int_equal(sound_is_near(cases[i].y, cases[i].x), cases[i].is_near);
    }
}

static void test_scripts_are_told_by_their_letters(void **state)
{
    (void)state;
    assert_true(text_is_kana("トットリ ハナコ"));
    assert_true(text_is_kana("ユーコ"));
    assert_false(text_is_kana("鳥取"));
    assert_false(text_is_kana(""));
    assert_true(text_is_latin("o'brien, p."));
    assert_false(text_is_latin("鳥取"));
    assert_false(text_is_latin("-"));
}

static void test_numbers_are_compared_as_dialled_and_written(void **state)
{
    static const struct row phones[] = {
        { "tel:090-0123-4567", "09001234567" },
        { "tel:+81-90-0123-4567", "09001234567" },
        { "+81(0)857-01-2345", "0857012345" },
        { "０８５７（０１）２３４５", "0857012345" },
    };
    static const struct row streets[] = {
        { "東町1丁目2番3号", "東町1-2-3" },
        { "東町１－２－３", "東町1-2-3" },
        { "東町1-2-3", "東町1-2-3" },
        { "スーパー前5番地", "スーパー前5" },
        { "1ー2", "1-2" },
    };

    check(*state, phone_fold, phones, ARRAY_LEN(phones));
    check(*state, street_fold, streets, ARRAY_LEN(streets));
    assert_null(phone_fold(*state, "mailto:a1@example.jp"));
    assert_null(phone_fold(*state, "tel:"));
    assert_null(phone_fold(*state, NULL));
    assert_null(street_fold(*state, NULL));
}

static void test_a_birth_date_is_the_day_of_a_birth_time(void **state)
{
    static const struct row rows[] = {
        { "197001311530+0900", "19700131" },
        { "1970", "1970" },
        { "1970+0900", "1970" },
    };

    check(*state, birth_date, rows, ARRAY_LEN(rows));
    assert_null(birth_date(*state, NULL));
}

#define FOLD_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLD_TEST(test_width_case_kana_and_spaces_do_not_tell_names_apart),
        FOLD_TEST(test_broken_utf8_is_read_to_its_end_and_no_further),
        FOLD_TEST(test_variants_of_kanji_are_one),
        FOLD_TEST(test_kana_and_romaji_of_all_kinds_sound_alike),
        FOLD_TEST(test_one_mora_may_be_wrong_in_longer_names),
        FOLD_TEST(test_scripts_are_told_by_their_letters),
        FOLD_TEST(test_numbers_are_compared_as_dialled_and_written),
        FOLD_TEST(test_a_birth_date_is_the_day_of_a_birth_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
