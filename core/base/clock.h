#pragma once
/* The world's clock: the system's, or pinned by --clock so that runs are byte-identical. Durations never use it. */

#include "base/rc.h"
#include "base/str.h"

#include <stdint.h>
#include <time.h>

/* ISO 8601, UTC: "2026-04-01T09:00:00Z"; the clock stands still there. NULL lets it run again. E_SYNTAX otherwise. */
MUST_CHECK enum rc clock_pin(const char *iso);

/* Seconds since the epoch, of the world. */
time_t clock_now(void);

/* Microseconds since the epoch, by the machine: never pinned. To put records of several programs in order. */
uint64_t clock_wall_us(void);

/* Monotonic nanoseconds, for durations: never pinned. */
uint64_t clock_ticks(void);

#define CLOCK_DTM_LEN 15
/* HL7 DTM to the second, UTC: YYYYMMDDhhmmss. */
void clock_dtm(time_t when, char out[CLOCK_DTM_LEN]);

#define CLOCK_ISO_LEN 21
/* YYYY-MM-DDThh:mm:ssZ. */
void clock_iso(time_t when, char out[CLOCK_ISO_LEN]);

/* Milliseconds since the epoch, of the world. */
int64_t clock_now_ms(void);

#define CLOCK_ISO_MS_LEN 25
/* YYYY-MM-DDThh:mm:ss.mmmZ. */
void clock_iso_ms(int64_t when_ms, char out[CLOCK_ISO_MS_LEN]);

/*
 * A date and time of RFC 3339 with its zone (also xs:dateTime and RFC 5424's TIMESTAMP), in milliseconds since the
 * epoch; digits behind those of the millisecond are dropped. E_SYNTAX: another form, no zone, or no such day.
 */
MUST_CHECK enum rc clock_parse(struct str text, int64_t *ms);
