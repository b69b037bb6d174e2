/*
 * ITI-39 Cross Gateway Retrieve (Initiating Gateway -> Responding Gateway).
 * ITI TF-2: 3.39. The community's own repositories answer (ITI-43), each for what it keeps.
 */
#include "gateway/gateway.h"

#include "base/arena.h"
#include "base/str.h"
#include "gateway/home.h"
#include "gateway/retrieval.h"
#include "msg/retrieve.h"

/* NULL when refused: one bad DocumentRequest costs only its own document. */
static const struct repository *repository_of(struct request *rq, const struct document_request *d)
{
    const char *own = rq->community->home_community_id;
    const struct repository *r = retrieval_repository(rq->community, d->repository_unique_id);

    if (text_absent(d->home))
        rq_rule(rq, RULE_XCA_RETRIEVE_HOME, d->place, "%s: HomeCommunityId is required between gateways; here it is %s",
                d->document_unique_id, own);
    else if (!home_equal(d->home, own))
        rq_rule(rq, RULE_XCA_RETRIEVE_OURS, d->place, "%s: this gateway answers for %s alone, not for %s",
                d->document_unique_id, own, d->home);
    else if (r == NULL)
        rq_rule(rq, RULE_XCA_RETRIEVE_REPOSITORY, d->place, "%s: %s has no repository %s", d->document_unique_id,
                rq->community->name, d->repository_unique_id);
    else
        return r;
    return NULL;
}

enum rc iti39_cross_gateway_retrieve(struct request *rq)
{
    struct retrieval *r = ARENA_NEW(rq->arena, struct retrieval);
    struct document_request *requests;

    r->kind = ASK_ITI43;
    r->unavailable = ISSUE_XDS_REPOSITORY_ERROR;
    TRY(retrieval_decode(rq, &requests));
    for (struct document_request *d = requests; d != NULL; d = d->next) {
        const struct repository *repository = repository_of(rq, d);
        if (repository == NULL)
            continue;
        d->home = NULL; /* within the community nobody needs it; the answer gets it back */
        retrieval_add(rq->arena, r, d, rq->community, repository->number);
    }
    return retrieval_run(rq, r);
}
