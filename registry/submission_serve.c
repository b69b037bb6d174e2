/* ITI-42 and ITI-61 from the body to the answer. */
#include "registry/submission.h"

#include "registry/registry.h"

static void on_kept(struct request *rq, enum rc rc)
{
    struct registry_response response = { .status = REGISTRY_SUCCESS, .issues = rq->issues };

    if (rc == OK)
        registry_response_encode(&response, rq->reply);
    rq_done(rq, rc);
}

enum rc submission_serve(struct request *rq, enum submission_kind kind)
{
    struct submit_objects *request = ARENA_NEW(rq->arena, struct submit_objects);
    struct submitting *s = ARENA_NEW(rq->arena, struct submitting);

    TRY(submit_objects_decode(rq->arena, rq->body, ISSUE_XDS_REGISTRY_METADATA_ERROR, request, &rq->issues));
    rq_rules_weigh(rq);
    *s = (struct submitting){ .submission = &request->submission, .kind = kind };
    submission_check(rq, s->submission, kind, &s->index);
    if (rq->issues.errors > 0)
        return E_REFUSED;
    TRY(submission_prepare(rq, s));
    rq->state = s;
    return rq_write(rq, submission_keep, on_kept);
}
