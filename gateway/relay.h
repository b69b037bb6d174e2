#pragma once
/*
 * A submission on its way through a gateway: metadata and documents go on as they came, to one actor, whose
 * RegistryResponse is the answer. Every error of it names the community it is from (ITI TF-3: 4.2.4.1, @location).
 */

#include "actor/request.h"
#include "base/rc.h"
#include "model/community.h"
#include "model/issue.h"
#include "msg/submit_objects.h"

/* To whom, as what, and how it is told that nobody answered there. */
struct relay {
    const char *transaction, *action;
    const char *actor; /* path word */
    bool mtom;
    bool is_inner; /* an actor behind this gateway, which has less time (gateway/peer.h) */
    enum issue_code unavailable;
};

/* rq->body as an ITI-41 or ITI-80. What its metadata lacks is no issue here: who keeps it judges it. */
MUST_CHECK enum rc relay_read(struct request *rq, struct provide *out);

/* LATER, or E_REFUSED. rq->body goes on whole, with its attachments. */
enum rc relay_to(struct request *rq, const struct relay *as, const struct community *to);

/*
 * The community a submission is for: SubmissionSet.homeCommunityId (ITI TF-2: 3.80.4.1.2). E_REFUSED: it does not say,
 * or no such community is known.
 */
MUST_CHECK enum rc relay_target(struct request *rq, const struct submission *s, const struct community **out);
