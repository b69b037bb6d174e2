#pragma once
/*
 * The stored queries of the framework, one row each: what everybody who meets a query by its id has to know of it
 * (ITI TF-2: 3.18.4.1.2.4 for ITI-18, 3.51.4.1.2 for ITI-51). What its parameters mean is its registry's business.
 */

#include <stdbool.h>
#include <stddef.h>

#define QUERY_FIND_DOCUMENTS                  "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
#define QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID  "urn:uuid:12941a89-e02e-4be5-967c-ce4bfc8fe492"
#define QUERY_FIND_SUBMISSION_SETS            "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9"
#define QUERY_FIND_FOLDERS                    "urn:uuid:958f3006-baad-4929-a4de-ff1114824431"
#define QUERY_GET_ALL                         "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3"
#define QUERY_GET_DOCUMENTS                   "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
#define QUERY_GET_FOLDERS                     "urn:uuid:5737b14c-8a1a-4539-b659-e03a34a5e1e4"
#define QUERY_GET_ASSOCIATIONS                "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155"
#define QUERY_GET_DOCUMENTS_AND_ASSOCIATIONS  "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a"
#define QUERY_GET_SUBMISSION_SETS             "urn:uuid:51224314-5390-4169-9b91-b1980040715a"
#define QUERY_GET_SUBMISSION_SET_AND_CONTENTS "urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83"
#define QUERY_GET_FOLDER_AND_CONTENTS         "urn:uuid:b909a503-523d-4517-8acf-8e5834dfc4c7"
#define QUERY_GET_FOLDERS_FOR_DOCUMENT        "urn:uuid:10cae35a-c7f9-4cf5-b61e-fc3278ffb578"
#define QUERY_GET_RELATED_DOCUMENTS           "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6"

/* ITI-63's one query, which takes what FindDocuments takes; no row: no registry has it. */
#define QUERY_FETCH "urn:uuid:f2072993-9478-41df-a603-8f016706efe8"

#define QUERY_FIND_DOCUMENTS_MULTI                 "urn:uuid:3d1bdb10-39a2-11de-89c2-2f44d94eaa9f"
#define QUERY_FIND_FOLDERS_MULTI                   "urn:uuid:50d3f5ac-39a2-11de-a1ca-b366239e58df"
#define QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID_MULTI "urn:uuid:1191642d-86c4-42d8-b784-f95445f9f0d5"

struct stored_query {
    const char *id;   /* AdhocQuery/@id */
    const char *name; /* as the framework has it */
    const char
        *patient_param;    /* names whom it is about; NULL: it asks for ids, so @home says which community is meant */
    bool is_multi_patient; /* ITI-51's; all others are ITI-18's and ITI-38's */
    const char *const *params; /* the names of all it takes; ends with NULL */
};

/* NULL: the framework has none. */
const struct stored_query *stored_query_find(const char *id);
const struct stored_query *stored_query_named(const char *name);
size_t stored_query_count(void);
const struct stored_query *stored_query_at(size_t i);
