#include "registry/patient_feed.h"

#include "actor/daemon.h"
#include "base/str.h"
#include "registry/sleepers.h"
#include "registry/store.h"

#define IDS_MAX 64 /* of one patient in one domain */

/* In XDS a patient id is a CX, which cannot carry its own separators (ITI TF-3: Table 4.2.3.1.7-2). */
static enum rc cx_of(struct request *rq, const struct patient_id *id, const char *place, const char **out)
{
    const char *cx = patient_id_cx(rq->arena, id);
    struct patient_id again;

    if (patient_id_parse(rq->arena, cx, &again) != OK)
        return rq_rule(rq, RULE_PID_CX, place,
                       "the id \"%.80s\" of %.80s cannot be written as a CX: no ^ & ~ | \\, and an OID as its root",
                       id->extension, id->root);
    *out = cx;
    return OK;
}

enum rc patient_feed_add(struct request *rq, struct patient_feed *f, const struct patient_id *id, const char *place)
{
    const char *cx;

    if (!text_equal(id->root, rq->community->patient_id_domain) || f->count == IDS_MAX)
        return OK;
    TRY(cx_of(rq, id, place, &cx));
    if (f->known == NULL) {
        f->known = ARENA_ARRAY(rq->arena, const char *, IDS_MAX);
        f->known_place = place;
    }
    f->known[f->count++] = cx;
    return OK;
}

enum rc patient_feed_subsume(struct request *rq, struct patient_feed *f, const struct patient_id *id, const char *place)
{
    const char *domain = rq->community->patient_id_domain;

    if (!text_equal(id->root, domain))
        return rq_rule(rq, RULE_PID_AFFINITY, place,
                       "the subsumed id is not of this affinity domain, whose assigning authority is %s", domain);
    TRY(cx_of(rq, id, place, &f->subsumed));
    f->subsumed_place = place;
    return OK;
}

/* ---- the writer ---- */

static enum rc subsumed_check(struct db *db, struct request *rq, const struct patient_feed *f)
{
    struct stored_patient subsumed;
    enum rc rc = store_patient_find(rq->arena, db, rq->community->number, f->subsumed, &subsumed);

    if (rc == E_NOT_FOUND)
        return rq_rule(rq, RULE_PID_MERGE_KNOWN, f->subsumed_place, "the subsumed id %s is not known here",
                       f->subsumed);
    TRY(rc);
    if (subsumed.surviving != subsumed.id)
        return rq_rule(rq, RULE_PID_MERGE_ONCE, f->subsumed_place,
                       "the subsumed id %s was subsumed before; only an active id can be", f->subsumed);
    return OK;
}

/* What the framework has a registry refuse. A surviving id that is new becomes known by the merge. */
static enum rc merge(struct db *db, struct request *rq, const struct patient_feed *f)
{
    const char *surviving = f->known[0];

    if (text_equal(f->subsumed, surviving))
        return rq_rule(rq, RULE_PID_MERGE_ITSELF, f->subsumed_place, "the surviving and the subsumed id are both %s",
                       surviving);
    TRY(subsumed_check(db, rq, f));
    enum rc rc = store_patient_merge(rq->arena, db, rq->community->number, f->subsumed, surviving);
    if (rc == E_EXISTS)
        return rq_rule(rq, RULE_PID_MERGE_SURVIVOR, f->known_place,
                       "the surviving id %s was itself subsumed before; name the id that survives now", surviving);
    return rc;
}

static enum rc keep(struct db *db, struct request *rq)
{
    const struct patient_feed *f = rq->state;
    size_t count = f->subsumed != NULL ? 1 : f->count;
    bool woke;

    TRY(sleeper_wake(db, rq, f->subsumed, &woke));
    for (size_t i = 0; i < count; i++)
        TRY(sleeper_wake(db, rq, f->known[i], &woke));
    for (size_t i = 0; i < count; i++)
        TRY(store_patient_add(db, rq->community->number, f->known[i]));
    return f->subsumed != NULL ? merge(db, rq, f) : OK;
}

enum rc patient_feed_keep(struct request *rq, const struct patient_feed *f, const char *place,
                          void (*then)(struct request *rq, enum rc rc))
{
    if (f->count == 0)
        return rq_rule(rq, RULE_PID_AFFINITY, place,
                       "none of the patient's ids is of this affinity domain, whose assigning authority is %s",
                       rq->community->patient_id_domain);
    rq->state = (void *)f;
    return rq_write(rq, keep, then);
}
