#include "actor/refusals.h"

#include "actor/request.h"
#include "msg/hl7v3.h"
#include "msg/registry_response.h"

void refuse_with_registry_response(struct request *rq)
{
    struct registry_response response = { .status = REGISTRY_FAILURE, .issues = rq->issues };

    registry_response_encode(&response, rq->reply);
}

void refuse_with_mcci_ack(struct request *rq)
{
    struct hl7_message message = { 0 };
    struct issue_list known = { 0 };

    (void)!hl7_message_decode(rq->arena, rq->body, &message, &known);
    mcci_ack_encode(rq->arena, &message, &rq->issues, rq->reply);
}
