#pragma once
/*
 * Where the spine lets others look and meddle: the journal sees every message in and out, fault injection may change
 * what happens next. A daemon without hooks runs at full speed; a NULL hook is skipped.
 */

#include "base/str.h"

#include <stdbool.h>

struct call;
struct call_spec;
struct request;

struct hooks {
    /* An envelope came in (before it is parsed), and the answer as it leaves: HTTP status, envelope in up to three
     * runs. */
    void (*received)(struct request *rq, struct str envelope);
    void (*answered)(struct request *rq, int status, const struct str *runs, size_t count);
    /* The request enters a stage: recv frame envelope dispatch decode serve store encode send. */
    void (*stage)(struct request *rq, const char *stage);
    /* A call of this request leaves for a peer, and is over. */
    void (*calling)(struct request *rq, const struct call_spec *spec);
    void (*called)(struct request *rq, const struct call *call);
    /* Fault injection: true when the hook has taken over the answer (it replies, delays or resets the connection). */
    bool (*misbehave)(struct request *rq);
};
