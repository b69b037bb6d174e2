#pragma once
/*
 * The gateway's pages about consent, for the control API:
 *   GET /consent/COMMUNITY              everything that is recorded there
 *   GET /consent/COMMUNITY?patient=ID   one patient's, with every facility of the community; also by the rule
 *   PUT /consent/COMMUNITY?patient=ID&do=give|withdraw|add[&parts=PART,PART]   changes it (gateway/consent_change.h)
 * A patient is the regional id, or its CX; a part a facility's OID, or a physician's CX.
 */

#include "model/community.h"
#include "model/consent.h"

struct http_request;
struct service;

#define CONSENT_PATH "/consent"

void consent_page(struct service *s, struct http_request *http);

/* The reply with one patient's consent. */
void consent_reply(struct http_request *http, const struct community *c, const struct consent *consent);
