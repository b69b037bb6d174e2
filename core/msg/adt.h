#pragma once
/* ADT^A01, A04, A05, A08 and A40: the patient identity feed of HL7 v2 (ITI TF-2: 3.8.4.1, 3.8.4.2). */

#include "base/rc.h"
#include "model/issue.h"
#include "model/patient.h"
#include "wire/hl7v2.h"

struct adt {
    const char *event; /* "A01" */
    /*
     * ids in the order of PID-3, one for each repetition. root is the OID of the assigning authority; NULL when it is
     * named otherwise or not at all, and then authority is that name or NULL.
     */
    struct patient patient;
    struct patient_id *subsumed; /* A40: MRG-1, the id that the patient's replaces; NULL otherwise */
};

/*
 * E_REFUSED with issues, places as in ERR-2: a required segment or PID-3, PID-5 (not of A40), MRG-1 missing; an id
 * without its value; an ISO authority that is no OID; a PID-7 that is no time; two patients, or ids, to merge at once.
 */
MUST_CHECK enum rc adt_decode(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues);
