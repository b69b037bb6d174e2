/* Submissions that go on: ITI TF-2: 3.80 between gateways, 3.41 to a recipient, 3.92 to a registry. */
#include "gateway/relay.h"

#include "actor/call.h"
#include "actor/daemon.h"
#include "base/arena.h"
#include "base/str.h"
#include "gateway/home.h"
#include "gateway/peer.h"
#include "msg/registry_response.h"

struct passage {
    const struct relay *as;
    const struct community *to;
};

/* A peer that refuses and does not say why is no better than one that does not answer. */
static enum rc answer_take(struct request *rq, const struct passage *p, const struct call *call)
{
    struct registry_response answer;

    if (call->rc != OK || registry_response_decode(rq->arena, call->body, &answer) != OK) {
        home_complain(rq->arena, &rq->issues, p->as->unavailable, p->to, NULL, "no usable answer to %s: %s",
                      p->as->transaction, call->rc == OK ? "no RegistryResponse came" : call->why);
        return E_REFUSED;
    }
    home_pass_on(rq->arena, &rq->issues, &answer.issues, p->to->home_community_id);
    if (answer.status == REGISTRY_FAILURE && rq->issues.errors == 0)
        home_complain(rq->arena, &rq->issues, p->as->unavailable, p->to, NULL, "it refused %s without a reason",
                      p->as->transaction);
    if (answer.status == REGISTRY_FAILURE)
        return E_REFUSED;
    registry_response_encode(&(struct registry_response){ .status = answer.status, .issues = rq->issues }, rq->reply);
    return OK;
}

static void on_answer(struct request *rq, struct call *call)
{
    rq_done(rq, answer_take(rq, call->user, call));
}

enum rc relay_to(struct request *rq, const struct relay *as, const struct community *to)
{
    struct passage *p = ARENA_NEW(rq->arena, struct passage);
    struct buf *body = buf_new(rq->arena, BUF_MAX_DEFAULT);

    *p = (struct passage){ .as = as, .to = to };
    xml_write_node(body, rq->body);
    if (body->overflowed)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, NULL,
                         "the metadata of this submission is more than could be passed on at once");
    struct peer_question q = {
        .call = { .action = as->action,
                  .transaction = as->transaction,
                  .body = body,
                  .mtom = as->mtom,
                  .parts = as->mtom ? rq->parts : NULL },
        .community = to,
        .actor = as->actor,
        .number = 1,
        .is_inner = as->is_inner,
    };
    return peer_ask(rq, &q, on_answer, p);
}

/* What the metadata lacks is for the recipient to say. */
enum rc relay_read(struct request *rq, struct provide *out)
{
    struct issue_list metadata = { 0 };

    if (provide_decode(rq->arena, rq->body, out, &metadata) == OK)
        return OK;
    issue_list_join(&rq->issues, &metadata);
    return E_REFUSED;
}

enum rc relay_target(struct request *rq, const struct submission *s, const struct community **out)
{
    const struct submission_set *set = s->sets;

    if (set == NULL || text_absent(set->home_community_id))
        return rq_rule(rq, RULE_XCDR_HOME, set == NULL ? NULL : set->place,
                       "the SubmissionSet needs home=\"urn:oid:…\": the community that this is for");
    *out = world_find_home(rq->service->daemon->world, set->home_community_id);
    if (*out == NULL || (*out)->is_backbone)
        return rq_rule(rq, RULE_XCDR_KNOWN, set->place, "no community here is %s; `kakehashi communities` lists them",
                       set->home_community_id);
    return OK;
}
