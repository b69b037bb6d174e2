#pragma once
/* Assertions of users for tests (docs/xua.md): one that is as it should be, and one for each way in which it may not.
 */

#include "base/rc.h"
#include "base/str.h"
#include "wire/saml_flaw.h"

#include <stddef.h>
#include <time.h>

struct arena;
struct json_writer;
struct saml_text;

struct xua_variant {
    const char *name;    /* "wrong-audience" */
    enum saml_flaw flaw; /* what must be found; SAML_SOUND: it passes */
    const char *en, *ja;
};

const struct xua_variant *xua_variants(size_t *count);
const struct xua_variant *xua_variant_find(const char *name); /* NULL when there is none */

/* Id of the rule that it breaks: "XUA-009"; NULL for none. */
const char *xua_variant_rule(const struct xua_variant *variant);

/* What is asked for; NULL: as the table in docs/xua.md has it. */
struct xua_order {
    const char *data;            /* whose pki/xua signs */
    const char *issuer, *key;    /* entityID, and a file of its private key in PEM */
    struct saml_text *audiences; /* needed */
    const char *user, *alias, *name, *organization, *home;
    const char *role, *purpose; /* codes */
    const char *patient, *consent;
    time_t now;
    int minutes; /* of validity; 0: 60 */
};

struct xua_made {
    struct str token;  /* what stands in wsse:Security; empty: no such header at all */
    struct str beside; /* more headers beside it; usually empty */
};

/* E_CONFIG with *why when the key cannot be used. */
MUST_CHECK enum rc xua_make(struct arena *a, const struct xua_variant *variant, const struct xua_order *order,
                            struct xua_made *out, const char **why);
/* "[{variant, rule, fault, en, ja}]". */
void xua_variants_write(struct json_writer *w);
/* All headers of a message: wsse:Security with the token, and what stands beside it. */
struct str xua_headers_of(struct arena *a, const struct xua_made *made);
