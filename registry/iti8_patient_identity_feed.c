/*
 * ITI-8 Patient Identity Feed (Patient Identity Source -> Document Registry), HL7 v2 over MLLP: ADT^A01, A04 and A05
 * make a patient id of the affinity domain known, A40 merges two; A08 is taken and changes nothing, because a registry
 * knows ids alone. ITI TF-2: 3.8.4.1.4, 3.8.4.2.4.
 */
#include "registry/registry.h"

#include "base/str.h"
#include "msg/adt.h"
#include "msg/hl7v2_ack.h"
#include "registry/patient_feed.h"

#include <strings.h>

static void on_kept(struct request *rq, enum rc rc)
{
    if (rc == OK)
        hl7v2_ack_encode(rq->arena, rq->hl7v2, &rq->issues, rq->reply);
    rq_done(rq, rc);
}

/* An authority that is not named, or by the community's name, is the affinity domain's (3.8.4.1.4). */
static void complete(const struct community *c, struct patient_id *ids)
{
    for (struct patient_id *id = ids; id != NULL; id = id->next) {
        bool is_ours = text_absent(id->authority) || strcasecmp(id->authority, c->key) == 0 ||
                       strcasecmp(id->authority, c->slug) == 0;
        if (id->root == NULL && is_ours)
            id->root = c->patient_id_domain;
    }
}

enum rc iti8_patient_identity_feed(struct request *rq)
{
    struct patient_feed *feed = ARENA_NEW(rq->arena, struct patient_feed);
    struct adt adt;
    int n = 0;

    TRY(adt_decode(rq->arena, rq->hl7v2, &adt, &rq->issues));
    if (adt.kind == ADT_UPDATE) {
        hl7v2_ack_encode(rq->arena, rq->hl7v2, &rq->issues, rq->reply);
        return OK;
    }
    complete(rq->community, adt.patient.ids);
    complete(rq->community, adt.subsumed);
    for (const struct patient_id *id = adt.patient.ids; id != NULL; id = id->next)
        TRY(patient_feed_add(rq, feed, id, arena_printf(rq->arena, "PID^1^3^%d^1", ++n)));
    if (adt.subsumed != NULL)
        TRY(patient_feed_subsume(rq, feed, adt.subsumed, "MRG^1^1^1^1"));
    return patient_feed_keep(rq, feed, "PID^1^3^1^4", on_kept);
}
