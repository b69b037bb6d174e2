/* What every form may name: the document, the person, the place, who wrote it. */
#include "world/paper.h"

#include "base/str.h"
#include "model/patient.h"

#include <string.h>

/* ---- document ---- */

static void document_id(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->unique_id);
}

static void number_of_row(struct pen *pen, const struct paper *p UNUSED, unsigned row)
{
    pen_number(pen, row + 1, 1);
}

static void pen_date(struct pen *pen, const struct paper_time *t)
{
    pen_number(pen, (unsigned)(t->year * 10000 + t->month * 100 + t->day), 8);
}

static void pen_time(struct pen *pen, const struct paper_time *t)
{
    pen_date(pen, t);
    pen_number(pen, (unsigned)(t->hour * 10000 + t->minute * 100 + t->second), 6);
}

static void pen_date_japanese(struct pen *pen, const struct paper_time *t)
{
    pen_number(pen, (unsigned)t->year, 1);
    pen_text(pen, "年");
    pen_number(pen, (unsigned)t->month, 1);
    pen_text(pen, "月");
    pen_number(pen, (unsigned)t->day, 1);
    pen_text(pen, "日");
}

static void pen_time_japanese(struct pen *pen, const struct paper_time *t)
{
    pen_date_japanese(pen, t);
    pen_text(pen, " ");
    pen_number(pen, (unsigned)t->hour, 2);
    pen_text(pen, ":");
    pen_number(pen, (unsigned)t->minute, 2);
}

#define TIME_FIELDS(name)                                                                                              \
    static void name##_time(struct pen *pen, const struct paper *p, unsigned row UNUSED)                               \
    {                                                                                                                  \
        pen_time(pen, &p->name);                                                                                       \
    }                                                                                                                  \
    static void name##_date(struct pen *pen, const struct paper *p, unsigned row UNUSED)                               \
    {                                                                                                                  \
        pen_date(pen, &p->name);                                                                                       \
    }                                                                                                                  \
    static void name##_japanese(struct pen *pen, const struct paper *p, unsigned row UNUSED)                           \
    {                                                                                                                  \
        pen_time_japanese(pen, &p->name);                                                                              \
    }
TIME_FIELDS(start)
TIME_FIELDS(stop)
TIME_FIELDS(created)

static void order(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, paper_order(p), 15);
}

static void order_domain(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->facility->oid);
    pen_text(pen, PAPER_ORDERS);
}

static void accession(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, paper_accession(p), 10);
}

/* ---- person ---- */

static const struct person_name *name_of(const struct paper *p, const char *use)
{
    static const struct person_name nobody;
    const struct person_name *name = patient_name(&p->person->patient, use);

    return name != NULL ? name : &nobody;
}

#define NAME_FIELDS(word, use)                                                                                         \
    static void patient_family_##word(struct pen *pen, const struct paper *p, unsigned row UNUSED)                     \
    {                                                                                                                  \
        pen_text(pen, name_of(p, use)->family);                                                                        \
    }                                                                                                                  \
    static void patient_given_##word(struct pen *pen, const struct paper *p, unsigned row UNUSED)                      \
    {                                                                                                                  \
        pen_text(pen, name_of(p, use)->given);                                                                         \
    }                                                                                                                  \
    static void patient_name_##word(struct pen *pen, const struct paper *p, unsigned row UNUSED)                       \
    {                                                                                                                  \
        pen_text(pen, name_of(p, use)->family);                                                                        \
        pen_text(pen, " ");                                                                                            \
        pen_text(pen, name_of(p, use)->given);                                                                         \
    }
NAME_FIELDS(kanji, "IDE")
NAME_FIELDS(kana, "SYL")
NAME_FIELDS(romaji, "ABC")

static void patient_id(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->patient_id);
}

static void patient_domain(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->patient_domain);
}

static void patient_region_id(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    const struct patient_id *id = patient_id_in(p->person->patient.ids, p->community->patient_id_domain);

    pen_text(pen, id ? id->extension : NULL);
}

static void region_domain(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->community->patient_id_domain);
}

static void patient_birth(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->person->patient.birth_time);
}

static void patient_birth_japanese(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    struct paper_time t;

    paper_date_of(paper_birth_day(p->person), &t);
    pen_date_japanese(pen, &t);
}

static void patient_age(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, p->age, 1);
}

static void patient_gender(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->person->patient.gender);
}

/* HL7 v3's UN is v2's O (table 0001). */
static void patient_gender_v2(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, paper_gender_v2(p->person));
}

static void patient_gender_japanese(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    const char *gender = p->person->patient.gender;

    pen_text(pen, text_equal(gender, "M") ? "男性" : text_equal(gender, "F") ? "女性" : "不明");
}

static const struct address *address_of(const struct paper *p)
{
    static const struct address nowhere;

    return p->person->patient.addresses != NULL ? p->person->patient.addresses : &nowhere;
}

static void patient_postal(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, address_of(p)->postal_code);
}

static void patient_state(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, address_of(p)->state);
}

static void patient_city(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, address_of(p)->city);
}

static void patient_street(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, address_of(p)->street);
}

static void patient_address(struct pen *pen, const struct paper *p, unsigned row)
{
    patient_state(pen, p, row);
    patient_city(pen, p, row);
    patient_street(pen, p, row);
}

static void patient_telecom(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->person->patient.telecoms ? p->person->patient.telecoms->value : NULL);
}

static void patient_telephone(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    const char *value = p->person->patient.telecoms ? p->person->patient.telecoms->value : NULL;

    pen_text(pen, value != NULL && text_starts(value, "tel:") ? value + 4 : value);
}

/* ---- place and author ---- */

static void facility_oid(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->facility->oid);
}

static void facility_name(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->facility->name);
}

static void department_code(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->department->code);
}

static void department_name(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->department->name);
}

static void author_id(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_number(pen, p->doctor, 4);
}

static void author_domain(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->facility->oid);
    pen_text(pen, PAPER_STAFF);
}

static void author_family(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->doctor_family->kanji);
}

static void author_given(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->doctor_given->kanji);
}

static void author_name(struct pen *pen, const struct paper *p, unsigned row)
{
    author_family(pen, p, row);
    pen_text(pen, " ");
    author_given(pen, p, row);
}

static void author_family_kana(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->doctor_family->kana);
}

static void author_given_kana(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->doctor_given->kana);
}

const struct paper_field paper_common_fields[] = {
    { "document.id", document_id },
    { "row", number_of_row },
    { "start", start_time },
    { "start.date", start_date },
    { "start.ja", start_japanese },
    { "stop", stop_time },
    { "stop.date", stop_date },
    { "stop.ja", stop_japanese },
    { "created", created_time },
    { "created.date", created_date },
    { "created.ja", created_japanese },
    { "order", order },
    { "order.domain", order_domain },
    { "accession", accession },
    { "patient.id", patient_id },
    { "patient.domain", patient_domain },
    { "patient.region-id", patient_region_id },
    { "region.domain", region_domain },
    { "patient.family", patient_family_kanji },
    { "patient.given", patient_given_kanji },
    { "patient.name", patient_name_kanji },
    { "patient.family-kana", patient_family_kana },
    { "patient.given-kana", patient_given_kana },
    { "patient.kana", patient_name_kana },
    { "patient.family-romaji", patient_family_romaji },
    { "patient.given-romaji", patient_given_romaji },
    { "patient.romaji", patient_name_romaji },
    { "patient.birth", patient_birth },
    { "patient.birth-ja", patient_birth_japanese },
    { "patient.age", patient_age },
    { "patient.gender", patient_gender },
    { "patient.gender-v2", patient_gender_v2 },
    { "patient.gender-ja", patient_gender_japanese },
    { "patient.postal", patient_postal },
    { "patient.state", patient_state },
    { "patient.city", patient_city },
    { "patient.street", patient_street },
    { "patient.address", patient_address },
    { "patient.telecom", patient_telecom },
    { "patient.telephone", patient_telephone },
    { "facility.oid", facility_oid },
    { "facility.name", facility_name },
    { "department.code", department_code },
    { "department.name", department_name },
    { "author.id", author_id },
    { "author.domain", author_domain },
    { "author.family", author_family },
    { "author.given", author_given },
    { "author.name", author_name },
    { "author.family-kana", author_family_kana },
    { "author.given-kana", author_given_kana },
    { NULL, NULL },
};
