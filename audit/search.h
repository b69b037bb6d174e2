#pragma once
/* ITI-81 Retrieve ATNA Audit Event (ITI TF-2: 3.81): FHIR R4 search of AuditEvent, and one by its id. */

#include "actor/daemon.h"
#include "model/community.h"

struct buf;

/* What to answer with: JSON of a Bundle, an AuditEvent or an OperationOutcome. Returns the HTTP status. */
int search_events(struct service *s, struct http_request *http, const struct community *c, const char *base,
                  struct buf *out);
int search_event(struct service *s, struct http_request *http, const struct community *c, const char *id,
                 struct buf *out);
