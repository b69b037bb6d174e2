#pragma once
/*
 * Who holds a patient (ITI TF-1: 27), by one of three strategies (gateway/strategy.h): asking every community for the
 * person unless the answer is remembered (XCPD, ITI-55), the PIX manager where communities meet (ITI-45), or the
 * directory of a community that has been asked by many (Patient Location Query, ITI-56). Communities that the survey
 * links with the own one are asked first, and their documents come first; who does not have the profile under
 * --profiles is not asked.
 */

#include "actor/request.h"
#include "base/rc.h"
#include "gateway/fan_out.h"
#include "gateway/strategy.h"
#include "model/community.h"
#include "model/patient.h"

#include <stdbool.h>

struct holder {
    const struct community *community;
    struct patient_id id; /* what it calls the patient */
    struct holder *next;
};

struct location;
struct patient_place;

/* The next step, with everybody found. Who could not be asked is an error in rq->issues by then. */
typedef enum rc locate_then(struct request *rq, const struct location *found);

struct location {
    const struct community *own;  /* who asks; its own holder comes first */
    struct patient_id patient;    /* in the own community's domain */
    const struct community *only; /* nobody else is asked; NULL: all */
    struct strategy strategy;
    const struct community *at;         /* whose PIX manager or directory */
    const struct patient_place *places; /* locate_xcpd.c's: what is remembered */
    struct holder *holders, **end;
    locate_then *then;
};

/* only as in struct location. LATER, or the rc of then when nobody has to be asked. E_REFUSED: no such strategy. */
enum rc locate_patient(struct request *rq, const struct patient_id *patient, const struct community *only,
                       locate_then *then);

/* Is the community among those asked beside the own one? The backbone has no documents. */
bool location_wants(const struct location *l, const struct community *c);
void location_add(struct arena *a, struct location *l, const struct community *c, const struct patient_id *id);
/* Regional ids of wanted communities, linked ones first, then in the order of the world; a patient may have several in
 * one. */
void location_add_ids(struct arena *a, struct location *l, const struct world *w, const struct patient_id *ids);

/* What is said of a community, its first when it is named twice; NULL: it is not named. */
const struct patient_place *location_place(const struct patient_place *places, const struct community *c);

/*
 * The one person among a community's matches: the only one, or the one that matches best. NULL with *is_ambiguous when
 * none is better than all others: documents of a stranger are worse than none.
 */
const struct patient *candidate_choose(const struct patient *matches, bool *is_ambiguous);

/* ---- the strategies, in files of their own ---- */

enum rc locate_by_xcpd(struct request *rq, struct location *l);
enum rc locate_by_pix(struct request *rq, struct location *l);
enum rc locate_by_plq(struct request *rq, struct location *l);

/*
 * Asks the own supplier for the person, then those communities for them (ITI-55); then(rq, f) with the answers in the
 * order of `whom`, f->user is l; without any when there is nobody to ask for, or an issue says what stands in the way.
 */
enum rc discover(struct request *rq, struct location *l, const struct community **whom, size_t count,
                 fan_out_then *then);
/* Reads an answer to it and remembers it as long as it says. NULL: the person is not there, or nobody can tell. */
const struct patient_id *discovered_id(struct request *rq, const struct location *l, const struct ask *k);
