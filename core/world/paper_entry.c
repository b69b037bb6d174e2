/*
 * The DocumentEntry of a document (ITI TF-3: 4.2.3.2). Times are UTC; the author names institution (XON, which Japan's
 * guide requires) and person (XCN); sourcePatientInfo has the name in kanji and kana as PID-5 repetitions.
 */
#include "world/paper.h"
#include "world/papers.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "model/patient.h"
#include "world/digits.h"

#include <string.h>

/* Parts joined into one text of the arena: faster than a format. */
#define JOIN(a, ...) join((a), (const char *const[]){ __VA_ARGS__, NULL })
static const char *join(struct arena *a, const char *const parts[])
{
    size_t length = 0;

    for (size_t i = 0; parts[i] != NULL; i++)
        length += strlen(parts[i]);
    char *text = arena_alloc(a, length + 1), *at = text;
    for (size_t i = 0; parts[i] != NULL; i++)
        at = text_put(at, parts[i]);
    return text;
}

/* As a component of an HL7 v2 data type (ITI TF-3: 4.2.3.1.7): what delimits is escaped. NULL is empty. */
static const char *part(struct arena *a, const char *text)
{
    static const char delimiters[] = "|^~\\&", letters[] = "FSRET";

    if (text == NULL || text[strcspn(text, delimiters)] == '\0')
        return text != NULL ? text : "";
    char *escaped = arena_alloc(a, 3 * strlen(text) + 1), *at = escaped;
    for (; *text != '\0'; text++) {
        const char *found = strchr(delimiters, *text);
        *at++ = found != NULL ? '\\' : *text;
        if (found != NULL) {
            *at++ = letters[found - delimiters];
            *at++ = '\\';
        }
    }
    return escaped;
}

static struct text_list *list_add(struct arena *a, struct text_list ***end, const char *text)
{
    struct text_list *item = ARENA_NEW(a, struct text_list);

    item->text = text;
    **end = item;
    *end = &item->next;
    return item;
}

static const char *dtm(struct arena *a, const struct paper_time *t)
{
    struct paper_time utc = paper_time_of(t->utc - 9 * 3600);
    char *text = arena_alloc(a, CLOCK_DTM_LEN);
    char *at = digits_put(text, (unsigned)(utc.year * 10000 + utc.month * 100 + utc.day), 8);

    digits_put(at, (unsigned)(utc.hour * 10000 + utc.minute * 100 + utc.second), 6);
    return text;
}

/* ---- author ---- */

static const char *doctor_xcn(struct arena *a, const struct paper *p)
{
    char id[8];

    *digits_put(id, p->doctor, 4) = '\0';
    return JOIN(a, id, "^", p->doctor_family->kanji, "^", p->doctor_given->kanji, "^^^^^^&", p->facility->oid,
                PAPER_STAFF, "&ISO");
}

static struct text_list *one(struct arena *a, const char *text)
{
    struct text_list *item = ARENA_NEW(a, struct text_list);

    item->text = text;
    return item;
}

static void fill_author(struct arena *a, const struct paper *p, struct document_entry *d)
{
    struct author *author = ARENA_NEW(a, struct author);

    author->person = doctor_xcn(a, p);
    author->institutions = one(a, JOIN(a, part(a, p->facility->name), "^^^^^^^^^", p->facility->oid));
    author->roles = one(a, "医師");
    author->specialties = one(a, p->department->name);
    d->authors = author;
    if (p->kind->is_signed)
        d->legal_authenticator = author->person;
}

/* ---- patient ---- */

static const char *cx(struct arena *a, const char *id, const char *domain)
{
    return JOIN(a, part(a, id), "^^^&", domain, "&ISO");
}

static const char *names_of(struct arena *a, const struct patient *patient)
{
    const struct person_name *kanji = patient_name(patient, "IDE"), *kana = patient_name(patient, "SYL");

    if (kanji == NULL)
        return NULL;
    if (kana == NULL || kana == kanji)
        return JOIN(a, "PID-5|", part(a, kanji->family), "^", part(a, kanji->given), "^^^^^L^I");
    return JOIN(a, "PID-5|", part(a, kanji->family), "^", part(a, kanji->given), "^^^^^L^I~", part(a, kana->family),
                "^", part(a, kana->given), "^^^^^L^P");
}

static const char *address_of(struct arena *a, const struct address *where)
{
    return JOIN(a, "PID-11|", part(a, where->street), "^^", part(a, where->city), "^", part(a, where->state), "^",
                part(a, where->postal_code), "^JPN^H");
}

/* A value of more than 256 characters has no place in ebRIM (TF-3: 4.2.3.1.1); names and addresses stay far below. */
static void fill_patient(struct arena *a, const struct paper *p, struct document_entry *d)
{
    const struct patient *patient = &p->person->patient;
    const struct patient_id *region = patient_id_in(patient->ids, p->community->patient_id_domain);
    struct text_list **end = &d->source_patient_info;
    const char *names = names_of(a, patient);

    d->patient_id = cx(a, region != NULL ? region->extension : NULL, p->community->patient_id_domain);
    d->source_patient_id = cx(a, p->patient_id, p->patient_domain);
    list_add(a, &end, JOIN(a, "PID-3|", d->source_patient_id));
    if (names != NULL)
        list_add(a, &end, names);
    if (patient->birth_time != NULL)
        list_add(a, &end, JOIN(a, "PID-7|", patient->birth_time));
    list_add(a, &end, JOIN(a, "PID-8|", paper_gender_v2(p->person)));
    if (patient->addresses != NULL)
        list_add(a, &end, address_of(a, patient->addresses));
}

/* ---- references ---- */

static const struct {
    const char *arc, *type;
} references[] = {
    [PAPER_ORDER] = { PAPER_ORDERS, "urn:ihe:iti:xds:2013:order" },
    [PAPER_REFERRAL] = { PAPER_REFERRALS, "urn:ihe:iti:xds:2013:referral" },
    [PAPER_ACCESSION] = { PAPER_STUDIES, "urn:ihe:iti:xds:2013:accession" },
};

static void fill_references(struct arena *a, const struct paper *p, struct document_entry *d)
{
    struct text_list **end = &d->reference_ids;
    enum paper_reference kind = p->kind->reference;
    char number[24], study[65];

    if (kind == PAPER_NO_REFERENCE)
        return;
    if (kind == PAPER_ACCESSION)
        *digits_put(number, paper_accession(p), 10) = '\0';
    else
        *digits_put(number, paper_order(p), 15) = '\0';
    list_add(a, &end, JOIN(a, number, "^^^&", p->facility->oid, references[kind].arc, "&ISO^", references[kind].type));
    if (text_equal(p->kind->mime_type, "application/dicom")) {
        paper_uid(p, p->main_k, 1, study);
        list_add(a, &end, JOIN(a, study, "^^^^urn:ihe:iti:xds:2016:studyInstanceUID"));
    }
}

/* ---- codes ---- */

static const struct {
    const char *kind;
    size_t code;
} facility_types[] = {
    { "hospital", offsetof(struct papers, hospital) }, { "clinic", offsetof(struct papers, clinic) },
    { "dental", offsetof(struct papers, clinic) },     { "pharmacy", offsetof(struct papers, pharmacy) },
    { "care", offsetof(struct papers, care) },
};

static struct code *facility_type(const struct paper *p)
{
    for (size_t i = 0; i < ARRAY_LEN(facility_types); i++) {
        if (text_equal(p->facility->kind, facility_types[i].kind))
            return *(struct code *const *)((const char *)p->papers + facility_types[i].code);
    }
    return p->papers->hospital;
}

static void fill_codes(const struct paper *p, struct document_entry *d)
{
    const struct papers *all = p->papers;

    d->class_code = p->stock->class_code;
    d->type_code = p->stock->type_code;
    d->format_code = p->stock->format_code;
    d->confidentiality_codes = all->confidentiality;
    d->healthcare_facility_type_code = facility_type(p);
    d->practice_setting_code = p->stock->setting != NULL ? p->stock->setting
                                                         : all->settings[p->department - all->tables.departments];
    if (p->kind->is_imaging)
        d->event_codes = all->modalities[p->study - all->tables.studies];
}

/* The hospitals that have a repository of their own come first in the file; what others write is spread evenly. */
const struct repository *paper_repository(const struct paper *p)
{
    int count = 0, place = 0;

    for (const struct repository *r = p->community->repositories; r != NULL; r = r->next)
        count++;
    if (count == 0)
        return NULL;
    for (const struct facility *f = p->community->facilities; f != NULL && f != p->facility; f = f->next)
        place++;
    return community_repository(p->community, place % count + 1);
}

/* "胸部CT 画像マニフェスト【模擬データ】" */
static const char *title_of(struct arena *a, const struct paper *p)
{
    if (p->kind->is_imaging)
        return JOIN(a, p->study->name, " ", p->kind->title, SIMULATED);
    return JOIN(a, p->kind->title, SIMULATED);
}

void paper_entry_fill(struct arena *a, const struct paper *p, struct document_entry *out)
{
    const struct repository *kept_at = paper_repository(p);

    *out = (struct document_entry){ .object_type = TYPE_STABLE_DOCUMENT,
                                    .mime_type = p->kind->mime_type,
                                    .title = title_of(a, p),
                                    .unique_id = arena_strdup(a, p->unique_id),
                                    .creation_time = dtm(a, &p->created),
                                    .service_start_time = dtm(a, &p->start),
                                    .service_stop_time = dtm(a, &p->stop),
                                    .language_code = "ja-JP" };
    if (p->kind->is_on_demand) {
        out->object_type = TYPE_ON_DEMAND_DOCUMENT;
        out->creation_time = NULL;
    }
    fill_codes(p, out);
    fill_author(a, p, out);
    fill_patient(a, p, out);
    fill_references(a, p, out);
    out->repository_unique_id = kept_at != NULL ? kept_at->unique_id : NULL;
}
