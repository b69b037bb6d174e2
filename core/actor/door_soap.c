/*
 * recv → frame → (dispatch). What is wrong with an address or a head is answered by HTTP status before a body is read;
 * what is wrong with an envelope by a SOAP fault; what is wrong with a message by its transaction.
 */
#include "actor/door_soap.h"

#include "actor/address.h"
#include "actor/admin.h"
#include "actor/daemon.h"
#include "actor/dispatch.h"
#include "actor/door.h"
#include "actor/flaw.h"
#include "actor/wsdl.h"

#include <string.h>
#include <strings.h>

#define PAGE_BODY_MAX ((size_t)1 << 20)

static void on_resume(void *user)
{
    struct door *door = user;

    if (door->http != NULL)
        http_resume(door->http);
}

/* 0; or the HTTP status to answer with, and *why. */
static int address_read(struct door *door, const char **why)
{
    struct request *rq = door->rq;
    struct endpoint_address address;
    int status = address_parse(door->http->arena, rq->service->daemon, door->http->head.path, &address, why);

    rq->community = address.community;
    rq->actor = address.actor;
    rq->number = address.number;
    return status;
}

static int head_check(struct door *door, const char **why)
{
    struct request *rq = door->rq;
    struct http_request *http = door->http;
    const struct daemon *d = rq->service->daemon;
    struct soap_fault fault;
    int status = address_read(door, why);

    if (status != 0)
        return status;
    if (strcmp(http->head.method, "POST") != 0) {
        *why = "SOAP messages are POSTed here";
        return 405;
    }
    struct inbound_spec spec = {
        .loop = http->loop,
        .spool = d->spool,
        .durable = d->spec->blob_references != NULL, /* for who keeps documents */
        .content_type = http_header(&http->head, "content-type"),
        .max_message = (size_t)config_number(d->config, CONFIG_MAX_MESSAGE),
        .resume = on_resume,
        .user = door,
    };
    if (inbound_new(rq->arena, &spec, &door->in, &fault, &status) == OK)
        return 0;
    *why = flaw_reason(http->arena, &fault);
    return status;
}

/* Once: what has come of the message, be it nothing. */
static void tell_received(struct door *door)
{
    const struct http_request *http = door->http;
    struct str envelope = door->in != NULL ? inbound_root(door->in) : (struct str){ 0 };
    const char *query = http->head.query;

    if (door->is_told)
        return;
    door->is_told = true;
    hooks_received(door->rq, &(struct hook_message){
                                 .method = http->head.method,
                                 .url = query == NULL ? http->head.path
                                                      : arena_printf(http->arena, "%s?%s", http->head.path, query),
                                 .content_type = http_header(&http->head, "content-type"),
                                 .headers = http->head.headers,
                                 .runs = &envelope,
                                 .run_count = 1,
                                 .parts = door->in != NULL ? inbound_parts(door->in) : NULL,
                             });
}

/* An answer that is no envelope: HTTP itself says what is wrong. */
static void tell_status(struct door *door, int status, const char *why)
{
    struct str text = str_from(why != NULL ? why : http_status_text(status));

    tell_received(door);
    hooks_answered(door->rq, &(struct hook_message){ .status = status,
                                                     .content_type = "text/plain; charset=utf-8",
                                                     .runs = &text,
                                                     .run_count = 1,
                                                     .rc = E_REFUSED,
                                                     .why = text.data });
}

/* They stay when the connection goes. */
static void wishes_keep(struct request *rq, const struct http_header *h)
{
    static const char prefix[] = "Kakehashi-";

    for (; h != NULL; h = h->next) {
        if (strncasecmp(h->name, prefix, sizeof(prefix) - 1) != 0)
            continue;
        struct http_header *wish = ARENA_NEW(rq->arena, struct http_header);
        wish->name = arena_strdup(rq->arena, h->name + sizeof(prefix) - 1);
        wish->value = arena_strdup(rq->arena, h->value);
        wish->next = rq->wishes;
        rq->wishes = wish;
    }
}

static struct door *request_begin(struct service *s, struct http_request *http)
{
    struct request *rq = rq_new(s, door_answer, NULL);
    struct door *door = ARENA_NEW(rq->arena, struct door);

    *door = (struct door){ .http = http, .rq = rq, .service = s };
    http->user = door;
    rq->door = door;
    rq->peer = arena_strdup(rq->arena, http->peer);
    rq->peer_subject = arena_strdup(rq->arena, http->peer_subject);
    trace_continue(http_header(&http->head, "traceparent"), &rq->trace);
    wishes_keep(rq, http->head.headers);
    return door;
}

static int on_head(struct http_request *http, const char **why)
{
    struct service *s = http->user;

    if (admin_serves(s, http) || wsdl_serves(http)) {
        struct door *page = ARENA_NEW(http->arena, struct door);
        *page = (struct door){ .http = http, .service = s, .page_body = buf_new(http->arena, PAGE_BODY_MAX) };
        http->user = page;
        return admin_forbids(s, http, why) ? 403 : 0;
    }
    struct door *door = request_begin(s, http);
    int status = head_check(door, why);
    if (status != 0) {
        s->refused++;
        tell_status(door, status, *why);
        rq_info(door->rq, "%d %s", status, *why != NULL ? *why : "");
    }
    return status;
}

static enum rc on_body(struct http_request *http, struct str bytes)
{
    struct door *door = http->user;
    int status;

    if (door->rq == NULL)
        buf_add(door->page_body, bytes.data, bytes.len);
    if (door->rq == NULL || door->is_refused)
        return OK;
    enum rc rc = inbound_feed(door->in, bytes);
    if (rc != OK) {
        const struct soap_fault *fault = inbound_fault(door->in, &status);
        tell_received(door);
        door_fault(door->rq, fault, status);
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

    tell_received(door);
    if (rc == E_REFUSED) {
        fault = *inbound_fault(door->in, &status);
        door_fault(rq, &fault, status);
        return;
    }
    rq->is_mtom = inbound_is_mtom(door->in);
    if (dispatch_find(rq, inbound_root(door->in), &fault) != OK)
        door_fault(rq, &fault, soap_fault_status(&fault));
    else
        rq_done(rq, rc);
}

static void on_message(void *user, enum rc rc)
{
    struct door *door = user;
    struct request *rq = door->rq;
    struct soap_fault fault;

    if (rc != OK) {
        on_broken(rq, door, rc);
        return;
    }
    rq->is_mtom = inbound_is_mtom(door->in);
    rq->parts = inbound_parts(door->in);
    tell_received(door);
    rc = dispatch(rq, inbound_root(door->in), &fault);
    if (rc == LATER && door_destination(rq, false) != NULL)
        door_detach(door);
    else if (rc == E_REFUSED && fault.reason != NULL)
        door_fault(rq, &fault, soap_fault_status(&fault));
    else
        rq_done(rq, rc);
}

static void page_reply(struct door *door)
{
    if (door->page_body->overflowed)
        http_reply_text(door->http, 413, "this is more than the page takes");
    else if (admin_serves(door->service, door->http))
        admin_reply(door->service, door->http, buf_str(door->page_body));
    else
        wsdl_reply(door->service, door->http);
}

static void on_end(struct http_request *http)
{
    struct door *door = http->user;

    if (door->rq == NULL) {
        page_reply(door);
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
    if (door->is_detached) {
        door_connection_gone(door);
        return;
    }
    if (door->in != NULL)
        inbound_cancel(door->in);
    rq_leave(door->rq);
}

/* By the server, whatever we think of it: what it refuses before it asks us is a request for as long as the hooks look.
 */
static void on_refused(void *user, struct http_request *http, int status, const char *why)
{
    struct service *s = user;
    bool is_new = http->user == user;
    struct door *door = is_new ? request_begin(s, http) : http->user;
    const char *ignored;

    if (door->rq == NULL || door->is_refused)
        return;
    s->refused++;
    if (is_new && http->head.path != NULL)
        address_read(door, &ignored);
    tell_status(door, status, why);
    if (is_new) {
        rq_leave(door->rq);
        http->user = user;
    }
}

static void on_stranger(void *user, const char *peer, const char *reason)
{
    hooks_stranger(user, &(struct hook_stranger){ "https", peer, reason });
}

const struct http_service door_soap = { .on_head = on_head,
                                        .on_body = on_body,
                                        .on_end = on_end,
                                        .on_gone = on_gone,
                                        .on_refused = on_refused,
                                        .on_stranger = on_stranger };
