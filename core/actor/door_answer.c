/* encode → envelope → send: what serve made of a request, as bytes to wherever the answer goes. */
#include "actor/daemon.h"
#include "actor/door.h"
#include "base/clock.h"
#include "base/ids.h"
#include "wire/mime.h"

#include <string.h>

/* ---- the envelope in its packaging ---- */

/* head and tail are the envelope around a body; a fault is all head. */
struct envelope_text {
    const struct buf *head, *body, *tail;
    enum rc rc;
    const char *why;                /* NULL: nothing is wrong */
    const struct soap_fault *fault; /* when it is one */
};

struct packing {
    struct request *rq;
    struct http_piece *pieces;
    size_t count;
};

static void add_bytes(struct packing *p, const struct buf *b)
{
    if (b->len > 0)
        p->pieces[p->count++] = HTTP_PIECE_BYTES(buf_str(b));
}

static void add_text(struct packing *p, const struct envelope_text *text)
{
    add_bytes(p, text->head);
    add_bytes(p, text->body);
    add_bytes(p, text->tail);
}

static void add_part(struct packing *p, const struct part *part, const char *boundary)
{
    struct buf *head = buf_new(p->rq->arena, BUF_MAX_DEFAULT);

    mime_write_part(head, boundary, part->content_id, part->content_type);
    add_bytes(p, head);
    if (part->file != NULL || part->fd >= 0)
        p->pieces[p->count++] = (struct http_piece){ .fd = part->file != NULL ? spool_fd(part->file) : part->fd,
                                                     .length = part->size };
    else if (part->bytes.len > 0)
        p->pieces[p->count++] = HTTP_PIECE_BYTES(part->bytes);
}

static const char *add_package(struct packing *p, const struct envelope_text *text)
{
    struct arena *a = p->rq->arena;
    struct buf *first = buf_new(a, BUF_MAX_DEFAULT), *last = buf_new(a, BUF_MAX_DEFAULT);
    char boundary[IDS_UUID_LEN];

    ids_uuid(boundary);
    mime_write_root(first, boundary, "root@kakehashi", NULL);
    add_bytes(p, first);
    add_text(p, text);
    for (const struct part *part = p->rq->reply_parts; part != NULL; part = part->next)
        add_part(p, part, boundary);
    mime_write_end(last, boundary);
    add_bytes(p, last);
    return mime_mtom_type(a, boundary, "root@kakehashi", NULL);
}

static struct envelope pack(struct request *rq, const struct envelope_text *text)
{
    struct packing p = { .rq = rq };
    const char *type = SOAP_MEDIA_TYPE "; charset=UTF-8";
    size_t parts = 0;

    for (const struct part *part = rq->reply_parts; part != NULL; part = part->next)
        parts++;
    p.pieces = ARENA_ARRAY(rq->arena, struct http_piece, 5 + 2 * parts);
    if (rq->is_mtom)
        type = add_package(&p, text);
    else
        add_text(&p, text);
    return (struct envelope){ .content_type = type, .pieces = p.pieces, .piece_count = p.count };
}

/* ---- sending ---- */

/* One line per transaction, and the count for /metrics. */
static void account(struct request *rq, int status, const char *verdict)
{
    rq_info(rq, "%d %s %.1f ms", status, verdict, (double)(clock_ticks() - rq->started) / 1e6);
}

static void tell(struct request *rq, int status, const char *to, const struct envelope_text *text, const char *type)
{
    struct str runs[] = { buf_str(text->head), buf_str(text->body), buf_str(text->tail) };

    hooks_answered(rq, &(struct hook_message){ .status = status,
                                               .content_type = type,
                                               .runs = runs,
                                               .run_count = ARRAY_LEN(runs),
                                               .parts = rq->reply_parts,
                                               .to = to,
                                               .rc = text->rc,
                                               .why = text->why,
                                               .fault = text->fault });
}

/* to: door_destination's. What can no longer go back, because the connection has its 202, is only logged. */
static void send_envelope(struct request *rq, int status, const char *to, const struct envelope_text *text)
{
    struct door *door = door_of(rq);
    struct envelope e = pack(rq, text);

    if (to == NULL && door->is_detached)
        to = WSA_NONE;
    tell(rq, status, to, text, e.content_type);
    if (to != NULL) {
        door_send_elsewhere(door, to, &e);
        return;
    }
    rq_stage(rq, "send");
    http_reply(door->http, &(struct http_reply){ .status = status,
                                                 .content_type = e.content_type,
                                                 .pieces = e.pieces,
                                                 .piece_count = e.piece_count });
}

/* An answer with a connection of its own says where it goes, and has an id of its own. */
static struct soap_headers headers_of(struct request *rq, bool is_fault, const char *to)
{
    struct soap_headers h = { .relates_to = rq->soap.message_id };

    if (to == NULL)
        return h;
    h.message_id = ids_urn(rq->arena);
    h.to = to;
    h.parameters = is_fault && rq->soap.fault_to != NULL ? rq->soap.fault_parameters : rq->soap.reply_parameters;
    return h;
}

void door_fault(struct request *rq, const struct soap_fault *fault, int status)
{
    const char *to = door_destination(rq, true);
    struct soap_headers headers = headers_of(rq, true, to);
    struct buf *text = buf_new(rq->arena, BUF_MAX_DEFAULT), none = { 0 };

    door_of(rq)->is_refused = true;
    rq->service->refused++;
    rq->reply_parts = NULL;
    soap_write_fault_with(text, fault, &headers);
    account(rq, status, fault->reason);
    send_envelope(rq, status, to, &(struct envelope_text){ text, &none, &none, E_REFUSED, fault->reason, fault });
}

static void send_body(struct request *rq, enum rc rc, const char *verdict)
{
    const char *to = door_destination(rq, false);
    struct soap_headers headers = headers_of(rq, false, to);
    struct buf *head = buf_new(rq->arena, BUF_MAX_DEFAULT), *tail = buf_new(rq->arena, BUF_MAX_DEFAULT);

    headers.action = rq->transaction->reply_action;
    soap_write_head(head, &headers);
    soap_write_tail(tail);
    account(rq, 200, verdict);
    send_envelope(rq, 200, to, &(struct envelope_text){ head, rq->reply, tail, rc, rc == OK ? NULL : verdict });
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

    if (soap != NULL) {
        struct soap_fault fault = { .code = SOAP_SENDER, .reason = soap->text, .place = soap->place };
        door_fault(rq, &fault, soap_fault_status(&fault));
        return;
    }
    rq->service->refused++;
    buf_reset(rq->reply);
    rq->reply_parts = NULL;
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
