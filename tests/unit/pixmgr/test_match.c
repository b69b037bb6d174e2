/* Who is the same person, by demographics. */
#include "pixmgr/match.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

static void test_width_case_and_spaces_do_not_tell_names_apart(void **state)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {
        { "鳥取　花子", "鳥取 花子" },
        { "　鳥取  \t花子 ", "鳥取 花子" },
        { "ＴＯＴＴＯＲＩ　Ｈａｎａｋｏ", "tottori hanako" },
        { "O’Brien", "o’brien" },
        { "ａ！～Ｚ？＿｀", "a!~z?_`" },
        { "ハナコ", "ハナコ" },
        { "ﾊﾅｺ", "ﾊﾅｺ" },
        { "a\xC2\xA0z", "a z" },
        { "　", "" },
        { "", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(name_fold(*state, cases[i].text), cases[i].folded);
    assert_null(name_fold(*state, NULL));
}

static void test_broken_utf8_is_read_to_its_end_and_no_further(void **state)
{
    assert_string_equal(name_fold(*state, "\xE3\x80"), "\xE3\x80");
    assert_string_equal(name_fold(*state, "\xEF\xBC"), "\xEF\xBC");
    assert_string_equal(name_fold(*state, "\xEF"), "\xEF");
    assert_string_equal(name_fold(*state, "\xC2"), "\xC2");
}

static void test_a_birth_date_is_the_day_of_a_birth_time(void **state)
{
    assert_string_equal(birth_date(*state, "197001311530+0900"), "19700131");
    assert_string_equal(birth_date(*state, "1970"), "1970");
    assert_string_equal(birth_date(*state, "1970+0900"), "1970");
    assert_null(birth_date(*state, NULL));
}

/* 鳥取花子, as variations change her. */
struct variation {
    const char *kana, *kanji, *gender, *birth;
};

static struct identity identity_make(struct arena *a, const struct variation *v)
{
    struct person_name kana = { .use = "SYL", .family = v->kana, .given = "ハナコ" };
    struct person_name kanji = { .use = "IDE", .family = v->kanji, .given = "花子" };
    struct patient p = { .gender = v->gender, .birth_time = v->birth };

    if (v->kanji != NULL) {
        kanji.next = v->kana != NULL ? &kana : NULL;
        p.names = &kanji;
    } else if (v->kana != NULL) {
        p.names = &kana;
    }
    return identity_of(a, &p);
}

static void test_birth_gender_and_a_name_make_the_same_person(void **state)
{
    static const struct variation hanako = { "トットリ", "鳥取", "F", "19700131" };
    static const struct {
        struct variation other;
        bool is_same;
    } cases[] = {
        { { "トットリ", "鳥取", "F", "19700131" }, true },
        { { "トットリ", "鳥取", "F", "197001310930" }, true },
        { { "トットリ　", "鳥取", "F", "19700131" }, true },
        { { "トットリ", "鳥執", "F", "19700131" }, true }, /* another form of the characters */
        { { "トットリ", NULL, "F", "19700131" }, true },
        { { NULL, "鳥取", "F", "19700131" }, true },
        { { "トリトリ", "鳥取", "F", "19700131" }, false }, /* both read, and read differently */
        { { NULL, "鳥執", "F", "19700131" }, false },
        { { NULL, NULL, "F", "19700131" }, false },
        { { "トットリ", "鳥取", "M", "19700131" }, false },
        { { "トットリ", "鳥取", NULL, "19700131" }, false },
        { { "トットリ", "鳥取", "F", "19700201" }, false },
        { { "トットリ", "鳥取", "F", "1970" }, false },
        { { "トットリ", "鳥取", "F", NULL }, false },
    };
    struct identity x = identity_make(*state, &hanako);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct identity y = identity_make(*state, &cases[i].other);
        if (identity_same(&x, &y) != cases[i].is_same || identity_same(&y, &x) != cases[i].is_same)
            fail_msg("case %zu", i);
    }
}

static void test_nothing_known_is_nobody(void **state)
{
    struct patient nobody = { 0 };
    struct identity x = identity_of(*state, &nobody);

    assert_false(identity_same(&x, &x));
}

static void test_half_a_birth_date_is_no_date_even_when_equal(void **state)
{
    static const struct variation v = { "トットリ", "鳥取", "F", "197001" };
    struct identity x = identity_make(*state, &v);

    assert_false(identity_same(&x, &x));
}

#define MATCH_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MATCH_TEST(test_width_case_and_spaces_do_not_tell_names_apart),
        MATCH_TEST(test_broken_utf8_is_read_to_its_end_and_no_further),
        MATCH_TEST(test_a_birth_date_is_the_day_of_a_birth_time),
        MATCH_TEST(test_birth_gender_and_a_name_make_the_same_person),
        MATCH_TEST(test_nothing_known_is_nobody),
        MATCH_TEST(test_half_a_birth_date_is_no_date_even_when_equal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
