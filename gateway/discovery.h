#pragma once
/*
 * The question of an ITI-55 as its responder treats it (ITI TF-2: 3.55.4.1, 3.55.4.2): put to the community's own
 * demographics supplier (ITI-47), and answered with regional ids. Immediate or deferred, it is the same.
 */

#include "actor/request.h"
#include "base/rc.h"
#include "msg/prpa_find.h"

struct discovery {
    struct find_query query;
    bool by_shared_id; /* what is asked now; demographics are next, where they are given */
};

/* rq->body into rq->state, checked: E_REFUSED with issues, of which rq->state still says whose question it was. */
MUST_CHECK enum rc discovery_read(struct request *rq);
/* Asks and answers into rq->reply, with the header for how long the answer holds. */
enum rc discovery_answer(struct request *rq);
/* The negative answer: rq->issues, or that nothing could be said. */
void discovery_refuse(struct request *rq);
