/*
 * libcurl's multi interface driven by the loop's socket and timer events. Our own queue stands in front of it, because
 * a multi that holds thousands of handles is slow; only a bounded number is in flight, and few are started per turn so
 * that the loop's other sockets get theirs.
 */
#include "net/http_call.h"

#include "base/clock.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>

#define IN_FLIGHT_DEFAULT 64
#define STARTS_PER_TURN   16
#define QUEUE_MAX         100000
#define POOLS             32
#define CONNECTIONS_KEPT  192L /* of a pool */
#define PARK_NS           500000000u
#define PARKED_MAX        1024
#define SWEEP_US          250000

TAILQ_HEAD(call_list, http_call);

/*
 * libcurl looks for a connection to use again among all to the same host and port, one by one; a daemon that speaks for
 * hundreds of communities has one for each. So there are several multis, each for some of the identities.
 */
struct pool {
    struct http_client *client;
    CURLM *multi;
    struct event *timer; /* libcurl's */
};

struct lane {
    struct call_list queued;
    int running_count;
};

struct http_client {
    struct loop *loop;
    struct pool pools[POOLS];
    struct event *turn;  /* ours: starts and resumes */
    struct event *sweep; /* ours: parks, while calls run */
    struct lane lanes[HTTP_LANES];
    struct call_list running, cancelled;
    int running_max; /* of a lane */
    int parked_count;
    size_t queued_count;
    CURL **idle; /* handles to use again, at most running_max */
    int idle_count;
    bool in_curl; /* handles must not be removed from within its callbacks */
};

/* A socket of libcurl's and what it is watched for. */
struct watch {
    struct pool *pool;
    struct event *event;
};

/* ---- a call's life ---- */

static void turn_soon(struct http_client *c)
{
    static const struct timeval now = { 0, 0 };

    event_add(c->turn, &now); /* a timer and not event_active: sockets come first */
}

/* Identities stand side by side in their daemon. */
static struct pool *pool_of(const struct http_call *call)
{
    return &call->client->pools[(uintptr_t)call->spec.identity / sizeof(struct tls_files) % POOLS];
}

static struct lane *lane_of(const struct http_call *call)
{
    return &call->client->lanes[call->spec.lane];
}

static struct call_list *call_list(struct http_call *call)
{
    struct http_client *c = call->client;

    return call->state == CALL_QUEUED    ? &lane_of(call)->queued
           : call->state == CALL_RUNNING ? &c->running
                                         : &c->cancelled;
}

static void call_move(struct http_call *call, enum http_call_state to)
{
    TAILQ_REMOVE(call_list(call), call, link);
    call->state = to;
    TAILQ_INSERT_TAIL(call_list(call), call, link);
}

static void deadline_clear(struct http_call *call)
{
    loop_cancel(call->deadline);
    call->deadline = NULL;
}

static void easy_release(struct http_call *call)
{
    struct http_client *c = call->client;
    CURL *easy = call->easy;

    http_call_settle(call);
    curl_multi_remove_handle(pool_of(call)->multi, easy);
    if (c->idle_count == c->running_max) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy);
    c->idle[c->idle_count++] = easy;
}

static void place_leave(struct http_call *call)
{
    if (call->is_parked)
        call->client->parked_count--;
    else
        lane_of(call)->running_count--;
}

/* Off its list and out of libcurl; the call itself stays. Not from within libcurl. */
static void call_leave(struct http_call *call)
{
    struct http_client *c = call->client;

    deadline_clear(call);
    TAILQ_REMOVE(call_list(call), call, link);
    if (call->state == CALL_QUEUED)
        c->queued_count--;
    if (call->easy != NULL) {
        easy_release(call);
        call->easy = NULL;
        place_leave(call);
    }
    call->state = CALL_DONE;
    if (!TAILQ_EMPTY(&lane_of(call)->queued))
        turn_soon(c);
}

static void call_end(struct http_call *call, enum rc rc, const char *why)
{
    call_leave(call);
    call->spec.events->on_done(call, rc, why, call->spec.user);
    http_call_free(call);
}

static void call_finish(struct http_call *call, CURLcode code)
{
    const char *why;
    enum rc rc = http_call_outcome(call, code, &why);

    call_end(call, rc, why);
}

static void on_deadline(void *arg)
{
    struct http_call *call = arg;

    call->deadline = NULL;
    call_end(call, E_TIMEOUT, http_call_timeout_why(call));
}

void http_call_cancel(struct http_call *call)
{
    if (call == NULL || call->state == CALL_DONE || call->state == CALL_CANCELLED)
        return;
    struct http_client *c = call->client;
    if (!c->in_curl || call->state == CALL_QUEUED) {
        call_leave(call);
        http_call_free(call);
        return;
    }
    deadline_clear(call);
    call_move(call, CALL_CANCELLED);
}

void http_call_pause(struct http_call *call)
{
    call->is_paused = true;
}

void http_call_resume(struct http_call *call)
{
    call->is_paused = false;
    if (call->is_stalled)
        turn_soon(call->client);
}

/* ---- libcurl's events ---- */

/* After each visit to libcurl: what was cancelled meanwhile goes, what is finished is told. */
static void pool_settle(struct pool *p)
{
    struct http_client *c = p->client;
    struct http_call *call;
    int left;

    c->in_curl = false;
    while ((call = TAILQ_FIRST(&c->cancelled)) != NULL) {
        call_leave(call);
        http_call_free(call);
    }
    for (CURLMsg *m; (m = curl_multi_info_read(p->multi, &left)) != NULL;) {
        CURLcode code = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &call);
        call_finish(call, code);
    }
}

static void pool_act(struct pool *p, curl_socket_t fd, int what)
{
    int running;

    p->client->in_curl = true;
    curl_multi_socket_action(p->multi, fd, what, &running);
    pool_settle(p);
}

static void on_timer(UNUSED evutil_socket_t fd, UNUSED short what, void *arg)
{
    pool_act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
    int action = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

    pool_act(((struct watch *)arg)->pool, fd, action);
}

/* libcurl must not be called from here: a timer of 0 ms runs in the next turn. */
static int on_want_timer(UNUSED CURLM *multi, long ms, void *user)
{
    struct pool *p = user;
    struct timeval when = { ms / 1000, ms % 1000 * 1000 };

    if (ms < 0)
        event_del(p->timer);
    else
        event_add(p->timer, &when);
    return 0;
}

static struct watch *watch_new(struct pool *p, curl_socket_t fd)
{
    struct watch *w = calloc(1, sizeof(*w));

    if (w == NULL)
        die("out of memory (http client)");
    w->pool = p;
    curl_multi_assign(p->multi, fd, w);
    return w;
}

static void watch_clear(struct watch *w)
{
    if (w->event != NULL)
        event_free(w->event);
    w->event = NULL;
}

static void watch_set(struct watch *w, curl_socket_t fd, short events)
{
    watch_clear(w);
    w->event = event_new(loop_base(w->pool->client->loop), fd, events, on_socket, w);
    if (w->event == NULL || event_add(w->event, NULL) != 0)
        die("cannot watch a socket of the http client");
}

static int on_want_socket(UNUSED CURL *easy, curl_socket_t fd, int what, void *user, void *socket_user)
{
    struct watch *w = socket_user;
    short events = (short)((what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);

    if (what != CURL_POLL_REMOVE) {
        watch_set(w == NULL ? watch_new(user, fd) : w, fd, events);
    } else if (w != NULL) {
        watch_clear(w);
        free(w);
    }
    return 0;
}

/* ---- starting ---- */

static CURL *easy_take(struct http_client *c)
{
    CURL *easy = c->idle_count > 0 ? c->idle[--c->idle_count] : curl_easy_init();

    if (easy == NULL)
        die("out of memory (http client)");
    return easy;
}

static void sweep_later(struct http_client *c)
{
    static const struct timeval later = { 0, SWEEP_US };

    if (!event_pending(c->sweep, EV_TIMEOUT, NULL))
        event_add(c->sweep, &later);
}

static void call_run(struct http_call *call)
{
    struct http_client *c = call->client;

    c->queued_count--;
    call_move(call, CALL_RUNNING);
    lane_of(call)->running_count++;
    call->started = clock_ticks();
    sweep_later(c);
    http_call_prepare(call, easy_take(c));
    CURLMcode failed = curl_multi_add_handle(pool_of(call)->multi, call->easy);
    if (failed != CURLM_OK)
        die("http client: %s", curl_multi_strerror(failed));
}

/* Running calls are in the order in which they started. */
static void on_sweep(UNUSED evutil_socket_t fd, UNUSED short what, void *arg)
{
    struct http_client *c = arg;
    uint64_t now = clock_ticks();

    for (struct http_call *call = TAILQ_FIRST(&c->running); call != NULL; call = TAILQ_NEXT(call, link)) {
        if (now - call->started < PARK_NS || c->parked_count == PARKED_MAX)
            break;
        if (call->is_parked || call->has_head)
            continue;
        call->is_parked = true;
        lane_of(call)->running_count--;
        c->parked_count++;
    }
    if (!TAILQ_EMPTY(&c->running))
        sweep_later(c);
    turn_soon(c);
}

static bool lane_can_start(const struct http_client *c, const struct lane *lane)
{
    return lane->running_count < c->running_max && !TAILQ_EMPTY(&lane->queued);
}

static void lane_start(struct http_client *c, struct lane *lane)
{
    for (int i = 0; i < STARTS_PER_TURN && lane_can_start(c, lane); i++)
        call_run(TAILQ_FIRST(&lane->queued));
    if (lane_can_start(c, lane))
        turn_soon(c);
}

static struct http_call *call_to_resume(struct http_client *c)
{
    struct http_call *call = TAILQ_FIRST(&c->running);

    while (call != NULL && (!call->is_stalled || call->is_paused))
        call = TAILQ_NEXT(call, link);
    return call;
}

/* libcurl hands over at once what it held back, and reports only here when that went wrong. */
static void call_unstall(struct http_call *call)
{
    struct http_client *c = call->client;
    struct pool *p = pool_of(call);

    call->is_stalled = false;
    c->in_curl = true;
    CURLcode code = curl_easy_pause(call->easy, CURLPAUSE_CONT);
    c->in_curl = false;
    if (code != CURLE_OK && call->state == CALL_RUNNING)
        call_finish(call, code);
    pool_settle(p);
}

static void on_turn(UNUSED evutil_socket_t fd, UNUSED short what, void *arg)
{
    struct http_client *c = arg;

    for (struct http_call *call; (call = call_to_resume(c)) != NULL;)
        call_unstall(call);
    for (int i = 0; i < HTTP_LANES; i++)
        lane_start(c, &c->lanes[i]);
}

enum rc http_client_start(struct http_client *c, const struct http_call_spec *spec, struct http_call **out)
{
    if (c->queued_count >= QUEUE_MAX)
        return E_BUSY;

    struct http_call *call = http_call_new(c, spec);
    call->deadline = loop_after(c->loop, call->spec.timeout_ms, on_deadline, call);
    TAILQ_INSERT_TAIL(&lane_of(call)->queued, call, link);
    c->queued_count++;
    turn_soon(c);
    *out = call;
    return OK;
}

/* ---- the client ---- */

static void library_init(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        die("libcurl does not start");
}

static void pool_init(struct pool *p, struct http_client *c)
{
    p->client = c;
    p->multi = curl_multi_init();
    p->timer = evtimer_new(loop_base(c->loop), on_timer, p);
    if (p->multi == NULL || p->timer == NULL)
        die("out of memory (http client)");
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_want_socket);
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_want_timer);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
    curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT);
}

static void pool_clear(struct pool *p)
{
    curl_multi_cleanup(p->multi);
    event_free(p->timer);
}

struct http_client *http_client_new(struct loop *l, int in_flight)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct http_client *c = calloc(1, sizeof(*c));

    pthread_once(&once, library_init);
    if (c == NULL)
        die("out of memory (http client)");
    c->loop = l;
    c->running_max = in_flight == 0 ? IN_FLIGHT_DEFAULT : in_flight;
    c->idle = calloc((size_t)c->running_max, sizeof(CURL *));
    c->turn = evtimer_new(loop_base(l), on_turn, c);
    c->sweep = evtimer_new(loop_base(l), on_sweep, c);
    if (c->idle == NULL || c->turn == NULL || c->sweep == NULL)
        die("out of memory (http client)");
    for (int i = 0; i < HTTP_LANES; i++)
        TAILQ_INIT(&c->lanes[i].queued);
    TAILQ_INIT(&c->running);
    TAILQ_INIT(&c->cancelled);
    for (int i = 0; i < POOLS; i++)
        pool_init(&c->pools[i], c);
    return c;
}

void http_client_free(struct http_client *c)
{
    if (c == NULL)
        return;
    for (int i = 0; i < HTTP_LANES; i++) {
        while (!TAILQ_EMPTY(&c->lanes[i].queued))
            http_call_cancel(TAILQ_FIRST(&c->lanes[i].queued));
    }
    while (!TAILQ_EMPTY(&c->running))
        http_call_cancel(TAILQ_FIRST(&c->running));
    for (int i = 0; i < c->idle_count; i++)
        curl_easy_cleanup(c->idle[i]);
    for (int i = 0; i < POOLS; i++)
        pool_clear(&c->pools[i]);
    event_free(c->turn);
    event_free(c->sweep);
    free(c->idle);
    free(c);
}
