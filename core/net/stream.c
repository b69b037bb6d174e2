/*
 * OpenSSL is driven directly on the socket. Reading is by records into an evbuffer, writing by contiguous stretches of
 * one record, so that a small reply leaves in one write with its head.
 */
#include "net/stream.h"

#include "net/tls.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD           ((size_t)16384) /* of plain text, RFC 8446 section 5.1 */
#define RECORDS_PER_TURN 8
#define WRITE_PER_TURN   ((size_t)256 * 1024)

static void on_event(evutil_socket_t fd, short what, void *arg)
{
    struct stream *s = arg;

    (void)fd;
    if ((what & EV_READ) || s->unread)
        s->readable = true;
    s->unread = false;
    s->on_ready(s->owner);
}

void stream_init(struct stream *s, struct event_base *base, int fd, struct ssl_ctx_st *context,
                 void (*on_ready)(void *), void *owner)
{
    *s = (struct stream){ .fd = fd, .on_ready = on_ready, .owner = owner };
    s->in = evbuffer_new();
    s->out = evbuffer_new();
    s->read_event = event_new(base, fd, EV_READ | EV_PERSIST, on_event, s);
    s->write_event = event_new(base, fd, EV_WRITE, on_event, s);
    s->kick_event = event_new(base, -1, 0, on_event, s);
    if (s->in == NULL || s->out == NULL || s->read_event == NULL || s->write_event == NULL || s->kick_event == NULL)
        die("out of memory (stream)");
    if (context == NULL)
        return;
    s->ssl = SSL_new(context);
    if (s->ssl == NULL || SSL_set_fd(s->ssl, fd) != 1)
        die("out of memory (TLS)");
    SSL_set_accept_state(s->ssl);
}

void stream_accept(struct stream *s, struct event_base *base, int fd, struct tls_server *tls, void (*on_ready)(void *),
                   void *owner)
{
    SSL_CTX *context = tls == NULL ? NULL : tls_server_context(tls);

    stream_init(s, base, fd, context, on_ready, owner);
    SSL_CTX_free(context); /* the connection has its own reference */
}

const char *stream_reason(const struct stream *s)
{
    const char *reason = tls_reason();
    long verdict = s->ssl == NULL ? X509_V_OK : SSL_get_verify_result(s->ssl);

    return reason != NULL && verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : reason;
}

void stream_connect(struct stream *s, const char *host)
{
    if (s->ssl == NULL)
        return;
    SSL_set_connect_state(s->ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(s->ssl), host) == 1)
        return;
    ERR_clear_error();
    if (SSL_set1_host(s->ssl, host) != 1 || SSL_set_tlsext_host_name(s->ssl, host) != 1)
        die("out of memory (TLS)");
}

void stream_clear(struct stream *s)
{
    event_free(s->read_event);
    event_free(s->write_event);
    event_free(s->kick_event);
    if (s->secured)
        SSL_shutdown(s->ssl);
    SSL_free(s->ssl);
    ERR_clear_error();
    close(s->fd);
    evbuffer_free(s->in);
    evbuffer_free(s->out);
    free(s->subject);
}

/* After an error of its own, OpenSSL must not be asked for a close_notify. */
static enum rc tls_result(struct stream *s, int result)
{
    switch (SSL_get_error(s->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return LATER;
    case SSL_ERROR_WANT_WRITE:
        s->want_write = true;
        return LATER;
    case SSL_ERROR_ZERO_RETURN:
        return E_PEER;
    default:
        s->secured = false;
        return E_PEER;
    }
}

static char *peer_subject(SSL *ssl)
{
    X509 *certificate = SSL_get1_peer_certificate(ssl);
    BIO *text = BIO_new(BIO_s_mem());
    char *subject = NULL, *data;

    if (text == NULL)
        die("out of memory (TLS)");
    if (certificate != NULL) {
        X509_NAME_print_ex(text, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
        long n = BIO_get_mem_data(text, &data);
        subject = strndup(data, (size_t)n);
    }
    BIO_free(text);
    X509_free(certificate);
    return subject;
}

enum rc stream_handshake(struct stream *s)
{
    if (s->ssl == NULL)
        return OK;
    ERR_clear_error();
    int result = SSL_do_handshake(s->ssl);
    if (result != 1)
        return tls_result(s, result);
    s->secured = true;
    s->readable = SSL_has_pending(s->ssl);
    s->subject = peer_subject(s->ssl);
    return OK;
}

static ssize_t read_some(struct stream *s, void *into, enum rc *rc)
{
    if (s->ssl != NULL) {
        ERR_clear_error();
        int n = SSL_read(s->ssl, into, RECORD);
        if (n <= 0)
            *rc = tls_result(s, n);
        return n;
    }
    ssize_t n = recv(s->fd, into, RECORD, 0);
    if (n <= 0)
        *rc = n < 0 && (errno == EAGAIN || errno == EINTR) ? LATER : E_PEER;
    return n;
}

/* What OpenSSL or the socket surely still holds; else the socket's next event will tell. */
static bool may_hold_more(const struct stream *s, ssize_t n)
{
    return s->ssl != NULL ? SSL_has_pending(s->ssl) : n == (ssize_t)RECORD;
}

static enum rc fill_record(struct stream *s, bool *more)
{
    struct evbuffer_iovec space;
    enum rc rc = OK;

    if (evbuffer_reserve_space(s->in, RECORD, &space, 1) != 1)
        die("out of memory (stream)");
    ssize_t n = read_some(s, space.iov_base, &rc);
    space.iov_len = n > 0 ? (size_t)n : 0;
    evbuffer_commit_space(s->in, &space, 1);
    *more = n > 0 && may_hold_more(s, n);
    return rc;
}

enum rc stream_fill(struct stream *s)
{
    bool more = true;

    if (s->ended)
        return E_PEER;
    if (!s->readable)
        return LATER;
    s->readable = false;
    for (int i = 0; more && i < RECORDS_PER_TURN; i++) {
        enum rc rc = fill_record(s, &more);
        s->ended = rc == E_PEER;
        if (rc != OK)
            return i > 0 ? OK : rc; /* what came before counts first */
    }
    if (more)
        stream_kick_read(s);
    return OK;
}

struct str stream_peek(const struct stream *s)
{
    struct evbuffer_iovec first;

    if (evbuffer_peek(s->in, -1, NULL, &first, 1) < 1)
        return (struct str){ NULL, 0 };
    return (struct str){ first.iov_base, first.iov_len };
}

static ssize_t write_some(struct stream *s, enum rc *rc)
{
    size_t n = MIN(evbuffer_get_length(s->out), RECORD);

    if (s->ssl != NULL) {
        const unsigned char *record = evbuffer_pullup(s->out, (ev_ssize_t)n);
        ERR_clear_error();
        int written = SSL_write(s->ssl, record, (int)n);
        if (written <= 0)
            *rc = tls_result(s, written);
        else
            evbuffer_drain(s->out, (size_t)written);
        return written;
    }
    ssize_t written = evbuffer_write_atmost(s->out, s->fd, (ev_ssize_t)WRITE_PER_TURN);
    if (written < 0) {
        s->want_write = errno == EAGAIN || errno == EINTR;
        *rc = s->want_write ? LATER : E_PEER;
    }
    return written;
}

enum rc stream_flush(struct stream *s)
{
    enum rc rc = OK;

    s->want_write = false;
    for (size_t spent = 0; evbuffer_get_length(s->out) > 0;) {
        if (spent >= WRITE_PER_TURN) {
            s->want_write = true;
            return LATER;
        }
        ssize_t n = write_some(s, &rc);
        if (rc != OK)
            return rc;
        spent += (size_t)n;
        s->sent += (size_t)n;
    }
    return OK;
}

void stream_reset(struct stream *s)
{
    struct linger none = { .l_onoff = 1 };

    s->secured = false;
    setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

void stream_end(struct stream *s)
{
    if (s->secured)
        SSL_shutdown(s->ssl);
    s->secured = false;
    ERR_clear_error();
    shutdown(s->fd, SHUT_WR);
    evbuffer_drain(s->in, evbuffer_get_length(s->in));
    s->readable = true;
}

enum rc stream_discard(struct stream *s, uint64_t *count)
{
    char waste[RECORD];

    s->readable = false;
    for (int i = 0; i < RECORDS_PER_TURN; i++) {
        ssize_t n = recv(s->fd, waste, sizeof(waste), 0);
        if (n <= 0)
            return n < 0 && (errno == EAGAIN || errno == EINTR) ? LATER : E_PEER;
        *count += (uint64_t)n;
    }
    return LATER;
}

/*
 * Reading that nobody wants is disarmed only once the socket has spoken up: most turns leave the event as it is, and
 * cost no system call.
 */
void stream_arm(struct stream *s, bool want_read)
{
    if (want_read && !s->reading) {
        event_add(s->read_event, NULL);
        s->reading = true;
    }
    if (!want_read && s->reading && s->readable) {
        event_del(s->read_event);
        s->reading = false;
    }
    if (s->want_write)
        event_add(s->write_event, NULL);
    s->want_write = false;
}

/*
 * Never by activating a socket's own event: event_add of an event that is active does not watch its socket, and the
 * connection would sleep for good.
 */
void stream_kick(struct stream *s)
{
    event_active(s->kick_event, EV_TIMEOUT, 0);
}

void stream_kick_read(struct stream *s)
{
    s->unread = true;
    stream_kick(s);
}
