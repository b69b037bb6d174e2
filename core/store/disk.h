#pragma once
/* For core/store only: a thread that works off a queue in order, so that no loop waits for a disk. */

#include <stdbool.h>

struct disk;

/* Embedded first in what the work needs. run may free it. */
struct disk_work {
    void (*run)(struct disk_work *w);
    struct disk_work *next; /* the disk's own */
};

struct disk *disk_start(void);
/* Works off what is queued, then stops. */
void disk_stop(struct disk *d);

/* Any thread. */
void disk_queue(struct disk *d, struct disk_work *w);

/* Whether the caller runs on this disk's thread. */
bool disk_is_current(const struct disk *d);
