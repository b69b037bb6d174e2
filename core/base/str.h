#pragma once
/* A slice of bytes: no owner, no terminator. Slices live in wire/ and below; typed messages hold NUL-terminated text.
 */

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct arena;

struct str {
    const char *data;
    size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })

static inline struct str str_from(const char *text)
{
    return (struct str){ text, text == NULL ? 0 : strlen(text) };
}

static inline bool str_is(struct str s, const char *text)
{
    size_t n = strlen(text);
    return s.len == n && memcmp(s.data, text, n) == 0;
}

/* Without leading and trailing XML/HTTP white space (space, tab, CR, LF). */
struct str str_trim(struct str s);

/* ASCII case is ignored: for HTTP and MIME names. */
bool str_is_nocase(struct str s, const char *text);

/* A NUL-terminated copy in the arena. */
char *str_dup(struct arena *a, struct str s);

/* NULL-safe equality of texts: two NULLs are equal. */
static inline bool text_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* NULL and "" are both absent in a message. */
static inline bool text_absent(const char *t)
{
    return t == NULL || t[0] == '\0';
}

static inline bool text_starts(const char *t, const char *prefix)
{
    return strncmp(t, prefix, strlen(prefix)) == 0;
}
