/*
 * Asking every community for the person: ITI TF-2: 3.55.4.1 (discovery), 3.55.6 (for how long an answer holds), 3.47
 * (demographics to discover with). What is remembered is not asked again; that somebody is not there never is.
 */
#include "gateway/locate.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fan_out.h"
#include "gateway/home.h"
#include "gateway/patient_find.h"
#include "model/duration.h"
#include "model/oid.h"
#include "wire/ns.h"

/* ---- one answer ---- */

/* 0: it says nothing of time, so it holds for this once. */
static int64_t answer_ttl(struct request *rq, const struct ask *k)
{
    const struct xml_node *header = xml_child(k->call->soap.header, NS_XCPD, "CorrelationTimeToLive");
    int64_t seconds = 0;

    if (header != NULL && !duration_parse(xml_text_trimmed(rq->arena, header), &seconds))
        rq_warn(rq, "%s: its CorrelationTimeToLive is no duration", k->community->key);
    return seconds;
}

static void answer_remember(struct request *rq, const struct location *l, const struct ask *k,
                            const struct patient_id *id)
{
    struct patient_place place = { .home = k->community->home_community_id,
                                   .id = { .root = id->root, .extension = id->extension } };

    directory_learn(l->own, &l->patient, &place, answer_ttl(rq, k));
}

const struct patient_id *discovered_id(struct request *rq, const struct location *l, const struct ask *k)
{
    struct find_result result;
    bool is_ambiguous;

    if (!find_result_read(k, ISSUE_XDS_UNAVAILABLE_COMMUNITY, &result))
        return NULL;
    const struct patient *p = candidate_choose(result.patients, &is_ambiguous);
    if (is_ambiguous)
        home_complain(rq->arena, &rq->issues, ISSUE_XDS_RESULT_NOT_SINGLE_PATIENT, k->community, NULL,
                      "knows several people like this one, and none matches better than the others");
    if (p == NULL || p->ids == NULL || p->ids->extension == NULL) {
        directory_forget(l->own, &l->patient, k->community->home_community_id);
        return NULL;
    }
    answer_remember(rq, l, k, p->ids);
    return p->ids;
}

/* ---- the questions ---- */

struct discovery_plan {
    struct location *location;
    const struct community **whom;
    size_t count;
    fan_out_then *then;
};

/* Name, gender and birth time: an address changes when people move, and movers are whom this is for. */
static const struct buf *discovery_query(struct request *rq, const struct location *l, const struct community *to,
                                         const struct patient *person)
{
    struct find_query q = find_query_new(rq->arena, l->own, to);
    struct buf *body = fan_out_body(rq);

    q.message.sender.home = oid_of_urn(l->own->home_community_id);
    q.message.receiver.home = oid_of_urn(to->home_community_id);
    q.assigning_authority = l->patient.root;
    patient_id_add(rq->arena, &q.ids, l->patient.root, l->patient.extension);
    q.names = person->names;
    q.gender = person->gender;
    q.birth_time = person->birth_time;
    find_query_encode(rq->arena, &q, body);
    return body;
}

static enum rc plan_run(struct request *rq, const struct discovery_plan *plan, const struct patient *person)
{
    struct fan_out *f = fan_out_new(rq, plan->location);

    for (size_t i = 0; i < plan->count; i++)
        fan_out_add(f, ASK_ITI55, plan->whom[i], 1, discovery_query(rq, plan->location, plan->whom[i], person));
    return fan_out_run(f, plan->then);
}

static enum rc on_person(struct request *rq, const struct fan_out *f)
{
    const struct discovery_plan *plan = f->user;
    struct find_result result;

    const struct patient *person = find_result_read(f->first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, &result)
                                       ? result.patients
                                       : NULL; /* the own documents are still there */
    if (person != NULL && person->names != NULL && !text_absent(person->birth_time))
        return plan_run(rq, plan, person);
    if (person != NULL)
        rq_refuse(rq, ISSUE_XDS_REGISTRY_ERROR, "patientPerson/birthTime",
                  "the patient has no name or no birth date here, so no other community could be asked");
    return plan->then(rq, fan_out_new(rq, plan->location));
}

enum rc discover(struct request *rq, struct location *l, const struct community **whom, size_t count,
                 fan_out_then *then)
{
    struct discovery_plan *plan = ARENA_NEW(rq->arena, struct discovery_plan);
    struct find_query q = find_query_new(rq->arena, l->own, l->own);
    struct buf *body = fan_out_body(rq);

    *plan = (struct discovery_plan){ .location = l, .count = count, .then = then };
    plan->whom = ARENA_ARRAY(rq->arena, const struct community *, count + 1);
    for (size_t i = 0; i < count; i++)
        plan->whom[i] = whom[i];
    patient_id_add(rq->arena, &q.ids, l->patient.root, l->patient.extension);
    find_query_encode(rq->arena, &q, body);
    return fan_out_ask(rq, ASK_ITI47, l->own, body, on_person, plan);
}

/* ---- everybody ---- */

static bool is_candidate(const struct location *l, const struct world *w, const struct community *c)
{
    return location_wants(l, c) && community_has(w, c, PROFILE_XCPD);
}

static struct patient_place *places_remembered(struct request *rq, const struct location *l)
{
    return l->strategy.is_anew ? NULL : directory_find(rq->arena, l->own, &l->patient);
}

/*
 * What was asked and what was remembered, in the order of the communities. Somebody else may have learnt or forgotten
 * since the questions left: whoever was asked has an answer in f, and whoever was not has stayed known.
 */
static enum rc on_discovered(struct request *rq, const struct fan_out *f)
{
    struct location *l = f->user;
    const struct world *w = rq->service->daemon->world;
    const struct community **order = world_order(rq->arena, w, l->own);
    const struct ask *k = f->first;

    for (size_t i = 0; i < w->count; i++) {
        const struct patient_id *id = NULL;
        if (k != NULL && k->community == order[i]) {
            id = discovered_id(rq, l, k);
            k = k->next;
        } else if (is_candidate(l, w, order[i])) {
            const struct patient_place *p = location_place(l->places, order[i]);
            id = p == NULL ? NULL : &p->id;
        }
        if (id != NULL)
            location_add(rq->arena, l, order[i], id);
    }
    return l->then(rq, l);
}

enum rc locate_by_xcpd(struct request *rq, struct location *l)
{
    const struct world *w = rq->service->daemon->world;
    const struct community **order = world_order(rq->arena, w, l->own), **whom;
    size_t count = 0;

    l->places = places_remembered(rq, l);
    whom = ARENA_ARRAY(rq->arena, const struct community *, w->count);
    for (size_t i = 0; i < w->count; i++) {
        if (is_candidate(l, w, order[i]) && location_place(l->places, order[i]) == NULL)
            whom[count++] = order[i];
    }
    if (count == 0)
        return fan_out_run(fan_out_new(rq, l), on_discovered);
    return discover(rq, l, whom, count, on_discovered);
}
