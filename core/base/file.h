#pragma once
/* Files, whole: small ones read, written durably, folders made. Paths are ours, never a message's. */

#include "base/rc.h"
#include "base/str.h"

#include <sys/types.h>

struct arena;

/* E_NOT_FOUND when there is none, E_LIMIT past max bytes, E_IO otherwise (logged). NUL-terminated behind len. */
MUST_CHECK enum rc file_read(struct arena *a, const char *path, size_t max, struct str *out);

/* Temporary file in the same folder, fsync, rename, fsync of the folder: after OK it is there whole, else the old one
 * is. */
MUST_CHECK enum rc file_write(const char *path, struct str data, mode_t mode);

/* The same without waiting for the disk: for what means nothing after a crash. */
MUST_CHECK enum rc file_replace(const char *path, struct str data, mode_t mode);

/* mkdir -p. */
MUST_CHECK enum rc file_mkdirs(const char *path, mode_t mode);

MUST_CHECK enum rc file_sync_folder(const char *path);
/* The folder that a file lies in. */
MUST_CHECK enum rc file_sync_folder_of(const char *path);
/* rm -r; what is not there is gone already. E_IO, logged. */
MUST_CHECK enum rc file_remove_all(const char *path);

/* What errno says of `what` that failed on path, logged: E_FULL when there is no room (disk, quota, limit), else E_IO.
 */
enum rc file_error(const char *what, const char *path);

/* Every entry of a folder whose name ends with suffix, sorted by name. Names are in the arena. */
MUST_CHECK enum rc file_list(struct arena *a, const char *folder, const char *suffix, char ***names, size_t *count);
