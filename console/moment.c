#include "console/moment.h"

#include "base/arena.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define SECONDS_LEN ((size_t)CLOCK_ISO_LEN - 2) /* without the Z */

const char *moment_text(struct arena *a, uint64_t us)
{
    char iso[CLOCK_ISO_LEN];

    clock_iso((time_t)(us / 1000000), iso);
    return arena_printf(a, "%.*s.%06lluZ", (int)SECONDS_LEN, iso, (unsigned long long)(us % 1000000));
}

/* ".123456Z" in microseconds; -1: no fraction and Z. */
static int fraction_parse(const char *text)
{
    int us = 0, digits = 0;

    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9' && digits < 6; text++, digits++)
            us = us * 10 + (*text - '0');
        if (digits == 0)
            return -1;
    }
    for (; digits < 6; digits++)
        us *= 10;
    return strcmp(text, "Z") == 0 ? us : -1;
}

bool moment_parse(const char *text, uint64_t *us)
{
    struct tm tm = { 0 };
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    int fraction = end != NULL ? fraction_parse(end) : -1;
    time_t seconds = timegm(&tm);

    if (fraction < 0 || seconds < 0)
        return false;
    *us = (uint64_t)seconds * 1000000 + (uint64_t)fraction;
    return true;
}
