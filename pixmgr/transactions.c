#include "pixmgr/pixmgr.h"

#include "actor/refusals.h"
#include "msg/prpa_find.h"
#include "msg/prpa_pix.h"
#include "pixmgr/store.h"
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

static const struct transaction transactions[] = {
    { .id = "ITI-44",
      .name = "Patient Identity Feed HL7 V3",
      .profile = PROFILE_PIX,
      .actor = "pixmgr",
      .actions = { "urn:hl7-org:v3:PRPA_IN201301UV02", "urn:hl7-org:v3:PRPA_IN201302UV02" },
      .bodies = { "PRPA_IN201301UV02", "PRPA_IN201302UV02" },
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
};

const struct daemon_spec pixmgr_spec = {
    .name = "pixmgr",
    .transactions = transactions,
    .transaction_count = ARRAY_LEN(transactions),
    .schema = store_schema,
    .seed = pixmgr_seed,
};
