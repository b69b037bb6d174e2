#pragma once
/*
 * Who holds a patient (ITI TF-1: 27): by asking every community for the person (XCPD, ITI-55), or the PIX manager where
 * communities meet (ITI-45). community->locate says which. Communities that the survey links with the own one are asked
 * first, and their documents come first; who does not have the profile under --profiles is not asked.
 */

#include "actor/request.h"
#include "base/rc.h"
#include "model/community.h"
#include "model/patient.h"

#include <stdbool.h>

struct holder {
    const struct community *community;
    struct patient_id id; /* what it calls the patient */
    struct holder *next;
};

struct location;

/* The next step, with everybody found. Who could not be asked is an error in rq->issues by then. */
typedef enum rc locate_then(struct request *rq, const struct location *found);

struct location {
    const struct community *own;  /* who asks; its own holder comes first */
    struct patient_id patient;    /* in the own community's domain */
    const struct community *only; /* nobody else is asked; NULL: all */
    struct holder *holders, **end;
    locate_then *then;
};

/* only as in struct location. LATER, or the rc of then when nobody has to be asked. */
enum rc locate_patient(struct request *rq, const struct patient_id *patient, const struct community *only,
                       locate_then *then);

/* Is the community among those asked beside the own one? The backbone has no documents. */
bool location_wants(const struct location *l, const struct community *c);
void location_add(struct arena *a, struct location *l, const struct community *c, const struct patient_id *id);
/* Regional ids of wanted communities, linked ones first, then in the order of the world; a patient may have several in
 * one. */
void location_add_ids(struct arena *a, struct location *l, const struct world *w, const struct patient_id *ids);

/*
 * The one person among a community's matches: the only one, or the one that matches best. NULL with *is_ambiguous when
 * none is better than all others: documents of a stranger are worse than none.
 */
const struct patient *candidate_choose(const struct patient *matches, bool *is_ambiguous);
