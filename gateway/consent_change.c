/* BPPC: ITI TF-1: 19, ITI TF-3: 5.1; the submission: ITI TF-2: 3.41, its replacement: ITI TF-3: 4.2.2.2.2. */
#include "gateway/consent_change.h"

#include "actor/call.h"
#include "actor/daemon.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/str.h"
#include "gateway/consent_page.h"
#include "gateway/consent_store.h"
#include "gateway/disclosure.h"
#include "gateway/fan_out.h"
#include "gateway/home.h"
#include "gateway/patient_find.h"
#include "gateway/peer.h"
#include "model/oid.h"
#include "msg/adhoc_query.h"
#include "msg/bppc.h"
#include "msg/submit_objects.h"

#include <pthread.h>

#define CONTENT_ID "consent@kakehashi"

/* Who changes a patient's consent has it for themselves until all is kept: a document says what then holds. */
struct claim {
    int community;
    const char *patient;
    struct claim *next;
};

static struct {
    pthread_mutex_t lock;
    struct claim *first;
} claims = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct change {
    struct http_request *http;
    struct consent after;
    const struct patient *person; /* NULL: the supplier does not know them */
    const char *earlier;          /* entryUUID of the document that this one replaces; NULL: there is none */
    const char *time;
};

/* ---- one at a time ---- */

static struct claim **claim_find(const struct claim *like)
{
    struct claim **at = &claims.first;

    while (*at != NULL && ((*at)->community != like->community || !text_equal((*at)->patient, like->patient)))
        at = &(*at)->next;
    return at;
}

static void claim_release(void *what)
{
    struct claim *claim = what;

    pthread_mutex_lock(&claims.lock);
    *claim_find(claim) = claim->next;
    pthread_mutex_unlock(&claims.lock);
}

/* Until rq is freed, which waits for what the writer has of it. False: somebody else has it. */
static bool claim_take(struct request *rq, const char *patient)
{
    struct claim *claim = ARENA_NEW(rq->arena, struct claim);

    *claim = (struct claim){ .community = rq->community->number, .patient = patient };
    pthread_mutex_lock(&claims.lock);
    struct claim **at = claim_find(claim);
    bool is_free = *at == NULL;
    if (is_free)
        *at = claim;
    pthread_mutex_unlock(&claims.lock);
    if (is_free)
        arena_defer(rq->arena, claim_release, claim);
    return is_free;
}

/* ---- kept ---- */

static enum rc consent_keep(struct db *db, struct request *rq)
{
    const struct change *c = rq->state;

    disclosure_changes();
    return consent_store_put(db, rq->community, &c->after);
}

static void on_kept(struct request *rq, enum rc rc)
{
    rq_done(rq, rc);
}

static enum rc keep(struct request *rq)
{
    return rq_write(rq, consent_keep, on_kept);
}

/* ---- the document ---- */

static struct text_list *text_one(struct arena *a, const char *text)
{
    struct text_list *list = ARENA_NEW(a, struct text_list);

    list->text = text;
    return list;
}

static struct buf *content_make(struct request *rq, const struct change *c)
{
    struct buf *content = buf_new(rq->arena, BUF_MAX_DEFAULT);

    bppc_encode(rq->arena,
                &(struct bppc){ .unique_id = c->after.document,
                                .event_id = ids_oid(rq->arena),
                                .time = c->time,
                                .community = rq->community,
                                .consent = &c->after,
                                .patient = c->person },
                content);
    return content;
}

/* The policy is what happened (ITI TF-3: 5.1.2.1.1.2). */
static struct code *policy_code(struct request *rq, const struct change *c)
{
    enum consent_policy policy = consent_policy_of(&c->after);
    struct code *code = ARENA_NEW(rq->arena, struct code);

    code->code = consent_policy_oid(rq->arena, rq->community, (int)policy);
    code->scheme = consent_policy_oid(rq->arena, rq->community, 0);
    code->display = consent_policy_row(policy)->ja;
    return code;
}

static void entry_fill(struct request *rq, const struct change *c, struct document_entry *d)
{
    static struct code kind = { BPPC_CLASS_CODE, BPPC_CLASS_SCHEME, BPPC_CLASS_DISPLAY, NULL };
    static struct code format = { BPPC_FORMAT_CODE, BPPC_FORMAT_SCHEME, "Basic Patient Privacy Consents", NULL };
    static struct code hospital = { "HOSP", "2.16.840.1.113883.5.111", "病院", NULL };
    static struct code medicine = { "394802001", "2.16.840.1.113883.6.96", "一般内科", NULL };
    static struct code normal = { "N", "2.16.840.1.113883.5.25", "normal", NULL };
    const struct community *own = rq->community;
    struct author *author = ARENA_NEW(rq->arena, struct author);
    struct patient_id id = { .root = own->patient_id_domain, .extension = c->after.patient };

    author->institutions = text_one(
        rq->arena, arena_printf(rq->arena, "%s^^^^^^^^^%s", own->name, oid_of_urn(own->home_community_id)));
    *d = (struct document_entry){ .entry_uuid = ids_urn(rq->arena),
                                  .object_type = TYPE_STABLE_DOCUMENT,
                                  .mime_type = "text/xml",
                                  .title = bppc_title(&c->after),
                                  .unique_id = c->after.document,
                                  .patient_id = patient_id_cx(rq->arena, &id),
                                  .class_code = &kind,
                                  .type_code = &kind,
                                  .format_code = &format,
                                  .healthcare_facility_type_code = &hospital,
                                  .practice_setting_code = &medicine,
                                  .confidentiality_codes = &normal,
                                  .event_codes = policy_code(rq, c),
                                  .authors = author,
                                  .creation_time = c->time,
                                  .service_start_time = c->time,
                                  .language_code = "ja-JP" };
    d->source_patient_id = d->patient_id;
    d->source_patient_info = text_one(rq->arena, arena_printf(rq->arena, "PID-3|%s", d->patient_id));
}

static struct association *association_new(struct arena *a, const char *type, const char *source, const char *target)
{
    struct association *s = ARENA_NEW(a, struct association);

    *s = (struct association){ .entry_uuid = ids_urn(a), .type = type, .source = source, .target = target };
    return s;
}

static struct buf *submission_make(struct request *rq, const struct change *c)
{
    struct provided_document content = { .href = "cid:" CONTENT_ID };
    struct buf *body = buf_new(rq->arena, BUF_MAX_DEFAULT);
    struct document_entry d;

    entry_fill(rq, c, &d);
    content.id = d.entry_uuid;
    struct submission_set set = { .entry_uuid = ids_urn(rq->arena),
                                  .unique_id = ids_oid(rq->arena),
                                  .source_id = oid_of_urn(rq->community->home_community_id),
                                  .patient_id = d.patient_id,
                                  .submission_time = c->time,
                                  .title = d.title,
                                  .content_type_code = d.class_code,
                                  .authors = d.authors };
    struct association *member = association_new(rq->arena, ASSOC_HAS_MEMBER, set.entry_uuid, d.entry_uuid);
    member->submission_set_status = "Original";
    if (c->earlier != NULL)
        member->next = association_new(rq->arena, ASSOC_RPLC, d.entry_uuid, c->earlier);
    provide_encode(&(struct submission){ .sets = &set, .documents = &d, .associations = member }, &content, body);
    return body;
}

static enum rc provided(struct request *rq, const struct call *call)
{
    struct registry_response answer;

    if (call->rc != OK || registry_response_decode(rq->arena, call->body, &answer) != OK)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, NULL, "no usable answer to ITI-41: %s",
                         call->rc == OK ? "no RegistryResponse came" : call->why);
    if (answer.status == REGISTRY_SUCCESS)
        return keep(rq);
    home_pass_on(rq->arena, &rq->issues, &answer.issues, rq->community->home_community_id);
    return E_REFUSED;
}

static void on_provided(struct request *rq, struct call *call)
{
    rq_done(rq, provided(rq, call));
}

static enum rc provide(struct request *rq)
{
    struct change *c = rq->state;
    struct part *part = ARENA_NEW(rq->arena, struct part);

    c->after.document = ids_oid(rq->arena);
    struct str content = buf_str(content_make(rq, c));
    *part = (struct part){
        .content_id = CONTENT_ID, .content_type = "text/xml", .bytes = content, .size = content.len, .fd = -1
    };
    struct call_spec spec = {
        .url = daemon_peer_url(rq->arena, rq->service->daemon, rq->community, "repository", 1),
        .action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
        .transaction = "ITI-41",
        .body = submission_make(rq, c),
        .mtom = true,
        .parts = part,
        .timeout_ms = peer_inner_timeout(rq),
    };
    return rq_call(rq, &spec, on_provided, NULL);
}

/* ---- what there is ---- */

static enum rc on_earlier(struct request *rq, const struct fan_out *f)
{
    struct change *c = rq->state;
    struct adhoc_answer answer;

    if (f->first->call->rc != OK || adhoc_answer_decode(rq->arena, f->first->call->body, &answer) != OK ||
        answer.status == REGISTRY_FAILURE) {
        ask_fail(f->first, ISSUE_XDS_REGISTRY_ERROR, "it does not say which consent documents there are");
        return E_REFUSED;
    }
    const struct xml_node *first = xml_first_element(answer.object_list);
    c->earlier = first != NULL ? xml_attr(first, "id") : NULL;
    return provide(rq);
}

static enum rc earlier_ask(struct request *rq)
{
    const struct change *c = rq->state;
    struct patient_id id = { .root = rq->community->patient_id_domain, .extension = c->after.patient };
    struct adhoc_query q = { .id = QUERY_FIND_DOCUMENTS, .return_type = RETURN_OBJECT_REF };
    struct buf *body = fan_out_body(rq);

    query_param_add(rq->arena, &q, "$XDSDocumentEntryPatientId", query_quote(rq->arena, patient_id_cx(rq->arena, &id)));
    query_param_add(rq->arena, &q, "$XDSDocumentEntryStatus", "('" STATUS_APPROVED "')");
    query_param_add(rq->arena, &q, "$XDSDocumentEntryFormatCode", "('" BPPC_FORMAT_CODE "^^" BPPC_FORMAT_SCHEME "')");
    adhoc_query_encode(&q, body);
    return fan_out_ask(rq, ASK_ITI18, rq->community, body, on_earlier, NULL);
}

/* A name on the document is good to have; who has no name here may still consent. */
static enum rc on_person(struct request *rq, const struct fan_out *f)
{
    struct change *c = rq->state;
    struct find_result result;

    if (f->first->call->rc == OK && find_result_decode(rq->arena, f->first->call->body, &result) == OK)
        c->person = result.patients;
    return earlier_ask(rq);
}

static enum rc person_ask(struct request *rq)
{
    const struct change *c = rq->state;
    struct find_query q = find_query_new(rq->arena, rq->community, rq->community);
    struct buf *body = fan_out_body(rq);

    patient_id_add(rq->arena, &q.ids, rq->community->patient_id_domain, c->after.patient);
    find_query_encode(rq->arena, &q, body);
    return fan_out_ask(rq, ASK_ITI47, rq->community, body, on_person, NULL);
}

/* ---- the reply ---- */

static const struct issue *first_error(const struct request *rq)
{
    const struct issue *i = rq->issues.first;

    while (i != NULL && i->is_warning)
        i = i->next;
    return i;
}

static void refusal_reply(struct request *rq, struct http_request *http)
{
    const struct issue *i = first_error(rq);
    bool unknown = i != NULL && text_equal(i->ebrs, issue_row(ISSUE_XDS_UNKNOWN_PATIENT_ID)->ebrs);

    if (unknown)
        http_reply_text(http, 404,
                        arena_printf(http->arena,
                                     "the registry of %s does not know the patient; `kakehashi patients %s` "
                                     "lists those who were seeded, ITI-44 makes others known",
                                     rq->community->name, rq->community->key));
    else
        http_reply_text(http, 502,
                        arena_printf(http->arena,
                                     "the consent document could not be registered, so nothing changed: %s",
                                     i != NULL && i->text != NULL ? i->text : "without a reason"));
}

static void on_over(struct request *rq, enum rc rc)
{
    const struct change *c = rq->state;

    if (rc == OK)
        consent_reply(c->http, rq->community, &c->after);
    else if (rc == E_REFUSED)
        refusal_reply(rq, c->http);
    else
        http_reply_text(c->http, 503, "the consent could not be kept; the log says why");
}

/* When the reply is sent, or nobody waits for it any more. */
static void on_gone(void *rq)
{
    rq_leave(rq);
}

static const char *nobody_fault(struct request *rq, const char *patient)
{
    if (rq->community->is_backbone)
        return "the backbone has no documents, so nobody consents to anything there";
    return claim_take(rq, patient) ? NULL : "somebody else is changing this consent; look, and ask again";
}

/* E_REFUSED with *why; E_IO. What there is, is read with the claim in hand. */
static enum rc change_plan(struct request *rq, const struct consent_wish *wish, const char **why)
{
    const char *patient = arena_strdup(rq->arena, wish->patient);
    struct change *c = rq->state;
    char now[CLOCK_DTM_LEN];

    *why = nobody_fault(rq, patient);
    if (*why != NULL)
        return E_REFUSED;
    TRY(consent_store_get(rq->arena, rq_db(rq), rq->community, patient, &c->after));
    *why = consent_change(rq->arena, &c->after, rq->community, wish->act, wish->parts);
    if (*why != NULL)
        return E_REFUSED;
    c->after.is_recorded = true;
    c->after.changed = clock_now();
    clock_dtm(clock_now(), now);
    c->time = arena_strdup(rq->arena, now);
    return OK;
}

static enum rc change_start(struct request *rq)
{
    bool has_documents = community_has(rq->service->daemon->world, rq->community, PROFILE_XDS_B);

    return has_documents ? person_ask(rq) : keep(rq);
}

void consent_change_begin(struct service *s, struct http_request *http, const struct consent_wish *wish)
{
    struct request *rq = rq_new(s, on_over, NULL);
    struct change *c = ARENA_NEW(rq->arena, struct change);
    const char *why;

    rq->state = c;
    rq->community = wish->community;
    rq->actor = "responding";
    rq->stage = "serve";
    c->http = http;
    arena_defer(http->arena, on_gone, rq);
    enum rc rc = change_plan(rq, wish, &why);
    if (rc == E_REFUSED)
        http_reply_text(http, 409, why);
    else
        rq_done(rq, rc == OK ? change_start(rq) : rc);
}
