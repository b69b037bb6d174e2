#pragma once
/* TLS contexts (OpenSSL 3): mutual authentication as ATNA asks (ITI TF-2: 3.19), TLS 1.2 and 1.3. */

#include "base/rc.h"

#include <stdbool.h>

struct tls_files {
    const char *ca;   /* PEM: whom we trust */
    const char *cert; /* PEM: our chain */
    const char *key;  /* PEM */
};

struct tls_server;

/* E_CONFIG, with the reason logged, when a file is unusable. require_client: no certificate, no connection. */
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

/* For core/net only: for one more connection. */
struct ssl_ctx_st *tls_server_context(struct tls_server *s);
/* For a client that verifies the server and shows our certificate; SSL_CTX_free ends it. E_CONFIG, logged. */
MUST_CHECK enum rc tls_client_context(const struct tls_files *files, struct ssl_ctx_st **out);
/* The oldest error OpenSSL holds for this thread, as a phrase; NULL when it holds none. Forgets them all. */
const char *tls_reason(void);
