#pragma once
/*
 * Answers of HL7 v2 in original mode (HL7 v2.5 section 2.9.2; ITI TF-2: C.2.3): MSH with both ends swapped, MSA, and an
 * ERR for each issue. Up to version 2.3.1 ERR has ERR-1 alone, later place, code, severity and text of their own.
 */

#include "base/buf.h"
#include "model/issue.h"
#include "wire/hl7v2.h"

/* The issue code with a number of table 0357. */
enum issue_code hl7v2_issue_code(int number);

/*
 * "AA"; with errors "AE"; "AR" when one of them is about something else than content: type, event, version, processing
 * id, receiver, no MSH at all, or trouble of our own, after which the same message may be sent again.
 */
const char *hl7v2_ack_code(const struct issue_list *issues);

/* MSH, MSA and ERRs; the caller goes on with QAK … and closes. Event and structure may be NULL. */
void hl7v2_answer_open(struct arena *a, const struct hl7v2 *request, const char *type, const char *event,
                       const char *structure, const struct issue_list *issues, struct hl7v2_writer *w, struct buf *out);
/* All of an ACK. request may have no MSH: then it is addressed to nobody. */
void hl7v2_ack_encode(struct arena *a, const struct hl7v2 *request, const struct issue_list *issues, struct buf *out);
