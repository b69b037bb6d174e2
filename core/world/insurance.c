#include "world/insurance.h"

#include "world/digits.h"
#include "world/random.h"

#include "base/rc.h"

#define INSURER_FIRST 901
#define AGED_LAW      39

/* Who insures a household, in percent, by whether its head works; the law's number, 0 for the municipality's insurance.
 */
static const struct scheme {
    int law;
    uint32_t insurers; /* in a prefecture */
    uint32_t working, retired;
} schemes[] = {
    { 0, 0, 22, 84 },                                                   /* 国民健康保険 */
    { 1, 1, 38, 8 },                                                    /* 協会けんぽ */
    { 6, 40, 28, 5 },                                                   /* 健康保険組合 */
    { 31, 4, 2, 1 },  { 32, 4, 5, 1 }, { 33, 1, 1, 0 }, { 34, 4, 4, 1 } /* 共済組合 */
};

enum { SCHEME, INSURER, SYMBOL, NUMBER, AGED };

static const struct scheme *scheme_of(uint64_t household_key, int head_age)
{
    uint32_t point = random_below(random_of(household_key, SCHEME), 100), sum = 0;

    if (head_age >= INSURANCE_AGED_FROM)
        return &schemes[0]; /* whoever is younger is insured alone */
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        sum += head_age < 65 ? schemes[i].working : schemes[i].retired;
        if (point < sum)
            return &schemes[i];
    }
    return &schemes[0];
}

static void insurer_write(int law, uint32_t prefecture, uint32_t insurer, char out[9])
{
    char *end = out;

    if (law > 0)
        end = digits_put(end, (uint64_t)law, 2);
    end = digits_put(end, prefecture, 2);
    end = digits_put(end, insurer, 3);
    *end = digits_check(out, (int)(end - out));
    end[1] = '\0';
}

static void aged_write(const struct prefecture *p, const struct municipality *m, uint64_t key, struct insurance *out)
{
    insurer_write(AGED_LAW, p->code, INSURER_FIRST + m->number - 1, out->insurer);
    char *end = digits_put(out->insured, random_below(random_of(key, AGED), 10000000), 7);
    *end = digits_check(out->insured, 7);
    end[1] = '\0';
    out->branch[0] = '\0';
}

static void number_write(uint64_t household_key, char *out)
{
    out = text_put(out, "模");
    out = digits_put(out, 1 + random_below(random_of(household_key, SYMBOL), 99), 2);
    out = text_put(out, "・");
    out = digits_put(out, 1 + random_below(random_of(household_key, NUMBER), 9999999), 7);
    *out = '\0';
}

void insurance_write(const struct prefecture *p, const struct municipality *m, uint64_t household_key, uint64_t key,
                     int head_age, int age, unsigned nth, struct insurance *out)
{
    if (age >= INSURANCE_AGED_FROM) {
        aged_write(p, m, key, out);
        return;
    }
    const struct scheme *s = scheme_of(household_key, head_age);
    uint32_t insurer = s->law == 0 ? m->number - 1 : random_below(random_of(household_key, INSURER), s->insurers);
    insurer_write(s->law, p->code, INSURER_FIRST + insurer, out->insurer);
    number_write(household_key, out->insured);
    *digits_put(out->branch, nth + (s->law == 0),
                2) = '\0'; /* employees are 00, their family 01 …; a municipality counts from 01 */
}
