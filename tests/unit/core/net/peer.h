#pragma once
/*
 * A web server for the client's tests that knows nothing of the code under test: blocking sockets, a thread for each
 * connection, plain or TLS. The path says what it does:
 *   /echo     the request's body
 *   /head     the request's head
 *   /big?N    N bytes of peer_byte()
 *   /last     the request's body; the connection is closed without an answer when its next request comes
 *   /early    100 and 103 before 200
 *   /redirect 302 to /echo
 *   /silent   nothing until the client goes
 *   /none     closes at once
 *   /short    10 of the 100 bytes announced, then closes
 *   /garbage  what is no HTTP
 */

#include "net/tls.h"

#include <stddef.h>

struct peer;

/* files NULL: plain. With files a client needs a certificate of the same CA. */
struct peer *peer_start(const struct tls_files *files);
void peer_stop(struct peer *p);
int peer_port(const struct peer *p);

/* Connections so far, and the most at one time. */
int peer_connections(struct peer *p);
int peer_most(struct peer *p);

char peer_byte(size_t at);
