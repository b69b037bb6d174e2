/*
 * Update notifications (ITI-10, ITI-46): a whole PIX manager in this process, a PIX Consumer that is a server of ours,
 * and time that passes only while we wait for what must come.
 */
#include "pixmgr/pixmgr.h"

#include "base/clock.h"
#include "net/mllp_server.h"
#include "pixmgr/subscribers_page.h"
#include "support/exchange.h"
#include "support/scratch.h"
#include "wire/hl7v2.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PATIENCE UINT64_C(30000000000) /* ns */

#define REGION   "^^^&2.999.392.2.35&ISO"
#define HOSPITAL "^^^&2.999.392.3.35.1&ISO"

struct fixture {
    struct arena *arena, *daemon_arena;
    const char *folder, *subscribers; /* of the configuration; NULL: none */
    struct daemon *daemon;
    /* the consumer */
    struct loop *loop;
    struct mllp_server *server;
    struct mllp_service service;
    const char *code; /* that it answers; NULL: it hangs up */
    int messages;
    const char *last; /* message */
    const char *all;  /* messages, the first first */
};

static void on_message(struct mllp_message *m)
{
    struct fixture *f = m->user;
    struct hl7v2_fault fault;
    struct hl7v2 parsed;

    f->messages++;
    f->last = str_dup(f->arena, m->bytes);
    f->all = arena_printf(f->arena, "%s%s", f->all != NULL ? f->all : "", f->last);
    assert_int_equal(hl7v2_parse(f->arena, m->bytes, &parsed, &fault), OK);
    if (f->code == NULL) {
        mllp_hang_up(m);
        return;
    }
    mllp_reply(m, str_from(arena_printf(m->arena, "MSH|^~\\&|C|H|K|0035|20260401||ACK|X|P|2.5\rMSA|%s|%s|why\r",
                                        f->code, hl7v2_text(&parsed, parsed.segments, 10, 1))));
}

static void on_gone(struct mllp_message *m UNUSED, bool sent UNUSED)
{
}

static void manager_start(struct fixture *f)
{
    static const struct {
        enum config_key key;
        const char *value;
    } settings[] = {
        { CONFIG_FIXTURES, "fixtures" }, { CONFIG_COMMUNITIES, "0026,0035" },
        { CONFIG_PLAIN_PORT, "-1" },     { CONFIG_MLLP_PLAIN_PORT, "-1" },
        { CONFIG_LOOPS, "1" },           { CONFIG_POPULATION, "0" },
    };

    f->daemon_arena = arena_new();
    struct config *c = config_default(f->daemon_arena);
    assert_int_equal(config_set(c, CONFIG_DATA, f->folder), OK);
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        assert_int_equal(config_set(c, settings[i].key, settings[i].value), OK);
    if (f->subscribers != NULL)
        assert_int_equal(config_set(c, CONFIG_SUBSCRIBERS, f->subscribers), OK);
    assert_int_equal(daemon_start(f->daemon_arena, &pixmgr_spec, c, &f->daemon), OK);
    daemon_run(f->daemon);
}

static void manager_stop(struct fixture *f)
{
    daemon_stop(f->daemon);
    arena_free(f->daemon_arena);
}

static void consumer_start(struct fixture *f, int port)
{
    struct mllp_server_config config = { .bind = "127.0.0.1", .port = port, .service = &f->service };

    assert_int_equal(mllp_server_new(f->loop, &config, &f->server), OK);
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    net_init();
    f->arena = a;
    f->folder = scratch_make(a);
    f->loop = loop_new();
    f->service = (struct mllp_service){ .on_message = on_message, .on_gone = on_gone, .user = f };
    f->code = "AA";
    consumer_start(f, 0);
    manager_start(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    manager_stop(f);
    if (f->server != NULL)
        mllp_server_free(f->server);
    loop_free(f->loop);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

/* ---- what the test does ---- */

static const char *page(struct fixture *f, const char *method, const char *rest, int status)
{
    struct buf *got = buf_new(f->arena, BUF_MAX_DEFAULT);

    assert_true(exchange(f->daemon->plain_port,
                         str_from(arena_printf(f->arena,
                                               "%s " SUBSCRIBERS_PATH "%s HTTP/1.1\r\nHost: x\r\n"
                                               "Connection: close\r\n\r\n",
                                               method, rest)),
                         got));
    struct reply r = reply_parse(f->arena, buf_str(got));
    assert_int_equal(r.status, status);
    return str_dup(f->arena, r.body);
}

static const char *consumer_url(struct fixture *f)
{
    return arena_printf(f->arena, "mllp://127.0.0.1:%d", mllp_server_port(f->server));
}

static void tell(struct fixture *f, const char *event, const char *segments)
{
    struct buf *answer = buf_new(f->arena, BUF_MAX_DEFAULT);

    assert_true(exchange_mllp(f->daemon->mllp_plain_port,
                              str_from(arena_printf(f->arena,
                                                    "MSH|^~\\&|S|H|PIX|0035|20260401||ADT^%s|M1|P|2.5\r"
                                                    "EVN||20260401\r%s\r",
                                                    event, segments)),
                              answer));
    assert_non_null(strstr(buf_text(answer), "MSA|AA|M1"));
}

static void feed(struct fixture *f, const char *pid)
{
    tell(f, "A04", arena_printf(f->arena, "PID|||%s\rPV1||O", pid));
}

static void wait_for_messages(struct fixture *f, int count)
{
    uint64_t until = clock_ticks() + PATIENCE;

    while (f->messages < count && clock_ticks() < until)
        loop_turn(f->loop, 20);
    assert_true(f->messages >= count);
}

/* Until the page says so: the verdict is stored after the answer. */
static void wait_for_page(struct fixture *f, const char *text)
{
    uint64_t until = clock_ticks() + PATIENCE;

    while (strstr(page(f, "GET", "/0035", 200), text) == NULL && clock_ticks() < until)
        loop_turn(f->loop, 20);
    assert_non_null(strstr(page(f, "GET", "/0035", 200), text));
}

static void subscribe(struct fixture *f, const char *more)
{
    page(f, "PUT", arena_printf(f->arena, "/0035?url=%s%s", consumer_url(f), more), 200);
}

/* ---- the cases ---- */

static void test_a_subscriber_is_told_ids(void **state)
{
    struct fixture *f = *state;

    subscribe(f, "&application=APP&facility=FAC");
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    wait_for_messages(f, 1);
    assert_non_null(strstr(f->last, "|KAKEHASHI|0035|APP|FAC|"));
    assert_non_null(strstr(f->last, "|ADT^A31^ADT_A05|"));
    assert_non_null(strstr(f->last, "\rPID|||R1^^^0035&2.999.392.2.35&ISO~H1^^^0035-1&2.999.392.3.35.1&ISO|| \r"));
    assert_non_null(strstr(f->last, "\rPV1||N\r"));
    wait_for_page(f, "\"waiting\": 0");
}

static void test_only_domains_of_interest_are_told(void **state)
{
    struct fixture *f = *state;

    subscribe(f, "&domains=2.999.392.2.35");
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    wait_for_messages(f, 1);
    assert_non_null(strstr(f->last, "\rPID|||R1^^^0035&2.999.392.2.35&ISO|| \r"));
}

static void test_one_new_id_is_no_news(void **state)
{
    struct fixture *f = *state;

    subscribe(f, "");
    feed(f, "H1" HOSPITAL "||YAMADA^TARO");
    feed(f, "H2" HOSPITAL "~R2" REGION "||SUZUKI^JIRO");
    wait_for_messages(f, 1);
    assert_non_null(strstr(f->last, "R2^^^0035&"));
    wait_for_page(f, "\"waiting\": 0");
    assert_int_equal(f->messages, 1);
}

static void test_a_link_is_told_once_and_a_split_of_each_group(void **state)
{
    struct fixture *f = *state;
    static const char pair[] = "PID|||H1" HOSPITAL "\rPID|||R7" REGION;

    subscribe(f, "");
    feed(f, "H1" HOSPITAL "||YAMADA^TARO");
    feed(f, "R7" REGION "||SUZUKI^JIRO");
    tell(f, "A24", pair);
    wait_for_page(f, "\"waiting\": 0");
    wait_for_messages(f, 1);
    assert_non_null(strstr(f->last, "\rPID|||R7^^^0035&2.999.392.2.35&ISO~H1^^^0035-1&2.999.392.3.35.1&ISO|| \r"));
    f->all = "";
    tell(f, "A37", pair);
    wait_for_messages(f, 3);
    assert_non_null(strstr(f->all, "\rPID|||H1^^^0035-1&2.999.392.3.35.1&ISO|| \r"));
    assert_non_null(strstr(f->all, "\rPID|||R7^^^0035&2.999.392.2.35&ISO|| \r"));
    wait_for_page(f, "\"waiting\": 0");
    assert_int_equal(f->messages, 3);
}

static void test_a_merge_is_told_with_all_ids_that_are_left(void **state)
{
    struct fixture *f = *state;

    subscribe(f, "");
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    feed(f, "H2" HOSPITAL "~R2" REGION "||SUZUKI^JIRO");
    wait_for_messages(f, 2);
    tell(f, "A40", "PID|||H1" HOSPITAL "\rMRG|H2" HOSPITAL);
    wait_for_messages(f, 3);
    assert_non_null(strstr(f->last, "\rPID|||R1^^^0035&2.999.392.2.35&ISO~R2^^^0035&2.999.392.2.35&ISO~"
                                    "H1^^^0035-1&2.999.392.3.35.1&ISO|| \r"));
    wait_for_page(f, "\"waiting\": 0");
    assert_int_equal(f->messages, 3);
}

static void test_what_changes_nothing_is_told_nobody(void **state)
{
    struct fixture *f = *state;

    subscribe(f, "");
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    wait_for_messages(f, 1);
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    tell(f, "A08", "PID|||H1" HOSPITAL "||YAMADA^ICHIRO\rPV1||O");
    feed(f, "H2" HOSPITAL "~R2" REGION "||SUZUKI^JIRO");
    wait_for_messages(f, 2);
    assert_non_null(strstr(f->last, "R2^^^0035&"));
    wait_for_page(f, "\"waiting\": 0");
    assert_int_equal(f->messages, 2);
}

static void test_each_community_has_subscribers_of_its_own(void **state)
{
    struct fixture *f = *state;

    page(f, "PUT", arena_printf(f->arena, "/0026?url=%s", consumer_url(f)), 200);
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    subscribe(f, "");
    feed(f, "H2" HOSPITAL "~R2" REGION "||SUZUKI^JIRO");
    wait_for_messages(f, 1);
    wait_for_page(f, "\"waiting\": 0");
    assert_int_equal(f->messages, 1);
    assert_non_null(strstr(f->last, "R2^^^0035&"));
}

static void test_what_is_not_taken_is_told_again(void **state)
{
    struct fixture *f = *state;

    f->code = "AR";
    subscribe(f, "");
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    wait_for_messages(f, 1);
    const char *first = f->last;
    wait_for_page(f, "\"trouble\": \"AR why\"");
    f->code = "AA";
    wait_for_messages(f, 2);
    assert_memory_equal(strstr(f->last, "|ADT^A31"), strstr(first, "|ADT^A31"), 38); /* with the control id */
    wait_for_page(f, "\"waiting\": 0");
}

static void test_what_is_refused_is_kept_aside(void **state)
{
    struct fixture *f = *state;

    f->code = "AE";
    subscribe(f, "");
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    wait_for_page(f, "\"refused\": 1");
    f->code = "AA";
    feed(f, "H2" HOSPITAL "~R2" REGION "||SUZUKI^JIRO");
    wait_for_page(f, "\"waiting\": 0");
    assert_int_equal(f->messages, 2);
    subscribe(f, ""); /* again: what was refused is tried again */
    wait_for_messages(f, 3);
    assert_non_null(strstr(f->last, "R1^^^0035&"));
    wait_for_page(f, "\"refused\": 0");
}

static void test_nothing_is_lost_over_a_restart_without_a_consumer(void **state)
{
    struct fixture *f = *state;
    int port = mllp_server_port(f->server);

    subscribe(f, "");
    mllp_server_free(f->server);
    f->server = NULL;
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    wait_for_page(f, "no connection");
    manager_stop(f);
    manager_start(f);
    consumer_start(f, port);
    wait_for_messages(f, 1);
    assert_non_null(strstr(f->last, "R1^^^0035&"));
}

static void test_soap_consumers_are_told_by_ITI_46(void **state)
{
    struct fixture *f = *state;
    static const char mcci[] =
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
        "xmlns:a=\"http://www.w3.org/2005/08/addressing\"><s:Header><a:Action s:mustUnderstand=\"1\">"
        "urn:hl7-org:v3:MCCI_IN000002UV01</a:Action></s:Header><s:Body><MCCI_IN000002UV01 xmlns=\"urn:hl7-org:v3\" "
        "ITSVersion=\"XML_1.0\"><acknowledgement><typeCode code=\"CA\"/><targetMessage><id root=\"1.2\"/>"
        "</targetMessage></acknowledgement></MCCI_IN000002UV01></s:Body></s:Envelope>";
    struct str answer = str_from(arena_printf(f->arena,
                                              "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n"
                                              "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                                              sizeof(mcci) - 1, mcci));
    size_t count;
    int port;
    struct scripted_peer *peer = scripted_peer_start(&answer, 1, &port);

    page(f, "PUT", arena_printf(f->arena, "/0035?url=http://127.0.0.1:%d/consumer", port), 200);
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    const struct buf *requests = scripted_peer_requests(peer, &count);
    assert_int_equal(count, 1);
    const char *request = arena_strndup(f->arena, requests[0].data, requests[0].len);
    assert_non_null(strstr(request, "POST /consumer "));
    assert_non_null(strstr(request, "urn:hl7-org:v3:PRPA_IN201302UV02"));
    assert_non_null(strstr(request, "root=\"2.999.392.2.35\" extension=\"R1\""));
    assert_non_null(strstr(request, "<name nullFlavor=\"NA\"/>"));
    wait_for_page(f, "\"waiting\": 0");
    scripted_peer_free(peer);
}

static void test_subscribers_are_configured(void **state)
{
    struct fixture *f = *state;

    manager_stop(f);
    f->subscribers = arena_printf(f->arena, "0035=%s, 0360=https://elsewhere/pix", consumer_url(f));
    manager_start(f);
    feed(f, "H1" HOSPITAL "~R1" REGION "||YAMADA^TARO");
    wait_for_messages(f, 1);
    assert_null(strstr(page(f, "GET", "", 200), "elsewhere")); /* that community does not live here */
}

static void test_the_page_refuses_what_cannot_work(void **state)
{
    struct fixture *f = *state;

    page(f, "PUT", "/0035?url=ftp://x", 400);
    page(f, "PUT", "/0035", 400);
    page(f, "PUT", "?url=mllp://127.0.0.1:1", 400);
    page(f, "PUT", "/0035?url=mllp://127.0.0.1:1&domains=1.2.3", 400);
    page(f, "GET", "/nobody", 404);
    page(f, "DELETE", "/0035?url=mllp://127.0.0.1:1", 404);
    page(f, "PUT", "/0035?url=mllp://127.0.0.1:1", 200);
    assert_non_null(strstr(page(f, "GET", "", 200), "mllp://127.0.0.1:1"));
    page(f, "DELETE", "/0035?url=mllp://127.0.0.1:1", 200);
    assert_null(strstr(page(f, "GET", "", 200), "mllp://127.0.0.1:1"));
}

#define NOTIFIER_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NOTIFIER_TEST(test_a_subscriber_is_told_ids),
        NOTIFIER_TEST(test_only_domains_of_interest_are_told),
        NOTIFIER_TEST(test_one_new_id_is_no_news),
        NOTIFIER_TEST(test_a_link_is_told_once_and_a_split_of_each_group),
        NOTIFIER_TEST(test_a_merge_is_told_with_all_ids_that_are_left),
        NOTIFIER_TEST(test_what_changes_nothing_is_told_nobody),
        NOTIFIER_TEST(test_each_community_has_subscribers_of_its_own),
        NOTIFIER_TEST(test_what_is_not_taken_is_told_again),
        NOTIFIER_TEST(test_what_is_refused_is_kept_aside),
        NOTIFIER_TEST(test_nothing_is_lost_over_a_restart_without_a_consumer),
        NOTIFIER_TEST(test_soap_consumers_are_told_by_ITI_46),
        NOTIFIER_TEST(test_subscribers_are_configured),
        NOTIFIER_TEST(test_the_page_refuses_what_cannot_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
