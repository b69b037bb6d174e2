#pragma once
/*
 * What patientPerson says of somebody besides name, sex, birth, address and telephone: death, multiple birth, marital
 * status, religion, race, ethnic group, nation, language, place of birth (ITI TF-2: 3.44.4.1.2). Written in the order
 * of NE2008's PRPA_MT201310UV02, which is why the caller names the kinds it has reached.
 */

#include "msg/hl7v3.h"

/* Those of the kinds from first to last. */
void hl7_facts_write(struct xml_writer *w, const struct patient_fact *facts, enum patient_fact_kind first,
                     enum patient_fact_kind last);
void hl7_facts_decode(struct arena *a, const struct xml_node *person, struct patient_fact **out);
/* E_REFUSED with an issue for the first that is no time, number, code or true and false, or is there twice. */
MUST_CHECK enum rc hl7_facts_check(struct arena *a, const struct xml_node *person, struct issue_list *issues);

/* birthPlace; nothing when neither is known. */
void hl7_birth_place_write(struct xml_writer *w, const struct address *address, const char *name);
void hl7_birth_place_decode(struct arena *a, const struct xml_node *person, struct patient *out);
