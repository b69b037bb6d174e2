#pragma once
/*
 * Are the documents of a repository that is not running whole? Every row's octets must be there with the size and the
 * hashes it names, and every blob must have a row.
 */

#include "base/rc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct fsck {
    struct arena *arena;
    const char *folder; /* DATA/repository */
    bool repairs;       /* forgets rows whose octets are lost, removes blobs that are damaged or nobody's */
    /* what was found; a line on standard output for each finding */
    size_t rows, blobs, lost, orphans;
    uint64_t bytes;
};

/* E_EXISTS when a repository runs there, E_NOT_FOUND when there is none, E_IO, E_FULL (logged). */
MUST_CHECK enum rc fsck_run(struct fsck *f);

/* kakehashi-repository fsck [--repair] [--data DATA]: the exit code is 0 when all is well, or is by now. */
int fsck_main(int argc, char **argv);
