/*
 * An update that was judged good is carried out: new versions first, then changes of status, then the associations
 * that new versions take over, then those that were submitted (ITI TF-2: 3.57.4.1.3.1). Whether objects of one patient
 * alone are linked shows only now; a refusal undoes everything.
 */
#include "registry/update.h"

#include "actor/request.h"
#include "base/clock.h"
#include "registry/sleepers.h"

#include <string.h>

/* ---- uuids ---- */

static enum rc uuid_assign(struct update *u, const char *id)
{
    struct member *m = submission_index_find(&u->index, id);

    m->uuid = m->id;
    return text_starts(m->id, "urn:uuid:") ? OK : store_uuid_new(u->rq->arena, u->db, u->community, &m->uuid);
}

/* In the message's order, so that pinned ids do not depend on how symbolic ids sort. */
static enum rc uuids_assign(struct update *u)
{
    TRY(uuid_assign(u, u->kept.sets->entry_uuid));
    for (const struct document_entry *o = u->kept.documents; o != NULL; o = o->next)
        TRY(uuid_assign(u, o->entry_uuid));
    for (const struct folder *o = u->kept.folders; o != NULL; o = o->next)
        TRY(uuid_assign(u, o->entry_uuid));
    for (const struct association *o = u->kept.associations; o != NULL; o = o->next)
        TRY(uuid_assign(u, o->entry_uuid));
    return OK;
}

static const char *uuid_of(const struct update *u, const char *id)
{
    return submission_index_find(&u->index, id)->uuid;
}

/* ---- objects ---- */

static enum rc set_apply(struct update *u)
{
    struct submission_set *set = u->kept.sets;

    set->entry_uuid = set->logical_id = uuid_of(u, set->entry_uuid);
    set->version = "1";
    set->availability_status = STATUS_APPROVED;
    store_object_of(u->rq->arena, OBJECT_SUBMISSION_SET, set, &u->set);
    u->set.patient = u->patient;
    return store_object_add(u->db, u->community, &u->set);
}

/* What documents and folders alike get from the registry. */
#define RENEW(u, v, object)                                                                                            \
    do {                                                                                                               \
        (object)->entry_uuid = uuid_of((u), (v)->id);                                                                  \
        (object)->logical_id = (v)->latest.lid;                                                                        \
        (object)->version = arena_printf((u)->rq->arena, "%d", (v)->latest.version + 1);                               \
        (object)->availability_status = (v)->latest.is_deprecated ? STATUS_DEPRECATED : STATUS_APPROVED;               \
    } while (0)

static void document_renew(struct update *u, struct update_version *v)
{
    RENEW(u, v, v->document);
    store_object_of(u->rq->arena, OBJECT_DOCUMENT, v->document, &v->now);
}

static void folder_renew(struct update *u, struct update_version *v)
{
    char *now = arena_alloc(u->rq->arena, CLOCK_DTM_LEN);

    RENEW(u, v, v->folder);
    clock_dtm(clock_now(), now);
    v->folder->last_update_time = now;
    store_object_of(u->rq->arena, OBJECT_FOLDER, v->folder, &v->now);
}

/* The version before is history; the status it had, the new one has (ITI TF-2: 3.57.4.1.3.3.1.3). */
static enum rc version_apply(struct update *u, struct update_version *v)
{
    if (v->kind == OBJECT_DOCUMENT)
        document_renew(u, v);
    else
        folder_renew(u, v);
    v->now.patient = u->patient;
    TRY(store_object_status(u->db, v->latest.id, true));
    return store_object_add(u->db, u->community, &v->now);
}

/* ---- associations ---- */

enum rc update_patients_check(struct update *u, int64_t source, int64_t target, const char *place)
{
    struct stored_object from, to;

    TRY(store_object_by_id(u->rq->arena, u->db, source, &from));
    TRY(store_object_by_id(u->rq->arena, u->db, target, &to));
    if (from.kind == OBJECT_SUBMISSION_SET || from.patient == to.patient)
        return OK;
    return rq_rule(u->rq, RULE_MU_PATIENT, place,
                   "%s and %s would be linked, but belong to different patients; change both, or say "
                   "AssociationPropagation no",
                   from.uuid, to.uuid);
}

static enum membership membership_of(const struct association *as)
{
    if (text_equal(as->submission_set_status, "Original"))
        return MEMBERSHIP_ORIGINAL;
    return text_equal(as->submission_set_status, "Reference") ? MEMBERSHIP_REFERENCE : MEMBERSHIP_UNSAID;
}

static enum rc association_add(struct update *u, struct association *as, int64_t source, int64_t target, int64_t *id)
{
    struct stored_object o;

    as->logical_id = as->entry_uuid;
    as->version = "1";
    as->availability_status = STATUS_APPROVED;
    store_object_of(u->rq->arena, OBJECT_ASSOCIATION, as, &o);
    TRY(store_object_add(u->db, u->community, &o));
    *id = o.id;
    return store_link_add(u->db, &(struct stored_link){ .association = o.id,
                                                        .type = link_type_find(as->type),
                                                        .membership = membership_of(as),
                                                        .source = source,
                                                        .target = target });
}

/* Whoever puts a document into a folder is its submission set (ITI TF-3: 4.2.2.1.4). */
static enum rc membership_of_set_add(struct update *u, const char *association, int64_t target)
{
    struct association *as = ARENA_NEW(u->rq->arena, struct association);
    int64_t id;

    as->type = ASSOC_HAS_MEMBER;
    as->source = u->kept.sets->entry_uuid;
    as->target = association;
    TRY(store_uuid_new(u->rq->arena, u->db, u->community, &as->entry_uuid));
    return association_add(u, as, u->set.id, target, &id);
}

enum rc update_associate(struct update *u, struct association *as, int64_t source, int64_t target, const char *place,
                         int64_t *id)
{
    TRY(update_patients_check(u, source, target, place));
    TRY(association_add(u, as, source, target, id));
    if (!text_equal(as->type, ASSOC_HAS_MEMBER))
        return OK;
    TRY(membership_of_set_add(u, as->entry_uuid, *id));
    return store_folder_touch(u->rq->arena, u->db, source);
}

static enum rc member_apply(struct update *u, struct association *as)
{
    const struct update_version *v = update_version_by_id(u, as->target);
    int64_t id;

    as->entry_uuid = uuid_of(u, as->entry_uuid);
    as->source = u->kept.sets->entry_uuid;
    as->target = v->now.uuid;
    return association_add(u, as, u->set.id, v->now.id, &id);
}

static struct stored_object *end_object(struct update_end *e)
{
    return e->version != NULL ? &e->version->now : &e->object;
}

struct twin {
    const struct association *association;
    int64_t target;
    bool found;
};

static enum rc twin_compare(void *user, const struct stored_link *l)
{
    struct twin *twin = user;

    twin->found |= !l->is_deprecated && l->target == twin->target && l->type == link_type_find(twin->association->type);
    return OK;
}

static enum rc twin_check(struct update *u, const struct association *as, const struct stored_object *source,
                          const struct stored_object *target)
{
    struct twin twin = { .association = as, .target = target->id };

    TRY(store_links_from(u->rq->arena, u->db, source->id, twin_compare, &twin));
    if (!twin.found)
        return OK;
    return rq_rule(u->rq, RULE_MU_LINK_TWIN, as->place,
                   "Association %.80s: %s is linked to %s by an approved association of this type already",
                   as->entry_uuid, source->uuid, target->uuid);
}

/* What a submission does to a document that it replaces, a submitted association does, too. */
static enum rc replacement_apply(struct update *u, const struct update_link *l, struct stored_object *source,
                                 struct stored_object *target)
{
    struct submitting s = { .objects = &u->set };
    struct keep_link links[2] = { { .association = l->association,
                                    .kind = l->kind,
                                    .source = { .kind = source->kind, .object = source },
                                    .target = { .kind = target->kind, .object = target } } };

    return submission_effects(
        &(struct keep){ .rq = u->rq, .db = u->db, .community = u->community, .s = &s, .links = links });
}

static enum rc link_apply(struct update *u, struct update_link *l)
{
    struct stored_object *source = end_object(&l->source), *target = end_object(&l->target);
    struct association *as = l->association;
    int64_t id;

    TRY(twin_check(u, as, source, target));
    as->entry_uuid = uuid_of(u, as->entry_uuid);
    as->source = source->uuid;
    as->target = target->uuid;
    TRY(update_associate(u, as, source->id, target->id, as->place, &id));
    return l->kind->replaces ? replacement_apply(u, l, source, target) : OK;
}

/* ---- status ---- */

static enum rc status_apply(struct update *u, struct update_status *s)
{
    const struct stored_object *o = end_object(&s->target);
    struct stored_link link;

    TRY(store_object_status(u->db, o->id, s->is_deprecated));
    if (o->kind != OBJECT_ASSOCIATION || s->is_deprecated)
        return OK;
    TRY(store_link_of(u->db, o->id, &link));
    return update_patients_check(u, link.source, link.target, s->request->place);
}

/* ---- all of it ---- */

static enum rc apply(struct update *u)
{
    TRY(uuids_assign(u));
    TRY(set_apply(u));
    for (size_t i = 0; i < u->version_count; i++)
        TRY(version_apply(u, &u->versions[i]));
    for (size_t i = 0; i < u->member_count; i++)
        TRY(member_apply(u, u->members[i]));
    for (struct update_status *s = u->statuses; s != NULL; s = s->next)
        TRY(status_apply(u, s));
    TRY(update_propagate(u));
    for (struct update_link *l = u->links; l != NULL; l = l->next)
        TRY(link_apply(u, l));
    return OK;
}

enum rc update_keep(struct db *db, struct request *rq)
{
    struct update *u = rq->state;

    u->db = db;
    u->community = rq->community->number;
    TRY(sleepers_wake_all(db, rq, u->sent));
    TRY(update_judge(u));
    return apply(u);
}
