#pragma once
/*
 * The SOAP door's own, for door_*.c: what is known of a request beside the request. door_soap.c receives,
 * door_answer.c encodes, door_elsewhere.c POSTs answers that go to another address than back (ITI TF-2: V.5).
 */

#include "actor/package.h"
#include "actor/request.h"
#include "net/http_client.h"
#include "net/http_server.h"

/* In the request's arena; of a page for a GET, which has no request, in the connection's. */
struct door {
    struct http_request *http; /* NULL once it is gone */
    struct request *rq;        /* NULL: a page */
    struct buf *page_body;     /* what a page was sent */
    struct service *service;
    struct inbound *in;
    bool is_told;    /* the hooks know what came in */
    bool is_refused; /* the reply is under way already; what still arrives is ignored */

    /* An answer that goes elsewhere: the connection has its 202, and the request outlives it. */
    bool is_detached, is_over;
    struct door *next, **link; /* in service->detached */
    struct http_call *post;    /* NULL before and after */
    int post_status;
};

static inline struct door *door_of(const struct request *rq)
{
    return rq->door;
}

/* ---- door_answer.c ---- */

/* How rq_done gets the message out. */
void door_answer(struct request *rq, enum rc rc);
void door_fault(struct request *rq, const struct soap_fault *fault, int status);

/* ---- door_elsewhere.c ---- */

/* Where an answer of rq goes: an address of its headers; NULL: back on the connection. */
const char *door_destination(const struct request *rq, bool is_fault);
/* Answers the connection with 202, unless that is done: rq lives until door_send_elsewhere is over. */
void door_detach(struct door *door);
/* The same with another answer than 202. */
void door_detach_with(struct door *door, const struct http_reply *reply);
/* Once. url may be WSA_NONE: then the answer is forgotten. */
void door_send_elsewhere(struct door *door, const char *url, const struct package *e);
/* on_gone of a detached request. */
void door_connection_gone(struct door *door);
