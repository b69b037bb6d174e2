#pragma once
/*
 * Users of other systems (XUA, ITI TF-2: 3.40): the assertion of a message is checked behind the envelope and before
 * the dispatch, as its community has it (docs/xua.md), and goes along with the calls that the message causes.
 */

#include "base/rc.h"
#include "base/str.h"
#include "msg/saml.h"
#include "wire/saml_signature.h"
#include "wire/soap.h"

struct arena;
struct community;
struct daemon;
struct request;
struct xua;

/* Who issues the assertions of this house (pki_xua), and the Audience that stands for every community of it. */
#define XUA_ISSUER     "https://issuer.kakehashi.invalid"
#define XUA_FEDERATION "urn:oid:2.999.392.1"

/* The user of a request, whose assertion has passed. */
struct xua_user {
    struct saml saml;
    const char *name; /* alias<user@issuer> */
    const struct saml_token *token;
};

/*
 * Reads whom the daemon trusts, when any of its communities looks at assertions; otherwise *out is NULL. E_CONFIG,
 * logged, when a file cannot be used or nobody would be trusted.
 */
MUST_CHECK enum rc xua_open(struct daemon *d, struct xua **out);

/* rq->soap has been read from envelope. Sets rq->user; E_REFUSED with *fault when the assertion, or its absence, does
 * not do. */
MUST_CHECK enum rc xua_check(struct request *rq, struct str envelope, struct soap_fault *fault);

/* The wsse:Security header for a call of rq: its user's assertion; one of the daemon's own (xua_own_header) where
 * nobody asked. */
struct str xua_header(struct request *rq);
/* That of something a daemon does by itself where a community requires users: `KEY/DAEMON`, issued by the house; empty
 * elsewhere. Any thread. */
struct str xua_own_header(struct arena *a, const struct daemon *d, const struct community *c);

/* assertion within a wsse:Security. */
struct str xua_security(struct arena *a, struct str assertion);
/* As a fault, with the code of WS-Security. */
struct soap_fault xua_fault(const struct saml_refusal *refusal);
