#pragma once
/* For core/store only: FOLDER/ab/cdef…, files named by their SHA-256, each in the folder of its first two digits. */

#include "base/rc.h"

#include <stdint.h>

struct blobs;

/* Makes the folder. E_IO, logged. */
MUST_CHECK enum rc blobs_new(const char *folder, struct blobs **out);
void blobs_free(struct blobs *b);

/*
 * Moves a durable file of the same file system to its place; OK once that is durable too. A file of the same content
 * there is kept and tmp removed. Any thread. E_IO, logged.
 */
MUST_CHECK enum rc blobs_keep(struct blobs *b, const char *tmp, const char *sha256, uint64_t size);

/* For reading. E_NOT_FOUND; E_IO (logged) when it cannot be read or has another size. The caller closes *fd. */
MUST_CHECK enum rc blobs_open(const struct blobs *b, const char *sha256, uint64_t size, int *fd);
