/*
 * Queries of ITI-51: they name several patients, or none but a code or reference id that leads to the objects
 * (ITI TF-2: 3.51.4.1.2).
 */
#include "registry/query.h"

#include "actor/request.h"
#include "registry/find.h"

#define LOOK_AT_MAX 50000 /* a loop must not be kept busy for long */

enum rc query_looked_check(struct query *q)
{
    if (q->looked_at > LOOK_AT_MAX)
        return rq_rule(q->rq, RULE_SQ_TOO_MANY, NULL,
                       "more than %d objects would have to be looked at; name patients, or codes that fewer have",
                       LOOK_AT_MAX);
    return OK;
}

static enum rc object_look(void *user, struct stored_object *o)
{
    struct query *q = user;

    q->looked_at++;
    TRY(query_looked_check(q));
    return query_add_passing(q, o);
}

/* Parameters that can lead to objects, the ones that lead to few first. */
static const struct param *leading(const struct query *q)
{
    static const enum param_id ids[] = { PARAM_REFERENCE_ID, PARAM_EVENT, PARAM_FOLDER_CODE, PARAM_CLASS,
                                         PARAM_FACILITY_TYPE };

    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        if (q->params.sent[ids[i]] != NULL)
            return q->params.sent[ids[i]];
    }
    die("%s asks for nothing that leads to objects", q->row->id);
}

const struct param *query_leading(const struct query *q)
{
    bool is_anywhere = q->row->run == query_find_multi && param_values(&q->params, q->row->patient) == NULL;

    return is_anywhere ? leading(q) : NULL;
}

static enum rc find_anywhere(struct query *q)
{
    const struct param *p = leading(q);
    int community = q->rq->community->number;
    struct text_list *values = p->values;

    if (!param_is_exact(p))
        TRY(find_values(q->rq->arena, rq_db(q->rq), community, p->row->key, p->values, query_fits(p), &values));
    for (const struct text_list *v = values; v != NULL; v = v->next)
        TRY(find_by_value(rq_db(q->rq), community, p->row->key, v->text, object_look, q));
    return OK;
}

enum rc query_find_multi(struct query *q)
{
    const struct text_list *patients = param_values(&q->params, q->row->patient);

    if (patients == NULL)
        return find_anywhere(q);
    for (; patients != NULL; patients = patients->next)
        TRY(query_each_of_patient(q, patients->text, q->row->kind, query_add_passing));
    return OK;
}
