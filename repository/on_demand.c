#include "repository/on_demand.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/ids.h"
#include "model/oid.h"
#include "msg/ebrim.h"
#include "repository/provision.h"
#include "repository/registry_ask.h"
#include "repository/store.h"
#include "world/medication_list.h"

#include <string.h>

#define ACTION_RETRIEVE   "urn:ihe:iti:2007:RetrieveDocumentSet"
#define PRESCRIPTIONS_MAX DOCUMENTS_MAX /* what a repository hands out at once */

struct making {
    const struct repository *repository;
    struct on_demand_document *documents;
    void (*then)(struct request *rq);
    void *state; /* rq's, while this has its place */

    struct document_entry *entries;     /* what the registry has of them */
    struct on_demand_document *at;      /* the one being made … */
    const struct document_entry *entry; /* … its entry … */
    struct prescription *prescriptions; /* … and what it is made of */
    int under_way;                      /* repositories that have not answered yet */
};

static void making_next(struct request *rq);

static void document_fail(struct making *m, const char *why)
{
    m->at->rc = E_REFUSED;
    m->at->why = why;
}

/* ---- kept: the list becomes a document of its own (ITI TF-2: 3.43.4.2.3) ---- */

static void on_snapshot(struct request *rq, enum rc rc)
{
    struct making *m = rq->state;

    if (rc == OK)
        m->at->is_kept = true;
    else
        document_fail(m, arena_printf(rq->arena, "the snapshot of on-demand document %s could not be %s",
                                      m->at->request->document_unique_id, rc == E_REFUSED ? "registered" : "stored"));
    making_next(rq);
}

static struct document_entry *snapshot_entry(struct request *rq, const struct making *m, const char *now)
{
    struct document_entry *d = ARENA_NEW(rq->arena, struct document_entry);
    char *hash = arena_alloc(rq->arena, SHA1_HEX_LEN);

    sha1_hex(m->at->bytes, hash);
    *d = *m->entry;
    d->entry_uuid = ids_urn(rq->arena);
    d->logical_id = d->version = d->availability_status = d->home_community_id = NULL;
    d->object_type = TYPE_STABLE_DOCUMENT;
    d->unique_id = m->at->unique_id;
    d->creation_time = now;
    d->hash = hash;
    d->size = arena_printf(rq->arena, "%zu", m->at->bytes.len);
    d->details = NULL;
    d->next = NULL;
    return d;
}

static struct association *link_new(struct request *rq, const char *type, const char *source, const char *target)
{
    struct association *as = ARENA_NEW(rq->arena, struct association);

    *as = (struct association){ .entry_uuid = ids_urn(rq->arena), .type = type, .source = source, .target = target };
    return as;
}

static void submission_write(struct request *rq, struct document_entry *d, const char *on_demand, struct buf *out)
{
    struct submission_set set = { .entry_uuid = ids_urn(rq->arena),
                                  .unique_id = ids_oid(rq->arena),
                                  .source_id = oid_of_urn(rq->community->home_community_id),
                                  .patient_id = d->patient_id,
                                  .submission_time = d->creation_time,
                                  .title = d->title,
                                  .content_type_code = d->class_code,
                                  .authors = d->authors };
    struct association *member = link_new(rq, ASSOC_HAS_MEMBER, set.entry_uuid, d->entry_uuid);

    member->submission_set_status = "Original";
    member->next = link_new(rq, ASSOC_IS_SNAPSHOT, d->entry_uuid, on_demand);
    submit_objects_encode(&(struct submission){ .sets = &set, .documents = d, .associations = member }, out);
}

static void snapshot_keep(struct request *rq, struct making *m)
{
    struct provision *p = ARENA_NEW(rq->arena, struct provision);
    struct deposit *deposit = ARENA_NEW(rq->arena, struct deposit);
    char *now = arena_alloc(rq->arena, CLOCK_DTM_LEN);

    clock_dtm(clock_now(), now);
    struct document_entry *d = snapshot_entry(rq, m, now);
    *deposit = (struct deposit){ .entry = d, .bytes = m->at->bytes, .size = m->at->bytes.len, .sha1 = d->hash };
    *p = (struct provision){ .repository = m->repository,
                             .deposits = deposit,
                             .metadata = buf_new(rq->arena, BUF_MAX_DEFAULT),
                             .then = on_snapshot };
    submission_write(rq, d, m->entry->entry_uuid, p->metadata);
    provision_run(rq, p);
}

/* ---- made: from the prescriptions that were handed out ---- */

static void list_make(struct request *rq, struct making *m)
{
    const struct paper_form *form = rq->service->daemon->list_form;
    struct buf *out = buf_new(rq->arena, BUF_MAX_DEFAULT);
    struct stored_document known;

    m->at->unique_id = medication_list_id(rq->arena, form, rq->community, m->entry, m->prescriptions);
    m->at->mime_type = "text/xml";
    medication_list_write(rq->arena, form, rq->community, m->entry, m->at->unique_id, m->prescriptions, out);
    m->at->bytes = buf_str(out);
    m->at->rc = OK;
    if (rq->community->on_demand != ON_DEMAND_PERSISTED) {
        making_next(rq);
        return;
    }
    enum rc rc = store_document_find(rq->arena, rq_db(rq), m->repository->unique_id, m->at->unique_id, &known);
    if (rc == E_NOT_FOUND)
        snapshot_keep(rq, m);
    else
        on_snapshot(rq, rc);
}

/* ---- handed out: by the repositories that have them ---- */

static void octets_take(struct making *m, const struct document_response *d, struct part *parts)
{
    struct part *part = d->href != NULL ? part_find(parts, d->href) : NULL;

    for (struct prescription *p = m->prescriptions; p != NULL; p = p->next) {
        if (text_equal(p->entry->unique_id, d->document_unique_id))
            p->bytes = part != NULL ? part->bytes : d->inline_bytes;
    }
}

/* A repository that answers may lack some of them, which the list then says; one that does not leaves it untrue. */
static void on_octets(struct request *rq, struct call *call)
{
    struct making *m = rq->state;
    struct retrieve_response response = { 0 };

    if (call->rc != OK || retrieve_response_decode(rq->arena, call->body, &response) != OK)
        document_fail(m, arena_printf(rq->arena, "the prescriptions at %s cannot be read: %s", call->url,
                                      call->rc != OK ? call->why : "it answered something else"));
    for (const struct document_response *d = response.documents; d != NULL; d = d->next)
        octets_take(m, d, call->parts);
    if (--m->under_way > 0)
        return;
    if (m->at->rc == OK)
        list_make(rq, m);
    else
        making_next(rq);
}

static struct document_request *requests_of(struct request *rq, const struct making *m, const char *repository)
{
    struct document_request *first = NULL, **end = &first;

    for (const struct prescription *p = m->prescriptions; p != NULL; p = p->next) {
        if (!text_equal(p->entry->repository_unique_id, repository))
            continue;
        *end = ARENA_NEW(rq->arena, struct document_request);
        (*end)->repository_unique_id = repository;
        (*end)->document_unique_id = p->entry->unique_id;
        end = &(*end)->next;
    }
    return first;
}

static void repository_ask(struct request *rq, struct making *m, const struct repository *r)
{
    const struct document_request *requests = requests_of(rq, m, r->unique_id);
    struct buf *body = buf_new(rq->arena, BUF_MAX_DEFAULT);

    if (requests == NULL)
        return;
    retrieve_request_encode(requests, body);
    struct call_spec spec = {
        .url = daemon_peer_url(rq->arena, rq->service->daemon, rq->community, "repository", r->number),
        .action = ACTION_RETRIEVE,
        .transaction = "ITI-43",
        .body = body,
        .mtom = true,
    };
    m->under_way++;
    rq_call(rq, &spec, on_octets, NULL);
}

/* ---- named: by the registry ---- */

static enum rc prescriptions_take(struct request *rq, struct making *m, const struct document_entry *d)
{
    struct prescription **end = &m->prescriptions;
    size_t count = 0;

    for (; d != NULL; d = d->next, count++, end = &(*end)->next) {
        *end = ARENA_NEW(rq->arena, struct prescription);
        (*end)->entry = d;
    }
    return count <= PRESCRIPTIONS_MAX ? OK : E_LIMIT;
}

static void on_prescriptions(struct request *rq, struct call *call)
{
    struct making *m = rq->state;
    struct document_entry *found;

    m->prescriptions = NULL;
    if (registry_answer(rq, call, &found, &m->at->why) != OK) {
        document_fail(m, m->at->why);
    } else if (prescriptions_take(rq, m, found) != OK) {
        document_fail(m, arena_printf(rq->arena, "there are more than %d prescriptions to make %s of",
                                      PRESCRIPTIONS_MAX, m->at->request->document_unique_id));
    } else {
        m->at->rc = OK;
        for (const struct repository *r = rq->community->repositories; r != NULL; r = r->next)
            repository_ask(rq, m, r);
        if (m->under_way > 0)
            return;
        list_make(rq, m); /* of nothing */
        return;
    }
    making_next(rq);
}

/* The on-demand entry of this repository, whatever its status (ITI TF-2: 3.43.4.1.3). */
static const struct document_entry *entry_of(const struct making *m)
{
    const struct document_entry *d = m->entries;

    while (d != NULL && !(text_equal(d->unique_id, m->at->request->document_unique_id) &&
                          text_equal(d->object_type, TYPE_ON_DEMAND_DOCUMENT) &&
                          text_equal(d->repository_unique_id, m->repository->unique_id)))
        d = d->next;
    return d;
}

static bool is_list(const struct document_entry *d)
{
    return d->type_code != NULL && text_equal(d->type_code->code, MEDICATION_LIST_CODE);
}

/* True: something is under way. */
static bool document_begin(struct request *rq, struct making *m)
{
    m->entry = entry_of(m);
    m->at->rc = E_NOT_FOUND;
    if (m->entry == NULL)
        return false;
    if (!is_list(m->entry) || m->entry->patient_id == NULL) {
        document_fail(m, arena_printf(rq->arena,
                                      "on-demand document %s is none that this repository can make: its typeCode is "
                                      "not " MEDICATION_LIST_CODE " of LOINC (medication list)",
                                      m->at->request->document_unique_id));
        return false;
    }
    struct adhoc_query q = registry_query_patient(rq->arena, m->entry->patient_id, PRESCRIPTION_CODE,
                                                  TYPE_STABLE_DOCUMENT);
    registry_ask(rq, &q, on_prescriptions, NULL);
    return true;
}

/* ---- one after the other ---- */

static void making_next(struct request *rq)
{
    struct making *m = rq->state;

    do {
        m->at = m->at == NULL ? m->documents : m->at->next;
    } while (m->at != NULL && !document_begin(rq, m));
    if (m->at != NULL)
        return;
    rq->state = m->state;
    m->then(rq);
}

static void on_entries(struct request *rq, struct call *call)
{
    struct making *m = rq->state;
    const char *why;

    if (registry_answer(rq, call, &m->entries, &why) == OK) {
        making_next(rq);
        return;
    }
    for (m->at = m->documents; m->at != NULL; m->at = m->at->next)
        document_fail(m, arena_printf(rq->arena,
                                      "document %s is not kept here, and whether it is made on demand cannot be told: "
                                      "%s",
                                      m->at->request->document_unique_id, why));
    rq->state = m->state;
    m->then(rq);
}

enum rc on_demand_make(struct request *rq, const struct repository *repository, struct on_demand_document *documents,
                       void (*then)(struct request *rq))
{
    struct making *m = ARENA_NEW(rq->arena, struct making);
    struct text_list *ids = NULL, **end = &ids;

    *m = (struct making){ .repository = repository, .documents = documents, .then = then, .state = rq->state };
    rq->state = m;
    for (const struct on_demand_document *d = documents; d != NULL; d = d->next, end = &(*end)->next) {
        *end = ARENA_NEW(rq->arena, struct text_list);
        (*end)->text = d->request->document_unique_id;
    }
    struct adhoc_query q = registry_query_documents(rq->arena, ids);
    return registry_ask(rq, &q, on_entries, NULL);
}
