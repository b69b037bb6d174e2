#include "actor/dispatch.h"

#include "actor/consistent_time.h"
#include "actor/daemon.h"
#include "actor/request.h"
#include "actor/xua.h"

#include <string.h>
#include <strings.h>

static int action_index(const struct transaction *t, const char *action)
{
    for (int i = 0; i < TRANSACTION_ACTIONS && t->actions[i] != NULL; i++) {
        if (strcmp(t->actions[i], action) == 0)
            return i;
    }
    return -1;
}

/* The row of this endpoint with this action; *index says which of its actions. NULL if there is none. */
static const struct transaction *row_find(const struct daemon_spec *spec, const char *actor, const char *action,
                                          int *index)
{
    for (size_t i = 0; i < spec->transaction_count; i++) {
        const struct transaction *t = &spec->transactions[i];
        if (t->door == DOOR_SOAP && strcmp(t->actor, actor) == 0 && (*index = action_index(t, action)) >= 0)
            return t;
    }
    return NULL;
}

const char *dispatch_actor(const struct daemon_spec *spec, const char *action)
{
    for (size_t i = 0; i < spec->transaction_count; i++) {
        if (spec->transactions[i].door == DOOR_SOAP && action_index(&spec->transactions[i], action) >= 0)
            return spec->transactions[i].actor;
    }
    return NULL;
}

/* "this endpoint has ITI-18 (urn:…), ITI-42 (urn:…)": a refusal that teaches. */
static const char *endpoint_offers(struct request *rq)
{
    const struct daemon_spec *spec = rq->service->daemon->spec;
    struct buf *text = buf_new(rq->arena, 4096);

    for (size_t i = 0; i < spec->transaction_count; i++) {
        const struct transaction *t = &spec->transactions[i];
        if (t->door == DOOR_SOAP && strcmp(t->actor, rq->actor) == 0)
            buf_printf(text, "%s%s (%s)", text->len > 0 ? ", " : "", t->id, t->actions[0]);
    }
    return buf_text(text);
}

static enum rc refuse_action(struct request *rq, struct soap_fault *fault)
{
    *fault = (struct soap_fault){
        .code = SOAP_SENDER,
        .flaw = SOAP_FLAW_ACTION_UNKNOWN,
        .subcode = "wsa:ActionNotSupported",
        .problem = rq->soap.action,
        .place = "/Envelope/Header/Action",
        .reason = arena_printf(rq->arena, "no transaction of /%s/%s has the action %s; this endpoint has %s",
                               rq->community->key, rq->actor, rq->soap.action, endpoint_offers(rq)),
    };
    return E_REFUSED;
}

static enum rc refuse_body(struct request *rq, const char *expected, struct soap_fault *fault)
{
    *fault = (struct soap_fault){
        .code = SOAP_SENDER,
        .flaw = SOAP_FLAW_BODY_OTHER,
        .place = xml_path(rq->arena, rq->body),
        .reason = arena_printf(rq->arena, "the action %s promises a body {%s}%s, but it holds {%s}%s", rq->soap.action,
                               rq->transaction->body_ns, expected, rq->body->ns != NULL ? rq->body->ns : "",
                               rq->body->name),
    };
    return E_REFUSED;
}

/* Request and response use the packaging of the transaction (ITI TF-2: V.8.1); lenient answers in the one that came. */
static enum rc refuse_packaging(struct request *rq, struct soap_fault *fault)
{
    *fault = (struct soap_fault){
        .code = SOAP_SENDER,
        .flaw = SOAP_FLAW_PACKAGING,
        .reason = arena_printf(rq->arena, "%s is a %s transaction (ITI TF-2: Appendix V.8), but this came as %s",
                               rq->transaction->id, rq->transaction->mtom ? "MTOM/XOP" : "simple SOAP",
                               rq->is_mtom ? "MTOM/XOP" : "simple SOAP"),
    };
    return E_REFUSED;
}

/* --profiles plays the networks as the survey found them: what a sheet does not tick is not there. */
static enum rc refuse_profile(struct request *rq, struct soap_fault *fault)
{
    const struct world *w = rq->service->daemon->world;
    const struct transaction *t = rq->transaction;
    const char *mark = mark_text(rq->community->profiles[t->profile]);

    *fault = (struct soap_fault){
        .code = SOAP_SENDER,
        .flaw = SOAP_FLAW_PROFILE,
        .subcode = "wsa:ActionNotSupported",
        .problem = rq->soap.action,
        .place = "/Envelope/Header/Action",
        .reason = arena_printf(
            rq->arena,
            "%s belongs to the profile %s, which the survey of %s marks %s; under --profiles %s only "
            "%s answers, under --profiles all every profile does",
            t->id, profile_name(t->profile), rq->community->key,
            mark[0] == '\0' ? "not at all" : arena_printf(rq->arena, "%s (planned)", mark), lens_name(w->lens),
            w->lens == LENS_SURVEYED ? "○ (in operation)" : "○ or △"),
    };
    return E_REFUSED;
}

/* Back on the connection, nowhere, or where we can POST to (ITI TF-2: V.5). */
static bool is_usable(const char *address)
{
    static const char *const special[] = { WSA_ANONYMOUS, WSA_NONE };

    for (size_t i = 0; i < ARRAY_LEN(special); i++) {
        if (address == NULL || strcmp(address, special[i]) == 0)
            return true;
    }
    return strncasecmp(address, "http://", 7) == 0 || strncasecmp(address, "https://", 8) == 0;
}

static enum rc refuse_address(struct request *rq, const char *header, const char *address, struct soap_fault *fault)
{
    *fault = (struct soap_fault){
        .code = SOAP_SENDER,
        .subcode = "wsa:InvalidAddressingHeader",
        .flaw = SOAP_FLAW_ADDRESS,
        .subsubcode = "wsa:InvalidAddress",
        .problem = arena_printf(rq->arena, "wsa:%s", header),
        .place = arena_printf(rq->arena, "/Envelope/Header/%s/Address", header),
        .reason = arena_printf(rq->arena,
                               "%s is %.200s; answers go back on the same connection (" WSA_ANONYMOUS
                               "), to an http or https URL, or nowhere (" WSA_NONE ")",
                               header, address),
    };
    return E_REFUSED;
}

static enum rc check_addresses(struct request *rq, struct soap_fault *fault)
{
    if (!is_usable(rq->soap.reply_to))
        return refuse_address(rq, "ReplyTo", rq->soap.reply_to, fault);
    if (!is_usable(rq->soap.fault_to))
        return refuse_address(rq, "FaultTo", rq->soap.fault_to, fault);
    rq->is_addressed = true;
    return OK;
}

static bool is_body(const struct request *rq, const char *name)
{
    return name != NULL && xml_is(rq->body, rq->transaction->body_ns, name);
}

enum rc dispatch_find(struct request *rq, struct str envelope, struct soap_fault *fault)
{
    int index;

    *fault = (struct soap_fault){ 0 };
    rq_stage(rq, "envelope");
    TRY(soap_parse_request(rq->arena, envelope, rq_is_strict(rq), &rq->soap, fault));
    rq->body = rq->soap.body;
    TRY(check_addresses(rq, fault));

    rq->transaction = row_find(rq->service->daemon->spec, rq->actor, rq->soap.action, &index);
    TRY(xua_check(rq, envelope, fault)); /* whatever was asked for: a stranger is not told what there is */

    rq_stage(rq, "dispatch");
    if (rq->transaction == NULL)
        return refuse_action(rq, fault);
    if (!community_has(rq->service->daemon->world, rq->community, rq->transaction->profile))
        return refuse_profile(rq, fault);
    if (!is_body(rq, rq->transaction->bodies[index]) && !is_body(rq, rq->transaction->body_alias))
        return refuse_body(rq, rq->transaction->bodies[index], fault);
    if (rq->is_mtom != rq->transaction->mtom && rq_is_strict(rq))
        return refuse_packaging(rq, fault);
    return OK;
}

enum rc dispatch(struct request *rq, struct str envelope, struct soap_fault *fault)
{
    TRY(dispatch_find(rq, envelope, fault));
    TRY(consistent_time_check(rq));
    rq_stage(rq, "serve");
    return rq->transaction->serve(rq);
}
