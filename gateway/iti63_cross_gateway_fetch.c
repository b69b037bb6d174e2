/*
 * ITI-63 Cross Gateway Fetch (Initiating Gateway -> Responding Gateway). ITI TF-1: 29 and ITI TF-2: 3.63, XCF. One
 * question, answered with the metadata and the documents: FindDocuments of the community's own registry (ITI-18), then
 * its own repositories (ITI-43). A document that cannot be had leaves its metadata, and an error.
 */
#include "gateway/gateway.h"

#include "base/arena.h"
#include "base/str.h"
#include "gateway/disclosure.h"
#include "gateway/fan_out.h"
#include "gateway/home.h"
#include "gateway/query_kind.h"
#include "gateway/retrieval.h"
#include "msg/adhoc_query.h"
#include "msg/ebrim.h"
#include "wire/ns.h"

struct fetch {
    bool is_restricted;
    struct adhoc_answer found; /* the registry's */
    struct retrieval documents;
};

/* ---- what is asked ---- */

static enum rc query_check(struct request *rq, const struct adhoc_query *q)
{
    const char *own = rq->community->home_community_id;

    if (!text_equal(q->id, QUERY_FETCH))
        return rq_rule(rq, RULE_XCF_QUERY, "AdhocQuery/@id",
                       "Cross Gateway Fetch has the one query " QUERY_FETCH ", not %s", q->id);
    if (q->home != NULL && !home_equal(q->home, own))
        return rq_rule(rq, RULE_XCA_HOME_OURS, "AdhocQuery/@home", "this gateway answers for %s alone, not for %s", own,
                       q->home);
    return OK;
}

/* ---- what is answered ---- */

static struct document_response *document_of(const struct retrieve_response *all, const char *unique_id)
{
    for (struct document_response *d = all->documents; d != NULL; d = d->next) {
        if (text_equal(d->document_unique_id, unique_id))
            return d;
    }
    return NULL;
}

static void document_attach(struct arena *a, struct xml_node *entry, const struct document_response *d)
{
    struct xml_node *document = xml_append(a, entry, NS_XDS, "Document");

    xml_set_attr(a, xml_append(a, document, NS_XOP, "Include"), "href", d->href);
}

static enum rc answer_encode(struct request *rq, const struct xml_node *object_list, enum registry_status status)
{
    struct buf *objects = buf_new(rq->arena, BUF_MAX_DEFAULT);

    for (const struct xml_node *o = xml_first_element(object_list); o != NULL; o = xml_next_element(o))
        xml_write_node(objects, o);
    if (objects->overflowed)
        return rq_refuse(rq, ISSUE_XDS_TOO_MANY_RESULTS, NULL, "the registry found too much; narrow the query");
    struct adhoc_response response = {
        .status = status,
        .issues = rq->issues,
        .objects = &(struct str){ objects->data, objects->len },
        .count = objects->len > 0,
    };
    adhoc_response_encode(&response, rq->reply);
    return OK;
}

static enum rc on_documents(struct request *rq, const struct fan_out *f UNUSED)
{
    struct fetch *fetch = rq->state;
    struct xml_node *list = fetch->found.object_list;
    struct retrieve_response all;

    retrieval_merge(rq, &fetch->documents, &all);
    for (struct xml_node *o = xml_child(list, NS_RIM, "ExtrinsicObject"); o != NULL; o = xml_next(o)) {
        const struct document_response *d = document_of(&all, ebrim_external_id(o, SCHEME_DOCUMENT_UNIQUE_ID));
        if (d != NULL)
            document_attach(rq->arena, o, d);
    }
    home_locate(&rq->issues, rq->community->home_community_id);
    return answer_encode(rq, list, rq->issues.errors > 0 ? REGISTRY_PARTIAL_SUCCESS : fetch->found.status);
}

/* ---- what is asked of the own actors ---- */

static void document_want(struct request *rq, struct retrieval *r, const struct xml_node *entry)
{
    struct document_request *d = ARENA_NEW(rq->arena, struct document_request);
    const struct repository *repository;

    d->repository_unique_id = ebrim_slot(rq->arena, entry, "repositoryUniqueId");
    d->document_unique_id = ebrim_external_id(entry, SCHEME_DOCUMENT_UNIQUE_ID);
    d->place = xml_attr(entry, "id");
    repository = retrieval_repository(rq->community, d->repository_unique_id);
    if (repository == NULL)
        rq_rule(rq, RULE_XCA_RETRIEVE_REPOSITORY, d->place, "%s: %s has no repository %s", d->document_unique_id,
                rq->community->name, d->repository_unique_id == NULL ? "without an id" : d->repository_unique_id);
    else
        retrieval_add(rq->arena, r, d, rq->community, repository->number);
}

static enum rc on_registry(struct request *rq, const struct fan_out *f)
{
    const struct call *call = f->first->call;
    const char *home = rq->community->home_community_id;
    struct fetch *fetch = rq->state;

    if (call->rc != OK || adhoc_answer_decode(rq->arena, call->body, &fetch->found) != OK) {
        ask_fail(f->first, ISSUE_XDS_REGISTRY_ERROR, "no AdhocQueryResponse came");
        return E_REFUSED;
    }
    home_pass_on(rq->arena, &rq->issues, &fetch->found.issues, home);
    if (fetch->found.status == REGISTRY_FAILURE)
        return E_REFUSED;
    struct xml_node *list = fetch->found.object_list;
    if (fetch->is_restricted)
        TRY(disclosure_filter(rq, list));
    home_stamp(rq->arena, list, home);
    for (struct xml_node *o = xml_child(list, NS_RIM, "ExtrinsicObject"); o != NULL; o = xml_next(o))
        document_want(rq, &fetch->documents, o);
    return retrieval_ask(rq, &fetch->documents, on_documents);
}

enum rc iti63_cross_gateway_fetch(struct request *rq)
{
    struct fetch *fetch = ARENA_NEW(rq->arena, struct fetch);
    struct adhoc_query query;
    struct patient_id patient;
    struct buf *body = fan_out_body(rq);

    fetch->documents.kind = ASK_ITI43;
    fetch->documents.unavailable = ISSUE_XDS_REPOSITORY_ERROR;
    rq->state = fetch;
    TRY(adhoc_fetch_decode(rq->arena, rq->body, &query, &rq->issues));
    TRY(query_check(rq, &query));
    TRY(query_patient(rq, &query, stored_query_find(QUERY_FIND_DOCUMENTS), &patient));
    TRY(disclosure_restricts(rq, &patient, &fetch->is_restricted));
    query.id = QUERY_FIND_DOCUMENTS;
    adhoc_query_encode(&query, body);
    return fan_out_ask(rq, ASK_ITI18, rq->community, body, on_registry, NULL);
}
