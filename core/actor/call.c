/* Encode, send, gather, parse: one exchange with a peer as its client. */
#include "actor/call.h"

#include "actor/daemon.h"
#include "actor/request.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "wire/mime.h"

#include <string.h>

#define RESPONSE_MAX ((size_t)64 * 1024 * 1024)
#define TEXT_MAX     ((size_t)400) /* of an answer that is no SOAP, to show what came instead */

struct call_handle {
    struct arena *arena;
    struct loop *loop;
    struct spool *spool;
    size_t max_message;
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

struct outgoing {
    struct arena *arena;
    struct http_piece *pieces;
    size_t count;
    struct str envelope[3];
};

static void add_bytes(struct outgoing *o, struct str bytes)
{
    o->pieces[o->count++] = HTTP_PIECE_BYTES(bytes);
}

static void add_part(struct outgoing *o, const struct part *part, const char *boundary)
{
    struct buf *head = buf_new(o->arena, BUF_MAX_DEFAULT);

    mime_write_part(head, boundary, part->content_id, part->content_type);
    add_bytes(o, buf_str(head));
    if (part->file != NULL || part->fd >= 0) {
        int fd = part->file != NULL ? spool_fd(part->file) : part->fd;
        o->pieces[o->count++] = (struct http_piece){ .fd = fd, .length = part->size };
    } else {
        add_bytes(o, part->bytes);
    }
}

static size_t part_count(const struct part *parts)
{
    size_t n = 0;

    for (; parts != NULL; parts = parts->next)
        n++;
    return n;
}

/* The envelope in three runs, so that the body is not copied; in a multipart package when the transaction is MTOM. */
static const char *compose(struct outgoing *o, const struct call_spec *spec, const char *message_id)
{
    struct soap_headers headers = {
        .action = spec->action, .message_id = message_id, .to = spec->url, .reply_to = WSA_ANONYMOUS
    };
    struct buf *head = buf_new(o->arena, BUF_MAX_DEFAULT), *tail = buf_new(o->arena, BUF_MAX_DEFAULT);
    char boundary[IDS_UUID_LEN];

    o->pieces = ARENA_ARRAY(o->arena, struct http_piece, 4 + 2 * part_count(spec->parts));
    ids_uuid(boundary);
    if (spec->mtom)
        mime_write_root(head, boundary, "root@kakehashi", spec->action);
    size_t package = head->len;
    soap_write_head(head, &headers);
    soap_write_tail(tail);
    o->envelope[0] = (struct str){ head->data + package, head->len - package };
    o->envelope[1] = buf_str(spec->body);
    o->envelope[2] = buf_str(tail);
    add_bytes(o, buf_str(head));
    add_bytes(o, buf_str(spec->body));
    add_bytes(o, buf_str(tail));
    if (!spec->mtom)
        return arena_printf(o->arena, SOAP_MEDIA_TYPE "; charset=UTF-8; action=\"%s\"", spec->action);
    for (const struct part *p = spec->parts; p != NULL; p = p->next)
        add_part(o, p, boundary);
    struct buf *end = buf_new(o->arena, BUF_MAX_DEFAULT);
    mime_write_end(end, boundary);
    add_bytes(o, buf_str(end));
    return mime_mtom_type(o->arena, boundary, "root@kakehashi", spec->action);
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

static struct call_handle *handle_new(struct arena *a, struct loop *l, struct spool *spool,
                                      const struct call_spec *spec)
{
    struct call_handle *h = ARENA_NEW(a, struct call_handle);

    h->arena = a;
    h->loop = l;
    h->spool = spool;
    h->max_message = spec->max_message != 0 ? spec->max_message : RESPONSE_MAX;
    h->call = (struct call){ .url = spec->url,
                             .action = spec->action,
                             .transaction = spec->transaction,
                             .message_id = ids_urn(a),
                             .ticks = clock_ticks() };
    if (spec->cause != NULL)
        trace_child(spec->cause, &h->call.trace);
    else
        trace_begin(&h->call.trace);
    return h;
}

static void tell_calling(struct call_handle *h, const struct call_spec *spec, const struct outgoing *o,
                         const char *type)
{
    if (h->rq == NULL)
        return;
    hooks_calling(h->rq, &h->call,
                  &(struct hook_message){ .method = "POST",
                                          .url = spec->url,
                                          .content_type = type,
                                          .runs = o->envelope,
                                          .run_count = ARRAY_LEN(o->envelope),
                                          .parts = spec->parts });
}

static enum rc handle_start(struct call_handle *h, struct http_client *client, const struct call_spec *spec)
{
    struct outgoing o = { .arena = h->arena };
    const char *type = compose(&o, spec, h->call.message_id);
    char traceparent[TRACE_PARENT_LEN];

    trace_write(&h->call.trace, traceparent);
    tell_calling(h, spec, &o, type);
    struct http_call_spec http = { .method = "POST",
                                   .url = spec->url,
                                   .content_type = type,
                                   .traceparent = traceparent,
                                   .pieces = o.pieces,
                                   .piece_count = o.count,
                                   .identity = spec->identity,
                                   .timeout_ms = spec->timeout_ms,
                                   .events = &call_events,
                                   .user = h };

    return http_client_start(client, &http, &h->http);
}

enum rc call_start(struct arena *a, struct loop *l, struct http_client *client, struct spool *spool,
                   const struct call_spec *spec, void (*then)(void *user, struct call *call), void *user,
                   struct call_handle **handle)
{
    struct call_handle *h = handle_new(a, l, spool, spec);

    h->then = then;
    h->user = user;
    TRY(handle_start(h, client, spec));
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

    if (own.identity == NULL)
        own.identity = daemon_identity(s->daemon, rq->community);
    if (own.timeout_ms == 0)
        own.timeout_ms = (int)config_number(s->daemon->config, CONFIG_CALL_TIMEOUT);
    own.cause = &rq->trace;
    struct call_handle *h = handle_new(rq->arena, s->loop, s->daemon->spool, &own);
    h->rq = rq;
    h->rq_then = then;
    h->then = rq_called;
    h->user = h;
    h->call.user = user;
    h->next = rq->calls;
    rq->calls = h;
    if (handle_start(h, s->client, &own) != OK) {
        rq_hold(rq);
        loop_post(s->loop, not_started, h);
    }
    return LATER;
}
