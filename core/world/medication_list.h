#pragma once
/*
 * A patient's medication list: what their prescriptions come to, each medicine once, as it was ordered last. A CDA R2
 * document with the mark of everything simulated; it follows from the prescriptions and the entry alone, so that the
 * same prescriptions make the same octets.
 */

#include "base/buf.h"
#include "world/prescription.h"

struct arena;
struct community;
struct document_entry;
struct paper_form;

#define LOINC                 "2.16.840.1.113883.6.1"
#define MEDICATION_LIST_CODE  "56445-0" /* typeCode of the list … */
#define PRESCRIPTION_CODE     "57833-6" /* … and of what it is made of */
#define MEDICATION_LIST_TITLE "現在の処方薬一覧【模擬データ】"

/* FIXTURES/documents/cda-medication-list.xml. E_CONFIG with a sentence in the log. */
MUST_CHECK enum rc medication_list_form(struct arena *a, const char *fixtures, struct paper_form **out);

/*
 * entry is the list's own: whose it is (patientId, sourcePatientInfo). prescriptions in any order; what cannot be read
 * of them is named in the list. unique_id: the document's own id.
 */
void medication_list_write(struct arena *a, const struct paper_form *form, const struct community *c,
                           const struct document_entry *entry, const char *unique_id,
                           const struct prescription *prescriptions, struct buf *out);

/*
 * The uniqueId that belongs to what the list says: other octets, another id (ITI TF-2: 3.43.4.2.2). In the arena.
 */
const char *medication_list_id(struct arena *a, const struct paper_form *form, const struct community *c,
                               const struct document_entry *entry, const struct prescription *prescriptions);
