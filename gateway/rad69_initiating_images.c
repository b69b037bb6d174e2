/*
 * RAD-69 Retrieve Imaging Document Set (Imaging Document Consumer -> Initiating Imaging Gateway).
 * RAD TF-2: 4.69, RAD TF-3: 4.75. Every community that is named is asked once (RAD-75), its own among them.
 */
#include "gateway/gateway.h"
#include "gateway/retrieval.h"

enum rc rad69_initiating_images(struct request *rq)
{
    return retrieval_from_communities(rq, ASK_RAD75);
}
