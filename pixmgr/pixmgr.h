#pragma once
/*
 * The PIX Manager and Patient Demographics Supplier: one cross-reference manager per community, and that of `backbone`,
 * which knows the domains of all (ITI TF-1: 5, 8). One row per transaction in transactions.c.
 */

#include "actor/daemon.h"
#include "actor/request.h"
#include "model/patient.h"

extern const struct daemon_spec pixmgr_spec;

struct continuations;
struct notifier;

/* What the daemon keeps in memory for all loops. */
struct pixmgr {
    struct continuations *continuations;
    struct notifier *notifier;
};

static inline struct pixmgr *pixmgr_of(const struct request *rq)
{
    return rq->service->daemon->own;
}

/* seed_pixmgr.c */
seed_people pixmgr_seed;

/* transactions.c's rows */
enum rc iti44_patient_identity_feed(struct request *rq);
enum rc iti8_patient_identity_feed(struct request *rq);
enum rc iti9_pix_query(struct request *rq);
enum rc iti21_patient_demographics_query(struct request *rq);
enum rc iti21_cancel(struct request *rq);
enum rc iti22_patient_demographics_and_visit_query(struct request *rq);
enum rc iti45_pix_query(struct request *rq);
enum rc iti47_patient_demographics_query(struct request *rq);
enum rc iti47_continue(struct request *rq);
enum rc iti47_cancel(struct request *rq);

/* Details of one kind in an answer: whoever sends a thousand unknown domains learns enough from the first ones. */
#define DETAILS_MAX 20

/* Does the manager of rq's community know this assigning authority? */
bool domain_is_known(const struct request *rq, const char *root);
/* What is wrong with an unknown one and what would do, as an issue at place. */
enum rc domain_refuse(struct request *rq, const char *place, const char *root);

/*
 * Gives an id of HL7 v2 its root by the namespace it names, or when it names none by its sender. False: the domain is
 * not known here.
 */
bool domain_complete(const struct request *rq, struct patient_id *id);
/* The same of a list. E_REFUSED with an issue for each that is not known, at place, "^" its number from 1, and tail. */
enum rc domains_complete(struct request *rq, struct patient_id *ids, const char *place, const char *tail);
/* "0035", "0035-2": what HL7 v2 calls a domain; NULL for one of nobody. */
const char *domain_namespace(struct arena *a, const struct world *w, const char *root);
/* Gives each id its authority by that name. */
void domain_name_all(struct arena *a, const struct world *w, struct patient_id *ids);
/* Those of ids that are in one of the domains (NULL: all) and not the one that was asked about (NULL: none was). */
struct patient_id *domain_select(struct patient_id *ids, const struct patient_id *domains,
                                 const struct patient_id *asked);
