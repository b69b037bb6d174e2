#pragma once
/* xcpd:PatientLocationQueryRequest and …Response: which communities hold a patient's data (ITI-56; ITI TF-2: 3.56). */

#include "base/buf.h"
#include "base/rc.h"
#include "model/issue.h"
#include "model/patient.h"
#include "wire/xml.h"

struct arena;

/* E_REFUSED with an issue when body is something else, or its RequestedPatientId lacks root or extension. */
MUST_CHECK enum rc location_query_decode(struct arena *a, const struct xml_node *body, struct patient_id *out,
                                         struct issue_list *issues);
void location_query_encode(const struct patient_id *patient, struct buf *out);

/* A community, and what it calls the patient. */
struct patient_place {
    const char *home;     /* "urn:oid:…" */
    struct patient_id id; /* next is not used */
    struct patient_place *next;
};

void location_answer_encode(const struct patient_id *requested, const struct patient_place *places, struct buf *out);
/* E_SYNTAX when body is something else; a place without a home or an id is left out. */
MUST_CHECK enum rc location_answer_decode(struct arena *a, const struct xml_node *body, struct patient_place **out);
