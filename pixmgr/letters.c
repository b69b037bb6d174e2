#include "pixmgr/letters.h"

#include "wire/utf8.h"

#include <string.h>

size_t letter_read(const char *text, uint32_t *out)
{
    static const unsigned char lead[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    const unsigned char *p = (const unsigned char *)text;

    if (p[0] < 0x80) {
        *out = p[0];
        return p[0] != 0;
    }
    size_t n = utf8_length(text, strnlen(text, 4));
    if (n == 0) {
        *out = LETTER_BROKEN + p[0];
        return 1;
    }
    *out = p[0] & lead[n];
    for (size_t i = 1; i < n; i++)
        *out = *out << 6 | (p[i] & 0x3Fu);
    return n;
}

char *letter_write(char *out, uint32_t c)
{
    if (c >= LETTER_BROKEN || c < 0x80) {
        *out++ = (char)c;
        return out;
    }
    if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (c & 0x3F));
    return out;
}
