/*
 * ITI-43 Retrieve Document Set (Document Consumer -> Document Repository, On-Demand Document Source): documents leave
 * as attachments, straight from their files; on-demand ones are made first. ITI TF-2: 3.43.
 */
#include "msg/retrieve.h"
#include "repository/repository.h"
#include "repository/retrieval.h"

enum rc iti43_retrieve_document_set(struct request *rq)
{
    struct document_request *requests;

    TRY(retrieve_request_decode(rq->arena, rq->body, &requests, &rq->issues));
    return retrieval_serve(rq, requests, NULL, NULL);
}
