/*
 * ITI-18 Registry Stored Query (Document Consumer -> Initiating Gateway).
 * ITI TF-2: 3.18.4.1.3, 3.38.4.1.3. A query about a patient goes to every community that holds them, each under its own
 * id; any other to the one its home names. What comes back is one answer in the order of the communities.
 */
#include "gateway/gateway.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fan_out.h"
#include "gateway/habits.h"
#include "gateway/locate.h"
#include "gateway/query_kind.h"
#include "gateway/query_merge.h"
#include "msg/adhoc_query.h"

struct search {
    struct adhoc_query query;
    const struct stored_query *kind;
    const struct community *only; /* whom the query's home names; NULL: everybody */
    struct patient_id patient;    /* as the own community calls them */
};

static enum rc home_find(struct request *rq, struct search *s)
{
    if (s->query.home == NULL && s->kind->patient_param == NULL)
        return rq_rule(rq, RULE_XCA_HOME, "AdhocQuery/@home",
                       "a query without a patient id needs the home of the community it is for");
    if (s->query.home == NULL)
        return OK;
    s->only = world_find_home(rq->service->daemon->world, s->query.home);
    if (s->only == NULL)
        return rq_rule(rq, RULE_XCA_HOME_KNOWN, "AdhocQuery/@home", "no community %s is known here", s->query.home);
    return OK;
}

/* ---- the answers ---- */

/* What was remembered of a patient there is wrong: the next query looks for them anew. */
static void correlation_check(const struct request *rq, const struct ask *k, const struct issue_list *issues)
{
    const struct search *s = rq->state;

    for (const struct issue *i = issues->first; i != NULL; i = i->next) {
        if (k->patient != NULL && text_equal(i->ebrs, issue_row(ISSUE_XDS_UNKNOWN_PATIENT_ID)->ebrs))
            directory_forget(rq->community, &s->patient, k->community->home_community_id);
    }
}

static void answer_add(struct request *rq, struct query_merge *m, const struct ask *k)
{
    struct adhoc_answer answer;

    if (k->call->rc != OK || adhoc_answer_decode(rq->arena, k->call->body, &answer) != OK) {
        ask_fail(k, ISSUE_XDS_UNAVAILABLE_COMMUNITY, "no AdhocQueryResponse came");
        return;
    }
    correlation_check(rq, k, &answer.issues);
    query_merge_add(rq->arena, m, &(struct asked){ k->community, k->patient }, &answer, &rq->issues);
}

static enum rc on_answers(struct request *rq, const struct fan_out *f)
{
    struct query_merge merged = { .objects = buf_new(rq->arena, BUF_MAX_DEFAULT) };

    for (const struct ask *k = f->first; k != NULL; k = k->next)
        answer_add(rq, &merged, k);
    if (merged.objects->overflowed)
        return rq_refuse(rq, ISSUE_XDS_TOO_MANY_RESULTS, NULL, "the communities found too much together; narrow it");
    struct adhoc_response response = {
        .status = query_merge_status(&merged, &rq->issues),
        .issues = rq->issues,
        .objects = &(struct str){ merged.objects->data, merged.objects->len },
        .count = merged.objects->len > 0,
    };
    if (response.status == REGISTRY_FAILURE)
        return E_REFUSED;
    adhoc_response_encode(&response, rq->reply);
    return OK;
}

/* ---- the questions ---- */

static void ask_community(struct request *rq, struct fan_out *f, const struct community *c, const struct patient_id *id)
{
    const struct search *s = rq->state;
    struct adhoc_query query = query_for(rq->arena, &s->query, s->kind, c, id);
    struct buf *body = fan_out_body(rq);

    adhoc_query_encode(&query, body);
    fan_out_add(f, ASK_ITI38, c, 1, body)->patient = id;
}

static enum rc ask_holders(struct request *rq, const struct location *found)
{
    struct fan_out *f = fan_out_new(rq, NULL);

    for (const struct holder *h = found->holders; h != NULL; h = h->next)
        ask_community(rq, f, h->community, &h->id);
    return fan_out_run(f, on_answers);
}

static enum rc ask_home(struct request *rq, const struct community *c)
{
    struct fan_out *f = fan_out_new(rq, NULL);

    ask_community(rq, f, c, NULL);
    return fan_out_run(f, on_answers);
}

static enum rc search_begin(struct request *rq)
{
    const struct search *s = rq->state;

    return locate_patient(rq, &s->patient, s->only, ask_holders);
}

enum rc iti18_initiating_query(struct request *rq)
{
    struct search *s = ARENA_NEW(rq->arena, struct search);

    rq->state = s;
    TRY(adhoc_query_decode(rq->arena, rq->body, &s->query, &rq->issues));
    TRY(query_kind_get(rq, &s->query, &s->kind));
    TRY(home_find(rq, s));
    if (s->kind->patient_param == NULL)
        return ask_home(rq, s->only);

    TRY(query_patient(rq, &s->query, s->kind, &s->patient));
    return s->only != NULL ? search_begin(rq) : habits_turn(rq, search_begin);
}
