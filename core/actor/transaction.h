#pragma once
/* A transaction is one row in its daemon's transactions.c; everything that treats transactions alike reads the rows. */

#include "base/rc.h"
#include "model/community.h"
#include "model/issue.h"

#include <stdbool.h>
#include <stddef.h>

struct request;

#define TRANSACTION_ACTIONS  6
#define TRANSACTION_VERSIONS 4

enum door_kind { DOOR_SOAP, DOOR_MLLP }; /* where its requests come in */

struct transaction {
    const char *id;       /* "ITI-18" */
    const char *name;     /* "Registry Stored Query" */
    enum profile profile; /* whose tick box on the survey's sheet it belongs to (--profiles) */
    const char *actor;    /* path word of its endpoint: "registry", "responding", … */
    enum door_kind door;
    const char *actions[TRANSACTION_ACTIONS];   /* wsa:Action of requests; MLLP: MSH-9 "ADT^A01" */
    const char *bodies[TRANSACTION_ACTIONS];    /* local name of the body's child, beside its action; MLLP: MSH-9.3 */
    const char *body_alias;                     /* what some WSDLs call it; NULL */
    const char *versions[TRANSACTION_VERSIONS]; /* MLLP: MSH-12, the first as the framework has it */
    const char *body_ns;
    const char *reply_action;
    const char *reply_body, *reply_ns; /* local name and namespace of the reply body's child; NULL: body_ns */
    enum issue_code
        internal; /* how a failure of our own is named to the peer: XDSRegistryError, XDSRepositoryError, … */
    bool mtom;    /* request and response are MTOM packages (ITI TF-2: Appendix V.8) */

    /* OK with rq->reply written; E_REFUSED with issues; LATER: a continuation calls rq_done; any other: internal error.
     */
    enum rc (*serve)(struct request *rq);
    /* Writes rq->issues as this transaction's negative response into rq->reply. NULL: it has none, a fault says it. */
    void (*refuse)(struct request *rq);
};
