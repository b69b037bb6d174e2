#pragma once
/*
 * A folder of files as one file: an SQLite archive (table sqlar of name, mode, mtime, sz and data, as `sqlite3 -A`
 * reads it), the data as it is.
 */

#include "base/rc.h"

struct arena;

/* Every file below the folder. E_IO, E_FULL, logged; E_LIMIT: a file of more than 900 MB does not fit into a row. */
MUST_CHECK enum rc snapshot_pack(struct arena *a, const char *folder, const char *file);
/*
 * Makes the folder, which must not be there. E_NOT_FOUND: no such file. E_REFUSED: it holds a name that is no
 * snapshot's (a path that leads elsewhere).
 */
MUST_CHECK enum rc snapshot_unpack(struct arena *a, const char *file, const char *folder);
