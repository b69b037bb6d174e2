#pragma once
/*
 * What can be wrong with the assertion of a message (XUA, ITI TF-2: 3.40), and the code that WS-Security has for it
 * (WSS 1.1 SOAP Message Security: 12). The rule that each breaks is a row of model/rules/xua.inc.
 */

#include "base/rc.h"

#include <stdbool.h>

struct arena;

/* SAML_SOUND is none. */
enum saml_flaw {
    SAML_SOUND,
    SAML_ABSENT,
    SAML_SEVERAL,
    SAML_OTHER_TOKEN,
    SAML_UNAVAILABLE,
    SAML_MESSAGE_EXPIRED,
    SAML_SHAPE,
    SAML_UNSIGNED,
    SAML_ISSUER,
    SAML_WRAPPED,
    SAML_ALGORITHM,
    SAML_FORGED,
    SAML_SUBJECT,
    SAML_CONFIRMATION,
    SAML_NOT_YET_VALID,
    SAML_EXPIRED,
    SAML_AUDIENCE,
    SAML_AUTHENTICATION,
    SAML_ATTRIBUTE,
    SAML_FLAWS
};

/* "wsse:FailedCheck"; NULL for SAML_SOUND. */
const char *saml_flaw_subcode(enum saml_flaw flaw);

/* One flaw of one message. */
struct saml_refusal {
    enum saml_flaw flaw;
    const char *place; /* XPath, NULL */
    const char *text;  /* what is wrong and what would satisfy it */
};

/* Fills *out and returns E_REFUSED. */
enum rc saml_refuse(struct arena *a, struct saml_refusal *out, enum saml_flaw flaw, const char *place, const char *fmt,
                    ...) PRINTF_LIKE(5, 6);
