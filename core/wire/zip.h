#pragma once
/*
 * Zip archives (PKWARE APPNOTE 6.3.10), written into a buffer: files are stored, not compressed, below 4 GiB, with
 * names in UTF-8.
 */

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

struct zip {
    struct buf *out;      /* the archive */
    struct buf directory; /* what comes behind the files */
    uint16_t count, date;
};

/* The time of all files: 1980-01-01, so that equal contents are equal archives. */
void zip_init(struct zip *z, struct buf *out);
/* At most 65 535 files; further ones are left out. */
void zip_add(struct zip *z, const char *name, struct str content);
/* The archive is whole. */
void zip_end(struct zip *z);
