#include "registry/registry.h"

#include "msg/hl7v3.h"
#include "registry/store.h"
#include "wire/ns.h"

static void refuse_query(struct request *rq)
{
    struct adhoc_response response = { .status = REGISTRY_FAILURE, .issues = rq->issues };

    adhoc_response_encode(&response, rq->reply);
}

static void refuse_submission(struct request *rq)
{
    struct registry_response response = { .status = REGISTRY_FAILURE, .issues = rq->issues };

    registry_response_encode(&response, rq->reply);
}

/* The wrapper may be what was wrong, so whatever of it can be read is echoed. */
static void refuse_feed(struct request *rq)
{
    struct hl7_message message = { 0 };
    struct issue_list ignored = { 0 };

    (void)!hl7_message_decode(rq->arena, rq->body, &message, &ignored);
    mcci_ack_encode(rq->arena, &message, &rq->issues, rq->reply);
}

static const struct transaction transactions[] = {
    { .id = "ITI-18",
      .name = "Registry Stored Query",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:ihe:iti:2007:RegistryStoredQuery" },
      .bodies = { "AdhocQueryRequest" },
      .body_ns = NS_QUERY,
      .reply_action = "urn:ihe:iti:2007:RegistryStoredQueryResponse",
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = iti18_stored_query,
      .refuse = refuse_query },
    { .id = "ITI-42",
      .name = "Register Document Set-b",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:ihe:iti:2007:RegisterDocumentSet-b" },
      .bodies = { "SubmitObjectsRequest" },
      .body_ns = NS_LCM,
      .reply_action = "urn:ihe:iti:2007:RegisterDocumentSet-bResponse",
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = iti42_register_document_set,
      .refuse = refuse_submission },
    { .id = "ITI-44",
      .name = "Patient Identity Feed HL7 V3",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:hl7-org:v3:PRPA_IN201301UV02", "urn:hl7-org:v3:PRPA_IN201302UV02" },
      .bodies = { "PRPA_IN201301UV02", "PRPA_IN201302UV02" },
      .body_ns = NS_HL7,
      .reply_action = "urn:hl7-org:v3:MCCI_IN000002UV01",
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti44_patient_identity_feed,
      .refuse = refuse_feed },
};

const struct daemon_spec registry_spec = {
    .name = "registry",
    .transactions = transactions,
    .transaction_count = ARRAY_LEN(transactions),
    .schema = store_schema,
    .seed = registry_seed,
};
