/*
 * OpenSSL contexts. The BCP 195 floor of ITI TF-2: 3.19.6 (TLS 1.2) unless a server is told to meet old nodes, no
 * renegotiation, and sessions that resume only by ticket, so that nothing per client stays here.
 */
#include "net/tls.h"

#include "base/log.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct tls_server {
    SSL_CTX *context; /* under the lock */
    struct tls_files files;
    bool require_client;
    pthread_mutex_t lock;
    struct stat list;                       /* the revocation list's file, when it was last read */
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

/* Ephemeral keys and authenticated encryption; the suites of TLS 1.3 are all so. OpenSSL's names, strongest first. */
#define BCP195_SUITES "ECDHE+AESGCM:ECDHE+CHACHA20"
/* Level 0: SHA-1, which TLS 1.0 and 1.1 sign with. */
#define LEGACY_SUITES "DEFAULT:@SECLEVEL=0"

static void set_policy(SSL_CTX *context, bool legacy)
{
    if (SSL_CTX_set_min_proto_version(context, legacy ? TLS1_VERSION : TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, legacy ? LEGACY_SUITES : BCP195_SUITES) != 1)
        die("this OpenSSL has no such TLS: %s", tls_reason());
}

static void set_options(SSL_CTX *context, bool require_client)
{
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

static enum rc load_crl(SSL_CTX *context, const char *path)
{
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());

    if (lookup == NULL)
        die("out of memory (TLS revocation list)");
    ERR_clear_error();
    if (X509_load_crl_file(lookup, path, X509_FILETYPE_PEM) < 1)
        return unusable("revocation list", path);
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
    return OK;
}

static enum rc server_context(const struct tls_files *files, bool require_client, SSL_CTX **out)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (context == NULL)
        die("out of memory (TLS context)");
    set_policy(context, files->legacy);
    set_options(context, require_client);
    enum rc rc = load_files(context, files);
    if (rc == OK && files->crl != NULL)
        rc = load_crl(context, files->crl);
    if (rc == OK)
        *out = context;
    else
        SSL_CTX_free(context);
    return rc;
}

static char *copy(const char *text)
{
    char *own = text == NULL ? NULL : strdup(text);

    if (text != NULL && own == NULL)
        die("out of memory (TLS files)");
    return own;
}

/* Has the file another face than when it was last looked at? One that is away for a moment has not. */
static bool list_changed(struct tls_server *s)
{
    struct stat now;

    if (stat(s->files.crl, &now) != 0)
        return false;
    bool same = now.st_ino == s->list.st_ino && now.st_size == s->list.st_size &&
                now.st_mtim.tv_sec == s->list.st_mtim.tv_sec && now.st_mtim.tv_nsec == s->list.st_mtim.tv_nsec;
    s->list = now;
    return !same;
}

/* A context of its own, not another list in the old one: its ticket keys are new, so no revoked session resumes. */
static void read_list_again(struct tls_server *s)
{
    SSL_CTX *fresh;

    if (!list_changed(s) || server_context(&s->files, s->require_client, &fresh) != OK)
        return;
    log_info("the revocation list %s was read again", s->files.crl);
    SSL_CTX_free(s->context);
    s->context = fresh;
}

enum rc tls_server_new(const struct tls_files *files, bool require_client, struct tls_server **out)
{
    struct tls_server *s = calloc(1, sizeof(*s));

    if (s == NULL)
        die("out of memory (TLS server)");
    s->require_client = require_client;
    s->files = (struct tls_files){ copy(files->ca), copy(files->cert), copy(files->key), copy(files->crl),
                                   files->legacy };
    if (files->legacy)
        log_warn("TLS 1.0 and 1.1 are spoken too (--tls legacy): for tests with old nodes, for nothing else");
    pthread_mutex_init(&s->lock, NULL);
    if (files->crl != NULL)
        list_changed(s); /* before it is read: what is written meanwhile counts as a change */
    enum rc rc = server_context(files, require_client, &s->context);
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
    pthread_mutex_destroy(&s->lock);
    free((char *)s->files.ca);
    free((char *)s->files.cert);
    free((char *)s->files.key);
    free((char *)s->files.crl);
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
    SSL_CTX_set_cipher_list(s->context, LEGACY_SUITES);
}

void tls_server_divert(struct tls_server *s, struct tls_server *(*pick)(void *user), void *user)
{
    s->pick = pick;
    s->pick_user = user;
}

struct ssl_ctx_st *tls_server_context(struct tls_server *s)
{
    struct tls_server *other = s->pick != NULL ? s->pick(s->pick_user) : NULL;

    if (other != NULL)
        s = other;
    pthread_mutex_lock(&s->lock);
    if (s->files.crl != NULL)
        read_list_again(s);
    SSL_CTX *context = s->context;
    SSL_CTX_up_ref(context);
    pthread_mutex_unlock(&s->lock);
    return context;
}
