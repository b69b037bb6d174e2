#pragma once
/* What the repository asks the community's registry (ITI-18), as any Document Consumer would. */

#include "actor/call.h"
#include "actor/request.h"
#include "model/document.h"
#include "msg/adhoc_query.h"

/* Begins a stored query that returns whole objects; parameters follow by query_param_add. */
struct adhoc_query registry_query(const char *id);
/* GetDocuments of uniqueIds, whatever their availability (XDS Metadata Update: 3.18.4.1.2.3.5.1.1). */
struct adhoc_query registry_query_documents(struct arena *a, const struct text_list *unique_ids);
/* FindDocuments of a patient: Approved ones of a LOINC type code; object_type is one of TYPE_…_DOCUMENT. */
struct adhoc_query registry_query_patient(struct arena *a, const char *patient_id, const char *type_code,
                                          const char *object_type);

/* Returns LATER; then(rq, call) as of rq_call. */
enum rc registry_ask(struct request *rq, const struct adhoc_query *query,
                     void (*then)(struct request *rq, struct call *call), void *user);

/* The entries of its answer. E_PEER with *why, a phrase, when it did not answer, or answered with a failure. */
MUST_CHECK enum rc registry_answer(struct request *rq, const struct call *call, struct document_entry **out,
                                   const char **why);
