#pragma once
/*
 * The journal of a daemon: every message in and out, as records (journal_record.h) in segments (store/segments.h) under
 * DATA/NAME/journal. The loops only copy; a thread of the journal's writes. What the bound queue cannot take is
 * counted, told by a record of its own and by /metrics, and never makes anybody wait.
 */

#include "base/rc.h"

struct daemon;
struct journal;

/* From daemon_start, once the folder DATA/NAME is there. OK and *out NULL when --journal is off. */
MUST_CHECK enum rc journal_open(struct daemon *d, struct journal **out);
/* All that was handed over is written before it returns. NULL is ignored. */
void journal_close(struct journal *j);
