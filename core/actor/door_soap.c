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
#include "actor/wsdl.h"

#include <string.h>

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
    struct endpoint_address address;

    int status = address_parse(http->arena, d, http->head.path, &address, why);
    rq->community = address.community;
    rq->actor = address.actor;
    rq->number = address.number;
    if (status != 0)
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
    bool is_page = admin_serves(s, http) || wsdl_serves(http);
    struct request *rq = is_page ? NULL : rq_new(s, door_answer, NULL);
    struct door *door = ARENA_NEW(is_page ? http->arena : rq->arena, struct door);

    *door = (struct door){ .http = http, .rq = rq, .service = s };
    http->user = door;
    if (is_page)
        return 0;
    rq->door = door;
    rq->peer = arena_strdup(rq->arena, http->peer);
    rq->peer_subject = arena_strdup(rq->arena, http->peer_subject);
    int status = head_check(door, why);
    if (status != 0) {
        s->refused++;
        rq_info(rq, "%d %s", status, *why != NULL ? *why : "");
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
    if (rc == LATER && door_destination(rq, false) != NULL)
        door_detach(door);
    else if (rc == E_REFUSED && fault.reason != NULL)
        door_fault(rq, &fault, soap_fault_status(&fault));
    else
        rq_done(rq, rc);
}

static void on_end(struct http_request *http)
{
    struct door *door = http->user;

    if (door->rq == NULL) {
        (admin_serves(door->service, http) ? admin_reply : wsdl_reply)(door->service, http);
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

const struct http_service door_soap = { .on_head = on_head, .on_body = on_body, .on_end = on_end, .on_gone = on_gone };
