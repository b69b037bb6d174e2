/* encode → envelope → send: what serve made of a request, as bytes to wherever the answer goes. */
#include "actor/daemon.h"
#include "actor/door.h"
#include "actor/flaw.h"
#include "actor/misbehave.h"
#include "base/clock.h"
#include "base/ids.h"

#include <string.h>

/* ---- the envelope in its packaging ---- */

/* head and tail are the envelope around a body; a fault is all head. */
struct envelope_text {
    const struct buf *head, *body, *tail;
    enum rc rc;
    const char *why;                /* NULL: nothing is wrong */
    const struct soap_fault *fault; /* when it is one */
};

/* ---- sending ---- */

/* One line per transaction, and the count for /metrics. */
static void account(struct request *rq, int status, const char *verdict)
{
    rq_info(rq, "%d %s %.1f ms", status, verdict, (double)(clock_ticks() - rq->started) / 1e6);
}

struct sending {
    struct package package;
    int status;
    const char *to; /* NULL: back */
    const struct http_misdelivery *bad;
};

/* An envelope, in runs. */
struct runs {
    struct str *all;
    size_t count;
};

static struct runs runs_of(struct request *rq, const struct envelope_text *text)
{
    bool has_inset = rq->inset != NULL && text->body == rq->reply;
    struct str body = buf_str(text->body), rest = { body.data, 0 };
    struct runs r = { ARENA_ARRAY(rq->arena, struct str, 4 + rq->inset_count), 0 };

    r.all[r.count++] = buf_str(text->head);
    if (has_inset) {
        rest = (struct str){ body.data + rq->inset_at, body.len - rq->inset_at };
        body.len = rq->inset_at;
    }
    r.all[r.count++] = body;
    for (size_t i = 0; has_inset && i < rq->inset_count; i++)
        r.all[r.count++] = rq->inset[i];
    r.all[r.count++] = rest;
    r.all[r.count++] = buf_str(text->tail);
    return r;
}

static void tell(struct request *rq, const struct sending *s, const struct runs *runs, const struct envelope_text *text,
                 const char *injected)
{
    hooks_answered(rq, &(struct hook_message){ .status = s->status,
                                               .content_type = s->package.content_type,
                                               .runs = runs->all,
                                               .run_count = runs->count,
                                               .parts = rq->reply_parts,
                                               .to = s->to,
                                               .rc = text->rc,
                                               .why = text->why,
                                               .fault = text->fault,
                                               .injected = injected });
}

static void deliver(struct request *rq, void *sending)
{
    const struct sending *s = sending;
    const struct package *e = &s->package;
    struct door *door = door_of(rq);

    if (s->to != NULL) {
        door_send_elsewhere(door, s->to, e);
        return;
    }
    rq_stage(rq, "send");
    http_reply(door->http, &(struct http_reply){ .status = s->status,
                                                 .content_type = e->content_type,
                                                 .pieces = e->pieces,
                                                 .piece_count = e->piece_count,
                                                 .bad = s->bad });
}

/* As its faults have it. What hangs is only ever ended by the peer, or forgotten when nobody is connected. */
static void deliver_badly(struct request *rq, const struct sending *s, const struct delivery *d)
{
    struct sending *later = arena_memdup(rq->arena, s, sizeof(*s));

    later->bad = misbehave_http(rq->arena, d);
    if (d->is_hanging && s->to != NULL)
        later->to = WSA_NONE;
    else if (d->is_hanging)
        return;
    if (d->delay_ms > 0)
        misbehave_later(rq, d->delay_ms, deliver, later);
    else
        deliver(rq, later);
}

static struct outgoing *misbehave_answer(struct request *rq, int status, const struct runs *runs)
{
    const struct inbound *in = door_of(rq)->in;

    return misbehave(rq, &(struct behaviour){ .runs = runs->all,
                                              .run_count = runs->count,
                                              .answered = in != NULL ? inbound_root(in) : STR(""),
                                              .parts = rq->reply_parts,
                                              .is_mtom = rq->is_mtom,
                                              .status = status });
}

static struct package pack(struct request *rq, const struct runs *runs, const struct outgoing *bad)
{
    char *boundary = rq->is_mtom ? arena_alloc(rq->arena, IDS_UUID_LEN) : NULL;
    const struct package_spec spec = {
        .runs = runs->all, .run_count = runs->count, .parts = rq->reply_parts, .boundary = boundary, .bad = bad
    };

    if (boundary != NULL)
        ids_uuid(boundary);
    return package_make(rq->arena, &spec);
}

/* to: door_destination's. What can no longer go back, because the connection has its 202, is only logged. */
static void send_envelope(struct request *rq, int status, const char *to, const struct envelope_text *text)
{
    struct runs runs = runs_of(rq, text);
    struct outgoing *bad = misbehave_answer(rq, status, &runs);
    struct sending s = { .status = status, .to = to == NULL && door_of(rq)->is_detached ? WSA_NONE : to };

    if (bad != NULL) {
        runs = (struct runs){ &bad->text, 1 };
        rq->reply_parts = bad->parts;
        rq->is_mtom = bad->is_mtom;
        s.status = bad->status;
    }
    s.package = pack(rq, &runs, bad);
    tell(rq, &s, &runs, text, bad != NULL ? bad->injected : NULL);
    if (bad != NULL)
        deliver_badly(rq, &s, &bad->delivery);
    else
        deliver(rq, &s);
}

/* An answer with a connection of its own says where it goes, and has an id of its own. */
static struct soap_headers headers_of(struct request *rq, bool is_fault, const char *to)
{
    struct soap_headers h = { .relates_to = rq->soap.message_id };

    if (to == NULL)
        return h;
    h.message_id = ids_urn(rq->arena);
    h.to = to;
    if (rq->later_to != NULL) { /* which is a message that is answered in turn */
        h.reply_to = WSA_ANONYMOUS;
        return h;
    }
    h.parameters = is_fault && rq->soap.fault_to != NULL ? rq->soap.fault_parameters : rq->soap.reply_parameters;
    return h;
}

void door_fault(struct request *rq, const struct soap_fault *flaw, int status)
{
    const char *to = door_destination(rq, true);
    struct soap_fault told = *flaw;
    const struct soap_fault *fault = &told;
    struct soap_headers headers = headers_of(rq, true, to);
    struct buf *text = buf_new(rq->arena, BUF_MAX_DEFAULT), none = { 0 };

    door_of(rq)->is_refused = true;
    rq->service->refused++;
    rq->reply_parts = NULL;
    if (flaw_rule(flaw) != RULE_NONE) /* so that whoever looks on knows the rule, too */
        told.reason = rule_break(rq->arena, &rq->issues, flaw_rule(flaw), flaw->place, "%s", flaw->reason)->text;
    soap_write_fault_with(text, fault, &headers);
    account(rq, status, fault->reason);
    send_envelope(rq, status, to, &(struct envelope_text){ text, &none, &none, E_REFUSED, fault->reason, fault });
}

static void send_body(struct request *rq, enum rc rc, const char *verdict)
{
    const char *to = door_destination(rq, false);
    struct soap_headers headers = headers_of(rq, false, to);
    struct buf *head = buf_new(rq->arena, BUF_MAX_DEFAULT), *tail = buf_new(rq->arena, BUF_MAX_DEFAULT);

    headers.action = rq->later_action != NULL ? rq->later_action : rq->transaction->reply_action;
    headers.more = rq->reply_headers;
    soap_write_head(head, &headers);
    soap_write_tail(tail);
    account(rq, 200, verdict);
    send_envelope(rq, 200, to, &(struct envelope_text){ head, rq->reply, tail, rc, rc == OK ? NULL : verdict });
}

void rq_answer_later(struct request *rq, const char *action, const struct buf *ack, const char *to, const char *later)
{
    struct soap_headers headers = { .action = action, .relates_to = rq->soap.message_id };
    struct buf *head = buf_new(rq->arena, BUF_MAX_DEFAULT), *tail = buf_new(rq->arena, BUF_MAX_DEFAULT);
    const struct envelope_text text = { head, ack, tail, OK, NULL };

    if (rq->is_rehearsed)
        return;
    soap_write_head(head, &headers);
    soap_write_tail(tail);
    struct runs runs = runs_of(rq, &text);
    struct sending s = { .status = 200, .package = pack(rq, &runs, NULL) };
    tell(rq, &s, &runs, &text, NULL);
    rq->later_to = to;
    rq->later_action = later;
    door_detach_with(door_of(rq), &(struct http_reply){ .status = s.status,
                                                        .content_type = s.package.content_type,
                                                        .pieces = s.package.pieces,
                                                        .piece_count = s.package.piece_count });
}

/* Some refusals have no place in the transaction's own response: the body was not even its message. */
static const struct issue *soap_issue(const struct request *rq)
{
    for (const struct issue *i = rq->issues.first; i != NULL; i = i->next) {
        if (i->code == ISSUE_SOAP_BODY || i->code == ISSUE_SOAP_MTOM)
            return i;
    }
    return NULL;
}

static void send_refusal(struct request *rq, enum rc rc)
{
    const struct issue *soap = soap_issue(rq);
    bool is_fault = soap != NULL || rq->transaction->refuse == NULL;

    if (is_fault) {
        const struct issue *first = soap != NULL ? soap : rq->issues.first;
        struct soap_fault fault = { .code = soap != NULL ? SOAP_SENDER : SOAP_RECEIVER,
                                    .reason = first != NULL ? first->text : "refused",
                                    .place = first != NULL ? first->place : NULL };
        door_fault(rq, &fault, soap_fault_status(&fault));
        return;
    }
    rq->service->refused++;
    buf_reset(rq->reply);
    rq->reply_parts = NULL;
    rq->inset = NULL;
    rq->reply_headers = (struct str){ 0 };
    rq->transaction->refuse(rq);
    send_body(rq, rc, rq->issues.first != NULL ? rq->issues.first->text : "refused");
}

/* Our own trouble: named with the transaction's own code, never as if the message were at fault. */
static void send_internal(struct request *rq, enum rc rc)
{
    rq->service->failed++;
    rq_error(rq, "failed with %s", rc_text(rc));
    rq_refuse(rq, rc == E_FULL ? issue_out_of_resources(rq->transaction->internal) : rq->transaction->internal, NULL,
              "%s",
              rc == E_BUSY   ? "too much is waiting to be stored; try again"
              : rc == E_FULL ? "there is no room left to store this; nothing of this message was kept"
              : rc == E_IO   ? "the store failed; nothing of this message was kept"
                             : "an internal error; the log has the details");
    send_refusal(rq, rc);
}

void door_answer(struct request *rq, enum rc rc)
{
    rq_stage(rq, "encode");
    if (rc == OK && rq->reply->overflowed)
        rc = E_LIMIT;
    if (rc == OK)
        send_body(rq, OK, "OK");
    else if (rc == E_REFUSED)
        send_refusal(rq, rc);
    else
        send_internal(rq, rc);
}
