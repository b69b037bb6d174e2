/*
 * ITI-38 Cross Gateway Query (Initiating Gateway -> Responding Gateway).
 * ITI TF-2: 3.38. The community's own registry answers (ITI-18); every object and error leaves with our home. What a
 * patient's consent keeps back does not leave: then the registry is asked for the objects even where references are
 * wanted, since only they say who wrote them.
 */
#include "gateway/gateway.h"

#include "base/arena.h"
#include "gateway/disclosure.h"
#include "gateway/fan_out.h"
#include "gateway/home.h"
#include "gateway/query_kind.h"
#include "msg/adhoc_query.h"

struct passing {
    enum return_type wanted;
    bool is_restricted;
};

/* A patient id is of one domain already; any other query says whose object it is about (3.38.4.1.2.1). */
static enum rc home_check(struct request *rq, const struct adhoc_query *q, const struct stored_query *kind)
{
    const char *own = rq->community->home_community_id;

    if (q->home == NULL && kind->patient_param == NULL)
        return rq_rule(rq, RULE_XCA_HOME, "AdhocQuery/@home", "a query without a patient id needs home=\"%s\" here",
                       own);
    if (q->home != NULL && !home_equal(q->home, own))
        return rq_rule(rq, RULE_XCA_HOME_OURS, "AdhocQuery/@home", "this gateway answers for %s alone, not for %s", own,
                       q->home);
    return OK;
}

static enum rc answer_encode(struct request *rq, enum registry_status status, const struct xml_node *object_list)
{
    struct buf *objects = buf_new(rq->arena, BUF_MAX_DEFAULT);

    for (const struct xml_node *o = xml_first_element(object_list); o != NULL; o = xml_next_element(o))
        xml_write_node(objects, o);
    if (objects->overflowed)
        return rq_refuse(rq, ISSUE_XDS_TOO_MANY_RESULTS, NULL, "the registry found too much; narrow the query");
    struct adhoc_response response = {
        .status = status,
        .issues = rq->issues,
        .objects = &(struct str){ objects->data, objects->len },
        .count = objects->len > 0,
    };
    adhoc_response_encode(&response, rq->reply);
    return OK;
}

static enum rc objects_restrict(struct request *rq, const struct passing *p, struct xml_node *object_list)
{
    if (!p->is_restricted)
        return OK;
    TRY(disclosure_filter(rq, object_list));
    if (p->wanted == RETURN_OBJECT_REF)
        disclosure_refer(rq, object_list);
    return OK;
}

static enum rc on_registry(struct request *rq, const struct fan_out *f)
{
    const struct call *call = f->first->call;
    const char *home = rq->community->home_community_id;
    struct adhoc_answer answer;

    if (call->rc != OK || adhoc_answer_decode(rq->arena, call->body, &answer) != OK) {
        ask_fail(f->first, ISSUE_XDS_REGISTRY_ERROR, "no AdhocQueryResponse came");
        return E_REFUSED;
    }
    home_pass_on(rq->arena, &rq->issues, &answer.issues, home);
    if (answer.status == REGISTRY_FAILURE)
        return E_REFUSED;
    TRY(objects_restrict(rq, rq->state, answer.object_list));
    home_stamp(rq->arena, answer.object_list, home);
    return answer_encode(rq, answer.status, answer.object_list);
}

/* A patient that cannot be read is nobody, which the registry will say. */
static enum rc restriction_find(struct request *rq, const struct adhoc_query *q, const struct stored_query *kind,
                                struct passing *p)
{
    struct issue_list known = rq->issues;
    struct patient_id patient;

    p->wanted = q->return_type;
    bool is_told = kind->patient_param != NULL && query_patient(rq, q, kind, &patient) == OK;
    rq->issues = known;
    return disclosure_restricts(rq, is_told ? &patient : NULL, &p->is_restricted);
}

enum rc iti38_cross_gateway_query(struct request *rq)
{
    struct passing *p = ARENA_NEW(rq->arena, struct passing);
    struct adhoc_query query;
    const struct stored_query *kind;
    struct buf *body = fan_out_body(rq);

    TRY(adhoc_query_decode(rq->arena, rq->body, &query, &rq->issues));
    TRY(query_kind_get(rq, &query, &kind));
    TRY(home_check(rq, &query, kind));
    TRY(restriction_find(rq, &query, kind, p));

    rq->state = p;
    if (p->is_restricted)
        query.return_type = RETURN_LEAF_CLASS;
    adhoc_query_encode(&query, body);
    return fan_out_ask(rq, ASK_ITI18, rq->community, body, on_registry, NULL);
}
