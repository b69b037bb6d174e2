#include "pixmgr/match.h"

#include "base/arena.h"
#include "base/str.h"

#include <ctype.h>

#define DATE_DIGITS 8

/*
 * One character: its bytes, and the ASCII character it is read as, '\0' when it stays as it is. U+3000 and U+00A0 are
 * spaces; U+FF01 to U+FF5E are ASCII's 0x21 to 0x7E in full width.
 */
static size_t char_read(const unsigned char *p, char *ascii)
{
    *ascii = '\0';
    if (p[0] < 0x80) {
        *ascii = isspace(p[0]) ? ' ' : (char)p[0];
        return 1;
    }
    if (p[0] == 0xC2 && p[1] == 0xA0) {
        *ascii = ' ';
        return 2;
    }
    if (p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80) {
        *ascii = ' ';
        return 3;
    }
    if (p[0] == 0xEF && ((p[1] == 0xBC && p[2] >= 0x81) || (p[1] == 0xBD && p[2] >= 0x80 && p[2] <= 0x9E))) {
        *ascii = (char)((p[1] == 0xBC ? p[2] - 0x81 : p[2] - 0x80 + 0x3F) + 0x21);
        return 3;
    }
    return 1; /* a byte of some other character, which goes over byte by byte */
}

const char *name_fold(struct arena *a, const char *text)
{
    if (text == NULL)
        return NULL;
    char *folded = arena_strdup(a, text), *end = folded; /* never longer than what it came from */
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0';) {
        char ascii;
        size_t n = char_read(p, &ascii);
        if (ascii == '\0')
            *end++ = (char)*p;
        else if (ascii != ' ')
            *end++ = (char)tolower((unsigned char)ascii);
        else if (end > folded && end[-1] != ' ')
            *end++ = ' ';
        p += n;
    }
    if (end > folded && end[-1] == ' ')
        end--;
    *end = '\0';
    return folded;
}

const char *birth_date(struct arena *a, const char *time)
{
    return time == NULL ? NULL : arena_strndup(a, time, MIN(strspn(time, "0123456789"), (size_t)DATE_DIGITS));
}

static const char *full_name(struct arena *a, const struct person_name *n)
{
    if (n == NULL)
        return NULL;
    return name_fold(a, arena_printf(a, "%s %s", n->family == NULL ? "" : n->family, n->given == NULL ? "" : n->given));
}

static const struct person_name *kana_of(const struct patient *p)
{
    const struct person_name *n = patient_name(p, "SYL");

    return n != NULL && text_equal(n->use, "SYL") ? n : NULL;
}

struct identity identity_of(struct arena *a, const struct patient *p)
{
    return (struct identity){
        .birth = birth_date(a, p->birth_time),
        .gender = p->gender,
        .kana = full_name(a, kana_of(p)),
        .kanji = full_name(a, patient_name(p, "IDE")),
    };
}

static bool both_same(const char *x, const char *y)
{
    return !text_absent(x) && text_equal(x, y);
}

bool identity_same(const struct identity *x, const struct identity *y)
{
    if (!both_same(x->birth, y->birth) || strlen(x->birth) < DATE_DIGITS || !both_same(x->gender, y->gender))
        return false;
    if (!text_absent(x->kana) && !text_absent(y->kana))
        return text_equal(x->kana, y->kana);
    return both_same(x->kanji, y->kanji);
}
