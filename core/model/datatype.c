/* Components are split in place, without copies: these run for every attribute of every submission. */
#include "model/datatype.h"

#include "base/arena.h"
#include "model/oid.h"

#include <stddef.h>
#include <string.h>

#define COMPONENTS_MAX 32
#define OID_MAX        64
#define UNIQUE_ID_MAX  256
#define DIGITS         "0123456789"

struct part {
    const char *at;
    size_t len;
};

struct parts {
    struct part part[COMPONENTS_MAX + 1]; /* from 1, as the standard counts */
    size_t count;                         /* empty ones at the end are not counted */
    bool too_many;
};

static struct parts split(struct part text, char separator)
{
    const char *at = text.at, *end = text.at + text.len;
    struct parts out = { 0 };
    size_t n = 0;

    for (;;) {
        const char *next = memchr(at, separator, (size_t)(end - at));
        if (next == NULL)
            next = end;
        if (++n > COMPONENTS_MAX) {
            out.too_many = true;
            return out;
        }
        out.part[n] = (struct part){ at, (size_t)(next - at) };
        if (next > at)
            out.count = n;
        if (next == end)
            return out;
        at = next + 1;
    }
}

static struct part whole(const char *text)
{
    return (struct part){ text, strlen(text) };
}

static bool has(const struct parts *p, size_t n)
{
    return n <= p->count && p->part[n].len > 0;
}

static bool part_is(struct part p, const char *text)
{
    return p.len == strlen(text) && memcmp(p.at, text, p.len) == 0;
}

static bool part_is_oid(struct part p)
{
    char text[OID_MAX + 1];

    if (p.len > OID_MAX)
        return false;
    memcpy(text, p.at, p.len);
    text[p.len] = '\0';
    return is_oid(text);
}

/* "&OID&ISO" */
static bool is_authority(struct part p)
{
    struct parts sub = split(p, '&');

    return sub.count == 3 && sub.part[1].len == 0 && part_is_oid(sub.part[2]) && part_is(sub.part[3], "ISO");
}

static bool are_empty(const struct parts *p, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++) {
        if (has(p, i))
            return false;
    }
    return true;
}

bool is_cx(const char *text)
{
    struct parts p = split(whole(text), '^');

    return !p.too_many && p.count == 4 && has(&p, 1) && are_empty(&p, 2, 3) && is_authority(p.part[4]) &&
           memchr(p.part[1].at, '&', p.part[1].len) == NULL && strpbrk(text, "~|") == NULL &&
           p.part[4].at[p.part[4].len] == '\0';
}

/* A reference's authority may also be a bare namespace. Component 6 is a home community, which CP-ITI-1292 adds. */
bool is_cxi(const char *text)
{
    struct parts p = split(whole(text), '^');

    if (p.too_many || p.count > 6 || !has(&p, 1) || !are_empty(&p, 2, 3) || !has(&p, 5))
        return false;
    return !has(&p, 4) || is_authority(p.part[4]) || memchr(p.part[4].at, '&', p.part[4].len) == NULL;
}

bool is_xcn(const char *text)
{
    struct parts p = split(whole(text), '^');

    if (p.too_many || (!has(&p, 1) && !has(&p, 2)))
        return false;
    return !has(&p, 9) || (has(&p, 1) && is_authority(p.part[9]));
}

bool is_xon(const char *text)
{
    struct parts p = split(whole(text), '^');

    if (p.too_many || p.count > 10 || !has(&p, 1) || !are_empty(&p, 2, 5) || !are_empty(&p, 7, 9))
        return false;
    if (has(&p, 6) && !is_authority(p.part[6]))
        return false;
    return !has(&p, 10) || has(&p, 6) || part_is_oid(p.part[10]);
}

bool is_xtn(const char *text)
{
    static const char *const phones[] = { "PH", "CP", "FX", "BP", "MD", "SAT", "TDD" };
    struct parts p = split(whole(text), '^');

    if (p.too_many || !has(&p, 3))
        return false;
    if (part_is(p.part[3], "Internet"))
        return has(&p, 4) && (!has(&p, 2) || part_is(p.part[2], "NET"));
    for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++) {
        if (part_is(p.part[3], phones[i]))
            return has(&p, 7) || has(&p, 12);
    }
    return false;
}

bool is_coded_string(const char *text)
{
    return strchr(text, '^') == NULL || is_cx(text);
}

static bool fits(struct part p, bool (*is)(const char *text))
{
    char text[1024]; /* longer than any value ebRIM holds */

    if (p.len == 0)
        return true;
    if (p.len >= sizeof(text))
        return false;
    memcpy(text, p.at, p.len);
    text[p.len] = '\0';
    return is(text);
}

bool is_recipient(const char *text)
{
    struct parts p = split(whole(text), '|');

    if (p.too_many || p.count == 0 || p.count > 3)
        return false;
    return fits(p.part[1], is_xon) && (p.count < 2 || fits(p.part[2], is_xcn)) &&
           (p.count < 3 || fits(p.part[3], is_xtn));
}

bool is_pid_field(const char *text)
{
    size_t digits = strncmp(text, "PID-", 4) == 0 ? strspn(text + 4, DIGITS) : 0;

    return digits > 0 && text[4 + digits] == '|';
}

static bool is_scheme(const char *text, size_t n)
{
    return n > 1 && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.") == n &&
           strchr(DIGITS "+-.", text[0]) == NULL;
}

bool is_unique_id(const char *text)
{
    size_t colon = strcspn(text, ":"), caret = strcspn(text, "^");

    if (strlen(text) > UNIQUE_ID_MAX)
        return false;
    if (text[colon] == ':')
        return is_scheme(text, colon) && text[colon + 1] != '\0' && is_uri(text);
    return part_is_oid((struct part){ text, caret }) && (text[caret] == '\0' || text[caret + 1] != '\0');
}

bool is_uri(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("<>\"{}|\\^`", *c) != NULL)
            return false;
    }
    return text[0] != '\0';
}

/* ---- one piece ---- */

const char *datatype_piece(struct arena *a, const char *text, char separator, int n)
{
    while (text != NULL && --n > 0) {
        text = strchr(text, separator);
        text = text == NULL ? NULL : text + 1;
    }
    if (text == NULL)
        return NULL;
    const char *end = strchr(text, separator);
    const char *own = arena_strndup(a, text, end == NULL ? strlen(text) : (size_t)(end - text));
    return own[0] == '\0' ? NULL : own;
}
