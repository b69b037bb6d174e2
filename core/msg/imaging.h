#pragma once
/*
 * iherad:RetrieveImagingDocumentSetRequest: RAD-69 and RAD-75 (RAD TF-2: 4.69, RAD TF-3: 4.75). Its answer is that of
 * ITI-43 (retrieve.h).
 */

#include "base/rc.h"
#include "model/document.h"
#include "model/issue.h"
#include "msg/retrieve.h"
#include "wire/xml.h"

struct arena;
struct buf;

struct imaging_request {
    struct document_request *instances;  /* each with its study and series */
    struct text_list *transfer_syntaxes; /* any of them will do; at least one */
};

/* E_REFUSED with an issue when body is something else, names no instance or no transfer syntax, or one lacks an id. */
MUST_CHECK enum rc imaging_request_decode(struct arena *a, const struct xml_node *body, struct imaging_request *out,
                                          struct issue_list *issues);
void imaging_request_encode(const struct imaging_request *r, struct buf *out);
