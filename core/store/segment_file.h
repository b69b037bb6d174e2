#pragma once
/* For core/store/segment*.c only: the files of a folder of segments. */

#include "base/rc.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct arena;

struct segment_name {
    uint64_t first; /* number of its first record, which is its name */
    uint64_t size;
    time_t written;
};

/* In order of their numbers. OK and none when the folder is not there. */
MUST_CHECK enum rc segment_names(struct arena *a, const char *folder, struct segment_name **names, size_t *count);
const char *segment_path(struct arena *a, const char *folder, uint64_t first);
