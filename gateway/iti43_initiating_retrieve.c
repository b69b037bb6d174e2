/*
 * ITI-43 Retrieve Document Set (Document Consumer -> Initiating Gateway).
 * ITI TF-2: 3.43.4.1.3, 3.39. Every community that is named is asked once (ITI-39), its own among them.
 */
#include "gateway/gateway.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/str.h"
#include "gateway/retrieval.h"
#include "msg/retrieve.h"

/* NULL when refused: one bad DocumentRequest costs only its own document. */
static const struct community *community_of(struct request *rq, const struct document_request *d)
{
    const struct community *c = world_find_home(rq->service->daemon->world, d->home);

    if (text_absent(d->home))
        rq_rule(rq, RULE_XCA_RETRIEVE_HOME, d->place,
                "%s: HomeCommunityId is required here; take it from the entry's home", d->document_unique_id);
    else if (c == NULL)
        rq_rule(rq, RULE_XCA_RETRIEVE_KNOWN, d->place, "%s: no community %s is known here", d->document_unique_id,
                d->home);
    return c;
}

enum rc iti43_initiating_retrieve(struct request *rq)
{
    struct retrieval *r = ARENA_NEW(rq->arena, struct retrieval);
    struct document_request *requests;

    r->kind = ASK_ITI39;
    r->unavailable = ISSUE_XDS_UNAVAILABLE_COMMUNITY;
    TRY(retrieval_decode(rq, &requests));
    for (const struct document_request *d = requests; d != NULL; d = d->next) {
        const struct community *c = community_of(rq, d);
        if (c != NULL)
            retrieval_add(rq->arena, r, d, c, 1);
    }
    return retrieval_run(rq, r);
}
