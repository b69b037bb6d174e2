#include "fault/nearest.h"

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

#define NAME_MAX_LEN 64
#define SHOWN        3

/* Levenshtein's distance, a row at a time. */
static unsigned edits(const char *x, const char *y)
{
    unsigned row[NAME_MAX_LEN + 1];
    size_t nx = strlen(x), ny = strlen(y);

    if (nx > NAME_MAX_LEN || ny > NAME_MAX_LEN)
        return UINT32_MAX;
    for (size_t j = 0; j <= ny; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= nx; i++) {
        unsigned corner = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= ny; j++) {
            unsigned replace = corner + (x[i - 1] != y[j - 1]);
            corner = row[j];
            row[j] = MIN(replace, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[ny];
}

/* A part of the name counts as near. */
static unsigned distance(const char *given, const char *name)
{
    return strstr(name, given) != NULL && given[0] != '\0' ? 1 : edits(given, name);
}

const char *nearest_names(struct arena *a, const char *given, const char *(*name)(size_t i), size_t count)
{
    const char *list = "";
    size_t limit = MAX(strlen(given) / 2, (size_t)2);
    int shown = 0;

    for (unsigned d = 0; d <= limit && shown < SHOWN; d++) {
        for (size_t i = 0; i < count && shown < SHOWN; i++) {
            if (distance(given, name(i)) != d)
                continue;
            list = arena_printf(a, "%s%s%s", list, shown++ > 0 ? ", " : "", name(i));
        }
    }
    return list;
}
