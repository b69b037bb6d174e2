#pragma once
/* xs:duration, as far as it is a time to live (XML Schema part 2: 3.2.6; ITI TF-2: 3.55.6, CorrelationTimeToLive). */

#include <stdbool.h>
#include <stdint.h>

/*
 * "P0Y0M7D" → 604800 seconds; a year is 365 days, a month 30; of a fraction of a second nothing stays. False: it is no
 * duration, or a negative one. What is more than a hundred years is a hundred years.
 */
bool duration_parse(const char *text, int64_t *seconds);
