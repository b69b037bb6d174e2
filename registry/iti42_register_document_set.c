/*
 * ITI-42 Register Document Set-b (Document Repository -> Document Registry): all of a submission becomes visible, or
 * nothing of it. ITI TF-2: 3.42. What can be judged from the message alone is in submission_check.c, what needs the
 * registry's content in submission_keep.c, which runs within the writer's transaction.
 */
#include "registry/registry.h"

#include "registry/submission.h"

static void on_kept(struct request *rq, enum rc rc)
{
    struct registry_response response = { .status = REGISTRY_SUCCESS, .issues = rq->issues };

    if (rc == OK)
        registry_response_encode(&response, rq->reply);
    rq_done(rq, rc);
}

enum rc iti42_register_document_set(struct request *rq)
{
    struct submit_objects *submit = ARENA_NEW(rq->arena, struct submit_objects);

    TRY(submit_objects_decode(rq->arena, rq->body, ISSUE_XDS_REGISTRY_METADATA_ERROR, submit, &rq->issues));
    submission_check(rq, &submit->submission);
    if (rq->issues.errors > 0)
        return E_REFUSED;
    rq->state = &submit->submission;
    return rq_write(rq, submission_keep, on_kept);
}
