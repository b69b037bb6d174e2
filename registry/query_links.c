/* What queries add by the associations of an object. */
#include "registry/query.h"

#include "actor/request.h"

enum rc query_object(struct query *q, int64_t id, struct stored_object *out)
{
    return store_object_by_id(q->rq->arena, rq_db(q->rq), id, out);
}

enum rc query_add_association(struct query *q, int64_t association)
{
    struct stored_object o;

    if (query_has(q, association))
        return OK;
    TRY(query_object(q, association, &o));
    return query_add(q, &o);
}

static enum rc link_add(void *user, const struct stored_link *l)
{
    struct query *q = user;

    return query_link_passes(q, l) ? query_add_association(q, l->association) : OK;
}

enum rc query_add_links(struct query *q, int64_t object)
{
    TRY(store_links_from(q->rq->arena, rq_db(q->rq), object, link_add, q));
    return store_links_to(q->rq->arena, rq_db(q->rq), object, link_add, q);
}
