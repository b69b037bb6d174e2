#include "cli/supervisor.h"
#include "tests/unit/cli/cli_test.h"

#include "base/buf.h"
#include "base/str.h"
#include "net/loop.h"

#include <signal.h>
#include <unistd.h>

/* One supervisor with up to two stand-ins, and what it told. */
struct stage {
    struct arena *arena;
    struct loop *loop;
    struct supervisor *supervisor;
    struct supervised children[2];
    int ready, stopped;
    char failed[256];
};

static void on_ready(void *user)
{
    ((struct stage *)user)->ready++;
}

static void on_failed(void *user, const char *why)
{
    struct stage *s = user;
    snprintf(s->failed, sizeof(s->failed), "%s", why);
}

static void on_stopped(void *user)
{
    ((struct stage *)user)->stopped++;
}

static struct stage *stage_new(size_t count, char *const *first, char *const *second)
{
    struct arena *a = arena_new();
    struct stage *s = ARENA_NEW(a, struct stage);

    s->arena = a;
    net_init();
    s->loop = loop_new();
    s->children[0] = (struct supervised){ "first", first, 1001, 1002 };
    s->children[1] = (struct supervised){ "second", second, 1003, 1004 };
    s->supervisor = supervisor_new(a, &(struct supervisor_spec){ s->loop, s->children, count, -1, .on_ready = on_ready,
                                                                 .on_failed = on_failed, .on_stopped = on_stopped,
                                                                 .user = s });
    supervisor_start(s->supervisor);
    return s;
}

#define TURNS 2000 /* a deadline for what does not come; never waited for otherwise */
#define turn_until(s, condition)                                                                                       \
    do {                                                                                                               \
        for (int turn_ = 0; !(condition); turn_++) {                                                                   \
            assert_true(turn_ < TURNS);                                                                                \
            loop_turn((s)->loop, 10);                                                                                  \
        }                                                                                                              \
    } while (0)

static void stage_end(struct stage *s)
{
    if (!s->stopped)
        supervisor_stop(s->supervisor);
    turn_until(s, s->stopped);
    loop_free(s->loop);
    arena_free(s->arena);
}

static const struct json *status_of(struct stage *s, int index)
{
    struct buf *out = buf_new(s->arena, 1 << 16);
    struct json_writer w;
    struct json *root;

    jw_init(&w, out, false);
    jw_object(&w, NULL);
    supervisor_status(s->supervisor, &w, "daemons");
    jw_end_object(&w);
    assert_int_equal(json_parse(s->arena, buf_str(out), &root, NULL), OK);
    const struct json *d = json_get(root, "daemons")->first;
    return index == 0 ? d : d->next;
}

static char *const plain[] = { STANDIN, NULL };

static void test_ready_is_told_once_when_all_answer(void **state UNUSED)
{
    struct stage *s = stage_new(2, plain, plain);

    assert_false(supervisor_is_ready(s->supervisor));
    turn_until(s, s->ready);
    assert_true(supervisor_is_ready(s->supervisor));
    assert_string_equal(json_text(status_of(s, 1), "state"), "ready");
    assert_int_equal((int)json_number(status_of(s, 1), "port", 0), 1003);
    assert_true(json_number(status_of(s, 0), "startedUs", 0) > 1e15);
    stage_end(s);
}

static void test_a_killed_child_starts_again(void **state UNUSED)
{
    struct stage *s = stage_new(2, plain, plain);

    turn_until(s, s->ready);
    pid_t pid = (pid_t)json_number(status_of(s, 0), "pid", 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    turn_until(s, !supervisor_is_ready(s->supervisor));
    turn_until(s, supervisor_is_ready(s->supervisor));
    assert_int_not_equal((pid_t)json_number(status_of(s, 0), "pid", 0), pid);
    assert_int_equal((int)json_number(status_of(s, 0), "restarts", 0), 1);
    assert_int_equal((int)json_number(status_of(s, 1), "restarts", 0), 0);
    assert_int_equal(s->ready, 1);
    assert_string_equal(s->failed, "");
    stage_end(s);
}

static void test_a_child_that_dies_again_and_again_is_given_up(void **state UNUSED)
{
    static char *const argv[] = { STANDIN, "--kill-after-ready", NULL };
    struct stage *s = stage_new(2, argv, plain);

    turn_until(s, s->failed[0] != '\0');
    assert_int_equal((int)json_number(status_of(s, 0), "restarts", 0), SUPERVISOR_DEATHS);
    assert_non_null(strstr(s->failed, "first dies again and again (signal 9"));
    stage_end(s);
}

static void test_a_child_that_exits_before_it_answers_is_given_up_at_once(void **state UNUSED)
{
    static char *const argv[] = { STANDIN, "--exit", "3", NULL };
    struct stage *s = stage_new(2, plain, argv);

    turn_until(s, s->failed[0] != '\0');
    assert_string_equal(s->failed, "second does not start (exit code 3)");
    assert_int_equal(s->ready, 0);
    stage_end(s);
}

static void test_a_program_that_is_not_there_is_given_up_at_once(void **state UNUSED)
{
    static char *const argv[] = { "/nonexistent/kakehashi-nothing", NULL };
    struct stage *s = stage_new(1, argv, NULL);

    turn_until(s, s->failed[0] != '\0');
    assert_string_equal(s->failed, "first does not start (exit code 127)");
    stage_end(s);
}

static void test_ready_waits_for_a_child_that_needed_a_second_life(void **state UNUSED)
{
    struct arena *a = arena_new();
    char *const argv[] = { STANDIN, "--once", arena_printf(a, "%s/died", folder_new(a)), "--kill-after-ready", NULL };
    struct stage *s = stage_new(2, argv, plain);

    turn_until(s, s->ready && json_number(status_of(s, 0), "restarts", 0) == 1 && supervisor_is_ready(s->supervisor));
    assert_int_equal(s->ready, 1);
    stage_end(s);
    arena_free(a);
}

static void test_the_deaf_are_killed_when_asked_twice(void **state UNUSED)
{
    static char *const argv[] = { STANDIN, "--deaf", NULL };
    struct stage *s = stage_new(2, argv, plain);

    turn_until(s, s->ready);
    supervisor_stop(s->supervisor);
    turn_until(s, json_number(status_of(s, 1), "pid", 0) == 0);
    assert_int_equal(s->stopped, 0);
    supervisor_stop(s->supervisor);
    turn_until(s, s->stopped);
    assert_int_equal(s->stopped, 1);
    stage_end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ready_is_told_once_when_all_answer),
        cmocka_unit_test(test_a_killed_child_starts_again),
        cmocka_unit_test(test_a_child_that_dies_again_and_again_is_given_up),
        cmocka_unit_test(test_a_child_that_exits_before_it_answers_is_given_up_at_once),
        cmocka_unit_test(test_a_program_that_is_not_there_is_given_up_at_once),
        cmocka_unit_test(test_ready_waits_for_a_child_that_needed_a_second_life),
        cmocka_unit_test(test_the_deaf_are_killed_when_asked_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
