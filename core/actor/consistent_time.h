#pragma once
/*
 * Times that peers write down, compared with the world's clock (ITI TF-1: 7, Consistent Time): rules CT-001 and CT-002.
 * What is off is remarked (rq_remark), or refused where the community weighs the rule as an error.
 */

#include "actor/request.h"
#include "base/rc.h"

/* When an HL7 message was made: MSH-7, or creationTime. E_REFUSED with an issue, or OK; so for any other message. */
MUST_CHECK enum rc consistent_time_check(struct request *rq);

/* A DTM in UTC of something that has happened: it is not in the future. E_REFUSED with an issue, or OK. */
enum rc consistent_time_past(struct request *rq, const char *what, const char *dtm, const char *place);
