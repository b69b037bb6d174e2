#pragma once
/*
 * What messages have changed in a daemon: its database, and the blobs that it refers to. It is put back to what it was
 * when the daemon had been seeded, saved under a name, or replaced by what was saved, while the daemon runs: in one
 * transaction that requests see whole or not at all, behind whatever was queued for the writer before. A request that
 * is under way meanwhile may be forgotten; what it wants to write afterwards is refused, to be sent again, for what it
 * has read is no more. After a crash it is as before or as after (docs/decisions/008).
 *
 * Files: DATA/NAME/seeded.db; DATA/snapshots/SNAPSHOT/NAME.db, DATA/snapshots/SNAPSHOT/NAME-blobs.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

struct daemon;
struct http_request;
struct service;

/* At start, when the database is open: keeps its copy as the seeded one unless there is one. E_IO, E_FULL, logged. */
MUST_CHECK enum rc state_seeded_keep(struct daemon *d);
/* Where that is, for whoever seeds more into it; NULL: there is none yet. */
const char *state_seeded(struct daemon *d);

/* POST /state: {"do": "reset"}, {"do": "save", "snapshot": "before"}, {"do": "restore", "snapshot": "before"}. */
void state_post(struct service *s, struct http_request *http, struct str body);

/* Letters, digits, "-", "_" and ".", which does not begin it; at most 64: nothing else becomes a folder's name. */
bool state_is_name(const char *text);
