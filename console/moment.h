#pragma once
/* Moments as the API writes them: ISO 8601, UTC, to the microsecond. */

#include <stdbool.h>
#include <stdint.h>

struct arena;

const char *moment_text(struct arena *a, uint64_t us);
/* With or without fraction. */
bool moment_parse(const char *text, uint64_t *us);
