/*
 * Queries for what a patient has: FindDocuments, FindDocumentsByReferenceId, FindSubmissionSets, FindFolders, GetAll
 * (ITI TF-2: 3.18.4.1.2.3.7.1 to .4, .14).
 */
#include "registry/query.h"

#include "actor/request.h"

/*
 * Nobody knows the patient, or the id was merged into another: an empty answer, not an error (ITI TF-3: Table
 * 4.2.4.1-2, ITI TF-2: 3.18.4.1.2.3.9). The surviving id has the objects of both.
 */
enum rc query_each_of_patient(struct query *q, const char *cx, enum object_kind kind, object_visitor *each)
{
    struct stored_patient patient;
    enum rc rc = store_patient_find(q->rq->arena, rq_db(q->rq), q->rq->community->number, cx, &patient);

    if (rc == E_NOT_FOUND)
        return OK;
    TRY(rc);
    return store_objects_of_patient(q->rq->arena, rq_db(q->rq), patient.id, kind, each, q);
}

enum rc query_find(struct query *q)
{
    return query_each_of_patient(q, param_values(&q->params, q->row->patient)->text, q->row->kind, query_add_passing);
}

/* ---- GetAll ---- */

/* The association objects are added behind the objects they link; those are the ones that were there before. */
static enum rc links_add(void *user, struct stored_object *o)
{
    struct query *q = user;

    return query_has(q, o->id) ? query_add_links(q, o->id) : OK;
}

enum rc query_get_all(struct query *q)
{
    static const enum object_kind kinds[] = { OBJECT_SUBMISSION_SET, OBJECT_DOCUMENT, OBJECT_FOLDER };
    const char *cx = param_values(&q->params, PARAM_PATIENT)->text;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        TRY(query_each_of_patient(q, cx, kinds[i], query_add_passing));
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        TRY(query_each_of_patient(q, cx, kinds[i], links_add));
    return OK;
}
