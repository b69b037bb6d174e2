#include "gateway/peer.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "gateway/habits.h"
#include "net/loop.h"

#define TRIES    2
#define PAUSE_MS 200 /* between them: a daemon that starts again takes less */

struct asking {
    struct request *rq;
    struct peer_question question;
    void (*then)(struct request *rq, struct call *call);
    void *user;
    int tries;
    const char *not_asked; /* why */
};

int peer_inner_timeout(const struct request *rq)
{
    long long outer = config_number(rq->service->daemon->config, CONFIG_CALL_TIMEOUT);

    return (int)(outer - outer / 4);
}

static void over(struct asking *k, struct call *call)
{
    call->user = k->user;
    k->then(k->rq, call);
}

static void on_not_asked(void *arg)
{
    struct asking *k = arg;
    struct call *call = ARENA_NEW(k->rq->arena, struct call);

    if (!rq_release(k->rq))
        return;
    *call = (struct call){ .rc = E_PEER, .why = k->not_asked, .is_unsent = true, .url = k->question.call.url };
    rq_info(k->rq, "%s: %s", k->question.community->key, k->not_asked);
    over(k, call);
}

static bool is_worth_another(const struct asking *k, const struct call *call)
{
    if (call->rc != E_PEER || k->tries == TRIES)
        return false;
    return call->is_unsent || (k->question.is_query && call->http_status == 0);
}

static void breaker_tell_call(const struct asking *k, const struct call *call)
{
    bool has_failed = call->rc == E_PEER || call->rc == E_TIMEOUT;

    if (!k->question.is_inner)
        habits_tell(k->rq->service->daemon, k->question.community, !has_failed, call->why);
}

static void try_once(struct asking *k);

static void on_pause_over(void *arg)
{
    struct asking *k = arg;

    if (rq_release(k->rq))
        try_once(k);
}

static void on_answer(struct request *rq, struct call *call)
{
    struct asking *k = call->user;

    if (is_worth_another(k, call)) {
        rq_hold(rq);
        loop_after(rq->service->loop, PAUSE_MS, on_pause_over, k);
        return;
    }
    breaker_tell_call(k, call);
    over(k, call);
}

static void try_once(struct asking *k)
{
    k->tries++;
    rq_call(k->rq, &k->question.call, on_answer, k);
}

enum rc peer_ask(struct request *rq, const struct peer_question *q, void (*then)(struct request *rq, struct call *call),
                 void *user)
{
    const struct daemon *d = rq->service->daemon;
    struct asking *k = ARENA_NEW(rq->arena, struct asking);
    struct call_spec *spec = &k->question.call;

    *k = (struct asking){ .rq = rq, .question = *q, .then = then, .user = user };
    spec->url = daemon_peer_url(rq->arena, d, q->community, q->actor, q->number);
    spec->timeout_ms = q->is_inner ? peer_inner_timeout(rq) : habits_deadline(d, q->community);
    spec->lane = q->is_inner ? HTTP_LANE_INNER : HTTP_LANE_OUTER;
    if (q->is_inner || habits_ask(rq->arena, d, q->community, &k->not_asked)) {
        try_once(k);
        return LATER;
    }
    rq_hold(rq);
    loop_post(rq->service->loop, on_not_asked, k);
    return LATER;
}
