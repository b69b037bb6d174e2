/*
 * GetRelatedDocuments: associations of the types asked for between a document and others, and the documents at their
 * ends, itself included (ITI TF-2: 3.18.4.1.2.3.7.13).
 */
#include "registry/query.h"

#include "actor/request.h"

static enum rc document_passes(struct query *q, int64_t id, struct stored_object *out, bool *passes)
{
    TRY(query_object(q, id, out));
    *passes = false;
    return out->kind == OBJECT_DOCUMENT ? query_passes(q, out, passes) : OK;
}

/* It is returned with both of its ends, or not at all. */
static enum rc relation_add(void *user, const struct stored_link *l)
{
    struct query *q = user;
    struct stored_object source, target;
    bool source_passes, target_passes;

    if (!query_link_passes(q, l) ||
        !text_list_has(param_values(&q->params, PARAM_ASSOCIATION_TYPE), link_type_urn(l->type)))
        return OK;
    TRY(document_passes(q, l->source, &source, &source_passes));
    TRY(document_passes(q, l->target, &target, &target_passes));
    if (!source_passes || !target_passes)
        return OK;
    TRY(query_add(q, &source));
    TRY(query_add(q, &target));
    return query_add_association(q, l->association);
}

static enum rc relations_of(void *user, struct stored_object *o)
{
    struct query *q = user;

    TRY(store_links_from(q->rq->arena, rq_db(q->rq), o->id, relation_add, q));
    return store_links_to(q->rq->arena, rq_db(q->rq), o->id, relation_add, q);
}

enum rc query_get_related_documents(struct query *q)
{
    return query_each_named(q, &documents_named, relations_of, q);
}
