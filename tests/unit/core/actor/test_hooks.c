/* What the hooks are told of messages, of refusals at the door, of calls, and of peers that never got in. */
#include "actor/call.h"
#include "actor/daemon.h"
#include "actor/door_mllp.h"
#include "base/buf.h"
#include "support/exchange.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#define NS     "urn:test"
#define TRACE  "4bf92f3577b34da6a3ce929d0e0e4736"
#define PARENT "00-" TRACE "-00f067aa0ba902b7-01"

/* ---- a daemon with one transaction that calls a peer when it is asked to ---- */

static char peer_url[64];

static void refuse(struct request *rq)
{
    buf_add_text(rq->reply, "<r xmlns=\"" NS "\"/>");
}

static void on_answer(struct request *rq, struct call *call)
{
    buf_printf(rq->reply, "<r xmlns=\"" NS "\">%d</r>", call->http_status);
    rq_done(rq, OK);
}

static enum rc serve(struct request *rq)
{
    struct buf *body = buf_new(rq->arena, 1000);

    if (rq->body->first == NULL)
        return rq_refuse(rq, ISSUE_XDS_REGISTRY_ERROR, "/q", "an empty q");
    buf_add_text(body, "<q xmlns=\"" NS "\"/>");
    return rq_call(rq, &(struct call_spec){ .url = peer_url, .action = "urn:a", .body = body }, on_answer, NULL);
}

static const struct transaction transactions[] = {
    { .id = "ITI-18",
      .actor = "registry",
      .actions = { "urn:a" },
      .bodies = { "q" },
      .body_ns = NS,
      .reply_action = "urn:b",
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = serve,
      .refuse = refuse },
    { .id = "ITI-8",
      .actor = "registry",
      .door = DOOR_MLLP,
      .actions = { "ADT^A01" },
      .bodies = { "ADT_A01" },
      .versions = { "2.3.1" },
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = serve,
      .refuse = door_mllp_refuse },
};
static const struct daemon_spec spec = { .name = "test", .transactions = transactions, .transaction_count = 2 };

/* ---- somebody who looks on ---- */

struct witness {
    struct arena *arena;
    struct daemon *daemon;
    struct buf told; /* one word per event, with what matters of it */
    struct trace request, call;
    int left;
    const char *scratch;
};

static void note_message(struct witness *w, const char *event, const struct request *rq, const struct hook_message *m)
{
    size_t n = 0;

    for (size_t i = 0; i < m->run_count; i++)
        n += m->runs[i].len;
    buf_printf(&w->told, "%s(%s %s %d %s%s)", event, rq->community != NULL ? rq->community->key : "-",
               rq->transaction != NULL ? rq->transaction->id : "-", m->status, n > 0 ? "bytes" : "nothing",
               m->fault != NULL ? " fault" : "");
}

static void on_received(void *user, struct request *rq, const struct hook_message *m)
{
    ((struct witness *)user)->request = rq->trace;
    note_message(user, "received", rq, m);
}

static void on_answered(void *user, struct request *rq, const struct hook_message *m)
{
    note_message(user, " answered", rq, m);
    assert_true((m->rc == OK) == (m->why == NULL));
}

static void on_calling(void *user, struct request *rq, const struct call *call, const struct hook_message *m)
{
    ((struct witness *)user)->call = call->trace;
    note_message(user, " calling", rq, m);
}

static void on_called(void *user, struct request *rq, const struct call *call, const struct hook_message *m)
{
    assert_string_equal(call->trace.parent, rq->trace.span);
    note_message(user, " called", rq, m);
}

static void on_left(void *user, struct request *rq)
{
    (void)rq;
    ((struct witness *)user)->left++;
}

static const char *on_metrics(void *user, struct arena *a)
{
    (void)user;
    return arena_printf(a, "test_total 3");
}

static const struct hooks hooks = { .received = on_received,
                                    .answered = on_answered,
                                    .calling = on_calling,
                                    .called = on_called,
                                    .left = on_left,
                                    .metrics = on_metrics };

/* ---- a world ---- */

static int setup(void **state)
{
    static const struct {
        enum config_key key;
        const char *value;
    } settings[] = { { CONFIG_FIXTURES, "fixtures" },  { CONFIG_PLAIN_PORT, "-1" },    { CONFIG_MLLP_PLAIN_PORT, "-1" },
                     { CONFIG_MAX_DOCUMENT, "20000" }, { CONFIG_MAX_MESSAGE, "5000" }, { CONFIG_LOOPS, "1" },
                     { CONFIG_COMMUNITIES, "0035" },   { CONFIG_CHECKS, "lenient" } };
    struct arena *a = arena_new();
    struct witness *w = ARENA_NEW(a, struct witness);
    struct config *c = config_default(a);

    w->arena = a;
    w->scratch = scratch_make(a);
    buf_init(&w->told, 10000);
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        assert_int_equal(config_set(c, settings[i].key, settings[i].value), OK);
    assert_int_equal(config_set(c, CONFIG_DATA, w->scratch), OK);
    assert_int_equal(daemon_start(a, &spec, c, &w->daemon), OK);
    hooks_set(w->daemon, HOOKS_AUDIT, &hooks, w);
    daemon_run(w->daemon);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct witness *w = *state;

    if (w->daemon != NULL)
        daemon_stop(w->daemon);
    scratch_remove(w->scratch);
    buf_clear(&w->told);
    arena_free(w->arena);
    return 0;
}

/* Sends, stops the daemon so that all has been told, and hands out what was. */
static const char *told_of(struct witness *w, const char *request)
{
    struct buf *answer = buf_new(w->arena, 100000);

    assert_true(exchange(w->daemon->plain_port, str_from(request), answer));
    daemon_stop(w->daemon);
    w->daemon = NULL;
    assert_int_equal(w->left, 1);
    return buf_text(&w->told);
}

static const char *post(struct witness *w, const char *path, const char *action, const char *body)
{
    const char *envelope = arena_printf(w->arena,
                                        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\" "
                                        "xmlns:a=\"http://www.w3.org/2005/08/addressing\">"
                                        "<e:Header><a:Action "
                                        "e:mustUnderstand=\"1\">%s</a:Action><a:MessageID>urn:m</a:MessageID></"
                                        "e:Header><e:Body>%s</e:Body></e:Envelope>",
                                        action, body);

    return arena_printf(w->arena,
                        "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\ntraceparent: " PARENT "\r\n"
                        "Content-Type: application/soap+xml\r\nContent-Length: %zu\r\n\r\n%s",
                        path, strlen(envelope), envelope);
}

/* ---- tests ---- */

static void test_a_call_is_below_its_request_and_carries_the_trace(void **state)
{
    struct witness *w = *state;
    struct str nothing = STR("HTTP/1.1 503 X\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy");
    size_t count;
    int port;
    struct scripted_peer *peer = scripted_peer_start(&nothing, 1, &port);

    snprintf(peer_url, sizeof(peer_url), "http://127.0.0.1:%d/x", port);
    assert_string_equal(told_of(w, post(w, "/0035/registry", "urn:a", "<q xmlns=\"" NS "\">1</q>")),
                        "received(0035 - 0 bytes) calling(0035 ITI-18 0 bytes) called(0035 ITI-18 503 bytes)"
                        " answered(0035 ITI-18 200 bytes)");
    assert_string_equal(w->request.id, TRACE);
    assert_string_equal(w->request.parent, "00f067aa0ba902b7");
    const struct buf *requests = scripted_peer_requests(peer, &count);
    const char *header = arena_printf(w->arena, "traceparent: 00-" TRACE "-%s-01\r\n", w->call.span);
    assert_non_null(memmem(requests[0].data, requests[0].len, header, strlen(header)));
    scripted_peer_free(peer);
}

static void test_a_refusal_of_the_transaction_is_told(void **state)
{
    assert_string_equal(told_of(*state, post(*state, "/0035/registry", "urn:a", "<q xmlns=\"" NS "\"/>")),
                        "received(0035 - 0 bytes) answered(0035 ITI-18 200 bytes)");
}

static void test_a_fault_is_told(void **state)
{
    assert_string_equal(told_of(*state, post(*state, "/0035/registry", "urn:other", "<q xmlns=\"" NS "\"/>")),
                        "received(0035 - 0 bytes) answered(0035 - 400 bytes fault)");
}

static void test_an_unknown_community_is_told(void **state)
{
    assert_string_equal(told_of(*state, post(*state, "/9999/registry", "urn:a", "<q xmlns=\"" NS "\"/>")),
                        "received(- - 0 nothing) answered(- - 404 bytes)");
}

static void test_a_wrong_method_is_told(void **state)
{
    assert_string_equal(told_of(*state, "PUT /0035/registry HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                        "received(0035 - 0 nothing) answered(0035 - 405 bytes)");
}

static void test_what_the_server_refuses_by_its_length_is_told(void **state)
{
    assert_string_equal(told_of(*state, "POST /0035/registry HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"),
                        "received(0035 - 0 nothing) answered(0035 - 413 bytes)");
}

static void test_a_body_over_the_limit_is_told(void **state)
{
    struct witness *w = *state;
    const char *body = arena_printf(w->arena, "<q xmlns=\"" NS "\">%5000d</q>", 1);

    assert_string_equal(told_of(w, post(w, "/0035/registry", "urn:a", body)),
                        "received(0035 - 0 nothing) answered(0035 - 413 bytes fault)");
}

static void test_what_is_no_http_is_told(void **state)
{
    assert_string_equal(told_of(*state, "nonsense\r\n\r\n"), "received(- - 0 nothing) answered(- - 400 bytes)");
}

static void test_hl7_v2_is_told(void **state)
{
    struct witness *w = *state;
    struct buf *answer = buf_new(w->arena, 10000);

    assert_true(
        exchange_mllp(w->daemon->mllp_plain_port, STR("MSH|^~\\&|A|B|C|0035|2026||ADT^A99|1|P|2.3.1\r"), answer));
    daemon_stop(w->daemon);
    w->daemon = NULL;
    assert_string_equal(buf_text(&w->told), "received(- - 0 bytes) answered(0035 - 0 bytes)");
}

static void test_pages_are_no_messages_and_metrics_gather_lines(void **state)
{
    struct witness *w = *state;
    struct buf *answer = buf_new(w->arena, 100000);

    assert_true(
        exchange(w->daemon->plain_port, STR("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), answer));
    assert_non_null(strstr(buf_text(answer), "\ntest_total 3\n"));
    assert_int_equal(w->told.len, 0);
}

int main(void)
{
#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(test_a_call_is_below_its_request_and_carries_the_trace),
        IN_A_WORLD(test_a_refusal_of_the_transaction_is_told),
        IN_A_WORLD(test_a_fault_is_told),
        IN_A_WORLD(test_an_unknown_community_is_told),
        IN_A_WORLD(test_a_wrong_method_is_told),
        IN_A_WORLD(test_what_the_server_refuses_by_its_length_is_told),
        IN_A_WORLD(test_a_body_over_the_limit_is_told),
        IN_A_WORLD(test_what_is_no_http_is_told),
        IN_A_WORLD(test_hl7_v2_is_told),
        IN_A_WORLD(test_pages_are_no_messages_and_metrics_gather_lines),
    };

    net_init();
    log_open("test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
