/*
 * ITI-44 Patient Identity Feed HL7 V3 (Patient Identity Source -> Document Registry): makes a patient id of the
 * affinity domain known, so that documents may be registered under it. ITI TF-2: 3.44.4.1.3.
 */
#include "registry/registry.h"

#include "msg/prpa_feed.h"
#include "registry/store.h"

static enum rc keep_patient(struct db *db, struct request *rq)
{
    const struct prpa_feed *feed = rq->state;
    const char *domain = rq->community->patient_id_domain;

    for (const struct patient_id *id = feed->patient.ids; id != NULL; id = id->next) {
        if (text_equal(id->root, domain))
            TRY(store_patient_add(db, rq->community->number, patient_id_cx(rq->arena, id)));
    }
    return OK;
}

static void on_kept(struct request *rq, enum rc rc)
{
    const struct prpa_feed *feed = rq->state;

    if (rc == OK)
        mcci_ack_encode(rq->arena, &feed->message, &rq->issues, rq->reply);
    rq_done(rq, rc);
}

/* In XDS a patient id is a CX, which cannot carry its own separators (ITI TF-3: Table 4.2.3.1.7-2). */
static enum rc ids_check(struct request *rq, const struct prpa_feed *feed)
{
    for (const struct patient_id *id = feed->patient.ids; id != NULL; id = id->next) {
        struct patient_id again;
        if (patient_id_parse(rq->arena, patient_id_cx(rq->arena, id), &again) != OK)
            return rq_refuse(
                rq, ISSUE_HL7_BAD_VALUE, arena_printf(rq->arena, "%s/id", feed->patient_place),
                "the id \"%.80s\" of %.80s cannot be written as a CX: no ^ & ~ | \\, and an OID as its root",
                id->extension, id->root);
    }
    return OK;
}

enum rc iti44_patient_identity_feed(struct request *rq)
{
    struct prpa_feed *feed = ARENA_NEW(rq->arena, struct prpa_feed);
    const char *domain = rq->community->patient_id_domain;

    TRY(prpa_feed_decode(rq->arena, rq->body, feed, &rq->issues));
    rq->state = feed;
    if (patient_id_in(feed->patient.ids, domain) == NULL)
        return rq_refuse(rq, ISSUE_HL7_UNKNOWN_KEY, arena_printf(rq->arena, "%s/id", feed->patient_place),
                         "none of the patient's ids is of this affinity domain, whose assigning authority is %s",
                         domain);
    TRY(ids_check(rq, feed));
    return rq_write(rq, keep_patient, on_kept);
}
