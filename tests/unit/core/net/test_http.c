/* Request heads and chunked bodies: what is taken, and all that is not. */
#include "net/http.h"

#include "base/arena.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HOST "Host: localhost\r\n"

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

static struct http_head parse(struct arena *a, const char *text)
{
    struct http_head head;
    int status;
    const char *why;

    assert_int_equal(http_head_parse(a, str_from(text), &head, &status, &why), OK);
    return head;
}

static void assert_refused(struct arena *a, struct str bytes, int expected)
{
    struct http_head head = { .method = "untouched" };
    int status = 0;
    const char *why = NULL;

    if (http_head_parse(a, bytes, &head, &status, &why) != E_SYNTAX || status != expected)
        fail_msg("expected %d, got %d (%s) for: %s", expected, status, why == NULL ? "taken" : why, bytes.data);
    assert_non_null(why);
    assert_string_equal(head.method, "untouched");
}

static void test_a_plain_head_is_understood(void **state)
{
    struct http_head h = parse(*state, "POST /0035/registry?x=1&y HTTP/1.1\r\n" HOST
                                       "Content-Length: 42\r\nContent-Type:  text/xml \t\r\nX-Empty:\r\n\r\n");

    assert_string_equal(h.method, "POST");
    assert_string_equal(h.path, "/0035/registry");
    assert_string_equal(h.query, "x=1&y");
    assert_int_equal(h.content_length, 42);
    assert_true(h.keep_alive);
    assert_false(h.chunked);
    assert_false(h.expect_continue);
    assert_string_equal(http_header(&h, "content-TYPE"), "text/xml");
    assert_string_equal(http_header(&h, "X-Empty"), "");
    assert_null(http_header(&h, "Content"));
}

static void test_an_absent_body_is_no_length(void **state)
{
    struct http_head h = parse(*state, "GET / HTTP/1.1\r\n" HOST "\r\n");

    assert_true(h.content_length == HTTP_LENGTH_NONE);
    assert_null(h.query);
}

static void test_the_first_of_equal_headers_is_found(void **state)
{
    struct http_head h = parse(*state, "GET / HTTP/1.1\r\n" HOST "X: one\r\nx: two\r\n\r\n");
    assert_string_equal(http_header(&h, "X"), "one");
}

static void test_paths_are_percent_decoded(void **state)
{
    assert_string_equal(parse(*state, "GET /%61%2Fb%e3%81%82+c HTTP/1.1\r\n" HOST "\r\n").path, "/a/bあ+c");
    assert_string_equal(parse(*state, "GET /..a/b../...?q=/../ HTTP/1.1\r\n" HOST "\r\n").path, "/..a/b../...");
}

static void test_the_absolute_form_is_a_path_too(void **state)
{
    assert_string_equal(parse(*state, "GET http://h:1/a?b HTTP/1.1\r\n" HOST "\r\n").path, "/a");
    assert_string_equal(parse(*state, "GET https://h HTTP/1.1\r\n" HOST "\r\n").path, "/");

    struct http_head h = parse(*state, "GET http://h?q HTTP/1.1\r\n" HOST "\r\n");
    assert_string_equal(h.path, "/");
    assert_string_equal(h.query, "q");
}

static void test_connection_close_is_found_in_a_list(void **state)
{
    assert_false(parse(*state, "GET / HTTP/1.1\r\n" HOST "Connection: te, Close\r\n\r\n").keep_alive);
    assert_true(parse(*state, "GET / HTTP/1.1\r\n" HOST "Connection: closed,,te\r\n\r\n").keep_alive);
}

static void test_http_1_0_closes_and_needs_no_host(void **state)
{
    struct http_head h = parse(*state, "POST / HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n");

    assert_false(h.keep_alive);
    assert_false(h.expect_continue);
}

static void test_chunked_and_expect_are_seen_in_any_case(void **state)
{
    struct http_head h = parse(*state,
                               "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\nExpect: 100-Continue\r\n\r\n");

    assert_true(h.chunked);
    assert_true(h.expect_continue);
}

#define GET_(headers) STR("GET / HTTP/1.1\r\n" HOST headers "\r\n")

static void test_every_strictness(void **state)
{
    const struct {
        int status;
        struct str head;
    } refused[] = {
        /* lines */
        { 400, STR("GET / HTTP/1.1\n" HOST "\r\n") },
        { 400, STR("GET / HTTP/1.1\r\nHost: x\n\r\n") },
        { 400, STR("GET / HTTP/1.1\r\nHost: x\r\n\n") },
        { 400, STR("GET / HTTP/1.1\r\nHost: x\r\n") },
        { 400, STR("") },
        { 400, STR("\r\n") },
        { 400, GET_("X: a\rb\r\n") },
        { 400, GET_("X: a\0b\r\n") },
        { 400, GET_("X: a\x01\r\n") },
        { 400, GET_("X: a\x7f\r\n") },
        { 400, STR("GET / HTTP/1.1\r\n" HOST "\r\nbehind\r\n") },
        /* the request line */
        { 400, STR("GET /\r\n" HOST "\r\n") },
        { 400, STR("GET\r\n" HOST "\r\n") },
        { 400, STR("GET  / HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET / HTTP/1.1 \r\n" HOST "\r\n") },
        { 400, STR("GET / http/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET / HTTP/1.10\r\n" HOST "\r\n") },
        { 400, STR(" GET / HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("G(T / HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GETGETGETGETGETGETGETGETGETGETGET / HTTP/1.1\r\n" HOST "\r\n") },
        { 505, STR("GET / HTTP/2.0\r\n" HOST "\r\n") },
        { 505, STR("PRI * HTTP/2.0\r\n\r\n") },
        { 505, STR("GET / HTTP/0.9\r\n" HOST "\r\n") },
        { 400, STR("HTTP/1.1 200 OK\r\n" HOST "\r\n") },
        /* the target */
        { 400, STR("GET a HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("OPTIONS * HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("CONNECT h:443 HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET ftp://h/ HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /a#b HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /\tb HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /\xe3\x81\x82 HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /%00 HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /%0d%0aX HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /% HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /%4 HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /%g0 HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /.. HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /a/../b HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /a/%2e%2E/b HTTP/1.1\r\n" HOST "\r\n") },
        { 400, STR("GET /a%2f..%2fb HTTP/1.1\r\n" HOST "\r\n") },
        /* headers */
        { 400, STR("GET / HTTP/1.1\r\n\r\n") },
        { 400, GET_("Host: twice\r\n") },
        { 400, GET_("X: a\r\n folded\r\n") },
        { 400, GET_("X: a\r\n\tfolded\r\n") },
        { 400, GET_("no colon\r\n") },
        { 400, GET_(": no name\r\n") },
        { 400, GET_("X : space\r\n") },
        { 400, GET_("X\xc3: name\r\n") },
        /* lengths and codings */
        { 400, GET_("Content-Length: 5\r\nContent-Length: 5\r\n") },
        { 400, GET_("Content-Length: 5, 5\r\n") },
        { 400, GET_("Content-Length: +5\r\n") },
        { 400, GET_("Content-Length: -5\r\n") },
        { 400, GET_("Content-Length: 0x5\r\n") },
        { 400, GET_("Content-Length:\r\n") },
        { 400, GET_("Content-Length: 18446744073709551616\r\n") },
        { 400, GET_("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") },
        { 400, GET_("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n") },
        { 400, GET_("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") },
        { 501, GET_("Transfer-Encoding: gzip, chunked\r\n") },
        { 501, GET_("Transfer-Encoding: identity\r\n") },
        { 501, GET_("Transfer-Encoding: xchunked\r\n") },
        { 400, STR("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") },
        { 417, GET_("Expect: 200-ok\r\n") },
    };

    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        assert_refused(*state, refused[i].head, refused[i].status);
}

static void test_a_hundred_headers_are_enough(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);

    buf_add_text(b, "GET / HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 99; i++)
        buf_add_text(b, "X: y\r\n");
    size_t hundred = b->len;
    buf_add_text(b, "\r\n");
    assert_string_equal(parse(*state, buf_text(b)).method, "GET");
    b->len = hundred;
    buf_add_text(b, "X: y\r\n\r\n");
    assert_refused(*state, buf_str(b), 431);
}

static void test_the_end_of_a_head_is_found_strict_or_not(void **state)
{
    (void)state;
    assert_int_equal(http_head_end(STR("")), 0);
    assert_int_equal(http_head_end(STR("GET / HTTP/1.1\r\n")), 0);
    assert_int_equal(http_head_end(STR("GET / HTTP/1.1\r\n\r")), 0);
    assert_int_equal(http_head_end(STR("a\r\nb\r\n\r\nbody\r\n\r\n")), 8);
    assert_int_equal(http_head_end(STR("a\n\nbody")), 3);
    assert_int_equal(http_head_end(STR("a\n\r\nbody")), 4);
}

/* Feeds text in slices of the given size; the body's bytes, or NULL when refused with *rc. */
static const char *unchunk(struct arena *a, struct str text, size_t slice, enum rc *rc, bool *done, size_t *rest)
{
    struct http_chunks chunks = { 0 };
    struct buf *body = buf_new(a, BUF_MAX_DEFAULT);

    *done = false;
    while (text.len > 0 && !*done) {
        struct str in = { text.data, MIN(slice, text.len) }, piece;
        size_t offered = in.len;
        *rc = http_chunks_feed(&chunks, &in, &piece, done);
        if (*rc != OK)
            return NULL;
        buf_add_str(body, piece);
        text.data += offered - in.len;
        text.len -= offered - in.len;
    }
    *rest = text.len;
    return buf_text(body);
}

static void test_chunks_are_joined_however_they_arrive(void **state)
{
    struct str text = STR(
        "5\r\nhello\r\n001;name=\"v\";x\r\n \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\nB:\r\n\r\nGET /");

    for (size_t slice = 1; slice <= text.len; slice++) {
        enum rc rc;
        bool done;
        size_t rest;
        const char *body = unchunk(*state, text, slice, &rc, &done, &rest);
        assert_non_null(body);
        assert_string_equal(body, "hello 0123456789");
        assert_true(done);
        assert_int_equal(rest, 5);
    }
}

static void test_a_chunked_body_without_its_end_is_not_done(void **state)
{
    enum rc rc;
    bool done;
    size_t rest;

    assert_string_equal(unchunk(*state, STR("3\r\nabc\r\n0\r\n\r"), 99, &rc, &done, &rest), "abc");
    assert_false(done);
}

static void test_malformed_chunks_are_refused(void **state)
{
    const struct str malformed[] = {
        STR("\r\n"),         STR("g\r\n"),          STR("-1\r\n"),
        STR("0x5\r\n"),      STR(" 5\r\n"),         STR("5 \r\n"),
        STR("5\nhello"),     STR("5\r\rhello"),     STR("5\r\nhello5"),
        STR("5\r\nhello\n"), STR("5\r\nhello\rx"),  STR("5;a\001b\r\n"),
        STR("5;a\nb\r\n"),   STR("0\r\n\n"),        STR("0\r\nA: b\n\r\n"),
        STR("0\r\n\rx"),     STR("0\r\n A: b\r\n"), STR("0\r\nA: \002\r\n"),
    };

    for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
        enum rc rc = OK;
        bool done;
        size_t rest;
        if (unchunk(*state, malformed[i], 1, &rc, &done, &rest) != NULL)
            fail_msg("taken: %s", malformed[i].data);
        assert_int_equal(rc, E_SYNTAX);
    }
}

static void assert_over_limit(struct arena *a, const char *head, char fill, size_t n)
{
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);
    enum rc rc = OK;
    bool done;
    size_t rest;

    buf_add_text(b, head);
    for (size_t i = 0; i < n; i++)
        buf_add_char(b, fill);
    assert_null(unchunk(a, buf_str(b), b->len, &rc, &done, &rest));
    assert_int_equal(rc, E_LIMIT);
}

static void test_chunk_lines_sizes_and_trailers_have_limits(void **state)
{
    assert_over_limit(*state, "", '0', 300);
    assert_over_limit(*state, "5;", 'x', 300);
    assert_over_limit(*state, "", 'f', 16);
    assert_over_limit(*state, "0\r\nA: ", 'x', 5000);
}

static void test_statuses_have_texts(void **state)
{
    (void)state;
    assert_string_equal(http_status_text(200), "OK");
    assert_string_equal(http_status_text(413), "Content Too Large");
    assert_string_equal(http_status_text(599), "Unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_plain_head_is_understood, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_absent_body_is_no_length, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_first_of_equal_headers_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_paths_are_percent_decoded, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_absolute_form_is_a_path_too, setup, teardown),
        cmocka_unit_test_setup_teardown(test_connection_close_is_found_in_a_list, setup, teardown),
        cmocka_unit_test_setup_teardown(test_http_1_0_closes_and_needs_no_host, setup, teardown),
        cmocka_unit_test_setup_teardown(test_chunked_and_expect_are_seen_in_any_case, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_strictness, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_hundred_headers_are_enough, setup, teardown),
        cmocka_unit_test(test_the_end_of_a_head_is_found_strict_or_not),
        cmocka_unit_test_setup_teardown(test_chunks_are_joined_however_they_arrive, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_chunked_body_without_its_end_is_not_done, setup, teardown),
        cmocka_unit_test_setup_teardown(test_malformed_chunks_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_chunk_lines_sizes_and_trailers_have_limits, setup, teardown),
        cmocka_unit_test(test_statuses_have_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
