#pragma once
/* Which rule a faulty envelope, package or HL7 v2 message breaks (model/rules/soap.inc, hl7v2.inc). */

#include "model/rule.h"

struct arena;
struct hl7v2_fault;
struct soap_fault;

/* RULE_NONE when it is no rule's: a size that is refused, a peer's fault. */
enum rule flaw_rule(const struct soap_fault *fault);

enum rule flaw_rule_hl7v2(const struct hl7v2_fault *fault);

/* The reason with rule and section behind it, as an issue has them; as it is when no rule is broken. */
const char *flaw_reason(struct arena *a, const struct soap_fault *fault);
