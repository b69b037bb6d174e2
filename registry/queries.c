/*
 * Which parameters a stored query takes, and what it does (ITI TF-2: 3.18.4.1.2.3.7.1 to .14, 3.51.4.1.2). What a
 * parameter is stands in query_params.c.
 */
#include "registry/queries.h"

#include <string.h>

#define REQUIRED TAKES_REQUIRED
#define SINGLE   TAKES_SINGLE
#define ONE_OF   TAKES_ONE_OF
#define ANY_OF   TAKES_ANY_OF

/* Any query may say which versions it understands, and those that look at associations which of them. */
#define LEVEL                                                                                                          \
    {                                                                                                                  \
        PARAM_METADATA_LEVEL, SINGLE                                                                                   \
    }
#define ASSOCIATIONS                                                                                                   \
    {                                                                                                                  \
        PARAM_ASSOCIATION_STATUS, 0                                                                                    \
    }

/* clang-format off */
#define DOCUMENT_FILTERS                                                                                               \
    { PARAM_TYPE, 0 }, { PARAM_FORMAT, 0 }, { PARAM_PRACTICE_SETTING, 0 }, { PARAM_CONFIDENTIALITY, 0 },               \
    { PARAM_DOCUMENT_AUTHOR, 0 }, { PARAM_DOCUMENT_TYPE, 0 }, { PARAM_DOCUMENT_AVAILABILITY, 0 },                      \
    { PARAM_CREATION_FROM, SINGLE }, { PARAM_CREATION_TO, SINGLE },                                                    \
    { PARAM_SERVICE_START_FROM, SINGLE }, { PARAM_SERVICE_START_TO, SINGLE },                                          \
    { PARAM_SERVICE_STOP_FROM, SINGLE }, { PARAM_SERVICE_STOP_TO, SINGLE }
#define CONTENT_FILTERS { PARAM_FORMAT, 0 }, { PARAM_CONFIDENTIALITY, 0 }, { PARAM_DOCUMENT_TYPE, 0 }
#define DOCUMENTS_NAMED(how) { PARAM_DOCUMENT_UUID, ONE_OF | (how) }, { PARAM_DOCUMENT_UNIQUE_ID, ONE_OF | (how) }
#define FOLDERS_NAMED(how)   { PARAM_FOLDER_UUID, ONE_OF | (how) }, { PARAM_FOLDER_UNIQUE_ID, ONE_OF | (how) }
#define SETS_NAMED(how)      { PARAM_SET_UUID, ONE_OF | (how) }, { PARAM_SET_UNIQUE_ID, ONE_OF | (how) }

static const struct query_row rows[] = {
    { QUERY_FIND_DOCUMENTS, query_find, OBJECT_DOCUMENT, PARAM_DOCUMENT_PATIENT,
      { { PARAM_DOCUMENT_PATIENT, REQUIRED | SINGLE }, { PARAM_DOCUMENT_STATUS, REQUIRED },
        { PARAM_CLASS, 0 }, { PARAM_EVENT, 0 }, { PARAM_FACILITY_TYPE, 0 }, DOCUMENT_FILTERS, LEVEL } },
    { QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID, query_find, OBJECT_DOCUMENT, PARAM_DOCUMENT_PATIENT,
      { { PARAM_DOCUMENT_PATIENT, REQUIRED | SINGLE }, { PARAM_DOCUMENT_STATUS, REQUIRED },
        { PARAM_REFERENCE_ID, REQUIRED },
        { PARAM_CLASS, 0 }, { PARAM_EVENT, 0 }, { PARAM_FACILITY_TYPE, 0 }, DOCUMENT_FILTERS, LEVEL } },
    { QUERY_FIND_SUBMISSION_SETS, query_find, OBJECT_SUBMISSION_SET, PARAM_SET_PATIENT,
      { { PARAM_SET_PATIENT, REQUIRED | SINGLE }, { PARAM_SET_STATUS, REQUIRED },
        { PARAM_SOURCE_ID, 0 }, { PARAM_SUBMISSION_FROM, SINGLE }, { PARAM_SUBMISSION_TO, SINGLE },
        { PARAM_SET_AUTHOR, SINGLE }, { PARAM_CONTENT_TYPE, 0 }, LEVEL } },
    { QUERY_FIND_FOLDERS, query_find, OBJECT_FOLDER, PARAM_FOLDER_PATIENT,
      { { PARAM_FOLDER_PATIENT, REQUIRED | SINGLE }, { PARAM_FOLDER_STATUS, REQUIRED },
        { PARAM_LAST_UPDATE_FROM, SINGLE }, { PARAM_LAST_UPDATE_TO, SINGLE }, { PARAM_FOLDER_CODE, 0 }, LEVEL } },
    { QUERY_GET_ALL, query_get_all, 0, PARAM_PATIENT,
      { { PARAM_PATIENT, REQUIRED | SINGLE }, { PARAM_DOCUMENT_STATUS, REQUIRED }, { PARAM_SET_STATUS, REQUIRED },
        { PARAM_FOLDER_STATUS, REQUIRED }, CONTENT_FILTERS, ASSOCIATIONS, LEVEL } },

    { QUERY_GET_DOCUMENTS, query_get_documents, 0, PARAM_NONE,
      { DOCUMENTS_NAMED(0), { PARAM_DOCUMENT_LOGICAL_ID, ONE_OF }, LEVEL } },
    { QUERY_GET_FOLDERS, query_get_folders, 0, PARAM_NONE,
      { FOLDERS_NAMED(0), { PARAM_FOLDER_LOGICAL_ID, ONE_OF }, LEVEL } },
    { QUERY_GET_ASSOCIATIONS, query_get_associations, 0, PARAM_NONE,
      { { PARAM_UUID, REQUIRED }, ASSOCIATIONS, LEVEL } },
    { QUERY_GET_DOCUMENTS_AND_ASSOCIATIONS, query_get_documents_and_associations, 0, PARAM_NONE,
      { DOCUMENTS_NAMED(0), ASSOCIATIONS, LEVEL } },
    { QUERY_GET_SUBMISSION_SETS, query_get_submission_sets, 0, PARAM_NONE,
      { { PARAM_UUID, REQUIRED }, ASSOCIATIONS, LEVEL } },
    { QUERY_GET_SUBMISSION_SET_AND_CONTENTS, query_get_submission_set_and_contents, 0, PARAM_NONE,
      { SETS_NAMED(SINGLE), CONTENT_FILTERS, ASSOCIATIONS, LEVEL } },
    { QUERY_GET_FOLDER_AND_CONTENTS, query_get_folder_and_contents, 0, PARAM_NONE,
      { FOLDERS_NAMED(SINGLE), CONTENT_FILTERS, ASSOCIATIONS, LEVEL } },
    { QUERY_GET_FOLDERS_FOR_DOCUMENT, query_get_folders_for_document, 0, PARAM_NONE,
      { DOCUMENTS_NAMED(SINGLE), ASSOCIATIONS, LEVEL } },
    { QUERY_GET_RELATED_DOCUMENTS, query_get_related_documents, 0, PARAM_NONE,
      { DOCUMENTS_NAMED(SINGLE), { PARAM_ASSOCIATION_TYPE, REQUIRED }, { PARAM_DOCUMENT_TYPE, 0 }, ASSOCIATIONS,
        LEVEL } },

    { QUERY_FIND_DOCUMENTS_MULTI, query_find_multi, OBJECT_DOCUMENT, PARAM_DOCUMENT_PATIENT,
      { { PARAM_DOCUMENT_PATIENT, ANY_OF }, { PARAM_DOCUMENT_STATUS, REQUIRED }, { PARAM_CLASS, ANY_OF },
        { PARAM_EVENT, ANY_OF }, { PARAM_FACILITY_TYPE, ANY_OF }, DOCUMENT_FILTERS, LEVEL } },
    { QUERY_FIND_FOLDERS_MULTI, query_find_multi, OBJECT_FOLDER, PARAM_FOLDER_PATIENT,
      { { PARAM_FOLDER_PATIENT, ANY_OF }, { PARAM_FOLDER_CODE, ANY_OF }, { PARAM_FOLDER_STATUS, REQUIRED },
        { PARAM_LAST_UPDATE_FROM, SINGLE }, { PARAM_LAST_UPDATE_TO, SINGLE }, LEVEL } },
    { QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID_MULTI, query_find_multi, OBJECT_DOCUMENT, PARAM_DOCUMENT_PATIENT,
      { { PARAM_DOCUMENT_PATIENT, 0 }, { PARAM_DOCUMENT_STATUS, REQUIRED }, { PARAM_REFERENCE_ID, REQUIRED },
        { PARAM_CLASS, 0 }, { PARAM_EVENT, 0 }, { PARAM_FACILITY_TYPE, 0 }, DOCUMENT_FILTERS, LEVEL } },
};
/* clang-format on */

const struct query_row *query_row_find(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
    }
    return NULL;
}
