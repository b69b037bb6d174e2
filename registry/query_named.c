/* Objects by the ids that parameters name. */
#include "registry/query.h"

#include "actor/request.h"

const struct naming documents_named = { OBJECT_DOCUMENT, PARAM_DOCUMENT_UUID, PARAM_DOCUMENT_UNIQUE_ID,
                                        PARAM_DOCUMENT_LOGICAL_ID };
const struct naming sets_named = { OBJECT_SUBMISSION_SET, PARAM_SET_UUID, PARAM_SET_UNIQUE_ID, PARAM_NONE };
const struct naming folders_named = { OBJECT_FOLDER, PARAM_FOLDER_UUID, PARAM_FOLDER_UNIQUE_ID,
                                      PARAM_FOLDER_LOGICAL_ID };
const struct naming any_named = { 0, PARAM_UUID, PARAM_NONE, PARAM_NONE };

struct looking {
    const struct naming *naming;
    object_visitor *each;
    void *user;
};

static enum rc of_kind(void *user, struct stored_object *o)
{
    struct looking *l = user;

    return l->naming->kind == 0 || o->kind == l->naming->kind ? l->each(l->user, o) : OK;
}

static enum rc by_uuid(struct query *q, const char *uuid, struct looking *l)
{
    struct stored_object o;
    enum rc rc = store_object_by_uuid(q->rq->arena, rq_db(q->rq), q->rq->community->number, uuid, &o);

    return rc == E_NOT_FOUND ? OK : rc != OK ? rc : of_kind(l, &o);
}

static enum rc by_unique_id(struct query *q, const char *unique_id, struct looking *l)
{
    return store_objects_by_unique_id(q->rq->arena, rq_db(q->rq), q->rq->community->number, unique_id, of_kind, l);
}

static enum rc by_logical_id(struct query *q, const char *lid, struct looking *l)
{
    return store_objects_by_lid(q->rq->arena, rq_db(q->rq), q->rq->community->number, lid, of_kind, l);
}

enum rc query_each_named(struct query *q, const struct naming *naming, object_visitor *each, void *user)
{
    const struct {
        enum param_id param;
        enum rc (*look)(struct query *q, const char *id, struct looking *l);
    } ways[] = { { naming->uuid, by_uuid },
                 { naming->unique_id, by_unique_id },
                 { naming->logical_id, by_logical_id } };
    struct looking l = { naming, each, user };

    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        for (const struct text_list *v = param_values(&q->params, ways[i].param); v != NULL; v = v->next)
            TRY(ways[i].look(q, v->text, &l));
    }
    return OK;
}
