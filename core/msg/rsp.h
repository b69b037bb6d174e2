#pragma once
/*
 * Answers to queries of HL7 v2: RSP^K23 (ITI TF-2: 3.9.4.2), RSP^K22 (3.21.4.2) and RSP^ZV2 (3.22.4.2): MSH, MSA and
 * ERRs as every answer has them, QAK, and QPD as it came.
 */

#include "base/buf.h"
#include "model/issue.h"
#include "model/patient.h"
#include "wire/hl7v2.h"

struct rsp {
    const struct hl7v2 *request; /* its event tells the answer's */
    const struct issue_list *issues;
    bool is_found;              /* QAK-2 is OK, else NF; AE and AR are told by issues */
    int total, here, remaining; /* QAK-4 to 6; total < 0: not told */
};

/* Up to and with QPD. The caller adds PIDs, ends with rsp_close. */
void rsp_open(struct arena *a, const struct rsp *r, struct hl7v2_writer *w, struct buf *out);
/* PID of a patient found: ids with their authorities, names, birth, gender, addresses, telecoms. n: PID-1. */
void rsp_pid_write(struct arena *a, struct hl7v2_writer *w, int n, const struct patient *p);
/* PID of cross-referenced ids: no name is told, which reads "~^^^^^^S" (3.9.4.2.2.5). */
void rsp_ids_write(struct hl7v2_writer *w, const struct patient_id *ids);
/* DSC with a pointer to the rest (NULL: none), and the last line end. */
void rsp_close(struct hl7v2_writer *w, const char *pointer);
/* All of a refusal: QAK-2 is AE or AR, nothing is found. */
void rsp_refuse_encode(struct arena *a, const struct hl7v2 *request, const struct issue_list *issues, struct buf *out);
