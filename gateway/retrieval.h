#pragma once
/*
 * Documents from several places as one answer (ITI TF-2: 3.39, 3.43): a Responding Gateway gathers from repositories,
 * an Initiating Gateway from communities. Each place is asked once for all of its documents; the answer keeps the order
 * of the request, and what could not be had is an error beside what could.
 */

#include "actor/request.h"
#include "base/rc.h"
#include "gateway/fan_out.h"
#include "model/community.h"
#include "model/issue.h"
#include "msg/retrieve.h"

/* Where some of the documents are. */
struct source {
    const struct community *community;
    int repository; /* number; 1 for a gateway */
    struct document_request *requests;
    struct ask *ask;
    bool is_excused;                     /* it named an error: what is missing is told already */
    struct document_response *documents; /* its answer, as far as not handed over */
    struct source *next;
};

struct wanted {
    const struct document_request *request;
    struct source *source;
    struct wanted *next;
};

struct retrieval {
    enum ask_kind kind;                  /* ASK_ITI43, ASK_RAD69 of repositories, ASK_ITI39, ASK_RAD75 of communities */
    enum issue_code unavailable;         /* a source that gives no usable answer */
    struct text_list *transfer_syntaxes; /* of images; NULL: documents are asked for */
    struct wanted *wanted, *last_wanted; /* in request order */
    struct source *sources;              /* in order of first appearance */
};

/*
 * What rq's body asks for, to be had by r->kind: documents, or images, whose transfer syntaxes r notes. E_REFUSED:
 * none, or more than an answer may carry.
 */
MUST_CHECK enum rc retrieval_decode(struct request *rq, struct retrieval *r, struct document_request **out);

/* A document asked for twice is fetched once. */
void retrieval_add(struct arena *a, struct retrieval *r, const struct document_request *request,
                   const struct community *community, int repository);

/*
 * Asks every source and answers rq with rq->issues, those found before included: LATER, or E_REFUSED when nothing can
 * be asked. Every document and error has its community's home.
 */
enum rc retrieval_run(struct request *rq, struct retrieval *r);
/*
 * The whole of a transaction. From communities: an Initiating Gateway asks each one that is named, its own among them.
 * From repositories: a Responding Gateway asks those of its own community, for what patients' consents let go
 * (disclosure.h). One bad DocumentRequest costs only its own document.
 */
enum rc retrieval_from_communities(struct request *rq, enum ask_kind kind);
enum rc retrieval_from_repositories(struct request *rq, enum ask_kind kind);
/* retrieval_run up to where the answers are there: then merges them. */
enum rc retrieval_ask(struct request *rq, struct retrieval *r, fan_out_then *then);

/* By repositoryUniqueId; NULL: it is not this community's. */
const struct repository *retrieval_repository(const struct community *c, const char *unique_id);

/* What came from the sources, as rq's response: rq->reply_parts hold the attachments, nothing is copied. */
void retrieval_merge(struct request *rq, struct retrieval *r, struct retrieve_response *out);
