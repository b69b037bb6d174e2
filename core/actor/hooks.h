#pragma once
/*
 * Where the spine lets others look: the journal, the audit trail and fault injection are each a set of callbacks of a
 * daemon. Every place of the spine that tells something has one function here, which costs one test when nobody looks.
 * Callbacks run on the loop of the request, must not block, and keep copies of what they want to keep.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct call;
struct community;
struct daemon;
struct http_header;
struct part;
struct request;
struct service;
struct soap_fault;
struct trace;

/* Who may look, in the order in which they are told. */
enum hook_set { HOOKS_JOURNAL, HOOKS_AUDIT, HOOKS_FAULTS, HOOK_SETS };

/* A message as it crosses the wire, in or out; all of it lives only during the callback. */
struct hook_message {
    int status;               /* of an HTTP answer; 0: a request, HL7 v2, or no answer came */
    const char *method, *url; /* of a request: "POST", path and query as received or the whole URL called */
    const char *content_type;
    const struct http_header *headers; /* of a request received by HTTP */
    const struct str *runs;            /* the envelope, or whatever came instead of one, in pieces */
    size_t run_count;
    const struct part *parts;       /* attachments */
    const char *to;                 /* of an answer that goes elsewhere than back; NULL: back */
    enum rc rc;                     /* of an answer: OK, E_REFUSED, … */
    const char *why;                /* of an answer that is not OK, a sentence */
    const struct soap_fault *fault; /* of an answer that is one */
    const char *injected;           /* names of the faults that made it what it is (misbehave.h); NULL: none */
};

/* A message that leaves with no request behind it, a notification, and its answer. */
struct hook_notice {
    const struct trace *trace; /* its span */
    const struct community *community;
    const char *actor, *transaction, *url, *action, *message_id;
    struct str text;      /* of the message: HL7 v2, or the body of an envelope */
    uint64_t duration_us; /* of the answer, since the message left */
};

/* An audit record that is on its way to the repository, and the message that it is of. */
struct hook_record {
    const struct trace *trace; /* the message's span */
    const struct community *community;
    const char *actor, *event; /* event: EventID's code */
    struct str text;           /* the audit message */
};

/* A connection that never became one: its handshake failed. */
struct hook_stranger {
    const char *door;   /* "https", "mllps" */
    const char *peer;   /* "127.0.0.1:40312" */
    const char *reason; /* a phrase of OpenSSL */
};

/* NULL is skipped. `user` is what hooks_set was given. */
struct hooks {
    /*
     * A message came in (its envelope in one run); once per request, before it is parsed, also when it is refused at
     * the door: then what had arrived of it, perhaps nothing. Refused before anything is known, rq->community, actor or
     * transaction is NULL.
     */
    void (*received)(void *user, struct request *rq, const struct hook_message *m);
    /* The answer as it leaves; once per request that is answered. */
    void (*answered)(void *user, struct request *rq, const struct hook_message *m);
    /* The request enters a stage: recv frame envelope dispatch decode serve store encode send. */
    void (*stage)(void *user, struct request *rq, const char *stage);
    /* A call of this request leaves for a peer, and is over. call->trace is its span, below rq->trace. */
    void (*calling)(void *user, struct request *rq, const struct call *call, const struct hook_message *m);
    void (*called)(void *user, struct request *rq, const struct call *call, const struct hook_message *m);
    /* The same of a notification; on any thread. What a hook needs to allocate goes with the arena. */
    void (*telling)(void *user, struct arena *a, const struct hook_notice *n, const struct hook_message *m);
    void (*told)(void *user, struct arena *a, const struct hook_notice *n, const struct hook_message *m);
    /* On any thread. */
    void (*recorded)(void *user, struct arena *a, const struct hook_record *r);
    /* The request is freed: rq->hook_state of this set goes. Before it, no callback of rq runs any more. */
    void (*left)(void *user, struct request *rq);
    /* On the loop of s. */
    void (*stranger)(void *user, struct service *s, const struct hook_stranger *stranger);
    /*
     * More lines for /metrics, in the Prometheus text format, without the last line's end; in a. NULL: none. On any
     * loop.
     */
    const char *(*metrics)(void *user, struct arena *a);
};

struct hook_list {
    bool any; /* the one test */
    const struct hooks *sets[HOOK_SETS];
    void *users[HOOK_SETS];
};

/* Before daemon_run. hooks NULL: nobody. */
void hooks_set(struct daemon *d, enum hook_set set, const struct hooks *hooks, void *user);

/* ---- for the spine ---- */
void hooks_received(struct request *rq, const struct hook_message *m);
void hooks_answered(struct request *rq, const struct hook_message *m);
void hooks_stage(struct request *rq, const char *stage);
void hooks_calling(struct request *rq, const struct call *call, const struct hook_message *m);
void hooks_called(struct request *rq, const struct call *call, const struct hook_message *m);
void hooks_telling(struct daemon *d, struct arena *a, const struct hook_notice *n, const struct hook_message *m);
void hooks_told(struct daemon *d, struct arena *a, const struct hook_notice *n, const struct hook_message *m);
void hooks_recorded(struct daemon *d, struct arena *a, const struct hook_record *r);
void hooks_left(struct request *rq);
void hooks_stranger(struct service *s, const struct hook_stranger *stranger);
/* "" or lines that each end. */
const char *hooks_metrics(struct daemon *d, struct arena *a);
