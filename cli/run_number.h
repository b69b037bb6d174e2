#pragma once
/*
 * Every run of a scenario in a world has a number of its own, from 1: it goes into the ids of its patients, so that a
 * scenario can be repeated on the same world, and the first run in a fresh world is always the same.
 */

#include "base/rc.h"

struct arena;

/* The next number of a name, kept in DATA/runs/NAME; two processes never get the same one. E_IO is logged. */
MUST_CHECK enum rc run_number_next(struct arena *a, const char *data, const char *name, long *out);
