/*
 * ITI-57 Update Document Set (Document Administrator -> Document Registry): new versions of documents and folders,
 * changes of status, associations; all of a request or nothing of it. ITI TF-2: 3.57.
 */
#include "registry/registry.h"

#include "registry/update.h"

static void on_kept(struct request *rq, enum rc rc)
{
    struct registry_response response = { .status = REGISTRY_SUCCESS, .issues = rq->issues };

    if (rc == OK)
        registry_response_encode(&response, rq->reply);
    rq_done(rq, rc);
}

enum rc update_serve(struct request *rq, const struct update_rules *rules)
{
    struct submit_objects *submit = ARENA_NEW(rq->arena, struct submit_objects);
    struct update *update = ARENA_NEW(rq->arena, struct update);

    TRY(submit_objects_decode(rq->arena, rq->body, ISSUE_XDS_REGISTRY_METADATA_ERROR, submit, &rq->issues));
    rq_rules_weigh(rq);
    update_plan(rq, &submit->submission, rules, update);
    if (rq->issues.errors > 0)
        return E_REFUSED;
    rq->state = update;
    return rq_write(rq, update_keep, on_kept);
}

enum rc iti57_update_document_set(struct request *rq)
{
    return update_serve(rq, &update_of_documents);
}
