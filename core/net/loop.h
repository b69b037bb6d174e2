#pragma once
/*
 * An event loop: one thread, one libevent base. What belongs to a loop (connections, calls, timers) is touched only on
 * its thread; other threads hand work over with loop_post.
 */

#include "base/rc.h"

#include <stdbool.h>

struct loop;
struct event_base;

/* Call once per process before any loop: libevent for threads, SIGPIPE and SIGXFSZ ignored, file limit raised, malloc
 * tuned. */
void net_init(void);

struct loop *loop_new(void);
/* Runs until loop_stop. */
void loop_run(struct loop *l);
/* Any thread. */
void loop_stop(struct loop *l);
void loop_free(struct loop *l);
/* Handles what is ready, waiting at most ms for the first event; for the command and for tests. */
void loop_turn(struct loop *l, int ms);

/* Any thread: fn(arg) runs on the loop's thread, in order of posting. */
void loop_post(struct loop *l, void (*fn)(void *), void *arg);

struct loop_timer;
/* Once, after ms. The timer is gone when fn runs. */
struct loop_timer *loop_after(struct loop *l, int ms, void (*fn)(void *), void *arg);
/* NULL is ignored. fn will not run. */
void loop_cancel(struct loop_timer *t);

/* The signal arrives as fn(arg) on this loop. */
void loop_on_signal(struct loop *l, int signal, void (*fn)(void *), void *arg);

/* For core/net only. */
struct event_base *loop_base(struct loop *l);
