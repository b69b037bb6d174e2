/* wire/hl7v2: messages in parts, places, escapes, and the writer. */
#include "wire/hl7v2.h"

#include "base/arena.h"
#include "wire/hl7v2_charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define MSH "MSH|^~\\&|SEND|HOSPITAL|RECV|0035|20260401||ADT^A01|1|P|2.5"

static struct hl7v2 parsed(struct arena *a, struct str bytes)
{
    struct hl7v2 m;
    struct hl7v2_fault fault = { 0 };

    if (hl7v2_parse(a, bytes, &m, &fault) != OK)
        fail_msg("%s at %s", fault.text, fault.place);
    return m;
}

static void test_parts_are_found_at_every_level(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2 m = parsed(a, STR(MSH "\rPID|1||A1^^^&1.2.3&ISO~B2^^^NAME||Yamada&x^Taro||\"\"\rPID|2||C3\r"));
    const struct hl7v2_segment *pid = hl7v2_segment(&m, "PID");

    assert_string_equal(hl7v2_text(&m, m.segments, 9, 2), "A01");
    assert_int_equal(hl7v2_repetitions(&m, pid, 3), 2);
    assert_string_equal(hl7v2_part(&m, pid, 3, 1, 1, 1), "A1");
    assert_string_equal(hl7v2_part(&m, pid, 3, 1, 4, 2), "1.2.3");
    assert_null(hl7v2_part(&m, pid, 3, 1, 4, 1));
    assert_string_equal(hl7v2_part(&m, pid, 3, 2, 4, 1), "NAME");
    assert_string_equal(hl7v2_text(&m, pid, 5, 1), "Yamada");
    assert_ptr_equal(hl7v2_text(&m, pid, 7, 1), hl7v2_null);
    assert_null(hl7v2_text(&m, pid, 6, 1));
    assert_null(hl7v2_text(&m, pid, 40, 1));
    assert_int_equal(hl7v2_repetitions(&m, pid, 6), 0);
    assert_int_equal(hl7v2_next(pid)->ordinal, 2);
    assert_string_equal(hl7v2_text(&m, hl7v2_next(pid), 3, 1), "C3");
    assert_null(hl7v2_next(hl7v2_next(pid)));
    assert_null(hl7v2_text(&m, hl7v2_segment(&m, "ZZZ"), 1, 1));
    arena_free(a);
}

static void test_delimiters_are_those_of_the_message(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2 m = parsed(a, STR("MSH$*%!?$A$B\rPID$$$1*x%2*y$$Smith?b!S!c"));
    const struct hl7v2_segment *pid = hl7v2_segment(&m, "PID");

    assert_string_equal(hl7v2_text(&m, m.segments, 3, 1), "A");
    assert_string_equal(hl7v2_part(&m, pid, 3, 2, 2, 1), "y");
    assert_string_equal(hl7v2_part(&m, pid, 5, 1, 1, 2), "b*c");
    arena_free(a);
}

static void test_escape_sequences_are_resolved(void **state UNUSED)
{
    static const struct {
        const char *written, *text;
    } cases[] = {
        { "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f" },
        { "one\\.br\\two", "one\ntwo" },
        { "\\H\\bold\\N\\", "bold" },
        { "\\X41420d\\", "AB\r" },
        { "\\XFF\\", "\\XFF\\" },
        { "\\X4\\", "\\X4\\" },
        { "\\Z99\\", "\\Z99\\" },
        { "C:\\dir", "C:\\dir" },
        { "\\", "\\" },
        { "\\\\", "\\\\" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hl7v2 m = parsed(a, str_from(arena_printf(a, "%s\rPID|%s\r", MSH, cases[i].written)));
        assert_string_equal(hl7v2_text(&m, hl7v2_segment(&m, "PID"), 1, 1), cases[i].text);
    }
    arena_free(a);
}

static void test_line_ends_of_careless_senders_pass(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2 m = parsed(a, STR(MSH "\r\nPID|1\n\nPV1|2\r\r"));

    assert_string_equal(hl7v2_text(&m, hl7v2_segment(&m, "PID"), 1, 1), "1");
    assert_string_equal(hl7v2_text(&m, hl7v2_segment(&m, "PV1"), 1, 1), "2");
    arena_free(a);
}

static void test_kanji_that_hold_delimiters_stay_whole(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2 m = parsed(a, STR(MSH "|||||JPN|~ISO IR87\rPID|||1||\x1b$B;^Ln\x1b(B^\x1b$BF|=P\x1b(B~"
                                       "\x1b$B%d%^\x1b(B"));
    const struct hl7v2_segment *pid = hl7v2_segment(&m, "PID");

    assert_int_equal(m.charsets, CHARSET_KANJI);
    assert_string_equal(hl7v2_text(&m, pid, 5, 1), "枝野");
    assert_string_equal(hl7v2_text(&m, pid, 5, 2), "日出");
    assert_string_equal(hl7v2_part(&m, pid, 5, 2, 1, 1), "ヤマ");
    arena_free(a);
}

static void test_msh_18_is_found_behind_kanji_in_msh(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2 m = parsed(a, STR("MSH|^~\\&|\x1b$BF|\x1b(B|||||||1|P|2.5||||||~ISO IR87\rPID|1"));

    assert_string_equal(hl7v2_text(&m, m.segments, 3, 1), "日");
    arena_free(a);
}

static void test_unreadable_messages_name_the_place(void **state UNUSED)
{
    static const struct {
        struct str bytes;
        int code;
        const char *place;
    } cases[] = {
        { STR(""), 100, "MSH^1" },
        { STR("PID|1\r"), 100, "MSH^1" },
        { STR("MSH|^~\\^|A"), 102, "MSH^1^2" },
        { STR("MSHA^~\\&A"), 102, "MSH^1^1" },
        { STR(MSH "||||||UTF-16\rPID|1"), 103, "MSH^1^18^1" },
        { STR(MSH "||||||~Shift_JIS\rPID|1"), 103, "MSH^1^18^2" },
        { STR(MSH "\rPID|1\rPID|||2~3^x||\xe5"), 102, "PID^2^5^1^1" },
        { STR(MSH "\rPID|||2~3^\xe5"), 102, "PID^1^3^2^2" },
        { STR("MSH|^~\\&|\xe5|"), 102, "MSH^1^3^1^1" },
        { STR(MSH "\rpid|1\r"), 100, NULL },
        { STR(MSH "\r\xe5"), 102, NULL },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hl7v2 m;
        struct hl7v2_fault fault = { 0 };
        assert_int_equal(hl7v2_parse(a, cases[i].bytes, &m, &fault), E_SYNTAX);
        assert_int_equal(fault.code, cases[i].code);
        if (cases[i].place == NULL)
            assert_null(fault.place);
        else
            assert_string_equal(fault.place, cases[i].place);
    }
    arena_free(a);
}

/* So that the refusal finds its way back. */
static void test_what_could_be_read_is_kept(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct hl7v2_fault fault;
    struct hl7v2 m;

    assert_int_equal(hl7v2_parse(a, STR(MSH "||||||UTF-16\rPID|1"), &m, &fault), E_SYNTAX);
    assert_string_equal(hl7v2_text(&m, m.segments, 10, 1), "1");
    assert_int_equal(hl7v2_parse(a, STR(MSH "\rPID|\xe5"), &m, &fault), E_SYNTAX);
    assert_string_equal(hl7v2_text(&m, m.segments, 10, 1), "1");
    arena_free(a);
}

static void test_written_segments_have_their_parts_in_place(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, 1000);
    struct hl7v2_writer w;

    hl7v2_writer_init(&w, out, &hl7v2_usual_delimiters);
    hl7v2_open(&w, "MSH");
    hl7v2_put_text(&w, 3, 1, "A");
    hl7v2_put_text(&w, 9, 1, "ACK");
    hl7v2_put_text(&w, 9, 3, "ACK");
    hl7v2_open(&w, "ERR");
    hl7v2_put(&w, 2, 1, 1, 1, "PID");
    hl7v2_put(&w, 2, 2, 3, 2, "x");
    hl7v2_put_text(&w, 3, 1, NULL);
    hl7v2_put_text(&w, 4, 1, "a|b^c~d\\e&f\ng\x01");
    hl7v2_put_text(&w, 5, 1, hl7v2_null);
    hl7v2_put_field(&w, 6, STR("r^aw"));
    hl7v2_close(&w);
    assert_string_equal(buf_text(out), "MSH|^~\\&|A||||||ACK^^ACK\r"
                                       "ERR||PID~^^&x||a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f\\.br\\g\\X01\\|\"\"|r^aw\r");
    arena_free(a);
}

static void test_a_reply_that_the_sets_cannot_hold_names_the_field(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *bytes = buf_new(a, 1000);
    struct hl7v2_fault fault;

    assert_int_equal(
        hl7v2_encode(a, CHARSET_KANJI, &hl7v2_usual_delimiters, STR("MSH|^~\\&|A\rPID|||1||山^髙"), bytes, &fault),
        E_REFUSED);
    assert_string_equal(fault.place, "PID^1^5^1^2");
    assert_string_equal(fault.text, "U+9AD9 is in no character set that MSH-18 declares");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_found_at_every_level),
        cmocka_unit_test(test_delimiters_are_those_of_the_message),
        cmocka_unit_test(test_escape_sequences_are_resolved),
        cmocka_unit_test(test_line_ends_of_careless_senders_pass),
        cmocka_unit_test(test_kanji_that_hold_delimiters_stay_whole),
        cmocka_unit_test(test_msh_18_is_found_behind_kanji_in_msh),
        cmocka_unit_test(test_unreadable_messages_name_the_place),
        cmocka_unit_test(test_what_could_be_read_is_kept),
        cmocka_unit_test(test_written_segments_have_their_parts_in_place),
        cmocka_unit_test(test_a_reply_that_the_sets_cannot_hold_names_the_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
