#pragma once
/* Faults in the audit records that a daemon sends (audit_queue.h). */

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

/* For audit_queue_spec; daemon is a struct daemon. A record is matched by the community and the transaction in it. */
bool audit_faults(void *daemon, struct str frames, struct buf *out);
