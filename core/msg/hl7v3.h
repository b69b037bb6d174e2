#pragma once
/*
 * What all HL7 v3 interactions share: transmission wrapper, data types, acknowledgement (ITI TF-2: Appendix O; NE2008).
 * hl7v3.c holds the wrapper and the acts, hl7v3_types.c the data types, hl7v3_person.c people. What is decoded points
 * into the tree it came from: both live in one arena.
 */

#include "base/rc.h"
#include "model/patient.h"
#include "model/rule.h"
#include "wire/xml.h"

struct arena;
struct buf;

/* ---- the transmission wrapper ---- */

/* Both ends of a message. */
struct hl7_device {
    const char *root; /* device/id@root */
    const char *home; /* asAgent/representedOrganization/id@root: XCPD's homeCommunityId OID; NULL */
};

struct hl7_message {
    const char *interaction;   /* "PRPA_IN201301UV02": the root element's name */
    struct patient_id id;      /* message id; extension may be NULL */
    const char *creation_time; /* YYYYMMDDhhmmss */
    struct hl7_device sender, receiver;
    const char *respond_to;      /* telecom of respondTo: where a deferred answer goes; NULL */
    const char *processing_code; /* P, T, D */
    const char *accept_ack;      /* AL, NE */
};

/* What bodies of one interaction for several operations are called with, and their actions end in. */
#define HL7_CONTINUE "_Continue"
#define HL7_CANCEL   "_Cancel"

/*
 * E_REFUSED with an issue for each: id, creationTime, processingCode, processingModeCode, acceptAckCode, interactionId,
 * sender or receiver is missing, twice there or none of its kind; root name and interactionId differ. Also then *out
 * holds what could be read, for the refusal to name and to be addressed.
 */
MUST_CHECK enum rc hl7_message_decode(struct arena *a, const struct xml_node *body, struct hl7_message *out,
                                      struct issue_list *issues);
/* The same, when body must be one interaction: any other is ISSUE_SOAP_BODY. */
MUST_CHECK enum rc hl7_message_decode_as(struct arena *a, const struct xml_node *body, const char *interaction,
                                         struct hl7_message *out, struct issue_list *issues);

/* Opens the root element and writes the wrapper up to and with sender. The caller closes the root. */
void hl7_message_open(struct xml_writer *w, const struct hl7_message *m);
/* A fresh wrapper answering request (ids.h id, clock, ends swapped); request may be NULL for a message of our own. */
struct hl7_message hl7_message_new(struct arena *a, const char *interaction, const struct hl7_message *request);

/* ---- acknowledgement ---- */

/* acknowledgement: typeCode AA, AE, AR, CA, CE, CR; details from issues (code, text, location). */
void hl7_ack_write(struct xml_writer *w, const char *type_code, const struct patient_id *target,
                   const struct issue_list *issues);

/* AA, AE or AR (not for us, not read); of feeds, which are acknowledged as received: CA, CE or CR. */
const char *hl7_ack_code(const struct issue_list *issues, bool is_accept_level);
/* queryResponseCode: OK, NF, AE, or QE when it is the query that is not as it must be. */
const char *hl7_response_code(const struct issue_list *issues, bool is_found);

struct hl7_ack {
    const char *type_code;
    struct patient_id target;
    struct issue_list details;
};

/* From any message with an acknowledgement child; E_SYNTAX when there is none. */
MUST_CHECK enum rc hl7_ack_decode(struct arena *a, const struct xml_node *body, struct hl7_ack *out);

/* MCCI_IN000002UV01: CA, or CE or CR when the list has errors. */
void mcci_ack_encode(struct arena *a, const struct hl7_message *request, const struct issue_list *issues,
                     struct buf *out);

/* ---- control acts, registrations, queries: what the PRPA codecs share ---- */

/* OK when body has a controlActProcess, whose code, if it has one, is the interaction's trigger event. */
MUST_CHECK enum rc hl7_control_act_check(struct arena *a, enum rule rule, const struct xml_node *body,
                                         const char *interaction, const char *satisfied_by, struct issue_list *issues);
/* controlActProcess with the trigger event of an interaction; the caller closes it. */
void hl7_control_act_open(struct xml_writer *w, const char *interaction);
/* subject/registrationEvent up to the open subject1. */
void hl7_registration_open(struct xml_writer *w);
/* Closes subject1 and writes the custodian; the caller closes registrationEvent and subject. */
void hl7_custodian_write(struct xml_writer *w, const char *root);
/* subject1/patient of a registrationEvent; NULL if there is none. */
struct xml_node *hl7_registration_patient(const struct xml_node *registration);

/* OK when body has a queryByParameter with queryId, statusCode new and parameterList; otherwise an issue for the first
 * that is missing. */
MUST_CHECK enum rc hl7_query_check(struct arena *a, const struct xml_node *body, const char *interaction,
                                   struct issue_list *issues);
/* A parameter with one II: value, then semanticsText. */
void hl7_ii_parameter_write(struct xml_writer *w, const char *element, const struct patient_id *value,
                            const char *semantics);
/* queryAck up to queryResponseCode: deliveredResponse for OK and NF, aborted otherwise; the caller closes it. */
void hl7_query_ack_open(struct xml_writer *w, const struct patient_id *query_id, const char *response_code);
/*
 * The request's queryByParameter as it came; prefixes of xsi:type lose their meaning in an echo, so they are taken off.
 * Nothing when it is the query that is not as it must be: its echo would spoil the answer, too.
 */
void hl7_echo_write(struct arena *a, struct xml_writer *w, const struct issue_list *issues,
                    struct xml_node *query_by_parameter);

/* ---- places and refusals ---- */

/* XPath from the interaction's root element, as acknowledgementDetail/location wants it. child (may be NULL) is
 * appended. */
const char *hl7_place(struct arena *a, const struct xml_node *n, const char *child);
/* OK when child is there; otherwise an issue at its place, with what would satisfy it, and E_REFUSED. */
MUST_CHECK enum rc hl7_require(struct arena *a, enum rule rule, const struct xml_node *parent, const char *child,
                               const char *satisfied_by, struct issue_list *issues);

/* ---- II, CS, names, addresses, telecoms, gender, birth: the patientPerson and patient particles in schema order ----
 */

/* <element code="…"/>; nothing when code is NULL. */
void hl7_code_write(struct xml_writer *w, const char *element, const char *code);
/* <element value="…"/>; nothing when value is NULL. */
void hl7_value_write(struct xml_writer *w, const char *element, const char *value);
void hl7_number_write(struct xml_writer *w, const char *element, int n);
/* @code and @value of a child; NULL when it or they are absent. */
const char *hl7_code(const struct xml_node *parent, const char *child);
const char *hl7_value(const struct xml_node *parent, const char *child);

/* An II with neither root nor extension is written as nullFlavor NI. */
void hl7_ii_write(struct xml_writer *w, const char *element, const struct patient_id *id);
/* NULL when ii is NULL. root is "" when it has none, so that it equals no domain. */
struct patient_id *hl7_ii_decode(struct arena *a, const struct xml_node *ii);
/* YYYY[MM[DD[hh[mm[ss]]]]] with an optional fraction and zone: a TS. */
bool hl7_is_time(const char *text);

/* M, F, UN (2.16.840.1.113883.5.1). */
bool hl7_is_gender(const char *text);

/* The id of a single element into out, which is left as it is when ii is NULL. */
void hl7_ii_read(const struct xml_node *ii, struct patient_id *out);

void hl7_name_write(struct xml_writer *w, const char *element, const struct person_name *n);
/* Several given names are joined by a space; a name without parts is a family name. */
void hl7_name_decode(struct arena *a, const struct xml_node *name, struct person_name *out);
void hl7_address_write(struct xml_writer *w, const char *element, const struct address *address);
void hl7_address_decode(struct arena *a, const struct xml_node *addr, struct address *out);

/* asOtherIDs of one identifier; a scoping organisation alone when it has no extension. */
void hl7_other_id_write(struct xml_writer *w, const struct patient_id *id);
/* providerOrganization; nothing when root is NULL. */
void hl7_provider_write(struct xml_writer *w, const char *root, const char *name);
/* patientPerson with everything known of p; from patient/patientPerson into p. */
void hl7_person_write(struct xml_writer *w, const struct patient *p);
/* <patient …>: ids, statusCode, patientPerson, providerOrganization, subjectOf1/queryMatchObservation when match >= 0.
 */
void hl7_patient_write(struct xml_writer *w, const struct patient *p);
void hl7_patient_decode(struct arena *a, const struct xml_node *patient, struct patient *out);
