#pragma once
/*
 * A request: one message from a peer on its way through a daemon (docs/flow.md). It owns an arena; everything of it
 * lives there. It belongs to its loop. It is answered exactly once, by the door, after serve or rq_done.
 */

#include "actor/hooks.h"
#include "actor/inbound.h"
#include "actor/transaction.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/rc.h"
#include "model/community.h"
#include "model/issue.h"
#include "model/rule.h"
#include "wire/soap.h"
#include "wire/trace.h"

#include <stdint.h>

struct call_handle;
struct daemon;
struct db;
struct hl7v2;
struct http_header;
struct service;

struct request {
    struct arena *arena;
    uint64_t id;
    struct service *service; /* the loop's share of the daemon */
    const struct community *community;
    const char *actor; /* path word */
    int number;        /* repository/3 → 3; 1 when not said */
    const struct transaction *transaction;
    const char *stage; /* recv frame envelope dispatch decode serve store encode send, for logs */
    const char *peer, *peer_subject;
    struct trace trace; /* the conversation, this request's span in it, and who caused it */

    struct soap soap;
    bool is_addressed;     /* soap's ReplyTo and FaultTo can be used */
    struct xml_node *body; /* soap.body */
    struct hl7v2 *hl7v2;   /* of the MLLP door; NULL otherwise */
    struct part *parts;
    bool is_mtom; /* as it came; the reply uses the same */
    /* Only judged (checking.h): nothing is written and nobody called, and what the empty store says is not told. */
    bool is_rehearsed;

    struct issue_list issues;
    struct issue_list remarks;  /* rq_remark */
    struct http_header *wishes; /* headers of its HTTP that begin with "Kakehashi-", without that; rq_wish */
    struct str reply_headers;   /* SOAP: headers beside WS-Addressing's, as XML; may be empty */
    struct buf *reply;          /* XML of the reply body's child; MLLP: the whole answer, in UTF-8 */
    const struct str *inset;    /* SOAP: runs that stand in the reply behind byte inset_at, not copied; NULL */
    size_t inset_count, inset_at;
    struct part *reply_parts; /* attachments of the reply */
    void *state;              /* the transaction's own */

    uint64_t world;            /* daemon.worlds when it came */
    uint64_t started;          /* clock_ticks */
    int waiting;               /* calls, writes and holds under way: the request is not freed */
    bool is_gone;              /* the peer left, or has its answer: continuations do not run */
    struct call_handle *calls; /* under way; call.c's own */
    void (*answer)(struct request *rq, enum rc rc);
    const char *later_to, *later_action; /* rq_answer_later; NULL: the answer is the answer */
    void *door;                          /* the door's own */
    void *hook_state[HOOK_SETS];         /* what each set of hooks keeps of this request; NULL at first */
};

/* ---- for transactions ---- */

/* Adds an issue and returns E_REFUSED. place: XPath, parameter or attribute name. */
enum rc rq_refuse(struct request *rq, enum issue_code code, const char *place, const char *fmt, ...) PRINTF_LIKE(4, 5);
/*
 * The same for what breaks a rule, as the community weighs it: E_REFUSED for an error (of a firm rule: always), OK when
 * it is a warning or off. Rule and section are added to the text. The 51st error and the 51st warning, and those behind
 * them, are not told.
 */
enum rc rq_rule(struct request *rq, enum rule rule, const char *place, const char *fmt, ...) PRINTF_LIKE(4, 5);
/*
 * A rule whose breaking is for testers to know, not for the peer: a warning goes to the journal alone
 * (request.remarks), an error is refused as by rq_rule.
 */
enum rc rq_remark(struct request *rq, enum rule rule, const char *place, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* How envelope and header are judged: as the community's file says, else as --checks does; so where none is known. */
bool rq_is_strict(const struct request *rq);
/* Weighs the broken rules that a codec found (ebrim_decode) as the community does. */
void rq_rules_weigh(struct request *rq);
/* Adds a warning: the answer stays positive. */
void rq_warn_peer(struct request *rq, enum issue_code code, const char *place, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* What the HTTP header "Kakehashi-NAME" says, for tests and people beside the message; NULL. Case does not count. */
const char *rq_wish(const struct request *rq, const char *name);

/* The answer, from a continuation; rc as serve would have returned it. May run another LATER: then nothing happens yet.
 */
void rq_done(struct request *rq, enum rc rc);

/*
 * SOAP, once, from serve: the peer gets `ack` for now, with its action, and what rq_done brings goes to the URL `to` in
 * a POST of its own with the action `later` (a deferred response, ITI TF-2: 3.55.6.2). `to` must be http(s).
 */
void rq_answer_later(struct request *rq, const char *action, const struct buf *ack, const char *to, const char *later);

/*
 * Runs on the database's writer thread; rq is the transaction's to use there, its loop does not touch it meanwhile.
 * then(rq, rc) runs on the loop once the change is durable, or with the rc of run, or E_BUSY, E_IO, E_FULL. Returns
 * LATER.
 */
enum rc rq_write(struct request *rq, enum rc (*run)(struct db *db, struct request *rq),
                 void (*then)(struct request *rq, enum rc rc));
/*
 * For work of other kinds on other threads: hold before, and release on the loop (loop_post to rq->service->loop) when
 * it is back. False: nobody waits any more, rq may be freed; return at once.
 */
void rq_hold(struct request *rq);
MUST_CHECK bool rq_release(struct request *rq);
/* This loop's own reading connection. */
struct db *rq_db(struct request *rq);
struct spool *rq_spool(struct request *rq);

/* An attachment of the reply; its content id is made here and returned for the xop:Include ("…@kakehashi"). */
struct part *rq_reply_part(struct request *rq, const char *content_type);

/* ---- for the door ---- */

/* answer: how rq_done gets the message out. A new trace begins; the door may put it below a peer's (trace_continue).
 */
struct request *rq_new(struct service *service, void (*answer)(struct request *rq, enum rc rc), void *door);
/* Cancels its calls; freed now, or once nothing is under way. */
void rq_leave(struct request *rq);
/* Names the stage for logs and hooks. */
void rq_stage(struct request *rq, const char *stage);

/* ---- logs: every line names the request ---- */
void rq_log(const struct request *rq, enum log_level level, const char *fmt, ...) PRINTF_LIKE(3, 4);
#define rq_error(rq, ...) rq_log((rq), LOG_LEVEL_ERROR, __VA_ARGS__)
#define rq_warn(rq, ...)  rq_log((rq), LOG_LEVEL_WARN, __VA_ARGS__)
#define rq_info(rq, ...)  rq_log((rq), LOG_LEVEL_INFO, __VA_ARGS__)
#define rq_debug(rq, ...) (log_wants(LOG_LEVEL_DEBUG) ? rq_log((rq), LOG_LEVEL_DEBUG, __VA_ARGS__) : (void)0)
