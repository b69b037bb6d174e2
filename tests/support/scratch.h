#pragma once
/* A folder of a test's own under the temporary directory, gone with scratch_remove. */

struct arena;

const char *scratch_make(struct arena *a);
void scratch_remove(const char *folder);
