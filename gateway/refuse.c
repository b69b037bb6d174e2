/* The negative answers of queries and retrievals (ITI TF-3: 4.2.4); discovery has its own. */
#include "gateway/gateway.h"

#include "actor/refusals.h"
#include "gateway/home.h"
#include "msg/adhoc_query.h"
#include "msg/retrieve.h"

void refuse_query(struct request *rq)
{
    home_locate(&rq->issues, rq->community->home_community_id);
    struct adhoc_response response = { .status = REGISTRY_FAILURE, .issues = rq->issues };
    adhoc_response_encode(&response, rq->reply);
}

void refuse_retrieve(struct request *rq)
{
    home_locate(&rq->issues, rq->community->home_community_id);
    struct retrieve_response response = { .status = REGISTRY_FAILURE, .issues = rq->issues };
    retrieve_response_encode(&response, rq->reply);
}

void refuse_submission(struct request *rq)
{
    home_locate(&rq->issues, rq->community->home_community_id);
    refuse_with_registry_response(rq);
}
