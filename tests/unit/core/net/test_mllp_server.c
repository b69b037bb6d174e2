/* The MLLP server seen by a raw socket. Its service answers "A:" and the message, but for "later", "hang up". */
#include "net/mllp_server.h"
#include "unit/core/net/bench.h"

struct door {
    struct bench bench; /* of which the client needs loop and port */
    struct mllp_server *server;
    struct mllp_message *later;
    int messages, sent, unsent;
    bool drained, cut;
};

static void reply_to(struct mllp_message *m)
{
    mllp_reply(m, str_from(arena_printf(m->arena, "A:%.*s", (int)m->bytes.len, m->bytes.data)));
}

static void on_message(struct mllp_message *m)
{
    struct door *d = m->user;

    d->messages++;
    d->cut = m->is_cut;
    if (str_is(m->bytes, "hang up"))
        mllp_hang_up(m);
    else if (str_is(m->bytes, "later"))
        d->later = m;
    else
        reply_to(m);
}

static void on_gone(struct mllp_message *m, bool sent)
{
    struct door *d = m->user;

    d->sent += sent;
    d->unsent += !sent;
    d->later = NULL;
}

static int setup_with(void **state, struct mllp_server_config config)
{
    struct arena *a = arena_new();
    struct door *d = ARENA_NEW(a, struct door);
    struct mllp_service *service = ARENA_NEW(a, struct mllp_service);

    net_init();
    *service = (struct mllp_service){ .on_message = on_message, .on_gone = on_gone, .user = d };
    config.bind = "127.0.0.1";
    config.service = service;
    d->bench.arena = a;
    d->bench.loop = loop_new();
    assert_int_equal(mllp_server_new(d->bench.loop, &config, &d->server), OK);
    d->bench.port = mllp_server_port(d->server);
    *state = d;
    return 0;
}

static int setup(void **state)
{
    return setup_with(state, (struct mllp_server_config){ .max_message = 1000 });
}

static int setup_impatient(void **state)
{
    return setup_with(state, (struct mllp_server_config){ .message_ms = 40, .idle_ms = 40 });
}

static int setup_slow_only(void **state)
{
    return setup_with(state, (struct mllp_server_config){ .max_message = 1000, .message_ms = 40 });
}

static int teardown(void **state)
{
    struct door *d = *state;

    mllp_server_free(d->server);
    loop_free(d->bench.loop);
    arena_free(d->bench.arena);
    return 0;
}

#define DOOR_TEST(test, with) cmocka_unit_test_setup_teardown(test, with, teardown)

static void test_many_messages_share_a_connection(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    for (size_t i = 1; i <= 3; i++) {
        CLIENT_SEND(&c, "\x0bhello\x1c\r");
        PUMP_UNTIL(&c, occurrences(&c, "\x0b"
                                       "A:hello\x1c\r") == i);
    }
    PUMP_UNTIL(&c, d->sent == 3);
    assert_false(c.closed);
    client_close(&c);
}

static void test_pipelined_messages_are_answered_in_order(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);
    struct buf *all = buf_new(d->bench.arena, BUF_MAX_DEFAULT);

    for (int i = 0; i < 100; i++)
        buf_printf(all, "\x0b<%02d>\x1c\r", i);
    client_send(&c, buf_str(all));
    PUMP_UNTIL(&c, has(&c, "A:<99>\x1c\r"));
    const char *at = buf_text(&c.got);
    for (int i = 0; i < 100; i++)
        assert_non_null(at = strstr(at, arena_printf(d->bench.arena,
                                                     "\x0b"
                                                     "A:<%02d>\x1c",
                                                     i)));
    client_close(&c);
}

static void test_the_second_message_waits_for_the_first_answer(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    CLIENT_SEND(&c, "\x0blater\x1c\r\x0bsecond\x1c\r");
    PUMP_UNTIL(&c, d->later != NULL);
    pump_some(&c);
    assert_int_equal(d->messages, 1);
    reply_to(d->later);
    PUMP_UNTIL(&c, has(&c, "A:later\x1c\r\x0b"
                           "A:second\x1c\r"));
    client_close(&c);
}

static void test_a_message_may_come_byte_by_byte(void **state)
{
    static const char text[] = "noise\x0bhello\x1c\r";
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    for (const char *p = text; *p != '\0'; p++) {
        client_send(&c, (struct str){ p, 1 });
        pump(&c);
    }
    PUMP_UNTIL(&c, has(&c, "A:hello"));
    client_close(&c);
}

static void test_a_message_that_is_too_long_is_answered_and_passed_over(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    CLIENT_SEND(&c, "\x0bMSH|");
    client_send(&c, zeroes(d->bench.arena, 3000));
    PUMP_UNTIL(&c, has(&c, "A:MSH|"));
    assert_true(d->cut);
    client_send(&c, zeroes(d->bench.arena, 3000));
    CLIENT_SEND(&c, "\x1c\r\x0bhello\x1c\r");
    PUMP_UNTIL(&c, has(&c, "A:hello"));
    assert_int_equal(d->messages, 2);
    client_close(&c);
}

static void test_a_message_that_is_too_long_and_never_ends_ends_the_connection(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    CLIENT_SEND(&c, "\x0bMSH|");
    client_send(&c, zeroes(d->bench.arena, 3000));
    PUMP_UNTIL(&c, has(&c, "A:MSH|"));
    PUMP_UNTIL(&c, c.closed);
    assert_int_equal(d->messages, 1);
    client_close(&c);
}

static void test_the_service_may_hang_up(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    CLIENT_SEND(&c, "\x0bhang up\x1c\r");
    PUMP_UNTIL(&c, c.closed);
    assert_int_equal(d->unsent, 1);
    client_close(&c);
}

static void test_idle_connections_end(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    PUMP_UNTIL(&c, c.closed);
    client_close(&c);
    c = client_connect(&d->bench);
    CLIENT_SEND(&c, "\x0bhello\x1c\r");
    PUMP_UNTIL(&c, has(&c, "A:hello"));
    PUMP_UNTIL(&c, c.closed);
    client_close(&c);
}

static void test_a_message_that_never_ends_ends_the_connection(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    CLIENT_SEND(&c, "\x0bhello\x1c\r\x0bhel");
    PUMP_UNTIL(&c, c.closed);
    assert_int_equal(d->messages, 1);
    client_close(&c);
}

static void on_drained(void *arg)
{
    ((struct door *)arg)->drained = true;
}

static void test_draining_lets_an_answer_leave(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench), idle = client_connect(&d->bench);

    CLIENT_SEND(&c, "\x0blater\x1c\r");
    PUMP_UNTIL(&c, d->later != NULL);
    mllp_server_drain(d->server, 10000, on_drained, d);
    PUMP_UNTIL(&idle, idle.closed);
    assert_false(d->drained);
    reply_to(d->later);
    PUMP_UNTIL(&c, has(&c, "A:later"));
    PUMP_UNTIL(&c, d->drained);
    client_close(&c);
    client_close(&idle);
}

static void test_a_peer_that_left_is_noticed(void **state)
{
    struct door *d = *state;
    struct client c = client_connect(&d->bench);

    CLIENT_SEND(&c, "\x0blater\x1c\r");
    PUMP_UNTIL(&c, d->later != NULL);
    client_close(&c);
    reply_to(d->later);
    while (d->sent + d->unsent == 0)
        loop_turn(d->bench.loop, 10);
    for (int i = 0; i < 5; i++)
        loop_turn(d->bench.loop, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DOOR_TEST(test_many_messages_share_a_connection, setup),
        DOOR_TEST(test_pipelined_messages_are_answered_in_order, setup),
        DOOR_TEST(test_the_second_message_waits_for_the_first_answer, setup),
        DOOR_TEST(test_a_message_may_come_byte_by_byte, setup),
        DOOR_TEST(test_a_message_that_is_too_long_is_answered_and_passed_over, setup),
        DOOR_TEST(test_a_message_that_is_too_long_and_never_ends_ends_the_connection, setup_slow_only),
        DOOR_TEST(test_the_service_may_hang_up, setup),
        DOOR_TEST(test_idle_connections_end, setup_impatient),
        DOOR_TEST(test_a_message_that_never_ends_ends_the_connection, setup_slow_only),
        DOOR_TEST(test_draining_lets_an_answer_leave, setup),
        DOOR_TEST(test_a_peer_that_left_is_noticed, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
