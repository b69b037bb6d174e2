#include "wire/utf8.h"

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* What the second byte may be after each first byte (Unicode, table 3-7): no overlong forms, no surrogates, no excess.
 */
static bool second_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return second >= 0x80 && second <= 0xBF;
    }
}

size_t utf8_length(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t length = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;

    if (length > n || (length > 1 && !second_fits(p[0], p[1])))
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

static char *put(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    }
    *to++ = (char)(0x80 | (c & 0x3F));
    return to;
}

static uint32_t unit(const char *bytes, enum utf16_order order)
{
    unsigned char first = (unsigned char)bytes[0], second = (unsigned char)bytes[1];

    return order == UTF16_BIG ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

enum rc utf8_from_utf16(struct arena *a, struct str bytes, enum utf16_order order, struct str *out)
{
    if (bytes.len % 2 != 0)
        return E_SYNTAX;
    char *data = arena_alloc(a, bytes.len / 2 * 3 + 1); /* a unit becomes three bytes at most */
    char *to = data;

    for (size_t i = 0; i < bytes.len; i += 2) {
        uint32_t c = unit(bytes.data + i, order);
        if (c >= 0xD800 && c <= 0xDFFF) {
            i += 2;
            uint32_t low = i < bytes.len ? unit(bytes.data + i, order) : 0;
            if (c >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
                return E_SYNTAX;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        }
        to = put(to, c);
    }
    *out = (struct str){ data, (size_t)(to - data) };
    return OK;
}
