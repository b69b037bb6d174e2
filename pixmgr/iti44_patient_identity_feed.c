/*
 * ITI-44 Patient Identity Feed HL7 V3 (Patient Identity Source -> PIX Manager): a patient's ids and demographics are
 * kept and cross-referenced. ITI TF-2: 3.44.4.1.3. Acknowledged only once they are durable.
 *
 * Added and Revised do the same. A source that missed an acknowledgement sends Added again, and one whose Added was
 * lost sends Revised: both mean "this is how the patient is now", and refusing would only leave the manager behind.
 */
#include "pixmgr/pixmgr.h"

#include "msg/prpa_feed.h"
#include "pixmgr/store.h"

#define REPEATS_MAX 100 /* of ids, other ids, names: each is kept with each id */

static enum rc repeats_check(struct request *rq, const struct prpa_feed *feed)
{
    int ids = 0, others = 0, names = 0;

    for (const struct patient_id *id = feed->patient.ids; id != NULL; id = id->next)
        ids++;
    for (const struct patient_id *id = feed->patient.other_ids; id != NULL; id = id->next)
        others++;
    for (const struct person_name *n = feed->patient.names; n != NULL; n = n->next)
        names++;
    if (ids <= REPEATS_MAX && others <= REPEATS_MAX && names <= REPEATS_MAX)
        return OK;
    return rq_refuse(rq, ISSUE_HL7_BAD_VALUE, feed->patient_place,
                     "%d ids, %d asOtherIDs and %d names: a patient has at most %d of each here", ids, others, names,
                     REPEATS_MAX);
}

static enum rc domains_check(struct request *rq, const struct prpa_feed *feed)
{
    enum rc rc = OK;
    int n = 1;

    for (const struct patient_id *id = feed->patient.ids; id != NULL && rq->issues.errors < DETAILS_MAX;
         id = id->next, n++) {
        if (!domain_is_known(rq, id->root))
            rc = domain_refuse(rq, prpa_feed_id_place(rq->arena, feed, n), id->root);
    }
    return rc;
}

static enum rc keep_patient(struct db *db, struct request *rq)
{
    const struct prpa_feed *feed = rq->state;
    struct linking how = linking_of(rq->arena, rq->service->daemon->config, rq->community);

    return store_patient_feed(rq->arena, db, &how, &feed->patient, NULL);
}

static void on_kept(struct request *rq, enum rc rc)
{
    const struct prpa_feed *feed = rq->state;

    if (rc == OK)
        mcci_ack_encode(rq->arena, &feed->message, &rq->issues, rq->reply);
    rq_done(rq, rc);
}

enum rc iti44_patient_identity_feed(struct request *rq)
{
    struct prpa_feed *feed = ARENA_NEW(rq->arena, struct prpa_feed);

    TRY(prpa_feed_decode(rq->arena, rq->body, feed, &rq->issues));
    TRY(repeats_check(rq, feed));
    TRY(domains_check(rq, feed));
    rq->state = feed;
    return rq_write(rq, keep_patient, on_kept);
}
