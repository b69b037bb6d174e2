#pragma once
/*
 * A Patient Privacy Consent Acknowledgment Document without a scanned part (BPPC, ITI TF-3: 5.1.2): a CDA R2 document
 * whose service event names the policy that the patient acknowledged. The parts that the policy is about are its
 * performers, and stand in the text, in Japanese and English. Every document says that it is simulated.
 */

#include "base/buf.h"
#include "model/community.h"
#include "model/consent.h"
#include "model/patient.h"

struct arena;

#define BPPC_CLASS_CODE    "57016-8" /* LOINC */
#define BPPC_CLASS_SCHEME  "2.16.840.1.113883.6.1"
#define BPPC_CLASS_DISPLAY "Privacy Policy Acknowledgement Document"
#define BPPC_FORMAT_CODE   "urn:ihe:iti:bppc:2007"
#define BPPC_FORMAT_SCHEME "1.3.6.1.4.1.19376.1.2.3"

struct bppc {
    const char *unique_id, *event_id; /* OIDs: of the document, of the act of consenting */
    const char *time;                 /* DTM, UTC */
    const struct community *community;
    const struct consent *consent;
    const struct patient *patient; /* names, gender and birth time, as far as they are known */
};

/* "同意書【模擬データ】", or of a withdrawal. */
const char *bppc_title(const struct consent *consent);
void bppc_encode(struct arena *a, const struct bppc *b, struct buf *out);
