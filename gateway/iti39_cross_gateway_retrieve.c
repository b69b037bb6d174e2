/*
 * ITI-39 Cross Gateway Retrieve (Initiating Gateway -> Responding Gateway).
 * ITI TF-2: 3.39. The community's own repositories answer (ITI-43), each for what it keeps. Where patients keep
 * something back, the registry is asked first whose documents these are: one that may not leave is not there.
 */
#include "gateway/gateway.h"

#include "base/arena.h"
#include "base/str.h"
#include "gateway/disclosure.h"
#include "gateway/home.h"
#include "gateway/retrieval.h"
#include "msg/retrieve.h"

/* NULL when refused: one bad DocumentRequest costs only its own document. */
static const struct repository *repository_of(struct request *rq, const struct document_request *d)
{
    const char *own = rq->community->home_community_id;
    const struct repository *r = retrieval_repository(rq->community, d->repository_unique_id);

    if (text_absent(d->home))
        rq_refuse(rq, ISSUE_XDS_MISSING_HOME_COMMUNITY_ID, d->place,
                  "%s: HomeCommunityId is required between gateways; here it is %s", d->document_unique_id, own);
    else if (!home_equal(d->home, own))
        rq_refuse(rq, ISSUE_XDS_UNKNOWN_COMMUNITY, d->place, "%s: this gateway answers for %s alone, not for %s",
                  d->document_unique_id, own, d->home);
    else if (r == NULL)
        rq_refuse(rq, ISSUE_XDS_UNKNOWN_REPOSITORY_ID, d->place, "%s: %s has no repository %s", d->document_unique_id,
                  rq->community->name, d->repository_unique_id);
    else
        return r;
    return NULL;
}

/* Those that can be asked for, which loses the others of the list. */
static struct document_request *answerable(struct request *rq, struct document_request *requests)
{
    struct document_request *first = NULL, **end = &first;

    for (struct document_request *d = requests, *next; d != NULL; d = next) {
        next = d->next;
        d->next = NULL;
        if (repository_of(rq, d) == NULL)
            continue;
        *end = d;
        end = &d->next;
    }
    return first;
}

static enum rc documents_gather(struct request *rq, struct document_request *requests)
{
    struct retrieval *r = ARENA_NEW(rq->arena, struct retrieval);

    r->kind = ASK_ITI43;
    r->unavailable = ISSUE_XDS_REPOSITORY_ERROR;
    for (struct document_request *d = requests; d != NULL; d = d->next) {
        d->home = NULL; /* within the community nobody needs it; the answer gets it back */
        retrieval_add(rq->arena, r, d, rq->community,
                      retrieval_repository(rq->community, d->repository_unique_id)->number);
    }
    return retrieval_run(rq, r);
}

enum rc iti39_cross_gateway_retrieve(struct request *rq)
{
    struct document_request *requests;
    bool is_restricted;

    TRY(retrieval_decode(rq, &requests));
    requests = answerable(rq, requests);
    TRY(disclosure_restricts(rq, NULL, &is_restricted));
    if (!is_restricted || requests == NULL)
        return documents_gather(rq, requests);
    return disclosure_ask(rq, requests, documents_gather);
}
