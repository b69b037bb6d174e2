#include "cli/study.h"

#include "base/arena.h"
#include "base/buf.h"
#include "msg/dicom_objects.h"
#include "wire/dicom.h"

#include <string.h>

#define SIDE      32
#define SIMULATED "SIMULATED^DATA"

static void add_date(struct arena *a, struct buf *out, enum dicom_tag tag, const char *dtm)
{
    dicom_text(out, tag, arena_printf(a, "%.8s", dtm));
}

static void add_time(struct arena *a, struct buf *out, enum dicom_tag tag, const char *dtm)
{
    dicom_text(out, tag, arena_printf(a, "%.6s", strlen(dtm) >= 14 ? dtm + 8 : "000000"));
}

/* Groups 0008 and 0010: what both have before their own. */
static void add_head(struct arena *a, struct buf *out, const struct study *s, const char *class, const char *instance)
{
    bool is_image = strcmp(class, DICOM_SECONDARY_CAPTURE) == 0;

    dicom_begin(out, class, instance);
    dicom_text(out, DICOM_SpecificCharacterSet, "ISO_IR 192");
    if (is_image)
        dicom_text(out, DICOM_ImageType, "DERIVED\\SECONDARY");
    add_date(a, out, DICOM_InstanceCreationDate, s->time);
    add_time(a, out, DICOM_InstanceCreationTime, s->time);
    dicom_text(out, DICOM_SOPClassUID, class);
    dicom_text(out, DICOM_SOPInstanceUID, instance);
    add_date(a, out, DICOM_StudyDate, s->time);
    add_date(a, out, DICOM_ContentDate, s->time);
    add_time(a, out, DICOM_StudyTime, s->time);
    add_time(a, out, DICOM_ContentTime, s->time);
    dicom_text(out, DICOM_AccessionNumber, s->accession);
    dicom_text(out, DICOM_Modality, is_image ? "OT" : "KO");
    if (is_image)
        dicom_text(out, DICOM_ConversionType, "SYN");
    dicom_text(out, DICOM_Manufacturer, "Kakehashi (simulated)");
    dicom_text(out, DICOM_ReferringPhysicianName, NULL);
    dicom_text(out, DICOM_StudyDescription, s->title);
}

static void add_patient(struct buf *out, const struct study *s)
{
    dicom_text(out, DICOM_PatientName, SIMULATED);
    dicom_text(out, DICOM_PatientID, s->patient_id);
    dicom_text(out, DICOM_IssuerOfPatientID, s->issuer);
    dicom_text(out, DICOM_PatientBirthDate, NULL);
    dicom_text(out, DICOM_PatientSex, NULL);
}

static void add_study(struct buf *out, const struct study *s, const char *series, const char *number)
{
    dicom_text(out, DICOM_StudyInstanceUID, s->study);
    dicom_text(out, DICOM_SeriesInstanceUID, series);
    dicom_text(out, DICOM_StudyID, "1");
    dicom_text(out, DICOM_SeriesNumber, number);
    dicom_text(out, DICOM_InstanceNumber, "1");
}

/* A slope of greys. */
static void add_pixels(struct buf *out)
{
    unsigned char pixels[SIDE * SIDE];

    for (int i = 0; i < SIDE * SIDE; i++)
        pixels[i] = (unsigned char)(i % SIDE * 4 + i / SIDE * 4);
    dicom_grey_pixels(out, SIDE, pixels);
}

struct str study_image(struct arena *a, const struct study *s)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    add_head(a, out, s, DICOM_SECONDARY_CAPTURE, s->image);
    add_patient(out, s);
    add_study(out, s, s->image_series, "1");
    add_pixels(out);
    return buf_str(out);
}

struct str study_manifest(struct arena *a, const struct study *s)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    add_head(a, out, s, DICOM_KEY_OBJECT_SELECTION, s->manifest);
    dicom_sequence(out, DICOM_ReferencedPerformedProcedureStepSequence);
    dicom_end_sequence(out);
    add_patient(out, s);
    add_study(out, s, s->manifest_series, "2");
    dicom_manifest_content(
        out,
        &(struct dicom_evidence){
            .study = s->study, .series = s->image_series, .image = s->image, .location = s->location },
        "simulated data, no real patient");
    return buf_str(out);
}
