#pragma once
/*
 * A connection to a syslog server, for a thread that may wait: TLS (RFC 5425), TCP or UDP, by the URL's scheme
 * (syslog-tls://host:6514, syslog-tcp://, syslog-udp://). One thread at a time.
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/tls.h"

#include <stddef.h>

struct syslog_sender;

/* identity: for TLS; constant for the sender's life. E_CONFIG, logged: no such URL, unusable certificates. */
MUST_CHECK enum rc syslog_sender_new(const char *url, const struct tls_files *identity, struct syslog_sender **out);
void syslog_sender_free(struct syslog_sender *s); /* NULL is ignored */

/* Connects unless it is connected: at most ms. E_PEER, with *why (until the next call) a phrase. */
MUST_CHECK enum rc syslog_sender_connect(struct syslog_sender *s, int ms, const char **why);
/* Is the peer still there? Reads what it says (nothing, but its farewell). */
bool syslog_sender_is_alive(struct syslog_sender *s);
/*
 * Whole frames ("MSG-LEN SP SYSLOG-MSG …"); UDP: a datagram for each, without its length. E_PEER: the connection is
 * gone, and how much arrived is not known.
 */
MUST_CHECK enum rc syslog_sender_send(struct syslog_sender *s, struct str frames);
/*
 * Ends the connection. True: the peer has read all and closed, too; false: it did not within ms. The next connect makes
 * another.
 */
bool syslog_sender_leave(struct syslog_sender *s, int ms);
/* Bytes that the peer's system has not confirmed yet; 0 when all are. */
size_t syslog_sender_unconfirmed(const struct syslog_sender *s);
