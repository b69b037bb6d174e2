#pragma once
/*
 * The assertion of a user (SAML 2.0 Core: 2; ITI TF-2: 3.40.4.1.2): what it says, whoever believes it. saml.c reads,
 * saml_write.c writes, saml_check.c judges.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "wire/saml_flaw.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct xml_node;

#define SAML_BEARER         "urn:oasis:names:tc:SAML:2.0:cm:bearer"
#define SAML_HOLDER_OF_KEY  "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
#define SAML_SENDER_VOUCHES "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"

/* Names of the framework's attributes (ITI TF-2: 3.40.4.1.2.1). */
#define SAML_SUBJECT_ID      "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
#define SAML_ORGANIZATION    "urn:oasis:names:tc:xspa:1.0:subject:organization"
#define SAML_ORGANIZATION_ID "urn:oasis:names:tc:xspa:1.0:subject:organization-id"
#define SAML_HOME            "urn:ihe:iti:xca:2010:homeCommunityId"
#define SAML_ROLE            "urn:oasis:names:tc:xacml:2.0:subject:role"
#define SAML_PURPOSE         "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
#define SAML_PATIENT         "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
#define SAML_CONSENT         "urn:ihe:iti:bppc:2007:docid"
#define SAML_POLICY          "urn:ihe:iti:xua:2012:acp"

struct saml_text {
    const char *text;
    struct saml_text *next;
};

/* An HL7 v3 CE, or a plain text where one should be: then code is NULL and text says it. */
struct saml_code {
    const char *code, *system, *text;
    struct saml_code *next;
};

/* Times are as written; NULL: absent. */
struct saml_confirmation {
    const char *method, *recipient, *not_before, *not_on_or_after;
    struct saml_confirmation *next;
};

/* AudienceRestriction: any of its audiences will do. */
struct saml_restriction {
    struct saml_text *audiences;
    struct saml_restriction *next;
};

/* What is absent is NULL. */
struct saml {
    const char *version, *id, *issued, *issuer;
    const char *name_id, *alias; /* NameID and its SPProvidedID */
    struct saml_confirmation *confirmations;
    bool has_conditions, has_statement;
    const char *not_before, *not_on_or_after;
    struct saml_restriction *restrictions;                          /* all of them must be met */
    const char *context;                                            /* AuthnContextClassRef, or DeclRef */
    const char *subject_id, *organization, *organization_id, *home; /* the first value of each */
    struct saml_code *roles, *purposes;
    struct saml_text *patients, *consents, *policies;
};

/* Whatever is missing. Texts are the tree's. */
void saml_decode(struct arena *a, const struct xml_node *assertion, struct saml *out);

/*
 * signature: algorithms of a ds:Signature to be filled (wire/saml_signature.h); NULL: none. What is NULL is left out.
 */
struct saml_signing {
    const char *method, *digest, *c14n, *transform; /* URIs; transform: the one behind enveloped-signature */
};
/* Exclusive canonicalization and SHA-256, for an EC or an RSA key. */
struct saml_signing saml_signing_usual(bool is_ec);
void saml_encode(const struct saml *s, const struct saml_signing *signature, struct buf *out);

/* alias<user@issuer>, as audit records name users (ITI TF-2: 3.40.4.2). */
const char *saml_user(struct arena *a, const struct saml *s);

/* Who judges, and when. */
struct saml_service {
    int64_t now_ms, skew_ms;
    const char *const *audiences; /* URIs that stand for the service; ends with NULL */
    const char *recipient;        /* its URL */
};

/* Everything but issuer and signature. E_REFUSED with the first flaw in *refusal. */
MUST_CHECK enum rc saml_check(struct arena *a, const struct saml *s, const struct saml_service *at,
                              struct saml_refusal *refusal);
