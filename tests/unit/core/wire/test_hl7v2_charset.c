/* wire/hl7v2_charset: MSH-18's sets, both ways. The expected bytes are written out, not taken from iconv. */
#include "wire/hl7v2_charset.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define JAPANESE (CHARSET_KANJI | CHARSET_SUPPLEMENT | CHARSET_KATAKANA)

/* What is written exactly so, and read back. Several of these characters hold the codes of delimiters. */
static const struct {
    unsigned sets;
    struct str bytes;
    const char *text;
} pairs[] = {
    { 0, STR("A|B^C\r"), "A|B^C\r" },
    { CHARSET_UTF_8, STR("\xe5\xb1\xb1|\xf0\xa0\xae\xb7"), "山|𠮷" },
    { CHARSET_LATIN_1, STR("M\xfcller"), "Müller" },
    { CHARSET_KANJI, STR("\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"), "山田^太郎" },
    { CHARSET_KANJI, STR("\x1b$B;^;\\F|;~;&\x1b(B|\x1b$B%d%^%@\x1b(B~"), "枝施日時殺|ヤマダ~" },
    { CHARSET_SUPPLEMENT, STR("\x1b$(D0!\x1b(B"), "丂" },
    { JAPANESE, STR("\x1b$B;3\x1b$(D0!\x1b(ITO@^\x1b(B"), "山丂ﾔﾏﾀﾞ" },
};

static void test_texts_are_read_and_written(void **state UNUSED)
{
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct buf *text = buf_new(a, 100), *bytes = buf_new(a, 100);
        const char *why = NULL;
        size_t at;
        assert_int_equal(charset_decode(a, pairs[i].sets, pairs[i].bytes, text, &why), OK);
        assert_string_equal(buf_text(text), pairs[i].text);
        assert_int_equal(charset_encode(a, pairs[i].sets, buf_str(text), bytes, &at, &why), OK);
        assert_int_equal(bytes->len, pairs[i].bytes.len);
        assert_memory_equal(bytes->data, pairs[i].bytes.data, bytes->len);
    }
    arena_free(a);
}

/* What others write differently. */
static void test_other_forms_are_read(void **state UNUSED)
{
    static const struct {
        unsigned sets;
        struct str bytes;
        const char *text;
    } cases[] = {
        { CHARSET_KANJI, STR("\x1b$@;3\x1b(J|\\~"), "山|\\~" },    /* JIS C 6226-1978, JIS X 0201 Roman */
        { CHARSET_KANJI, STR("\x1b$(B;3\x1b(B"), "山" },           /* the four-byte escape */
        { CHARSET_KANJI, STR("\x1b$B;3\rPID|"), "山\rPID|" },      /* a line that does not return to ASCII */
        { CHARSET_KATAKANA, STR("\xd4\xcf\xc0\xde^A"), "ﾔﾏﾀﾞ^A" }, /* in eight bits */
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf *text = buf_new(a, 100);
        const char *why = NULL;
        assert_int_equal(charset_decode(a, cases[i].sets, cases[i].bytes, text, &why), OK);
        assert_string_equal(buf_text(text), cases[i].text);
    }
    arena_free(a);
}

static void test_what_is_not_in_the_declared_sets_is_refused(void **state UNUSED)
{
    static const struct {
        unsigned sets;
        struct str bytes;
        const char *before, *why;
    } cases[] = {
        { 0, STR("A\x1b$B;3\x1b(B"), "A", "byte 0x1B switches to ISO IR87, which MSH-18 does not declare" },
        { CHARSET_KANJI, STR("A\x1b$(D0!"), "A", "byte 0x1B switches to ISO IR159, which MSH-18 does not declare" },
        { CHARSET_KANJI, STR("A\x1b(X"), "A", "byte 0x1B begins an escape sequence of no set of table 0211" },
        { CHARSET_KANJI, STR("\x1b$B;3;"), "山", "byte 0x3B ends the message within a character" },
        { CHARSET_KANJI, STR("\x1b$B;3-!"), "山",
          "byte 0x2D begins a code that is no character of ISO IR87; before a delimiter, text returns to ASCII by ESC "
          "( B" },
        { CHARSET_KANJI, STR("\x1b$B; "), "",
          "byte 0x3B stands in the place of a character of ISO IR87; before a delimiter, text returns to ASCII by ESC "
          "( B" },
        { CHARSET_KANJI, STR("A\xe5\xb1\xb1"), "A", "byte 0xE5 is not ASCII, and MSH-18 declares no set that has it" },
        { CHARSET_UTF_8, STR("A\xe5\xb1|"), "A", "byte 0xE5 does not begin a character of UNICODE UTF-8" },
        { CHARSET_UTF_8, STR("A\0B"), "A", "byte 0x00 is a control character" },
        { CHARSET_LATIN_1, STR("A\x85"), "A", "byte 0x85 is a control character" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf *text = buf_new(a, 100);
        const char *why = NULL;
        assert_int_equal(charset_decode(a, cases[i].sets, cases[i].bytes, text, &why), E_SYNTAX);
        assert_string_equal(buf_text(text), cases[i].before);
        assert_string_equal(why, cases[i].why);
    }
    arena_free(a);
}

static void test_what_cannot_be_written_says_where(void **state UNUSED)
{
    static const struct {
        unsigned sets;
        const char *text, *why;
        size_t at;
    } cases[] = {
        { CHARSET_KANJI, "A山髙", "U+9AD9 is in no character set that MSH-18 declares", 4 },
        { CHARSET_KANJI, "ﾔ", "U+FF94 is in no character set that MSH-18 declares", 0 },
        { 0, "A|山", "U+5C71 is in no character set that MSH-18 declares", 2 },
        { CHARSET_LATIN_1, "Āb", "U+0100 is in no character set that MSH-18 declares", 0 },
        { JAPANESE, "𠮷", "U+20BB7 is in no character set that MSH-18 declares", 0 },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf *bytes = buf_new(a, 100);
        const char *why = NULL;
        size_t at = 99;
        assert_int_equal(charset_encode(a, cases[i].sets, str_from(cases[i].text), bytes, &at, &why), E_REFUSED);
        assert_int_equal(at, cases[i].at);
        assert_string_equal(why, cases[i].why);
    }
    arena_free(a);
}

/* An error text may quote a peer and stop within a character: that is no reason to fail. */
static void test_half_a_character_becomes_a_question_mark(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *bytes = buf_new(a, 100);
    const char *why;
    size_t at;

    assert_int_equal(charset_encode(a, CHARSET_KANJI, STR("A\xe5\xb1|"), bytes, &at, &why), OK);
    assert_string_equal(buf_text(bytes), "A??|");
    arena_free(a);
}

static void test_names_of_table_0211_are_declared(void **state UNUSED)
{
    unsigned sets = 0;

    assert_int_equal(charset_declare(STR(""), &sets), OK);
    assert_int_equal(charset_declare(STR("ASCII"), &sets), OK);
    assert_int_equal(sets, 0);
    assert_int_equal(charset_declare(STR("ISO IR87"), &sets), OK);
    assert_int_equal(charset_declare(STR("ISO IR159"), &sets), OK);
    assert_int_equal(sets, CHARSET_KANJI | CHARSET_SUPPLEMENT);
    assert_int_equal(charset_declare(STR("Shift_JIS"), &sets), E_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_are_read_and_written),
        cmocka_unit_test(test_other_forms_are_read),
        cmocka_unit_test(test_what_is_not_in_the_declared_sets_is_refused),
        cmocka_unit_test(test_what_cannot_be_written_says_where),
        cmocka_unit_test(test_half_a_character_becomes_a_question_mark),
        cmocka_unit_test(test_names_of_table_0211_are_declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
