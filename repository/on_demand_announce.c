/*
 * A row claims the patient, so that two prescriptions at once bring one list. It is written before the registry is
 * asked, and says afterwards that the list is registered; a claim of a process that is gone does not count.
 */
#include "repository/on_demand_announce.h"

#include "base/clock.h"
#include "base/ids.h"
#include "model/oid.h"
#include "msg/registry_response.h"
#include "msg/submit_objects.h"
#include "repository/registry_ask.h"
#include "repository/repository.h"
#include "repository/store.h"
#include "world/medication_list.h"

#define ACTION_REGISTER "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry"

struct announcement {
    const struct repository *repository;
    const struct document_entry *prescription;
    bool is_claimed;
    void *state; /* rq's, while this has its place */
    void (*then)(struct request *rq);
};

static void announcement_end(struct request *rq)
{
    const struct announcement *an = rq->state;

    rq->state = an->state;
    an->then(rq);
}

/* ---- the row ---- */

static enum rc claim_write(struct db *db, struct request *rq)
{
    struct announcement *an = rq->state;

    return store_list_claim(db, rq->community->key, an->prescription->patient_id, &an->is_claimed);
}

static enum rc claim_settle(struct db *db, struct request *rq)
{
    const struct announcement *an = rq->state;

    return store_list_settle(db, rq->community->key, an->prescription->patient_id);
}

static enum rc claim_drop(struct db *db, struct request *rq)
{
    const struct announcement *an = rq->state;

    return store_list_drop(db, rq->community->key, an->prescription->patient_id);
}

static void on_over(struct request *rq, enum rc rc)
{
    if (rc != OK)
        rq_warn(rq, "cannot note a medication list: %s", rc_text(rc));
    announcement_end(rq);
}

static void give_up(struct request *rq, const char *why)
{
    rq_warn(rq, "no medication list is registered: %s", why);
    rq_write(rq, claim_drop, on_over);
}

/* ---- the entry ---- */

/* What the prescription says of the patient and of who wrote it holds for the list as well. */
static struct document_entry entry_of(struct request *rq, const struct announcement *an)
{
    static struct code type = { .code = MEDICATION_LIST_CODE, .scheme = LOINC, .display = "処方薬一覧" };
    static struct code format = { .code = "urn:ihe:iti:xds:2017:mimeTypeSufficient",
                                  .scheme = "1.3.6.1.4.1.19376.1.2.3",
                                  .display = "mimeType Sufficient" };
    const struct document_entry *p = an->prescription;

    return (struct document_entry){ .entry_uuid = ids_urn(rq->arena),
                                    .object_type = TYPE_ON_DEMAND_DOCUMENT,
                                    .mime_type = "text/xml",
                                    .title = MEDICATION_LIST_TITLE,
                                    .unique_id = ids_oid(rq->arena),
                                    .patient_id = p->patient_id,
                                    .class_code = p->class_code,
                                    .type_code = &type,
                                    .format_code = &format,
                                    .healthcare_facility_type_code = p->healthcare_facility_type_code,
                                    .practice_setting_code = p->practice_setting_code,
                                    .confidentiality_codes = p->confidentiality_codes,
                                    .authors = p->authors,
                                    .language_code = "ja-JP",
                                    .source_patient_id = p->source_patient_id,
                                    .source_patient_info = p->source_patient_info,
                                    .repository_unique_id = an->repository->unique_id };
}

static void submission_write(struct request *rq, const struct announcement *an, struct buf *out)
{
    struct document_entry d = entry_of(rq, an);
    char now[CLOCK_DTM_LEN];

    clock_dtm(clock_now(), now);
    struct submission_set set = { .entry_uuid = ids_urn(rq->arena),
                                  .unique_id = ids_oid(rq->arena),
                                  .source_id = oid_of_urn(rq->community->home_community_id),
                                  .patient_id = d.patient_id,
                                  .submission_time = now,
                                  .title = d.title,
                                  .content_type_code = d.class_code,
                                  .authors = d.authors };
    struct association member = { .entry_uuid = ids_urn(rq->arena),
                                  .type = ASSOC_HAS_MEMBER,
                                  .source = set.entry_uuid,
                                  .target = d.entry_uuid,
                                  .submission_set_status = "Original" };
    submit_objects_encode(&(struct submission){ .sets = &set, .documents = &d, .associations = &member }, out);
}

static void on_registered(struct request *rq, struct call *call)
{
    struct registry_response answer = { 0 };

    if (call->rc != OK)
        give_up(rq, call->why);
    else if (registry_response_decode(rq->arena, call->body, &answer) != OK)
        give_up(rq, "the registry's answer is no RegistryResponse");
    else if (answer.status != REGISTRY_SUCCESS)
        give_up(rq, answer.issues.first != NULL ? answer.issues.first->text : "the registry gave no reason");
    else
        rq_write(rq, claim_settle, on_over);
}

static void entry_register(struct request *rq)
{
    struct buf *body = buf_new(rq->arena, BUF_MAX_DEFAULT);
    struct call_spec spec = {
        .url = daemon_peer_url(rq->arena, rq->service->daemon, rq->community, "registry", 1),
        .action = ACTION_REGISTER,
        .transaction = "ITI-61",
        .body = body,
    };

    submission_write(rq, rq->state, body);
    rq_call(rq, &spec, on_registered, NULL);
}

/* ---- is there one already? The people who were seeded have theirs, and anybody may have registered one ---- */

static void on_known(struct request *rq, struct call *call)
{
    struct document_entry *found = NULL;
    const char *why;

    if (registry_answer(rq, call, &found, &why) != OK)
        give_up(rq, why);
    else if (found != NULL)
        rq_write(rq, claim_settle, on_over);
    else
        entry_register(rq);
}

static void on_claimed(struct request *rq, enum rc rc)
{
    const struct announcement *an = rq->state;

    if (rc != OK || !an->is_claimed) {
        on_over(rq, rc);
        return;
    }
    struct adhoc_query q = registry_query_patient(rq->arena, an->prescription->patient_id, MEDICATION_LIST_CODE,
                                                  TYPE_ON_DEMAND_DOCUMENT);
    registry_ask(rq, &q, on_known, NULL);
}

static const struct document_entry *prescription_among(const struct document_entry *d)
{
    while (d != NULL && (d->type_code == NULL || !text_equal(d->type_code->code, PRESCRIPTION_CODE) ||
                         !text_equal(d->type_code->scheme, LOINC) || d->patient_id == NULL))
        d = d->next;
    return d;
}

void on_demand_announce(struct request *rq, const struct repository *repository, const struct document_entry *documents,
                        void (*then)(struct request *rq))
{
    const struct document_entry *prescription = prescription_among(documents);
    struct announcement *an;

    if (rq->community->on_demand == ON_DEMAND_NONE || prescription == NULL) {
        then(rq);
        return;
    }
    an = ARENA_NEW(rq->arena, struct announcement);
    *an = (struct announcement){
        .repository = repository, .prescription = prescription, .state = rq->state, .then = then
    };
    rq->state = an;
    rq_write(rq, claim_write, on_claimed);
}
