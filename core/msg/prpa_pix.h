#pragma once
/* PRPA_IN201309UV02 and PRPA_IN201310UV02: ITI-45 PIXV3 Query (ITI TF-2: 3.45). */

#include "base/buf.h"
#include "base/rc.h"
#include "msg/hl7v3.h"

struct pix_query {
    struct hl7_message message;
    struct patient_id query_id;
    struct patient_id patient_id;        /* asked about */
    struct patient_id *data_sources;     /* roots asked for, in order; NULL: all */
    const char *patient_id_place;        /* XPath of patientIdentifier/value */
    struct xml_node *query_by_parameter; /* echoed in the response; NULL when we are the client */
};

/*
 * E_REFUSED with issues: wrapper faults; no queryByParameter, queryId or parameterList; not exactly one
 * patientIdentifier with root and extension; a dataSource without root. Also then *out holds what could be read, for
 * the answer to echo.
 */
MUST_CHECK enum rc pix_query_decode(struct arena *a, const struct xml_node *body, struct pix_query *out,
                                    struct issue_list *issues);
void pix_query_encode(struct arena *a, const struct pix_query *q, struct buf *out);
/* XPath of the n-th (from 1) dataSource/value. */
const char *pix_data_source_place(struct arena *a, int n);

/* Cases 1 to 6 (3.45.4.2.3): found NULL and no errors: NF; errors: AE. custodian: the manager's OID. */
struct pix_answer {
    const struct pix_query *query;
    struct patient_id *found;       /* NULL: none */
    const struct person_name *name; /* NULL: nullFlavor NA */
    const char *custodian_root;
    struct issue_list issues;
};

void pix_answer_encode(struct arena *a, const struct pix_answer *answer, struct buf *out);

struct pix_result {
    struct hl7_ack ack;
    const char *response_code; /* OK, NF, AE */
    struct patient_id *ids;    /* patient/id then asOtherIDs/id */
};

/* E_SYNTAX when it is no PRPA_IN201310UV02 with acknowledgement and queryAck. */
MUST_CHECK enum rc pix_result_decode(struct arena *a, const struct xml_node *body, struct pix_result *out);
