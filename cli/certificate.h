#pragma once
/*
 * Making certificates with OpenSSL 3: ECDSA on P-256, SHA-256, ten years from yesterday (a peer's clock may be behind).
 * Failure here means the library is broken: it aborts.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

struct arena;
struct authority;

struct certificate_spec {
    const char *name;         /* CN, UTF-8 */
    const char *organization; /* O, UTF-8; NULL: none */
    const char *usage;        /* extended key usage: "serverAuth", "clientAuth,serverAuth" */
    const char *alternatives; /* subjectAltName: "DNS:localhost,IP:127.0.0.1"; NULL: none */
    const char *p12_password; /* NULL: no PKCS#12 */
    bool is_expired;          /* it ended yesterday */
};

/* PEM texts, and the PKCS#12 with certificate, key and CA; in the arena. */
struct certificate {
    struct str cert, key, p12;
};

/* A fresh CA; it lives as long as the arena. cert and key of *out are to be kept. */
struct authority *authority_new(struct arena *a, struct certificate *out);
/* E_CONFIG, logged, when the texts are not a CA's certificate and its key. */
MUST_CHECK enum rc authority_load(struct arena *a, struct str cert, struct str key, struct authority **out);

void certificate_issue(struct arena *a, const struct authority *ca, const struct certificate_spec *spec,
                       struct certificate *out);

/* Is this PEM certificate valid for the address (numeric) or the DNS name? */
bool certificate_covers(struct str cert, const char *host);
