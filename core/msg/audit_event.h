#pragma once
/*
 * What the framework says of the audit event of each transaction (ITI TF-2: 3.x.5.1, "Security Audit Considerations"):
 * one row each, read by those who write audit messages, by the check of those that come in, and by
 * docs/transactions.md.
 */

#include <stdbool.h>
#include <stddef.h>

#define AUDIT_TRANSACTIONS "IHE Transactions" /* codeSystemName of the EventTypeCode */

/* DICOM PS3.16 CID 400 and what it refers to. */
#define DCM_APPLICATION_ACTIVITY "110100"
#define DCM_AUDIT_LOG_USED       "110101"
#define DCM_EXPORT               "110106"
#define DCM_IMPORT               "110107"
#define DCM_PATIENT_RECORD       "110110"
#define DCM_QUERY                "110112"
#define DCM_SECURITY_ALERT       "110113"
#define DCM_USER_AUTHENTICATION  "110114"
#define DCM_APPLICATION_START    "110120"
#define DCM_APPLICATION_STOP     "110121"
#define DCM_LOGIN                "110122"
#define DCM_NODE_AUTHENTICATION  "110126"

/* Which participant objects it has, and where in the message they are (audit_objects.h). */
enum audit_subject {
    AUDIT_OF_STORED_QUERY,
    AUDIT_OF_SUBMISSION,
    AUDIT_OF_RETRIEVAL,
    AUDIT_OF_REGISTRY_OBJECTS,
    AUDIT_OF_REMOVED_DOCUMENTS,
    AUDIT_OF_FEED_V3,
    AUDIT_OF_FEED_V2,
    AUDIT_OF_QUERY_V3,
    AUDIT_OF_QUERY_V2,
    AUDIT_OF_IMAGES,
    AUDIT_OF_SUBSCRIPTION,
    AUDIT_OF_NOTIFICATION,
    AUDIT_OF_LOCATION,
    AUDIT_SUBJECTS
};

struct audit_side {
    const char *event; /* DCM code of the EventID */
    char action;       /* C R U D E; '*': C, U or D, as the message says */
};

struct audit_event {
    const char *id;                 /* "ITI-18" */
    const char *text;               /* of the EventTypeCode */
    const struct audit_side *sides; /* two: who sends the request, and who answers it */
    enum audit_subject subject;
    bool is_reversed; /* Source is who answers, Destination who asks: documents flow that way */
};

const struct audit_side *audit_event_side(const struct audit_event *event, bool is_initiating);
/* By "ITI-18"; NULL if there is none. */
const struct audit_event *audit_event_find(const char *id);
const struct audit_event *audit_event_at(size_t i); /* in the order of their numbers; NULL behind the last */

/* Of a DCM code, such as "Query"; NULL for what is no event's or event type's code. */
const char *audit_dcm_text(const char *code);
bool audit_dcm_is_event(const char *code); /* may stand in EventID */
