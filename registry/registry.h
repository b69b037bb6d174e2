#pragma once
/*
 * The XDS.b Document Registry: which patients are known, which documents, submission sets, folders and associations
 * exist (ITI TF-1: 10). One row per transaction in transactions.c, one per stored query in queries.c.
 */

#include "actor/daemon.h"
#include "actor/request.h"
#include "model/document.h"
#include "msg/adhoc_query.h"
#include "msg/submit_objects.h"

extern const struct daemon_spec registry_spec;

/* transactions.c's rows */
enum rc iti8_patient_identity_feed(struct request *rq);
enum rc iti18_stored_query(struct request *rq);
enum rc iti42_register_document_set(struct request *rq);
enum rc iti44_patient_identity_feed(struct request *rq);
enum rc iti57_update_document_set(struct request *rq);
enum rc iti61_register_on_demand(struct request *rq);
enum rc iti62_remove_metadata(struct request *rq);
enum rc iti92_restricted_update(struct request *rq);
enum rc iti51_multi_patient_query(struct request *rq);
