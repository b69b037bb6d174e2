#include "base/clock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static atomic_llong pinned_at;
static atomic_bool is_pinned;

enum rc clock_pin(const char *iso)
{
    struct tm tm = { 0 };

    if (iso == NULL) {
        atomic_store(&is_pinned, false);
        return OK;
    }
    const char *rest = strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm);
    if (rest == NULL || strcmp(rest, "Z") != 0)
        return E_SYNTAX;
    atomic_store(&pinned_at, (long long)timegm(&tm));
    atomic_store(&is_pinned, true);
    return OK;
}

time_t clock_now(void)
{
    return atomic_load(&is_pinned) ? (time_t)atomic_load(&pinned_at) : time(NULL);
}

uint64_t clock_wall_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (uint64_t)ts.tv_sec * 1000000u + (uint64_t)ts.tv_nsec / 1000;
}

uint64_t clock_ticks(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void clock_dtm(time_t when, char out[CLOCK_DTM_LEN])
{
    struct tm tm;

    gmtime_r(&when, &tm);
    strftime(out, CLOCK_DTM_LEN, "%Y%m%d%H%M%S", &tm);
}

void clock_iso(time_t when, char out[CLOCK_ISO_LEN])
{
    struct tm tm;

    gmtime_r(&when, &tm);
    strftime(out, CLOCK_ISO_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm);
}
