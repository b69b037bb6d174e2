/*
 * recv → frame → (dispatch) → envelope → send. What is wrong with an address or a head is answered by HTTP status
 * before a body is read; what is wrong with an envelope by a SOAP fault; what is wrong with a message by its
 * transaction.
 */
#include "actor/door_soap.h"

#include "actor/admin.h"
#include "actor/daemon.h"
#include "actor/dispatch.h"
#include "base/clock.h"
#include "base/ids.h"
#include "wire/mime.h"

#include <stdlib.h>
#include <string.h>

struct door {
    struct http_request *http; /* NULL once it is gone */
    struct request *rq;        /* NULL: a GET of the daemon's own pages */
    struct service *service;
    struct inbound *in;
    bool is_refused; /* the reply is under way already; what still arrives is ignored */
};

/* ---- sending ---- */

struct reply_pieces {
    struct request *rq;
    struct http_piece *pieces;
    size_t count;
};

static void add_bytes(struct reply_pieces *r, const struct buf *b)
{
    if (b->len > 0)
        r->pieces[r->count++] = HTTP_PIECE_BYTES(buf_str(b));
}

static void add_part(struct reply_pieces *r, const struct part *p, const char *boundary)
{
    struct buf *head = buf_new(r->rq->arena, BUF_MAX_DEFAULT);

    mime_write_part(head, boundary, p->content_id, p->content_type);
    add_bytes(r, head);
    if (p->file != NULL || p->fd >= 0)
        r->pieces[r->count++] = (struct http_piece){ .fd = p->file != NULL ? spool_fd(p->file) : p->fd,
                                                     .length = p->size };
    else if (p->bytes.len > 0)
        r->pieces[r->count++] = HTTP_PIECE_BYTES(p->bytes);
}

/* One line per transaction, and the count for /metrics. */
static void account(struct request *rq, int status, const char *verdict)
{
    rq_info(rq, "%d %s %.1f ms", status, verdict, (double)(clock_ticks() - rq->started) / 1e6);
}

static void send_pieces(struct request *rq, int status, const char *content_type, const struct reply_pieces *r)
{
    struct http_reply reply = {
        .status = status, .content_type = content_type, .pieces = r->pieces, .piece_count = r->count
    };

    rq_stage(rq, "send");
    http_reply(rq->door->http, &reply);
}

/* head and tail are the envelope around rq->reply; a fault is all head. */
static void send_envelope(struct request *rq, int status, const struct buf *head, const struct buf *body,
                          const struct buf *tail)
{
    struct reply_pieces r = { .rq = rq };
    const struct hooks *hooks = rq->service->daemon->hooks;
    size_t parts = 0;

    for (const struct part *p = rq->reply_parts; p != NULL; p = p->next)
        parts++;
    r.pieces = ARENA_ARRAY(rq->arena, struct http_piece, 5 + 2 * parts);
    if (hooks->answered != NULL)
        hooks->answered(rq, status, (struct str[]){ buf_str(head), buf_str(body), buf_str(tail) }, 3);
    if (!rq->is_mtom) {
        add_bytes(&r, head);
        add_bytes(&r, body);
        add_bytes(&r, tail);
        send_pieces(rq, status, SOAP_MEDIA_TYPE "; charset=UTF-8", &r);
        return;
    }

    struct buf *first = buf_new(rq->arena, BUF_MAX_DEFAULT), *last = buf_new(rq->arena, BUF_MAX_DEFAULT);
    char boundary[IDS_UUID_LEN];
    ids_uuid(boundary);
    mime_write_root(first, boundary, "root@kakehashi", NULL);
    add_bytes(&r, first);
    add_bytes(&r, head);
    add_bytes(&r, body);
    add_bytes(&r, tail);
    for (const struct part *p = rq->reply_parts; p != NULL; p = p->next)
        add_part(&r, p, boundary);
    mime_write_end(last, boundary);
    add_bytes(&r, last);
    send_pieces(rq, status, mime_mtom_type(rq->arena, boundary, "root@kakehashi", NULL), &r);
}

static void send_fault(struct request *rq, const struct soap_fault *fault, int status)
{
    struct buf *text = buf_new(rq->arena, BUF_MAX_DEFAULT), none = { 0 };

    rq->door->is_refused = true;
    rq->service->refused++;
    rq->reply_parts = NULL;
    soap_write_fault(text, fault, rq->soap.message_id);
    account(rq, status, fault->reason);
    send_envelope(rq, status, text, &none, &none);
}

static void send_body(struct request *rq, const char *verdict)
{
    struct soap_headers headers = { .action = rq->transaction->reply_action, .relates_to = rq->soap.message_id };
    struct buf *head = buf_new(rq->arena, BUF_MAX_DEFAULT), *tail = buf_new(rq->arena, BUF_MAX_DEFAULT);

    soap_write_head(head, &headers);
    soap_write_tail(tail);
    account(rq, 200, verdict);
    send_envelope(rq, 200, head, rq->reply, tail);
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

static void send_refusal(struct request *rq)
{
    const struct issue *soap = soap_issue(rq);

    if (soap != NULL) {
        struct soap_fault fault = { .code = SOAP_SENDER, .reason = soap->text, .place = soap->place };
        send_fault(rq, &fault, soap_fault_status(&fault));
        return;
    }
    rq->service->refused++;
    buf_reset(rq->reply);
    rq->reply_parts = NULL;
    rq->transaction->refuse(rq);
    send_body(rq, rq->issues.first != NULL ? rq->issues.first->text : "refused");
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
    send_refusal(rq);
}

static void answer(struct request *rq, enum rc rc)
{
    rq_stage(rq, "encode");
    if (rc == OK && rq->reply->overflowed)
        rc = E_LIMIT;
    if (rc == OK)
        send_body(rq, "OK");
    else if (rc == E_REFUSED)
        send_refusal(rq);
    else
        send_internal(rq, rc);
}

/* ---- receiving ---- */

static const char *segment(struct arena *a, const char **path)
{
    const char *p = *path;

    while (*p == '/')
        p++;
    size_t n = strcspn(p, "/");
    *path = p + n;
    return n == 0 ? NULL : arena_strndup(a, p, n);
}

static bool daemon_has_actor(const struct daemon_spec *spec, const char *actor, const char **word)
{
    for (size_t i = 0; i < spec->transaction_count; i++) {
        if (strcmp(spec->transactions[i].actor, actor) == 0) {
            *word = spec->transactions[i].actor;
            return true;
        }
    }
    return false;
}

/* "3" → 3; 0 for what is no such number. */
static int path_number(const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *end == '\0' && n > 0 && n < 10000 ? (int)n : 0;
}

/* /COMMUNITY/ACTOR[/N] into rq; 0, or the HTTP status with *why. */
static int address_parse(struct request *rq, const struct http_request *http, const char **why)
{
    const struct daemon *d = rq->service->daemon;
    const char *path = http->head.path;
    const char *community = segment(rq->arena, &path), *actor = segment(rq->arena, &path);
    const char *number = segment(rq->arena, &path), *more = segment(rq->arena, &path);

    rq->community = community != NULL ? world_find(d->world, community) : NULL;
    if (rq->community == NULL) {
        *why = arena_printf(http->arena, "no community \"%.40s\" lives here; `kakehashi communities` lists who does",
                            community != NULL ? community : "");
        return 404;
    }
    if (actor == NULL || more != NULL || !daemon_has_actor(d->spec, actor, &rq->actor)) {
        *why = arena_printf(http->arena, "the %s daemon has no endpoint %.80s; `kakehashi endpoints` lists them",
                            d->spec->name, http->head.path);
        return 404;
    }
    if (number != NULL && (rq->number = path_number(number)) == 0) {
        *why = "the path's last segment is no number of a repository";
        return 404;
    }
    return 0;
}

static void on_resume(void *user)
{
    struct door *door = user;

    if (door->http != NULL)
        http_resume(door->http);
}

static int head_check(struct door *door, const char **why)
{
    struct request *rq = door->rq;
    struct http_request *http = door->http;
    const struct daemon *d = rq->service->daemon;
    struct soap_fault fault;
    int status;

    if ((status = address_parse(rq, http, why)) != 0)
        return status;
    if (strcmp(http->head.method, "POST") != 0) {
        *why = "SOAP messages are POSTed here";
        return 405;
    }
    struct inbound_spec spec = {
        .loop = http->loop,
        .spool = d->spool,
        .durable = d->writer != NULL, /* who has a database keeps documents */
        .content_type = http_header(&http->head, "content-type"),
        .max_message = (size_t)config_number(d->config, CONFIG_MAX_MESSAGE),
        .resume = on_resume,
        .user = door,
    };
    if (inbound_new(rq->arena, &spec, &door->in, &fault, &status) == OK)
        return 0;
    *why = arena_strdup(http->arena, fault.reason);
    return status;
}

static int on_head(struct http_request *http, const char **why)
{
    struct service *s = http->user;
    struct door *door = ARENA_NEW(http->arena, struct door);

    *door = (struct door){ .http = http, .service = s };
    http->user = door;
    if (admin_serves(s, http))
        return 0;
    door->rq = rq_new(s, answer, door);
    door->rq->peer = http->peer;
    door->rq->peer_subject = http->peer_subject;
    int status = head_check(door, why);
    if (status != 0) {
        s->refused++;
        rq_info(door->rq, "%d %s", status, *why != NULL ? *why : "");
    }
    return status;
}

static enum rc on_body(struct http_request *http, struct str bytes)
{
    struct door *door = http->user;
    int status;

    if (door->rq == NULL || door->is_refused)
        return OK;
    enum rc rc = inbound_feed(door->in, bytes);
    if (rc != OK) {
        const struct soap_fault *fault = inbound_fault(door->in, &status);
        send_fault(door->rq, fault, status);
        return rc;
    }
    if (inbound_is_full(door->in))
        http_pause(http);
    return OK;
}

/* What was wrong with the message is a fault; what went wrong here is told in the words of its transaction. */
static void on_broken(struct request *rq, struct door *door, enum rc rc)
{
    struct soap_fault fault;
    int status;

    if (rc == E_REFUSED) {
        fault = *inbound_fault(door->in, &status);
        send_fault(rq, &fault, status);
        return;
    }
    rq->is_mtom = inbound_is_mtom(door->in);
    if (dispatch_find(rq, inbound_root(door->in), &fault) != OK)
        send_fault(rq, &fault, soap_fault_status(&fault));
    else
        rq_done(rq, rc);
}

static void on_message(void *user, enum rc rc)
{
    struct door *door = user;
    struct request *rq = door->rq;
    const struct hooks *hooks = rq->service->daemon->hooks;
    struct soap_fault fault;

    if (rc != OK) {
        on_broken(rq, door, rc);
        return;
    }
    rq->is_mtom = inbound_is_mtom(door->in);
    rq->parts = inbound_parts(door->in);
    if (hooks->received != NULL)
        hooks->received(rq, inbound_root(door->in));
    rc = dispatch(rq, inbound_root(door->in), &fault);
    if (rc == E_REFUSED && fault.reason != NULL)
        send_fault(rq, &fault, soap_fault_status(&fault));
    else
        rq_done(rq, rc);
}

static void on_end(struct http_request *http)
{
    struct door *door = http->user;

    if (door->rq == NULL) {
        admin_reply(door->service, http);
        return;
    }
    if (door->is_refused)
        return;
    rq_stage(door->rq, "frame");
    inbound_end(door->in, on_message, door);
}

static void on_gone(struct http_request *http, bool sent UNUSED)
{
    struct door *door = http->user;

    door->http = NULL;
    if (door->rq == NULL)
        return;
    if (door->in != NULL)
        inbound_cancel(door->in);
    rq_leave(door->rq);
}

const struct http_service door_soap = { .on_head = on_head, .on_body = on_body, .on_end = on_end, .on_gone = on_gone };
