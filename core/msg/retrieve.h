#pragma once
/* xds:RetrieveDocumentSetRequest and …Response: ITI-43, ITI-39, and the like of ITI-86 (ITI TF-2: 3.43, 3.39, 3.86). */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "model/issue.h"
#include "msg/registry_response.h"
#include "wire/xml.h"

struct arena;

struct document_request {
    const char *home, *repository_unique_id, *document_unique_id;
    const char *study, *series; /* of an image (imaging.h); NULL otherwise */
    const char *place;
    struct document_request *next;
};

/* The ids of an element DocumentRequest, NULL what it does not say; and as that of XDS. */
void document_request_read(struct arena *a, const struct xml_node *n, struct document_request *out);
void document_request_write(struct xml_writer *w, const struct document_request *r);

/* E_REFUSED with an issue when body is something else, has no DocumentRequest, or one lacks an id. */
MUST_CHECK enum rc retrieve_request_decode(struct arena *a, const struct xml_node *body, struct document_request **out,
                                           struct issue_list *issues);
void retrieve_request_encode(const struct document_request *requests, struct buf *out);

/* rmd:RemoveDocumentsRequest (ITI-86), with the same contract. */
MUST_CHECK enum rc remove_documents_decode(struct arena *a, const struct xml_node *body, struct document_request **out,
                                           struct issue_list *issues);
void remove_documents_encode(const struct document_request *requests, struct buf *out);

struct document_response {
    const char *home, *repository_unique_id, *document_unique_id, *mime_type;
    const char *new_repository_unique_id, *new_document_unique_id;
    const char *href;        /* "cid:…" of the part that holds it; NULL when inline */
    struct str inline_bytes; /* decoded */
    struct document_response *next;
};

struct retrieve_response {
    enum registry_status status;
    struct issue_list issues;
    struct document_response *documents;
};

/* Success, PartialSuccess or Failure by what was found and what was not (ITI TF-2: 3.43.4.2.3). */
enum registry_status retrieve_status(const struct document_response *documents, const struct issue_list *issues);
void retrieve_response_encode(const struct retrieve_response *r, struct buf *out);
MUST_CHECK enum rc retrieve_response_decode(struct arena *a, const struct xml_node *body,
                                            struct retrieve_response *out);
