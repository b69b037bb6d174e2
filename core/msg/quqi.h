#pragma once
/*
 * QUQI_IN000003UV01: the next page of a query, or the end of it (ITI TF-2: 3.47.4.3, 3.47.4.4; the Continuation Option
 * of PDQV3).
 */

#include "base/buf.h"
#include "base/rc.h"
#include "msg/hl7v3.h"

struct quqi {
    struct hl7_message message;
    struct patient_id query_id; /* of the query that goes on */
    int quantity;               /* continuationQuantity; -1 when absent */
    const char *status;         /* waitContinuedQueryResponse, aborted */
    int start;                  /* startResultNumber, from 1; -1 when absent */
    const char *place;          /* XPath of queryContinuation */
};

/*
 * E_REFUSED with issues: wrapper faults; no queryContinuation, queryId or statusCode in it; a startResultNumber
 * or continuationQuantity that is no number. Also then *out holds what could be read.
 */
MUST_CHECK enum rc quqi_decode(struct arena *a, const struct xml_node *body, struct quqi *out,
                               struct issue_list *issues);
void quqi_encode(const struct quqi *q, struct buf *out);
