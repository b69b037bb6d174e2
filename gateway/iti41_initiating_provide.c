/*
 * ITI-41 Provide and Register Document Set-b at the Initiating Gateway (XDR Document Source -> Initiating Gateway). ITI
 * TF-1: 40, ITI TF-2: 3.41, 3.80. A referral for another community goes to that community's gateway (ITI-80).
 */
#include "gateway/gateway.h"

#include "gateway/relay.h"
#include "msg/submit_objects.h"

enum rc iti41_initiating_provide(struct request *rq)
{
    static const struct relay to_gateway = {
        .transaction = "ITI-80",
        .action = "urn:ihe:iti:2015:CrossGatewayDocumentProvide",
        .actor = "responding",
        .mtom = true,
        .unavailable = ISSUE_XDS_UNAVAILABLE_COMMUNITY,
    };
    const struct community *to = NULL;
    struct provide message;

    TRY(relay_read(rq, &message));
    TRY(relay_target(rq, &message.submit.submission, &to));
    return relay_to(rq, &to_gateway, to);
}
