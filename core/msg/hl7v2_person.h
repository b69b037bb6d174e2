#pragma once
/*
 * People as segments of HL7 v2 hold them: CX, XPN, XAD and XTN fields of PID and MRG, to and from model/patient.h
 * (ITI TF-2: 3.8.4.1.2.3, 3.21.4.2.2.5; Table 3.8-2). A field that says "" becomes PATIENT_DELETE, which stays
 * apart from a field that says nothing.
 */

#include "base/rc.h"
#include "model/issue.h"
#include "model/patient.h"
#include "wire/hl7v2.h"

/* Nobody has more ids or names: repetitions of a field behind this one are refused, or not read. */
#define HL7V2_REPETITIONS_MAX 64

/*
 * Component 4 of a CX into root and authority. root is the OID; NULL when the authority is named otherwise or not at
 * all, and then authority is that name or NULL. E_REFUSED with an issue for a type ISO without an OID.
 */
MUST_CHECK enum rc hl7v2_authority_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *s,
                                        int field, int repetition, struct patient_id *out, struct issue_list *issues);
/* A field of CXs in its order; E_REFUSED when there is none, or one without a value. */
MUST_CHECK enum rc hl7v2_ids_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *s, int field,
                                  struct patient_id **out, struct issue_list *issues);
/* PID-5 to 8, 11, 13, 14. E_REFUSED for a PID-7 that is no time and a PID-8 that is not of table 0001. */
MUST_CHECK enum rc hl7v2_person_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid,
                                     struct patient *out, struct issue_list *issues);
/* Text as a name is given a use when XPN-8 says none: "IDE" with kanji, "SYL" of kana alone, else NULL. */
const char *hl7v2_name_use(const char *text);
/* Table 0001 → v3's code; NULL for unknown. false when it is of no such table. */
bool hl7v2_gender_find(const char *v2, const char **v3);

/* CXs with all three subcomponents of their authority, in repetitions of a field. */
void hl7v2_ids_write(struct hl7v2_writer *w, int field, const struct patient_id *ids);
/* PID-5 to 8, 11, 13, 14, behind a PID-3. */
void hl7v2_person_write(struct hl7v2_writer *w, const struct patient *p);
