#pragma once
/*
 * Signatures of SAML 2.0 assertions (SAML 2.0 Core: 5.4; XML Signature): the only place that knows xmlsec. An assertion
 * is believed as the bytes that were digested, and no other: who verifies gets these read anew, so that nothing around
 * them, and no signature wrapping, can put words into them. Any thread.
 */

#include "base/rc.h"
#include "base/str.h"
#include "wire/saml_flaw.h"
#include "wire/xml.h"

struct arena;

/* A public or private key; lives in its arena. Constant once made, so that threads share it. */
struct saml_key;

/* Every certificate of a PEM file; *out is their list. E_CONFIG with *why: none is there, or one has a key that is too
 * weak (RSA below 2048 bits) or neither RSA nor EC. */
MUST_CHECK enum rc saml_keys_read(struct arena *a, struct str pem, const struct saml_key **out, const char **why);
/* A private key of PEM. E_CONFIG with *why. */
MUST_CHECK enum rc saml_key_read(struct arena *a, struct str pem, const struct saml_key **out, const char **why);
/* A fresh one on P-256, that nobody knows. */
const struct saml_key *saml_key_new(struct arena *a);
/* The EC key's algorithms are ecdsa-…, the others' rsa-…. */
bool saml_key_is_ec(const struct saml_key *key);

/* The assertion of a message, of which nothing is believed yet; lives in its arena. */
struct saml_token;

/*
 * The one assertion in the wsse:Security headers of a SOAP 1.2 message that xml_parse takes. E_REFUSED with *refusal:
 * none, several, or one without an ID that can be referred to.
 */
MUST_CHECK enum rc saml_token_find(struct arena *a, struct str message, struct saml_token **out,
                                   struct saml_refusal *refusal);
/* Who it says issued it, trimmed: whose keys to try. NULL when it does not say. */
const char *saml_token_issuer(const struct saml_token *t);
const char *saml_token_id(const struct saml_token *t);
/*
 * OK: its signature verifies with one of the keys, and *assertion is what was signed, without the signature. E_REFUSED
 * with *refusal: unsigned, wrapped, an algorithm that is not taken, or forged. KeyInfo counts for nothing.
 */
MUST_CHECK enum rc saml_token_verify(struct arena *a, struct saml_token *t, const struct saml_key *keys,
                                     struct xml_node **assertion, struct saml_refusal *refusal);
/* Its XML with every namespace declared that it stands below, so that its signature holds in another message, too. */
struct str saml_token_carry(struct arena *a, const struct saml_token *t);

/*
 * Signs: xml is an element with an ID and a ds:Signature among its children that says how, its values empty. *out is
 * the same with the values. E_SYNTAX: it is not such XML, or the key does not fit what it says.
 */
MUST_CHECK enum rc saml_sign(struct arena *a, struct str xml, const struct saml_key *key, struct str *out);
