#pragma once
/*
 * The HL7 v2 door: MLLP messages of all communities of a daemon. MSH-6 says which community is meant (its key, its
 * slug, or an OID of it); MSH-9 which transaction.
 */

#include "net/mllp_server.h"

struct request;

extern const struct mllp_service door_mllp; /* copied per loop, with user = struct service */

/* A transaction's refuse: an ACK with the request's issues. */
void door_mllp_refuse(struct request *rq);
