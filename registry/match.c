#include "registry/match.h"

#include "base/rc.h"

#include <stddef.h>
#include <string.h>

static const char *next_character(const char *utf8)
{
    do
        utf8++;
    while ((*utf8 & 0xc0) == 0x80);
    return utf8;
}

/* After a mismatch only the last % gives way. */
bool match_like(const char *text, const char *pattern)
{
    const char *after_run = NULL, *retry = NULL;

    while (*text != '\0') {
        if (*pattern == '%') {
            after_run = ++pattern;
            retry = text;
        } else if (*pattern == '_') {
            pattern++;
            text = next_character(text);
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (after_run != NULL) {
            pattern = after_run;
            text = retry = next_character(retry);
        } else {
            return false;
        }
    }
    while (*pattern == '%')
        pattern++;
    return *pattern == '\0';
}

static void pad(const char *dtm, char out[15])
{
    static const char lowest[] = "00000101000000";
    size_t n = MIN(strlen(dtm), 14);

    memcpy(out, dtm, n);
    memcpy(out + n, lowest + n, 15 - n);
}

int match_times(const char *a, const char *b)
{
    char x[15], y[15];

    pad(a, x);
    pad(b, y);
    return strcmp(x, y);
}
