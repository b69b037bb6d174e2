/* GetDocuments: DocumentEntries by entryUUID or uniqueId (ITI TF-2: 3.18.4.1.2.3.7.5). */
#include "registry/queries.h"

#include "registry/registry.h"
#include "registry/store.h"

#define PARAM_UUID      "$XDSDocumentEntryEntryUUID"
#define PARAM_UNIQUE_ID "$XDSDocumentEntryUniqueId"

struct get {
    struct request *rq;
    const struct adhoc_query *query;
    struct found *found;
    int64_t patient; /* of the first document found */
};

/* No answer may span patients unless it holds references only (ITI TF-2: 3.18.4.1.2.3.8.1 and 3.18.4.1.3). */
static enum rc get_add(void *user, const struct stored_document *d)
{
    struct get *g = user;

    if (g->patient == 0)
        g->patient = d->object.patient;
    if (g->patient != d->object.patient && g->query->return_type == RETURN_LEAF_CLASS)
        return rq_refuse(
            g->rq, ISSUE_XDS_RESULT_NOT_SINGLE_PATIENT, d->object.unique_id,
            "the documents asked for belong to more than one patient; ask with returnType ObjectRef, or for one "
            "patient's at a time");
    found_add(g->rq, g->query, g->found, &d->object);
    return OK;
}

/* Exactly one of the two parameters names the documents. */
static enum rc get_choose(struct request *rq, const struct adhoc_query *q, const struct slot **param)
{
    const struct slot *uuid = query_param(q, PARAM_UUID), *unique_id = query_param(q, PARAM_UNIQUE_ID);

    if (uuid == NULL && unique_id == NULL)
        return rq_refuse(rq, ISSUE_XDS_STORED_QUERY_MISSING_PARAM, PARAM_UUID, "GetDocuments requires %s or %s",
                         PARAM_UUID, PARAM_UNIQUE_ID);
    if (uuid != NULL && unique_id != NULL)
        return rq_refuse(rq, ISSUE_XDS_STORED_QUERY_PARAM_NUMBER, PARAM_UNIQUE_ID,
                         "GetDocuments takes %s or %s, not both", PARAM_UUID, PARAM_UNIQUE_ID);
    *param = uuid != NULL ? uuid : unique_id;
    return OK;
}

enum rc query_get_documents(struct request *rq, const struct adhoc_query *q, struct found *found)
{
    struct get get = { .rq = rq, .query = q, .found = found };
    const struct slot *param = NULL;
    struct text_list *values;
    int community = rq->community->number;

    TRY(get_choose(rq, q, &param));
    TRY(param_list(rq, param, &values));
    bool by_uuid = text_equal(param->name, PARAM_UUID);
    for (const struct text_list *v = values; v != NULL; v = v->next) {
        if (by_uuid)
            TRY(store_documents_by_uuid(rq->arena, rq_db(rq), community, v->text, get_add, &get));
        else
            TRY(store_documents_by_unique_id(rq->arena, rq_db(rq), community, v->text, get_add, &get));
    }
    return OK;
}
