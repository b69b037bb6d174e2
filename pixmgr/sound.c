/* How kana and romaji sound, a mora in a byte, so that both can be compared. */
#include "pixmgr/fold.h"

#include "base/arena.h"
#include "base/str.h"
#include "pixmgr/letters.h"

#define MORA_FIRST '0'
#define VOWELS     "aiueo"
#define CONSONANTS " kstnhmyrw" /* one column of the kana table each; ' ' has none */
#define MORA_N     (char)(MORA_FIRST + 50)

#define APOSTROPHE       '\''
#define APOSTROPHE_CURLY 0x2019

#define NEAR_MIN 3 /* in shorter names one mora is another name: 佐藤, 加藤 */

/* Katakana from ァ on in Unicode's order, as they are compared: ヂ as ジ, ヅ as ズ, all of those voiceless. */
static const char kana_table[][3] = {
    "a",  "a",  "i",  "i",  "u",  "u",  "e",  "e",  "o",  "o",  "ka", "ka", "ki", "ki", "ku", "ku", "ke", "ke",
    "ko", "ko", "sa", "sa", "si", "si", "su", "su", "se", "se", "so", "so", "ta", "ta", "ti", "si", "tu", "tu",
    "su", "te", "te", "to", "to", "na", "ni", "nu", "ne", "no", "ha", "ha", "ha", "hi", "hi", "hi", "hu", "hu",
    "hu", "he", "he", "he", "ho", "ho", "ho", "ma", "mi", "mu", "me", "mo", "ya", "ya", "yu", "yu", "yo", "yo",
    "ra", "ri", "ru", "re", "ro", "wa", "wa", "i",  "e",  "o",  "n",  "u",  "ka", "ke",
};

static char mora(char consonant, char vowel)
{
    const char *c = strchr(CONSONANTS, consonant), *v = strchr(VOWELS, vowel);

    return (char)(MORA_FIRST + 5 * (int)(c - CONSONANTS) + (int)(v - VOWELS));
}

static char vowel_of(char m)
{
    return m == MORA_N || m < MORA_FIRST ? '\0' : VOWELS[(m - MORA_FIRST) % 5];
}

/* A vowel that only makes the one before it long. */
static bool is_lengthening(char before, char m)
{
    char vowel = m < MORA_FIRST + 5 ? vowel_of(m) : '\0', earlier = vowel_of(before);

    return (vowel == 'u' && (earlier == 'o' || earlier == 'u')) || (vowel == 'o' && earlier == 'o') ||
           (vowel == 'i' && earlier == 'e') || (vowel == 'e' && earlier == 'e');
}

struct sound {
    char *text, *end;
};

static void sound_add(struct sound *s, char m)
{
    if (s->end > s->text && is_lengthening(s->end[-1], m))
        return;
    *s->end++ = m;
}

static void kana_add(struct sound *s, uint32_t c)
{
    const char *row = kana_table[c - 0x30A1];

    sound_add(s, row[0] == 'n' && row[1] == '\0' ? MORA_N : row[1] == '\0' ? mora(' ', row[0]) : mora(row[0], row[1]));
}

/* ---- romaji ---- */

/*
 * Consonants before a vowel → the column of the kana table; soft: シャ, a mora with i and one with y. The longest
 * first. hard_i and hard_u: what stands before that vowel alone (di is ヂ, du ヅ).
 */
static const struct {
    const char *letters;
    char column;
    bool soft;
} clusters[] = {
    { "sh", 's', true }, { "ch", 't', true }, { "ts", 't', false }, { "dz", 's', false }, { "ky", 'k', true },
    { "gy", 'k', true }, { "sy", 's', true }, { "zy", 's', true },  { "jy", 's', true },  { "ty", 't', true },
    { "dy", 's', true }, { "ny", 'n', true }, { "hy", 'h', true },  { "by", 'h', true },  { "py", 'h', true },
    { "my", 'm', true }, { "ry", 'r', true }, { "k", 'k', false },  { "g", 'k', false },  { "s", 's', false },
    { "z", 's', false }, { "j", 's', true },  { "t", 't', false },  { "d", 't', false },  { "n", 'n', false },
    { "h", 'h', false }, { "f", 'h', false }, { "b", 'h', false },  { "p", 'h', false },  { "v", 'h', false },
    { "m", 'm', false }, { "y", 'y', false }, { "r", 'r', false },  { "l", 'r', false },  { "w", 'w', false },
    { "c", 'k', false }, { "q", 'k', false }, { "x", 's', false },
};

static bool is_vowel(char c)
{
    return c != '\0' && strchr(VOWELS, c) != NULL;
}

static void syllable_add(struct sound *s, char column, bool soft, char letter, char vowel)
{
    if (letter == 'd' && (vowel == 'i' || vowel == 'u'))
        column = 's';
    if (soft && vowel != 'i') {
        sound_add(s, mora(column, 'i'));
        sound_add(s, vowel == 'e' ? mora(' ', 'e') : mora('y', vowel));
    } else {
        sound_add(s, mora(column, vowel));
    }
}

/* Returns what it read: a syllable, or one letter that has no vowel behind it. */
static size_t consonant_add(struct sound *s, const char *p)
{
    for (size_t i = 0; i < ARRAY_LEN(clusters); i++) {
        size_t n = strlen(clusters[i].letters);
        if (strncmp(p, clusters[i].letters, n) != 0 || !is_vowel(p[n]))
            continue;
        syllable_add(s, clusters[i].column, clusters[i].soft, n == 1 ? p[0] : '\0', p[n]);
        return n + 1;
    }
    bool is_doubled = p[0] == p[1] || (p[0] == 't' && p[1] == 'c');
    if (p[0] == 'n' || (p[0] == 'm' && p[1] != '\0' && strchr("bmp", p[1]) != NULL))
        sound_add(s, MORA_N);
    else if (is_doubled)
        sound_add(s, mora('t', 'u'));
    else if (p[0] != 'h') /* Satoh, Ohno: a long vowel */
        sound_add(s, mora(p[0] == 't' || p[0] == 'd' ? 't' : p[0] == 's' || p[0] == 'z' ? 's' : 'k', 'u'));
    return 1;
}

/* Letters with a macron or a circumflex: a long vowel. */
static char plain_vowel(uint32_t c)
{
    static const struct {
        uint32_t from;
        char to;
    } rows[] = { { 0x101, 'a' }, { 0xE2, 'a' }, { 0x100, 'a' }, { 0x12B, 'i' }, { 0xEE, 'i' },
                 { 0x16B, 'u' }, { 0xFB, 'u' }, { 0x16A, 'u' }, { 0x113, 'e' }, { 0xEA, 'e' },
                 { 0x14D, 'o' }, { 0xF4, 'o' }, { 0x14C, 'o' } };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].from == c)
            return rows[i].to;
    }
    return '\0';
}

/* The Latin letters of a text alone, so that syllables can be looked ahead at; and what parts them (Jun'ichi). */
static const char *latin_of(struct arena *a, const char *folded)
{
    char *out = arena_alloc(a, strlen(folded) + 1), *end = out;

    for (const char *p = folded; *p != '\0';) {
        uint32_t c;
        p += letter_read(p, &c);
        char vowel = plain_vowel(c);
        if (vowel != '\0')
            *end++ = vowel;
        else if ((c >= 'a' && c <= 'z') || c == APOSTROPHE)
            *end++ = (char)c;
        else if (c == APOSTROPHE_CURLY)
            *end++ = APOSTROPHE;
    }
    *end = '\0';
    return out;
}

static void latin_add(struct sound *s, const char *letters)
{
    for (const char *p = letters; *p != '\0';) {
        if (*p == APOSTROPHE)
            p++;
        else if (is_vowel(*p))
            sound_add(s, mora(' ', *p++));
        else
            p += consonant_add(s, p);
    }
}

const char *sound_of(struct arena *a, const char *folded)
{
    if (folded == NULL)
        return NULL;
    char *text = arena_alloc(a, 2 * strlen(folded) + 1);
    struct sound s = { text, text };

    latin_add(&s, latin_of(a, folded));
    for (const char *p = folded; *p != '\0';) {
        uint32_t c;
        p += letter_read(p, &c);
        if (c >= 0x30A1 && c < 0x30A1 + ARRAY_LEN(kana_table))
            kana_add(&s, c);
    }
    *s.end = '\0';
    return text;
}

/* ---- nearly the same ---- */

bool sound_is_near(const char *x, const char *y)
{
    size_t xn = strlen(x), yn = strlen(y), head = 0, tail = 0;

    if (MIN(xn, yn) < NEAR_MIN || xn > yn + 1 || yn > xn + 1)
        return false;
    while (x[head] != '\0' && x[head] == y[head])
        head++;
    while (tail < MIN(xn, yn) - head && x[xn - 1 - tail] == y[yn - 1 - tail])
        tail++;
    size_t left_x = xn - head - tail, left_y = yn - head - tail;
    return MAX(left_x, left_y) <= 1 || (left_x == 2 && left_y == 2 && x[head] == y[head + 1] && x[head + 1] == y[head]);
}
