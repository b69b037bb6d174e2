#include "arena_state.h"
#include "mime_record.h"

#include <stdlib.h>

/* The message in pieces: cut at one place, or at every one; then its end. */
static enum rc read_cut(void *arena, const char *boundary, struct str message, size_t cut, struct buf *record,
                        const char **why)
{
    struct mime_reader *r;

    assert_int_equal(mime_reader_new(arena, boundary, NULL, &record_events, record, &r), OK);
    enum rc rc = mime_feed(r, (struct str){ message.data, cut });
    if (rc == OK)
        rc = mime_feed(r, (struct str){ message.data + cut, message.len - cut });
    if (rc == OK)
        rc = mime_finish(r);
    *why = mime_why(r);
    return rc;
}

static enum rc read_bytewise(void *arena, const char *boundary, struct str message, struct buf *record)
{
    struct mime_reader *r;
    enum rc rc = OK;

    assert_int_equal(mime_reader_new(arena, boundary, NULL, &record_events, record, &r), OK);
    for (size_t i = 0; i < message.len && rc == OK; i++) {
        char *alone = malloc(1); /* so that the sanitizer sees who looks further */
        *alone = message.data[i];
        rc = mime_feed(r, (struct str){ alone, 1 });
        free(alone);
    }
    return rc == OK ? mime_finish(r) : rc;
}

/* However the message arrives, these are its events. */
static void assert_events_of(void *arena, const char *boundary, struct str message, enum rc rc, const char *events)
{
    struct buf *record = buf_new(arena, BUF_MAX_DEFAULT);
    const char *why;

    for (size_t cut = 0; cut <= message.len; cut++) {
        buf_reset(record);
        assert_int_equal(read_cut(arena, boundary, message, cut, record, &why), rc);
        assert_string_equal(buf_text(record), events);
        assert_true((why != NULL) == (rc != OK));
    }
    buf_reset(record);
    assert_int_equal(read_bytewise(arena, boundary, message, record), rc);
    assert_string_equal(buf_text(record), events);
}

static void assert_events(void *arena, const char *message, const char *events)
{
    assert_events_of(arena, "b", str_from(message), OK, events);
}

static void assert_fails(void *arena, const char *message, enum rc rc, const char *what)
{
    struct buf *record = buf_new(arena, BUF_MAX_DEFAULT);
    const char *why;

    for (size_t cut = 0; cut <= strlen(message); cut++) {
        assert_int_equal(read_cut(arena, "b", str_from(message), cut, record, &why), rc);
        assert_non_null(strstr(why, what));
    }
    assert_int_equal(read_bytewise(arena, "b", str_from(message), record), rc);
}

static void test_parts_come_with_their_headers(void **state)
{
    assert_events(
        *state,
        "--b\r\nContent-Type: application/xop+xml\r\nContent-Transfer-Encoding: binary\r\n"
        "Content-ID: <root@x>\r\n\r\n<a/>\r\n--b\r\ncontent-id:doc@x \r\nX-Other: y\r\n\r\n1\r\n2\r\n--b--\r\n",
        "[root@x|application/xop+xml|0:<a/>][doc@x|-|0:1\r\n2]");
}

static void test_preamble_and_epilogue_are_ignored(void **state)
{
    assert_events(*state, "pre--b\r\namble\r\n--b\r\n\r\nx\r\n--b--\r\nepi\r\n--b\r\nlogue", "[-|-|0:x]");
}

static void test_the_closing_delimiter_may_lack_its_line_end(void **state)
{
    assert_events(*state, "--b\r\n\r\nx\r\n--b--", "[-|-|0:x]");
    assert_events(*state, "--b\r\n\r\nx\r\n--b-- \t", "[-|-|0:x]");
}

static void test_padding_may_follow_a_delimiter(void **state)
{
    assert_events(*state, "--b \t \r\n\r\nx\r\n--b  \r\n\r\ny\r\n--b--", "[-|-|0:x][-|-|0:y]");
}

static void test_bare_line_feeds_end_header_lines(void **state)
{
    assert_events(*state, "--b\nContent-ID: <i>\nContent-Type: t/s\n\nx\ny\r\n--b--", "[i|t/s|0:x\ny]");
}

static void test_header_lines_may_be_folded(void **state)
{
    assert_events(*state, "--b\r\nContent-Type: a/b;\r\n\tc=d\r\nContent-ID:\n <i>\r\n\r\nx\r\n--b--",
                  "[i|a/b;  \tc=d|0:x]");
}

static void test_the_first_of_headers_that_come_twice_counts(void **state)
{
    assert_events(*state,
                  "--b\r\nContent-ID: <1>\r\nContent-ID: <2>\r\nContent-Transfer-Encoding: 8bit\r\n"
                  "Content-Transfer-Encoding: base64\r\n\r\nx\r\n--b--",
                  "[1|-|0:x]");
}

static void test_the_line_end_before_a_delimiter_is_its_own(void **state)
{
    assert_events(*state, "--b\r\n\r\n\r\n\r\n--b\r\n\r\n\r\n--b--", "[-|-|0:\r\n][-|-|0:]");
}

static void test_a_part_may_be_empty(void **state)
{
    assert_events(*state, "--b\r\n\r\n--b\r\nContent-ID: <i>\r\n\r\n--b--", "[-|-|0:][i|-|0:]");
    assert_events(*state, "--b--", "");
}

static void test_what_only_begins_like_a_delimiter_is_content(void **state)
{
    static const char *const contents[] = { "\r",
                                            "\r\n",
                                            "\r\n-",
                                            "\r\n--",
                                            "\r\n--c",
                                            "\r\n--bb",
                                            "\r\n--b x",
                                            "\r\n--b\t\r",
                                            "\r\n--b\rx",
                                            "\r\n--b-x",
                                            "\r\r\n--bx",
                                            "--b",
                                            "x--b--",
                                            "\n--b--\n",
                                            "\r\n --b--",
                                            "\r\n--b-\r\n",
                                            "\r\n--b-\nx",
                                            "\r\n--b \t-",
                                            "\r\n--b\r\r\n--b-",
                                            "\r\n\r\n--b!\r\n--" };

    for (size_t i = 0; i < ARRAY_LEN(contents); i++)
        assert_events(*state, arena_printf(*state, "--b\r\n\r\nx%s\r\n--b--\r\n", contents[i]),
                      arena_printf(*state, "[-|-|0:x%s]", contents[i]));
}

static void test_a_delimiter_behind_a_false_one_is_seen(void **state)
{
    assert_events(*state, "--b\r\n\r\nx\r\n--b \r\r\n--b--", "[-|-|0:x\r\n--b \r]");
    assert_events(*state, "\r\n--bx\r\n--b\r\n\r\ny\r\n--b--", "[-|-|0:y]");
}

static void test_endless_padding_is_content(void **state)
{
    char spaces[101] = { 0 };

    memset(spaces, ' ', 100);
    assert_events(*state, arena_printf(*state, "--b\r\n\r\nx\r\n--b%s\r\n\r\n--b--", spaces),
                  arena_printf(*state, "[-|-|0:x\r\n--b%s\r\n]", spaces));
}

static void test_boundaries_hold_odd_characters(void **state)
{
    assert_events_of(*state, "uuid:a+b=_(c)?", STR("--uuid:a+b=_(c)?\r\n\r\nx\r\n--uuid:a+b=_(c)?--"), OK, "[-|-|0:x]");
    assert_events_of(*state, "--b", STR("----b\r\n\r\nx\r\n----b--"), OK, "[-|-|0:x]");
}

static void test_bytes_of_any_value_pass(void **state)
{
    struct buf *message = buf_new(*state, BUF_MAX_DEFAULT), *record = buf_new(*state, BUF_MAX_DEFAULT);
    uint32_t random = 1;
    const char *why;

    buf_add_text(message, "--b\r\n\r\n");
    size_t begin = message->len;
    for (int i = 0; i < 300000; i++) {
        random = random * 1664525 + 1013904223;
        buf_add_char(message, "\r\n-b\0x"[(random >> 24) % 6]);
        if (message->len >= begin + 5 && memcmp(message->data + message->len - 5, "\r\n--b", 5) == 0)
            buf_add_char(message, '_'); /* no true delimiter */
    }
    size_t end = message->len;
    buf_add_text(message, "\r\n--b--");
    assert_int_equal(read_cut(*state, "b", buf_str(message), 100000, record, &why), OK);
    assert_int_equal(record->len, end - begin + strlen("[-|-|0:") + 1);
    assert_memory_equal(record->data + strlen("[-|-|0:"), message->data + begin, end - begin);
}

static enum rc data_is_prompt(void *user, struct str bytes)
{
    *(size_t *)user += bytes.len;
    return OK;
}

static enum rc begin_ignored(void *user UNUSED, const struct mime_part *part UNUSED)
{
    return OK;
}

static enum rc end_ignored(void *user UNUSED)
{
    return OK;
}

static void test_content_is_not_held_back(void **state)
{
    static const struct mime_events events = { begin_ignored, data_is_prompt, end_ignored };
    static char piece[65536];
    struct mime_reader *r;
    size_t seen = 0, fed = 0, before = arena_size(*state);

    assert_int_equal(mime_reader_new(*state, "b", NULL, &events, &seen, &r), OK);
    assert_int_equal(mime_feed(r, STR("--b\r\n\r\n")), OK);
    memset(piece, '\r', sizeof(piece));
    for (int i = 0; i < 200; i++) {
        assert_int_equal(mime_feed(r, (struct str){ piece, sizeof(piece) }), OK);
        fed += sizeof(piece);
        assert_true(fed - seen <= strlen("\r\n--b"));
    }
    assert_true(arena_size(*state) - before < 100000);
}

/* ---- encodings ---- */

#define BASE64(content) "--b\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" content "\r\n--b--"
#define QP(content)     "--b\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\n" content "\r\n--b--"

static void test_base64_is_decoded(void **state)
{
    assert_events(*state, BASE64("aGVs\r\nbG8g d29y\tbGQ="), "[-|-|1:hello world]");
    assert_events(*state, BASE64("aGVsbG8gdw=\r\n="), "[-|-|1:hello w]");
    assert_events(*state, BASE64("aGVs\r\n"), "[-|-|1:hel]");
    assert_events(*state, BASE64(""), "[-|-|1:]");
    assert_events(*state, BASE64("+/+/"), "[-|-|1:\xFB\xFF\xBF]");
}

static void test_broken_base64_is_refused(void **state)
{
    static const char *const messages[] = { BASE64("aGV"),
                                            BASE64("aGVsbG8"),
                                            BASE64("a"),
                                            BASE64("a=="),
                                            BASE64("a==="),
                                            BASE64("aG!s"),
                                            BASE64("aGV=="),
                                            BASE64("aG=="
                                                   "aGVs"),
                                            BASE64("=aGV"),
                                            BASE64("aG="),
                                            BASE64("aGVs=") };

    for (size_t i = 0; i < ARRAY_LEN(messages); i++)
        assert_fails(*state, messages[i], E_SYNTAX, "Content-Transfer-Encoding");
}

static void test_long_base64_is_decoded_in_pieces(void **state)
{
    struct buf *message = buf_new(*state, BUF_MAX_DEFAULT), *record = buf_new(*state, BUF_MAX_DEFAULT);
    const char *why;

    buf_add_text(message, "--b\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    for (int i = 0; i < 10000; i++)
        buf_add_text(message, "MTIz");
    buf_add_text(message, "\r\n--b--");
    assert_int_equal(read_cut(*state, "b", buf_str(message), 777, record, &why), OK);
    assert_int_equal(record->len, 30000 + strlen("[-|-|1:]"));
    assert_memory_equal(record->data + record->len - 4, "123]", 4);
}

static void test_quoted_printable_is_decoded(void **state)
{
    assert_events(*state, QP("a=3D=e6=BC=A2 b=\r\nc=\nd= \t\r\n\r\ne"), "[-|-|2:a=漢 bcd\r\ne]");
    assert_events(*state, QP("x="), "[-|-|2:x]"); /* the delimiter has taken its line end */
}

static void test_broken_quoted_printable_is_refused(void **state)
{
    static const char *const messages[] = { QP("=G0"), QP("=0G"), QP("=0"), QP("==") };

    for (size_t i = 0; i < ARRAY_LEN(messages); i++)
        assert_fails(*state, messages[i], E_SYNTAX, "Content-Transfer-Encoding");
}

static void test_8bit_and_7bit_are_as_they_are(void **state)
{
    assert_events(*state, "--b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n=3D\r\n--b--", "[-|-|0:=3D]");
    assert_events(*state, "--b\r\nContent-Transfer-Encoding: 7BIT\r\n\r\n=3D\r\n--b--", "[-|-|0:=3D]");
}

/* ---- refusals ---- */

static void test_an_unknown_encoding_is_refused(void **state)
{
    assert_fails(*state, "--b\r\nContent-Transfer-Encoding: uuencode\r\n\r\nx\r\n--b--", E_SYNTAX, "\"uuencode\"");
}

static void test_a_message_without_its_end_is_incomplete(void **state)
{
    assert_fails(*state, "--b\r\n\r\nx\r\n--b", E_SYNTAX, "never came");
    assert_fails(*state, "--b\r\n\r\nx\r\n--b-", E_SYNTAX, "never came");
    assert_fails(*state, "--b\r\nContent-ID: x", E_SYNTAX, "never came");
    assert_fails(*state, "--b\r\n\r\nx", E_SYNTAX, "never came");
    assert_fails(*state, "nothing here", E_SYNTAX, "does not occur");
    assert_fails(*state, "", E_SYNTAX, "does not occur");
}

static void test_broken_headers_are_refused(void **state)
{
    assert_fails(*state, "--b\r\nnonsense\r\n\r\nx\r\n--b--", E_SYNTAX, "colon");
    assert_events_of(*state, "b", STR("--b\r\nContent-ID: a\0b\r\n\r\nx\r\n--b--"), E_SYNTAX, "");
}

static void test_boundaries_have_one_to_seventy_characters(void **state)
{
    static const char *const unfit[] = { "", "a ", "a\r\nb", "\x7F",
                                         "12345678901234567890123456789012345678901234567890123456789012345678901" };
    struct mime_reader *r;

    for (size_t i = 0; i < ARRAY_LEN(unfit); i++)
        assert_int_equal(mime_reader_new(*state, unfit[i], NULL, &record_events, NULL, &r), E_SYNTAX);
    assert_int_equal(mime_reader_new(*state, unfit[4] + 1, NULL, &record_events, NULL, &r), OK);
}

static enum rc read_limited(void *arena, struct mime_limits limits, const char *message, const char **why)
{
    struct buf *record = buf_new(arena, BUF_MAX_DEFAULT);
    struct mime_reader *r;

    assert_int_equal(mime_reader_new(arena, "b", &limits, &record_events, record, &r), OK);
    enum rc rc = mime_feed(r, str_from(message));
    *why = mime_why(r);
    return rc == OK ? mime_finish(r) : rc;
}

static void test_parts_and_headers_are_bounded(void **state)
{
    static const char message[] = "--b\r\nX: 12\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--";
    const char *why;

    assert_int_equal(read_limited(*state, (struct mime_limits){ .parts = 2, .header_bytes = 9 }, message, &why), OK);
    assert_int_equal(read_limited(*state, (struct mime_limits){ .parts = 1 }, message, &why), E_LIMIT);
    assert_non_null(strstr(why, "parts"));
    assert_int_equal(read_limited(*state, (struct mime_limits){ .header_bytes = 8 }, message, &why), E_LIMIT);
    assert_non_null(strstr(why, "headers"));
}

static enum rc begin_refuses(void *user UNUSED, const struct mime_part *part UNUSED)
{
    return E_BUSY;
}

static void test_an_event_can_stop_the_reader_for_good(void **state)
{
    static const struct mime_events events = { begin_refuses, record_data, record_end };
    struct buf *record = buf_new(*state, 100);
    struct mime_reader *r;

    assert_int_equal(mime_reader_new(*state, "b", NULL, &events, record, &r), OK);
    assert_int_equal(mime_feed(r, STR("--b\r\n\r\nx\r\n--b--")), E_BUSY);
    assert_int_equal(mime_feed(r, STR("--b\r\n\r\nx\r\n--b--")), E_BUSY);
    assert_int_equal(mime_finish(r), E_BUSY);
    assert_int_equal(record->len, 0);
    assert_null(mime_why(r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_parts_come_with_their_headers),
        ARENA_TEST(test_preamble_and_epilogue_are_ignored),
        ARENA_TEST(test_the_closing_delimiter_may_lack_its_line_end),
        ARENA_TEST(test_padding_may_follow_a_delimiter),
        ARENA_TEST(test_bare_line_feeds_end_header_lines),
        ARENA_TEST(test_header_lines_may_be_folded),
        ARENA_TEST(test_the_first_of_headers_that_come_twice_counts),
        ARENA_TEST(test_the_line_end_before_a_delimiter_is_its_own),
        ARENA_TEST(test_a_part_may_be_empty),
        ARENA_TEST(test_what_only_begins_like_a_delimiter_is_content),
        ARENA_TEST(test_a_delimiter_behind_a_false_one_is_seen),
        ARENA_TEST(test_endless_padding_is_content),
        ARENA_TEST(test_boundaries_hold_odd_characters),
        ARENA_TEST(test_bytes_of_any_value_pass),
        ARENA_TEST(test_content_is_not_held_back),
        ARENA_TEST(test_base64_is_decoded),
        ARENA_TEST(test_broken_base64_is_refused),
        ARENA_TEST(test_long_base64_is_decoded_in_pieces),
        ARENA_TEST(test_quoted_printable_is_decoded),
        ARENA_TEST(test_broken_quoted_printable_is_refused),
        ARENA_TEST(test_8bit_and_7bit_are_as_they_are),
        ARENA_TEST(test_an_unknown_encoding_is_refused),
        ARENA_TEST(test_a_message_without_its_end_is_incomplete),
        ARENA_TEST(test_broken_headers_are_refused),
        ARENA_TEST(test_boundaries_have_one_to_seventy_characters),
        ARENA_TEST(test_parts_and_headers_are_bounded),
        ARENA_TEST(test_an_event_can_stop_the_reader_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
