/* xs:duration: XML Schema part 2: 3.2.6. */
#include "model/duration.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define DAY         ((int64_t)24 * 60 * 60)
#define SECONDS_MAX (100 * 365 * DAY)

struct unit {
    char letter;
    int64_t seconds;
};

static const struct unit days[] = { { 'Y', 365 * DAY }, { 'M', 30 * DAY }, { 'D', DAY }, { '\0', 0 } };
static const struct unit hours[] = { { 'H', 60 * 60 }, { 'M', 60 }, { 'S', 1 }, { '\0', 0 } };

/* One "7D" of units that have not been there yet; NULL: there is none. */
static const char *part_read(const char *at, const struct unit **units, int64_t *seconds)
{
    char *end;

    if (!isdigit((unsigned char)*at))
        return NULL;
    long long n = strtoll(at, &end, 10);
    if (*end == '.' && isdigit((unsigned char)end[1])) {
        end += 1 + strspn(end + 1, "0123456789");
        if (*end != 'S')
            return NULL;
    }
    for (const struct unit *u = *units; u->letter != '\0'; u++) {
        if (u->letter != *end)
            continue;
        *seconds += n > SECONDS_MAX / u->seconds ? SECONDS_MAX : n * u->seconds;
        *units = u + 1;
        return end + 1;
    }
    return NULL;
}

static const char *parts_read(const char *at, const struct unit *units, int64_t *seconds, bool *has_any)
{
    for (const char *next; (next = part_read(at, &units, seconds)) != NULL; at = next)
        *has_any = true;
    return at;
}

bool duration_parse(const char *text, int64_t *seconds)
{
    bool has_any = false, has_time = true;
    int64_t sum = 0;

    if (text == NULL || *text != 'P')
        return false;
    const char *at = parts_read(text + 1, days, &sum, &has_any);
    if (*at == 'T') {
        has_time = false;
        at = parts_read(at + 1, hours, &sum, &has_time);
    }
    if (*at != '\0' || !has_time || (!has_any && text[1] != 'T'))
        return false;
    *seconds = sum > SECONDS_MAX ? SECONDS_MAX : sum;
    return true;
}
