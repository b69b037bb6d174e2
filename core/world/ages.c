#include "world/ages.h"

#include "base/arena.h"
#include "world/tsv.h"
#include "world/weights.h"

#define STEP_YEARS 5
#define STEP_DAYS  1826
#define TODAY      20544 /* 2026-04-01, in days since 1970-01-01 */
#define COUNT_MAX  1000000

struct ages {
    struct weights people; /* of both sexes, by steps of five years */
    uint32_t *women;       /* in 65536 of the step */
};

enum rc ages_new(struct arena *a, const char *folder, struct ages **out)
{
    struct ages *g = ARENA_NEW(a, struct ages);
    struct tsv t;
    uint32_t first, men, women;

    TRY(tsv_read(a, folder, "ages.tsv", 3, &t));
    g->people = weights_new(a, t.count);
    g->women = ARENA_ARRAY(a, uint32_t, t.count);
    for (size_t i = 0; i < t.count; i++) {
        TRY(tsv_number(&t, i, 0, (uint32_t)i * STEP_YEARS, (uint32_t)i * STEP_YEARS, &first));
        TRY(tsv_number(&t, i, 1, 1, COUNT_MAX, &men));
        TRY(tsv_number(&t, i, 2, 1, COUNT_MAX, &women));
        weights_add(&g->people, men + women);
        g->women[i] = (uint32_t)(((uint64_t)women << 16) / (men + women));
    }
    *out = g;
    return OK;
}

/* The proleptic Gregorian date of a day since 1970-01-01: years begin in March, so that the leap day comes last. */
static struct birth date_of(int days)
{
    int shifted = days + 719468; /* since 0000-03-01 */
    int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int day_of_era = shifted - era * 146097;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153;
    struct birth b = { .year = year_of_era + era * 400,
                       .month = month < 10 ? month + 3 : month - 9,
                       .day = day_of_year - (153 * month + 2) / 5 + 1 };

    b.year += b.month <= 2;
    return b;
}

struct birth ages_birth(const struct ages *g, uint32_t rank)
{
    uint64_t point = (uint64_t)rank * weights_total(&g->people); /* thousands, with 32 bits behind the point */
    size_t step = weights_at(&g->people, (uint32_t)(point >> 32));
    uint32_t before = step == 0 ? 0 : g->people.sums[step - 1];
    uint64_t within = (point - ((uint64_t)before << 32)) >> 16;
    uint64_t width = (uint64_t)(g->people.sums[step] - before) << 16;
    struct birth b = date_of(TODAY - (int)step * STEP_DAYS - (int)(within * STEP_DAYS / width));

    b.age = AGES_YEAR - b.year - (b.month > 4 || (b.month == 4 && b.day > 1));
    return b;
}

uint32_t ages_women(const struct ages *g, uint32_t rank)
{
    return g->women[weights_at(&g->people, (uint32_t)(((uint64_t)rank * weights_total(&g->people)) >> 32))];
}
