#include "world/places.h"

#include "base/arena.h"
#include "base/str.h"
#include "world/digits.h"
#include "world/random.h"
#include "world/tsv.h"

#include <string.h>

#define NAME_MAX_BYTES 30 /* of a street or a building: what PLACES_STREET_SIZE was reckoned with */
#define WEIGHT_MAX     10000

enum street_kind { STREET_TOWN, STREET_HAMLET, STREET_BUILDING, STREET_KINDS };

static const char *const street_kinds[STREET_KINDS] = { "town", "hamlet", "building" };

struct streets {
    const char **names;
    uint32_t count;
};

struct places {
    struct prefecture *prefectures;
    size_t count;
    struct streets streets[STREET_KINDS];
};

/* ---- reading ---- */

static enum rc prefectures_read(struct arena *a, const char *folder, struct places *p)
{
    struct tsv t;

    TRY(tsv_read(a, folder, "prefectures.tsv", 7, &t));
    p->prefectures = ARENA_ARRAY(a, struct prefecture, t.count);
    for (; p->count < t.count; p->count++) {
        struct prefecture *f = &p->prefectures[p->count];
        size_t row = p->count;
        TRY(tsv_number(&t, row, 0, 1, 47, &f->code));
        f->name = tsv_cell(&t, row, 1);
        f->kana = tsv_cell(&t, row, 2);
        f->romaji = tsv_cell(&t, row, 3);
        TRY(tsv_number(&t, row, 4, 0, 999, &f->postal_first));
        TRY(tsv_number(&t, row, 5, f->postal_first, 999, &f->postal_last));
        f->area_code = tsv_cell(&t, row, 6);
        if (f->area_code[0] != '0' || strlen(f->area_code) < 2 || strlen(f->area_code) > 5)
            return tsv_complain(&t, row, "\"%s\" is not an area code of two to five digits from 0", f->area_code);
    }
    return OK;
}

static bool text_ends(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

static enum rc municipality_read(struct arena *a, struct places *p, const struct tsv *t, size_t row)
{
    struct prefecture *f = (struct prefecture *)places_find(p, tsv_cell(t, row, 0));
    uint32_t weight;

    if (f == NULL)
        return tsv_complain(t, row, "there is no prefecture \"%s\"", tsv_cell(t, row, 0));
    if (f->municipalities == NULL) {
        f->municipalities = ARENA_ARRAY(a, struct municipality, tsv_run(t, row, 1));
        f->weights = weights_new(a, tsv_run(t, row, 1));
    } else if (!text_equal(tsv_cell(t, row - 1, 0), f->name)) {
        return tsv_complain(t, row, "the municipalities of %s stand together", f->name);
    }
    struct municipality *m = &f->municipalities[f->weights.count];
    *m = (struct municipality){ .name = tsv_cell(t, row, 1),
                                .kana = tsv_cell(t, row, 2),
                                .romaji = tsv_cell(t, row, 3) };
    m->number = (uint32_t)f->weights.count + 1;
    m->is_rural = text_ends(m->name, "町") || text_ends(m->name, "村");
    m->postal = f->postal_first + (m->number - 1) % (f->postal_last - f->postal_first + 1);
    TRY(tsv_number(t, row, 4, 1, WEIGHT_MAX, &weight));
    weights_add(&f->weights, weight);
    return OK;
}

static enum rc municipalities_read(struct arena *a, const char *folder, struct places *p)
{
    struct tsv t;

    TRY(tsv_read(a, folder, "municipalities.tsv", 5, &t));
    for (size_t i = 0; i < t.count; i++)
        TRY(municipality_read(a, p, &t, i));
    for (size_t i = 0; i < p->count; i++) {
        if (p->prefectures[i].municipalities == NULL)
            return tsv_complain(&t, t.count - 1, "%s has no municipality", p->prefectures[i].name);
    }
    return OK;
}

static enum rc street_read(struct arena *a, struct places *p, const struct tsv *t, size_t row)
{
    const char *name = tsv_cell(t, row, 1);

    if (strlen(name) > NAME_MAX_BYTES)
        return tsv_complain(t, row, "\"%s\" is longer than %d bytes", name, NAME_MAX_BYTES);
    for (size_t kind = 0; kind < STREET_KINDS; kind++) {
        struct streets *s = &p->streets[kind];
        if (!text_equal(tsv_cell(t, row, 0), street_kinds[kind]))
            continue;
        if (s->names == NULL)
            s->names = ARENA_ARRAY(a, const char *, t->count);
        s->names[s->count++] = name;
        return OK;
    }
    return tsv_complain(t, row, "\"%s\" is none of town, hamlet, building", tsv_cell(t, row, 0));
}

static enum rc streets_read(struct arena *a, const char *folder, struct places *p)
{
    struct tsv t;

    TRY(tsv_read(a, folder, "streets.tsv", 2, &t));
    for (size_t i = 0; i < t.count; i++)
        TRY(street_read(a, p, &t, i));
    for (size_t kind = 0; kind < STREET_KINDS; kind++) {
        if (p->streets[kind].count == 0)
            return tsv_complain(&t, t.count - 1, "there is no %s", street_kinds[kind]);
    }
    return OK;
}

enum rc places_new(struct arena *a, const char *folder, struct places **out)
{
    struct places *p = ARENA_NEW(a, struct places);

    TRY(prefectures_read(a, folder, p));
    TRY(municipalities_read(a, folder, p));
    TRY(streets_read(a, folder, p));
    *out = p;
    return OK;
}

/* ---- finding ---- */

const struct prefecture *places_find(const struct places *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++) {
        if (text_equal(p->prefectures[i].name, name))
            return &p->prefectures[i];
    }
    return NULL;
}

const struct prefecture *places_any(const struct places *p, uint64_t random)
{
    return &p->prefectures[random_below(random, (uint32_t)p->count)];
}

const struct municipality *prefecture_municipality(const struct prefecture *p, uint64_t random)
{
    return &p->municipalities[weights_pick(&p->weights, random)];
}

/* ---- writing ---- */

enum { TOWN, CHOME, BLOCK, HOUSE, HAS_BUILDING, BUILDING, FLOOR, ROOM, POSTAL, PHONE, MOBILE };

static char *number_put(char *out, uint64_t key, int what, uint32_t most)
{
    return digits_put(out, 1 + random_below(random_of(key, what), most), 1);
}

static char *name_put(char *out, const struct streets *s, uint64_t random)
{
    return text_put(out, s->names[random_below(random, s->count)]);
}

static char *building_put(char *out, const struct places *p, uint64_t key)
{
    out = text_put(out, " ");
    out = name_put(out, &p->streets[STREET_BUILDING], random_of(key, BUILDING));
    out = number_put(out, key, FLOOR, 8);
    out = text_put(out, "0");
    out = number_put(out, key, ROOM, 6);
    return text_put(out, "号室");
}

void street_write(const struct places *p, const struct municipality *m, uint64_t key, char out[PLACES_STREET_SIZE])
{
    if (m->is_rural) {
        out = text_put(out, "大字");
        out = name_put(out, &p->streets[STREET_HAMLET], random_of(key, TOWN));
        out = number_put(out, key, BLOCK, 2400);
        out = text_put(out, "番地");
    } else {
        out = name_put(out, &p->streets[STREET_TOWN], random_of(key, TOWN));
        out = number_put(out, key, CHOME, 6);
        out = text_put(out, "丁目");
        out = number_put(out, key, BLOCK, 40);
        out = text_put(out, "番");
        out = number_put(out, key, HOUSE, 30);
        out = text_put(out, "号");
        if (random_percent(random_of(key, HAS_BUILDING), 35))
            out = building_put(out, p, key);
    }
    *out = '\0';
}

void postal_write(const struct municipality *m, uint64_t key, char out[PLACES_POSTAL_SIZE])
{
    out = digits_put(out, m->postal, 3);
    out = text_put(out, "-");
    out = digits_put(out, 1 + random_below(random_of(key, POSTAL), 99), 4);
    *out = '\0';
}

void landline_write(const struct prefecture *p, uint64_t key, char out[PLACES_PHONE_SIZE])
{
    int local = 6 - (int)strlen(p->area_code); /* digits between the hyphens: ten in all */
    uint32_t most = local == 4 ? 1000 : local == 3 ? 100 : local == 2 ? 10 : 1;

    out = text_put(out, "tel:");
    out = text_put(out, p->area_code);
    out = text_put(out, "-");
    out = digits_put(out, random_below(random_of(key, PHONE), most), local); /* begins with 0 */
    out = text_put(out, "-");
    out = digits_put(out, random_below(random_of(random_of(key, PHONE), 1), 10000), 4);
    *out = '\0';
}

void mobile_write(uint64_t key, char out[PLACES_PHONE_SIZE])
{
    uint64_t random = random_of(key, MOBILE);

    out = text_put(out, "tel:0");
    out = digits_put(out, 7 + random_below(random, 3), 1);
    out = text_put(out, "0-0");
    out = digits_put(out, random_below(random_of(random, 1), 1000), 3);
    out = text_put(out, "-");
    out = digits_put(out, random_below(random_of(random, 2), 10000), 4);
    *out = '\0';
}
