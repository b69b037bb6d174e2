#pragma once
/* A SOAP call to a peer, simple or MTOM, over HTTP(S) with a community's certificate. */

#include "actor/inbound.h"
#include "base/buf.h"
#include "base/rc.h"
#include "net/http_client.h"
#include "wire/soap.h"
#include "wire/trace.h"

struct request;

struct call_spec {
    const char *url;
    const char *action;
    const char *transaction;          /* "ITI-38", for whoever looks on; NULL: unknown */
    const struct trace *cause;        /* the span that the call is a child of; NULL: it begins a conversation */
    const struct trace *self;         /* its very span, which the caller has told of; NULL: a new one */
    const struct buf *body;           /* XML of the body's child; lives until the call is over */
    struct http_header *http_headers; /* HTTP's beside the usual ones; NULL */
    struct str headers;               /* SOAP headers beside WS-Addressing's, as XML; may be empty */
    bool mtom;
    struct part *parts;               /* attachments; live until the call is over */
    const struct tls_files *identity; /* for https */
    int timeout_ms;                   /* 0: 30 s */
    enum http_lane lane;              /* outer: a call to this very daemon, or one that may come back to it */
    size_t max_message;               /* 0: 64 MiB of XML in the response */
};

/* A finished call; in the arena it was started with. */
struct call {
    enum rc rc; /* OK: an envelope came that is no fault. E_REFUSED: a fault. E_PEER, E_TIMEOUT: no usable answer */
    const char *why; /* a sentence when rc != OK */
    bool is_unsent;  /* the peer was not reached: it knows nothing of the message */
    int http_status;
    struct soap soap;
    struct soap_fault fault; /* when E_REFUSED */
    struct xml_node *body;
    struct part *parts;
    struct trace trace;        /* its own span */
    const char *message_id;    /* of the request */
    const char *response_type; /* Content-Type of what came; NULL: nothing came, or it has none */
    struct str response_xml;   /* the envelope as it came, or the beginning of what came instead of one */
    uint64_t ticks;            /* duration, ns */
    const char *url, *action, *transaction;
    void *user; /* the caller's */
};

/* then(user, call) on the loop, never before this returns. spool NULL: attachments stay in memory. */
struct call_handle;
MUST_CHECK enum rc call_start(struct arena *a, struct loop *l, struct http_client *client, struct spool *spool,
                              const struct call_spec *spec, void (*then)(void *user, struct call *call), void *user,
                              struct call_handle **handle);
/* then will not run. */
void call_cancel(struct call_handle *h);

/*
 * From a transaction: returns LATER; then(rq, call) runs on rq's loop unless the peer of rq has left. Several may be
 * under way. The call speaks with the certificate of rq's community. When it cannot even start, then runs with call->rc
 * E_BUSY.
 */
enum rc rq_call(struct request *rq, const struct call_spec *spec, void (*then)(struct request *rq, struct call *call),
                void *user);
