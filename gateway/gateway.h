#pragma once
/*
 * The XCA and XCPD gateways of every community (ITI TF-1: 18, 27). "responding" answers other communities for its own
 * registry, repositories and patient demographics supplier; "initiating" asks all communities for its own consumers.
 */

#include "actor/daemon.h"
#include "actor/request.h"
#include "base/rc.h"

extern const struct daemon_spec gateway_spec;

enum rc iti55_cross_gateway_patient_discovery(struct request *rq);
enum rc iti55_deferred_discovery(struct request *rq);
enum rc iti38_cross_gateway_query(struct request *rq);
enum rc iti39_cross_gateway_retrieve(struct request *rq);
enum rc iti56_patient_location_query(struct request *rq);
enum rc iti63_cross_gateway_fetch(struct request *rq);
enum rc iti80_document_provide(struct request *rq);
enum rc iti92_restricted_update(struct request *rq);
enum rc rad75_cross_gateway_images(struct request *rq);

enum rc iti18_initiating_query(struct request *rq);
enum rc iti41_initiating_provide(struct request *rq);
enum rc iti43_initiating_retrieve(struct request *rq);
enum rc iti55_deferred_answer(struct request *rq);
enum rc rad69_initiating_images(struct request *rq);

/* Negative answers: every error names the community whose gateway found it (ITI TF-2: 3.38.4.1.3). */
void refuse_discovery(struct request *rq);
void refuse_deferred(struct request *rq);
void refuse_query(struct request *rq);
void refuse_retrieve(struct request *rq);
void refuse_submission(struct request *rq);
