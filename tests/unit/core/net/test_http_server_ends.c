/* How connections end: deadlines, peers that vanish, drains, and the cap on connections. */
#include "unit/core/net/bench.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_half_a_head_is_answered_when_its_time_is_over(void **state)
{
    struct client c = client_connect(*state);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\nHost:");
    PUMP_UNTIL(&c, c.closed);
    assert_true(text_starts(buf_text(&c.got), "HTTP/1.1 408 Request Timeout\r\n"));
    client_close(&c);
}

static void test_half_a_body_is_answered_when_its_time_is_over(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nhalf");
    PUMP_UNTIL(&c, c.closed);
    assert_true(text_starts(buf_text(&c.got), "HTTP/1.1 408 Request Timeout\r\n"));
    assert_int_equal(b->ends, 0);
    assert_int_equal(b->unsent, 1);
    client_close(&c);
}

static void reply_now(void *arg)
{
    struct bench *b = arg;
    http_reply_text(b->request, 503, "the service was first");
}

/* Both timers are due in the same turn, the deadline's before the service's. */
static void test_a_reply_as_the_deadline_passes_stands(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nhalf");
    while (b->body.len < 4)
        loop_turn(b->loop, 1);
    loop_after(b->loop, 20, reply_now, b);
    usleep(200000);
    PUMP_UNTIL(&c, c.closed);
    assert_true(text_starts(buf_text(&c.got), "HTTP/1.1 503 "));
    assert_int_equal(b->sent, 1);
    client_close(&c);
}

static void test_an_idle_connection_ends_silently(void **state)
{
    struct bench *b = *state;
    struct client fresh = client_connect(b);
    PUMP_UNTIL(&fresh, fresh.closed);
    assert_int_equal(fresh.got.len, 0);
    client_close(&fresh);

    struct client c = client_connect(b);
    CLIENT_SEND(&c, "GET / HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&c, c.closed);
    assert_int_equal(occurrences(&c, "HTTP/1.1"), 1);
    client_close(&c);
}

static void test_a_service_that_takes_long_is_no_idle_connection(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    uint64_t start = clock_ticks();

    CLIENT_SEND(&c, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    while (clock_ticks() - start < 300 * UINT64_C(1000000))
        pump(&c);
    assert_false(c.closed);
    http_reply_text(b->request, 200, "done");
    PUMP_UNTIL(&c, has(&c, "done"));
    client_close(&c);
}

static void test_a_client_gone_in_its_body_is_told_once(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b), other = client_connect(b);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nhalf");
    PUMP_UNTIL(&c, b->body.len == 4);
    client_close(&c);
    PUMP_UNTIL(&other, b->unsent == 1);
    pump_some(&other);
    assert_int_equal(b->unsent, 1);
    assert_int_equal(b->ends, 0);
    client_close(&other);
}

static void test_a_client_gone_while_it_is_owed_a_reply_is_told_at_once(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b), other = client_connect(b);

    CLIENT_SEND(&c, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&c, b->ends == 1);
    client_close(&c);
    PUMP_UNTIL(&other, b->unsent == 1);
    assert_int_equal(b->sent, 0);
    client_close(&other);
}

static void test_a_client_reset_in_its_reply_is_told_once(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b), other = client_connect(b);
    struct linger hard = { .l_onoff = 1 };

    b->pieces[0] = b->pieces[1] = b->pieces[2] = (struct http_piece)HTTP_PIECE_BYTES(zeroes(b->arena, 32 * MIB));
    CLIENT_SEND(&c, "GET /pieces HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&other, b->ends == 1);
    pump_some(&other);
    assert_int_equal(b->sent, 0);
    setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    client_close(&c);
    PUMP_UNTIL(&other, b->unsent == 1);
    client_close(&other);
}

static void on_drained(void *arg)
{
    struct bench *b = arg;

    b->drained = true;
    http_server_free(b->server);
    b->server = NULL;
}

static void test_a_drain_lets_the_request_under_way_finish(void **state)
{
    struct bench *b = *state;
    struct client idle = client_connect(b), c = client_connect(b);

    CLIENT_SEND(&idle, "GET / HTTP/1.1\r\n" HOST "\r\n");
    CLIENT_SEND(&c, "POST /later HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nab");
    PUMP_UNTIL(&c, b->body.len == 2);
    http_server_drain(b->server, 60000, on_drained, b);
    PUMP_UNTIL(&idle, idle.closed);
    CLIENT_SEND(&c, "cd");
    PUMP_UNTIL(&c, b->ends == 2);
    pump_some(&c);
    assert_false(b->drained);
    http_reply_text(b->request, 200, "finished");
    PUMP_UNTIL(&c, c.closed && b->drained);
    assert_true(has(&c, "Connection: close\r\n"));
    assert_true(has(&c, "finished"));
    client_close(&c);
    client_close(&idle);
}

static void test_a_drain_ends_in_time_whoever_is_left(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&c, b->ends == 1);
    http_server_drain(b->server, 30, on_drained, b);
    PUMP_UNTIL(&c, b->drained && c.closed);
    assert_int_equal(b->unsent, 1);
    client_close(&c);
}

static void test_an_empty_server_is_drained_at_once(void **state)
{
    struct bench *b = *state;

    http_server_drain(b->server, 60000, on_drained, b);
    for (int i = 0; i < 1000 && !b->drained; i++)
        loop_turn(b->loop, 5);
    assert_true(b->drained);
}

static void test_a_service_may_free_the_server_in_any_callback(void **state)
{
    const struct str requests[] = {
        STR("POST /free-on-head HTTP/1.1\r\n" HOST "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"),
        STR("POST /free-on-body HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbody"),
        STR("GET /free-on-end HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n"),
        STR("GET /free-on-gone HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n"),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
        void *fresh;
        bench_setup(&fresh);
        struct bench *b = fresh;
        struct client c = client_connect(b), other = client_connect(b);
        CLIENT_SEND(&other, "GET / HTTP/1.1\r\n" HOST "\r\n");
        client_send(&c, requests[i]);
        PUMP_UNTIL(&c, c.closed);
        PUMP_UNTIL(&other, other.closed);
        assert_int_equal(b->sent + b->unsent, 2);
        client_close(&c);
        client_close(&other);
        bench_teardown(&fresh);
    }
}

/* Turns of 20 ms that end at once would mean that an event nobody serves keeps the loop awake. */
static void test_a_client_that_talks_while_its_reply_is_stuck_spins_nothing(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    for (size_t i = 0; i < ARRAY_LEN(b->pieces); i++)
        b->pieces[i] = (struct http_piece)HTTP_PIECE_BYTES(zeroes(b->arena, 32 * MIB));
    CLIENT_SEND(&c, "GET /pieces HTTP/1.1\r\n" HOST "\r\n");
    while (b->ends == 0)
        loop_turn(b->loop, 5);
    assert_int_equal(send(c.fd, "GET", 3, 0), 3);
    for (int i = 0; i < 1000; i++)
        loop_turn(b->loop, 0);
    uint64_t start = clock_ticks();
    for (int i = 0; i < 10; i++)
        loop_turn(b->loop, 20);
    assert_true(clock_ticks() - start > 100 * UINT64_C(1000000));
    client_close(&c);
}

static void test_connections_over_the_cap_wait_their_turn(void **state)
{
    struct bench *b = *state;
    struct client one = client_connect(b), two = client_connect(b), three = client_connect(b);

    CLIENT_SEND(&one, "GET / HTTP/1.1\r\n" HOST "\r\n");
    CLIENT_SEND(&two, "GET / HTTP/1.1\r\n" HOST "\r\n");
    CLIENT_SEND(&three, "GET / HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&two, b->sent == 2);
    pump_some(&three);
    assert_int_equal(b->sent, 2);
    client_close(&one);
    PUMP_UNTIL(&three, has(&three, "200 OK"));
    client_close(&two);
    client_close(&three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_half_a_head_is_answered_when_its_time_is_over, bench_setup_impatient),
        BENCH_TEST(test_half_a_body_is_answered_when_its_time_is_over, bench_setup_impatient),
        BENCH_TEST(test_a_reply_as_the_deadline_passes_stands, bench_setup_impatient),
        BENCH_TEST(test_an_idle_connection_ends_silently, bench_setup_impatient),
        BENCH_TEST(test_a_service_that_takes_long_is_no_idle_connection, bench_setup_impatient),
        BENCH_TEST(test_a_client_gone_in_its_body_is_told_once, bench_setup),
        BENCH_TEST(test_a_client_gone_while_it_is_owed_a_reply_is_told_at_once, bench_setup),
        BENCH_TEST(test_a_client_reset_in_its_reply_is_told_once, bench_setup),
        BENCH_TEST(test_a_drain_lets_the_request_under_way_finish, bench_setup),
        BENCH_TEST(test_a_drain_ends_in_time_whoever_is_left, bench_setup),
        BENCH_TEST(test_an_empty_server_is_drained_at_once, bench_setup),
        cmocka_unit_test(test_a_service_may_free_the_server_in_any_callback),
        BENCH_TEST(test_a_client_that_talks_while_its_reply_is_stuck_spins_nothing, bench_setup),
        BENCH_TEST(test_connections_over_the_cap_wait_their_turn, bench_setup_narrow),
    };

    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
