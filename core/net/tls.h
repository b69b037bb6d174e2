#pragma once
/* TLS contexts (OpenSSL 3): mutual authentication as ATNA asks (ITI TF-2: 3.19), TLS 1.2 and 1.3 unless told. */

#include "base/rc.h"

#include <stdbool.h>

struct tls_files {
    const char *ca;   /* PEM: whom we trust */
    const char *cert; /* PEM: our chain */
    const char *key;  /* PEM */
    const char *crl;  /* PEM, of servers: revocation lists, one per issuer of client certificates; NULL: none asked */
    bool legacy;      /* of servers: TLS 1.0 and 1.1 too, with the suites of their time; else BCP 195 */
};

struct tls_server;

/*
 * E_CONFIG, with the reason logged, when a file is unusable. require_client: no certificate, no connection.
 * With files->crl a client's certificate that is revoked is refused, and so is one whose issuer's list is missing or
 * out of date (RFC 5280, 6.3). The list is read again when its file changes, before the next connection; no session
 * from before is resumed then. A file that cannot be read leaves the list as it was, and is logged.
 */
MUST_CHECK enum rc tls_server_new(const struct tls_files *files, bool require_client, struct tls_server **out);
void tls_server_free(struct tls_server *s);

/* ---- misbehaviour on demand (core/fault) ---- */

enum tls_flaw {
    TLS_FLAW_OLD,    /* nothing newer than TLS 1.1 */
    TLS_FLAW_REFUSES /* every handshake ends with an alert */
};
void tls_server_spoil(struct tls_server *s, enum tls_flaw flaw);
/*
 * pick is asked for each connection that is accepted, on its loop: another server that answers it instead, or NULL.
 * Set before the first listener.
 */
void tls_server_divert(struct tls_server *s, struct tls_server *(*pick)(void *user), void *user);

/* For core/net only: for one more connection, on any thread; a reference that the caller gives back (SSL_CTX_free). */
struct ssl_ctx_st *tls_server_context(struct tls_server *s);
/* For a client that verifies the server and shows our certificate; SSL_CTX_free ends it. E_CONFIG, logged. */
MUST_CHECK enum rc tls_client_context(const struct tls_files *files, struct ssl_ctx_st **out);
/* The oldest error OpenSSL holds for this thread, as a phrase; NULL when it holds none. Forgets them all. */
const char *tls_reason(void);
