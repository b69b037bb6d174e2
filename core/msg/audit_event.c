#include "msg/audit_event.h"

#include "base/rc.h"

#include <string.h>

#define QUERY                                                                                                          \
    { DCM_QUERY, 'E' },                                                                                                \
    {                                                                                                                  \
        DCM_QUERY, 'E'                                                                                                 \
    }
#define FEED                                                                                                           \
    { DCM_PATIENT_RECORD, '*' },                                                                                       \
    {                                                                                                                  \
        DCM_PATIENT_RECORD, '*'                                                                                        \
    }
#define REMOVAL                                                                                                        \
    { DCM_PATIENT_RECORD, 'D' },                                                                                       \
    {                                                                                                                  \
        DCM_PATIENT_RECORD, 'D'                                                                                        \
    }
#define NOTICE                                                                                                         \
    { DCM_PATIENT_RECORD, 'R' },                                                                                       \
    {                                                                                                                  \
        DCM_PATIENT_RECORD, 'U'                                                                                        \
    }
#define SUBMISSION                                                                                                     \
    { DCM_EXPORT, 'R' },                                                                                               \
    {                                                                                                                  \
        DCM_IMPORT, 'C'                                                                                                \
    }
#define CHANGE                                                                                                         \
    { DCM_EXPORT, 'U' },                                                                                               \
    {                                                                                                                  \
        DCM_IMPORT, 'U'                                                                                                \
    }
#define RETRIEVAL                                                                                                      \
    { DCM_IMPORT, 'C' },                                                                                               \
    {                                                                                                                  \
        DCM_EXPORT, 'R'                                                                                                \
    }
#define IMAGE_RETRIEVAL                                                                                                \
    { "110103", 'C' },                                                                                                 \
    {                                                                                                                  \
        "110104", 'R'                                                                                                  \
    }

/* PRPA_IN201302UV02 is two transactions: what a daemon sends is a notification, what it receives its own row says. */
static const struct audit_event rows[] = {
    { "ITI-8", "Patient Identity Feed", FEED, AUDIT_OF_FEED_V2 },
    { "ITI-9", "PIX Query", QUERY, AUDIT_OF_QUERY_V2 },
    { "ITI-10", "PIX Update Notification", NOTICE, AUDIT_OF_FEED_V2 },
    { "ITI-18", "Registry Stored Query", QUERY, AUDIT_OF_STORED_QUERY,
      .actions = { "urn:ihe:iti:2007:RegistryStoredQuery" } },
    { "ITI-21", "Patient Demographics Query", QUERY, AUDIT_OF_QUERY_V2 },
    { "ITI-22", "Patient Demographics and Visit Query", QUERY, AUDIT_OF_QUERY_V2 },
    { "ITI-30", "Patient Identity Management", FEED, AUDIT_OF_FEED_V2 },
    { "ITI-38", "Cross Gateway Query", QUERY, AUDIT_OF_STORED_QUERY,
      .actions = { "urn:ihe:iti:2007:CrossGatewayQuery" } },
    { "ITI-39", "Cross Gateway Retrieve", RETRIEVAL, AUDIT_OF_RETRIEVAL, .is_reversed = true,
      .actions = { "urn:ihe:iti:2007:CrossGatewayRetrieve" } },
    { "ITI-41", "Provide and Register Document Set-b", SUBMISSION, AUDIT_OF_SUBMISSION,
      .actions = { "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b" } },
    { "ITI-42", "Register Document Set-b", SUBMISSION, AUDIT_OF_SUBMISSION,
      .actions = { "urn:ihe:iti:2007:RegisterDocumentSet-b" } },
    { "ITI-43", "Retrieve Document Set", RETRIEVAL, AUDIT_OF_RETRIEVAL, .is_reversed = true,
      .actions = { "urn:ihe:iti:2007:RetrieveDocumentSet" } },
    { "ITI-44", "Patient Identity Feed", FEED, AUDIT_OF_FEED_V3,
      .actions = { "urn:hl7-org:v3:PRPA_IN201301UV02", "urn:hl7-org:v3:PRPA_IN201304UV02" } },
    { "ITI-45", "PIX Query", QUERY, AUDIT_OF_QUERY_V3, .actions = { "urn:hl7-org:v3:PRPA_IN201309UV02" } },
    { "ITI-46", "PIX Update Notification", NOTICE, AUDIT_OF_FEED_V3,
      .actions = { "urn:hl7-org:v3:PRPA_IN201302UV02" } },
    { "ITI-47", "Patient Demographics Query", QUERY, AUDIT_OF_QUERY_V3,
      .actions = { "urn:hl7-org:v3:PRPA_IN201305UV02" } },
    { "ITI-51", "Multi-Patient Query", QUERY, AUDIT_OF_STORED_QUERY,
      .actions = { "urn:ihe:iti:2009:MultiPatientStoredQuery" } },
    { "ITI-52", "Document Metadata Subscribe", QUERY, AUDIT_OF_SUBSCRIPTION,
      .actions = { "http://docs.oasis-open.org/wsn/bw-2/NotificationProducer/SubscribeRequest" } },
    { "ITI-53", "Document Metadata Notify", SUBMISSION, AUDIT_OF_NOTIFICATION,
      .actions = { "http://docs.oasis-open.org/wsn/bw-2/NotificationConsumer/Notify" } },
    { "ITI-54", "Document Metadata Publish", SUBMISSION, AUDIT_OF_NOTIFICATION },
    { "ITI-55", "Cross Gateway Patient Discovery", QUERY, AUDIT_OF_QUERY_V3,
      .actions = { "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery" } },
    { "ITI-56", "Patient Location Query", QUERY, AUDIT_OF_LOCATION,
      .actions = { "urn:ihe:iti:2009:PatientLocationQuery" } },
    { "ITI-57", "Update Document Set", CHANGE, AUDIT_OF_SUBMISSION,
      .actions = { "urn:ihe:iti:2010:UpdateDocumentSet" } },
    { "ITI-61", "Register On-Demand Document Entry", SUBMISSION, AUDIT_OF_SUBMISSION,
      .actions = { "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry" } },
    { "ITI-62", "Remove Metadata", REMOVAL, AUDIT_OF_REGISTRY_OBJECTS,
      .actions = { "urn:ihe:iti:2010:DeleteDocumentSet" } },
    { "ITI-86", "Remove Documents", REMOVAL, AUDIT_OF_REMOVED_DOCUMENTS,
      .actions = { "urn:ihe:iti:2017:RemoveDocuments" } },
    { "ITI-92", "Restricted Update Document Set", CHANGE, AUDIT_OF_SUBMISSION,
      .actions = { "urn:ihe:iti:2018:RestrictedUpdateDocumentSet" } },
    { "RAD-69", "Retrieve Imaging Document Set", IMAGE_RETRIEVAL, AUDIT_OF_IMAGES, .is_reversed = true,
      .actions = { "urn:ihe:rad:2009:RetrieveImagingDocumentSet" } },
    { "RAD-75", "Cross Gateway Retrieve Imaging Document Set", IMAGE_RETRIEVAL, AUDIT_OF_IMAGES, .is_reversed = true,
      .actions = { "urn:ihe:rad:2011:CrossGatewayRetrieveImagingDocumentSet" } },
};

const struct audit_event *audit_event_find(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
    }
    return NULL;
}

const struct audit_event *audit_event_of_action(const char *action)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (size_t k = 0; k < AUDIT_ACTIONS && rows[i].actions[k] != NULL; k++) {
            if (strcmp(rows[i].actions[k], action) == 0)
                return &rows[i];
        }
    }
    return NULL;
}

const struct audit_event *audit_event_at(size_t i)
{
    return i < ARRAY_LEN(rows) ? &rows[i] : NULL;
}

/* DICOM PS3.16 CID 400 (events) and CID 403 (event types). */
static const struct {
    const char *code, *text;
} dcm[] = {
    { "110100", "Application Activity" },
    { "110101", "Audit Log Used" },
    { "110102", "Begin Transferring DICOM Instances" },
    { "110103", "DICOM Instances Accessed" },
    { "110104", "DICOM Instances Transferred" },
    { "110105", "DICOM Study Deleted" },
    { "110106", "Export" },
    { "110107", "Import" },
    { "110108", "Network Entry" },
    { "110109", "Order Record" },
    { "110110", "Patient Record" },
    { "110111", "Procedure Record" },
    { "110112", "Query" },
    { "110113", "Security Alert" },
    { "110114", "User Authentication" },
    { "110120", "Application Start" },
    { "110121", "Application Stop" },
    { "110122", "Login" },
    { "110123", "Logout" },
    { "110124", "Attach" },
    { "110125", "Detach" },
    { "110126", "Node Authentication" },
    { "110127", "Emergency Override Started" },
    { "110128", "Network Configuration" },
    { "110129", "Security Configuration" },
    { "110130", "Hardware Configuration" },
    { "110131", "Software Configuration" },
    { "110132", "Use of Restricted Function" },
    { "110133", "Audit Recording Stopped" },
    { "110134", "Audit Recording Started" },
    { "110135", "Object Security Attributes Changed" },
    { "110136", "Security Roles Changed" },
    { "110137", "User Security Attributes Changed" },
    { "110138", "Emergency Override Stopped" },
};

const char *audit_dcm_text(const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(dcm); i++) {
        if (strcmp(dcm[i].code, code) == 0)
            return dcm[i].text;
    }
    return NULL;
}

bool audit_dcm_is_event(const char *code)
{
    return audit_dcm_text(code) != NULL && strcmp(code, "110120") < 0;
}
