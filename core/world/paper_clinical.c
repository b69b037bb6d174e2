/* What documents of several kinds tell of the person's health: diseases, medicines, tests, imaging studies, phrases. */
#include "world/paper.h"

/* ---- rows ---- */

static unsigned disease_rows(const struct paper *p)
{
    return p->disease_count;
}

static unsigned medicine_rows(const struct paper *p)
{
    return p->medicine_count;
}

static unsigned blood_rows(const struct paper *p)
{
    return p->papers->tables.blood_test_count;
}

static unsigned serum_rows(const struct paper *p)
{
    return p->papers->tables.test_count - p->papers->tables.blood_test_count;
}

const struct paper_rows paper_row_sets[] = {
    { "diseases", disease_rows },
    { "medicines", medicine_rows },
    { "blood-tests", blood_rows },
    { "serum-tests", serum_rows },
    { "infusions", paper_infusion_rows },
    { "list", paper_list_rows },
    { "list-empty", paper_list_empty_rows },
    { "list-unread", paper_list_unread_rows },
    { NULL, NULL },
};

void pen_phrase(struct pen *pen, const struct paper *p, enum paper_phrase which)
{
    const struct paper_phrases *phrases = &p->papers->tables.phrases[which];

    pen_text(pen, phrases->texts[paper_pick(p, USE_PHRASE + which, phrases->count)]);
}

/* ---- diseases ---- */

static void disease_icd(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_text(pen, p->diseases[row]->icd);
}

static void disease_name(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_text(pen, p->diseases[row]->name);
}

static void disease_main(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->diseases[0]->name);
}

/* Found up to two years before this document, and not before birth. */
static void disease_since(struct pen *pen, const struct paper *p, unsigned row)
{
    long day = (long)(p->start.utc / 86400) - (long)paper_pick(p, USE_DISEASE + 10 + row, 700);
    struct paper_time t;

    paper_date_of(MAX(day, paper_birth_day(p->person)), &t);
    pen_number(pen, (unsigned)(t.year * 10000 + t.month * 100 + t.day), 8);
}

static void disease_rank(struct pen *pen, const struct paper *p UNUSED, unsigned row)
{
    pen_text(pen, row == 0 ? "1" : "2");
}

static void disease_rank_name(struct pen *pen, const struct paper *p UNUSED, unsigned row)
{
    pen_text(pen, row == 0 ? "主診断" : "副診断");
}

/* ---- medicines ---- */

#define MEDICINE_TEXT(member)                                                                                          \
    static void medicine_##member(struct pen *pen, const struct paper *p, unsigned row)                                \
    {                                                                                                                  \
        pen_text(pen, p->medicines[row]->member);                                                                      \
    }
MEDICINE_TEXT(code)
MEDICINE_TEXT(name)
MEDICINE_TEXT(unit)
MEDICINE_TEXT(unit_name)
MEDICINE_TEXT(usage)
MEDICINE_TEXT(usage_name)

static void medicine_dose(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_number(pen, p->medicines[row]->dose, 1);
}

static void medicine_daily(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_number(pen, p->medicines[row]->dose * p->medicines[row]->times, 1);
}

static void medicine_days(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_number(pen, p->medicines[row]->days, 1);
}

static void medicine_total(struct pen *pen, const struct paper *p, unsigned row)
{
    const struct paper_medicine *m = p->medicines[row];

    pen_number(pen, m->dose * m->times * m->days, 1);
}

/* ---- imaging ---- */

static void study_name(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->study->name);
}

static void study_finding(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->study->finding);
}

const struct paper_field paper_clinical_fields[] = {
    { "disease.icd", disease_icd },
    { "disease.name", disease_name },
    { "disease.main", disease_main },
    { "disease.since", disease_since },
    { "disease.rank", disease_rank },
    { "disease.rank-name", disease_rank_name },
    { "medicine.code", medicine_code },
    { "medicine.name", medicine_name },
    { "medicine.unit", medicine_unit },
    { "medicine.unit-name", medicine_unit_name },
    { "medicine.usage", medicine_usage },
    { "medicine.usage-name", medicine_usage_name },
    { "medicine.dose", medicine_dose },
    { "medicine.daily", medicine_daily },
    { "medicine.days", medicine_days },
    { "medicine.total", medicine_total },
    { "study.name", study_name },
    { "study.finding", study_finding },
    { NULL, NULL },
};
