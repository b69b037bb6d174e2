/*
 * ITI-55 Cross Gateway Patient Discovery (Initiating Gateway -> Responding Gateway), answered at once. ITI TF-2: 3.55.
 * The community's own demographics supplier answers (ITI-47); others get to know its regional id.
 */
#include "gateway/gateway.h"

#include "base/str.h"
#include "gateway/discovery.h"

enum rc iti55_cross_gateway_patient_discovery(struct request *rq)
{
    const struct discovery *d;

    TRY(discovery_read(rq));
    d = rq->state;
    if (text_equal(d->query.priority, "D"))
        return rq_rule(rq, RULE_V3_QUERY_IMMEDIATE, "responsePriorityCode",
                       "a query that may be answered later (D) comes with the action "
                       "urn:hl7-org:v3:PRPA_IN201305UV02:Deferred:CrossGatewayPatientDiscovery");
    return discovery_answer(rq);
}

void refuse_discovery(struct request *rq)
{
    discovery_refuse(rq);
}
