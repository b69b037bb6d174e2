/* Tables by code point, asked of iconv once: a page of 256 for each first byte of UCS-2 that has any character. */
#include "wire/jis.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "wire/utf8.h"

#include <iconv.h>
#include <stdint.h>

#define GETA_JIS   0x222E
#define GETA_CP932 0x81AC

struct charset {
    uint16_t *pages[256]; /* 0: not there */
    uint16_t geta;
};

struct jis {
    struct charset x0208, cp932;
};

/* Variants that JIS X 0208 unified away or never had, and signs that Unicode's tables of vendors spell otherwise. */
static const struct {
    uint32_t from, to;
} variants[] = {
    { 0x9AD9, 0x9AD8 },                      /* 髙 高 */
    { 0xFA11, 0x5D0E },                      /* 﨑 崎 */
    { 0x20BB7, 0x5409 },                     /* 𠮷 吉 */
    { 0x6801, 0x67F3 },                      /* 栁 柳 */
    { 0x6852, 0x6851 },                      /* 桒 桑 */
    { 0x5FB7, 0x5FB3 },                      /* 德 徳 */
    { 0x6FF5, 0x6D5C },                      /* 濵 浜 */
    { 0xFA19, 0x795E },                      /* 神 神 */
    { 0xFA1B, 0x798F },                      /* 福 福 */
    { 0xFA10, 0x585A },                      /* 塚 塚 */
    { 0x7028, 0x702C },                      /* 瀨 瀬 */
    { 0x9592, 0x9593 },                      /* 閒 間 */
    { 0xFF5E, 0x301C },                      /* ~ wave dash */
    { 0x301C, 0xFF5E },                      /* and back, for CP932 */
    { 0xFF0D, 0x2212 },                      /* - minus */
    { 0x2212, 0xFF0D },  { 0x2014, 0x2015 }, /* — */
    { 0x2015, 0x2014 },  { 0x2225, 0x2016 }, /* ∥ */
    { 0x2016, 0x2225 },
};

static void charset_set(struct arena *a, struct charset *c, uint32_t point, unsigned code)
{
    if (point > 0xFFFF)
        return;
    if (c->pages[point >> 8] == NULL)
        c->pages[point >> 8] = ARENA_ARRAY(a, uint16_t, 256);
    if (c->pages[point >> 8][point & 255] == 0) /* of two codes for one character, the first */
        c->pages[point >> 8][point & 255] = (uint16_t)code;
}

static unsigned charset_get(const struct charset *c, uint32_t point)
{
    return point <= 0xFFFF && c->pages[point >> 8] != NULL ? c->pages[point >> 8][point & 255] : 0;
}

/* One two-byte character as UCS-2, big endian; 0 when the encoding has none there. */
static uint32_t ask(iconv_t cd, unsigned first, unsigned second)
{
    char in[2] = { (char)first, (char)second }, *from = in;
    unsigned char ucs[8];
    char *to = (char *)ucs;
    size_t left = 2, room = sizeof(ucs);

    iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &from, &left, &to, &room) != 0 || room != sizeof(ucs) - 4)
        return 0;
    return (uint32_t)ucs[0] << 24 | (uint32_t)ucs[1] << 16 | (uint32_t)ucs[2] << 8 | ucs[3];
}

/* Rows and cells 0x21 to 0x7E of JIS X 0208, which EUC-JP carries with the high bit set. */
static void fill_x0208(struct arena *a, struct charset *c, iconv_t cd)
{
    for (unsigned row = 0x21; row <= 0x7E; row++) {
        for (unsigned cell = 0x21; cell <= 0x7E; cell++) {
            uint32_t point = ask(cd, row | 0x80, cell | 0x80);
            if (point > 0x7F)
                charset_set(a, c, point, row << 8 | cell);
        }
    }
    c->geta = GETA_JIS;
}

static void fill_cp932(struct arena *a, struct charset *c, iconv_t cd)
{
    for (unsigned lead = 0x81; lead <= 0xFC; lead++) {
        if (lead > 0x9F && lead < 0xE0) /* half-width katakana, one byte */
            continue;
        if (lead == 0xED || lead == 0xEE) /* NEC's copy of IBM's extensions, which Microsoft writes at FA to FC */
            continue;
        for (unsigned trail = 0x40; trail <= 0xFC; trail++) {
            uint32_t point = ask(cd, lead, trail);
            if (point > 0x7F)
                charset_set(a, c, point, lead << 8 | trail);
        }
    }
    c->geta = GETA_CP932;
}

static enum rc charset_fill(struct arena *a, const char *name, void (*fill)(struct arena *, struct charset *, iconv_t),
                            struct charset *out)
{
    iconv_t cd = iconv_open("UCS-4BE", name);

    if (cd == (iconv_t)-1) {
        log_error("iconv does not know %s: Japanese documents cannot be made", name);
        return E_CONFIG;
    }
    fill(a, out, cd);
    iconv_close(cd);
    return OK;
}

enum rc jis_new(struct arena *a, const struct jis **out)
{
    struct jis *j = ARENA_NEW(a, struct jis);

    TRY(charset_fill(a, "EUC-JP", fill_x0208, &j->x0208));
    TRY(charset_fill(a, "CP932", fill_cp932, &j->cp932));
    *out = j;
    return OK;
}

/* The character at text and its length; what is not UTF-8 counts one byte and comes back as U+FFFD. */
static uint32_t point_at(const char *text, size_t n, size_t *length)
{
    const unsigned char *p = (const unsigned char *)text;

    *length = utf8_length(text, n);
    switch (*length) {
    case 1:
        return p[0];
    case 2:
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    case 3:
        return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    case 4:
        return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    default:
        *length = 1;
        return 0xFFFD;
    }
}

static unsigned code_of(const struct charset *c, uint32_t point)
{
    unsigned code = charset_get(c, point);

    for (size_t i = 0; code == 0 && i < ARRAY_LEN(variants); i++) {
        if (variants[i].from == point)
            code = charset_get(c, variants[i].to);
    }
    return code != 0 ? code : c->geta;
}

static void add_code(struct buf *out, unsigned code)
{
    const char bytes[2] = { (char)(code >> 8), (char)code };

    buf_add(out, bytes, sizeof(bytes));
}

void jis_add_iso2022(const struct jis *j, struct buf *out, struct str utf8)
{
    bool is_kanji = false;

    for (size_t i = 0, length; i < utf8.len; i += length) {
        uint32_t point = point_at(utf8.data + i, utf8.len - i, &length);
        if (is_kanji != (point > 0x7F)) {
            is_kanji = !is_kanji;
            buf_add(out, is_kanji ? "\x1B$B" : "\x1B(B", 3);
        }
        if (is_kanji)
            add_code(out, code_of(&j->x0208, point));
        else
            buf_add_char(out, (char)point);
    }
    if (is_kanji)
        buf_add(out, "\x1B(B", 3);
}

void jis_add_cp932(const struct jis *j, struct buf *out, struct str utf8)
{
    for (size_t i = 0, length; i < utf8.len; i += length) {
        uint32_t point = point_at(utf8.data + i, utf8.len - i, &length);
        if (point > 0x7F)
            add_code(out, code_of(&j->cp932, point));
        else
            buf_add_char(out, (char)point);
    }
}
