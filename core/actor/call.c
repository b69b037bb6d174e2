/* Encode, send, gather, parse: one exchange with a peer as its client. */
#include "actor/call.h"

#include "actor/daemon.h"
#include "actor/misbehave.h"
#include "actor/package.h"
#include "actor/request.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"

#include <string.h>

#define RESPONSE_MAX ((size_t)64 * 1024 * 1024)
#define TEXT_MAX     ((size_t)400) /* of an answer that is no SOAP, to show what came instead */

struct call_handle {
    struct arena *arena;
    struct loop *loop;
    struct spool *spool;
    struct http_client *client;
    size_t max_message;
    struct http_call_spec spec; /* as sent; of one that faults hold back: as it will be */
    struct delivery delivery;
    bool is_cancelled;
    struct call call;
    struct http_call *http; /* NULL once it is over */
    struct inbound *in;     /* NULL until a SOAP answer's head came */
    struct buf *text;       /* an answer that is no SOAP */
    void (*then)(void *user, struct call *call);
    void *user;
    struct call_handle *next; /* among its request's; request.calls */
    struct request *rq;       /* NULL outside a request */
    void (*rq_then)(struct request *rq, struct call *call);
};

/* ---- the request ---- */

/* The envelope in three runs, so that the body is not copied. */
static void envelope_make(struct call_handle *h, const struct call_spec *spec, struct str runs[3])
{
    struct soap_headers headers = {
        .action = spec->action,
        .message_id = h->call.message_id,
        .to = spec->url,
        .reply_to = WSA_ANONYMOUS,
        .more = spec->headers,
    };
    struct buf *head = buf_new(h->arena, BUF_MAX_DEFAULT), *tail = buf_new(h->arena, BUF_MAX_DEFAULT);

    soap_write_head(head, &headers);
    soap_write_tail(tail);
    runs[0] = buf_str(head);
    runs[1] = buf_str(spec->body);
    runs[2] = buf_str(tail);
}

static struct outgoing *misbehave_call(struct call_handle *h, const struct call_spec *spec, const struct str runs[3])
{
    if (h->rq == NULL)
        return NULL;
    return misbehave(h->rq,
                     &(struct behaviour){
                         .runs = runs, .run_count = 3, .parts = spec->parts, .is_mtom = spec->mtom, .url = spec->url });
}

/* ---- the answer ---- */

static void call_over(struct call_handle *h, enum rc rc, const char *why)
{
    h->call.rc = rc;
    h->call.why = why;
    h->call.ticks = clock_ticks() - h->call.ticks;
    if (h->in != NULL)
        h->call.response_xml = inbound_root(h->in);
    h->http = NULL;
    h->then(h->user, &h->call);
}

static void answer_parse(struct call_handle *h)
{
    struct call *c = &h->call;

    if (soap_parse_response(h->arena, inbound_root(h->in), &c->soap, &c->fault) != OK) {
        call_over(h, E_PEER, arena_printf(h->arena, "HTTP %d with a body that is no SOAP envelope", c->http_status));
        return;
    }
    c->body = c->soap.body;
    c->parts = inbound_parts(h->in);
    if (c->soap.is_fault)
        call_over(h, E_REFUSED,
                  arena_printf(h->arena, "SOAP fault %s: %s", soap_code_text(c->fault.code), c->fault.reason));
    else if (c->soap.relates_to != NULL && strcmp(c->soap.relates_to, c->message_id) != 0)
        call_over(h, E_PEER,
                  arena_printf(h->arena, "the answer relates to %s, not to %s", c->soap.relates_to, c->message_id));
    else
        call_over(h, OK, NULL);
}

static void on_gathered(void *user, enum rc rc)
{
    struct call_handle *h = user;
    int status;

    if (rc == OK)
        answer_parse(h);
    else
        call_over(h, E_PEER, rc == E_REFUSED ? inbound_fault(h->in, &status)->reason : "the answer could not be kept");
}

static void on_resume(void *user)
{
    struct call_handle *h = user;

    if (h->http != NULL)
        http_call_resume(h->http);
}

static enum rc on_head(struct http_call *http UNUSED, int status, const char *content_type, void *user)
{
    struct call_handle *h = user;
    struct inbound_spec spec = { .loop = h->loop,
                                 .spool = h->spool,
                                 .content_type = content_type,
                                 .max_message = h->max_message,
                                 .resume = on_resume,
                                 .user = h };
    struct soap_fault fault;
    int refused_with;

    h->call.http_status = status;
    h->call.response_type = arena_strdup(h->arena, content_type);
    if (inbound_new(h->arena, &spec, &h->in, &fault, &refused_with) != OK) {
        h->in = NULL;
        h->text = buf_new(h->arena, TEXT_MAX);
    }
    return OK;
}

static enum rc on_body(struct http_call *http, struct str bytes, void *user)
{
    struct call_handle *h = user;

    if (h->in == NULL) {
        buf_add(h->text, bytes.data, MIN(bytes.len, TEXT_MAX - h->text->len));
        h->call.response_xml = buf_str(h->text);
        return OK;
    }
    TRY(inbound_feed(h->in, bytes));
    if (inbound_is_full(h->in))
        http_call_pause(http);
    return OK;
}

static void on_done(struct http_call *http, enum rc rc, const char *why, void *user)
{
    struct call_handle *h = user;
    int status;

    h->http = NULL;
    h->call.is_unsent = !http_call_has_sent(http);
    if (rc == E_REFUSED && h->in != NULL)
        call_over(h, E_PEER, inbound_fault(h->in, &status)->reason);
    else if (rc != OK)
        call_over(h, rc, arena_strdup(h->arena, why));
    else if (h->in == NULL)
        call_over(h, E_PEER,
                  arena_printf(h->arena, "HTTP %d without a SOAP envelope: %s", h->call.http_status,
                               h->text == NULL ? "" : buf_text(h->text)));
    else
        inbound_end(h->in, on_gathered, h);
}

static const struct http_call_events call_events = { on_head, on_body, on_done };

static struct call_handle *handle_new(struct arena *a, struct loop *l, struct http_client *client, struct spool *spool,
                                      const struct call_spec *spec)
{
    struct call_handle *h = ARENA_NEW(a, struct call_handle);

    h->arena = a;
    h->loop = l;
    h->client = client;
    h->spool = spool;
    h->max_message = spec->max_message != 0 ? spec->max_message : RESPONSE_MAX;
    h->call = (struct call){ .url = spec->url,
                             .action = spec->action,
                             .transaction = spec->transaction,
                             .message_id = ids_urn(a),
                             .ticks = clock_ticks() };
    if (spec->self != NULL)
        h->call.trace = *spec->self;
    else if (spec->cause != NULL)
        trace_child(spec->cause, &h->call.trace);
    else
        trace_begin(&h->call.trace);
    return h;
}

static void tell_calling(struct call_handle *h, const struct call_spec *spec, const struct package_spec *sent,
                         const char *type)
{
    if (h->rq == NULL)
        return;
    hooks_calling(h->rq, &h->call,
                  &(struct hook_message){ .method = "POST",
                                          .url = spec->url,
                                          .content_type = type,
                                          .runs = sent->runs,
                                          .run_count = sent->run_count,
                                          .parts = sent->parts,
                                          .injected = sent->bad != NULL ? sent->bad->injected : NULL });
}

static struct package pack(struct call_handle *h, const struct call_spec *spec)
{
    struct str runs[3];
    char boundary[IDS_UUID_LEN];

    ids_uuid(boundary);
    envelope_make(h, spec, runs);
    struct outgoing *bad = misbehave_call(h, spec, runs);
    struct package_spec sent = { .runs = runs, .run_count = 3, .parts = spec->parts, .action = spec->action };
    bool is_mtom = spec->mtom;
    if (bad != NULL) {
        sent.runs = &bad->text;
        sent.run_count = 1;
        sent.parts = bad->parts;
        sent.bad = bad;
        is_mtom = bad->is_mtom;
        h->delivery = bad->delivery;
    }
    sent.boundary = is_mtom ? boundary : NULL;
    struct package package = package_make(h->arena, &sent);
    tell_calling(h, spec, &sent, package.content_type);
    return package;
}

static void start_late(struct request *rq UNUSED, void *handle)
{
    struct call_handle *h = handle;

    if (h->is_cancelled)
        return;
    if (h->delivery.is_hanging)
        call_over(h, E_TIMEOUT,
                  arena_printf(h->arena, "no answer from %s within %d ms", h->call.url, h->spec.timeout_ms));
    else if (http_client_start(h->client, &h->spec, &h->http) != OK)
        call_over(h, E_BUSY, "too many calls are waiting already");
}

/* Of a call that faults hold back: what cannot come before its time is up counts as hanging. */
static bool is_held_back(struct call_handle *h)
{
    struct delivery *d = &h->delivery;

    if (d->delay_ms >= (uint64_t)h->spec.timeout_ms)
        d->is_hanging = true;
    if (d->is_hanging)
        d->delay_ms = (uint64_t)h->spec.timeout_ms;
    else
        h->spec.timeout_ms -= (int)d->delay_ms;
    return d->delay_ms > 0;
}

static enum rc handle_start(struct call_handle *h, const struct call_spec *spec)
{
    struct package package = pack(h, spec);
    struct http_header *header = ARENA_NEW(h->arena, struct http_header);
    char *traceparent = arena_alloc(h->arena, TRACE_PARENT_LEN);

    trace_write(&h->call.trace, traceparent);
    *header = (struct http_header){ "traceparent", traceparent, spec->http_headers };
    h->spec = (struct http_call_spec){ .method = "POST",
                                       .url = spec->url,
                                       .content_type = package.content_type,
                                       .headers = header,
                                       .pieces = package.pieces,
                                       .piece_count = package.piece_count,
                                       .identity = spec->identity,
                                       .timeout_ms = spec->timeout_ms,
                                       .lane = spec->lane,
                                       .events = &call_events,
                                       .user = h };
    if (h->rq == NULL || !is_held_back(h))
        return http_client_start(h->client, &h->spec, &h->http);
    misbehave_later(h->rq, h->delivery.delay_ms, start_late, h);
    return OK;
}

enum rc call_start(struct arena *a, struct loop *l, struct http_client *client, struct spool *spool,
                   const struct call_spec *spec, void (*then)(void *user, struct call *call), void *user,
                   struct call_handle **handle)
{
    struct call_handle *h = handle_new(a, l, client, spool, spec);

    h->then = then;
    h->user = user;
    TRY(handle_start(h, spec));
    *handle = h;
    return OK;
}

static void rq_forget(struct call_handle *h)
{
    for (struct call_handle **p = &h->rq->calls; *p != NULL; p = &(*p)->next) {
        if (*p == h) {
            *p = h->next;
            return;
        }
    }
}

void call_cancel(struct call_handle *h)
{
    h->is_cancelled = true;
    http_call_cancel(h->http);
    h->http = NULL;
    if (h->in != NULL)
        inbound_cancel(h->in);
    if (h->rq != NULL)
        rq_forget(h);
}

/* ---- from a transaction ---- */

static void tell_called(struct request *rq, const struct call *call)
{
    hooks_called(rq, call,
                 &(struct hook_message){ .status = call->http_status,
                                         .content_type = call->response_type,
                                         .runs = &call->response_xml,
                                         .run_count = 1,
                                         .parts = call->parts,
                                         .rc = call->rc,
                                         .why = call->why,
                                         .fault = call->rc == E_REFUSED ? &call->fault : NULL });
}

static void rq_called(void *user, struct call *call)
{
    struct call_handle *h = user;
    struct request *rq = h->rq;

    rq_forget(h);
    tell_called(rq, call);
    if (call->rc != OK)
        rq_info(rq, "call %s failed: %s", call->url, call->why);
    h->rq_then(rq, call);
}

/* A call that could not even start is over on the next turn of the loop. */
static void not_started(void *user)
{
    struct call_handle *h = user;

    if (!rq_release(h->rq))
        return;
    h->call.is_unsent = true;
    call_over(h, E_BUSY, "too many calls are waiting already");
}

enum rc rq_call(struct request *rq, const struct call_spec *spec, void (*then)(struct request *rq, struct call *call),
                void *user)
{
    struct service *s = rq->service;
    struct call_spec own = *spec;

    if (rq->is_rehearsed) {
        rq_stage(rq, "store"); /* the peer's */
        return LATER;
    }
    if (own.identity == NULL)
        own.identity = daemon_identity(s->daemon, rq->community);
    if (own.timeout_ms == 0)
        own.timeout_ms = (int)config_number(s->daemon->config, CONFIG_CALL_TIMEOUT);
    own.cause = &rq->trace;
    struct call_handle *h = handle_new(rq->arena, s->loop, s->client, s->daemon->spool, &own);
    h->rq = rq;
    h->rq_then = then;
    h->then = rq_called;
    h->user = h;
    h->call.user = user;
    h->next = rq->calls;
    rq->calls = h;
    if (handle_start(h, &own) != OK) {
        rq_hold(rq);
        loop_post(s->loop, not_started, h);
    }
    return LATER;
}
