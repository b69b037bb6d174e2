#pragma once
/* PRPA_IN201305UV02 and PRPA_IN201306UV02: ITI-47 PDQV3 and ITI-55 XCPD (ITI TF-2: 3.47, 3.55). */

#include "base/buf.h"
#include "base/rc.h"
#include "msg/hl7v3.h"

struct find_query {
    struct hl7_message message;          /* XCPD: sender.home is the asking community */
    struct patient_id query_id;
    const char *assigning_authority;     /* XCPD authorOrPerformer/assignedDevice/id@root; NULL */
    const char *priority;                /* I or D */
    int initial_quantity;                /* -1 when absent */
    struct patient_id *ids;              /* livingSubjectId: all must match */
    struct person_name *names;           /* livingSubjectName: any may match; use "SRCH" is fuzzy */
    const char *gender;
    const char *birth_time;              /* value; or */
    const char *birth_low, *birth_high;
    struct address *address;
    struct patient_id *scoping;          /* otherIDsScopingOrganization roots */
    struct xml_node *query_by_parameter; /* echoed; NULL when we are the client */
};

MUST_CHECK enum rc find_query_decode(struct arena *a, const struct xml_node *body, struct find_query *out,
                                     struct issue_list *issues);
void find_query_encode(struct arena *a, const struct find_query *q, struct buf *out);

struct find_answer {
    const struct find_query *query;
    struct patient *patients;            /* NULL: NF */
    bool is_xcpd;                        /* no quantities; custodian is the home community */
    const char *custodian_root;
    struct issue_list issues;            /* errors: AE */
};

void find_answer_encode(struct arena *a, const struct find_answer *answer, struct buf *out);

struct find_result {
    struct hl7_ack ack;
    const char *response_code;
    struct patient *patients;            /* custodian_root says whose each is */
};

MUST_CHECK enum rc find_result_decode(struct arena *a, const struct xml_node *body, struct find_result *out);
