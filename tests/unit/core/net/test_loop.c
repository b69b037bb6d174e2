/* The loop: posting, timers, signals and stopping. */
#include "net/loop.h"

#include "base/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define POSTS 1000

static int setup(void **state)
{
    *state = loop_new();
    return 0;
}

static int teardown(void **state)
{
    loop_free(*state);
    return 0;
}

static void count_up(void *arg)
{
    ++*(int *)arg;
}

struct order {
    int expected, out_of_order;
};

struct numbered {
    struct order *order;
    int number;
};

static void check_order(void *arg)
{
    struct numbered *n = arg;

    n->order->out_of_order += n->number != n->order->expected++;
    free(n);
}

struct poster {
    struct loop *loop;
    struct order order;
};

static void *post_many(void *arg)
{
    struct poster *p = arg;

    for (int i = 0; i < POSTS; i++) {
        struct numbered *n = malloc(sizeof(*n));
        *n = (struct numbered){ &p->order, i };
        loop_post(p->loop, check_order, n);
    }
    loop_stop(p->loop);
    return NULL;
}

static void test_posts_of_another_thread_run_in_order(void **state)
{
    struct poster p = { .loop = *state };
    pthread_t thread;

    pthread_create(&thread, NULL, post_many, &p);
    loop_run(p.loop);
    pthread_join(thread, NULL);
    assert_int_equal(p.order.expected, POSTS);
    assert_int_equal(p.order.out_of_order, 0);
}

static void test_a_stop_before_the_run_counts(void **state)
{
    int ran = 0;

    loop_post(*state, count_up, &ran);
    loop_stop(*state);
    loop_run(*state);
    assert_int_equal(ran, 1);
}

struct chain {
    struct loop *loop;
    int left;
};

static void post_again(void *arg)
{
    struct chain *c = arg;

    if (c->left-- > 0)
        loop_post(c->loop, post_again, c);
    else
        loop_stop(c->loop);
}

static void test_a_post_may_post(void **state)
{
    struct chain c = { *state, 10 };

    loop_post(c.loop, post_again, &c);
    loop_run(c.loop);
    assert_int_equal(c.left, -1);
}

static void test_a_timer_runs_once_and_not_early(void **state)
{
    int ran = 0;
    uint64_t start = clock_ticks();

    loop_after(*state, 30, count_up, &ran);
    while (ran == 0)
        loop_turn(*state, 1000);
    assert_true(clock_ticks() - start >= 29 * UINT64_C(1000000));
    loop_turn(*state, 5);
    assert_int_equal(ran, 1);
}

static void test_a_cancelled_timer_does_not_run(void **state)
{
    int ran = 0, other = 0;
    struct loop_timer *t = loop_after(*state, 1, count_up, &ran);

    loop_after(*state, 20, count_up, &other);
    loop_cancel(t);
    loop_cancel(NULL);
    while (other == 0)
        loop_turn(*state, 1000);
    assert_int_equal(ran, 0);
}

static void test_a_turn_without_news_ends(void **state)
{
    loop_turn(*state, 0);
    loop_turn(*state, 2);
}

static void test_a_signal_arrives_as_a_call(void **state)
{
    int got = 0;

    loop_on_signal(*state, SIGUSR1, count_up, &got);
    kill(getpid(), SIGUSR1);
    while (got == 0)
        loop_turn(*state, 1000);
    assert_int_equal(got, 1);
}

static void test_what_is_left_goes_with_the_loop(void **state)
{
    int ran = 0;
    struct loop *l = loop_new();

    (void)state;
    loop_post(l, count_up, &ran);
    loop_after(l, 1, count_up, &ran);
    loop_free(l);
    assert_int_equal(ran, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_posts_of_another_thread_run_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_stop_before_the_run_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_post_may_post, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_timer_runs_once_and_not_early, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_cancelled_timer_does_not_run, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_turn_without_news_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_signal_arrives_as_a_call, setup, teardown),
        cmocka_unit_test(test_what_is_left_goes_with_the_loop),
    };

    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
