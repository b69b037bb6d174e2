/* What a query found, as it will be answered. */
#include "registry/query.h"

#include "actor/request.h"
#include "msg/ebrim.h"

static void run_add(struct query *q, struct str run)
{
    if (q->run_count == q->run_capacity) {
        struct str *more = ARENA_ARRAY(q->rq->arena, struct str, q->run_capacity * 2 + 48);
        if (q->run_count > 0)
            memcpy(more, q->runs, q->run_count * sizeof(*more));
        q->runs = more;
        q->run_capacity = q->run_capacity * 2 + 48;
    }
    q->runs[q->run_count++] = run;
}

/* The stored XML lacks its status value, the one attribute that changes: it is put in here. */
static enum rc leaf_add(struct query *q, struct stored_object *o)
{
    TRY(store_object_leaf(q->rq->arena, rq_db(q->rq), o));
    run_add(q, (struct str){ o->leaf.data, o->status_at });
    run_add(q, str_from(o->is_deprecated ? STATUS_DEPRECATED : STATUS_APPROVED));
    run_add(q, (struct str){ o->leaf.data + o->status_at, o->leaf.len - o->status_at });
    return OK;
}

static void ref_add(struct query *q, const struct stored_object *o)
{
    struct xml_writer w;

    if (q->refs == NULL)
        q->refs = buf_new(q->rq->arena, BUF_MAX_DEFAULT);
    xw_init(&w, q->refs);
    ebrim_write_object_ref(&w, o->uuid, keys_next(o->keys, KEY_HOME, NULL));
}

/* An answer in full is about one patient, unless the query is for several (3.18.4.1.3). */
static enum rc patient_check(struct query *q, const struct stored_object *o)
{
    if (o->patient == 0 || q->sent->return_type == RETURN_OBJECT_REF || stored_query_find(q->row->id)->is_multi_patient)
        return OK;
    if (q->patient == 0)
        q->patient = o->patient;
    if (q->patient == o->patient)
        return OK;
    return rq_rule(q->rq, RULE_SQ_PATIENTS, o->unique_id,
                   "what was asked for belongs to more than one patient; ask with returnType ObjectRef, or for one "
                   "patient's at a time");
}

static enum rc limit_check(const struct query *q)
{
    if (q->limit == 0 || q->count < q->limit)
        return OK;
    if (q->sent->return_type == RETURN_OBJECT_REF)
        return rq_rule(q->rq, RULE_SQ_TOO_MANY, NULL,
                       "more than %zu objects are found, the most this registry refers to in an answer; narrow the "
                       "query",
                       q->limit);
    return rq_rule(q->rq, RULE_SQ_TOO_MANY, NULL,
                   "more than %zu objects are found, the most this registry returns as LeafClass; narrow the query, "
                   "or ask with returnType ObjectRef and then for some at a time",
                   q->limit);
}

enum rc query_add(struct query *q, struct stored_object *o)
{
    if (!id_set_add(q->rq->arena, &q->added, o->id))
        return OK;
    TRY(patient_check(q, o));
    TRY(limit_check(q));
    q->count++;
    if (q->sent->return_type == RETURN_LEAF_CLASS)
        return leaf_add(q, o);
    ref_add(q, o);
    return OK;
}

enum rc query_add_passing(void *user, struct stored_object *o)
{
    struct query *q = user;
    bool passes;

    TRY(query_passes(q, o, &passes));
    return passes ? query_add(q, o) : OK;
}

bool query_has(const struct query *q, int64_t object)
{
    return id_set_has(&q->added, object);
}
