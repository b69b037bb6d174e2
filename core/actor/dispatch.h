#pragma once
/* From an envelope to a row: which transaction of this daemon a request is, and its handler's answer. */

#include "base/rc.h"
#include "wire/soap.h"

struct daemon_spec;
struct request;

/* The path word of the first endpoint that takes an action; NULL when none does. */
const char *dispatch_actor(const struct daemon_spec *spec, const char *action);

/*
 * Envelope → row → serve. Sets rq->soap, body, transaction. What serve returned, or E_REFUSED with *fault when the
 * envelope, the action, the body's root or the packaging is wrong (fault->reason is NULL when serve itself refused).
 */
MUST_CHECK enum rc dispatch(struct request *rq, struct str envelope, struct soap_fault *fault);
/* The same without serving: for who has to answer in the row's own words. */
MUST_CHECK enum rc dispatch_find(struct request *rq, struct str envelope, struct soap_fault *fault);
