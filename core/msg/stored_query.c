#include "msg/stored_query.h"

#include "base/rc.h"

#include <string.h>

#define DOCUMENT_PATIENT "$XDSDocumentEntryPatientId"
#define SET_PATIENT      "$XDSSubmissionSetPatientId"
#define FOLDER_PATIENT   "$XDSFolderPatientId"

/* clang-format off */
#define DOCUMENT_CODES                                                                                                 \
    "$XDSDocumentEntryClassCode", "$XDSDocumentEntryEventCodeList", "$XDSDocumentEntryHealthcareFacilityTypeCode"
#define DOCUMENT_FILTERS                                                                                               \
    "$XDSDocumentEntryTypeCode", "$XDSDocumentEntryFormatCode", "$XDSDocumentEntryPracticeSettingCode",                \
    "$XDSDocumentEntryConfidentialityCode", "$XDSDocumentEntryAuthorPerson", "$XDSDocumentEntryType",                  \
    "$XDSDocumentEntryDocumentAvailability", "$XDSDocumentEntryCreationTimeFrom", "$XDSDocumentEntryCreationTimeTo",   \
    "$XDSDocumentEntryServiceStartTimeFrom", "$XDSDocumentEntryServiceStartTimeTo",                                    \
    "$XDSDocumentEntryServiceStopTimeFrom", "$XDSDocumentEntryServiceStopTimeTo"
#define FOLDER_FILTERS                                                                                                 \
    "$XDSFolderStatus", "$XDSFolderLastUpdateTimeFrom", "$XDSFolderLastUpdateTimeTo", "$XDSFolderCodeList"
#define CONTENT_FILTERS                                                                                                \
    "$XDSDocumentEntryFormatCode", "$XDSDocumentEntryConfidentialityCode", "$XDSDocumentEntryType"
#define DOCUMENTS_NAMED "$XDSDocumentEntryEntryUUID", "$XDSDocumentEntryUniqueId"
#define FOLDERS_NAMED   "$XDSFolderEntryUUID", "$XDSFolderUniqueId"
#define ASSOCIATIONS    "$XDSAssociationStatus"

/* Any query may say which versions it understands. */
#define PARAMS(...) (const char *const[]){ __VA_ARGS__, "$MetadataLevel", NULL }

static const struct stored_query rows[] = {
    { QUERY_FIND_DOCUMENTS, "FindDocuments", DOCUMENT_PATIENT, false,
      PARAMS(DOCUMENT_PATIENT, "$XDSDocumentEntryStatus", DOCUMENT_CODES, DOCUMENT_FILTERS) },
    { QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID, "FindDocumentsByReferenceId", DOCUMENT_PATIENT, false,
      PARAMS(DOCUMENT_PATIENT, "$XDSDocumentEntryStatus", "$XDSDocumentEntryReferenceIdList", DOCUMENT_CODES, DOCUMENT_FILTERS) },
    { QUERY_FIND_SUBMISSION_SETS, "FindSubmissionSets", SET_PATIENT, false,
      PARAMS(SET_PATIENT, "$XDSSubmissionSetStatus", "$XDSSubmissionSetSourceId", "$XDSSubmissionSetSubmissionTimeFrom", "$XDSSubmissionSetSubmissionTimeTo", "$XDSSubmissionSetAuthorPerson", "$XDSSubmissionSetContentType") },
    { QUERY_FIND_FOLDERS, "FindFolders", FOLDER_PATIENT, false,
      PARAMS(FOLDER_PATIENT, FOLDER_FILTERS) },
    { QUERY_GET_ALL, "GetAll", "$patientId", false,
      PARAMS("$patientId", "$XDSDocumentEntryStatus", "$XDSSubmissionSetStatus", "$XDSFolderStatus", CONTENT_FILTERS, ASSOCIATIONS) },
    { QUERY_GET_DOCUMENTS, "GetDocuments", NULL, false,
      PARAMS(DOCUMENTS_NAMED, "$XDSDocumentEntryLogicalID") },
    { QUERY_GET_FOLDERS, "GetFolders", NULL, false,
      PARAMS(FOLDERS_NAMED, "$XDSFolderLogicalID") },
    { QUERY_GET_ASSOCIATIONS, "GetAssociations", NULL, false,
      PARAMS("$uuid", ASSOCIATIONS) },
    { QUERY_GET_DOCUMENTS_AND_ASSOCIATIONS, "GetDocumentsAndAssociations", NULL, false,
      PARAMS(DOCUMENTS_NAMED, ASSOCIATIONS) },
    { QUERY_GET_SUBMISSION_SETS, "GetSubmissionSets", NULL, false,
      PARAMS("$uuid", ASSOCIATIONS) },
    { QUERY_GET_SUBMISSION_SET_AND_CONTENTS, "GetSubmissionSetAndContents", NULL, false,
      PARAMS("$XDSSubmissionSetEntryUUID", "$XDSSubmissionSetUniqueId", CONTENT_FILTERS, ASSOCIATIONS) },
    { QUERY_GET_FOLDER_AND_CONTENTS, "GetFolderAndContents", NULL, false,
      PARAMS(FOLDERS_NAMED, CONTENT_FILTERS, ASSOCIATIONS) },
    { QUERY_GET_FOLDERS_FOR_DOCUMENT, "GetFoldersForDocument", NULL, false,
      PARAMS(DOCUMENTS_NAMED, ASSOCIATIONS) },
    { QUERY_GET_RELATED_DOCUMENTS, "GetRelatedDocuments", NULL, false,
      PARAMS(DOCUMENTS_NAMED, "$AssociationTypes", "$XDSDocumentEntryType", ASSOCIATIONS) },
    { QUERY_FIND_DOCUMENTS_MULTI, "FindDocumentsForMultiplePatients", DOCUMENT_PATIENT, true,
      PARAMS(DOCUMENT_PATIENT, "$XDSDocumentEntryStatus", DOCUMENT_CODES, DOCUMENT_FILTERS) },
    { QUERY_FIND_FOLDERS_MULTI, "FindFoldersForMultiplePatients", FOLDER_PATIENT, true,
      PARAMS(FOLDER_PATIENT, FOLDER_FILTERS) },
    { QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID_MULTI, "FindDocumentsByReferenceIdForMultiplePatients", DOCUMENT_PATIENT, true,
      PARAMS(DOCUMENT_PATIENT, "$XDSDocumentEntryStatus", "$XDSDocumentEntryReferenceIdList", DOCUMENT_CODES, DOCUMENT_FILTERS) },
};
/* clang-format on */

const struct stored_query *stored_query_find(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
    }
    return NULL;
}

const struct stored_query *stored_query_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    }
    return NULL;
}

size_t stored_query_count(void)
{
    return ARRAY_LEN(rows);
}

const struct stored_query *stored_query_at(size_t i)
{
    return &rows[i];
}
