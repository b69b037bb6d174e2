/*
 * Association propagation (ITI TF-2: 3.57.4.1.3.3.1.5, 3.57.4.1.3.3.3.5): what the version before was linked to by
 * approved associations, the new version is linked to by copies of them. A copy is made between what is current at both
 * ends, so that two things that change in one request end up linked by their new versions, once. Old associations stay
 * with the old versions.
 */
#include "registry/update.h"

#include "actor/request.h"

struct propagation {
    struct update *update;
    const struct update_version *version;
};

/* The end that is not the version before; E_NOT_FOUND when a copy would lead to something that is history. */
static enum rc other_end_find(struct update *u, int64_t object, bool must_be_approved, struct stored_object *out)
{
    struct stored_object o, latest;

    TRY(store_object_by_id(u->rq->arena, u->db, object, &o));
    const struct update_version *v = update_version_by_lid(u, o.lid);
    if (v != NULL) {
        *out = v->now;
        return v->latest.id == o.id && v->propagates ? OK : E_NOT_FOUND;
    }
    TRY(store_object_latest(u->rq->arena, u->db, u->community, o.lid, &latest));
    *out = o;
    return latest.id == o.id && !(must_be_approved && o.is_deprecated) ? OK : E_NOT_FOUND;
}

struct copy {
    enum link_type type;
    int64_t target;
    bool exists;
};

static enum rc copy_compare(void *user, const struct stored_link *l)
{
    struct copy *copy = user;

    copy->exists |= l->type == copy->type && l->target == copy->target;
    return OK;
}

static enum rc copy_make(struct update *u, const struct stored_link *l, const struct stored_object *source,
                         const struct stored_object *target, const char *place)
{
    struct stored_object association;
    struct submission old;
    int64_t id;

    TRY(store_object_by_id(u->rq->arena, u->db, l->association, &association));
    TRY(store_object_decode(u->rq->arena, u->db, &association, &old));
    old.associations->details = NULL; /* ids within it, too, are fresh */
    old.associations->source = source->uuid;
    old.associations->target = target->uuid;
    TRY(store_uuid_new(u->rq->arena, u->db, u->community, &old.associations->entry_uuid));
    return update_associate(u, old.associations, source->id, target->id, place, &id);
}

static enum rc link_propagate(void *user, const struct stored_link *l)
{
    const struct propagation *p = user;
    const struct update_version *v = p->version;
    bool is_source = l->source == v->latest.id;
    struct stored_object other;

    if (l->is_deprecated)
        return OK;
    enum rc rc = other_end_find(p->update, is_source ? l->target : l->source, l->type == LINK_HAS_MEMBER, &other);
    if (rc == E_NOT_FOUND || (rc == OK && other.kind == OBJECT_SUBMISSION_SET))
        return OK; /* a membership in a submission set says what was submitted then */
    TRY(rc);
    const struct stored_object *source = is_source ? &v->now : &other, *target = is_source ? &other : &v->now;
    struct copy copy = { .type = l->type, .target = target->id };
    TRY(store_links_from(p->update->rq->arena, p->update->db, source->id, copy_compare, &copy));
    return copy.exists ? OK : copy_make(p->update, l, source, target, v->place);
}

enum rc update_propagate(struct update *u)
{
    for (size_t i = 0; i < u->version_count; i++) {
        struct propagation p = { u, &u->versions[i] };
        if (!p.version->propagates)
            continue;
        TRY(store_links_from(u->rq->arena, u->db, p.version->latest.id, link_propagate, &p));
        TRY(store_links_to(u->rq->arena, u->db, p.version->latest.id, link_propagate, &p));
    }
    return OK;
}
