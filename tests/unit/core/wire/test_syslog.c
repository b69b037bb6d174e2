/* wire/syslog: records, and where they end on a stream. */
#include "wire/syslog.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Every record of bytes that arrive in pieces, each ended by "/", or by "!" when its frame has a fault. */
static const char *records(struct arena *a, struct str bytes, size_t piece)
{
    struct buf *all = buf_new(a, 1000);
    struct syslog_frames f;

    syslog_frames_init(&f, 20);
    for (size_t at = 0; at < bytes.len; at += piece) {
        struct str in = { bytes.data + at, MIN(piece, bytes.len - at) };
        while (in.len > 0) {
            if (!syslog_feed(&f, &in))
                continue;
            buf_add_str(all, buf_str(&f.record));
            buf_add_char(all, f.fault == NULL ? '/' : '!');
        }
    }
    if (syslog_end(&f)) {
        buf_add_str(all, buf_str(&f.record));
        buf_add_char(all, f.fault == NULL ? '/' : '!');
    }
    buf_clear(&f.record);
    return buf_text(all);
}

static void test_records_are_found_in_pieces_of_any_size(void **state UNUSED)
{
    static const struct {
        struct str bytes;
        const char *records;
    } cases[] = {
        { STR("5 <85>a6 <85>bc"), "<85>a/<85>bc/" },
        { STR("5 <85>a\n6 <85>bc\r\n"), "<85>a/<85>bc/" },        /* ends of lines are forgiven */
        { STR("05 <85>a5 <85>b"), "<85>a!<85>b/" },               /* a length that begins with 0 */
        { STR("<85>a\n5 <85>b"), "<85>a!<85>b/" },                /* a line */
        { STR("<85>a"), "<85>a!" },                               /* a line, the last */
        { STR("4 <85>a5 <85>b"), "<85>/a!<85>b/" },               /* the length is too small */
        { STR("9 <85>a5 <85>b5 <85>c"), "<85>a5 <8/5>b!<85>c/" }, /* too large: the next is lost within */
        { STR("x5 <85>a"), "x!<85>a/" },                          /* noise */
        { STR("1x 12 y 5 <85>a"), "1x 12 y !<85>a/" },            /* noise with numbers */
        { STR("99999999999 <5 <85>a"), "99999999999 <!<85>a/" },  /* no length at all */
        { STR("25 <85>5678901234567890123455 <85>a"), "<85>5678901234567890!<85>a/" }, /* longer than what is kept */
        { STR("50 <85>a"), "<85>a!" },                                                 /* the end comes first */
        { STR("5 "), "!" },
        { STR("12"), "12!" },
        { STR("\n\n"), "" },
        { STR(""), "" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (size_t piece = 1; piece < 40; piece++)
            assert_string_equal(records(a, cases[i].bytes, piece), cases[i].records);
    }
    arena_free(a);
}

static void test_a_record_is_read(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct syslog s;
    const char *why;

    assert_int_equal(syslog_parse(a,
                                  STR("<85>1 2026-04-01T09:00:00.25+09:00 host app 77 IHE+RFC-3881 - \xef\xbb\xbf<x/>"),
                                  &s, &why),
                     OK);
    assert_int_equal(s.facility, 10);
    assert_int_equal(s.severity, 5);
    assert_int_equal(s.time_ms, 1774915200250 + 86400000);
    assert_true(str_is(s.host, "host") && str_is(s.app, "app") && str_is(s.process, "77"));
    assert_true(str_is(s.message_id, SYSLOG_MSGID));
    assert_true(s.has_bom && str_is(s.text, "<x/>"));
    assert_int_equal(syslog_parse(a, STR("<0>1 - - - - - [a b=\"c\\]\"][d]"), &s, &why), OK);
    assert_true(str_is(s.data, "[a b=\"c\\]\"][d]") && s.text.len == 0 && s.host.len == 0);
    assert_true(s.time_ms == INT64_MIN);
    arena_free(a);
}

static void test_what_is_no_record_is_refused_with_the_part_that_is_wrong(void **state UNUSED)
{
    static const struct {
        struct str bytes;
        const char *part, *text;
    } cases[] = {
        { STR(""), "priority", "" },
        { STR("<192>1 - - - - - -"), "priority", ">1 - - - - - -" },
        { STR("<85>Nov 21 01:00:00 host app: x"), "version", "Nov 21 01:00:00 host app: x" },
        { STR("<85>1 yesterday h a p m - x"), "TIMESTAMP", "h a p m - x" },
        { STR("<85>1 2026-02-30T00:00:00Z h a p m - x"), "TIMESTAMP", "h a p m - x" },
        { STR("<85>1 2026-02-03T00:00:00 h a p m - x"), "TIMESTAMP", "h a p m - x" },
        { STR("<85>1 -  a p m - x"), "HOSTNAME", " a p m - x" },
        { STR("<85>1 - h a p 123456789012345678901234567890123 - x"), "MSGID",
          "123456789012345678901234567890123 - x" },
        { STR("<85>1 - h a p m [x"), "STRUCTURED-DATA", "[x" },
        { STR("<85>1 - h a p m x"), "STRUCTURED-DATA", "x" },
        { STR("<85>1 - h a p m -x"), "space", "x" },
    };
    struct arena *a = arena_new();
    struct syslog s;
    const char *why;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(syslog_parse(a, cases[i].bytes, &s, &why), E_SYNTAX);
        assert_non_null(strstr(why, cases[i].part));
        assert_true(str_is(s.text, cases[i].text));
    }
    arena_free(a);
}

static void test_what_is_written_is_read_again(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *head = buf_new(a, 1000), *out = buf_new(a, 1000);
    const struct syslog s = { .facility = SYSLOG_SECURITY,
                              .severity = SYSLOG_NOTICE,
                              .time_ms = 1774915200001,
                              .host = STR("h"),
                              .app = STR("kakehashi"),
                              .message_id = STR(SYSLOG_MSGID) };
    struct syslog again;
    const char *why;

    syslog_write_head(head, &s);
    syslog_write_frame(out, buf_str(head), STR("<x/>"));
    assert_string_equal(buf_text(out), "64 <85>1 2026-03-31T00:00:00.001Z h kakehashi - IHE+RFC-3881 - <x/>");
    assert_int_equal(syslog_parse(a, (struct str){ out->data + 3, out->len - 3 }, &again, &why), OK);
    assert_true(again.time_ms == s.time_ms && str_is(again.text, "<x/>"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_are_found_in_pieces_of_any_size),
        cmocka_unit_test(test_a_record_is_read),
        cmocka_unit_test(test_what_is_no_record_is_refused_with_the_part_that_is_wrong),
        cmocka_unit_test(test_what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
