/*
 * What a submission does to objects that were there: a replaced document is deprecated with what was made from it, its
 * replacement takes its place in folders, and every folder that has a new member says when (ITI TF-2: 3.42.4.1.3.5,
 * .6).
 */
#include "registry/submission.h"

#include "actor/request.h"

/* A replacement under way. */
struct replacing {
    struct keep *keep;
    struct stored_object *replacement;
    int64_t first_new; /* ids from here on are of this submission */
};

/* ---- deprecation ---- */

static enum rc deprecate(struct replacing *r, int64_t document);

static enum rc deprecate_dependent(void *user, const struct stored_link *l)
{
    struct replacing *r = user;
    struct stored_object o;

    if ((l->type != LINK_XFRM && l->type != LINK_APND) || l->source >= r->first_new)
        return OK;
    TRY(store_object_by_id(r->keep->rq->arena, r->keep->db, l->source, &o));
    return o.is_deprecated ? OK : deprecate(r, l->source);
}

/* The document, and whatever is an addendum or a transformation of it, and so on. */
static enum rc deprecate(struct replacing *r, int64_t document)
{
    TRY(store_object_status(r->keep->db, document, true));
    return store_links_to(r->keep->rq->arena, r->keep->db, document, deprecate_dependent, r);
}

/* ---- folders ---- */

/* A HasMember of our own, from one object to another. */
static enum rc has_member_add(struct keep *k, const struct stored_object *source, const struct stored_object *target,
                              struct stored_object *out)
{
    struct association as = { .type = ASSOC_HAS_MEMBER,
                              .source = source->uuid,
                              .target = target->uuid,
                              .version = "1",
                              .availability_status = STATUS_APPROVED };

    TRY(store_uuid_new(k->rq->arena, k->db, k->community, &as.entry_uuid));
    as.logical_id = as.entry_uuid;
    store_object_of(k->rq->arena, OBJECT_ASSOCIATION, &as, out);
    TRY(store_object_add(k->db, k->community, out));
    return store_link_add(
        k->db, &(struct stored_link){
                   .association = out->id, .type = LINK_HAS_MEMBER, .source = source->id, .target = target->id });
}

struct membership_search {
    int64_t folder;
    bool found;
};

static enum rc membership_note(void *user, const struct stored_link *l)
{
    struct membership_search *search = user;

    search->found = search->found || (l->type == LINK_HAS_MEMBER && l->source == search->folder);
    return OK;
}

/* For an Approved folder that holds the replaced document; the old membership stays. */
static enum rc folder_join(void *user, const struct stored_link *l)
{
    struct replacing *r = user;
    struct keep *k = r->keep;
    struct membership_search search = { .folder = l->source };
    struct stored_object folder, membership, link;

    if (l->type != LINK_HAS_MEMBER || l->is_deprecated)
        return OK;
    TRY(store_object_by_id(k->rq->arena, k->db, l->source, &folder));
    if (folder.kind != OBJECT_FOLDER || folder.is_deprecated)
        return OK;
    TRY(store_links_to(k->rq->arena, k->db, r->replacement->id, membership_note, &search));
    if (search.found)
        return OK; /* the submission put it there itself */
    TRY(has_member_add(k, &folder, r->replacement, &membership));
    TRY(has_member_add(k, &k->s->objects[0], &membership, &link));
    return store_folder_touch(k->rq->arena, k->db, folder.id);
}

static enum rc replace(struct keep *k, const struct keep_link *l)
{
    struct replacing r = { .keep = k, .replacement = l->source.object, .first_new = k->s->objects[0].id };

    TRY(store_links_to(k->rq->arena, k->db, l->target.object->id, folder_join, &r));
    return deprecate(&r, l->target.object->id);
}

/* New folders know the time already. */
static enum rc folders_touch(struct keep *k)
{
    for (const struct keep_link *l = k->links; l->association != NULL; l++) {
        if (l->source.kind == OBJECT_FOLDER && l->source.member == NULL)
            TRY(store_folder_touch(k->rq->arena, k->db, l->source.object->id));
    }
    return OK;
}

enum rc submission_effects(struct keep *k)
{
    TRY(folders_touch(k));
    for (const struct keep_link *l = k->links; l->association != NULL; l++) {
        if (l->kind->replaces)
            TRY(replace(k, l));
    }
    return OK;
}
