#include "actor/refusals.h"
#include "msg/retrieve.h"
#include "repository/pending.h"
#include "repository/recipient.h"
#include "repository/repository.h"
#include "repository/store.h"
#include "wire/ns.h"

static void refuse_retrieval(struct request *rq)
{
    struct retrieve_response response = { .status = REGISTRY_FAILURE, .issues = rq->issues };

    retrieve_response_encode(&response, rq->reply);
}

static const struct transaction transactions[] = {
    { .id = "ITI-41",
      .name = "Provide and Register Document Set-b",
      .profile = PROFILE_XDS_B,
      .actor = "repository",
      .actions = { "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b" },
      .bodies = { "ProvideAndRegisterDocumentSetRequest" },
      .body_ns = NS_XDS,
      .reply_action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse",
      .reply_body = "RegistryResponse",
      .reply_ns = NS_RS,
      .internal = ISSUE_XDS_REPOSITORY_ERROR,
      .mtom = true,
      .serve = iti41_provide_and_register,
      .refuse = refuse_with_registry_response },
    { .id = "ITI-41",
      .name = "Provide and Register Document Set-b",
      .profile = PROFILE_XDR,
      .actor = "recipient",
      .actions = { "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b" },
      .bodies = { "ProvideAndRegisterDocumentSetRequest" },
      .body_ns = NS_XDS,
      .reply_action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse",
      .reply_body = "RegistryResponse",
      .reply_ns = NS_RS,
      .internal = ISSUE_XDS_REPOSITORY_ERROR,
      .mtom = true,
      .serve = iti41_document_recipient,
      .refuse = refuse_with_registry_response },
    { .id = "ITI-43",
      .name = "Retrieve Document Set",
      .profile = PROFILE_XDS_B,
      .actor = "repository",
      .actions = { "urn:ihe:iti:2007:RetrieveDocumentSet" },
      .bodies = { "RetrieveDocumentSetRequest" },
      .body_ns = NS_XDS,
      .reply_action = "urn:ihe:iti:2007:RetrieveDocumentSetResponse",
      .reply_body = "RetrieveDocumentSetResponse",
      .internal = ISSUE_XDS_REPOSITORY_ERROR,
      .mtom = true,
      .serve = iti43_retrieve_document_set,
      .refuse = refuse_retrieval },
    { .id = "RAD-69",
      .name = "Retrieve Imaging Document Set",
      .profile = PROFILE_XDS_I_B,
      .actor = "imaging",
      .actions = { "urn:ihe:rad:2009:RetrieveImagingDocumentSet" },
      .bodies = { "RetrieveImagingDocumentSetRequest" },
      .body_ns = NS_IHERAD,
      .reply_action = "urn:ihe:iti:2007:RetrieveDocumentSetResponse",
      .reply_body = "RetrieveDocumentSetResponse",
      .reply_ns = NS_XDS,
      .internal = ISSUE_XDS_REPOSITORY_ERROR,
      .mtom = true,
      .serve = rad69_retrieve_imaging_document_set,
      .refuse = refuse_retrieval },
    { .id = "ITI-86",
      .name = "Remove Documents",
      .profile = PROFILE_XDS_B,
      .actor = "repository",
      .actions = { "urn:ihe:iti:2017:RemoveDocuments" },
      .bodies = { "RemoveDocumentsRequest" },
      .body_ns = NS_RMD,
      .reply_action = "urn:ihe:iti:2017:RemoveDocumentsResponse",
      .reply_body = "RegistryResponse",
      .reply_ns = NS_RS,
      .internal = ISSUE_XDS_REMOVE_DOCUMENTS_ERROR,
      .serve = iti86_remove_documents,
      .refuse = refuse_with_registry_response },
};

const struct daemon_spec repository_spec = {
    .name = "repository",
    .transactions = transactions,
    .transaction_count = ARRAY_LEN(transactions),
    .schema = store_schema,
    .has_spool = true,
    .makes_papers = true,
    .makes_lists = true,
    .blob_references = store_blob_references,
    .pages = { { .path = INBOX_PATH, .serve = inbox_page } },
    .open_doors = pending_open,
    .drain_doors = pending_drain,
    .close_doors = pending_close,
};

enum rc repository_of(struct request *rq, const struct repository **out)
{
    const struct repository *r = community_repository(rq->community, rq->number);

    if (r == NULL)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, NULL,
                         "%s has no repository number %d; `kakehashi endpoints` lists them", rq->community->name,
                         rq->number);
    *out = r;
    return OK;
}
