/* Text character by character: width, kana, signs. Bytes that are no UTF-8 pass as they are. */
#include "pixmgr/fold.h"

#include "base/arena.h"
#include "base/str.h"
#include "pixmgr/kanji.h"
#include "pixmgr/letters.h"

#include <ctype.h>

#define DATE_DIGITS 8

#define FULL_WIDTH_FIRST 0xFF01 /* ！, ASCII's 0x21 */
#define FULL_WIDTH_LAST  0xFF5E
#define HALF_KANA_FIRST  0xFF66 /* ｦ */
#define HALF_KANA_LAST   0xFF9D /* ﾝ */
#define HALF_VOICED      0xFF9E
#define HALF_SEMIVOICED  0xFF9F

/* Half-width kana from ｦ on, in the code's order. */
static const uint16_t half_kana[] = {
    0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6,
    0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
    0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE,
    0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3,
};
_Static_assert(ARRAY_LEN(half_kana) == HALF_KANA_LAST - HALF_KANA_FIRST + 1, "one for each");

/* The mark behind a kana makes the next character of Unicode's table, or the one after that (ハ バ パ). */
static uint32_t voiced(uint32_t kana, uint32_t mark)
{
    if (kana == 0x30A6) /* ウ */
        return mark == HALF_VOICED ? 0x30F4 : 0;
    if (mark == HALF_VOICED && kana >= 0x30AB && kana <= 0x30C2) /* カ … チ: every other one */
        return kana + 1;
    if (mark == HALF_VOICED && (kana == 0x30C4 || kana == 0x30C6 || kana == 0x30C8))
        return kana + 1;
    if (kana >= 0x30CF && kana <= 0x30DD)
        return kana + (mark == HALF_VOICED ? 1 : 2);
    return 0;
}

static uint32_t half_to_full(const char *next, uint32_t c, size_t *skip)
{
    uint32_t full = half_kana[c - HALF_KANA_FIRST], mark, joined;
    size_t n = letter_read(next, &mark);

    *skip = 0;
    if ((mark != HALF_VOICED && mark != HALF_SEMIVOICED) || (joined = voiced(full, mark)) == 0)
        return full;
    *skip = n;
    return joined;
}

/* One character as it is compared. skip: bytes behind it that belong to it. */
static uint32_t letter_fold(const char *next, uint32_t c, size_t *skip)
{
    *skip = 0;
    if (c == 0x3000 || c == 0xA0 || (c < 0x80 && isspace((int)c)))
        return ' ';
    if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
        c = c - FULL_WIDTH_FIRST + 0x21;
    if (c < 0x80)
        return (uint32_t)tolower((int)c);
    if (c >= 0x3041 && c <= 0x3096) /* hiragana */
        return c + 0x60;
    return c >= HALF_KANA_FIRST && c <= HALF_KANA_LAST ? half_to_full(next, c, skip) : c;
}

const char *name_fold(struct arena *a, const char *text)
{
    if (text == NULL)
        return NULL;
    char *folded = arena_alloc(a, strlen(text) + 1), *end = folded; /* never longer than what it came from */
    for (const char *p = text; *p != '\0';) {
        uint32_t c;
        size_t skip, n = letter_read(p, &c);
        c = letter_fold(p + n, c, &skip);
        if (c != ' ')
            end = letter_write(end, c);
        else if (end > folded && end[-1] != ' ')
            *end++ = ' ';
        p += n + skip;
    }
    if (end > folded && end[-1] == ' ')
        end--;
    *end = '\0';
    return folded;
}

const char *kanji_fold(struct arena *a, const char *text)
{
    const char *folded = name_fold(a, text);

    if (folded == NULL)
        return NULL;
    char *out = arena_alloc(a, 2 * strlen(folded) + 1), *end = out; /* 々 may be shorter than what it repeats */
    uint32_t before = 0;
    for (const char *p = folded; *p != '\0';) {
        uint32_t c;
        p += letter_read(p, &c);
        if (c == ' ')
            continue;
        before = c == KANJI_AGAIN && before != 0 ? before : kanji_plain(c);
        end = letter_write(end, before);
    }
    *end = '\0';
    return out;
}

/* ---- which script ---- */

static bool is_kana(uint32_t c)
{
    return (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC;
}

static bool is_latin(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xC0 && c <= 0x17F);
}

static bool text_is_all(const char *folded, bool (*is)(uint32_t))
{
    bool any = false;

    for (const char *p = folded; *p != '\0';) {
        uint32_t c;
        p += letter_read(p, &c);
        if (is(c))
            any = true;
        else if (c >= 0x80 || isalnum((int)c))
            return false;
    }
    return any;
}

bool text_is_latin(const char *folded)
{
    return text_is_all(folded, is_latin);
}

bool text_is_kana(const char *folded)
{
    return text_is_all(folded, is_kana);
}

/* ---- numbers ---- */

const char *birth_date(struct arena *a, const char *time)
{
    return time == NULL ? NULL : arena_strndup(a, time, MIN(strspn(time, "0123456789"), (size_t)DATE_DIGITS));
}

const char *phone_fold(struct arena *a, const char *value)
{
    const char *folded = name_fold(a, value);

    if (folded == NULL || strncmp(folded, "mailto:", 7) == 0)
        return NULL;
    char *digits = arena_alloc(a, strlen(folded) + 2), *end = digits;
    const char *abroad = strstr(folded, "+81");
    if (abroad != NULL) {
        *end++ = '0';
        folded = abroad + 3;
        folded += strspn(folded, "-( 0"); /* +81-(0)90 */
    }
    for (const char *p = folded; *p != '\0'; p++) {
        if (isdigit((unsigned char)*p))
            *end++ = *p;
    }
    *end = '\0';
    return digits[0] == '\0' ? NULL : digits;
}

/* What stands between the numbers of a block, a house, a flat; and the hyphens of all character sets. */
static bool is_between(uint32_t c)
{
    static const char signs[] = "-ー－−‐‑–—丁目番地号の室 ";

    for (const char *p = signs; *p != '\0';) {
        uint32_t sign;
        p += letter_read(p, &sign);
        if (sign == c)
            return true;
    }
    return false;
}

/* Behind a digit all of it is one hyphen, so that a ー within a name stays. */
const char *street_fold(struct arena *a, const char *text)
{
    const char *folded = name_fold(a, text);

    if (folded == NULL)
        return NULL;
    char *out = arena_alloc(a, strlen(folded) + 1), *end = out;
    for (const char *p = folded; *p != '\0';) {
        uint32_t c;
        p += letter_read(p, &c);
        if (end == out || !(isdigit((unsigned char)end[-1]) || end[-1] == '-') || !is_between(c)) {
            end = letter_write(end, kanji_plain(c));
            continue;
        }
        if (end[-1] != '-')
            *end++ = '-';
    }
    if (end > out && end[-1] == '-')
        end--;
    *end = '\0';
    return out;
}
