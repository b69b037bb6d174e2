/* Locating a patient: what all strategies share (ITI TF-1: 27). */
#include "gateway/locate.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/str.h"
#include "gateway/habits.h"
#include "gateway/home.h"
#include "msg/patient_location.h"

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

const struct patient_place *location_place(const struct patient_place *places, const struct community *c)
{
    while (places != NULL && !home_equal(places->home, c->home_community_id))
        places = places->next;
    return places;
}

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

enum rc locate_patient(struct request *rq, const struct patient_id *patient, const struct community *only,
                       locate_then *then)
{
    static enum rc (*const ways[])(struct request *, struct location *) = {
        [LOCATE_XCPD] = locate_by_xcpd, [LOCATE_PIX] = locate_by_pix, [LOCATE_PLQ] = locate_by_plq
    };
    struct location *l = ARENA_NEW(rq->arena, struct location);

    *l = (struct location){ .own = rq->community, .patient = *patient, .only = only, .then = then };
    l->end = &l->holders;
    TRY(habits_strategy(rq, &l->strategy));
    l->at = strategy_place(rq->service->daemon->world, l->own, &l->strategy);
    if (only == NULL || only == l->own)
        location_add(rq->arena, l, l->own, patient);
    return only == l->own ? then(rq, l) : ways[l->strategy.way](rq, l);
}
