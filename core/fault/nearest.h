#pragma once
/* The names that a mistyped one may have meant. */

#include <stddef.h>

struct arena;

/* The up to three nearest of name(0 … count - 1) by edits, "a, b, c", nearest first; those far away are left out. */
const char *nearest_names(struct arena *a, const char *given, const char *(*name)(size_t i), size_t count);
