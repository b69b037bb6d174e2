/* ITI-41, 42, 43, 39, 86: documents and what is registered of them (ITI TF-2: 3.41, 3.42, 3.43, 3.39, 3.86). */
#include "cli/exchange.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/document.h"
#include "model/oid.h"
#include "msg/retrieve.h"
#include "msg/submit_objects.h"
#include "world/medication_list.h"

#include <string.h>

#define DOCUMENT_CONTENT_ID "document@kakehashi"

/* What a referral is, in the codes a Japanese affinity domain would use; content of another kind has another title. */
static struct code referral = { .code = "57133-1", .scheme = LOINC, .display = "診療情報提供書" };
static struct code medication_list = { .code = MEDICATION_LIST_CODE,
                                       .scheme = LOINC,
                                       .display = MEDICATION_LIST_TITLE };
static struct code format = { .code = "urn:ihe:iti:xds:2017:mimeTypeSufficient",
                              .scheme = "1.3.6.1.4.1.19376.1.2.3",
                              .display = "mimeType Sufficient" };
static struct code hospital = { .code = "HOSP", .scheme = "2.16.840.1.113883.5.111", .display = "病院" };
static struct code general_medicine = { .code = "394802001",
                                        .scheme = "2.16.840.1.113883.6.96",
                                        .display = "一般内科" };
static struct code normal = { .code = "N", .scheme = "2.16.840.1.113883.5.25", .display = "normal" };

static const char *param(const struct exchange *x, const char *name, const char *otherwise)
{
    const char *value = vars_get(&x->params, name);

    return text_absent(value) ? otherwise : value;
}

static enum rc cx_param(struct exchange *x, const char *name, const char *domain, const char **out)
{
    struct patient_id id;

    TRY(exchange_id(x, vars_get(&x->params, name), domain, &id));
    *out = patient_id_cx(x->arena, &id);
    return OK;
}

static struct text_list *text_list_of(struct arena *a, const char *text)
{
    struct text_list *list = ARENA_NEW(a, struct text_list);

    list->text = text;
    return list;
}

/* ---- ITI-41, ITI-42 ---- */

/* "鳥取 病院" and its OID as XON; the institution is what Japanese registries ask of an author. */
static struct author *author_of(struct exchange *x)
{
    struct author *author = ARENA_NEW(x->arena, struct author);
    const char *oid = param(x, "source", oid_of_urn((x->from ? x->from : x->to)->home_community_id));
    const char *name = param(x, "provider", x->from ? x->from->name : "Kakehashi");

    author->institutions = text_list_of(x->arena, arena_printf(x->arena, "%s^^^^^^^^^%s", name, oid));
    author->person = vars_get(&x->params, "author");
    return author;
}

/* PID-3, PID-5, PID-7, PID-8 as far as they were said (ITI TF-3: 4.2.3.2.23). */
static struct text_list *patient_info_of(struct exchange *x, const char *source_patient_id)
{
    const char *family = vars_get(&x->params, "family"), *kana = vars_get(&x->params, "family-kana");
    struct text_list *list = text_list_of(x->arena, arena_printf(x->arena, "PID-3|%s", source_patient_id));
    struct text_list **end = &list->next;

    if (family != NULL) {
        const char *names = arena_printf(x->arena, "PID-5|%s^%s^^^^^L^I", family, param(x, "given", ""));
        if (kana != NULL)
            names = arena_printf(x->arena, "%s~%s^%s^^^^^L^P", names, kana, param(x, "given-kana", ""));
        *end = text_list_of(x->arena, names);
        end = &(*end)->next;
    }
    if (vars_get(&x->params, "birth") != NULL) {
        *end = text_list_of(x->arena, arena_printf(x->arena, "PID-7|%s", vars_get(&x->params, "birth")));
        end = &(*end)->next;
    }
    if (vars_get(&x->params, "gender") != NULL)
        *end = text_list_of(x->arena, arena_printf(x->arena, "PID-8|%s", vars_get(&x->params, "gender")));
    return list;
}

static const char *now_dtm(struct arena *a)
{
    char dtm[CLOCK_DTM_LEN];

    clock_dtm(clock_now(), dtm);
    return arena_strdup(a, dtm);
}

/* --type: a LOINC code, which the title calls by its name; otherwise what there is to be sent. */
static void kind_fill(struct exchange *x, struct code *usual, struct document_entry *d)
{
    const char *code = vars_get(&x->params, "type");

    d->title = param(x, "title", usual->display);
    d->class_code = d->type_code = usual;
    if (text_absent(code))
        return;
    d->class_code = d->type_code = ARENA_NEW(x->arena, struct code);
    *d->type_code = (struct code){ .code = code, .scheme = LOINC, .display = param(x, "title", code) };
}

enum rc exchange_entry_fill(struct exchange *x, struct document_entry *d)
{
    TRY(cx_param(x, "patient", x->to->patient_id_domain, &d->patient_id));
    d->source_patient_id = d->patient_id;
    if (vars_get(&x->params, "source-patient") != NULL)
        TRY(cx_param(x, "source-patient", x->to->patient_id_domain, &d->source_patient_id));
    d->entry_uuid = ids_urn(x->arena);
    d->object_type = TYPE_STABLE_DOCUMENT;
    d->unique_id = param(x, "document", NULL);
    if (d->unique_id == NULL)
        d->unique_id = ids_oid(x->arena);
    d->mime_type = param(x, "mime", "text/xml");
    kind_fill(x, &referral, d);
    d->format_code = &format;
    d->healthcare_facility_type_code = &hospital;
    d->practice_setting_code = &general_medicine;
    d->confidentiality_codes = &normal;
    d->authors = author_of(x);
    d->creation_time = d->service_start_time = now_dtm(x->arena);
    d->language_code = "ja-JP";
    d->source_patient_info = patient_info_of(x, d->source_patient_id);
    return OK;
}

struct submission_set *exchange_set_of(struct exchange *x, const struct document_entry *d)
{
    struct submission_set *s = ARENA_NEW(x->arena, struct submission_set);

    s->entry_uuid = ids_urn(x->arena);
    s->unique_id = ids_oid(x->arena);
    s->source_id = param(x, "source", oid_of_urn((x->from ? x->from : x->to)->home_community_id));
    s->patient_id = d->patient_id;
    s->submission_time = d->creation_time;
    s->title = d->title;
    s->content_type_code = &referral;
    s->authors = d->authors;
    s->home_community_id = vars_get(&x->params, "home");
    if (s->home_community_id == NULL && text_equal(x->row->id, "ITI-80")) /* which must say it: 3.80.4.1.2 */
        s->home_community_id = x->to->home_community_id;
    if (vars_get(&x->params, "recipient") != NULL)
        s->intended_recipients = text_list_of(x->arena, vars_get(&x->params, "recipient"));
    return s;
}

/* A submission set by itself: of a change that brings no document. */
enum rc exchange_submission_set(struct exchange *x, struct submission *s)
{
    struct document_entry d = { .creation_time = now_dtm(x->arena), .authors = author_of(x) };

    TRY(cx_param(x, "patient", x->to->patient_id_domain, &d.patient_id));
    s->sets = exchange_set_of(x, &d);
    return OK;
}

struct association *exchange_member_of(struct exchange *x, const struct submission_set *set, const char *uuid)
{
    struct association *member = ARENA_NEW(x->arena, struct association);

    *member = (struct association){ .entry_uuid = ids_urn(x->arena),
                                    .type = ASSOC_HAS_MEMBER,
                                    .source = set->entry_uuid,
                                    .target = uuid,
                                    .submission_set_status = "Original" };
    return member;
}

/* An entry, its submission set and what links them. */
static enum rc entry_submit(struct exchange *x, struct submission *s)
{
    struct document_entry *d = ARENA_NEW(x->arena, struct document_entry);

    TRY(exchange_entry_fill(x, d));
    s->documents = d;
    s->sets = exchange_set_of(x, d);
    s->associations = exchange_member_of(x, s->sets, d->entry_uuid);
    return OK;
}

static enum rc submission_fill(struct exchange *x, struct submission *s)
{
    if (x->content.data == NULL)
        x->content = str_from(vars_get(&x->params, "content"));
    if (x->content.data == NULL)
        return exchange_fail(x, E_CONFIG, "%s needs --file (or --content)", x->row->id);
    return entry_submit(x, s);
}

enum rc exchange_provide_encode(struct exchange *x)
{
    struct submission s = { 0 };
    struct part *part = ARENA_NEW(x->arena, struct part);

    TRY(submission_fill(x, &s));
    struct provided_document document = { .id = s.documents->entry_uuid, .href = "cid:" DOCUMENT_CONTENT_ID };
    *part = (struct part){ .content_id = DOCUMENT_CONTENT_ID,
                           .content_type = s.documents->mime_type,
                           .bytes = x->content,
                           .size = x->content.len,
                           .fd = -1 };
    x->parts = part;
    provide_encode(&s, &document, x->body);
    return OK;
}

static enum rc repository_fill(struct exchange *x, struct document_entry *d)
{
    d->repository_unique_id = param(x, "repository", x->to->repository);
    if (d->repository_unique_id == NULL)
        return exchange_fail(x, E_CONFIG, "%s has no repository: --repository names one", x->to->key);
    return OK;
}

/* Who registers is the repository: it says where the document is, its hash and its size. */
enum rc exchange_register_fill(struct exchange *x, struct submission *s)
{
    char *hash = arena_alloc(x->arena, SHA1_HEX_LEN);

    TRY(submission_fill(x, s));
    sha1_hex(x->content, hash);
    s->documents->hash = hash;
    s->documents->size = arena_printf(x->arena, "%zu", x->content.len);
    return repository_fill(x, s->documents);
}

/*
 * A document that is made when it is asked for: it has no time, hash or size yet (ITI TF-2: 3.61). What the repository
 * knows to make is a medication list.
 */
enum rc exchange_on_demand_encode(struct exchange *x)
{
    struct submission s = { 0 };

    TRY(entry_submit(x, &s));
    s.documents->object_type = TYPE_ON_DEMAND_DOCUMENT;
    s.documents->creation_time = NULL;
    kind_fill(x, &medication_list, s.documents);
    TRY(repository_fill(x, s.documents));
    submit_objects_encode(&s, x->body);
    return OK;
}

enum rc exchange_register_encode(struct exchange *x)
{
    struct submission s = { 0 };

    TRY(exchange_register_fill(x, &s));
    submit_objects_encode(&s, x->body);
    return OK;
}

enum rc exchange_submission_decode(struct exchange *x)
{
    struct registry_response response = { 0 };

    TRY(registry_response_decode(x->arena, x->call->body, &response));
    if (response.status != REGISTRY_SUCCESS)
        return exchange_fail(x, E_REFUSED, "%s", exchange_issues(x->arena, &response.issues));
    exchange_item_add(x)->cells[0] = response.issues.first ? exchange_issues(x->arena, &response.issues) : "Success";
    return OK;
}

/* ---- ITI-43, ITI-39 ---- */

/* home NULL: it need not be said. */
static enum rc requests_of(struct exchange *x, const char *home, struct document_request **out)
{
    struct document_request **end = out;

    for (const struct var *p = vars_first(&x->params, "document"); p != NULL; p = vars_next(p), end = &(*end)->next) {
        *end = ARENA_NEW(x->arena, struct document_request);
        (*end)->home = home;
        (*end)->repository_unique_id = param(x, "repository", x->to->repository);
        (*end)->document_unique_id = p->value;
        if ((*end)->repository_unique_id == NULL)
            return exchange_fail(x, E_CONFIG, "%s has no repository: --repository names one", x->to->key);
    }
    return OK;
}

enum rc exchange_retrieve_encode(struct exchange *x)
{
    struct document_request *requests = NULL;
    const char *home = vars_get(&x->params, "home");

    if (home == NULL && text_equal(x->row->id, "ITI-39")) /* which must say it: 3.39.5 */
        home = x->to->home_community_id;
    TRY(requests_of(x, home, &requests));
    retrieve_request_encode(requests, x->body);
    return OK;
}

/* ITI-86 */
enum rc exchange_remove_documents_encode(struct exchange *x)
{
    struct document_request *requests = NULL;

    TRY(requests_of(x, NULL, &requests));
    remove_documents_encode(requests, x->body);
    return OK;
}

static enum rc bytes_of(struct exchange *x, const struct document_response *d, struct str *out)
{
    const struct part *part = d->href == NULL ? NULL : part_find(x->call->parts, d->href);

    if (d->href != NULL && part == NULL)
        return exchange_fail(x, E_PEER, "document %s names %s, which is no part of the answer", d->document_unique_id,
                             d->href);
    *out = part == NULL ? d->inline_bytes : part->bytes;
    return OK;
}

static enum rc document_item(struct exchange *x, const struct document_response *d)
{
    struct str bytes;
    char *hash = arena_alloc(x->arena, SHA1_HEX_LEN);

    TRY(bytes_of(x, d, &bytes));
    sha1_hex(bytes, hash);
    if (x->items == NULL)
        x->document = bytes;
    struct exchange_item *item = exchange_item_add(x);
    item->cells[0] = d->document_unique_id;
    item->cells[1] = d->repository_unique_id;
    item->cells[2] = d->home;
    item->cells[3] = d->mime_type;
    item->cells[4] = arena_printf(x->arena, "%zu", bytes.len);
    item->cells[5] = hash;
    item->cells[6] = d->new_document_unique_id;
    item->cells[7] = d->new_repository_unique_id;
    return OK;
}

enum rc exchange_retrieve_decode(struct exchange *x)
{
    struct retrieve_response response = { 0 };

    TRY(retrieve_response_decode(x->arena, x->call->body, &response));
    for (const struct document_response *d = response.documents; d != NULL; d = d->next)
        TRY(document_item(x, d));
    if (response.status != REGISTRY_SUCCESS)
        return exchange_fail(x, E_REFUSED, "%s", exchange_issues(x->arena, &response.issues));
    return OK;
}
