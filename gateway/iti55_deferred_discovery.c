/*
 * ITI-55 Cross Gateway Patient Discovery with the Deferred Response Option (ITI TF-2: 3.55.4.1.3, 3.55.6.2): a query is
 * acknowledged, and its answer goes, in a message of its own, to the address in respondTo. Both gateways are here.
 */
#include "gateway/gateway.h"

#include "actor/daemon.h"
#include "actor/refusals.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/discovery.h"
#include "model/duration.h"
#include "msg/hl7v3.h"
#include "wire/ns.h"

#define ACTION_ACK    "urn:hl7-org:v3:MCCI_IN000002UV01"
#define ACTION_ANSWER "urn:hl7-org:v3:PRPA_IN201306UV02:Deferred:CrossGatewayPatientDiscovery"

/* ---- who is asked ---- */

static bool is_url(const char *text)
{
    return text != NULL && (text_starts(text, "http://") || text_starts(text, "https://"));
}

static enum rc deferral_check(struct request *rq, const struct find_query *q)
{
    if (!text_equal(q->priority, "D"))
        return rq_rule(rq, RULE_XCPD_DEFERRED, "responsePriorityCode",
                       "with this action responsePriorityCode is D (deferred), not %s", q->priority);
    if (!is_url(q->message.respond_to))
        return rq_rule(rq, RULE_XCPD_RESPOND_TO, "/PRPA_IN201305UV02/respondTo/telecom",
                       "respondTo needs a telecom with the http or https URL that the answer goes to");
    if (rq->soap.reply_to != NULL && !text_equal(rq->soap.reply_to, WSA_ANONYMOUS))
        return rq_rule(rq, RULE_XCPD_REPLY_TO, "wsa:ReplyTo",
                       "a deferred query is acknowledged on its own connection: wsa:ReplyTo is " WSA_ANONYMOUS);
    return OK;
}

enum rc iti55_deferred_discovery(struct request *rq)
{
    struct buf *ack = buf_new(rq->arena, BUF_MAX_DEFAULT);

    TRY(discovery_read(rq));
    const struct discovery *d = rq->state;
    TRY(deferral_check(rq, &d->query));
    mcci_ack_encode(rq->arena, &d->query.message, &rq->issues, ack);
    rq_answer_later(rq, ACTION_ACK, ack, d->query.message.respond_to, ACTION_ANSWER);
    return discovery_answer(rq);
}

/* Before the acknowledgement it is a refusal of the query, after it a negative answer. */
void refuse_deferred(struct request *rq)
{
    if (rq->later_to != NULL)
        discovery_refuse(rq);
    else
        refuse_with_mcci_ack(rq);
}

/* ---- who asked ---- */

/* What the asking community calls the patient: the question stands in its answer. */
static const struct patient_id *asked_about(struct request *rq)
{
    const struct xml_node *list = xml_at(rq->body, NS_HL7, "controlActProcess", "queryByParameter", "parameterList",
                                         NULL);

    for (const struct xml_node *p = xml_child(list, NS_HL7, "livingSubjectId"); p != NULL; p = xml_next(p)) {
        const struct patient_id *id = hl7_ii_decode(rq->arena, xml_child(p, NS_HL7, "value"));
        if (id != NULL && text_equal(id->root, rq->community->patient_id_domain))
            return id;
    }
    return NULL;
}

static void answer_remember(struct request *rq, const struct patient *match)
{
    const struct xml_node *header = xml_child(rq->soap.header, NS_XCPD, "CorrelationTimeToLive");
    const struct patient_id *own = asked_about(rq);
    int64_t seconds;

    if (own == NULL || match->ids == NULL || match->custodian_root == NULL || header == NULL)
        return;
    struct patient_place place = { .home = arena_printf(rq->arena, "urn:oid:%s", match->custodian_root),
                                   .id = { .root = match->ids->root, .extension = match->ids->extension } };
    if (duration_parse(xml_text_trimmed(rq->arena, header), &seconds))
        directory_learn(rq->community, own, &place, seconds);
}

enum rc iti55_deferred_answer(struct request *rq)
{
    struct hl7_message message;
    struct find_result result;

    TRY(hl7_message_decode_as(rq->arena, rq->body, "PRPA_IN201306UV02", &message, &rq->issues));
    if (find_result_decode(rq->arena, rq->body, &result) != OK)
        return rq_rule(rq, RULE_XCPD_ANSWER, "/PRPA_IN201306UV02",
                       "an answer needs an acknowledgement and a queryAck with its queryResponseCode");
    if (result.patients != NULL && result.patients->next == NULL)
        answer_remember(rq, result.patients);
    mcci_ack_encode(rq->arena, &message, &rq->issues, rq->reply);
    return OK;
}
