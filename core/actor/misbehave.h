#pragma once
/*
 * Faults in a daemon (core/fault): what they do to its answers, to its calls and to the handshakes of its listeners.
 * The set comes from DATA/faults.json at start, and from PUT /faults afterwards.
 */

#include "base/rc.h"
#include "base/str.h"
#include "fault/outgoing.h"

#include <stdbool.h>

struct community;
struct daemon;
struct fault_occasion;
struct http_misdelivery;
struct http_request;
struct mllp_misdelivery;
struct arena;
struct part;
struct request;
struct service;

/* E_CONFIG, logged, when DATA/faults.json is there and cannot be used. */
MUST_CHECK enum rc misbehave_start(struct daemon *d);
void misbehave_stop(struct daemon *d);

/* What is about to leave, as it should be. */
struct behaviour {
    const struct str *runs; /* of text */
    struct str answered;    /* the message it answers; empty for a call */
    size_t run_count;
    struct part *parts;
    bool is_mtom;
    int status;      /* of an answer by HTTP */
    const char *url; /* of a call; NULL: an answer */
};

/* NULL, as nearly always: leave it as it is. Otherwise the message that leaves instead, in rq's arena. */
struct outgoing *misbehave(struct request *rq, const struct behaviour *b);

/* The same of what leaves with no request behind it: o->message. Any thread. */
struct outgoing *misbehave_bare(const struct daemon *d, struct arena *a, const struct fault_occasion *o);

/* A time server's answer as it leaves; c: whose clock it tells, or NULL. */
struct str misbehave_time(const struct daemon *d, struct arena *a, const struct community *c, struct str packet);

/* then(rq, user) on rq's loop after ms, unless nobody waits for rq any more. */
void misbehave_later(struct request *rq, uint64_t ms, void (*then)(struct request *rq, void *user), void *user);

/* What waits for its time runs now: the daemon stops, and nobody is connected. */
void misbehave_hurry(struct service *s);

/* How it leaves, in the words of the doors; NULL: as usual. */
const struct http_misdelivery *misbehave_http(struct arena *a, const struct delivery *d);
const struct mllp_misdelivery *misbehave_mllp(struct arena *a, const struct delivery *d);

/* GET /faults (with counts), and PUT /faults of all there are to be. */
void misbehave_show(struct service *s, struct http_request *http);
void misbehave_put(struct service *s, struct http_request *http, struct str body);
