/*
 * What can be done before the writer's turn comes: entryUUIDs, references between objects, status and version, and the
 * XML as it will be returned (ITI TF-2: 3.42.4.1.3.3.5, .6, .7).
 */
#include "registry/submission.h"

#include "actor/request.h"
#include "base/clock.h"
#include "base/ids.h"

struct prepare {
    struct request *rq;
    struct submitting *s;
    struct member **members; /* by their numbers */
};

/* UUIDs that were sent stay, symbolic ids become fresh ones. In the message's order, so that pinned ids do not depend
 * on how symbolic ids sort. */
static enum rc uuids_assign(struct prepare *p)
{
    for (size_t i = 0; i < p->s->index.count; i++) {
        struct member *m = p->members[i];
        m->uuid = m->id;
        if (!text_starts(m->id, "urn:uuid:"))
            TRY(store_uuid_new(p->rq->arena, rq_db(p->rq), p->rq->community->number, &m->uuid));
    }
    return OK;
}

static void links_resolve(struct prepare *p)
{
    struct submitting *s = p->s;
    size_t n = 0;

    s->links = ARENA_ARRAY(p->rq->arena, struct member_link, s->index.count);
    for (struct association *as = s->submission->associations; as != NULL; as = as->next) {
        struct member_link *l = &s->links[n++];
        *l = (struct member_link){ submission_index_find(&s->index, as->source),
                                   submission_index_find(&s->index, as->target) };
        as->source = l->source != NULL ? l->source->uuid : as->source;
        as->target = l->target != NULL ? l->target->uuid : as->target;
    }
}

/* A first version; its status is the registry's to give. */
#define ENROL(o, member)                                                                                               \
    do {                                                                                                               \
        (o)->entry_uuid = (o)->logical_id = (member)->uuid;                                                            \
        (o)->version = "1";                                                                                            \
        (o)->availability_status = STATUS_APPROVED;                                                                    \
    } while (0)

static void objects_encode(struct prepare *p, const char *now)
{
    struct arena *a = p->rq->arena;
    struct submission *all = p->s->submission;
    struct stored_object *out = p->s->objects = ARENA_ARRAY(a, struct stored_object, p->s->index.count);
    struct member **m = p->members;

    for (struct submission_set *o = all->sets; o != NULL; o = o->next) {
        ENROL(o, *m++);
        store_object_of(a, OBJECT_SUBMISSION_SET, o, out++);
    }
    for (struct document_entry *o = all->documents; o != NULL; o = o->next) {
        ENROL(o, *m++);
        store_object_of(a, OBJECT_DOCUMENT, o, out++);
    }
    for (struct folder *o = all->folders; o != NULL; o = o->next) {
        ENROL(o, *m++);
        o->last_update_time = now; /* whatever the source sent */
        store_object_of(a, OBJECT_FOLDER, o, out++);
    }
    for (struct association *o = all->associations; o != NULL; o = o->next) {
        ENROL(o, *m++);
        store_object_of(a, OBJECT_ASSOCIATION, o, out++);
    }
}

enum rc submission_prepare(struct request *rq, struct submitting *s)
{
    struct prepare p = { .rq = rq, .s = s, .members = ARENA_ARRAY(rq->arena, struct member *, s->index.count) };
    char *now = arena_alloc(rq->arena, CLOCK_DTM_LEN);

    for (size_t i = 0; i < s->index.count; i++)
        p.members[s->index.members[i].number] = &s->index.members[i];
    clock_dtm(clock_now(), now);
    TRY(uuids_assign(&p));
    links_resolve(&p);
    objects_encode(&p, now);
    return OK;
}
