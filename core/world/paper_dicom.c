#include "world/paper_dicom.h"

#include "base/str.h"
#include "model/patient.h"
#include "wire/dicom.h"
#include "world/digits.h"

#define IMAGE_TYPE "DERIVED\\SECONDARY"

void paper_dicom_init(struct paper_dicom *d, const struct paper *p, struct buf *out)
{
    bool is_manifest = p->k == p->main_k;

    *d = (struct paper_dicom){ .paper = p,
                               .out = out,
                               .sop_class = is_manifest ? DICOM_KEY_OBJECT_SELECTION : DICOM_SECONDARY_CAPTURE,
                               .modality = is_manifest ? "KO" : p->study->modality };
    paper_uid(p, p->k, UID_INSTANCE, d->instance);
    paper_uid(p, p->main_k, UID_STUDY, d->study);
    paper_uid(p, p->main_k, is_manifest ? UID_MANIFEST_SERIES : UID_IMAGE_SERIES, d->series);
    paper_uid(p, p->main_k + 1, UID_INSTANCE, d->image);
    paper_uid(p, p->main_k, UID_IMAGE_SERIES, d->image_series);
}

static void add_date(struct buf *out, enum dicom_tag tag, const struct paper_time *t)
{
    char text[16];

    *digits_put(text, (unsigned)(t->year * 10000 + t->month * 100 + t->day), 8) = '\0';
    dicom_text(out, tag, text);
}

static void add_time(struct buf *out, enum dicom_tag tag, const struct paper_time *t)
{
    char text[16];

    *digits_put(text, (unsigned)(t->hour * 10000 + t->minute * 100 + t->second), 6) = '\0';
    dicom_text(out, tag, text);
}

static void add_number(struct buf *out, enum dicom_tag tag, unsigned long long n)
{
    char text[24];

    *digits_put(text, n, 1) = '\0';
    dicom_text(out, tag, text);
}

void paper_dicom_head(struct paper_dicom *d, const char *description)
{
    const struct paper *p = d->paper;
    struct buf *out = d->out;
    bool is_image = p->k != p->main_k;

    dicom_begin(out, d->sop_class, d->instance);
    dicom_text(out, DICOM_SpecificCharacterSet, "ISO_IR 192"); /* UTF-8: no name loses a letter */
    if (is_image)
        dicom_text(out, DICOM_ImageType, IMAGE_TYPE);
    add_date(out, DICOM_InstanceCreationDate, &p->created);
    add_time(out, DICOM_InstanceCreationTime, &p->created);
    dicom_text(out, DICOM_SOPClassUID, d->sop_class);
    dicom_text(out, DICOM_SOPInstanceUID, d->instance);
    add_date(out, DICOM_StudyDate, &p->start);
    add_date(out, DICOM_SeriesDate, &p->start);
    add_date(out, DICOM_ContentDate, &p->created);
    add_time(out, DICOM_StudyTime, &p->start);
    add_time(out, DICOM_SeriesTime, &p->start);
    add_time(out, DICOM_ContentTime, &p->created);
    add_number(out, DICOM_AccessionNumber, paper_accession(p));
    dicom_text(out, DICOM_Modality, d->modality);
    if (is_image)
        dicom_text(out, DICOM_ConversionType, "SYN");
    dicom_text(out, DICOM_Manufacturer, "Kakehashi (simulated)");
    dicom_text(out, DICOM_InstitutionName, p->facility->name);
    dicom_text(out, DICOM_ReferringPhysicianName, NULL);
    dicom_text(out, DICOM_TimezoneOffsetFromUTC, "+0900");
    dicom_text(out, DICOM_StudyDescription, p->study->name);
    dicom_text(out, DICOM_SeriesDescription, description);
}

static void add_name(struct buf *name, const struct person_name *n)
{
    if (n == NULL)
        return;
    buf_add_text(name, n->family != NULL ? n->family : "");
    buf_add_char(name, '^');
    buf_add_text(name, n->given != NULL ? n->given : "");
}

/* Alphabetic=ideographic=phonetic (PS3.5: 6.2.1.1). */
static void add_patient_name(struct paper_dicom *d)
{
    static const char *const uses[] = { "ABC", "IDE", "SYL" };
    struct buf name;

    buf_init(&name, BUF_MAX_DEFAULT);
    for (size_t i = 0; i < ARRAY_LEN(uses); i++) {
        if (i > 0)
            buf_add_char(&name, '=');
        add_name(&name, patient_name(&d->paper->person->patient, uses[i]));
    }
    dicom_bytes(d->out, DICOM_PatientName, buf_str(&name));
    buf_clear(&name);
}

void paper_dicom_patient(struct paper_dicom *d)
{
    const struct paper *p = d->paper;
    const char *gender = paper_gender_v2(p->person);
    struct paper_time birth;

    add_patient_name(d);
    dicom_text(d->out, DICOM_PatientID, p->patient_id);
    dicom_text(d->out, DICOM_IssuerOfPatientID, p->patient_domain);
    paper_date_of(paper_birth_day(p->person), &birth);
    add_date(d->out, DICOM_PatientBirthDate, &birth);
    dicom_text(d->out, DICOM_PatientSex, gender[0] == 'U' ? NULL : gender);
}

void paper_dicom_study(struct paper_dicom *d, const char *series_number)
{
    dicom_text(d->out, DICOM_StudyInstanceUID, d->study);
    dicom_text(d->out, DICOM_SeriesInstanceUID, d->series);
    dicom_text(d->out, DICOM_StudyID, "1");
    dicom_text(d->out, DICOM_SeriesNumber, series_number);
    dicom_text(d->out, DICOM_InstanceNumber, "1");
}
