/*
 * libevent's base, timers and signals. Work from other threads queues behind a mutex and an eventfd wakes the loop, so
 * that everything else on a loop needs no lock.
 */
#include "net/loop.h"

#include "base/log.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/thread.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define CALLBACKS_PER_POLL 64

struct posted {
    struct posted *next;
    void (*fn)(void *);
    void *arg;
};

struct loop_timer {
    struct loop_timer *next, **link;
    struct event *event;
    void (*fn)(void *);
    void *arg;
};

struct loop_signal {
    struct loop_signal *next;
    struct event *event;
    void (*fn)(void *);
    void *arg;
};

struct loop {
    struct event_base *base;
    struct event *wake;
    int wake_fd;
    struct loop_timer *timers;
    struct loop_signal *signals;
    pthread_mutex_t lock; /* guards the two below */
    struct posted *posted, **posted_end;
};

static void *alloc_or_die(size_t size)
{
    void *p = calloc(1, size);

    if (p == NULL)
        die("out of memory (loop)");
    return p;
}

static void raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_warn("cannot raise the limit of open files: %s", strerror(errno));
}

/* By default glibc gives the memory of nearly every request back to the kernel, to ask for it again at the next. */
static void keep_freed_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 512 * 1024);
    mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
}

void net_init(void)
{
    keep_freed_memory();
    if (evthread_use_pthreads() != 0)
        die("libevent was built without threads");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a write that fails */
    raise_file_limit();
}

static struct posted *take_posted(struct loop *l)
{
    pthread_mutex_lock(&l->lock);
    struct posted *list = l->posted;
    l->posted = NULL;
    l->posted_end = &l->posted;
    pthread_mutex_unlock(&l->lock);
    return list;
}

/* What is posted meanwhile waits for the next turn, so that sockets get theirs. */
static void on_wake(evutil_socket_t fd, short what, void *arg)
{
    struct loop *l = arg;
    uint64_t count;

    (void)what;
    if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
        die("eventfd: %s", strerror(errno));
    for (struct posted *p = take_posted(l), *next; p != NULL; p = next) {
        next = p->next;
        p->fn(p->arg);
        free(p);
    }
}

/* A callback that activates its event again would else come round before any socket is asked for news. */
static struct event_base *make_base(void)
{
    struct event_config *config = event_config_new();

    if (config == NULL || event_config_set_max_dispatch_interval(config, NULL, CALLBACKS_PER_POLL, 0) != 0)
        die("cannot configure an event loop");
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

struct loop *loop_new(void)
{
    struct loop *l = alloc_or_die(sizeof(*l));

    pthread_mutex_init(&l->lock, NULL);
    l->posted_end = &l->posted;
    l->base = make_base();
    l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (l->base == NULL || l->wake_fd < 0)
        die("cannot make an event loop: %s", strerror(errno));
    l->wake = event_new(l->base, l->wake_fd, EV_READ | EV_PERSIST, on_wake, l);
    if (l->wake == NULL || event_add(l->wake, NULL) != 0)
        die("cannot watch an eventfd");
    return l;
}

void loop_free(struct loop *l)
{
    while (l->timers != NULL)
        loop_cancel(l->timers);
    for (struct loop_signal *s = l->signals, *next; s != NULL; s = next) {
        next = s->next;
        event_free(s->event);
        free(s);
    }
    for (struct posted *p = take_posted(l), *next; p != NULL; p = next) {
        next = p->next;
        free(p);
    }
    event_free(l->wake);
    close(l->wake_fd);
    event_base_free(l->base);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

void loop_run(struct loop *l)
{
    event_base_dispatch(l->base);
}

static void break_loop(void *arg)
{
    struct loop *l = arg;
    event_base_loopbreak(l->base);
}

/* Posted, because a break that comes before the run would be forgotten by libevent. */
void loop_stop(struct loop *l)
{
    loop_post(l, break_loop, l);
}

static void on_turn_over(void *arg)
{
    struct loop_timer **turn = arg;
    *turn = NULL;
}

void loop_turn(struct loop *l, int ms)
{
    if (ms <= 0) {
        event_base_loop(l->base, EVLOOP_NONBLOCK);
        return;
    }
    struct loop_timer *turn = NULL;
    turn = loop_after(l, ms, on_turn_over, &turn);
    event_base_loop(l->base, EVLOOP_ONCE);
    loop_cancel(turn);
}

void loop_post(struct loop *l, void (*fn)(void *), void *arg)
{
    struct posted *p = alloc_or_die(sizeof(*p));
    uint64_t one = 1;

    *p = (struct posted){ .fn = fn, .arg = arg };
    pthread_mutex_lock(&l->lock);
    bool first = l->posted == NULL;
    *l->posted_end = p;
    l->posted_end = &p->next;
    if (first && write(l->wake_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
        die("eventfd: %s", strerror(errno));
    pthread_mutex_unlock(&l->lock);
}

static void timer_free(struct loop_timer *t)
{
    *t->link = t->next;
    if (t->next != NULL)
        t->next->link = t->link;
    event_free(t->event);
    free(t);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct loop_timer *t = arg;
    void (*fn)(void *) = t->fn;
    void *its_arg = t->arg;

    (void)fd;
    (void)what;
    timer_free(t);
    fn(its_arg);
}

struct loop_timer *loop_after(struct loop *l, int ms, void (*fn)(void *), void *arg)
{
    struct loop_timer *t = alloc_or_die(sizeof(*t));
    struct timeval delay = { ms / 1000, ms % 1000 * 1000 };

    *t = (struct loop_timer){ .next = l->timers, .link = &l->timers, .fn = fn, .arg = arg };
    t->event = event_new(l->base, -1, 0, on_timer, t);
    if (t->event == NULL || event_add(t->event, &delay) != 0)
        die("cannot add a timer");
    if (l->timers != NULL)
        l->timers->link = &t->next;
    l->timers = t;
    return t;
}

void loop_cancel(struct loop_timer *t)
{
    if (t != NULL)
        timer_free(t);
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
    struct loop_signal *s = arg;

    (void)number;
    (void)what;
    s->fn(s->arg);
}

void loop_on_signal(struct loop *l, int number, void (*fn)(void *), void *arg)
{
    struct loop_signal *s = alloc_or_die(sizeof(*s));

    *s = (struct loop_signal){ .next = l->signals, .fn = fn, .arg = arg };
    s->event = evsignal_new(l->base, number, on_signal, s);
    if (s->event == NULL || evsignal_add(s->event, NULL) != 0)
        die("cannot watch signal %d", number);
    l->signals = s;
}

struct event_base *loop_base(struct loop *l)
{
    return l->base;
}
