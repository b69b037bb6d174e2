/*
 * RAD-75 Cross Gateway Retrieve Imaging Document Set (Initiating Imaging Gateway -> Responding Imaging Gateway).
 * RAD TF-3: 4.75. The community's own imaging sources answer (RAD-69), each for what it keeps.
 */
#include "gateway/gateway.h"
#include "gateway/retrieval.h"

enum rc rad75_cross_gateway_images(struct request *rq)
{
    return retrieval_from_repositories(rq, ASK_RAD69);
}
