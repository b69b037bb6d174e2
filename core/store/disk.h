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
/*
 * From within run, on the disk's thread: w->run runs once more after all that was taken from the queue together has
 * run, and after what was deferred to earlier phases; in the order of deferring. One file's sync makes the next one's
 * cheap, so whatever syncs waits until all has been written. To a later phase than the present one only.
 */
#define DISK_PHASES 4
void disk_defer(struct disk *d, struct disk_work *w, int phase);

/* Works off what is queued, then stops. */
void disk_stop(struct disk *d);

/* Any thread. */
void disk_queue(struct disk *d, struct disk_work *w);

/* Whether the caller runs on this disk's thread. */
bool disk_is_current(const struct disk *d);
