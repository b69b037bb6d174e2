/* Questions to other actors: ITI TF-2: 3.38, 3.39, 3.55, 3.56 to gateways; 3.18, 3.43, 3.45, 3.47 to actors behind
 * them. */
#include "gateway/fan_out.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "gateway/home.h"
#include "gateway/peer.h"

struct ask_row {
    const char *id, *actor, *action;
    bool mtom;
    bool is_inner; /* of an actor behind this gateway */
};

static const struct ask_row rows[] = {
    [ASK_ITI18] = { "ITI-18", "registry", "urn:ihe:iti:2007:RegistryStoredQuery", false, true },
    [ASK_ITI38] = { "ITI-38", "responding", "urn:ihe:iti:2007:CrossGatewayQuery", false, false },
    [ASK_ITI39] = { "ITI-39", "responding", "urn:ihe:iti:2007:CrossGatewayRetrieve", true, false },
    [ASK_ITI43] = { "ITI-43", "repository", "urn:ihe:iti:2007:RetrieveDocumentSet", true, true },
    [ASK_ITI45] = { "ITI-45", "pixmgr", "urn:hl7-org:v3:PRPA_IN201309UV02", false, true },
    [ASK_ITI47] = { "ITI-47", "pixmgr", "urn:hl7-org:v3:PRPA_IN201305UV02", false, true },
    [ASK_ITI55] = { "ITI-55", "responding", "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery", false,
                    false },
    [ASK_ITI56] = { "ITI-56", "responding", "urn:ihe:iti:2009:PatientLocationQuery", false, false },
    [ASK_RAD69] = { "RAD-69", "imaging", "urn:ihe:rad:2009:RetrieveImagingDocumentSet", true, true },
    [ASK_RAD75] = { "RAD-75", "responding", "urn:ihe:rad:2011:CrossGatewayRetrieveImagingDocumentSet", true, false },
};

struct fan_out *fan_out_new(struct request *rq, void *user)
{
    struct fan_out *f = ARENA_NEW(rq->arena, struct fan_out);
    f->rq = rq;
    f->user = user;
    return f;
}

struct ask *fan_out_add(struct fan_out *f, enum ask_kind kind, const struct community *whom, int number,
                        const struct buf *body)
{
    struct ask *k = ARENA_NEW(f->rq->arena, struct ask);
    *k = (struct ask){ .kind = kind, .community = whom, .number = number, .body = body, .of = f };
    if (f->last == NULL)
        f->first = k;
    else
        f->last->next = k;
    f->last = k;
    f->waiting++;
    return k;
}

static void on_answer(struct request *rq, struct call *call)
{
    struct ask *k = call->user;
    k->call = call;
    if (--k->of->waiting == 0)
        rq_done(rq, k->of->then(rq, k->of));
}

static void ask_start(struct ask *k)
{
    struct request *rq = k->of->rq;
    const struct ask_row *row = &rows[k->kind];
    struct peer_question q = {
        .call = { .action = row->action, .transaction = row->id, .body = k->body, .mtom = row->mtom },
        .community = k->community,
        .actor = row->actor,
        .number = k->number,
        .is_inner = row->is_inner,
        .is_query = true,
    };
    peer_ask(rq, &q, on_answer, k);
}

enum rc fan_out_run(struct fan_out *f, fan_out_then *then)
{
    f->then = then;
    if (f->first == NULL)
        return then(f->rq, f);
    for (struct ask *k = f->first; k != NULL; k = k->next)
        ask_start(k);
    return LATER;
}

enum rc fan_out_ask(struct request *rq, enum ask_kind kind, const struct community *whom, const struct buf *body,
                    fan_out_then *then, void *user)
{
    struct fan_out *f = fan_out_new(rq, user);
    fan_out_add(f, kind, whom, 1, body);
    return fan_out_run(f, then);
}

struct buf *fan_out_body(struct request *rq)
{
    return buf_new(rq->arena, BUF_MAX_DEFAULT);
}

void ask_fail(const struct ask *k, enum issue_code code, const char *why)
{
    struct request *rq = k->of->rq;

    home_complain(rq->arena, &rq->issues, code, k->community, NULL, "no usable answer to %s: %s", rows[k->kind].id,
                  k->call->rc == OK ? why : k->call->why);
    rq_warn(rq, "%s", rq->issues.last->text);
}
