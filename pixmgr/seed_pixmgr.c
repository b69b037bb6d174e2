/*
 * The people of a community enter its cross-reference with all their ids, and that of the PIX manager its gateway asks
 * (the backbone's) with the regional one. By ground truth nobody is twice in one community, so demographics are
 * compared where communities meet alone.
 */
#include "pixmgr/pixmgr.h"

#include "pixmgr/store.h"
#include "world/people.h"

/* The manager where those meet whom the community's gateway locates by PIX; NULL: by XCPD, or it does not live here. */
static const struct community *meeting_place(const struct seeding *s, const struct community *c)
{
    return c->locate == LOCATE_PIX ? world_find(s->world, c->locate_at) : NULL;
}

static enum rc person_meet(struct arena *a, struct db *db, const struct linking *how, const struct person *who)
{
    struct patient_id regional = { .root = who->patient.ids->root, .extension = who->patient.ids->extension };
    struct patient there = who->patient;

    there.ids = &regional;
    return store_patient_add(a, db, how, &there, false);
}

enum rc pixmgr_seed(struct arena *a, struct db *db, const struct seeding *s, const struct community *c, uint64_t from,
                    uint64_t to)
{
    const struct community *manager = meeting_place(s, c);
    struct linking here = linking_of(a, s->config, c);
    struct linking there = manager != NULL ? linking_of(a, s->config, manager) : here;

    for (uint64_t n = from; n < to; n++) {
        struct person who;
        people_get(a, s->people, c, n, &who);
        TRY(store_patient_add(a, db, &here, &who.patient, true));
        if (manager != NULL)
            TRY(person_meet(a, db, &there, &who));
    }
    return OK;
}
