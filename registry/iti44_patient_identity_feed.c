/*
 * ITI-44 Patient Identity Feed HL7 V3 (Patient Identity Source -> Document Registry): makes a patient id of the
 * affinity domain known, so that documents may be registered under it, or merges two. ITI TF-2: 3.44.4.1.4, 3.44.4.2.4.
 */
#include "registry/registry.h"

#include "msg/prpa_feed.h"
#include "registry/patient_feed.h"

static void on_kept(struct request *rq, enum rc rc)
{
    const struct patient_feed *feed = rq->state;

    if (rc == OK)
        mcci_ack_encode(rq->arena, feed->message, &rq->issues, rq->reply);
    rq_done(rq, rc);
}

enum rc iti44_patient_identity_feed(struct request *rq)
{
    struct prpa_feed *message = ARENA_NEW(rq->arena, struct prpa_feed);
    struct patient_feed *feed = ARENA_NEW(rq->arena, struct patient_feed);
    int n = 0;

    TRY(prpa_feed_decode(rq->arena, rq->body, message, &rq->issues));
    feed->message = &message->message;
    for (const struct patient_id *id = message->patient.ids; id != NULL; id = id->next)
        TRY(patient_feed_add(rq, feed, id, prpa_feed_id_place(rq->arena, message, ++n)));
    if (message->event == FEED_MERGED)
        TRY(patient_feed_subsume(rq, feed, message->subsumed, message->subsumed_place));
    return patient_feed_keep(rq, feed, arena_printf(rq->arena, "%s/id", message->patient_place), on_kept);
}
