/* The server seen by a raw socket: requests, bodies and replies that go well. */
#include "unit/core/net/bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_a_request_is_answered(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello");
    PUMP_UNTIL(&c, has(&c, "\r\n\r\nhello"));
    assert_true(text_starts(buf_text(&c.got), "HTTP/1.1 200 OK\r\nDate: "));
    assert_true(has(&c, "GMT\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nX-Method: POST\r\n\r\n"));
    assert_int_equal(b->heads, 1);
    assert_int_equal(b->ends, 1);
    PUMP_UNTIL(&c, b->sent == 1);
    assert_false(c.closed);
    client_close(&c);
}

static void test_the_connection_is_kept(void **state)
{
    struct client c = client_connect(*state);

    for (size_t i = 1; i <= 3; i++) {
        CLIENT_SEND(&c, "\r\nPOST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc");
        PUMP_UNTIL(&c, occurrences(&c, "\r\n\r\nabc") == i);
    }
    assert_false(c.closed);
    client_close(&c);
}

static void test_close_is_honoured(void **state)
{
    struct client c = client_connect(*state);

    CLIENT_SEND(&c, "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    PUMP_UNTIL(&c, c.closed);
    assert_true(has(&c, "Connection: close\r\n"));
    client_close(&c);

    c = client_connect(*state);
    CLIENT_SEND(&c, "GET / HTTP/1.0\r\n\r\n");
    PUMP_UNTIL(&c, c.closed);
    assert_true(has(&c, "HTTP/1.1 200 OK\r\n"));
    client_close(&c);
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    struct buf *all = buf_new(b->arena, BUF_MAX_DEFAULT);

    for (int i = 0; i < 100; i++)
        buf_printf(all, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\n<%02d>", i);
    client_send(&c, buf_str(all));
    PUMP_UNTIL(&c, has(&c, "<99>"));
    const char *at = buf_text(&c.got);
    for (int i = 0; i < 100; i++) {
        at = strstr(at, arena_printf(b->arena, "\r\n\r\n<%02d>", i));
        assert_non_null(at);
    }
    client_close(&c);
}

static void test_the_second_request_waits_for_the_first_reply(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "GET /later HTTP/1.1\r\n" HOST "\r\nGET /echo HTTP/1.1\r\n" HOST "\r\n");
    pump_some(&c);
    assert_int_equal(b->heads, 1);
    assert_int_equal(c.got.len, 0);
    http_reply_text(b->request, 200, "at last");
    PUMP_UNTIL(&c, b->sent == 2);
    client_receive(&c);
    assert_true(has(&c, "at last\nHTTP/1.1 200 OK\r\n"));
    client_close(&c);
}

static void test_head_has_the_length_and_no_body(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "HEAD /nowhere HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&c, b->sent == 1);
    client_receive(&c);
    assert_true(has(&c, "HTTP/1.1 404 Not Found\r\n"));
    assert_true(has(&c, "Content-Length: 22\r\n"));
    assert_false(has(&c, "no such path"));
    assert_false(c.closed);
    client_close(&c);
}

static void test_a_body_comes_in_chunks_byte_by_byte(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    struct str text = STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                          "4\r\nkake\r\n5;x\r\nhashi\r\n0\r\nT: r\r\n\r\n");

    for (size_t i = 0; i < text.len; i++)
        client_send(&c, (struct str){ text.data + i, 1 });
    PUMP_UNTIL(&c, has(&c, "\r\n\r\nkakehashi"));
    CLIENT_SEND(&c, "GET / HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&c, b->sent == 2);
    client_close(&c);
}

static void test_a_paused_body_stays_in_the_socket(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    struct str body = zeroes(b->arena, 4 * MIB);
    size_t sent = 0;
    int small = 65536;

    setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    CLIENT_SEND(&c, "POST /pause HTTP/1.1\r\n" HOST "Content-Length: 4194304\r\n\r\n");
    for (int idle = 0; idle < 20;) {
        ssize_t n = send(c.fd, body.data + sent, MIN(body.len - sent, (size_t)65536), MSG_DONTWAIT);
        idle = n > 0 ? 0 : idle + 1;
        sent += n > 0 ? (size_t)n : 0;
        loop_turn(b->loop, 1);
    }
    assert_true(sent < body.len);
    assert_true(b->body.len <= MIB);
    size_t before = b->body.len;
    pump_some(&c);
    assert_int_equal(b->body.len, before);
    while (b->ends == 0) {
        ssize_t n = sent < body.len ? send(c.fd, body.data + sent, body.len - sent, MSG_DONTWAIT) : 0;
        sent += n > 0 ? (size_t)n : 0;
        http_resume(b->request);
        loop_turn(b->loop, 1);
    }
    assert_int_equal(b->body.len, body.len);
    PUMP_UNTIL(&c, b->sent == 1);
    client_close(&c);
}

/* The peer fills the socket faster than it is read, so every pause leaves bytes behind that no new event tells of. */
static void test_one_resume_per_pause_is_enough(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    struct str body = zeroes(b->arena, 4 * MIB);
    int small = 65536;

    setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    CLIENT_SEND(&c, "POST /breathe HTTP/1.1\r\n" HOST "Content-Length: 4194304\r\n\r\n");
    while (body.len > 0) {
        ssize_t n = send(c.fd, body.data, body.len, MSG_DONTWAIT);
        if (n > 0)
            body = (struct str){ body.data + n, body.len - (size_t)n };
        pump(&c);
    }
    PUMP_UNTIL(&c, b->ends == 1);
    assert_int_equal(b->body.len, 4 * MIB);
    client_close(&c);
}

static void test_a_paused_request_is_not_ended_until_resumed(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);

    CLIENT_SEND(&c, "POST /pause HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab");
    pump_some(&c);
    assert_int_equal(b->ends, 0);
    http_resume(b->request);
    PUMP_UNTIL(&c, has(&c, "\r\n\r\nab"));
    client_close(&c);
}

static char pattern(size_t i)
{
    return (char)(i * 31 + i / 4099); /* no stretch is like its neighbour */
}

static int file_of(size_t size)
{
    int fd = memfd_create("download", MFD_CLOEXEC);

    assert_int_equal(ftruncate(fd, (off_t)size), 0);
    char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(p, MAP_FAILED);
    for (size_t i = 0; i < size; i++)
        p[i] = pattern(i);
    munmap(p, size);
    return fd;
}

static void test_a_file_between_two_texts_is_downloaded(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    size_t offset = 1000, length = 20 * MIB;
    int fd = file_of(length + 2 * offset);

    b->pieces[0] = (struct http_piece)HTTP_PIECE_BYTES(STR("head:"));
    b->pieces[1] = (struct http_piece){ .fd = fd, .offset = (off_t)offset, .length = length };
    b->pieces[2] = (struct http_piece)HTTP_PIECE_BYTES(STR(":tail"));
    CLIENT_SEND(&c, "GET /pieces HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&c, b->sent == 1);
    client_receive(&c);
    assert_true(has(&c, "Content-Length: 20971530\r\n"));
    const char *body = strstr(buf_text(&c.got), "\r\n\r\nhead:");
    assert_non_null(body);
    body += 9;
    assert_int_equal(c.got.data + c.got.len - body, length + 5);
    for (size_t i = 0; i < length; i++) {
        if (body[i] != pattern(offset + i))
            fail_msg("wrong at %zu", i);
    }
    assert_memory_equal(body + length, ":tail", 5);
    assert_false(c.closed);
    client_close(&c);
    close(fd);
}

static void test_a_file_shorter_than_announced_breaks_the_connection(void **state)
{
    struct bench *b = *state;
    struct client c = client_connect(b);
    int fd = file_of(1000);

    b->pieces[0] = (struct http_piece){ .fd = fd, .length = 1001 };
    CLIENT_SEND(&c, "GET /pieces HTTP/1.1\r\n" HOST "\r\n");
    PUMP_UNTIL(&c, c.closed);
    assert_int_equal(b->unsent, 1);
    client_close(&c);
    close(fd);
}

static void test_two_servers_share_a_port(void **state)
{
    struct bench *b = *state;
    struct http_service service = { 0 };
    struct http_server_config config = { .bind = "127.0.0.1", .port = b->port, .service = &service };
    struct http_server *second;

    assert_int_equal(http_server_new(b->loop, &config, &second), OK);
    assert_int_equal(http_server_port(second), b->port);
    http_server_free(second);
}

static void test_a_place_that_cannot_be_bound_is_a_configuration_error(void **state)
{
    struct bench *b = *state;
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);
    struct http_server *none;
    int taken = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(taken, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(taken, 1), 0);
    assert_int_equal(getsockname(taken, (struct sockaddr *)&at, &len), 0);
    struct http_server_config config = { .bind = "127.0.0.1", .port = ntohs(at.sin_port) };
    assert_int_equal(http_server_new(b->loop, &config, &none), E_CONFIG);
    close(taken);
    config.bind = "127.0.0.1.2";
    assert_int_equal(http_server_new(b->loop, &config, &none), E_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(test_a_request_is_answered, bench_setup),
        BENCH_TEST(test_the_connection_is_kept, bench_setup),
        BENCH_TEST(test_close_is_honoured, bench_setup),
        BENCH_TEST(test_pipelined_requests_are_answered_in_order, bench_setup),
        BENCH_TEST(test_the_second_request_waits_for_the_first_reply, bench_setup),
        BENCH_TEST(test_head_has_the_length_and_no_body, bench_setup),
        BENCH_TEST(test_a_body_comes_in_chunks_byte_by_byte, bench_setup),
        BENCH_TEST(test_a_paused_body_stays_in_the_socket, bench_setup),
        BENCH_TEST(test_one_resume_per_pause_is_enough, bench_setup),
        BENCH_TEST(test_a_paused_request_is_not_ended_until_resumed, bench_setup),
        BENCH_TEST(test_a_file_between_two_texts_is_downloaded, bench_setup),
        BENCH_TEST(test_a_file_shorter_than_announced_breaks_the_connection, bench_setup),
        BENCH_TEST(test_two_servers_share_a_port, bench_setup),
        BENCH_TEST(test_a_place_that_cannot_be_bound_is_a_configuration_error, bench_setup),
    };

    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
