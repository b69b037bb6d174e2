#include "pixmgr/merge.h"

static const char *named(struct arena *a, const struct patient_id *id)
{
    return arena_printf(a, "%s of the domain %s", id->extension, id->root);
}

static bool is_of_survivor(const struct merge_refusal *r)
{
    return r->fault == MERGE_UNKNOWN_SURVIVOR || r->fault == MERGE_SURVIVOR_GONE;
}

const char *merge_sentence(struct arena *a, const struct merge_refusal *r, const struct patient_id *survivor,
                           const struct patient_id *subsumed)
{
    static const char *const texts[] = {
        [MERGE_SAME_ID] = "an id cannot be merged into itself",
        [MERGE_UNKNOWN_SURVIVOR] = "nobody has the surviving id here; a feed makes it known",
        [MERGE_SURVIVOR_GONE] = "the surviving id was itself merged into another",
        [MERGE_UNKNOWN_SUBSUMED] = "nobody has the id to be merged here",
        [MERGE_SUBSUMED_GONE] = "the id was merged before",
    };
    const char *id = named(a, is_of_survivor(r) ? survivor : subsumed);

    if (r->now != NULL)
        return arena_printf(a, "%s: %s, for which %s stands today", texts[r->fault], id, named(a, r->now));
    return arena_printf(a, "%s: %s", texts[r->fault], id);
}

static enum rc merge_refuse(struct request *rq, const struct merge_refusal *r, const struct merge_side *survivor,
                            const struct merge_side *subsumed)
{
    static const enum rule rules[] = {
        [MERGE_SAME_ID] = RULE_PID_MERGE_ITSELF,         [MERGE_UNKNOWN_SURVIVOR] = RULE_PID_MERGE_SURVIVOR_KNOWN,
        [MERGE_SURVIVOR_GONE] = RULE_PID_MERGE_SURVIVOR, [MERGE_UNKNOWN_SUBSUMED] = RULE_PID_MERGE_KNOWN,
        [MERGE_SUBSUMED_GONE] = RULE_PID_MERGE_ONCE,
    };

    return rq_rule(rq, rules[r->fault], (is_of_survivor(r) ? survivor : subsumed)->place, "%s",
                   merge_sentence(rq->arena, r, survivor->id, subsumed->id));
}

enum rc merge_ids(struct request *rq, struct db *db, const struct merge_side *survivor,
                  const struct merge_side *subsumed, struct persons *changed)
{
    struct merge_refusal refusal = { 0 };
    enum rc rc = store_patient_merge(rq->arena, db, rq->community->number, survivor->id, subsumed->id, &refusal,
                                     changed);

    return rc == E_REFUSED ? merge_refuse(rq, &refusal, survivor, subsumed) : rc;
}
