/*
 * The manifest of an imaging study: a DICOM Key Object Selection document (PS3.3: A.35.4, TID 2010) titled "Manifest",
 * as XDS-I.b registers it. It refers to the one image of the study, which is the document behind it.
 */
#include "world/paper_dicom.h"

#include "wire/dicom.h"

#define AE_TITLE "KAKEHASHI"

static void add_reference(struct paper_dicom *d)
{
    dicom_sequence(d->out, DICOM_ReferencedSOPSequence);
    dicom_item(d->out);
    dicom_text(d->out, DICOM_ReferencedSOPClassUID, DICOM_SECONDARY_CAPTURE);
    dicom_text(d->out, DICOM_ReferencedSOPInstanceUID, d->image);
    dicom_end_item(d->out);
    dicom_end_sequence(d->out);
}

/* RetrieveLocationUID: where RAD-69 finds the images, the repository of the manifest itself (RAD TF-3: 4.68). */
static void add_series(struct paper_dicom *d)
{
    const struct repository *r = paper_repository(d->paper);

    dicom_sequence(d->out, DICOM_ReferencedSeriesSequence);
    dicom_item(d->out);
    dicom_text(d->out, DICOM_RetrieveAETitle, AE_TITLE);
    add_reference(d);
    dicom_text(d->out, DICOM_SeriesInstanceUID, d->image_series);
    dicom_text(d->out, DICOM_RetrieveLocationUID, r != NULL ? r->unique_id : d->paper->facility->oid);
    dicom_end_item(d->out);
    dicom_end_sequence(d->out);
}

static void add_evidence(struct paper_dicom *d)
{
    dicom_sequence(d->out, DICOM_CurrentRequestedProcedureEvidenceSequence);
    dicom_item(d->out);
    add_series(d);
    dicom_text(d->out, DICOM_StudyInstanceUID, d->study);
    dicom_end_item(d->out);
    dicom_end_sequence(d->out);
}

static void add_template(struct paper_dicom *d)
{
    dicom_sequence(d->out, DICOM_ContentTemplateSequence);
    dicom_item(d->out);
    dicom_text(d->out, DICOM_MappingResource, "DCMR");
    dicom_text(d->out, DICOM_TemplateIdentifier, "2010");
    dicom_end_item(d->out);
    dicom_end_sequence(d->out);
}

static void add_description(struct paper_dicom *d)
{
    dicom_item(d->out);
    dicom_text(d->out, DICOM_RelationshipType, "CONTAINS");
    dicom_text(d->out, DICOM_ValueType, "TEXT");
    dicom_code(d->out, DICOM_ConceptNameCodeSequence, "113012", "DCM", "Key Object Description");
    dicom_text(d->out, DICOM_TextValue, SIMULATED " simulated data, no real patient");
    dicom_end_item(d->out);
}

static void add_content(struct paper_dicom *d)
{
    dicom_sequence(d->out, DICOM_ContentSequence);
    add_description(d);
    dicom_item(d->out);
    add_reference(d);
    dicom_text(d->out, DICOM_RelationshipType, "CONTAINS");
    dicom_text(d->out, DICOM_ValueType, "IMAGE");
    dicom_end_item(d->out);
    dicom_end_sequence(d->out);
}

void paper_kos_write(struct arena *a UNUSED, const struct paper *p, struct buf *out)
{
    struct paper_dicom d;

    paper_dicom_init(&d, p, out);
    paper_dicom_head(&d, "マニフェスト" SIMULATED);
    dicom_sequence(out, DICOM_ReferencedPerformedProcedureStepSequence);
    dicom_end_sequence(out);
    paper_dicom_patient(&d);
    paper_dicom_study(&d, "2");
    dicom_text(out, DICOM_ValueType, "CONTAINER");
    dicom_code(out, DICOM_ConceptNameCodeSequence, "113030", "DCM", "Manifest");
    dicom_text(out, DICOM_ContinuityOfContent, "SEPARATE");
    add_evidence(&d);
    add_template(&d);
    add_content(&d);
}
