/*
 * SS-MIX2-style HL7 v2.5 messages as they lie in a standardised storage (SS-MIX2 標準化ストレージ仕様書): ISO-2022-JP
 * by MSH-18 "~ISO IR87" and MSH-20, segments ended by CR, local time. The messages are
 * fixtures/documents/ssmix2-KIND.hl7; here is what only they say.
 */
#include "world/paper.h"

#include "base/str.h"

#include <string.h>

/* MSH-10: 20 characters at most. */
static void message(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, paper_order(p), 15);
    pen_number(pen, p->k + 1, 2);
}

/* MSH-4 and -6: the last arc of the facility's OID stands for the ten digits of a real institution. */
static void facility_number(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    const char *dot = strrchr(p->facility->oid, '.');

    pen_text(pen, "99");
    pen_number(pen, (unsigned)p->community->number, 4);
    for (size_t n = strlen(dot + 1); n < 4; n++)
        pen_text(pen, "0");
    pen_text(pen, dot + 1);
}

/* ---- the body, the bed, the insurance ---- */

/* Grown-ups around 160 cm and 57 kg; children by age. In tenths. */
static unsigned height_of(const struct paper *p)
{
    unsigned base = p->age >= 18 ? 1480 : 500 + p->age * 55;

    return base + paper_pick(p, USE_VALUE, p->age >= 18 ? 280 : 60);
}

static void pen_tenths(struct pen *pen, unsigned tenths)
{
    pen_number(pen, tenths / 10, 1);
    pen_text(pen, ".");
    pen_number(pen, tenths % 10, 1);
}

static void height(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_tenths(pen, height_of(p));
}

/* By a body mass index of 16 to 26. */
static void weight(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    unsigned index = 160 + paper_pick(p, USE_VALUE + 1, 100);

    pen_tenths(pen, height_of(p) * height_of(p) / 1000 * index / 1000);
}

static void blood_abo(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    static const char *const types[] = { "A", "A", "A", "A", "O", "O", "O", "B", "B", "AB" };

    pen_text(pen, types[paper_person_pick(p, USE_BLOOD, ARRAY_LEN(types))]);
}

static void ward(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, 3 + paper_pick(p, USE_VALUE + 2, 5), 1);
    pen_text(pen, p->age < 15 ? "C" : "A");
}

static void room(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, 301 + paper_pick(p, USE_VALUE + 3, 30), 1);
}

static void bed(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, 1 + paper_pick(p, USE_VALUE + 4, 4), 1);
}

/* JHSD0001 by the first two of the eight digits of an insurer's number; six digits are the municipalities'. */
static const struct {
    const char *prefix, *code, *name;
} insurances[] = {
    { "01", "01", "全国健康保険協会管掌健康保険" },
    { "06", "06", "組合管掌健康保険" },
    { "31", "31", "国家公務員共済組合" },
    { "32", "32", "地方公務員等共済組合" },
    { "33", "33", "警察共済組合" },
    { "34", "34", "公立学校共済組合" },
    { "39", "39", "高齢者医療" },
    { "67", "67", "国民健康保険退職者" },
    { "", "C0", "国民健康保険" },
};

static size_t insurance_of(const struct paper *p)
{
    const char *number = p->person->insurer != NULL ? p->person->insurer : "";
    size_t i = 0;

    while (insurances[i].prefix[0] != '\0' && (strlen(number) != 8 || !text_starts(number, insurances[i].prefix)))
        i++;
    return i;
}

static void insurance_kind(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, insurances[insurance_of(p)].code);
}

static void insurance_kind_name(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, insurances[insurance_of(p)].name);
}

static void insurance_number(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->person->insurer);
}

static void insurance_insured(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->person->insured);
}

static void insurance_branch(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->person->branch);
}

/* ---- infusions: one base, sometimes something added ---- */

unsigned paper_infusion_rows(const struct paper *p)
{
    return 1 + paper_pick(p, USE_VALUE + 5, 2);
}

static const struct paper_infusion *infusion_at(const struct paper *p, unsigned row)
{
    const struct paper_tables *t = &p->papers->tables;
    const char *role = row == 0 ? "B" : "A";
    unsigned from = paper_pick(p, USE_VALUE + 6 + row, t->infusion_count);

    for (unsigned i = 0; i < t->infusion_count; i++) {
        const struct paper_infusion *f = &t->infusions[(from + i) % t->infusion_count];
        if (text_equal(f->role, role))
            return f;
    }
    return &t->infusions[0];
}

#define INFUSION_TEXT(member)                                                                                          \
    static void infusion_##member(struct pen *pen, const struct paper *p, unsigned row)                                \
    {                                                                                                                  \
        pen_text(pen, infusion_at(p, row)->member);                                                                    \
    }
INFUSION_TEXT(code)
INFUSION_TEXT(name)
INFUSION_TEXT(unit)
INFUSION_TEXT(unit_name)
INFUSION_TEXT(role)

static void infusion_volume(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, 250 * (1 + paper_pick(p, USE_VALUE + 8, 2)), 1);
}

static void infusion_end(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    struct paper_time t = paper_time_of(p->start.utc + 7200);

    pen_number(pen, (unsigned)(t.year * 10000 + t.month * 100 + t.day), 8);
    pen_number(pen, (unsigned)(t.hour * 10000 + t.minute * 100 + t.second), 6);
}

/* ---- laboratory: {{#blood-tests}} and {{#serum-tests}}; a test knows by its row and the document which it is ---- */

static void pen_decimal(struct pen *pen, int value, unsigned decimals)
{
    unsigned unit = 1;

    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    pen_number(pen, (unsigned)MAX(value, 0) / unit, 1);
    if (decimals > 0) {
        pen_text(pen, ".");
        pen_number(pen, (unsigned)MAX(value, 0) % unit, (int)decimals);
    }
}

static unsigned test_number(const struct paper *p, const struct paper_test *t)
{
    return (unsigned)(t - p->papers->tables.tests);
}

/* Two draws added make the middle likely; a fifth or so falls outside the range. */
static int value_of(const struct paper *p, const struct paper_test *t)
{
    unsigned use = USE_VALUE + 20 + 2 * test_number(p, t), width = (unsigned)(t->high - t->low + t->spread);

    return t->low - t->spread / 2 + (int)((paper_pick(p, use, width) + paper_pick(p, use + 1, width)) / 2);
}

static const char *flag_of(const struct paper *p, const struct paper_test *t)
{
    int value = value_of(p, t);

    return value < t->low ? "L" : value > t->high ? "H" : "N";
}

/* Each test field twice: {{blood.code}} for whole blood, {{serum.code}} for serum. */
#define TEST_FIELDS(kind, offset)                                                                                      \
    static const struct paper_test *kind##_at(const struct paper *p, unsigned row)                                     \
    {                                                                                                                  \
        return &p->papers->tables.tests[(offset) + row];                                                               \
    }                                                                                                                  \
    static void kind##_code(struct pen *pen, const struct paper *p, unsigned row)                                      \
    {                                                                                                                  \
        pen_text(pen, kind##_at(p, row)->code);                                                                        \
    }                                                                                                                  \
    static void kind##_name(struct pen *pen, const struct paper *p, unsigned row)                                      \
    {                                                                                                                  \
        pen_text(pen, kind##_at(p, row)->name);                                                                        \
    }                                                                                                                  \
    static void kind##_unit(struct pen *pen, const struct paper *p, unsigned row)                                      \
    {                                                                                                                  \
        pen_text(pen, kind##_at(p, row)->unit);                                                                        \
    }                                                                                                                  \
    static void kind##_value(struct pen *pen, const struct paper *p, unsigned row)                                     \
    {                                                                                                                  \
        pen_decimal(pen, value_of(p, kind##_at(p, row)), kind##_at(p, row)->decimals);                                 \
    }                                                                                                                  \
    static void kind##_range(struct pen *pen, const struct paper *p, unsigned row)                                     \
    {                                                                                                                  \
        pen_decimal(pen, kind##_at(p, row)->low, kind##_at(p, row)->decimals);                                         \
        pen_text(pen, "-");                                                                                            \
        pen_decimal(pen, kind##_at(p, row)->high, kind##_at(p, row)->decimals);                                        \
    }                                                                                                                  \
    static void kind##_flag(struct pen *pen, const struct paper *p, unsigned row)                                      \
    {                                                                                                                  \
        pen_text(pen, flag_of(p, kind##_at(p, row)));                                                                  \
    }
TEST_FIELDS(blood, 0)
TEST_FIELDS(serum, p->papers->tables.blood_test_count)

const struct paper_field paper_ssmix2_fields[] = {
    { "message", message },
    { "facility.number", facility_number },
    { "height", height },
    { "weight", weight },
    { "blood.abo", blood_abo },
    { "ward", ward },
    { "room", room },
    { "bed", bed },
    { "insurance.kind", insurance_kind },
    { "insurance.kind-name", insurance_kind_name },
    { "insurance.number", insurance_number },
    { "insurance.insured", insurance_insured },
    { "insurance.branch", insurance_branch },
    { "infusion.code", infusion_code },
    { "infusion.name", infusion_name },
    { "infusion.unit", infusion_unit },
    { "infusion.unit-name", infusion_unit_name },
    { "infusion.role", infusion_role },
    { "infusion.volume", infusion_volume },
    { "infusion.end", infusion_end },
    { "blood.code", blood_code },
    { "blood.name", blood_name },
    { "blood.unit", blood_unit },
    { "blood.value", blood_value },
    { "blood.range", blood_range },
    { "blood.flag", blood_flag },
    { "serum.code", serum_code },
    { "serum.name", serum_name },
    { "serum.unit", serum_unit },
    { "serum.value", serum_value },
    { "serum.range", serum_range },
    { "serum.flag", serum_flag },
    { NULL, NULL },
};
