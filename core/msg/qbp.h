#pragma once
/*
 * Queries of HL7 v2: QBP^Q23 for ids (ITI TF-2: 3.9.4.1), QBP^Q22 and QBP^ZV1 for demographics and visits (3.21.4.1,
 * 3.22.4.1), and QCN^J01 that ends one (HL7 v2.5 section 5.6).
 */

#include "base/rc.h"
#include "model/issue.h"
#include "model/patient.h"
#include "wire/hl7v2.h"

/* QPD-3 of a demographics query: "@PID.5.1^Smith". */
struct qbp_parameter {
    const char *name; /* without the "@" */
    const char *value;
    int repetition; /* of QPD-3 */
    struct qbp_parameter *next;
};

struct qbp {
    const char *event;          /* "Q22" */
    const char *name;           /* QPD-1.1 */
    const char *tag;            /* QPD-2 */
    struct patient_id *patient; /* Q23: QPD-3, with authority and root as in msg/hl7v2_person.h; NULL otherwise */
    struct qbp_parameter *parameters;
    struct patient_id *domains; /* Q23: QPD-4; others: QPD-8. Without ids; the n-th is of the n-th repetition */
    int quantity;               /* RCP-2; 0 when it is not said */
    const char *pointer;        /* DSC-1; NULL on the first request */
};

/* The field of QPD that names domains: 4 of Q23, 8 of the others. */
int qbp_domains_field(const char *event);

/*
 * E_REFUSED with issues: QPD, RCP, QPD-1, QPD-2 or QPD-3 missing; a parameter without "@PID.…" or without a value; a
 * domain of no name; an RCP-1 other than I; an RCP-2 that is no number of records. Also then *out holds what could be
 * read.
 */
MUST_CHECK enum rc qbp_decode(struct arena *a, const struct hl7v2 *m, struct qbp *out, struct issue_list *issues);
