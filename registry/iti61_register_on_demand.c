/*
 * ITI-61 Register On-Demand Document Entry (On-Demand Document Source -> Document Registry): a submission as in ITI-42
 * whose documents do not exist yet, so that they have no creationTime, hash or size. ITI TF-2: 3.61.
 */
#include "registry/registry.h"

#include "registry/submission.h"

enum rc iti61_register_on_demand(struct request *rq)
{
    return submission_serve(rq, SUBMISSION_ON_DEMAND);
}
