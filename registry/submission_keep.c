/* Runs on the writer's thread, within one savepoint: a refusal leaves no trace. */
#include "registry/submission.h"

#include "actor/request.h"
#include "registry/sleepers.h"

static enum rc objects_add(struct keep *k)
{
    for (size_t i = 0; i < k->s->index.count; i++) {
        struct stored_object *o = &k->s->objects[i];
        o->patient = o->kind == OBJECT_ASSOCIATION ? 0 : k->patient;
        TRY(store_object_add(k->db, k->community, o));
    }
    return OK;
}

static enum membership membership_of(const struct association *as)
{
    if (text_equal(as->submission_set_status, "Original"))
        return MEMBERSHIP_ORIGINAL;
    return text_equal(as->submission_set_status, "Reference") ? MEMBERSHIP_REFERENCE : MEMBERSHIP_UNSAID;
}

static enum rc links_add(struct keep *k)
{
    for (const struct keep_link *l = k->links; l->association != NULL; l++)
        TRY(store_link_add(k->db, &(struct stored_link){ .association = l->object->id,
                                                         .type = l->kind->type,
                                                         .membership = membership_of(l->association),
                                                         .source = l->source.object->id,
                                                         .target = l->target.object->id }));
    return OK;
}

enum rc submission_keep(struct db *db, struct request *rq)
{
    struct keep k = { .rq = rq, .db = db, .community = rq->community->number, .s = rq->state };

    TRY(sleepers_wake_all(db, rq, k.s->submission));
    TRY(submission_judge(&k));
    TRY(objects_add(&k));
    TRY(links_add(&k));
    return submission_effects(&k);
}
