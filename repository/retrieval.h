#pragma once
/*
 * Documents leave as attachments, straight from their files (ITI TF-2: 3.43.4.2): each for itself, so that an answer
 * may succeed in part.
 */

#include "actor/request.h"
#include "base/rc.h"
#include "base/str.h"
#include "msg/retrieve.h"

/* So much of a document is shown to a judge, unless it is shorter. */
#define RETRIEVAL_HEAD ((uint64_t)64 * 1024)

/* What a transaction has against a document that is there: E_REFUSED with an issue, or OK. */
typedef enum rc retrieval_judge(struct request *rq, const struct document_request *r, struct str head, void *user);

/*
 * The transaction's answer, a RetrieveDocumentSetResponse. judge NULL: nothing is to be judged, and what is not kept
 * may be made on demand.
 */
MUST_CHECK enum rc retrieval_serve(struct request *rq, struct document_request *requests, retrieval_judge *judge,
                                   void *user);
