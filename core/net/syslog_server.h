#pragma once
/*
 * The syslog server on a loop: records over TLS (RFC 5425; ITI TF-2: 3.20.4.1.2) or plain TCP, as many as the peer
 * likes on a connection that nobody answers on. What is wrong with a frame costs its record, never the connection.
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/loop.h"
#include "net/tls.h"

/* One record as it came. It lives only during on_record. */
struct syslog_record {
    struct str bytes;
    const char *fault;        /* what is wrong with its frame; NULL */
    const char *transport;    /* "tls", "tcp", "udp" */
    const char *peer;         /* "127.0.0.1:40312" */
    const char *peer_subject; /* RFC 2253 subject of the client's certificate; NULL without one */
};

struct syslog_service {
    void (*on_record)(void *user, const struct syslog_record *r);
    /* A TLS handshake failed; reason is a phrase of OpenSSL. May be NULL. */
    void (*on_stranger)(void *user, const char *peer, const char *reason);
    /* A peer has left, and does not know yet that this was noticed. May be NULL. */
    void (*on_left)(void *user);
    void *user;
};

struct syslog_server_config {
    const char *bind;
    int port;               /* 0: any free one */
    struct tls_server *tls; /* NULL: plain TCP */
    const struct syslog_service *service;
    size_t max_record;   /* bytes kept of one; 0: 256 KiB */
    int handshake_ms;    /* 0: 30 s */
    int max_connections; /* 0: 10 000 */
};

struct syslog_server;

/* E_CONFIG when it cannot bind. */
MUST_CHECK enum rc syslog_server_new(struct loop *l, const struct syslog_server_config *config,
                                     struct syslog_server **out);
int syslog_server_port(const struct syslog_server *s);
/* Back-pressure: nothing is read until resumed; senders feel it through TCP. Within on_record it ends the turn. */
void syslog_server_pause(struct syslog_server *s);
void syslog_server_resume(struct syslog_server *s);
/* Stop accepting, read what has been sent already; then done(arg), after ms at the latest. */
void syslog_server_drain(struct syslog_server *s, int ms, void (*done)(void *), void *arg);
void syslog_server_free(struct syslog_server *s);
