/* Locating a patient: ITI TF-2: 3.55.4.1 (discovery), 3.45 (identifiers), 3.47 (demographics to discover with). */
#include "gateway/locate.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/ids.h"
#include "base/str.h"
#include "gateway/fan_out.h"
#include "gateway/home.h"
#include "gateway/patient_find.h"
#include "model/oid.h"
#include "msg/prpa_pix.h"

static const struct world *world_of(const struct request *rq)
{
    return rq->service->daemon->world;
}

bool location_wants(const struct location *l, const struct community *c)
{
    return c != l->own && !c->is_backbone && (l->only == NULL || l->only == c);
}

void location_add(struct arena *a, struct location *l, const struct community *c, const struct patient_id *id)
{
    struct holder *h = ARENA_NEW(a, struct holder);

    *h = (struct holder){ .community = c, .id = { .root = id->root, .extension = id->extension } };
    *l->end = h;
    l->end = &h->next;
}

/* ---- XCPD: whom we know by name, others may know too ---- */

const struct patient *candidate_choose(const struct patient *matches, bool *is_ambiguous)
{
    const struct patient *best = matches;

    *is_ambiguous = false;
    for (const struct patient *p = matches == NULL ? NULL : matches->next; p != NULL; p = p->next) {
        if (p->match == best->match)
            *is_ambiguous = true;
        if (p->match > best->match) {
            best = p;
            *is_ambiguous = false;
        }
    }
    return *is_ambiguous ? NULL : best;
}

static void match_add(struct request *rq, struct location *l, const struct ask *k)
{
    struct find_result result;
    bool is_ambiguous;

    if (!find_result_read(k, ISSUE_XDS_UNAVAILABLE_COMMUNITY, &result))
        return;
    const struct patient *p = candidate_choose(result.patients, &is_ambiguous);
    if (is_ambiguous)
        home_complain(rq->arena, &rq->issues, ISSUE_XDS_RESULT_NOT_SINGLE_PATIENT, k->community, NULL,
                      "knows several people like this one, and none matches better than the others");
    else if (p != NULL && p->ids != NULL && p->ids->extension != NULL)
        location_add(rq->arena, l, k->community, p->ids);
}

static enum rc on_discovered(struct request *rq, const struct fan_out *f)
{
    struct location *l = f->user;

    for (const struct ask *k = f->first; k != NULL; k = k->next)
        match_add(rq, l, k);
    return l->then(rq, l);
}

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

static enum rc discover(struct request *rq, struct location *l, const struct patient *person)
{
    const struct world *w = world_of(rq);
    const struct community **order = world_order(rq->arena, w, l->own);
    struct fan_out *f = fan_out_new(rq, l);

    for (size_t i = 0; i < w->count; i++) {
        if (location_wants(l, order[i]) && community_has(w, order[i], PROFILE_XCPD))
            fan_out_add(f, ASK_ITI55, order[i], 1, discovery_query(rq, l, order[i], person));
    }
    return fan_out_run(f, on_discovered);
}

static enum rc on_person(struct request *rq, const struct fan_out *f)
{
    struct location *l = f->user;
    struct find_result result;

    if (!find_result_read(f->first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, &result))
        return l->then(rq, l); /* the own documents are still there */
    const struct patient *person = result.patients;
    if (person == NULL)
        return l->then(rq, l); /* whom we do not know, we cannot ask for */
    if (person->names == NULL || text_absent(person->birth_time)) {
        rq_refuse(rq, ISSUE_XDS_REGISTRY_ERROR, "patientPerson/birthTime",
                  "the patient has no name or no birth date here, so no other community could be asked");
        return l->then(rq, l);
    }
    return discover(rq, l, person);
}

static enum rc locate_by_xcpd(struct request *rq, struct location *l)
{
    struct find_query q = find_query_new(rq->arena, l->own, l->own);
    struct buf *body = fan_out_body(rq);

    patient_id_add(rq->arena, &q.ids, l->patient.root, l->patient.extension);
    find_query_encode(rq->arena, &q, body);
    return fan_out_ask(rq, ASK_ITI47, l->own, body, on_person, l);
}

/* ---- PIX: the cross-reference where communities meet ---- */

void location_add_ids(struct arena *a, struct location *l, const struct world *w, const struct patient_id *ids)
{
    const struct community **order = world_order(a, w, l->own);

    for (size_t i = 0; i < w->count; i++) {
        const struct community *c = order[i];
        if (!location_wants(l, c) || !community_has(w, c, PROFILE_XCA))
            continue;
        for (const struct patient_id *id = ids; id != NULL; id = id->next) {
            if (text_equal(id->root, c->patient_id_domain) && id->extension != NULL)
                location_add(a, l, c, id);
        }
    }
}

/* Case 4: the manager does not know the patient, so nobody is linked to them. */
static bool is_unknown_patient(const struct pix_result *result)
{
    const struct issue *detail = result->ack.details.first;

    return detail != NULL && detail->code == ISSUE_HL7_UNKNOWN_KEY;
}

static enum rc on_ids(struct request *rq, const struct fan_out *f)
{
    struct location *l = f->user;
    struct pix_result result;

    if (f->first->call->rc != OK || pix_result_decode(rq->arena, f->first->call->body, &result) != OK)
        ask_fail(f->first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, "no PRPA_IN201310UV02 came");
    else if (text_equal(result.ack.type_code, "AA"))
        location_add_ids(rq->arena, l, world_of(rq), result.ids);
    else if (!is_unknown_patient(&result))
        ask_fail(f->first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, "it refused the query");
    return l->then(rq, l);
}

static const struct buf *pix_query_body(struct request *rq, const struct location *l, const struct community *manager)
{
    struct buf *body = fan_out_body(rq);
    char uuid[IDS_UUID_LEN];
    struct pix_query q = { .message = hl7_message_new(rq->arena, "PRPA_IN201309UV02", NULL), .patient_id = l->patient };

    ids_uuid(uuid);
    q.query_id.root = oid_of_urn(l->own->home_community_id);
    q.query_id.extension = uuid;
    q.message.sender.root = oid_of_urn(l->own->home_community_id);
    q.message.receiver.root = oid_of_urn(manager->home_community_id);
    pix_query_encode(rq->arena, &q, body);
    return body;
}

static enum rc locate_by_pix(struct request *rq, struct location *l)
{
    const struct community *manager = world_find(world_of(rq), l->own->pix_at);

    if (manager == NULL) { /* --communities left it out */
        rq_refuse(rq, ISSUE_XDS_UNAVAILABLE_COMMUNITY, NULL, "the PIX manager of %s does not live here",
                  l->own->pix_at);
        return l->then(rq, l);
    }
    return fan_out_ask(rq, ASK_ITI45, manager, pix_query_body(rq, l, manager), on_ids, l);
}

/* ---- either ---- */

enum rc locate_patient(struct request *rq, const struct patient_id *patient, const struct community *only,
                       locate_then *then)
{
    static enum rc (*const ways[])(
        struct request *, struct location *) = { [LOCATE_XCPD] = locate_by_xcpd, [LOCATE_PIX] = locate_by_pix };
    struct location *l = ARENA_NEW(rq->arena, struct location);

    *l = (struct location){ .own = rq->community, .patient = *patient, .only = only, .then = then };
    l->end = &l->holders;
    if (only == NULL || only == l->own)
        location_add(rq->arena, l, l->own, patient);
    return only == l->own ? then(rq, l) : ways[l->own->locate](rq, l);
}
