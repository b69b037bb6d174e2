/*
 * ITI-43 Retrieve Document Set (Document Consumer -> Initiating Gateway).
 * ITI TF-2: 3.43.4.1.3, 3.39. Every community that is named is asked once (ITI-39), its own among them.
 */
#include "gateway/gateway.h"
#include "gateway/retrieval.h"

enum rc iti43_initiating_retrieve(struct request *rq)
{
    return retrieval_from_communities(rq, ASK_ITI39);
}
