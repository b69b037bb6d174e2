/*
 * ITI-44 Patient Identity Feed HL7 V3 (Patient Identity Source -> PIX Manager): a patient's ids and demographics are
 * kept and cross-referenced, and an id takes the place of another. ITI TF-2: 3.44.4.1.3, 3.44.4.2.3. Acknowledged only
 * once it is durable.
 *
 * Added and Revised do the same. A source that missed an acknowledgement sends Added again, and one whose Added was
 * lost sends Revised: both mean "this is how the patient is now", and refusing would only leave the manager behind.
 */
#include "pixmgr/pixmgr.h"

#include "base/str.h"
#include "msg/prpa_feed.h"
#include "pixmgr/merge.h"
#include "pixmgr/notifier.h"
#include "pixmgr/store.h"
#include "pixmgr/subscribers.h"

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
    return rq_rule(rq, RULE_V3_QUERY_MANY, feed->patient_place,
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

/* One id on each side, of one domain (3.44.4.2.2). */
static enum rc sides_check(struct request *rq, const struct prpa_feed *feed)
{
    const struct patient_id *survivor = feed->patient.ids, *subsumed = feed->subsumed;

    if (survivor->next != NULL)
        return rq_rule(rq, RULE_V3_MERGE_ONE_SURVIVOR, prpa_feed_id_place(rq->arena, feed, 2),
                       "a message resolves one duplicate: the patient has the one id that survives");
    if (!domain_is_known(rq, subsumed->root))
        return domain_refuse(rq, feed->subsumed_place, subsumed->root);
    if (!text_equal(survivor->root, subsumed->root))
        return rq_rule(rq, RULE_V3_MERGE_DOMAIN, feed->subsumed_place,
                       "an id merges into one of its own domain, %s; the survivor's is %s", subsumed->root,
                       survivor->root);
    return OK;
}

/* ---- the writer's thread ---- */

struct feeding {
    struct prpa_feed feed;
    struct persons changed;
};

static enum rc patient_merge(struct db *db, struct request *rq, struct feeding *f)
{
    struct merge_side survivor = { f->feed.patient.ids, prpa_feed_id_place(rq->arena, &f->feed, 1) };
    struct merge_side subsumed = { f->feed.subsumed, f->feed.subsumed_place };

    return merge_ids(rq, db, &survivor, &subsumed, &f->changed);
}

static enum rc patient_keep(struct db *db, struct request *rq, struct feeding *f)
{
    struct linking how = linking_of(rq->arena, rq->service->daemon->config, rq->community);

    return store_patient_feed(rq->arena, db, &how, &f->feed.patient, &f->changed);
}

static enum rc act(struct db *db, struct request *rq)
{
    struct feeding *f = rq->state;

    TRY(f->feed.event == FEED_MERGED ? patient_merge(db, rq, f) : patient_keep(db, rq, f));
    return notifications_queue(rq->arena, db, rq->community->number, &f->changed);
}

/* ---- the loop ---- */

static void on_kept(struct request *rq, enum rc rc)
{
    const struct feeding *f = rq->state;

    if (rc == OK)
        mcci_ack_encode(rq->arena, &f->feed.message, &rq->issues, rq->reply);
    if (rc == OK && f->changed.count > 0)
        notifier_wake(pixmgr_of(rq)->notifier);
    rq_done(rq, rc);
}

enum rc iti44_patient_identity_feed(struct request *rq)
{
    struct feeding *f = ARENA_NEW(rq->arena, struct feeding);

    TRY(prpa_feed_decode(rq->arena, rq->body, &f->feed, &rq->issues));
    TRY(repeats_check(rq, &f->feed));
    TRY(domains_check(rq, &f->feed));
    if (f->feed.event == FEED_MERGED)
        TRY(sides_check(rq, &f->feed));
    rq->state = f;
    return rq_write(rq, act, on_kept);
}
