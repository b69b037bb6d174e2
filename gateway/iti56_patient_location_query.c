/*
 * ITI-56 Patient Location Query (Initiating Gateway -> Responding Gateway that is a Health Data Locator). ITI TF-2:
 * 3.56. The community itself holds whom its demographics supplier knows; others are those that asked for the patient.
 * The transaction has no negative answer: what cannot be answered is a fault.
 */
#include "gateway/gateway.h"

#include "base/arena.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/disclosure.h"
#include "gateway/fan_out.h"
#include "gateway/patient_find.h"
#include "msg/patient_location.h"

static enum rc on_supplier(struct request *rq, const struct fan_out *f)
{
    const struct patient_id *patient = rq->state;
    struct find_result result;
    bool is_withdrawn;

    if (!find_result_read(f->first, ISSUE_HL7_INTERNAL, &result))
        return E_REFUSED;
    TRY(disclosure_is_withdrawn(rq, patient, &is_withdrawn));
    if (result.patients == NULL || is_withdrawn)
        return rq_rule(rq, RULE_XCPD_LOCATION_KNOWN, "RequestedPatientId", "%s does not know the patient %s",
                       rq->community->name, patient_id_cx(rq->arena, patient));
    struct patient_place own = { .home = rq->community->home_community_id,
                                 .id = { .root = patient->root, .extension = patient->extension },
                                 .next = directory_find(rq->arena, rq->community, patient) };
    location_answer_encode(patient, &own, rq->reply);
    return OK;
}

enum rc iti56_patient_location_query(struct request *rq)
{
    struct patient_id *patient = ARENA_NEW(rq->arena, struct patient_id);
    struct find_query q = find_query_new(rq->arena, rq->community, rq->community);
    struct buf *body = fan_out_body(rq);

    TRY(location_query_decode(rq->arena, rq->body, patient, &rq->issues));
    if (!text_equal(patient->root, rq->community->patient_id_domain))
        return rq_rule(rq, RULE_XCPD_LOCATION_DOMAIN, "RequestedPatientId/@root",
                       "%s is not where %s has its patient ids from: that is %s", patient->root, rq->community->name,
                       rq->community->patient_id_domain);
    rq->state = patient;
    patient_id_add(rq->arena, &q.ids, patient->root, patient->extension);
    find_query_encode(rq->arena, &q, body);
    return fan_out_ask(rq, ASK_ITI47, rq->community, body, on_supplier, NULL);
}
