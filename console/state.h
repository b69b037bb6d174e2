#pragma once
/* The world as a whole: put back to how it was seeded, saved under a name, restored. Routes, each a run of ask.h. */

#include <stdbool.h>

struct ask;

bool world_reset(struct ask *ask);
bool snapshot_list(struct ask *ask);
bool snapshot_save(struct ask *ask);
bool snapshot_restore(struct ask *ask);
bool snapshot_remove(struct ask *ask);
