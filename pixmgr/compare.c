#include "pixmgr/compare.h"

#include "pixmgr/fold.h"

#include <stdlib.h>

#define DATE_DIGITS 8

/* ---- birth ---- */

/* Years by which a date moves when its era is mistaken: Showa for Taisho, Heisei for Showa, Reiwa for Heisei. */
static const int era_steps[] = { 14, 63, 30 };

static bool is_other_era(const char *x, const char *y)
{
    char years[2][5] = { { 0 }, { 0 } };

    if (strcmp(x + 4, y + 4) != 0)
        return false;
    memcpy(years[0], x, 4);
    memcpy(years[1], y, 4);
    int step = abs(atoi(years[0]) - atoi(years[1]));
    for (size_t i = 0; i < ARRAY_LEN(era_steps); i++) {
        if (step == era_steps[i])
            return true;
    }
    return false;
}

/* One digit another, or two neighbours exchanged. */
static bool is_one_slip(const char *x, const char *y)
{
    size_t i = 0;

    while (x[i] == y[i])
        i++;
    if (strcmp(x + i + 1, y + i + 1) == 0)
        return true;
    return x[i + 1] != '\0' && x[i] == y[i + 1] && x[i + 1] == y[i] && strcmp(x + i + 2, y + i + 2) == 0;
}

static bool is_day_for_month(const char *x, const char *y)
{
    return strncmp(x, y, 4) == 0 && strncmp(x + 4, y + 6, 2) == 0 && strncmp(x + 6, y + 4, 2) == 0;
}

static void birth_compare(const char *x, const char *y, struct agreements *out)
{
    if (x == NULL || y == NULL)
        return;
    size_t n = MIN(strlen(x), strlen(y));
    if (strcmp(x, y) == 0 && n == DATE_DIGITS)
        out->are[BIRTH_SAME] = true;
    else if (strncmp(x, y, n) == 0)
        out->are[BIRTH_PARTIAL] = n > 0;
    else if (n == DATE_DIGITS && (is_one_slip(x, y) || is_day_for_month(x, y) || is_other_era(x, y)))
        out->are[BIRTH_NEAR] = true;
    else
        out->are[BIRTH_OTHER] = true;
}

static void sex_compare(const char *x, const char *y, struct agreements *out)
{
    if (text_absent(x) || text_absent(y) || strcmp(x, "UN") == 0 || strcmp(y, "UN") == 0)
        return;
    out->are[strcmp(x, y) == 0 ? SEX_SAME : SEX_OTHER] = true;
}

/* ---- names ---- */

enum likeness { UNKNOWN, OTHER, NEAR, SAME };

struct part {
    const char *text, *sound;
    enum script script;
};

static struct part part_of(const struct called *n, bool is_family)
{
    return (struct part){ is_family ? n->family : n->given, is_family ? n->family_sound : n->given_sound, n->script };
}

static enum likeness parts_compare(const struct part *x, const struct part *y)
{
    if (x->script == y->script && strcmp(x->text, y->text) == 0)
        return SAME;
    if (x->sound == NULL || x->sound[0] == '\0' || y->sound == NULL || y->sound[0] == '\0')
        return OTHER;
    if (strcmp(x->sound, y->sound) == 0)
        return x->script == y->script ? NEAR : SAME; /* kana and romaji cannot agree better */
    return sound_is_near(x->sound, y->sound) ? NEAR : OTHER;
}

/* Of all names of both sides, which may be a present and a former one: the most alike. */
static enum likeness names_compare(const struct traits *x, const struct traits *y, bool is_family, bool is_kanji)
{
    enum likeness best = UNKNOWN;

    for (size_t i = 0; i < x->name_count; i++) {
        struct part one = part_of(&x->names[i], is_family);
        for (size_t j = 0; j < y->name_count; j++) {
            struct part other = part_of(&y->names[j], is_family);
            if (one.text == NULL || other.text == NULL || (one.script == SCRIPT_KANJI) != is_kanji ||
                (other.script == SCRIPT_KANJI) != is_kanji)
                continue;
            best = MAX(best, parts_compare(&one, &other));
        }
    }
    return best;
}

/* By reading and by kanji; in the order of the rows from FAMILY_SAME and GIVEN_SAME on. */
static void part_compare(const struct traits *x, const struct traits *y, bool is_family, struct agreements *out)
{
    static const int rows[][4] = {
        /* kanji:   unknown other same-sound(never) same */
        [UNKNOWN] = { -1, 4, 4, 0 },
        [OTHER] = { 4, 4, 4, 3 },
        [NEAR] = { 1, 2, 1, 1 },
        [SAME] = { 0, 2, 0, 0 },
    };
    enum likeness reading = names_compare(x, y, is_family, false), kanji = names_compare(x, y, is_family, true);
    int row = rows[reading][kanji];

    if (row >= 0)
        out->are[(is_family ? FAMILY_SAME : GIVEN_SAME) + row] = true;
    if (!is_family && kanji == SAME && reading >= NEAR)
        out->are[KANJI_SAME] = true;
}

/* ---- telephone, address, insurance ---- */

static bool is_mobile(const char *phone)
{
    return strlen(phone) == 11 &&
           (strncmp(phone, "090", 3) == 0 || strncmp(phone, "080", 3) == 0 || strncmp(phone, "070", 3) == 0);
}

static void mobiles_compare(const char *x, const char *y, struct agreements *out)
{
    if (strcmp(x, y) == 0)
        out->are[MOBILE_SAME] = true;
    else
        out->are[is_one_slip(x, y) ? MOBILE_NEAR : MOBILE_OTHER] = true;
}

/* The best of all pairs: whoever has two mobile numbers has another one as well. */
static void phones_compare(const struct traits *x, const struct traits *y, struct agreements *out)
{
    for (size_t i = 0; i < x->phone_count; i++) {
        for (size_t j = 0; j < y->phone_count; j++) {
            if (is_mobile(x->phones[i]) && is_mobile(y->phones[j]))
                mobiles_compare(x->phones[i], y->phones[j], out);
            else if (strcmp(x->phones[i], y->phones[j]) == 0)
                out->are[LANDLINE_SAME] = true;
        }
    }
    out->are[MOBILE_NEAR] = out->are[MOBILE_NEAR] && !out->are[MOBILE_SAME];
    out->are[MOBILE_OTHER] = out->are[MOBILE_OTHER] && !out->are[MOBILE_SAME] && !out->are[MOBILE_NEAR];
}

static bool both_equal(const char *x, const char *y)
{
    return x != NULL && text_equal(x, y);
}

static void addresses_compare(const struct traits *x, const struct traits *y, struct agreements *out)
{
    if ((x->city == NULL && x->postal == NULL) || (y->city == NULL && y->postal == NULL))
        return;
    bool same_place = both_equal(x->city, y->city) || both_equal(x->postal, y->postal);
    if (same_place && both_equal(x->street, y->street))
        out->are[ADDRESS_SAME] = true;
    else
        out->are[same_place ? ADDRESS_CITY : ADDRESS_OTHER] = true;
}

static void insurances_compare(const struct traits *x, const struct traits *y, struct agreements *out)
{
    if (x->insured == NULL || y->insured == NULL)
        return;
    if (strcmp(x->insured, y->insured) != 0)
        out->are[INSURANCE_OTHER] = true;
    else if (x->branch[0] != '\0' && y->branch[0] != '\0' && strcmp(x->branch, y->branch) != 0)
        out->are[INSURANCE_HOUSEHOLD] = true;
    else if (x->branch[0] != '\0' && y->branch[0] != '\0')
        out->are[INSURANCE_SAME] = true;
}

struct agreements traits_compare(const struct traits *x, const struct traits *y)
{
    struct agreements out = { 0 };

    birth_compare(x->birth, y->birth, &out);
    sex_compare(x->gender, y->gender, &out);
    part_compare(x, y, true, &out);
    part_compare(x, y, false, &out);
    phones_compare(x, y, &out);
    addresses_compare(x, y, &out);
    insurances_compare(x, y, &out);
    return out;
}
