#pragma once
/* An audit message as FHIR R4 AuditEvent (ITI TF-2: 3.81.4.2.2; the mapping of FHIR R4 6.4.7.3). */

#include "audit/record.h"
#include "wire/json.h"

/* key NULL: at the top or within a list. */
void fhir_event_write(struct json_writer *w, const char *key, const struct record *r, const struct audit_message *m);
