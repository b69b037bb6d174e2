#include "msg/audit_event.h"

#include "base/rc.h"

#include <string.h>

/* Who asks, who answers. */
static const struct audit_side query[] = { { DCM_QUERY, 'E' }, { DCM_QUERY, 'E' } };
static const struct audit_side feed[] = { { DCM_PATIENT_RECORD, '*' }, { DCM_PATIENT_RECORD, '*' } };
static const struct audit_side notice[] = { { DCM_PATIENT_RECORD, 'R' }, { DCM_PATIENT_RECORD, 'U' } };
static const struct audit_side removal[] = { { DCM_PATIENT_RECORD, 'D' }, { DCM_PATIENT_RECORD, 'D' } };
static const struct audit_side submission[] = { { DCM_EXPORT, 'R' }, { DCM_IMPORT, 'C' } };
static const struct audit_side change[] = { { DCM_EXPORT, 'U' }, { DCM_IMPORT, 'U' } };
static const struct audit_side retrieval[] = { { DCM_IMPORT, 'C' }, { DCM_EXPORT, 'R' } };
static const struct audit_side image_retrieval[] = { { "110103", 'C' }, { "110104", 'R' } };

static const struct audit_event rows[] = {
    { "ITI-8", "Patient Identity Feed", feed, AUDIT_OF_FEED_V2 },
    { "ITI-9", "PIX Query", query, AUDIT_OF_QUERY_V2 },
    { "ITI-10", "PIX Update Notification", notice, AUDIT_OF_FEED_V2 },
    { "ITI-18", "Registry Stored Query", query, AUDIT_OF_STORED_QUERY },
    { "ITI-21", "Patient Demographics Query", query, AUDIT_OF_QUERY_V2 },
    { "ITI-22", "Patient Demographics and Visit Query", query, AUDIT_OF_QUERY_V2 },
    { "ITI-30", "Patient Identity Management", feed, AUDIT_OF_FEED_V2 },
    { "ITI-38", "Cross Gateway Query", query, AUDIT_OF_STORED_QUERY },
    { "ITI-39", "Cross Gateway Retrieve", retrieval, AUDIT_OF_RETRIEVAL, .is_reversed = true },
    { "ITI-41", "Provide and Register Document Set-b", submission, AUDIT_OF_SUBMISSION },
    { "ITI-42", "Register Document Set-b", submission, AUDIT_OF_SUBMISSION },
    { "ITI-43", "Retrieve Document Set", retrieval, AUDIT_OF_RETRIEVAL, .is_reversed = true },
    { "ITI-44", "Patient Identity Feed", feed, AUDIT_OF_FEED_V3 },
    { "ITI-45", "PIX Query", query, AUDIT_OF_QUERY_V3 },
    { "ITI-46", "PIX Update Notification", notice, AUDIT_OF_FEED_V3 },
    { "ITI-47", "Patient Demographics Query", query, AUDIT_OF_QUERY_V3 },
    { "ITI-51", "Multi-Patient Query", query, AUDIT_OF_STORED_QUERY },
    { "ITI-52", "Document Metadata Subscribe", query, AUDIT_OF_SUBSCRIPTION },
    { "ITI-53", "Document Metadata Notify", submission, AUDIT_OF_NOTIFICATION },
    { "ITI-54", "Document Metadata Publish", submission, AUDIT_OF_NOTIFICATION },
    { "ITI-55", "Cross Gateway Patient Discovery", query, AUDIT_OF_QUERY_V3 },
    { "ITI-56", "Patient Location Query", query, AUDIT_OF_LOCATION },
    { "ITI-57", "Update Document Set", change, AUDIT_OF_SUBMISSION },
    { "ITI-61", "Register On-Demand Document Entry", submission, AUDIT_OF_SUBMISSION },
    { "ITI-62", "Remove Metadata", removal, AUDIT_OF_REGISTRY_OBJECTS },
    { "ITI-63", "Cross Gateway Fetch", query, AUDIT_OF_STORED_QUERY },
    { "ITI-80", "Cross-Gateway Document Provide", submission, AUDIT_OF_SUBMISSION },
    { "ITI-86", "Remove Documents", removal, AUDIT_OF_REMOVED_DOCUMENTS },
    { "ITI-92", "Restricted Update Document Set", change, AUDIT_OF_SUBMISSION },
    { "RAD-69", "Retrieve Imaging Document Set", image_retrieval, AUDIT_OF_IMAGES, .is_reversed = true },
    { "RAD-75", "Cross Gateway Retrieve Imaging Document Set", image_retrieval, AUDIT_OF_IMAGES, .is_reversed = true },
};

const struct audit_event *audit_event_find(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
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

const struct audit_side *audit_event_side(const struct audit_event *event, bool is_initiating)
{
    return &event->sides[is_initiating ? 0 : 1];
}
