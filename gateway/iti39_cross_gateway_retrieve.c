/*
 * ITI-39 Cross Gateway Retrieve (Initiating Gateway -> Responding Gateway).
 * ITI TF-2: 3.39. The community's own repositories answer (ITI-43), each for what it keeps.
 */
#include "gateway/gateway.h"
#include "gateway/retrieval.h"

enum rc iti39_cross_gateway_retrieve(struct request *rq)
{
    return retrieval_from_repositories(rq, ASK_ITI43);
}
