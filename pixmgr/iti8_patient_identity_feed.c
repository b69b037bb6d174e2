/*
 * ITI-8 Patient Identity Feed (Patient Identity Source -> PIX Manager) and ITI-30 Patient Identity Management, HL7 v2:
 * a patient's ids and demographics are kept and cross-referenced, ids are merged, linked, parted (ITI TF-2: 3.8.4.1.3,
 * 3.8.4.2.3, 3.30.4). Acknowledged only once it is durable.
 *
 * Whatever the event of a feed, it says how the patient is now: a field that is empty stays as it was known, one of ""
 * goes. An update of somebody nobody fed is a feed: its source has been at work before we were.
 */
#include "pixmgr/pixmgr.h"

#include "msg/adt.h"
#include "msg/hl7v2_ack.h"
#include "pixmgr/merge.h"
#include "pixmgr/notifier.h"
#include "pixmgr/store.h"
#include "pixmgr/subscribers.h"
#include "pixmgr/visits.h"

struct feed {
    struct adt adt;
    struct linking how;
    struct persons changed;
};

/* ---- the writer's thread ---- */

static enum rc keep_patient(struct db *db, struct request *rq, struct feed *f)
{
    struct visit visit;

    TRY(store_patient_update(rq->arena, db, &f->how, &f->adt.patient, &f->changed));
    return visit_read(rq->hl7v2, &visit) ? visits_keep(db, rq->community->number, f->adt.patient.ids, &visit) : OK;
}

static const char *named(struct arena *a, const struct patient_id *id)
{
    return arena_printf(a, "%s of the domain %s", id->extension, id->root);
}

/* A merge is of one id on each side (3.8.4.2.2): of several that survive, the one of the same domain. */
static enum rc sides_check(struct request *rq, struct adt *adt)
{
    if (adt->subsumed == NULL)
        return OK;
    if (adt->subsumed->next != NULL)
        return rq_rule(rq, RULE_V2_ADT_ONE_ID, "MRG^1^1^2", "a message merges one id into one: MRG-1 does not repeat");
    const struct patient_id *same = patient_id_in(adt->patient.ids, adt->subsumed->root);
    if (same == NULL)
        return rq_rule(rq, RULE_V2_ADT_SAME_DOMAIN, "MRG^1^1^1^4",
                       "an id merges into one of its own domain; PID-3 has none of the domain %s", adt->subsumed->root);
    adt->patient.ids = arena_memdup(rq->arena, same, sizeof(*same));
    adt->patient.ids->next = NULL;
    return OK;
}

static enum rc merge(struct db *db, struct request *rq, struct feed *f)
{
    struct merge_side survivor = { f->adt.patient.ids, "PID^1^3^1^1" };
    struct merge_side subsumed = { f->adt.subsumed, "MRG^1^1^1^1" };

    TRY(merge_ids(rq, db, &survivor, &subsumed, &f->changed));
    return visits_move(db, rq->community->number, f->adt.subsumed, f->adt.patient.ids);
}

/* The new id is fed beside the old one, whose demographics are the ground, and takes its place. */
static enum rc rename_id(struct db *db, struct request *rq, struct feed *f)
{
    struct patient both = f->adt.patient;
    struct patient_id old = *f->adt.subsumed, *known;

    if (patient_id_equal(&old, both.ids) || store_patient_ids(rq->arena, db, rq->community->number, &old, &known) != OK)
        return merge(db, rq, f); /* which says what is wrong */
    old.next = both.ids;
    both.ids = &old;
    TRY(store_patient_update(rq->arena, db, &f->how, &both, &f->changed));
    return merge(db, rq, f);
}

/* Which of two ids is the unknown one. */
static enum rc unknown_refuse(struct db *db, struct request *rq, const struct adt *adt)
{
    struct patient_id *ids;
    bool is_first = store_patient_ids(rq->arena, db, rq->community->number, adt->patient.ids, &ids) == E_NOT_FOUND;

    return rq_rule(rq, RULE_V2_ADT_KNOWN, is_first ? "PID^1^3^1^1" : "PID^2^3^1^1",
                   "nobody has the id %s here; a feed (A01, A04, A28) makes it known",
                   named(rq->arena, is_first ? adt->patient.ids : adt->other));
}

static enum rc pair_judge(struct db *db, struct request *rq, struct feed *f, enum rc rc)
{
    if (rc == E_NOT_FOUND)
        return unknown_refuse(db, rq, &f->adt);
    if (rc != E_REFUSED)
        return rc;
    return rq_rule(rq, RULE_V2_ADT_LINKABLE, "PID^2^3^1^1",
                   patient_id_equal(f->adt.patient.ids, f->adt.other)
                       ? "both PIDs have the same id"
                       : "these ids cannot be linked: ids that stand for them were told apart (A37)");
}

static enum rc link_pair(struct db *db, struct request *rq, struct feed *f)
{
    return pair_judge(
        db, rq, f,
        store_patient_link(rq->arena, db, rq->community->number, f->adt.patient.ids, f->adt.other, &f->changed));
}

static enum rc unlink_pair(struct db *db, struct request *rq, struct feed *f)
{
    return pair_judge(
        db, rq, f,
        store_patient_unlink(rq->arena, db, rq->community->number, f->adt.patient.ids, f->adt.other, &f->changed));
}

static enum rc (*const acts[])(struct db *db, struct request *rq, struct feed *f) = {
    [ADT_FEED] = keep_patient, [ADT_UPDATE] = keep_patient, [ADT_MERGE] = merge,
    [ADT_RENAME] = rename_id,  [ADT_LINK] = link_pair,      [ADT_UNLINK] = unlink_pair,
};

static enum rc act(struct db *db, struct request *rq)
{
    struct feed *f = rq->state;

    TRY(acts[f->adt.kind](db, rq, f));
    return notifications_queue(rq->arena, db, rq->community->number, &f->changed);
}

/* ---- the loop ---- */

static void on_kept(struct request *rq, enum rc rc)
{
    const struct feed *f = rq->state;

    if (rc == OK)
        hl7v2_ack_encode(rq->arena, rq->hl7v2, &rq->issues, rq->reply);
    if (rc == OK && f->changed.count > 0)
        notifier_wake(pixmgr_of(rq)->notifier);
    rq_done(rq, rc);
}

enum rc iti8_patient_identity_feed(struct request *rq)
{
    struct feed *f = ARENA_NEW(rq->arena, struct feed);

    TRY(adt_decode(rq->arena, rq->hl7v2, &f->adt, &rq->issues));
    TRY(domains_complete(rq, f->adt.patient.ids, "PID^1^3", "^4"));
    TRY(domains_complete(rq, f->adt.subsumed, "MRG^1^1", "^4"));
    TRY(domains_complete(rq, f->adt.other, "PID^2^3", "^4"));
    TRY(sides_check(rq, &f->adt));
    f->how = linking_of(rq->arena, rq->service->daemon->config, rq->community);
    rq->state = f;
    return rq_write(rq, act, on_kept);
}
