#pragma once
/* Answers judged (checking.h): what a client would have to stumble over in them. The rules are model/rules/answer.inc.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

struct request;
struct soap_fault;

/*
 * Is the envelope an answer of a transaction of this daemon, by its wsa:Action, or a fault, or, when it is known to be
 * an answer, by the element in its body? Sets rq->soap, body and transaction (of a fault: NULL). One that cannot be
 * read is one when that is known.
 */
bool answer_take(struct request *rq, struct str envelope, bool is_known, struct soap_fault *fault);
/* What is wrong with it, as issues. rq->is_mtom and parts are those of its package. */
void answer_check(struct request *rq);

/* The same of rq->hl7v2, which was read: ACK and RSP are answers. */
bool answer_is_hl7v2(const struct request *rq);
void answer_check_hl7v2(struct request *rq);
