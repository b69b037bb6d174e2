/*
 * The directory of one community, the Health Data Locator (ITI TF-1: 27; ITI TF-2: 3.56). It wants its own id of the
 * patient: the own community's when the directory is its own, a remembered one, or one that ITI-55 brings, which also
 * tells the directory that the patient is here.
 */
#include "gateway/locate.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fan_out.h"
#include "gateway/home.h"
#include "msg/patient_location.h"

static void stranger_complain(struct request *rq, const struct location *l, const struct patient_place *p)
{
    home_complain(rq->arena, &rq->issues, ISSUE_XDS_UNKNOWN_COMMUNITY, l->at, NULL,
                  "its directory says that %s holds the patient, and no such community is known here", p->home);
}

static void places_add(struct request *rq, struct location *l, const struct patient_place *places)
{
    const struct world *w = rq->service->daemon->world;
    const struct community **order = world_order(rq->arena, w, l->own);

    for (size_t i = 0; i < w->count; i++) {
        const struct patient_place *p = location_place(places, order[i]);
        if (p != NULL && location_wants(l, order[i]) && community_has(w, order[i], PROFILE_XCA))
            location_add(rq->arena, l, order[i], &p->id);
    }
    for (const struct patient_place *p = places; p != NULL; p = p->next) {
        if (world_find_home(w, p->home) == NULL)
            stranger_complain(rq, l, p);
    }
}

static enum rc on_places(struct request *rq, const struct fan_out *f)
{
    struct location *l = f->user;
    struct patient_place *places;

    if (f->first->call->rc == OK && location_answer_decode(rq->arena, f->first->call->body, &places) == OK) {
        places_add(rq, l, places);
        return l->then(rq, l);
    }
    ask_fail(f->first, ISSUE_XDS_UNAVAILABLE_COMMUNITY, "no PatientLocationQueryResponse came");
    directory_forget(l->own, &l->patient, l->at->home_community_id); /* the id may be why */
    return l->then(rq, l);
}

static enum rc directory_ask(struct request *rq, struct location *l, const struct patient_id *id)
{
    struct buf *body = fan_out_body(rq);

    location_query_encode(id, body);
    return fan_out_ask(rq, ASK_ITI56, l->at, body, on_places, l);
}

static enum rc on_discovered(struct request *rq, const struct fan_out *f)
{
    struct location *l = f->user;
    const struct patient_id *id = f->first == NULL ? NULL : discovered_id(rq, l, f->first);

    return id == NULL ? l->then(rq, l) : directory_ask(rq, l, id);
}

enum rc locate_by_plq(struct request *rq, struct location *l)
{
    if (l->at == NULL) {
        rq_refuse(rq, ISSUE_XDS_UNAVAILABLE_COMMUNITY, NULL,
                  "%s has no Patient Location directory to ask; name one: locatorAt in its file, or plq@ID",
                  l->own->name);
        return l->then(rq, l);
    }
    if (l->at == l->own)
        return directory_ask(rq, l, &l->patient);
    const struct patient_place *known = location_place(directory_find(rq->arena, l->own, &l->patient), l->at);
    return known != NULL ? directory_ask(rq, l, &known->id) : discover(rq, l, &l->at, 1, on_discovered);
}
