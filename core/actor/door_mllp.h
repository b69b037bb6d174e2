#pragma once
/*
 * The HL7 v2 door: MLLP messages of all communities of a daemon. MSH-6 says which community is meant (its key, its
 * slug, or an OID of it); MSH-9 which transaction.
 */

#include "net/mllp_server.h"

struct request;

extern const struct mllp_service door_mllp; /* copied per loop, with user = struct service */

/*
 * Envelope → row → serve, of bytes without a frame. Sets rq->hl7v2, transaction, actor, community. What serve returned,
 * or E_REFUSED with every fault of the header as an issue.
 */
MUST_CHECK enum rc door_mllp_receive(struct request *rq, const struct mllp_message *mllp);

/* A transaction's refuse: an ACK with the request's issues. */
void door_mllp_refuse(struct request *rq);
