/* The load generator: what it makes of answers and times, and a server on a thread of its own that it loads over TLS.
 */
#include "net/load.h"

#include "base/arena.h"
#include "base/buf.h"
#include "net/http_server.h"
#include "support/scratch.h"
#include "unit/core/net/pki.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LONG_MS 60000 /* a run that is bounded by its count */

struct scene {
    struct arena *arena;
    struct loop *loop;
    struct tls_server *tls;
    struct http_server *server;
    const char *folder, *base;
    struct tls_files user, stranger;
    pthread_t thread;
};

/* ---- the server: echoes, but 404 for /nowhere; /numbers tells of two numbers whether they are one, and new ---- */

#define NUMBERS_MAX 1000

static unsigned long long numbers[NUMBERS_MAX];
static size_t number_count;

static const char *numbers_judge(struct str body)
{
    unsigned long long first = strtoull(body.data, NULL, 10);
    const char *blank = memchr(body.data, ' ', body.len);

    if (blank == NULL || strtoull(blank + 1, NULL, 10) != first || first < 1000000000 || number_count == NUMBERS_MAX)
        return "wrong";
    for (size_t i = 0; i < number_count; i++) {
        if (numbers[i] == first)
            return "twice";
    }
    numbers[number_count++] = first;
    return "fresh";
}

static int on_head(struct http_request *r, const char **why UNUSED)
{
    r->user = buf_new(r->arena, BUF_MAX_DEFAULT);
    return strcmp(r->head.path, "/nowhere") == 0 ? 404 : 0;
}

static enum rc on_body(struct http_request *r, struct str bytes)
{
    buf_add_str(r->user, bytes);
    return OK;
}

static void on_end(struct http_request *r)
{
    bool is_judged = strcmp(r->head.path, "/numbers") == 0;
    struct str body = buf_str(r->user);
    const struct http_piece piece = HTTP_PIECE_BYTES(is_judged ? str_from(numbers_judge(body)) : body);

    http_reply(r,
               &(struct http_reply){ .status = 200, .content_type = "text/plain", .pieces = &piece, .piece_count = 1 });
}

static void on_gone(struct http_request *r UNUSED, bool sent UNUSED)
{
}

static void *run(void *arg)
{
    struct scene *s = arg;

    loop_run(s->loop);
    return NULL;
}

static int setup(void **state)
{
    static const struct http_service service = { on_head, on_body, on_end, on_gone, NULL };
    struct arena *a = arena_new();
    struct scene *s = ARENA_NEW(a, struct scene);

    net_init();
    s->arena = a;
    s->folder = scratch_make(a);
    pki_make(a, s->folder);
    s->user = pki_files(a, s->folder, "ca", "client");
    s->stranger = pki_files(a, s->folder, "ca", "rogue");
    s->loop = loop_new();
    struct tls_files files = pki_files(a, s->folder, "ca", "server");
    assert_int_equal(tls_server_new(&files, true, &s->tls), OK);
    struct http_server_config config = {
        .bind = "127.0.0.1", .tls = s->tls, .service = &service, .max_body = BUF_MAX_DEFAULT
    };
    assert_int_equal(http_server_new(s->loop, &config, &s->server), OK);
    s->base = arena_printf(a, "https://localhost:%d", http_server_port(s->server));
    assert_int_equal(pthread_create(&s->thread, NULL, run, s), 0);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct scene *s = *state;

    loop_stop(s->loop);
    pthread_join(s->thread, NULL);
    http_server_free(s->server);
    tls_server_free(s->tls);
    loop_free(s->loop);
    scratch_remove(s->folder);
    arena_free(s->arena);
    return 0;
}

static struct load_spec spec_of(const struct scene *s, const char *path, struct str body)
{
    return (struct load_spec){ .url = arena_printf(s->arena, "%s%s", s->base, path),
                               .identity = &s->user,
                               .content_type = "text/plain",
                               .body = body,
                               .connections = 4,
                               .duration_ms = LONG_MS,
                               .count = 40 };
}

static void test_whole_answers_are_counted_over_runs(void **state)
{
    struct scene *s = *state;
    struct load_spec spec = spec_of(s, "/", STR("hello"));
    struct load_result result = { 0 };

    assert_int_equal(load_run(s->arena, &spec, &result), OK);
    uint64_t once = result.answers, ticks = result.ticks;
    assert_true(once >= 40);
    assert_int_equal(load_run(s->arena, &spec, &result), OK);
    assert_true(result.answers >= once + 40);
    assert_int_equal(result.bytes, result.answers * 5);
    assert_true(result.ticks > ticks);
    assert_true(load_percentile(result.latencies, result.answers, 1000) <= result.ticks);
    load_clear(&result);
}

static void test_a_large_request_and_answer_pass(void **state)
{
    struct scene *s = *state;
    size_t n = (size_t)3 << 20;
    struct load_spec spec = spec_of(s, "/", (struct str){ arena_alloc(s->arena, n), n });
    struct load_result result = { 0 };

    spec.connections = 1;
    spec.count = 2;
    assert_int_equal(load_run(s->arena, &spec, &result), OK);
    assert_int_equal(result.bytes, 2 * n);
    load_clear(&result);
}

static void test_what_follows_the_body_is_sent_and_what_is_expected_is_looked_for(void **state)
{
    struct scene *s = *state;
    struct load_spec spec = spec_of(s, "/", STR("begin "));
    struct load_result result = { 0 };

    spec.fill = STR("xy");
    spec.fill_length = 5;
    spec.end = STR(" end");
    spec.expect = "begin xyxyx end";
    assert_int_equal(load_run(s->arena, &spec, &result), OK);
    assert_int_equal(result.bytes, result.answers * strlen(spec.expect));
    spec.expect = "begin xyxyxy";
    assert_int_equal(load_run(s->arena, &spec, &result), E_PEER);
    load_clear(&result);
}

static void test_every_request_has_a_number_of_its_own(void **state)
{
    struct scene *s = *state;
    struct load_spec spec = spec_of(s, "/numbers", STR(LOAD_SERIAL " " LOAD_SERIAL " "));
    struct load_result result = { 0 };

    spec.expect = "fresh";
    assert_int_equal(load_run(s->arena, &spec, &result), OK);
    assert_int_equal(result.bytes, result.answers * strlen(spec.expect));
    assert_true(number_count >= 40);
    load_clear(&result);
}

static void test_without_a_body_it_is_a_get(void **state)
{
    struct scene *s = *state;
    struct load_spec spec = spec_of(s, "/", (struct str){ NULL, 0 });
    struct load_result result = { 0 };

    assert_int_equal(load_run(s->arena, &spec, &result), OK);
    assert_int_equal(result.bytes, 0);
    load_clear(&result);
}

static void test_a_refusal_ends_the_run(void **state)
{
    struct scene *s = *state;
    struct load_spec spec = spec_of(s, "/nowhere", STR("hello"));
    struct load_result result = { 0 };

    assert_int_equal(load_run(s->arena, &spec, &result), E_PEER);
    assert_int_equal(result.answers, 0);
    load_clear(&result);
}

static void test_a_certificate_of_another_ca_gets_nowhere(void **state)
{
    struct scene *s = *state;
    struct load_spec spec = spec_of(s, "/", STR("hello"));
    struct load_result result = { 0 };

    spec.identity = &s->stranger;
    assert_int_equal(load_run(s->arena, &spec, &result), E_PEER);
    load_clear(&result);
}

static void test_it_can_be_stopped(void **state)
{
    static const volatile sig_atomic_t stop = 1;
    struct scene *s = *state;
    struct load_spec spec = spec_of(s, "/", STR("hello"));
    struct load_result result = { 0 };

    spec.stop = &stop;
    assert_int_equal(load_run(s->arena, &spec, &result), E_CANCELLED);
    load_clear(&result);
}

static void test_a_url_without_port_or_path_is_refused(void **state)
{
    struct scene *s = *state;
    struct load_spec spec = spec_of(s, "/", STR("hello"));
    struct load_result result = { 0 };

    spec.url = "https://localhost/registry";
    assert_int_equal(load_run(s->arena, &spec, &result), E_CONFIG);
    spec.url = "https://localhost:443";
    assert_int_equal(load_run(s->arena, &spec, &result), E_CONFIG);
}

/* ---- the pure parts ---- */

static void test_a_percentile_is_a_value_that_was_seen(void **state UNUSED)
{
    uint64_t values[] = { 50, 10, 40, 20, 30 };

    assert_int_equal(load_percentile(values, 5, 500), 30);
    assert_int_equal(load_percentile(values, 5, 200), 10);
    assert_int_equal(load_percentile(values, 5, 201), 20);
    assert_int_equal(load_percentile(values, 5, 990), 50);
    assert_int_equal(load_percentile(values, 5, 1000), 50);
    assert_int_equal(load_percentile(values, 5, 0), 10);
    assert_int_equal(load_percentile(values, 1, 500), 10);
}

static enum rc head_read(const char *text, size_t *end, uint64_t *length)
{
    return load_head_read(str_from(text), end, length);
}

static void test_a_head_says_where_it_ends_and_what_follows(void **state UNUSED)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH:  62056 \r\n\r\n";
    size_t end;
    uint64_t length;

    assert_int_equal(head_read(head, &end, &length), OK);
    assert_int_equal(end, sizeof(head) - 1);
    assert_int_equal(length, 62056);
    assert_int_equal(load_head_read((struct str){ head, sizeof(head) - 2 }, &end, &length), LATER);
}

static void test_an_answer_that_cannot_be_counted_is_refused(void **state UNUSED)
{
    static const char *const heads[] = {
        "HTTP/1.1 500 Oh\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 12x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n",
        "SSH-2.0\r\n\r\n",
    };
    size_t end;
    uint64_t length;

    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        assert_int_equal(head_read(heads[i], &end, &length), E_PEER);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(test_whole_answers_are_counted_over_runs),
        WITH_SERVER(test_a_large_request_and_answer_pass),
        WITH_SERVER(test_what_follows_the_body_is_sent_and_what_is_expected_is_looked_for),
        WITH_SERVER(test_every_request_has_a_number_of_its_own),
        WITH_SERVER(test_without_a_body_it_is_a_get),
        WITH_SERVER(test_a_refusal_ends_the_run),
        WITH_SERVER(test_a_certificate_of_another_ca_gets_nowhere),
        WITH_SERVER(test_it_can_be_stopped),
        WITH_SERVER(test_a_url_without_port_or_path_is_refused),
        cmocka_unit_test(test_a_percentile_is_a_value_that_was_seen),
        cmocka_unit_test(test_a_head_says_where_it_ends_and_what_follows),
        cmocka_unit_test(test_an_answer_that_cannot_be_counted_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
