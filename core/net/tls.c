/*
 * OpenSSL contexts. The BCP 195 floor of ITI TF-2: 3.19.6 (TLS 1.2), no renegotiation, and sessions that resume
 * only by ticket, so that nothing per client stays here.
 */
#include "net/tls.h"

#include "base/log.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

struct tls_server {
    SSL_CTX *context;
    struct tls_server *(*pick)(void *user); /* NULL: nobody diverts */
    void *pick_user;
};

static const unsigned char session_context[] = "kakehashi";

const char *tls_reason(void)
{
    unsigned long code = ERR_get_error();

    ERR_clear_error();
    if (code == 0)
        return NULL;
    const char *reason = ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);
    return reason != NULL ? reason : "unknown error";
}

static void set_options(SSL_CTX *context, bool require_client)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1); /* a record in one read(2) instead of two */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (require_client ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
    /* Without it OpenSSL refuses to resume sessions that carried a client certificate. */
    SSL_CTX_set_session_id_context(context, session_context, sizeof(session_context) - 1);
}

static enum rc unusable(const char *what, const char *path)
{
    log_error("cannot use the %s %s: %s", what, path, tls_reason());
    return E_CONFIG;
}

static enum rc load_files(SSL_CTX *context, const struct tls_files *files)
{
    ERR_clear_error();
    if (SSL_CTX_load_verify_file(context, files->ca) != 1)
        return unusable("trusted certificates", files->ca);
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(files->ca);
    if (names == NULL)
        return unusable("trusted certificates", files->ca);
    SSL_CTX_set_client_CA_list(context, names);
    if (SSL_CTX_use_certificate_chain_file(context, files->cert) != 1)
        return unusable("certificate", files->cert);
    if (SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return unusable("private key", files->key);
    return OK;
}

enum rc tls_client_context(const struct tls_files *files, struct ssl_ctx_st **out)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (context == NULL)
        die("out of memory (TLS context)");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    enum rc rc = load_files(context, files);
    if (rc == OK)
        *out = context;
    else
        SSL_CTX_free(context);
    return rc;
}

enum rc tls_server_new(const struct tls_files *files, bool require_client, struct tls_server **out)
{
    struct tls_server *s = calloc(1, sizeof(*s));

    if (s == NULL || (s->context = SSL_CTX_new(TLS_server_method())) == NULL)
        die("out of memory (TLS context)");
    set_options(s->context, require_client);
    enum rc rc = load_files(s->context, files);
    if (rc != OK) {
        tls_server_free(s);
        return rc;
    }
    *out = s;
    return OK;
}

void tls_server_free(struct tls_server *s)
{
    if (s == NULL)
        return;
    SSL_CTX_free(s->context);
    free(s);
}

static int refuse_handshake(SSL *ssl UNUSED, void *arg UNUSED)
{
    return 0;
}

void tls_server_spoil(struct tls_server *s, enum tls_flaw flaw)
{
    if (flaw == TLS_FLAW_REFUSES) {
        SSL_CTX_set_cert_cb(s->context, refuse_handshake, NULL);
        return;
    }
    SSL_CTX_set_min_proto_version(s->context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(s->context, TLS1_1_VERSION);
    SSL_CTX_set_security_level(s->context, 0); /* SHA-1, which those versions sign with */
}

void tls_server_divert(struct tls_server *s, struct tls_server *(*pick)(void *user), void *user)
{
    s->pick = pick;
    s->pick_user = user;
}

struct ssl_ctx_st *tls_server_context(struct tls_server *s)
{
    struct tls_server *other = s->pick != NULL ? s->pick(s->pick_user) : NULL;

    return other != NULL ? other->context : s->context;
}
