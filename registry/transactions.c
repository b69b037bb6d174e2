#include "registry/registry.h"

#include "actor/door_mllp.h"
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
    { .id = "ITI-8",
      .name = "Patient Identity Feed",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .door = DOOR_MLLP,
      .actions = { "ADT^A01", "ADT^A04", "ADT^A05", "ADT^A08", "ADT^A40" },
      .bodies = { "ADT_A01", "ADT_A01", "ADT_A01", "ADT_A01", "ADT_A39" },
      .versions = { "2.3.1", "2.4", "2.5", "2.5.1" },
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti8_patient_identity_feed,
      .refuse = door_mllp_refuse },
    { .id = "ITI-18",
      .name = "Registry Stored Query",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:ihe:iti:2007:RegistryStoredQuery" },
      .bodies = { "AdhocQueryRequest" },
      .body_ns = NS_QUERY,
      .reply_action = "urn:ihe:iti:2007:RegistryStoredQueryResponse",
      .reply_body = "AdhocQueryResponse",
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
      .reply_body = "RegistryResponse",
      .reply_ns = NS_RS,
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = iti42_register_document_set,
      .refuse = refuse_submission },
    { .id = "ITI-44",
      .name = "Patient Identity Feed HL7 V3",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:hl7-org:v3:PRPA_IN201301UV02", "urn:hl7-org:v3:PRPA_IN201302UV02",
                   "urn:hl7-org:v3:PRPA_IN201304UV02" },
      .bodies = { "PRPA_IN201301UV02", "PRPA_IN201302UV02", "PRPA_IN201304UV02" },
      .body_ns = NS_HL7,
      .reply_action = "urn:hl7-org:v3:MCCI_IN000002UV01",
      .reply_body = "MCCI_IN000002UV01",
      .internal = ISSUE_HL7_INTERNAL,
      .serve = iti44_patient_identity_feed,
      .refuse = refuse_feed },
    { .id = "ITI-51",
      .name = "Multi-Patient Stored Query",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:ihe:iti:2009:MultiPatientStoredQuery" },
      .bodies = { "AdhocQueryRequest" },
      .body_ns = NS_QUERY,
      .reply_action = "urn:ihe:iti:2009:MultiPatientStoredQueryResponse",
      .reply_body = "AdhocQueryResponse",
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = iti51_multi_patient_query,
      .refuse = refuse_query },
    { .id = "ITI-57",
      .name = "Update Document Set",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:ihe:iti:2010:UpdateDocumentSet" },
      .bodies = { "SubmitObjectsRequest" },
      .body_ns = NS_LCM,
      .reply_action = "urn:ihe:iti:2010:UpdateDocumentSetResponse",
      .reply_body = "RegistryResponse",
      .reply_ns = NS_RS,
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = iti57_update_document_set,
      .refuse = refuse_submission },
    { .id = "ITI-61",
      .name = "Register On-Demand Document Entry",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry" },
      .bodies = { "SubmitObjectsRequest" },
      .body_ns = NS_LCM,
      .reply_action = "urn:ihe:iti:2010:RegisterOnDemandDocumentResponse",
      .reply_body = "RegistryResponse",
      .reply_ns = NS_RS,
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = iti61_register_on_demand,
      .refuse = refuse_submission },
    { .id = "ITI-62",
      .name = "Remove Metadata",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:ihe:iti:2010:DeleteDocumentSet" },
      .bodies = { "RemoveObjectsRequest" },
      .body_ns = NS_LCM,
      .reply_action = "urn:ihe:iti:2010:DeleteDocumentSetResponse",
      .reply_body = "RegistryResponse",
      .reply_ns = NS_RS,
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = iti62_remove_metadata,
      .refuse = refuse_submission },
    { .id = "ITI-92",
      .name = "Restricted Update Document Set",
      .profile = PROFILE_XDS_B,
      .actor = "registry",
      .actions = { "urn:ihe:iti:2018:RestrictedUpdateDocumentSet" },
      .bodies = { "SubmitObjectsRequest" },
      .body_ns = NS_LCM,
      .reply_action = "urn:ihe:iti:2018:RestrictedUpdateDocumentSetResponse",
      .reply_body = "RegistryResponse",
      .reply_ns = NS_RS,
      .internal = ISSUE_XDS_REGISTRY_ERROR,
      .serve = iti92_restricted_update,
      .refuse = refuse_submission },
};

const struct daemon_spec registry_spec = {
    .name = "registry",
    .transactions = transactions,
    .transaction_count = ARRAY_LEN(transactions),
    .schema = store_schema,
    .seed = registry_seed,
};
