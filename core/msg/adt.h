#pragma once
/*
 * ADT messages of the patient identity feed and of patient identity management: A01, A04, A05, A08, A40 (ITI TF-2:
 * 3.8.4.1, 3.8.4.2), A24, A28, A31, A37, A47 (3.30.4), and the A31 of an update notification (3.10.4.1).
 */

#include "base/buf.h"
#include "base/rc.h"
#include "model/issue.h"
#include "model/patient.h"
#include "wire/hl7v2.h"

enum adt_kind {
    ADT_FEED,   /* A01, A04, A05, A28: somebody is known */
    ADT_UPDATE, /* A08, A31 */
    ADT_MERGE,  /* A40: MRG-1's id gives way to PID-3's */
    ADT_RENAME, /* A47: MRG-1's id becomes PID-3's */
    ADT_LINK,   /* A24: both PIDs are one person */
    ADT_UNLINK  /* A37: they are not */
};

struct adt {
    const char *event; /* "A01" */
    enum adt_kind kind;
    /*
     * ids in the order of PID-3, one for each repetition. root is the OID of the assigning authority; NULL when it is
     * named otherwise or not at all, and then authority is that name or NULL. A text that is PATIENT_DELETE is
     * to be deleted, NULL leaves what is known.
     */
    struct patient patient;
    struct patient_id *subsumed; /* ADT_MERGE, ADT_RENAME: MRG-1; NULL otherwise */
    struct patient_id *other;    /* ADT_LINK, ADT_UNLINK: PID-3 of the second PID; NULL otherwise */
};

/*
 * E_REFUSED with issues, places as in ERR-2: a required segment or EVN-2, PID-3, PID-5 (of feeds), MRG-1 missing; an id
 * without its value; an ISO authority that is no OID; a PID-7 that is no time; a PID-8 that is in no table; two
 * patients, or ids, to merge at once.
 */
MUST_CHECK enum rc adt_decode(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues);

/* Who speaks to whom: MSH-3 to 6. */
struct adt_ends {
    const char *application, *facility;                     /* ours */
    const char *receiving_application, *receiving_facility; /* NULL: not said */
};

/*
 * ADT^A31^ADT_A05 that tells somebody's ids (3.10.4.1.2): PID-5 is one space. control_id: at most 20 characters, of the
 * caller's choice, so that a message that is sent again is the same.
 */
void adt_notification_encode(struct arena *a, const struct adt_ends *ends, const char *control_id,
                             const struct patient_id *ids, struct buf *out);
