/*
 * ITI-42 Register Document Set-b (Document Repository -> Document Registry): all of a submission becomes visible, or
 * nothing of it. ITI TF-2: 3.42. What the message alone tells is judged in submission_check.c, what needs the
 * registry's content in submission_judge.c, which runs within the writer's transaction.
 */
#include "registry/registry.h"

#include "registry/submission.h"

enum rc iti42_register_document_set(struct request *rq)
{
    return submission_serve(rq, SUBMISSION_STABLE);
}
