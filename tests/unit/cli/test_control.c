#include "cli/control.h"
#include "cli/backbone.h"
#include "cli/supervisor.h"
#include "tests/unit/cli/cli_test.h"

#include "net/loop.h"

#include <pthread.h>
#include <string.h>

/* A control endpoint over a supervisor whose one child was never started, served by a thread of its own. */
struct stage {
    struct arena *arena;
    struct loop *loop;
    struct control control;
    struct http_server *server;
    pthread_t thread;
    const char *url;
};

static void *serve(void *loop)
{
    loop_run(loop);
    return NULL;
}

static struct stage *stage_new(void)
{
    static char *const argv[] = { "/bin/true", NULL };
    static const struct supervised child = { "registry", argv, 1001, 1002 };
    struct arena *a = arena_new();
    struct stage *s = ARENA_NEW(a, struct stage);

    s->arena = a;
    net_init();
    s->loop = loop_new();
    struct supervisor *supervisor = supervisor_new(
        a, &(struct supervisor_spec){ .loop = s->loop, .children = &child, .count = 1 });
    s->control = (struct control){ a, supervisor, "/srv/k", STR("{\"version\": \"x\"}\n") };
    assert_int_equal(control_start(&s->control, s->loop, 0, &s->server), OK);
    s->url = arena_printf(a, "http://127.0.0.1:%d", http_server_port(s->server));
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s->loop), 0);
    return s;
}

static void stage_end(struct stage *s)
{
    loop_stop(s->loop);
    pthread_join(s->thread, NULL);
    http_server_free(s->server);
    loop_free(s->loop);
    arena_free(s->arena);
}

static const char *page(struct stage *s, const char *path, int expected)
{
    struct str body;
    int status;

    assert_int_equal(backbone_ask(s->arena, "/nowhere", arena_printf(s->arena, "%s%s", s->url, path), &status, &body), OK);
    assert_int_equal(status, expected);
    return body.data;
}

static void test_it_is_healthy_but_not_ready_before_every_daemon_answers(void **state UNUSED)
{
    struct stage *s = stage_new();

    assert_string_equal(page(s, "/healthz", 200), "ok\n");
    assert_non_null(strstr(page(s, "/readyz", 503), "/status"));
    stage_end(s);
}

static void test_status_tells_each_daemon(void **state UNUSED)
{
    struct stage *s = stage_new();
    struct json *root;

    assert_int_equal(json_parse(s->arena, str_from(page(s, "/status", 200)), &root, NULL), OK);
    const struct json *daemon = json_get(root, "daemons")->first;
    assert_string_equal(json_text(root, "data"), "/srv/k");
    assert_false(json_bool(root, "ready", true));
    assert_string_equal(json_text(daemon, "name"), "registry");
    assert_string_equal(json_text(daemon, "state"), "down");
    assert_int_equal((int)json_number(daemon, "plainPort", 0), 1002);
    stage_end(s);
}

static void test_endpoints_are_the_file_as_it_is(void **state UNUSED)
{
    struct stage *s = stage_new();

    assert_string_equal(page(s, "/endpoints", 200), "{\"version\": \"x\"}\n");
    stage_end(s);
}

static void test_another_path_is_not_found(void **state UNUSED)
{
    struct stage *s = stage_new();

    page(s, "/0035/registry", 404);
    stage_end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_healthy_but_not_ready_before_every_daemon_answers),
        cmocka_unit_test(test_status_tells_each_daemon),
        cmocka_unit_test(test_endpoints_are_the_file_as_it_is),
        cmocka_unit_test(test_another_path_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
