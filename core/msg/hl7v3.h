#pragma once
/*
 * What all HL7 v3 interactions share: transmission wrapper, data types, acknowledgement (ITI TF-2: Appendix O; NE2008).
 */

#include "base/rc.h"
#include "model/issue.h"
#include "model/patient.h"
#include "wire/xml.h"

struct arena;
struct buf;

/* Both ends of a message. */
struct hl7_device {
    const char *root;  /* device/id@root */
    const char *home;  /* asAgent/representedOrganization/id@root: XCPD's homeCommunityId OID; NULL */
};

struct hl7_message {
    const char *interaction;          /* "PRPA_IN201301UV02": the root element's name */
    struct patient_id id;             /* message id; extension may be NULL */
    const char *creation_time;        /* YYYYMMDDhhmmss */
    struct hl7_device sender, receiver;
    const char *processing_code;      /* P, T, D */
    const char *accept_ack;           /* AL, NE */
};

/* E_REFUSED with an issue when id, interactionId, sender or receiver is missing, or root name and interactionId differ. */
MUST_CHECK enum rc hl7_message_decode(struct arena *a, const struct xml_node *body, struct hl7_message *out,
                                      struct issue_list *issues);

/* Opens the root element and writes the wrapper up to and with sender. The caller closes the root. */
void hl7_message_open(struct xml_writer *w, const struct hl7_message *m);
/* A fresh wrapper answering request (ids.h id, clock, ends swapped); request may be NULL for a message of our own. */
struct hl7_message hl7_message_new(struct arena *a, const char *interaction, const struct hl7_message *request);

/* acknowledgement: typeCode AA, AE, AR, CA, CE, CR; details from issues (code, text, location). */
void hl7_ack_write(struct xml_writer *w, const char *type_code, const struct patient_id *target,
                   const struct issue_list *issues);

struct hl7_ack {
    const char *type_code;
    struct patient_id target;
    struct issue_list details;
};

/* From any message with an acknowledgement child; E_SYNTAX when there is none. */
MUST_CHECK enum rc hl7_ack_decode(struct arena *a, const struct xml_node *body, struct hl7_ack *out);

/* MCCI_IN000002UV01: CA, or CE when the list has errors. */
void mcci_ack_encode(struct arena *a, const struct hl7_message *request, const struct issue_list *issues,
                     struct buf *out);

/* II, names, addresses, telecoms, gender, birth: the patientPerson and patient particles in schema order. */
void hl7_ii_write(struct xml_writer *w, const char *element, const struct patient_id *id);
struct patient_id *hl7_ii_decode(struct arena *a, const struct xml_node *ii); /* NULL when ii is NULL */
void hl7_name_write(struct xml_writer *w, const struct person_name *n);
void hl7_name_decode(struct arena *a, const struct xml_node *name, struct person_name *out);
/* patientPerson with everything known of p; from patient/patientPerson into p. */
void hl7_person_write(struct xml_writer *w, const struct patient *p);
/* <patient …>: ids, statusCode, patientPerson, providerOrganization, subjectOf1/queryMatchObservation when match >= 0. */
void hl7_patient_write(struct xml_writer *w, const struct patient *p);
void hl7_patient_decode(struct arena *a, const struct xml_node *patient, struct patient *out);
