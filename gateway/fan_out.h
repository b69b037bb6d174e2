#pragma once
/*
 * Asking others, one or many at once. The answers stay in the order of the questions, whoever is faster, and one that
 * cannot be asked costs only its own. Every step of a transaction is a function that returns enum rc: LATER when it
 * asks.
 */

#include "actor/call.h"
#include "actor/request.h"
#include "base/buf.h"
#include "base/rc.h"
#include "model/community.h"
#include "model/issue.h"
#include "model/patient.h"

/* What a gateway asks of its own actors and of other communities. */
enum ask_kind {
    ASK_ITI18,
    ASK_ITI38,
    ASK_ITI39,
    ASK_ITI43,
    ASK_ITI45,
    ASK_ITI47,
    ASK_ITI55,
    ASK_ITI56,
    ASK_RAD69,
    ASK_RAD75
};

struct fan_out;

struct ask {
    enum ask_kind kind;
    const struct community *community; /* whom */
    int number;                        /* of the repository; 1 for all others */
    const struct buf *body;
    const struct patient_id *patient; /* the caller's: about whom; NULL: nobody */
    struct call *call;                /* the answer; NULL before it is there */
    struct fan_out *of;
    struct ask *next;
};

typedef enum rc fan_out_then(struct request *rq, const struct fan_out *f);

struct fan_out {
    struct request *rq;
    struct ask *first, *last;
    int waiting;
    fan_out_then *then;
    void *user; /* the caller's */
};

struct fan_out *fan_out_new(struct request *rq, void *user);
/* body: from fan_out_body, not changed any more. */
struct ask *fan_out_add(struct fan_out *f, enum ask_kind kind, const struct community *whom, int number,
                        const struct buf *body);
/*
 * Asks all and returns LATER; when the last has answered or failed, then(rq, f) takes the next step, and its rc answers
 * the request. With nobody to ask that happens at once.
 */
enum rc fan_out_run(struct fan_out *f, fan_out_then *then);

/* All three for a single question. */
enum rc fan_out_ask(struct request *rq, enum ask_kind kind, const struct community *whom, const struct buf *body,
                    fan_out_then *then, void *user);

/* An empty buffer for a question's XML. */
struct buf *fan_out_body(struct request *rq);

/*
 * An answer nobody can use becomes one error that names the community and the cause: the call's own when it failed,
 * else why (what is wrong with the answer).
 */
void ask_fail(const struct ask *k, enum issue_code code, const char *why);
