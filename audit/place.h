#pragma once
/* Whose record it is: syslog has no path, so the record itself, or who sent it, must say (docs/audit.md). */

#include "model/community.h"
#include "msg/audit_message.h"

/*
 * By AuditEnterpriseSiteID, else AuditSourceID, else the CN of the sender's certificate: each may be a community's key
 * or slug, one of its OIDs (with or without urn:oid:), or begin with one of these and "/". NULL: nobody's.
 */
const struct community *place_of(const struct world *w, const struct audit_message *m, const char *subject);
