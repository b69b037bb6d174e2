/* The cross-reference where communities meet: ITI TF-2: 3.45. */
#include "gateway/locate.h"

#include "actor/daemon.h"
#include "base/ids.h"
#include "base/str.h"
#include "gateway/fan_out.h"
#include "model/oid.h"
#include "msg/prpa_pix.h"

/* Case 4: the manager does not know the patient, so nobody is linked to them. */
static bool is_unknown_patient(const struct pix_result *result)
{
    const struct issue *detail = result->ack.details.first;

    return detail != NULL && detail->code == ISSUE_HL7_UNKNOWN_KEY;
}

static enum rc on_ids(struct request *rq, const struct fan_out *f)
{
    struct location *l = f->user;
    struct pix_result result;

    if (f->first->call->rc != OK || pix_result_decode(rq->arena, f->first->call->body, &result) != OK)
        ask_fail(f->first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, "no PRPA_IN201310UV02 came");
    else if (text_equal(result.ack.type_code, "AA"))
        location_add_ids(rq->arena, l, rq->service->daemon->world, result.ids);
    else if (!is_unknown_patient(&result))
        ask_fail(f->first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, "it refused the query");
    return l->then(rq, l);
}

static const struct buf *pix_query_body(struct request *rq, const struct location *l)
{
    struct buf *body = fan_out_body(rq);
    char uuid[IDS_UUID_LEN];
    struct pix_query q = { .message = hl7_message_new(rq->arena, "PRPA_IN201309UV02", NULL), .patient_id = l->patient };

    ids_uuid(uuid);
    q.query_id.root = oid_of_urn(l->own->home_community_id);
    q.query_id.extension = uuid;
    q.message.sender.root = oid_of_urn(l->own->home_community_id);
    q.message.receiver.root = oid_of_urn(l->at->home_community_id);
    pix_query_encode(rq->arena, &q, body);
    return body;
}

enum rc locate_by_pix(struct request *rq, struct location *l)
{
    if (l->at == NULL || l->at->gateway_at != NULL) { /* --communities left it out; others show only gateways */
        rq_refuse(rq, ISSUE_XDS_UNAVAILABLE_COMMUNITY, NULL, "the PIX manager at %s does not live here",
                  l->own->locate_at == NULL ? "backbone" : l->own->locate_at);
        return l->then(rq, l);
    }
    return fan_out_ask(rq, ASK_ITI45, l->at, pix_query_body(rq, l), on_ids, l);
}
