#pragma once
/*
 * The PIX Manager and Patient Demographics Supplier: one cross-reference manager per community, and that of `backbone`,
 * which knows the domains of all (ITI TF-1: 5, 8). One row per transaction in transactions.c.
 */

#include "actor/daemon.h"
#include "actor/request.h"

extern const struct daemon_spec pixmgr_spec;

/* seed_pixmgr.c */
seed_people pixmgr_seed;

/* transactions.c's rows */
enum rc iti44_patient_identity_feed(struct request *rq);
enum rc iti45_pix_query(struct request *rq);
enum rc iti47_patient_demographics_query(struct request *rq);

/* Details of one kind in an answer: whoever sends a thousand unknown domains learns enough from the first ones. */
#define DETAILS_MAX 20

/* Does the manager of rq's community know this assigning authority? */
bool domain_is_known(const struct request *rq, const char *root);
/* What is wrong with an unknown one and what would do, as an issue at place. */
enum rc domain_refuse(struct request *rq, const char *place, const char *root);
