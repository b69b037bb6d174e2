#pragma once
/* The user's language, from LC_ALL, LC_MESSAGES, LANG (POSIX order): Japanese, or English for everybody else. */

#include <stdbool.h>

bool language_is_japanese(void);

/* One of two texts; the compiler checks both when they are formats. */
const char *language_pick(const char *en, const char *ja) __attribute__((format_arg(1), format_arg(2)));
