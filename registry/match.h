#pragma once
/* How a stored query compares text and times (ITI TF-2: 3.18.4.1.2.3.3). */

#include <stdbool.h>

/* Does UTF-8 text match a pattern of % (any run) and _ (one character)? Case matters (ITI TF-2: Appendix F). */
bool match_like(const char *text, const char *pattern);

/* Order of two DTMs of any precision, both padded with their lowest values to the second: 2025 is 20250101000000. */
int match_times(const char *a, const char *b);
