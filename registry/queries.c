#include "registry/queries.h"

#include "registry/registry.h"
#include "registry/store.h"

#include <string.h>

static const struct stored_query queries[] = {
    { QUERY_FIND_DOCUMENTS, "FindDocuments", query_find_documents },
    { QUERY_GET_DOCUMENTS, "GetDocuments", query_get_documents },
};

const struct stored_query *stored_query_find(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        if (strcmp(queries[i].id, id) == 0)
            return &queries[i];
    }
    return NULL;
}

/* ---- results ---- */

static void run_add(struct request *rq, struct found *f, struct str run)
{
    if (f->run_count == f->capacity) {
        struct str *more = ARENA_ARRAY(rq->arena, struct str, f->capacity * 2 + 48);
        if (f->run_count > 0)
            memcpy(more, f->runs, f->run_count * sizeof(*more));
        f->runs = more;
        f->capacity = f->capacity * 2 + 48;
    }
    f->runs[f->run_count++] = run;
}

/* The stored XML lacks its status value, the one attribute that changes: it is put in here. */
static void add_leaf(struct request *rq, struct found *f, const struct stored_object *o)
{
    run_add(rq, f, (struct str){ o->leaf.data, o->status_at });
    run_add(rq, f, str_from(o->is_deprecated ? STATUS_DEPRECATED : STATUS_APPROVED));
    run_add(rq, f, (struct str){ o->leaf.data + o->status_at, o->leaf.len - o->status_at });
}

static void add_ref(struct request *rq, struct found *f, const struct stored_object *o)
{
    run_add(rq, f, str_from(arena_printf(rq->arena, "<rim:ObjectRef id=\"%s\"/>", o->uuid)));
}

void found_add(struct request *rq, const struct adhoc_query *q, struct found *f, const struct stored_object *object)
{
    if (q->return_type == RETURN_OBJECT_REF)
        add_ref(rq, f, object);
    else
        add_leaf(rq, f, object);
}

/* ---- parameters ---- */

enum rc param_required(struct request *rq, const struct adhoc_query *q, const char *name)
{
    if (query_param(q, name) != NULL)
        return OK;
    return rq_refuse(rq, ISSUE_XDS_STORED_QUERY_MISSING_PARAM, name, "%s requires the parameter %s",
                     stored_query_find(q->id)->name, name);
}

enum rc param_list(struct request *rq, const struct slot *param, struct text_list **out)
{
    if (query_values_parse(rq->arena, param, out) == OK)
        return OK;
    return rq_refuse(rq, ISSUE_XDS_REGISTRY_ERROR, param->name,
                     "the value of %s is not coded as ITI TF-2: 3.18.4.1.2.3 asks: 'text', a number, or a list "
                     "('a','b') with every quote within doubled",
                     param->name);
}

enum rc param_single(struct request *rq, const struct adhoc_query *q, const char *name, const char **out)
{
    const struct slot *param = query_param(q, name);
    struct text_list *values = NULL;

    *out = NULL;
    if (param == NULL)
        return OK;
    TRY(param_list(rq, param, &values));
    if (values == NULL)
        return OK;
    if (values->next != NULL)
        return rq_refuse(rq, ISSUE_XDS_STORED_QUERY_PARAM_NUMBER, name, "%s takes one value", name);
    *out = values->text;
    return OK;
}
