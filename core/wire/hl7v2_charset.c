/*
 * ISO-2022-JP and EUC-JP wrap the same sets differently: the first switches by escape sequences, the second marks each
 * character. So escapes are followed here, and iconv knows characters by their EUC-JP form, one at a time.
 */
#include "wire/hl7v2_charset.h"

#include "base/arena.h"
#include "wire/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define ESC '\x1b'

static const struct {
    const char *name;
    unsigned set;
} names[] = {
    { "", 0 },
    { "ASCII", 0 },
    { "ISO IR6", 0 },
    { "ISO IR14", 0 },
    { "ISO IR13", CHARSET_KATAKANA },
    { "ISO IR87", CHARSET_KANJI },
    { "ISO IR159", CHARSET_SUPPLEMENT },
    { "8859/1", CHARSET_LATIN_1 },
    { "UNICODE UTF-8", CHARSET_UTF_8 },
};

/* The first of each set is the one we write. JIS X 0201 Roman has the codes of ASCII, delimiters included. */
static const struct designation {
    const char *escape;
    unsigned set; /* 0: ASCII */
    size_t width;
    unsigned char lead; /* before the bytes in EUC-JP; 0: none */
    const char *title;
} designations[] = {
    { "\x1b(B", 0, 1, 0, "ASCII" },
    { "\x1b(J", 0, 1, 0, "ASCII" },
    { "\x1b(I", CHARSET_KATAKANA, 1, 0x8E, "ISO IR13" },
    { "\x1b$B", CHARSET_KANJI, 2, 0, "ISO IR87" },
    { "\x1b$(B", CHARSET_KANJI, 2, 0, "ISO IR87" },
    { "\x1b$@", CHARSET_KANJI, 2, 0, "ISO IR87" },
    { "\x1b$(D", CHARSET_SUPPLEMENT, 2, 0x8F, "ISO IR159" },
};

#define ASCII    (&designations[0])
#define KATAKANA (&designations[2])

enum rc charset_declare(struct str name, unsigned *sets)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_is(name, names[i].name)) {
            *sets |= names[i].set;
            return OK;
        }
    }
    return E_NOT_FOUND;
}

const char *charset_names(struct arena *a)
{
    const char *all = names[1].name;

    for (size_t i = 2; i < ARRAY_LEN(names); i++)
        all = arena_printf(a, "%s, %s", all, names[i].name);
    return all;
}

static const struct designation *designation_at(struct str bytes)
{
    for (size_t i = 0; i < ARRAY_LEN(designations); i++) {
        size_t n = strlen(designations[i].escape);
        if (bytes.len >= n && memcmp(bytes.data, designations[i].escape, n) == 0)
            return &designations[i];
    }
    return NULL;
}

size_t charset_escape(struct str bytes, bool *two_bytes)
{
    if (bytes.len == 0 || bytes.data[0] != ESC) /* nearly always */
        return 0;
    const struct designation *d = designation_at(bytes);
    if (d == NULL)
        return 0;
    *two_bytes = d->width == 2;
    return strlen(d->escape);
}

/* ---- between EUC-JP and UTF-8 ---- */

static void close_iconv(void *cd)
{
    iconv_close(cd);
}

static iconv_t open_iconv(struct arena *a, const char *to, const char *from)
{
    iconv_t cd = iconv_open(to, from);

    if (cd == (iconv_t)-1)
        die("this machine's iconv knows no EUC-JP: %s", strerror(errno));
    arena_defer(a, close_iconv, cd);
    return cd;
}

/* One character; 0 when it has no counterpart. */
static size_t convert(iconv_t cd, const char *from, size_t len, char out[8])
{
    char *in = (char *)from, *to = out;
    size_t room = 8;

    if (iconv(cd, &in, &len, &to, &room) != 0 || len != 0) { /* a count of characters replaced, or -1 */
        iconv(cd, NULL, NULL, NULL, NULL);
        return 0;
    }
    return (size_t)(to - out);
}

/* ---- reading ---- */

struct reader {
    struct arena *arena;
    unsigned sets;
    struct str rest;
    struct buf *out;
    const struct designation *state;
    iconv_t to_utf8; /* NULL until it is needed */
    const char *why;
};

static void skip(struct reader *r, size_t n)
{
    r->rest = (struct str){ r->rest.data + n, r->rest.len - n };
}

static enum rc unreadable(struct reader *r, const char *what)
{
    r->why = arena_printf(r->arena, "byte 0x%02X %s", (unsigned char)r->rest.data[0], what);
    return E_SYNTAX;
}

/* Most often a delimiter that came before the way back to ASCII. */
static enum rc no_character(struct reader *r, const struct designation *d, const char *what)
{
    const char *hint = d->width == 2 ? "; before a delimiter, text returns to ASCII by ESC ( B" : "";

    return unreadable(r, arena_printf(r->arena, "%s %s%s", what, d->title, hint));
}

/* Of the control characters, messages have line ends and tabulators only. */
static enum rc read_ascii(struct reader *r)
{
    char c = r->rest.data[0];

    if ((unsigned char)c < 0x20 && c != '\r' && c != '\n' && c != '\t')
        return unreadable(r, "is a control character");
    if (c == '\x7f')
        return unreadable(r, "is a control character");
    buf_add_char(r->out, c);
    skip(r, 1);
    return OK;
}

static enum rc read_utf8(struct reader *r)
{
    size_t n = utf8_length(r->rest.data, r->rest.len);

    if (n == 0)
        return unreadable(r, "does not begin a character of UNICODE UTF-8");
    buf_add(r->out, r->rest.data, n);
    skip(r, n);
    return OK;
}

static enum rc read_latin_1(struct reader *r)
{
    unsigned char c = (unsigned char)r->rest.data[0];

    if (c < 0xA0)
        return unreadable(r, "is a control character");
    buf_add_char(r->out, (char)(0xC0 | c >> 6));
    buf_add_char(r->out, (char)(0x80 | (c & 0x3F)));
    skip(r, 1);
    return OK;
}

/* The next width bytes as a character of a set: their high bits are EUC-JP's. */
static enum rc read_character(struct reader *r, const struct designation *d)
{
    char euc[4], utf8[8];
    size_t n = 0;

    if (r->rest.len < d->width)
        return unreadable(r, "ends the message within a character");
    if (d->lead != 0)
        euc[n++] = (char)d->lead;
    for (size_t i = 0; i < d->width; i++) {
        if ((r->rest.data[i] & 0x7f) < 0x21 || (r->rest.data[i] & 0x7f) == 0x7f)
            return no_character(r, d, "stands in the place of a character of");
        euc[n++] = (char)(r->rest.data[i] | 0x80);
    }
    if (r->to_utf8 == NULL)
        r->to_utf8 = open_iconv(r->arena, "UTF-8", "EUC-JP");
    size_t len = convert(r->to_utf8, euc, n, utf8);
    if (len == 0)
        return no_character(r, d, "begins a code that is no character of");
    buf_add(r->out, utf8, len);
    skip(r, d->width);
    return OK;
}

static enum rc read_escape(struct reader *r)
{
    const struct designation *d = designation_at(r->rest);

    if (d == NULL)
        return unreadable(r, "begins an escape sequence of no set of table 0211");
    if ((r->sets & d->set) != d->set)
        return unreadable(r, arena_printf(r->arena, "switches to %s, which MSH-18 does not declare", d->title));
    r->state = d;
    skip(r, strlen(d->escape));
    return OK;
}

/* A line end is a line end in any state, and the next line begins with ASCII. */
static enum rc read_iso2022(struct reader *r)
{
    char c = r->rest.data[0];

    if (c == ESC)
        return read_escape(r);
    if (c == '\r' || c == '\n')
        r->state = ASCII;
    if (r->state->set != 0)
        return read_character(r, r->state);
    if ((c & 0x80) == 0)
        return read_ascii(r);
    if (r->sets & CHARSET_KATAKANA) /* in eight bits, without an escape */
        return read_character(r, KATAKANA);
    return unreadable(r, "is not ASCII, and MSH-18 declares no set that has it");
}

static enum rc read_next(struct reader *r)
{
    bool is_ascii = (r->rest.data[0] & 0x80) == 0;

    if (r->sets & CHARSET_UTF_8)
        return is_ascii ? read_ascii(r) : read_utf8(r);
    if (r->sets & CHARSET_LATIN_1)
        return is_ascii ? read_ascii(r) : read_latin_1(r);
    return read_iso2022(r);
}

enum rc charset_decode(struct arena *a, unsigned sets, struct str bytes, struct buf *utf8, const char **why)
{
    struct reader r = { .arena = a, .sets = sets, .rest = bytes, .out = utf8, .state = ASCII };

    while (r.rest.len > 0) {
        enum rc rc = read_next(&r);
        if (rc != OK) {
            *why = r.why;
            return rc;
        }
    }
    return OK;
}

/* ---- writing ---- */

struct writer {
    unsigned sets;
    struct buf *out;
    const struct designation *state;
    iconv_t to_euc; /* NULL until it is needed */
};

static void switch_to(struct writer *w, const struct designation *d)
{
    if (w->state != d)
        buf_add_text(w->out, d->escape);
    w->state = d;
}

/* The set that an EUC-JP form belongs to, if it is declared. */
static const struct designation *set_of(unsigned sets, const char *euc)
{
    unsigned char first = (unsigned char)euc[0];

    for (size_t i = 0; i < ARRAY_LEN(designations); i++) {
        const struct designation *d = &designations[i];
        bool fits = d->lead != 0 ? first == d->lead : d->set == CHARSET_KANJI && first >= 0xA1;
        if (fits && (sets & d->set))
            return d;
    }
    return NULL;
}

static bool write_iso2022(struct arena *a, struct writer *w, const char *character, size_t len)
{
    char euc[8];

    if (len == 1) {
        switch_to(w, ASCII);
        buf_add_char(w->out, character[0]);
        return true;
    }
    if (w->to_euc == NULL)
        w->to_euc = open_iconv(a, "EUC-JP", "UTF-8");
    size_t n = convert(w->to_euc, character, len, euc);
    const struct designation *d = n == 0 ? NULL : set_of(w->sets, euc);
    if (d == NULL)
        return false;
    switch_to(w, d);
    for (size_t i = d->lead != 0; i < n; i++)
        buf_add_char(w->out, (char)(euc[i] & 0x7f));
    return true;
}

static unsigned code_point(const char *character, size_t len)
{
    unsigned code = (unsigned char)character[0] & (len == 1 ? 0x7f : 0x7f >> len);

    for (size_t i = 1; i < len; i++)
        code = code << 6 | ((unsigned char)character[i] & 0x3f);
    return code;
}

static bool write_character(struct arena *a, struct writer *w, const char *character, size_t len)
{
    if ((w->sets & CHARSET_UTF_8) || (len == 1 && (w->sets & CHARSET_LATIN_1))) {
        buf_add(w->out, character, len);
        return true;
    }
    if ((w->sets & CHARSET_LATIN_1) == 0)
        return write_iso2022(a, w, character, len);
    if (len != 2 || (character[0] & 0x3C) != 0) /* past U+00FF */
        return false;
    buf_add_char(w->out, (char)((character[0] & 3) << 6 | (character[1] & 0x3F)));
    return true;
}

enum rc charset_encode(struct arena *a, unsigned sets, struct str utf8, struct buf *bytes, size_t *at, const char **why)
{
    struct writer w = { .sets = sets, .out = bytes, .state = ASCII };

    for (size_t i = 0, len; i < utf8.len; i += len) {
        len = utf8_length(utf8.data + i, utf8.len - i);
        bool is_cut = len == 0; /* a quotation that ended within a character */
        len = MAX(len, (size_t)1);
        if (!write_character(a, &w, is_cut ? "?" : utf8.data + i, len)) {
            *at = i;
            *why = arena_printf(a, "U+%04X is in no character set that MSH-18 declares",
                                code_point(utf8.data + i, len));
            return E_REFUSED;
        }
    }
    switch_to(&w, ASCII);
    return OK;
}
