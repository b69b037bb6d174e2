#pragma once
/* PRPA_IN201305UV02 and PRPA_IN201306UV02: ITI-47 PDQV3 and ITI-55 XCPD (ITI TF-2: 3.47, 3.55). */

#include "base/buf.h"
#include "base/rc.h"
#include "msg/hl7v3.h"

struct find_query {
    struct hl7_message message; /* XCPD: sender.home is the asking community */
    struct patient_id query_id;
    const char *assigning_authority; /* XCPD authorOrPerformer/assignedDevice/id@root; NULL */
    const char *priority;            /* I or D; NULL is I when encoding, never NULL decoded */
    int initial_quantity;            /* -1 when absent; so is 0 when encoding */
    struct patient_id *ids;          /* livingSubjectId: all must match */
    struct person_name *names;       /* livingSubjectName: any may match; use "SRCH" is fuzzy */
    const char *gender;
    const char *birth_time; /* value; or */
    const char *birth_low, *birth_high;
    const char *deceased_low, *deceased_high; /* livingSubjectDeceasedTime; the same when it is one value */
    struct address *birth_place;              /* livingSubjectBirthPlaceAddress: any may match; NULL */
    struct person_name *birth_place_names;    /* livingSubjectBirthPlaceName, as family: any may match; NULL */
    struct address *address;                  /* patientAddress: any may match; NULL */
    const char *telecom;                      /* patientTelecom/value@value */
    struct person_name *mother;               /* mothersMaidenName: any may match; NULL */
    const char *status;                       /* patientStatusCode; NULL */
    struct patient_id *provider;              /* principalCareProviderId: any may match; NULL */
    int minimum_match;                        /* minimumDegreeMatch, 0 to 100; 0 when absent */
    struct patient_id *scoping;               /* otherIDsScopingOrganization roots */
    struct xml_node *query_by_parameter;      /* echoed; NULL when we are the client */
};

/*
 * E_REFUSED with issues: wrapper faults; no queryByParameter, queryId or parameterList; no parameter at all; a value
 * that is none (a time, a gender, initialQuantity, responsePriorityCode, an id without root or extension, an empty
 * name), or a second one where there can be one. Which parameters a profile requires is for the server to judge. Also
 * then *out holds what could be read, for the answer to echo.
 */
MUST_CHECK enum rc find_query_decode(struct arena *a, const struct xml_node *body, struct find_query *out,
                                     struct issue_list *issues);
/* The queryByParameter of a query that was decoded, to be kept; and read again, without a message around it. */
struct str find_query_text(struct arena *a, const struct find_query *q);
MUST_CHECK enum rc find_query_reread(struct arena *a, struct str query_by_parameter, struct find_query *out);
void find_query_encode(struct arena *a, const struct find_query *q, struct buf *out);
/* XPath of the value of the n-th (from 1) parameter of that name; of the n-th value, as find_query_decode lists them.
 */
const char *find_parameter_place(struct arena *a, const char *parameter, int n);
const char *find_value_place(struct arena *a, const struct find_query *q, const char *parameter, int n);

struct find_answer {
    const struct find_query *query;
    struct patient *patients;   /* NULL: NF */
    int total;                  /* PDQ: matches in all, when more than patients; else 0 */
    int told;                   /* PDQ: of those, on the pages before this one */
    bool is_deferred;           /* XCPD: a message of its own, which wants an acknowledgement */
    bool is_xcpd;               /* no quantities; custodian is the home community */
    const char *const *wanted;  /* XCPD: codes of parameters that would help (3.55.4.2.2.6), ends with NULL; or NULL */
    const char *custodian_root; /* of patients that have none of their own */
    struct issue_list issues;   /* errors: AE */
};

void find_answer_encode(struct arena *a, const struct find_answer *answer, struct buf *out);

/* What a responder may ask for (ITI TF-2: 3.55.4.2.2.6, Table 3.55.4.2.2.6-1). */
#define WANTED_GENDER              "LivingSubjectAdministrativeGenderRequested"
#define WANTED_ADDRESS             "PatientAddressRequested"
#define WANTED_TELECOM             "PatientTelecomRequested"
#define WANTED_MOTHER              "MothersMaidenNameRequested"
#define WANTED_BIRTH_PLACE_ADDRESS "LivingSubjectBirthPlaceAddressRequested"
#define WANTED_BIRTH_PLACE_NAME    "LivingSubjectBirthPlaceNameRequested"

struct find_result {
    struct hl7_ack ack;
    const char *response_code;
    struct patient *patients; /* custodian_root says whose each is */
    struct text_list *wanted; /* XCPD: codes of parameters that would have helped */
};

/* E_SYNTAX when it is no PRPA_IN201306UV02 with acknowledgement and queryAck. */
MUST_CHECK enum rc find_result_decode(struct arena *a, const struct xml_node *body, struct find_result *out);
