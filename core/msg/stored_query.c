#include "msg/stored_query.h"

#include "base/rc.h"

#include <stddef.h>
#include <string.h>

#define DOCUMENT_PATIENT "$XDSDocumentEntryPatientId"
#define SET_PATIENT      "$XDSSubmissionSetPatientId"
#define FOLDER_PATIENT   "$XDSFolderPatientId"

static const struct stored_query rows[] = {
    { QUERY_FIND_DOCUMENTS, "FindDocuments", DOCUMENT_PATIENT },
    { QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID, "FindDocumentsByReferenceId", DOCUMENT_PATIENT },
    { QUERY_FIND_SUBMISSION_SETS, "FindSubmissionSets", SET_PATIENT },
    { QUERY_FIND_FOLDERS, "FindFolders", FOLDER_PATIENT },
    { QUERY_GET_ALL, "GetAll", "$patientId" },
    { QUERY_GET_DOCUMENTS, "GetDocuments", NULL },
    { QUERY_GET_FOLDERS, "GetFolders", NULL },
    { QUERY_GET_ASSOCIATIONS, "GetAssociations", NULL },
    { QUERY_GET_DOCUMENTS_AND_ASSOCIATIONS, "GetDocumentsAndAssociations", NULL },
    { QUERY_GET_SUBMISSION_SETS, "GetSubmissionSets", NULL },
    { QUERY_GET_SUBMISSION_SET_AND_CONTENTS, "GetSubmissionSetAndContents", NULL },
    { QUERY_GET_FOLDER_AND_CONTENTS, "GetFolderAndContents", NULL },
    { QUERY_GET_FOLDERS_FOR_DOCUMENT, "GetFoldersForDocument", NULL },
    { QUERY_GET_RELATED_DOCUMENTS, "GetRelatedDocuments", NULL },
    { QUERY_FIND_DOCUMENTS_MULTI, "FindDocumentsForMultiplePatients", DOCUMENT_PATIENT, true },
    { QUERY_FIND_FOLDERS_MULTI, "FindFoldersForMultiplePatients", FOLDER_PATIENT, true },
    { QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID_MULTI, "FindDocumentsByReferenceIdForMultiplePatients", DOCUMENT_PATIENT,
      true },
};

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
