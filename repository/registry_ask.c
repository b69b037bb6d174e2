#include "repository/registry_ask.h"

#include "actor/daemon.h"
#include "msg/ebrim.h"

#define ACTION_QUERY "urn:ihe:iti:2007:RegistryStoredQuery"
#define LOINC        "2.16.840.1.113883.6.1"

struct adhoc_query registry_query(const char *id)
{
    return (struct adhoc_query){ .id = id, .return_type = RETURN_LEAF_CLASS };
}

struct adhoc_query registry_query_documents(struct arena *a, const struct text_list *unique_ids)
{
    struct adhoc_query q = registry_query(QUERY_GET_DOCUMENTS);

    query_param_add(a, &q, "$XDSDocumentEntryUniqueId", query_quote_list(a, unique_ids));
    query_param_add(a, &q, "$MetadataLevel", "2");
    return q;
}

/* "('text')" */
static const char *one(struct arena *a, const char *text)
{
    return query_quote_list(a, &(struct text_list){ .text = text });
}

struct adhoc_query registry_query_patient(struct arena *a, const char *patient_id, const char *type_code,
                                          const char *object_type)
{
    struct adhoc_query q = registry_query(QUERY_FIND_DOCUMENTS);

    query_param_add(a, &q, "$XDSDocumentEntryPatientId", query_quote(a, patient_id));
    query_param_add(a, &q, "$XDSDocumentEntryStatus", one(a, STATUS_APPROVED));
    query_param_add(a, &q, "$XDSDocumentEntryTypeCode", one(a, arena_printf(a, "%s^^" LOINC, type_code)));
    query_param_add(a, &q, "$XDSDocumentEntryType", one(a, object_type));
    return q;
}

enum rc registry_ask(struct request *rq, const struct adhoc_query *query,
                     void (*then)(struct request *rq, struct call *call), void *user)
{
    struct buf *body = buf_new(rq->arena, BUF_MAX_DEFAULT);
    struct call_spec spec = {
        .url = daemon_peer_url(rq->arena, rq->service->daemon, rq->community, "registry", 1),
        .action = ACTION_QUERY,
        .transaction = "ITI-18",
        .body = body,
    };

    adhoc_query_encode(query, body);
    return rq_call(rq, &spec, then, user);
}

/* The first of its errors, or what else there is to say. */
static const char *failure_of(const struct adhoc_answer *answer)
{
    return answer->issues.first != NULL ? answer->issues.first->text : "it gave no reason";
}

enum rc registry_answer(struct request *rq, const struct call *call, struct document_entry **out, const char **why)
{
    struct issue_list broken = { 0 };
    struct submission found = { 0 };
    struct adhoc_answer answer;

    if (call->rc != OK) {
        *why = arena_printf(rq->arena, "the registry at %s gave no answer: %s", call->url, call->why);
        return E_PEER;
    }
    if (adhoc_answer_decode(rq->arena, call->body, &answer) != OK) {
        *why = arena_printf(rq->arena, "what the registry at %s answered is no AdhocQueryResponse", call->url);
        return E_PEER;
    }
    if (answer.status == REGISTRY_FAILURE) {
        *why = arena_printf(rq->arena, "the registry at %s refused the query: %s", call->url, failure_of(&answer));
        return E_PEER;
    }
    if (answer.object_list != NULL)
        ebrim_decode(rq->arena, answer.object_list, ISSUE_XDS_REGISTRY_METADATA_ERROR, &found, &broken);
    *out = found.documents;
    return OK;
}
