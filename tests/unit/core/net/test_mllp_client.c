/* The MLLP client against the MLLP server, both on one loop. The server answers "A:" and the message, but for some. */
#include "net/mllp_client.h"

#include "base/buf.h"
#include "base/clock.h"
#include "net/mllp_server.h"
#include "support/scratch.h"
#include "unit/core/net/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PATIENCE UINT64_C(30000000000) /* ns */

struct pair {
    struct arena *arena;
    struct loop *loop;
    const char *folder; /* NULL: plain */
    struct tls_files server_files, client_files, stranger_files;
    struct tls_server *tls;
    struct mllp_server *server;
    struct mllp_service service;
    struct mllp_client *client;
    int messages, answers;
    enum rc rc;
    const char *answer, *why;
};

static void on_message(struct mllp_message *m)
{
    struct pair *p = m->user;

    p->messages++;
    if (str_is(m->bytes, "hang up"))
        mllp_hang_up(m);
    else if (!str_is(m->bytes, "silence"))
        mllp_reply(m, str_from(arena_printf(m->arena, "A:%.*s", (int)m->bytes.len, m->bytes.data)));
}

static void on_gone(struct mllp_message *m UNUSED, bool sent UNUSED)
{
}

static void on_answer(void *user, enum rc rc, struct str answer, const char *why)
{
    struct pair *p = user;

    p->answers++;
    p->rc = rc;
    p->answer = rc == OK ? str_dup(p->arena, answer) : NULL;
    p->why = arena_strdup(p->arena, why);
}

static void serve(struct pair *p, int port, int idle_ms)
{
    struct mllp_server_config config = {
        .bind = "127.0.0.1", .port = port, .tls = p->tls, .service = &p->service, .idle_ms = idle_ms
    };

    assert_int_equal(mllp_server_new(p->loop, &config, &p->server), OK);
}

static void connect_to(struct pair *p, const char *host, const struct tls_files *identity, int timeout_ms)
{
    const char *scheme = p->tls != NULL ? "mllps" : "mllp";
    struct mllp_client_spec spec = { .url = arena_printf(p->arena, "%s://%s:%d", scheme, host,
                                                         mllp_server_port(p->server)),
                                     .identity = identity,
                                     .timeout_ms = timeout_ms };

    mllp_client_free(p->client);
    assert_int_equal(mllp_client_new(p->loop, &spec, &p->client), OK);
}

static void send_and_wait(struct pair *p, const char *message)
{
    uint64_t until = clock_ticks() + PATIENCE;
    int before = p->answers;

    mllp_client_send(p->client, str_from(message), on_answer, p);
    assert_int_equal(p->answers, before);
    while (p->answers == before && clock_ticks() < until)
        loop_turn(p->loop, 100);
    assert_int_equal(p->answers, before + 1);
}

static struct pair *pair_new(void)
{
    struct arena *a = arena_new();
    struct pair *p = ARENA_NEW(a, struct pair);

    net_init();
    p->arena = a;
    p->loop = loop_new();
    p->service = (struct mllp_service){ .on_message = on_message, .on_gone = on_gone, .user = p };
    return p;
}

static int setup(void **state)
{
    struct pair *p = pair_new();

    serve(p, 0, 0);
    connect_to(p, "127.0.0.1", NULL, 30000);
    *state = p;
    return 0;
}

static int setup_tls(void **state)
{
    struct pair *p = pair_new();

    p->folder = scratch_make(p->arena);
    pki_make(p->arena, p->folder);
    p->server_files = pki_files(p->arena, p->folder, "ca", "server");
    p->client_files = pki_files(p->arena, p->folder, "ca", "client");
    p->stranger_files = pki_files(p->arena, p->folder, "ca", "rogue");
    assert_int_equal(tls_server_new(&p->server_files, true, &p->tls), OK);
    serve(p, 0, 0);
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    struct pair *p = *state;

    mllp_client_free(p->client);
    if (p->server != NULL)
        mllp_server_free(p->server);
    tls_server_free(p->tls);
    loop_free(p->loop);
    if (p->folder != NULL)
        scratch_remove(p->folder);
    arena_free(p->arena);
    return 0;
}

static void test_messages_are_answered_one_after_the_other(void **state)
{
    struct pair *p = *state;

    for (int i = 0; i < 50; i++) {
        send_and_wait(p, arena_printf(p->arena, "<%d>", i));
        assert_int_equal(p->rc, OK);
        assert_string_equal(p->answer, arena_printf(p->arena, "A:<%d>", i));
    }
    assert_int_equal(p->messages, 50);
}

static void test_a_peer_that_hangs_up_is_told(void **state)
{
    struct pair *p = *state;

    send_and_wait(p, "hang up");
    assert_int_equal(p->rc, E_PEER);
    assert_non_null(strstr(p->why, "ended the connection"));
    send_and_wait(p, "again");
    assert_int_equal(p->rc, OK);
}

static void test_silence_ends_in_time(void **state)
{
    struct pair *p = *state;

    connect_to(p, "127.0.0.1", NULL, 30);
    send_and_wait(p, "silence");
    assert_int_equal(p->rc, E_TIMEOUT);
    assert_non_null(strstr(p->why, "did not answer"));
}

static void test_nobody_there_is_told_and_found_when_he_comes(void **state)
{
    struct pair *p = *state;
    int port = mllp_server_port(p->server);

    send_and_wait(p, "first");
    mllp_server_free(p->server);
    p->server = NULL;
    send_and_wait(p, "nobody");
    assert_int_equal(p->rc, E_PEER);
    assert_non_null(strstr(p->why, "no connection"));
    serve(p, port, 0);
    send_and_wait(p, "somebody");
    assert_int_equal(p->rc, OK);
}

static void test_a_connection_that_ended_while_idle_is_made_anew(void **state)
{
    struct pair *p = *state;
    int port = mllp_server_port(p->server);

    send_and_wait(p, "first");
    mllp_server_free(p->server);
    serve(p, port, 0);
    send_and_wait(p, "second");
    assert_int_equal(p->rc, OK);
    assert_string_equal(p->answer, "A:second");
}

static void test_addresses(void **state UNUSED)
{
    static const struct {
        const char *url;
        bool is_valid;
    } cases[] = {
        { "mllp://localhost:2575", true }, { "mllps://[::1]:1", true },       { "mllp://10.0.0.1:65535/", true },
        { "mllp://localhost", false },     { "mllp://:2575", false },         { "http://localhost:80", false },
        { "mllp://localhost:", false },    { "mllp://localhost:12x", false }, { "", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(mllp_url_is_valid(cases[i].url), cases[i].is_valid);
}

static void test_tls_shows_both_certificates(void **state)
{
    struct pair *p = *state;

    connect_to(p, "localhost", &p->client_files, 30000);
    send_and_wait(p, "hello");
    assert_int_equal(p->rc, OK);
    assert_string_equal(p->answer, "A:hello");
    send_and_wait(p, "hello again");
    assert_int_equal(p->rc, OK);
}

static void test_tls_refuses_whoever_it_does_not_trust(void **state)
{
    struct pair *p = *state;

    connect_to(p, "localhost", &p->stranger_files, 30000);
    send_and_wait(p, "hello");
    assert_int_equal(p->rc, E_PEER);
    assert_int_equal(p->messages, 0);
}

#define PAIR_TEST(test, with) cmocka_unit_test_setup_teardown(test, with, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAIR_TEST(test_messages_are_answered_one_after_the_other, setup),
        PAIR_TEST(test_a_peer_that_hangs_up_is_told, setup),
        PAIR_TEST(test_silence_ends_in_time, setup),
        PAIR_TEST(test_nobody_there_is_told_and_found_when_he_comes, setup),
        PAIR_TEST(test_a_connection_that_ended_while_idle_is_made_anew, setup),
        cmocka_unit_test(test_addresses),
        PAIR_TEST(test_tls_shows_both_certificates, setup_tls),
        PAIR_TEST(test_tls_refuses_whoever_it_does_not_trust, setup_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
