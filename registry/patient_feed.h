#pragma once
/*
 * What ITI-8 and ITI-44 change in a registry (ITI TF-2: 3.8.4.1.4, 3.8.4.2.4, 3.44.4.1.4, 3.44.4.2.4): patient ids of
 * the affinity domain become known, and one may be merged into another. Ids of other domains are ignored.
 */

#include "actor/request.h"
#include "model/patient.h"

struct patient_feed {
    const char **known;      /* CX, in the order of the message */
    const char *known_place; /* of the first */
    size_t count;
    const char *subsumed, *subsumed_place; /* a merge: this id's objects become known[0]'s; NULL otherwise */
    const void *message;                   /* the caller's, for its answer */
};

/* Nothing for an id of another domain; E_REFUSED for one that no CX can carry. */
MUST_CHECK enum rc patient_feed_add(struct request *rq, struct patient_feed *f, const struct patient_id *id,
                                    const char *place);
/* A merge: the id whose objects change hands. */
MUST_CHECK enum rc patient_feed_subsume(struct request *rq, struct patient_feed *f, const struct patient_id *id,
                                        const char *place);
/*
 * Returns LATER; then runs once the change is durable, or with E_REFUSED and issues when it may not be made. E_REFUSED
 * at once, naming place, when the feed has no id of this affinity domain. rq->state becomes f, which lives as long as
 * rq.
 */
enum rc patient_feed_keep(struct request *rq, const struct patient_feed *f, const char *place,
                          void (*then)(struct request *rq, enum rc rc));
