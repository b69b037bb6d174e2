#pragma once
/* The world as a whole: put back to how it was seeded, saved under a name, restored. Routes, each a run of ask.h. */

#include <stdbool.h>

struct ask;
struct console;
struct json;
struct undertaking;

bool world_reset(struct ask *ask);
bool snapshot_list(struct ask *ask);
bool snapshot_save(struct ask *ask);
bool snapshot_restore(struct ask *ask);
bool snapshot_remove(struct ask *ask);

/* A reset or restore that was interrupted, made again for nobody from what it had left (undertaking.h); NULL. */
struct undertaking *world_again(struct console *c, const struct json *again);
