/*
 * Asynchronous answers: a request whose ReplyTo (or, for a fault, FaultTo) names a URL gets 202 at once, and the answer
 * in a POST of its own, over a connection with the community's certificate. ITI TF-2: V.5; WS-Addressing 1.0 Core 3.4.
 */
#include "actor/daemon.h"
#include "actor/door.h"
#include "actor/door_soap.h"

#include <string.h>

const char *door_destination(const struct request *rq, bool is_fault)
{
    if (rq->later_to != NULL)
        return rq->later_to;
    const char *to = is_fault && rq->soap.fault_to != NULL ? rq->soap.fault_to : rq->soap.reply_to;

    if (!rq->is_addressed || to == NULL || strcmp(to, WSA_ANONYMOUS) == 0)
        return NULL;
    return to;
}

void door_detach_with(struct door *door, const struct http_reply *reply)
{
    struct service *s = door->service;

    if (door->is_detached)
        return;
    door->is_detached = true;
    door->next = s->detached;
    door->link = &s->detached;
    if (door->next != NULL)
        door->next->link = &door->next;
    s->detached = door;
    if (door->http != NULL)
        http_reply(door->http, reply);
}

void door_detach(struct door *door)
{
    door_detach_with(door, &(struct http_reply){ .status = 202 });
}

/* The request goes once its answer has, and the connection, too. */
static void leave_if_done(struct door *door)
{
    if (!door->is_over || door->http != NULL)
        return;
    *door->link = door->next;
    if (door->next != NULL)
        door->next->link = door->link;
    if (door->in != NULL)
        inbound_cancel(door->in);
    rq_leave(door->rq);
}

void door_connection_gone(struct door *door)
{
    leave_if_done(door);
}

static void over(struct door *door)
{
    door->post = NULL;
    door->is_over = true;
    leave_if_done(door);
}

static enum rc on_head(struct http_call *call UNUSED, int status, const char *content_type UNUSED, void *user)
{
    ((struct door *)user)->post_status = status;
    return OK;
}

static enum rc on_body(struct http_call *call UNUSED, struct str bytes UNUSED, void *user UNUSED)
{
    return OK;
}

static void on_done(struct http_call *call UNUSED, enum rc rc, const char *why, void *user)
{
    struct door *door = user;
    const char *url = door_destination(door->rq, false);

    if (rc != OK)
        rq_warn(door->rq, "the answer did not reach %s: %s", url != NULL ? url : "FaultTo", why);
    else if (door->post_status / 100 != 2)
        rq_warn(door->rq, "%s took the answer with HTTP %d", url != NULL ? url : "FaultTo", door->post_status);
    over(door);
}

static const struct http_call_events post_events = { on_head, on_body, on_done };

void door_send_elsewhere(struct door *door, const char *url, const struct package *e)
{
    struct request *rq = door->rq;
    struct service *s = door->service;
    char traceparent[TRACE_PARENT_LEN];

    trace_write(&rq->trace, traceparent);
    const struct http_call_spec spec = {
        .method = "POST",
        .url = url,
        .content_type = e->content_type,
        .headers = &(struct http_header){ "traceparent", traceparent, NULL },
        .pieces = e->pieces,
        .piece_count = e->piece_count,
        .identity = daemon_identity(s->daemon, rq->community),
        .timeout_ms = (int)config_number(s->daemon->config, CONFIG_CALL_TIMEOUT),
        .events = &post_events,
        .user = door,
    };

    door_detach(door);
    if (strcmp(url, WSA_NONE) == 0) {
        over(door);
        return;
    }
    rq_stage(rq, "send");
    if (http_client_start(s->client, &spec, &door->post) != OK) {
        rq_warn(rq, "the answer to %s was dropped: too many calls are waiting already", url);
        over(door);
    }
}

void door_soap_drop(struct service *s)
{
    while (s->detached != NULL) {
        struct door *door = s->detached;
        rq_warn(door->rq, "the answer to %s was dropped: this daemon stops", door_destination(door->rq, false));
        http_call_cancel(door->post);
        over(door);
    }
}
