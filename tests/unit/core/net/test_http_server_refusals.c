/* What the server or its service refuses, and that the peer can read why. */
#include "unit/core/net/bench.h"

#include <errno.h>
#include <sys/socket.h>

static void test_continue_is_said_when_the_body_is_wanted(void **state)
{
    struct client c = client_connect(*state);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    PUMP_UNTIL(&c, has(&c, "HTTP/1.1 100 Continue\r\n\r\n"));
    assert_int_equal(c.got.len, strlen("HTTP/1.1 100 Continue\r\n\r\n"));
    CLIENT_SEND(&c, "ok");
    PUMP_UNTIL(&c, has(&c, "\r\n\r\nok"));
    client_close(&c);
}

static void test_continue_is_not_said_when_the_head_is_refused(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "POST /nowhere HTTP/1.1\r\n" HOST "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    PUMP_UNTIL(&c, c.closed);
    assert_true(text_starts(buf_text(&c.got), "HTTP/1.1 404 Not Found\r\n"));
    assert_true(has(&c, "there is no such path\n"));
    assert_false(has(&c, "100 Continue"));
    assert_int_equal(b->ends, 0);
    assert_int_equal(b->sent, 1);
    client_close(&c);
}

static void test_an_announced_body_over_the_limit_is_refused_at_once(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 8388609\r\nExpect: 100-continue\r\n\r\n");
    PUMP_UNTIL(&c, c.closed);
    assert_true(text_starts(buf_text(&c.got), "HTTP/1.1 413 Content Too Large\r\n"));
    assert_int_equal(b->heads, 0);
    client_close(&c);
}

/* The client neither asks nor reads before it has sent all: without a lingering close the reset would eat the 413. */

static void test_a_413_is_readable_by_a_client_that_sends_everything_first(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    struct str body = zeroes(b->arena, 16 * MIB);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 16777216\r\n\r\n");
    for (size_t sent = 0; sent < body.len;) {
        ssize_t n = send(c.fd, body.data + sent, body.len - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        assert_true(n > 0 || errno == EAGAIN);
        sent += n > 0 ? (size_t)n : 0;
        loop_turn(b->loop, 1);
    }
    PUMP_UNTIL(&c, c.closed);
    assert_true(text_starts(buf_text(&c.got), "HTTP/1.1 413 Content Too Large\r\n"));
    assert_true(has(&c, "Connection: close\r\n"));
    client_close(&c);
}

static void test_a_chunked_body_over_the_limit_is_refused_when_it_gets_there(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n900000\r\n");
    client_send(&c, zeroes(b->arena, 0x900000));
    PUMP_UNTIL(&c, has(&c, "HTTP/1.1 413 "));
    assert_int_equal(b->unsent, 1);
    assert_int_equal(b->ends, 0);
    client_close(&c);
}

static void test_malformed_requests_are_answered_and_the_connection_ends(void **state)
{
    const struct {
        struct str bytes;
        const char *answer;
    } malformed[] = {
        { STR("GET / HTTP/1.1\n\n"), "HTTP/1.1 400 " },
        { STR("GET / HTTP/3.0\r\n\r\n"), "HTTP/1.1 505 " },
        { STR("GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"), "HTTP/1.1 501 " },
        { STR("\x16\x03\x01\x02\x00\x01"), "HTTP/1.1 400 " },
        { STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nnonsense"), "HTTP/1.1 400 " },
    };

    for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
        struct client c = client_connect(*state);
        client_send(&c, malformed[i].bytes);
        PUMP_UNTIL(&c, c.closed);
        assert_true(text_starts(buf_text(&c.got), malformed[i].answer));
        client_close(&c);
    }
}

static void test_a_head_over_16_kb_is_refused(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    char *filler = arena_alloc(b->arena, 20000);

    memset(filler, 'x', 19999);
    CLIENT_SEND(&c, "GET / HTTP/1.1\r\n" HOST "X: ");
    client_send(&c, str_from(filler));
    PUMP_UNTIL(&c, c.closed);
    assert_true(text_starts(buf_text(&c.got), "HTTP/1.1 431 "));
    assert_int_equal(b->heads, 0);
    client_close(&c);
}

static void test_a_body_may_be_refused_on_the_way(void **state)
{
    struct bench *b = *state;
    const char *const paths[] = { "/stop", "/stop-later" };

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct client c = client_connect(b);
        client_send(&c, str_from(arena_printf(b->arena, "POST %s HTTP/1.1\r\n" HOST "Content-Length: 4194304\r\n\r\n",
                                              paths[i])));
        client_send(&c, zeroes(b->arena, 4 * MIB));
        PUMP_UNTIL(&c, c.closed);
        assert_true(has(&c, "HTTP/1.1 422 Unprocessable Content\r\n"));
        assert_int_equal(b->sent, i + 1);
        assert_true(b->body.len < 4 * MIB);
        client_close(&c);
    }
    assert_int_equal(b->ends, 0);
}

static void test_a_reply_may_come_before_the_body(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "POST /early HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\n12345");
    PUMP_UNTIL(&c, c.closed);
    assert_true(has(&c, "before the body"));
    assert_int_equal(b->ends, 0);
    client_close(&c);

    c = client_connect(b);
    CLIENT_SEND(&c, "GET /early HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&c, b->sent == 2);
    assert_false(c.closed);
    assert_int_equal(b->ends, 0);
    client_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_continue_is_said_when_the_body_is_wanted, bench_setup),
        BENCH_TEST(test_continue_is_not_said_when_the_head_is_refused, bench_setup),
        BENCH_TEST(test_an_announced_body_over_the_limit_is_refused_at_once, bench_setup),
        BENCH_TEST(test_a_413_is_readable_by_a_client_that_sends_everything_first, bench_setup),
        BENCH_TEST(test_a_chunked_body_over_the_limit_is_refused_when_it_gets_there, bench_setup),
        BENCH_TEST(test_malformed_requests_are_answered_and_the_connection_ends, bench_setup),
        BENCH_TEST(test_a_head_over_16_kb_is_refused, bench_setup),
        BENCH_TEST(test_a_body_may_be_refused_on_the_way, bench_setup),
        BENCH_TEST(test_a_reply_may_come_before_the_body, bench_setup),
    };

    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
