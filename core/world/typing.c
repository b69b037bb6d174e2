#include "world/typing.h"

#include "base/arena.h"
#include "base/str.h"
#include "wire/utf8.h"
#include "world/names.h"
#include "world/random.h"

#include <stdio.h>
#include <stdlib.h>

#define DATE_DIGITS 8

/* What a random number is for. */
enum { HOW_MANY, WHICH, WHERE, HOW };

static struct person_name *name_of(struct patient *p, const char *use)
{
    for (struct person_name *n = p->names; n != NULL; n = n->next) {
        if (text_equal(n->use, use))
            return n;
    }
    return NULL;
}

/* Family or given. */
static const char **part_of(struct person_name *n, uint64_t random)
{
    return random_percent(random, 50) ? &n->family : &n->given;
}

/* ---- birth dates ---- */

/* Of a date that has been and will not surprise a calendar: days to 28 fit every month. */
static bool is_date(const char *date)
{
    int year, month, day;

    return sscanf(date, "%4d%2d%2d", &year, &month, &day) == 3 && year >= 1900 && year <= 2026 && month >= 1 &&
           month <= 12 && day >= 1 && day <= 28;
}

static bool birth_set(struct patient *p, const char *was, const char *date)
{
    if (strcmp(was, date) == 0 || !is_date(date))
        return false;
    p->birth_time = date;
    return true;
}

static bool has_birth(const struct patient *p)
{
    return p->birth_time != NULL && strlen(p->birth_time) == DATE_DIGITS;
}

static bool birth_swap(struct arena *a, const struct typist *t, struct patient *p)
{
    if (!has_birth(p))
        return false;
    size_t at = 2 + random_below(random_of(t->key, WHERE), DATE_DIGITS - 3);
    char *date = arena_strdup(a, p->birth_time), digit = date[at];
    date[at] = date[at + 1];
    date[at + 1] = digit;
    return birth_set(p, p->birth_time, date);
}

static bool birth_mistype(struct arena *a, const struct typist *t, struct patient *p)
{
    if (!has_birth(p))
        return false;
    size_t at = 2 + random_below(random_of(t->key, WHERE), DATE_DIGITS - 2);
    char *date = arena_strdup(a, p->birth_time);
    date[at] = (char)('0' + random_below(random_of(t->key, HOW), 10));
    return birth_set(p, p->birth_time, date);
}

static bool birth_day_for_month(struct arena *a, const struct typist *t UNUSED, struct patient *p)
{
    if (!has_birth(p))
        return false;
    const char *was = p->birth_time;
    return birth_set(p, was, arena_printf(a, "%.4s%.2s%.2s", was, was + 6, was + 4));
}

/* The number of the year under another era: Showa for Heisei, Taisho for Showa. */
static bool birth_other_era(struct arena *a, const struct typist *t, struct patient *p)
{
    static const int steps[] = { 63, -63, 14, -14, 30, -30 };

    if (!has_birth(p))
        return false;
    int year = atoi(arena_strndup(a, p->birth_time, 4));
    year += steps[random_below(random_of(t->key, HOW), ARRAY_LEN(steps))];
    return birth_set(p, p->birth_time, arena_printf(a, "%04d%s", year, p->birth_time + 4));
}

/* ---- names ---- */

static bool kana_misheard(struct arena *a, const struct typist *t, struct patient *p)
{
    struct person_name *n = name_of(p, "SYL");

    if (n == NULL)
        return false;
    const char **part = part_of(n, random_of(t->key, WHERE)), *slip = kana_slip(a, *part, random_of(t->key, HOW));
    if (slip == NULL)
        return false;
    *part = slip;
    return true;
}

/* One kana is left out. They take three bytes each. */
static bool kana_lost(struct arena *a, const struct typist *t, struct patient *p)
{
    struct person_name *n = name_of(p, "SYL");

    if (n == NULL)
        return false;
    const char **part = part_of(n, random_of(t->key, WHERE));
    size_t kana = strlen(*part) / 3;
    if (kana < 3)
        return false;
    size_t at = 3 * (1 + random_below(random_of(t->key, HOW), (uint32_t)kana - 1));
    *part = arena_printf(a, "%.*s%s", (int)at, *part, *part + at + 3);
    return true;
}

static const char *flat(struct arena *a, const char *katakana)
{
    char *text = arena_strdup(a, katakana);

    for (unsigned char *c = (unsigned char *)text; c[0] != '\0'; c += utf8_length((char *)c, strlen((char *)c))) {
        unsigned point = c[0] == 0xE3 ? (c[0] & 0x0Fu) << 12 | (c[1] & 0x3Fu) << 6 | (c[2] & 0x3Fu) : 0;
        if (point < 0x30A1 || point > 0x30F3)
            continue;
        point -= 0x60;
        c[1] = (unsigned char)(0x80 | (point >> 6 & 0x3F));
        c[2] = (unsigned char)(0x80 | (point & 0x3F));
    }
    return text;
}

static bool kana_flat(struct arena *a, const struct typist *t UNUSED, struct patient *p)
{
    struct person_name *n = name_of(p, "SYL");

    if (n == NULL)
        return false;
    n->family = flat(a, n->family);
    n->given = flat(a, n->given);
    return true;
}

static const struct family *family_of(const struct typist *t, uint64_t random)
{
    return names_family(t->names, t->prefecture, random);
}

/* The record is from before her wedding, or from after it. */
static bool family_former(struct arena *a UNUSED, const struct typist *t, struct patient *p)
{
    const struct family *f = family_of(t, random_of(t->key, HOW));
    const char *as_written[] = { family_form(f, random_of(t->key, WHERE)), f->kana, f->romaji };
    static const char *const uses[] = { "IDE", "SYL", "ABC" };

    if (!t->is_grown_woman)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(uses); i++) {
        struct person_name *n = name_of(p, uses[i]);
        if (n != NULL)
            n->family = as_written[i];
    }
    return true;
}

/* Old forms for the everyday ones of the commonest characters of names, and the other way round. */
static bool family_variant(struct arena *a, const struct typist *t, struct patient *p)
{
    static const char *const pairs[][2] = {
        { "高", "髙" }, { "崎", "﨑" }, { "辺", "邊" }, { "辺", "邉" }, { "斎", "齋" }, { "斎", "斉" }, { "沢", "澤" },
        { "島", "嶋" }, { "浜", "濱" }, { "広", "廣" }, { "吉", "𠮷" }, { "桜", "櫻" }, { "富", "冨" }, { "滝", "瀧" },
    };
    struct person_name *n = name_of(p, "IDE");
    size_t first = random_below(random_of(t->key, HOW), ARRAY_LEN(pairs));

    for (size_t i = 0; n != NULL && i < 2 * ARRAY_LEN(pairs); i++) {
        const char *const *pair = pairs[(first + i) % ARRAY_LEN(pairs)];
        const char *from = pair[i >= ARRAY_LEN(pairs)], *to = pair[i < ARRAY_LEN(pairs)];
        const char *at = strstr(n->family, from);
        if (at == NULL)
            continue;
        n->family = arena_printf(a, "%.*s%s%s", (int)(at - n->family), n->family, to, at + strlen(from));
        return true;
    }
    return false;
}

static void name_drop(struct patient *p, const char *use)
{
    for (struct person_name **n = &p->names; *n != NULL; n = &(*n)->next) {
        if (!text_equal((*n)->use, use))
            continue;
        *n = (*n)->next;
        return;
    }
}

static bool reading_missing(struct arena *a UNUSED, const struct typist *t UNUSED, struct patient *p)
{
    if (name_of(p, "IDE") == NULL)
        return false;
    name_drop(p, "SYL");
    name_drop(p, "ABC");
    return true;
}

static bool kanji_missing(struct arena *a UNUSED, const struct typist *t UNUSED, struct patient *p)
{
    if (name_of(p, "SYL") == NULL)
        return false;
    name_drop(p, "IDE");
    return true;
}

/* ---- the rest ---- */

static bool phones_missing(struct arena *a UNUSED, const struct typist *t UNUSED, struct patient *p)
{
    bool any = p->telecoms != NULL;

    p->telecoms = NULL;
    return any;
}

static bool phone_mistype(struct arena *a, const struct typist *t, struct patient *p)
{
    struct telecom *last = p->telecoms;

    while (last != NULL && last->next != NULL)
        last = last->next;
    if (last == NULL)
        return false;
    char *number = arena_strdup(a, last->value);
    size_t at = strlen(number) - 1 - random_below(random_of(t->key, WHERE), 4);
    number[at] = number[at] == '9' ? '0' : (char)(number[at] + 1);
    last->value = number;
    return true;
}

static bool sex_other(struct arena *a UNUSED, const struct typist *t UNUSED, struct patient *p)
{
    p->gender = text_equal(p->gender, "F") ? "M" : "F";
    return true;
}

/* How often what happens, in a hundred errors. */
static const struct slip {
    uint32_t share;
    bool (*spoil)(struct arena *a, const struct typist *t, struct patient *p);
} slips[] = {
    { 10, birth_swap },     { 10, birth_mistype },  { 4, birth_day_for_month }, { 3, birth_other_era },
    { 15, kana_misheard },  { 8, kana_lost },       { 4, kana_flat },           { 8, family_former },
    { 12, family_variant }, { 5, reading_missing }, { 5, kanji_missing },       { 8, phones_missing },
    { 7, phone_mistype },   { 1, sex_other },
};

static const struct slip *slip_pick(uint64_t random)
{
    uint32_t total = 0;

    for (size_t i = 0; i < ARRAY_LEN(slips); i++)
        total += slips[i].share;
    uint32_t point = random_below(random, total);
    size_t i = 0;
    for (uint32_t sum = slips[0].share; point >= sum; sum += slips[i].share)
        i++;
    return &slips[i];
}

/* Where a slip cannot happen (there is no variant of this name) the next one does. */
static void slip_make(struct arena *a, const struct typist *t, struct patient *p)
{
    size_t first = (size_t)(slip_pick(random_of(t->key, WHICH)) - slips);

    for (size_t i = 0; i < ARRAY_LEN(slips); i++) {
        if (slips[(first + i) % ARRAY_LEN(slips)].spoil(a, t, p))
            return;
    }
}

void typing_spoil(struct arena *a, const struct typist *t, struct patient *p)
{
    struct typist again = *t;

    slip_make(a, t, p);
    if (!random_percent(random_of(t->key, HOW_MANY), 25))
        return;
    again.key = random_of(t->key, HOW_MANY);
    slip_make(a, &again, p);
}
