#include "pixmgr/pixmgr.h"

#include "actor/door_mllp.h"
#include "actor/refusals.h"
#include "msg/prpa_find.h"
#include "msg/prpa_pix.h"
#include "msg/quqi.h"
#include "msg/rsp.h"
#include "pixmgr/continuation.h"
#include "pixmgr/notifier.h"
#include "pixmgr/store.h"
#include "pixmgr/subscribers_page.h"
#include "wire/ns.h"

/* A refusal echoes what can be read of the request, so it is decoded again; what is wrong with it is known by now. */

static void refuse_pix(struct request *rq)
{
    struct pix_query query;
    struct issue_list known = { 0 };
    struct pix_answer answer = { .query = &query, .issues = rq->issues };

    (void)!pix_query_decode(rq->arena, rq->body, &query, &known);
    pix_answer_encode(rq->arena, &answer, rq->reply);
}

static void refuse_find(struct request *rq)
{
    struct find_query query;
    struct issue_list known = { 0 };
    struct find_answer answer = { .query = &query, .issues = rq->issues };

    (void)!find_query_decode(rq->arena, rq->body, &query, &known);
    find_answer_encode(rq->arena, &answer, rq->reply);
}

static void refuse_continuation(struct request *rq)
{
    struct quqi quqi;
    struct issue_list known = { 0 };
    struct find_query query = { 0 };
    struct find_answer answer = { .query = &query, .issues = rq->issues };

    (void)!quqi_decode(rq->arena, rq->body, &quqi, &known);
    query.message = quqi.message;
    query.query_id = quqi.query_id;
    find_answer_encode(rq->arena, &answer, rq->reply);
}

static void refuse_query(struct request *rq)
{
    rsp_refuse_encode(rq->arena, rq->hl7v2, &rq->issues, rq->reply);
}

/* 2.3.1 is ITI-8's, 2.5 that of the others; what products of today send is taken. */
#define VERSIONS_OF_FEED                                                                                               \
    {                                                                                                                  \
        "2.3.1", "2.4", "2.5", "2.5.1"                                                                                 \
    }
#define VERSIONS                                                                                                       \
    {                                                                                                                  \
        "2.5", "2.5.1", "2.6"                                                                                          \
    }

static const struct transaction transactions[] = {
    { .id = "ITI-8",
      .name = "Patient Identity Feed",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .door = DOOR_MLLP,
      .actions = { "ADT^A01", "ADT^A04", "ADT^A05", "ADT^A08", "ADT^A40" },
      .bodies = { "ADT_A01", "ADT_A01", "ADT_A01", "ADT_A01", "ADT_A39" },
      .versions = VERSIONS_OF_FEED,
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti8_patient_identity_feed,
      .refuse = door_mllp_refuse },
    { .id = "ITI-30",
      .name = "Patient Identity Management",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .door = DOOR_MLLP,
      .actions = { "ADT^A28", "ADT^A31", "ADT^A47", "ADT^A24", "ADT^A37" },
      .bodies = { "ADT_A05", "ADT_A05", "ADT_A30", "ADT_A24", "ADT_A37" },
      .versions = VERSIONS,
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti8_patient_identity_feed,
      .refuse = door_mllp_refuse },
    { .id = "ITI-9",
      .name = "PIX Query",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .door = DOOR_MLLP,
      .actions = { "QBP^Q23" },
      .bodies = { "QBP_Q21" },
      .versions = VERSIONS,
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti9_pix_query,
      .refuse = refuse_query },
    { .id = "ITI-21",
      .name = "Patient Demographics Query",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .door = DOOR_MLLP,
      .actions = { "QBP^Q22" },
      .bodies = { "QBP_Q21" },
      .versions = VERSIONS,
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti21_patient_demographics_query,
      .refuse = refuse_query },
    { .id = "ITI-22",
      .name = "Patient Demographics and Visit Query",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .door = DOOR_MLLP,
      .actions = { "QBP^ZV1" },
      .bodies = { "QBP_Q21" },
      .versions = VERSIONS,
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti22_patient_demographics_and_visit_query,
      .refuse = refuse_query },
    { .id = "ITI-21",
      .name = "Cancel Query",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .door = DOOR_MLLP,
      .actions = { "QCN^J01" },
      .bodies = { "QCN_J01" },
      .versions = VERSIONS,
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti21_cancel,
      .refuse = door_mllp_refuse },
    { .id = "ITI-44",
      .name = "Patient Identity Feed HL7 V3",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .actions = { "urn:hl7-org:v3:PRPA_IN201301UV02", "urn:hl7-org:v3:PRPA_IN201302UV02",
                   "urn:hl7-org:v3:PRPA_IN201304UV02" },
      .bodies = { "PRPA_IN201301UV02", "PRPA_IN201302UV02", "PRPA_IN201304UV02" },
      .body_ns = NS_HL7,
      .reply_action = "urn:hl7-org:v3:MCCI_IN000002UV01",
      .reply_body = "MCCI_IN000002UV01",
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti44_patient_identity_feed,
      .refuse = refuse_with_mcci_ack },
    { .id = "ITI-45",
      .name = "PIXV3 Query",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .actions = { "urn:hl7-org:v3:PRPA_IN201309UV02" },
      .bodies = { "PRPA_IN201309UV02" },
      .body_ns = NS_HL7,
      .reply_action = "urn:hl7-org:v3:PRPA_IN201310UV02",
      .reply_body = "PRPA_IN201310UV02",
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti45_pix_query,
      .refuse = refuse_pix },
    { .id = "ITI-47",
      .name = "Patient Demographics Query HL7 V3",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .actions = { "urn:hl7-org:v3:PRPA_IN201305UV02" },
      .bodies = { "PRPA_IN201305UV02" },
      .body_ns = NS_HL7,
      .reply_action = "urn:hl7-org:v3:PRPA_IN201306UV02",
      .reply_body = "PRPA_IN201306UV02",
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti47_patient_demographics_query,
      .refuse = refuse_find },
    { .id = "ITI-47",
      .name = "Patient Demographics Query HL7 V3: Continue",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .actions = { "urn:hl7-org:v3:QUQI_IN000003UV01" HL7_CONTINUE },
      .bodies = { "QUQI_IN000003UV01" },
      .body_alias = "QUQI_IN000003UV01" HL7_CONTINUE,
      .body_ns = NS_HL7,
      .reply_action = "urn:hl7-org:v3:PRPA_IN201306UV02",
      .reply_body = "PRPA_IN201306UV02",
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti47_continue,
      .refuse = refuse_continuation },
    { .id = "ITI-47",
      .name = "Patient Demographics Query HL7 V3: Cancel",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .actions = { "urn:hl7-org:v3:QUQI_IN000003UV01" HL7_CANCEL },
      .bodies = { "QUQI_IN000003UV01" },
      .body_alias = "QUQI_IN000003UV01" HL7_CANCEL,
      .body_ns = NS_HL7,
      .reply_action = "urn:hl7-org:v3:MCCI_IN000002UV01",
      .reply_body = "MCCI_IN000002UV01",
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti47_cancel,
      .refuse = refuse_with_mcci_ack },
};

/* ---- what is kept in memory ---- */

#define CONTINUATIONS_MAX        1000
#define CONTINUATIONS_OF_ONE_MAX 100
#define CONTINUATION_AGE_MS      (10 * 60 * 1000)

static enum rc pixmgr_open(struct daemon *d)
{
    const struct continuations_limits limits = { CONTINUATIONS_OF_ONE_MAX, CONTINUATIONS_MAX, CONTINUATION_AGE_MS };
    struct pixmgr *own = ARENA_NEW(d->arena, struct pixmgr);

    d->own = own;
    own->continuations = continuations_new(&limits);
    TRY(subscribers_configure(d));
    return notifier_start(d, &own->notifier);
}

static void pixmgr_close(struct daemon *d)
{
    struct pixmgr *own = d->own;

    notifier_stop(own->notifier);
    continuations_free(own->continuations);
}

static void pixmgr_forget(struct daemon *d)
{
    continuations_forget(((struct pixmgr *)d->own)->continuations);
}

static enum rc pixmgr_settle(struct daemon *d)
{
    TRY(subscribers_configure(d));
    if (config_text(d->config, CONFIG_SUBSCRIBERS)[0] != '\0')
        notifier_subscribed(((struct pixmgr *)d->own)->notifier);
    return OK;
}

const struct daemon_spec pixmgr_spec = {
    .name = "pixmgr",
    .transactions = transactions,
    .transaction_count = ARRAY_LEN(transactions),
    .schema = store_schema,
    .seed = pixmgr_seed,
    .open = pixmgr_open,
    .close = pixmgr_close,
    .forget = pixmgr_forget,
    .settle = pixmgr_settle,
    .pages = { { .path = PIXMGR_PAGES, .serve = subscribers_page, .changes = true } },
};
