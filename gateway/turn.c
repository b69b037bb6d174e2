#include "gateway/turn.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "net/loop.h"

#include <sys/queue.h>

#define AT_ONCE 2    /* of a loop: while one waits for its last answers, the other asks */
#define LONG_MS 1000 /* after that it does not count */

TAILQ_HEAD(turn_list, turn);

/* In its request's arena. */
struct turn {
    TAILQ_ENTRY(turn) link; /* while it waits */
    struct loop_turns *at;
    struct request *rq;
    enum rc (*begin)(struct request *rq);
    struct loop_timer *timer; /* while it counts */
    bool is_waiting;
};

/* Touched on its loop only. */
struct loop_turns {
    struct loop *loop;
    struct turn_list waiting;
    int counting;
};

struct turns {
    struct loop_turns *of; /* by loop */
};

struct turns *turns_new(struct arena *a, int loops)
{
    struct turns *t = ARENA_NEW(a, struct turns);

    t->of = ARENA_ARRAY(a, struct loop_turns, (size_t)loops);
    for (int i = 0; i < loops; i++)
        TAILQ_INIT(&t->of[i].waiting);
    return t;
}

static void next_begin(struct loop_turns *at);

static void stop_counting(struct turn *turn)
{
    turn->timer = NULL;
    turn->at->counting--;
    next_begin(turn->at);
}

static void on_long(void *arg)
{
    stop_counting(arg);
}

static void count(struct turn *turn)
{
    turn->at->counting++;
    turn->timer = loop_after(turn->at->loop, LONG_MS, on_long, turn);
}

static void on_turn(void *arg)
{
    struct turn *turn = arg;

    if (rq_release(turn->rq))
        rq_done(turn->rq, turn->begin(turn->rq));
}

static void next_begin(struct loop_turns *at)
{
    struct turn *turn;

    while (at->counting < AT_ONCE && (turn = TAILQ_FIRST(&at->waiting)) != NULL) {
        TAILQ_REMOVE(&at->waiting, turn, link);
        turn->is_waiting = false;
        count(turn);
        rq_hold(turn->rq);
        loop_post(at->loop, on_turn, turn);
    }
}

/* The request is gone, whether it was answered or left. */
static void turn_end(void *arg)
{
    struct turn *turn = arg;

    if (turn->is_waiting)
        TAILQ_REMOVE(&turn->at->waiting, turn, link);
    if (turn->timer == NULL)
        return;
    loop_cancel(turn->timer);
    stop_counting(turn);
}

enum rc turn_take(struct turns *t, struct request *rq, enum rc (*begin)(struct request *rq))
{
    struct turn *turn = ARENA_NEW(rq->arena, struct turn);
    struct loop_turns *at = &t->of[rq->service - rq->service->daemon->services];

    at->loop = rq->service->loop;
    *turn = (struct turn){ .at = at, .rq = rq, .begin = begin };
    arena_defer(rq->arena, turn_end, turn);
    if (at->counting < AT_ONCE && TAILQ_EMPTY(&at->waiting)) {
        count(turn);
        return begin(rq);
    }
    turn->is_waiting = true;
    TAILQ_INSERT_TAIL(&at->waiting, turn, link);
    return LATER;
}
