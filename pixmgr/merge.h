#pragma once
/* What A40 and PRPA_IN201304UV02 share: one id takes the place of another of its domain. */

#include "actor/request.h"
#include "pixmgr/store.h"

struct merge_side {
    const struct patient_id *id;
    const char *place; /* of it in the message */
};

/* What is wrong with a merge that the store refused. */
const char *merge_sentence(struct arena *a, const struct merge_refusal *r, const struct patient_id *survivor,
                           const struct patient_id *subsumed);

/*
 * On the writer's thread. E_REFUSED with an issue at the place of the side that is wrong: what it is and which id
 * stands for it today.
 */
MUST_CHECK enum rc merge_ids(struct request *rq, struct db *db, const struct merge_side *survivor,
                             const struct merge_side *subsumed, struct persons *changed);
