#include "arena_state.h"
#include "mime_record.h"

static void test_the_type_quotes_everything(void **state)
{
    assert_string_equal(mime_mtom_type(*state, "b", "root@x", "urn:a"),
                        "multipart/related; type=\"application/xop+xml\"; start=\"<root@x>\"; "
                        "start-info=\"application/soap+xml\"; boundary=\"b\"; action=\"urn:a\"");
    assert_null(strstr(mime_mtom_type(*state, "b", "root@x", NULL), "action"));
}

static void test_the_type_reads_back(void **state)
{
    struct mime_type t;
    const char *type = mime_mtom_type(*state, "b:+", "root@x", "urn:\"q\"\\\r\nX-Evil: 1");

    assert_int_equal(mime_type_parse(*state, str_from(type), &t), OK);
    assert_string_equal(t.type, "multipart/related");
    assert_string_equal(mime_param(&t, "start"), "<root@x>");
    assert_string_equal(mime_param(&t, "boundary"), "b:+");
    assert_string_equal(mime_param(&t, "action"), "urn:\"q\"\\X-Evil: 1");
}

static void test_a_message_is_laid_out_as_xop_says(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);

    mime_write_root(b, "b", "root@x", "urn:a");
    buf_add_text(b, "<a/>");
    mime_write_part(b, "b", "doc@x", "application/pdf");
    buf_add_text(b, "%PDF");
    mime_write_end(b, "b");
    assert_string_equal(buf_text(b),
                        "--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"; "
                        "action=\"urn:a\"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <root@x>\r\n\r\n<a/>"
                        "\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n"
                        "Content-ID: <doc@x>\r\n\r\n%PDF\r\n--b--\r\n");
}

static void test_what_we_write_we_read(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT), *record = buf_new(*state, BUF_MAX_DEFAULT);
    struct mime_reader *r;

    mime_write_root(b, "b", "root@x", NULL);
    buf_add_text(b, "<a/>");
    mime_write_part(b, "b", "doc@x", "text/plain\r\nX-Evil: 1");
    mime_write_end(b, "b");
    assert_int_equal(mime_reader_new(*state, "b", NULL, &record_events, record, &r), OK);
    assert_int_equal(mime_feed(r, buf_str(b)), OK);
    assert_int_equal(mime_finish(r), OK);
    assert_string_equal(buf_text(record), "[root@x|application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"|0:"
                                          "<a/>][doc@x|text/plainX-Evil: 1|0:]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_the_type_quotes_everything),
        ARENA_TEST(test_the_type_reads_back),
        ARENA_TEST(test_a_message_is_laid_out_as_xop_says),
        ARENA_TEST(test_what_we_write_we_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
