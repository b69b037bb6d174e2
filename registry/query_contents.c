/*
 * Queries along HasMember: from members to what holds them (GetSubmissionSets, GetFoldersForDocument), and from a
 * submission set or folder to what it holds (ITI TF-2: 3.18.4.1.2.3.7.9 to .12).
 */
#include "registry/query.h"

#include "actor/request.h"

static bool is_membership(const struct query *q, const struct stored_link *l)
{
    return l->type == LINK_HAS_MEMBER && query_link_passes(q, l);
}

/* ---- from a member ---- */

static enum rc set_add(void *user, const struct stored_link *l)
{
    struct query *q = user;
    struct stored_object set;

    if (!is_membership(q, l))
        return OK;
    TRY(query_object(q, l->source, &set));
    if (set.kind != OBJECT_SUBMISSION_SET)
        return OK;
    TRY(query_add(q, &set));
    return query_add_association(q, l->association);
}

static enum rc sets_of(void *user, struct stored_object *o)
{
    struct query *q = user;

    if (o->kind != OBJECT_DOCUMENT && o->kind != OBJECT_FOLDER)
        return OK;
    return store_links_to(q->rq->arena, rq_db(q->rq), o->id, set_add, q);
}

enum rc query_get_submission_sets(struct query *q)
{
    return query_each_named(q, &any_named, sets_of, q);
}

static enum rc folder_add(void *user, const struct stored_link *l)
{
    struct query *q = user;
    struct stored_object folder;

    if (!is_membership(q, l))
        return OK;
    TRY(query_object(q, l->source, &folder));
    return folder.kind == OBJECT_FOLDER ? query_add_passing(q, &folder) : OK;
}

static enum rc folders_of(void *user, struct stored_object *o)
{
    struct query *q = user;

    return store_links_to(q->rq->arena, rq_db(q->rq), o->id, folder_add, q);
}

enum rc query_get_folders_for_document(struct query *q)
{
    return query_each_named(q, &documents_named, folders_of, q);
}

/* ---- from a submission set or folder ---- */

/* Documents and folders that pass, and how they belong to it. */
static enum rc member_add(void *user, const struct stored_link *l)
{
    struct query *q = user;
    struct stored_object member;

    if (!is_membership(q, l))
        return OK;
    TRY(query_object(q, l->target, &member));
    if (member.kind == OBJECT_ASSOCIATION)
        return OK;
    TRY(query_add_passing(q, &member));
    return query_has(q, member.id) ? query_add_association(q, l->association) : OK;
}

/* Associations that are members: those between what is returned. */
static enum rc association_add(void *user, const struct stored_link *l)
{
    struct query *q = user;
    struct stored_link member;
    enum rc rc;

    if (!is_membership(q, l))
        return OK;
    rc = store_link_of(rq_db(q->rq), l->target, &member);
    if (rc == E_NOT_FOUND) /* no association, but an object */
        return OK;
    TRY(rc);
    if (!query_link_passes(q, &member) || !query_has(q, member.source) || !query_has(q, member.target))
        return OK;
    TRY(query_add_association(q, member.association));
    return query_add_association(q, l->association);
}

static enum rc holder_add(void *user, struct stored_object *o)
{
    struct query *q = user;

    TRY(query_add_passing(q, o));
    if (!query_has(q, o->id))
        return OK;
    TRY(store_links_from(q->rq->arena, rq_db(q->rq), o->id, member_add, q));
    return store_links_from(q->rq->arena, rq_db(q->rq), o->id, association_add, q);
}

enum rc query_get_submission_set_and_contents(struct query *q)
{
    return query_each_named(q, &sets_named, holder_add, q);
}

enum rc query_get_folder_and_contents(struct query *q)
{
    return query_each_named(q, &folders_named, holder_add, q);
}
