#pragma once
/* A plain blocking HTTP client and a scripted server, independent of the code under test: sockets and bytes only. */

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

struct arena;

/* Sends bytes to 127.0.0.1:port, reads until the peer closes or the announced body is whole. False when refused. */
bool exchange(int port, struct str request, struct buf *response);

/* The same with an MLLP frame around the message, and without the one around the answer. */
bool exchange_mllp(int port, struct str message, struct buf *answer);

/* A connection that stays: bytes as they are, then the next answer without its frame. False when it has ended. */
int mllp_connect(int port); /* -1 when refused; to be closed */
bool mllp_exchange(int fd, struct str bytes, struct buf *answer);

/* The parts of a response: status, a header's value ("" if absent), body. */
struct reply {
    int status;
    const char *content_type;
    struct str body;
};
struct reply reply_parse(struct arena *a, struct str response);

/*
 * A peer with prepared answers: the n-th request gets answers[n] (whole HTTP responses; when one is empty the
 * connection is closed without one) and is kept in requests[n]. Ends with the last answer.
 */
struct scripted_peer;
struct scripted_peer *scripted_peer_start(const struct str *answers, size_t count, int *port);
/* Waits until all answers are given (or ms have passed) and hands out what was received; free with scripted_peer_free.
 */
const struct buf *scripted_peer_requests(struct scripted_peer *p, size_t *count);
void scripted_peer_free(struct scripted_peer *p);
