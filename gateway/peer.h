#pragma once
/*
 * One question of a gateway to another actor, with the manners it has: a deadline of the community's own, no question
 * to a community whose breaker is open, a second try where that is safe. Safe is whatever never reached the peer, and a
 * query (which changes nothing) whose connection broke before any answer came.
 */

#include "actor/call.h"
#include "model/community.h"

struct peer_question {
    struct call_spec call; /* url, timeout and lane are filled in here */
    const struct community *community;
    const char *actor; /* path word */
    int number;        /* of the repository; 1 for all others */
    bool is_inner;     /* an actor behind this gateway: no breaker, and less time (peer_inner_timeout) */
    bool is_query;
};

/* LATER; then runs once, as that of rq_call. Of a community that is not asked: with E_PEER and the reason. */
enum rc peer_ask(struct request *rq, const struct peer_question *q, void (*then)(struct request *rq, struct call *call),
                 void *user);

/*
 * Milliseconds that an actor behind a gateway has: three quarters of --call-timeout, which is what another gateway has.
 * So who asked from there is told which actor did not answer, instead of giving up on the community at the same time.
 */
int peer_inner_timeout(const struct request *rq);
