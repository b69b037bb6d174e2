#include "gateway/disclosure.h"

#include "base/arena.h"
#include "base/str.h"
#include "gateway/consent_store.h"
#include "gateway/fan_out.h"
#include "msg/adhoc_query.h"
#include "msg/ebrim.h"
#include "wire/ns.h"

#include <stdatomic.h>
#include <stdlib.h>

/* ---- anybody at all? ---- */

enum known { UNKNOWN, NOBODY, SOMEBODY, KNOWN_COUNT };

/* An enum known, and above it how often it was forgotten: what was read before does not count afterwards. */
static atomic_uint_fast64_t known;

void disclosure_changes(void)
{
    uint_fast64_t was = atomic_load(&known);

    while (!atomic_compare_exchange_weak(&known, &was, was - was % KNOWN_COUNT + SOMEBODY)) {
    }
}

void disclosure_forget(void)
{
    uint_fast64_t was = atomic_load(&known);

    while (!atomic_compare_exchange_weak(&known, &was, was - was % KNOWN_COUNT + KNOWN_COUNT + UNKNOWN)) {
    }
}

static enum rc nobody_restricts(struct request *rq, bool *out)
{
    uint_fast64_t was = atomic_load(&known);
    bool any;

    *out = was % KNOWN_COUNT == NOBODY;
    if (was % KNOWN_COUNT != UNKNOWN)
        return OK;
    TRY(consent_store_any(rq_db(rq), NULL, &any));
    atomic_compare_exchange_strong(&known, &was, was + (any ? SOMEBODY : NOBODY));
    *out = !any;
    return OK;
}

/* ---- one patient ---- */

static bool is_own(const struct request *rq, const struct patient_id *id)
{
    return text_equal(id->root, rq->community->patient_id_domain) && !text_absent(id->extension);
}

/* Whose id is not of this community is nobody's here, and the rule holds for them. */
static enum rc consent_get(struct request *rq, const struct patient_id *id, struct consent *out)
{
    *out = (struct consent){ .patient = id->extension, .state = CONSENT_GIVEN };
    return is_own(rq, id) ? consent_store_get(rq->arena, rq_db(rq), rq->community, id->extension, out) : OK;
}

enum rc disclosure_restricts(struct request *rq, const struct patient_id *patient, bool *out)
{
    struct consent consent;
    bool nobody;

    *out = false;
    TRY(nobody_restricts(rq, &nobody));
    if (nobody)
        return OK;
    TRY(consent_store_any(rq_db(rq), rq->community, out));
    if (!*out || patient == NULL)
        return OK;
    TRY(consent_get(rq, patient, &consent));
    *out = consent_restricts(&consent);
    return OK;
}

enum rc disclosure_is_withdrawn(struct request *rq, const struct patient_id *patient, bool *out)
{
    struct consent consent;
    bool nobody;

    *out = false;
    TRY(nobody_restricts(rq, &nobody));
    if (nobody)
        return OK;
    TRY(consent_get(rq, patient, &consent));
    *out = consent.state == CONSENT_WITHDRAWN;
    return OK;
}

/* ---- many objects ---- */

struct filter {
    struct request *rq;
    struct consent *known; /* of the patients met so far */
    const char **withheld; /* ids of objects */
    size_t count;
};

static enum rc consent_of(struct filter *f, const struct patient_id *id, const struct consent **out)
{
    struct consent *c = f->known;

    while (c != NULL && !text_equal(c->patient, id->extension))
        c = c->next;
    if (c == NULL) {
        c = ARENA_NEW(f->rq->arena, struct consent);
        TRY(consent_get(f->rq, id, c));
        c->next = f->known;
        f->known = c;
    }
    *out = c;
    return OK;
}

/* authors NULL: an object that nobody wrote, such as a folder. */
static enum rc object_judge(struct filter *f, const char *entry_uuid, const char *patient_id,
                            const struct author *authors, const char *source_patient_id)
{
    const struct consent *consent;
    struct patient_id id;

    if (entry_uuid == NULL || patient_id == NULL || patient_id_parse(f->rq->arena, patient_id, &id) != OK ||
        !is_own(f->rq, &id))
        return OK;
    TRY(consent_of(f, &id, &consent));
    bool covers = authors == NULL && source_patient_id == NULL
                      ? consent->state == CONSENT_GIVEN
                      : consent_covers(f->rq->arena, consent, f->rq->community, authors, source_patient_id);
    if (!covers)
        f->withheld[f->count++] = entry_uuid;
    return OK;
}

static enum rc objects_judge(struct filter *f, const struct submission *s)
{
    for (const struct document_entry *d = s->documents; d != NULL; d = d->next)
        TRY(object_judge(f, d->entry_uuid, d->patient_id, d->authors, d->source_patient_id));
    for (const struct submission_set *set = s->sets; set != NULL; set = set->next)
        TRY(object_judge(f, set->entry_uuid, set->patient_id, set->authors, NULL));
    for (const struct folder *folder = s->folders; folder != NULL; folder = folder->next)
        TRY(object_judge(f, folder->entry_uuid, folder->patient_id, NULL, NULL));
    return OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_withheld(const struct filter *f, const char *id)
{
    return id != NULL && bsearch(&id, f->withheld, f->count, sizeof(*f->withheld), by_text) != NULL;
}

static void objects_remove(const struct filter *f, struct xml_node *list)
{
    for (struct xml_node *o = xml_first_element(list), *next; o != NULL; o = next) {
        next = xml_next_element(o);
        if (is_withheld(f, xml_attr(o, "id")) || is_withheld(f, xml_attr(o, "sourceObject")) ||
            is_withheld(f, xml_attr(o, "targetObject")))
            xml_remove(o);
    }
}

static size_t count_of(const struct xml_node *list)
{
    size_t n = 0;

    for (const struct xml_node *o = xml_first_element(list); o != NULL; o = xml_next_element(o))
        n++;
    return n;
}

enum rc disclosure_filter(struct request *rq, struct xml_node *object_list)
{
    struct filter f = { .rq = rq };
    struct issue_list ignored = { 0 }; /* what a registry returns was judged when it came in */
    struct submission objects = { 0 };

    if (object_list == NULL)
        return OK;
    f.withheld = ARENA_ARRAY(rq->arena, const char *, count_of(object_list) + 1);
    ebrim_decode(rq->arena, object_list, ISSUE_XDS_REGISTRY_METADATA_ERROR, &objects, &ignored);
    TRY(objects_judge(&f, &objects));
    if (f.count == 0)
        return OK;
    qsort(f.withheld, f.count, sizeof(*f.withheld), by_text);
    objects_remove(&f, object_list);
    rq_info(rq, "consent keeps %zu objects back", f.count);
    return OK;
}

void disclosure_refer(struct request *rq, struct xml_node *object_list)
{
    for (struct xml_node *o = xml_first_element(object_list); o != NULL; o = xml_next_element(o)) {
        const char *id = xml_attr(o, "id");
        o->name = "ObjectRef";
        o->attrs = NULL;
        o->first = o->last = NULL;
        xml_set_attr(rq->arena, o, "id", id);
    }
}

/* ---- documents by uniqueId ---- */

struct enquiry {
    struct document_request *wanted;
    enum rc (*proceed)(struct request *rq, struct document_request *allowed);
};

static bool is_registered(const struct xml_node *list, const char *unique_id)
{
    for (struct xml_node *o = xml_child(list, NS_RIM, "ExtrinsicObject"); o != NULL; o = xml_next(o)) {
        if (text_equal(ebrim_external_id(o, SCHEME_DOCUMENT_UNIQUE_ID), unique_id))
            return true;
    }
    return false;
}

/* In the words of a repository that does not have it. */
static void document_refuse(struct request *rq, const struct document_request *d)
{
    rq_rule(rq, RULE_RET_DOCUMENT, d->place, "repository %s has no document %s that is registered",
            d->repository_unique_id, d->document_unique_id);
}

static enum rc on_registry(struct request *rq, const struct fan_out *f)
{
    const struct enquiry *e = f->user;
    struct document_request *allowed = NULL, **end = &allowed;
    struct adhoc_answer answer;

    if (f->first->call->rc != OK || adhoc_answer_decode(rq->arena, f->first->call->body, &answer) != OK ||
        answer.status == REGISTRY_FAILURE) {
        ask_fail(f->first, ISSUE_XDS_REPOSITORY_ERROR, "it does not say whose documents these are");
        return E_REFUSED;
    }
    TRY(disclosure_filter(rq, answer.object_list));
    for (struct document_request *d = e->wanted, *next; d != NULL; d = next) {
        next = d->next;
        d->next = NULL;
        if (!is_registered(answer.object_list, d->document_unique_id)) {
            document_refuse(rq, d);
            continue;
        }
        *end = d;
        end = &d->next;
    }
    return e->proceed(rq, allowed);
}

enum rc disclosure_ask(struct request *rq, struct document_request *wanted,
                       enum rc (*proceed)(struct request *rq, struct document_request *allowed))
{
    struct enquiry *e = ARENA_NEW(rq->arena, struct enquiry);
    struct adhoc_query q = { .id = QUERY_GET_DOCUMENTS, .return_type = RETURN_LEAF_CLASS };
    struct text_list *ids = NULL, **end = &ids;
    struct buf *body = fan_out_body(rq);

    *e = (struct enquiry){ wanted, proceed };
    for (const struct document_request *d = wanted; d != NULL; d = d->next) {
        *end = ARENA_NEW(rq->arena, struct text_list);
        (*end)->text = d->document_unique_id;
        end = &(*end)->next;
    }
    query_param_add(rq->arena, &q, "$XDSDocumentEntryUniqueId", query_quote_list(rq->arena, ids));
    adhoc_query_encode(&q, body);
    return fan_out_ask(rq, ASK_ITI18, rq->community, body, on_registry, e);
}
