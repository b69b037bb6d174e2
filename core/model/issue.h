#pragma once
/*
 * What can be wrong with a peer's message, in one table: each row knows every spelling a peer sees (ebRS error code,
 * SOAP fault code, HL7 v3 acknowledgement detail, HL7 v2 error code). ITI TF-3: Table 4.2.4.1-2; ITI TF-2: 3.45.4.2.3,
 * 3.55.4.2.3, C.2.3.
 */

#include "base/rc.h"

#include <stdbool.h>

struct arena;

enum issue_code {
    /* ebRS: registry, repository, gateways */
    ISSUE_XDS_REGISTRY_ERROR,
    ISSUE_XDS_REPOSITORY_ERROR,
    ISSUE_XDS_REGISTRY_METADATA_ERROR,
    ISSUE_XDS_REPOSITORY_METADATA_ERROR,
    ISSUE_XDS_REGISTRY_NOT_AVAILABLE,
    ISSUE_XDS_REGISTRY_BUSY,
    ISSUE_XDS_REPOSITORY_BUSY,
    ISSUE_XDS_REGISTRY_OUT_OF_RESOURCES,
    ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES,
    ISSUE_XDS_UNKNOWN_PATIENT_ID,
    ISSUE_XDS_PATIENT_ID_DOES_NOT_MATCH,
    ISSUE_XDS_DUPLICATE_UNIQUE_ID_IN_REGISTRY,
    ISSUE_XDS_REGISTRY_DUPLICATE_UNIQUE_ID_IN_MESSAGE,
    ISSUE_XDS_REPOSITORY_DUPLICATE_UNIQUE_ID_IN_MESSAGE,
    ISSUE_XDS_NON_IDENTICAL_HASH,
    ISSUE_XDS_NON_IDENTICAL_SIZE,
    ISSUE_XDS_MISSING_DOCUMENT,
    ISSUE_XDS_MISSING_DOCUMENT_METADATA,
    ISSUE_XDS_REGISTRY_DEPRECATED_DOCUMENT,
    ISSUE_XDS_UNRESOLVED_REFERENCE,
    ISSUE_XDS_EXTRA_METADATA_NOT_SAVED, /* a warning */
    ISSUE_XDS_UNKNOWN_STORED_QUERY,
    ISSUE_XDS_STORED_QUERY_MISSING_PARAM,
    ISSUE_XDS_STORED_QUERY_PARAM_NUMBER,
    ISSUE_XDS_TOO_MANY_RESULTS,
    ISSUE_XDS_RESULT_NOT_SINGLE_PATIENT,
    ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR,
    ISSUE_XDS_UNKNOWN_REPOSITORY_ID,
    ISSUE_XDS_UNKNOWN_COMMUNITY,
    ISSUE_XDS_MISSING_HOME_COMMUNITY_ID,
    ISSUE_XDS_UNAVAILABLE_COMMUNITY,
    /* ebRS: metadata update, restricted update, removal */
    ISSUE_XDS_METADATA_UPDATE_ERROR,
    ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
    ISSUE_XDS_METADATA_VERSION_ERROR,
    ISSUE_XDS_PATIENT_ID_RECONCILIATION_ERROR,
    ISSUE_XDS_INVALID_REQUEST,
    ISSUE_XDS_OBJECT_TYPE_ERROR,
    ISSUE_XDS_METADATA_IDENTIFIER_ERROR,
    ISSUE_XDS_METADATA_ANNOTATION_ERROR,
    ISSUE_XDS_UNMODIFIABLE_METADATA,
    ISSUE_XDS_REFERENCES_EXIST,
    ISSUE_XDS_UNREFERENCED_OBJECT,
    ISSUE_XDS_REMOVE_DOCUMENTS_ERROR,
    ISSUE_XDS_UNKNOWN_RECIPIENT,
    ISSUE_XDS_UNAVAILABLE_RECIPIENT,
    /* what a Document Recipient kept and did not act on; warnings */
    ISSUE_PARTIAL_FOLDER_CONTENT_NOT_PROCESSED,
    ISSUE_PARTIAL_APPEND_CONTENT_NOT_PROCESSED,
    ISSUE_PARTIAL_REPLACE_CONTENT_NOT_PROCESSED,
    ISSUE_PARTIAL_RELATIONSHIP_CONTENT_NOT_PROCESSED,
    ISSUE_PARTIAL_TRANSFORM_NOT_PROCESSED,
    ISSUE_PARTIAL_TRANSFORM_REPLACE_NOT_PROCESSED,
    /* HL7 v3 */
    ISSUE_HL7_UNKNOWN_KEY,      /* 204: an id or a domain nobody knows */
    ISSUE_HL7_DUPLICATE_KEY,    /* 205: an id that is somebody else's */
    ISSUE_HL7_REQUIRED_MISSING, /* SYN105 */
    ISSUE_HL7_BAD_VALUE,        /* SYN102 */
    ISSUE_HL7_UNSUPPORTED,      /* NS250 */
    ISSUE_HL7_INTERNAL,         /* INTERR */
    ISSUE_HL7_BUSY,             /* ResponderBusy */
    ISSUE_HL7_TOO_MANY,
    ISSUE_HL7_SEQUENCE,        /* SYN100: a segment is missing or out of place */
    ISSUE_HL7_TABLE_VALUE,     /* SYN103 */
    ISSUE_HL7_MESSAGE_TYPE,    /* NS200 */
    ISSUE_HL7_EVENT,           /* NS200 */
    ISSUE_HL7_PROCESSING_ID,   /* NS202 */
    ISSUE_HL7_PROCESSING_MODE, /* NS250, of a whole message */
    ISSUE_HL7_VERSION,         /* NS203 */
    /* any: answered as a SOAP fault Sender */
    ISSUE_SOAP_BODY, /* the body is not what the action promises */
    ISSUE_SOAP_MTOM, /* the package is broken */
    /* no answer carries it: it is kept with an audit record, or told by kakehashi validate */
    ISSUE_TOLD,
    ISSUE_COUNT
};

struct issue_row {
    const char *ebrs;       /* errorCode, NULL when there is none */
    const char *hl7;        /* acknowledgementDetail/code, NULL when there is none */
    const char *hl7_answer; /* detectedIssueManagement code for XCPD, or NULL */
    int hl7v2;              /* ERR-3, table 0357; 0 when there is none */
    bool is_warning;
    const char *en, *ja; /* what it means, one sentence */
};

const struct issue_row *issue_row(enum issue_code code);
/* The code for "no room" where `internal` is the one for "failed"; `internal` itself when there is no better one. */
enum issue_code issue_out_of_resources(enum issue_code internal);

struct issue {
    enum issue_code code;
    const char *ebrs; /* spelling to send: the row's, or what a peer sent that we pass on */
    bool is_warning;
    const char *place;    /* XPath, parameter or attribute: ebRS codeContext's tail, HL7 location; NULL */
    const char *text;     /* what is wrong and what would satisfy it */
    const char *location; /* ebRS location attribute: a homeCommunityId for XCA; NULL */
    int rule;             /* enum rule that is broken (model/rule.h); 0: none */
    struct issue *next;
};

struct issue_list {
    struct issue *first, *last;
    int errors, warnings;
};

/* Forgets the warnings. */
void issue_list_keep_errors(struct issue_list *list);
/* Appends all of more. */
void issue_list_join(struct issue_list *list, const struct issue_list *more);
struct issue *issue_add(struct arena *a, struct issue_list *list, enum issue_code code, const char *place,
                        const char *fmt, ...) PRINTF_LIKE(5, 6);
/* An error a peer named, passed on as it is: ebrs and text need not be in the table. */
struct issue *issue_pass_on(struct arena *a, struct issue_list *list, const char *ebrs, bool is_warning,
                            const char *text, const char *location);
