/* The client against a server of blocking sockets: bytes, back-pressure, cancelling, connections, sentences. */
#include "net/http_client.h"

#include "base/arena.h"
#include "base/buf.h"
#include "unit/core/net/peer.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define MIB ((size_t)1024 * 1024)

struct world {
    struct arena *arena;
    struct loop *loop;
    struct http_client *client;
    struct peer *peer;
};

/* One call and what it was told. */
struct told {
    struct world *world;
    struct http_call *call; /* until done */
    struct buf *body;
    int heads, pieces, dones, status;
    const char *type, *why;
    enum rc rc;
    enum rc head_says, body_says;
    bool pause_once;
    struct told *victim;   /* cancelled from within on_body */
    struct told *follower; /* cancelled from within on_done */
};

static bool starting; /* within http_client_start nobody may be called */

static enum rc on_head(UNUSED struct http_call *call, int status, const char *content_type, void *user)
{
    struct told *t = user;

    assert_false(starting);
    t->heads++;
    t->status = status;
    t->type = arena_strdup(t->world->arena, content_type);
    return t->head_says;
}

static enum rc on_body(struct http_call *call, struct str bytes, void *user)
{
    struct told *t = user;

    assert_false(starting);
    assert_int_equal(t->heads, 1);
    t->pieces++;
    buf_add_str(t->body, bytes);
    if (t->pause_once) {
        t->pause_once = false;
        http_call_pause(call);
    }
    if (t->victim != NULL) {
        http_call_cancel(t->victim->call);
        t->victim->call = NULL;
        t->victim = NULL;
    }
    return t->body_says;
}

static void on_done(UNUSED struct http_call *call, enum rc rc, const char *why, void *user)
{
    struct told *t = user;

    assert_false(starting);
    t->dones++;
    t->rc = rc;
    t->why = arena_strdup(t->world->arena, why);
    t->call = NULL;
    if (t->follower != NULL)
        http_call_cancel(t->follower->call);
}

static const struct http_call_events events = { .on_head = on_head, .on_body = on_body, .on_done = on_done };

static struct told *told_new(struct world *w)
{
    struct told *t = ARENA_NEW(w->arena, struct told);

    t->world = w;
    t->body = buf_new(w->arena, 64 * MIB);
    return t;
}

static const char *url(struct world *w, const char *path)
{
    return arena_printf(w->arena, "http://127.0.0.1:%d%s", peer_port(w->peer), path);
}

static void start(struct told *t, const struct http_call_spec *spec)
{
    struct http_call_spec s = *spec;

    s.events = &events;
    s.user = t;
    starting = true;
    assert_int_equal(http_client_start(t->world->client, &s, &t->call), OK);
    starting = false;
}

static struct told *get(struct world *w, const char *path)
{
    struct told *t = told_new(w);

    start(t, &(struct http_call_spec){ .url = url(w, path) });
    return t;
}

static void wait_done(struct told *t)
{
    while (t->dones == 0)
        loop_turn(t->world->loop, 1000);
}

static struct told *fetch(struct world *w, const char *path)
{
    struct told *t = get(w, path);

    wait_done(t);
    return t;
}

static struct told *post(struct world *w, const char *path, const struct http_piece *pieces, size_t count)
{
    struct told *t = told_new(w);

    start(t, &(struct http_call_spec){ .method = "POST",
                                       .url = url(w, path),
                                       .content_type = "text/x-test; a=b",
                                       .pieces = pieces,
                                       .piece_count = count });
    wait_done(t);
    return t;
}

static int setup_in_flight(void **state, int in_flight)
{
    struct arena *a = arena_new();
    struct world *w = ARENA_NEW(a, struct world);

    w->arena = a;
    w->loop = loop_new();
    w->client = http_client_new(w->loop, in_flight);
    w->peer = peer_start(NULL);
    *state = w;
    return 0;
}

static int setup(void **state)
{
    return setup_in_flight(state, 0);
}

static int setup_one(void **state)
{
    return setup_in_flight(state, 1);
}

static int setup_eight(void **state)
{
    return setup_in_flight(state, 8);
}

static int teardown(void **state)
{
    struct world *w = *state;

    http_client_free(w->client);
    loop_free(w->loop);
    peer_stop(w->peer);
    arena_free(w->arena);
    return 0;
}

static void assert_body(const struct told *t, const char *text)
{
    assert_int_equal(t->rc, OK);
    assert_int_equal(t->status, 200);
    assert_string_equal(buf_text(t->body), text);
}

static void assert_pattern(const struct told *t, size_t len)
{
    assert_int_equal(t->rc, OK);
    assert_int_equal(t->body->len, len);
    for (size_t i = 0; i < len; i++)
        assert_true(t->body->data[i] == peer_byte(i));
}

/* ---- bytes ---- */

static void test_a_body_of_memory_and_file_pieces_arrives_exactly(void **state)
{
    struct world *w = *state;
    FILE *file = tmpfile();
    struct buf *expected = buf_new(w->arena, 4 * MIB);

    for (size_t i = 0; i < MIB; i++)
        fputc(peer_byte(i), file);
    fflush(file);
    struct http_piece pieces[] = {
        HTTP_PIECE_BYTES(STR("head;")),
        HTTP_PIECE_BYTES(STR("")),
        { .fd = fileno(file), .offset = 1000, .length = MIB - 2000 },
        HTTP_PIECE_BYTES(STR(";tail")),
    };
    buf_add_text(expected, "head;");
    for (size_t i = 1000; i < MIB - 1000; i++)
        buf_add_char(expected, peer_byte(i));
    buf_add_text(expected, ";tail");

    struct told *t = post(w, "/echo", pieces, ARRAY_LEN(pieces));
    assert_int_equal(t->rc, OK);
    assert_int_equal(t->body->len, expected->len);
    assert_memory_equal(t->body->data, expected->data, expected->len);
    fclose(file);
}

static void test_a_post_announces_its_length_and_expects_nothing(void **state)
{
    struct world *w = *state;
    struct http_piece pieces[] = { HTTP_PIECE_BYTES(STR("abc")), HTTP_PIECE_BYTES(STR("de")) };
    const char *head = buf_text(post(w, "/head", pieces, 2)->body);

    assert_true(text_starts(head, "POST /head HTTP/1.1\r\n"));
    assert_non_null(strstr(head, "\r\nContent-Length: 5\r\n"));
    assert_non_null(strstr(head, "\r\nContent-Type: text/x-test; a=b\r\n"));
    assert_null(strcasestr(head, "\r\nExpect:"));
    assert_null(strcasestr(head, "\r\nTransfer-Encoding:"));
}

static void test_a_post_without_pieces_says_so(void **state)
{
    assert_non_null(strstr(buf_text(post(*state, "/head", NULL, 0)->body), "\r\nContent-Length: 0\r\n"));
}

static void test_a_get_has_no_body(void **state)
{
    const char *head = buf_text(fetch(*state, "/head")->body);

    assert_true(text_starts(head, "GET /head HTTP/1.1\r\n"));
    assert_null(strcasestr(head, "\r\nContent-"));
}

static void test_strings_of_the_spec_are_copied(void **state)
{
    struct world *w = *state;
    char *where = strdup(url(w, "/head"));
    struct told *t = told_new(w);

    start(t, &(struct http_call_spec){ .url = where });
    memset(where, 'x', strlen(where));
    free(where);
    wait_done(t);
    assert_int_equal(t->rc, OK);
}

static void test_a_big_response_comes_in_pieces(void **state)
{
    struct told *t = fetch(*state, "/big?8388608");

    assert_pattern(t, 8 * MIB);
    assert_true(t->pieces > 8);
    assert_int_equal(t->heads, 1);
    assert_string_equal(t->type, "text/x-test");
}

static void test_interim_heads_are_not_told(void **state)
{
    struct told *t = fetch(*state, "/early");

    assert_int_equal(t->heads, 1);
    assert_int_equal(t->status, 200);
}

static void test_a_redirect_is_not_followed(void **state)
{
    struct told *t = fetch(*state, "/redirect");

    assert_int_equal(t->rc, OK);
    assert_int_equal(t->status, 302);
}

/* ---- back-pressure ---- */

static void test_a_paused_call_is_told_nothing_until_resumed(void **state)
{
    struct world *w = *state;
    struct told *t = told_new(w);

    t->pause_once = true;
    start(t, &(struct http_call_spec){ .url = url(w, "/big?4194304") });
    while (t->pieces == 0)
        loop_turn(w->loop, 1000);
    for (int i = 0; i < 20; i++)
        loop_turn(w->loop, 5);
    assert_int_equal(t->pieces, 1);
    assert_int_equal(t->dones, 0);

    http_call_resume(t->call);
    assert_int_equal(t->pieces, 1); /* not from within */
    wait_done(t);
    assert_pattern(t, 4 * MIB);
}

static void test_a_resumed_call_may_be_refused_at_once(void **state)
{
    struct world *w = *state;
    struct told *t = told_new(w);

    t->pause_once = true;
    start(t, &(struct http_call_spec){ .url = url(w, "/big?4194304") });
    while (t->pieces == 0)
        loop_turn(w->loop, 1000);
    for (int i = 0; i < 5; i++)
        loop_turn(w->loop, 5);
    t->body_says = E_LIMIT;
    http_call_resume(t->call);
    wait_done(t);
    assert_int_equal(t->rc, E_LIMIT);
    assert_int_equal(t->pieces, 2);
}

/* ---- ends ---- */

static void test_what_on_head_or_on_body_says_ends_the_call(void **state)
{
    struct world *w = *state;
    struct told *head = told_new(w), *body = told_new(w);

    head->head_says = E_REFUSED;
    body->body_says = E_LIMIT;
    start(head, &(struct http_call_spec){ .url = url(w, "/big?100000") });
    start(body, &(struct http_call_spec){ .url = url(w, "/big?100000") });
    wait_done(head);
    wait_done(body);
    assert_int_equal(head->rc, E_REFUSED);
    assert_int_equal(head->pieces, 0);
    assert_int_equal(body->rc, E_LIMIT);
    assert_int_equal(body->pieces, 1);
    assert_non_null(body->why);
}

/* A port of ours that nobody listens on: bound, so that no other program can take it meanwhile. */
static int closed_port(int *fd)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);

    *fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(*fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(getsockname(*fd, (struct sockaddr *)&at, &len), 0);
    return ntohs(at.sin_port);
}

static void test_a_refused_connection_names_host_and_cause(void **state)
{
    struct world *w = *state;
    struct told *t = told_new(w);
    int fd, port = closed_port(&fd);

    start(t, &(struct http_call_spec){ .url = arena_printf(w->arena, "http://127.0.0.1:%d/0035/registry", port) });
    wait_done(t);
    close(fd);
    assert_int_equal(t->rc, E_PEER);
    assert_string_equal(t->why, arena_printf(w->arena, "cannot connect to 127.0.0.1:%d: Connection refused", port));
}

static void assert_peer(struct world *w, const char *path, const char *sentence)
{
    struct told *t = fetch(w, path);

    assert_int_equal(t->rc, E_PEER);
    assert_true(text_starts(t->why, arena_printf(w->arena, "%s 127.0.0.1:%d: ", sentence, peer_port(w->peer))));
}

static void test_an_answer_nobody_can_use_is_e_peer(void **state)
{
    struct world *w = *state;

    assert_peer(w, "/none", "got no answer from");
    assert_peer(w, "/short", "got only part of the answer from");
    assert_peer(w, "/garbage", "got no HTTP from");
}

static void test_only_http_and_https_are_spoken(void **state)
{
    struct world *w = *state;
    struct told *t = told_new(w);

    start(t, &(struct http_call_spec){ .url = "file:///etc/passwd" });
    wait_done(t);
    assert_int_equal(t->rc, E_CONFIG);
    assert_int_equal(t->pieces, 0);
}

static void test_a_file_shorter_than_announced_is_e_io(void **state)
{
    FILE *file = tmpfile();
    struct http_piece piece = { .fd = fileno(file), .length = 10 };

    assert_int_equal(post(*state, "/echo", &piece, 1)->rc, E_IO);
    fclose(file);
}

static void test_silence_is_a_timeout_that_says_how_far_it_came(void **state)
{
    struct world *w = *state; /* one call in flight: the second one does not get its turn */
    struct told *first = told_new(w), *second = told_new(w);

    start(first, &(struct http_call_spec){ .url = url(w, "/silent"), .timeout_ms = 300 });
    start(second, &(struct http_call_spec){ .url = url(w, "/echo"), .timeout_ms = 100 });
    wait_done(second);
    wait_done(first);
    assert_int_equal(first->rc, E_TIMEOUT);
    assert_non_null(strstr(first->why, "no answer after 300 ms"));
    assert_int_equal(second->rc, E_TIMEOUT);
    assert_non_null(strstr(second->why, "still behind other calls after 100 ms"));
    assert_int_equal(fetch(w, "/echo")->rc, OK); /* the place is free again */
}

static void test_calls_of_one_lane_do_not_wait_for_the_other(void **state)
{
    struct world *w = *state; /* one in flight of each lane */
    struct told *outer = told_new(w);

    start(outer, &(struct http_call_spec){ .url = url(w, "/silent"), .lane = HTTP_LANE_OUTER });
    assert_int_equal(fetch(w, "/echo")->rc, OK);
    assert_int_equal(outer->dones, 0);
}

static void test_a_call_that_hangs_gives_up_its_place(void **state)
{
    struct world *w = *state; /* one in flight */
    struct told *silent = get(w, "/silent");

    assert_int_equal(fetch(w, "/echo")->rc, OK);
    assert_int_equal(silent->dones, 0);
    assert_int_equal(fetch(w, "/echo")->rc, OK);
}

/* ---- cancelling ---- */

static void test_a_cancelled_call_is_told_nothing_more(void **state)
{
    struct world *w = *state;
    struct told *queued = get(w, "/echo");

    http_call_cancel(queued->call);
    struct told *running = get(w, "/silent");
    for (int i = 0; i < 10; i++)
        loop_turn(w->loop, 5);
    http_call_cancel(running->call);
    http_call_cancel(NULL);
    assert_body(fetch(w, "/echo"), "");
    assert_int_equal(queued->heads + queued->dones + running->heads + running->dones, 0);
}

static void test_a_paused_call_can_be_cancelled(void **state)
{
    struct world *w = *state;
    struct told *t = told_new(w);

    t->pause_once = true;
    start(t, &(struct http_call_spec){ .url = url(w, "/big?4194304") });
    while (t->pieces == 0)
        loop_turn(w->loop, 1000);
    http_call_cancel(t->call);
    assert_body(fetch(w, "/echo"), "");
    assert_int_equal(t->dones, 0);
}

static void test_a_call_can_be_cancelled_from_within_anothers_events(void **state)
{
    struct world *w = *state;
    struct told *silent = get(w, "/silent"), *other = get(w, "/silent");
    struct told *t = told_new(w);

    for (int i = 0; i < 10; i++)
        loop_turn(w->loop, 5);
    t->victim = silent;
    t->follower = other;
    start(t, &(struct http_call_spec){ .url = url(w, "/big?1000") });
    wait_done(t);
    assert_pattern(t, 1000);
    struct told *after[] = { get(w, "/echo"), get(w, "/echo"), get(w, "/echo") }; /* as many as have ended */
    for (size_t i = 0; i < ARRAY_LEN(after); i++) {
        wait_done(after[i]);
        assert_body(after[i], "");
    }
    assert_int_equal(silent->dones + other->dones, 0);
}

static void test_freeing_the_client_cancels_what_is_left(void **state)
{
    struct world *w = *state; /* one call in flight, two queued */
    struct told *told[] = { get(w, "/silent"), get(w, "/silent"), get(w, "/echo") };

    for (int i = 0; i < 10; i++)
        loop_turn(w->loop, 5);
    http_client_free(w->client);
    w->client = NULL;
    for (size_t i = 0; i < ARRAY_LEN(told); i++)
        assert_int_equal(told[i]->dones, 0);
}

/* ---- connections ---- */

static void test_many_calls_finish_with_few_in_flight(void **state)
{
    enum { CALLS = 300 };
    struct world *w = *state;
    struct told *told[CALLS];

    for (int i = 0; i < CALLS; i++)
        told[i] = get(w, "/big?3000");
    for (int i = 0; i < CALLS; i++) {
        wait_done(told[i]);
        assert_pattern(told[i], 3000);
        assert_int_equal(told[i]->dones, 1);
    }
    assert_in_range(peer_connections(w->peer), 1, 8);
    assert_in_range(peer_most(w->peer), 2, 8);
}

static void test_a_connection_is_used_again(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 10; i++)
        assert_body(fetch(w, "/echo"), "");
    assert_int_equal(peer_connections(w->peer), 1);
}

static void test_a_kept_connection_that_died_is_replaced_with_the_whole_body(void **state)
{
    struct world *w = *state;
    struct http_piece pieces[] = { HTTP_PIECE_BYTES(STR("first;")), HTTP_PIECE_BYTES(STR("second")) };

    for (int i = 0; i < 5; i++)
        assert_body(post(w, "/last", pieces, 2), "first;second");
    assert_int_equal(peer_connections(w->peer), 5);
}

static void test_proxies_of_the_environment_are_ignored(void **state)
{
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    struct told *t = fetch(*state, "/echo");
    unsetenv("http_proxy");
    assert_body(t, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_body_of_memory_and_file_pieces_arrives_exactly, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_post_announces_its_length_and_expects_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_post_without_pieces_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_get_has_no_body, setup, teardown),
        cmocka_unit_test_setup_teardown(test_strings_of_the_spec_are_copied, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_big_response_comes_in_pieces, setup, teardown),
        cmocka_unit_test_setup_teardown(test_interim_heads_are_not_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_redirect_is_not_followed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_paused_call_is_told_nothing_until_resumed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_resumed_call_may_be_refused_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_on_head_or_on_body_says_ends_the_call, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_refused_connection_names_host_and_cause, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_answer_nobody_can_use_is_e_peer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_only_http_and_https_are_spoken, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_shorter_than_announced_is_e_io, setup, teardown),
        cmocka_unit_test_setup_teardown(test_silence_is_a_timeout_that_says_how_far_it_came, setup_one, teardown),
        cmocka_unit_test_setup_teardown(test_calls_of_one_lane_do_not_wait_for_the_other, setup_one, teardown),
        cmocka_unit_test_setup_teardown(test_a_call_that_hangs_gives_up_its_place, setup_one, teardown),
        cmocka_unit_test_setup_teardown(test_a_cancelled_call_is_told_nothing_more, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_paused_call_can_be_cancelled, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_call_can_be_cancelled_from_within_anothers_events, setup, teardown),
        cmocka_unit_test_setup_teardown(test_freeing_the_client_cancels_what_is_left, setup_one, teardown),
        cmocka_unit_test_setup_teardown(test_many_calls_finish_with_few_in_flight, setup_eight, teardown),
        cmocka_unit_test_setup_teardown(test_a_connection_is_used_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_kept_connection_that_died_is_replaced_with_the_whole_body, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_proxies_of_the_environment_are_ignored, setup, teardown),
    };
    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
