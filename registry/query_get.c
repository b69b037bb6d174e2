/*
 * Queries for objects by their ids, and for the associations of these: GetDocuments, GetFolders, GetAssociations,
 * GetDocumentsAndAssociations (ITI TF-2: 3.18.4.1.2.3.7.5 to .8).
 */
#include "registry/query.h"

enum rc query_get_documents(struct query *q)
{
    return query_each_named(q, &documents_named, query_add_passing, q);
}

enum rc query_get_folders(struct query *q)
{
    return query_each_named(q, &folders_named, query_add_passing, q);
}

static enum rc links_add(void *user, struct stored_object *o)
{
    return query_add_links(user, o->id);
}

enum rc query_get_associations(struct query *q)
{
    return query_each_named(q, &any_named, links_add, q);
}

static enum rc object_and_links_add(void *user, struct stored_object *o)
{
    struct query *q = user;

    TRY(query_add_passing(q, o));
    return query_has(q, o->id) ? query_add_links(q, o->id) : OK;
}

enum rc query_get_documents_and_associations(struct query *q)
{
    return query_each_named(q, &documents_named, object_and_links_add, q);
}
