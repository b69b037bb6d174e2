#include "msg/dicom_objects.h"

#include "wire/dicom.h"

#define AE_TITLE "KAKEHASHI"

static void add_reference(struct buf *out, const struct dicom_evidence *e)
{
    dicom_sequence(out, DICOM_ReferencedSOPSequence);
    dicom_item(out);
    dicom_text(out, DICOM_ReferencedSOPClassUID, DICOM_SECONDARY_CAPTURE);
    dicom_text(out, DICOM_ReferencedSOPInstanceUID, e->image);
    dicom_end_item(out);
    dicom_end_sequence(out);
}

static void add_series(struct buf *out, const struct dicom_evidence *e)
{
    dicom_sequence(out, DICOM_ReferencedSeriesSequence);
    dicom_item(out);
    dicom_text(out, DICOM_RetrieveAETitle, AE_TITLE);
    add_reference(out, e);
    dicom_text(out, DICOM_SeriesInstanceUID, e->series);
    dicom_text(out, DICOM_RetrieveLocationUID, e->location);
    dicom_end_item(out);
    dicom_end_sequence(out);
}

static void add_evidence(struct buf *out, const struct dicom_evidence *e)
{
    dicom_sequence(out, DICOM_CurrentRequestedProcedureEvidenceSequence);
    dicom_item(out);
    add_series(out, e);
    dicom_text(out, DICOM_StudyInstanceUID, e->study);
    dicom_end_item(out);
    dicom_end_sequence(out);
}

static void add_template(struct buf *out)
{
    dicom_sequence(out, DICOM_ContentTemplateSequence);
    dicom_item(out);
    dicom_text(out, DICOM_MappingResource, "DCMR");
    dicom_text(out, DICOM_TemplateIdentifier, "2010");
    dicom_end_item(out);
    dicom_end_sequence(out);
}

static void add_description(struct buf *out, const char *text)
{
    dicom_item(out);
    dicom_text(out, DICOM_RelationshipType, "CONTAINS");
    dicom_text(out, DICOM_ValueType, "TEXT");
    dicom_code(out, DICOM_ConceptNameCodeSequence, "113012", "DCM", "Key Object Description");
    dicom_text(out, DICOM_TextValue, text);
    dicom_end_item(out);
}

static void add_content(struct buf *out, const struct dicom_evidence *e, const char *text)
{
    dicom_sequence(out, DICOM_ContentSequence);
    add_description(out, text);
    dicom_item(out);
    add_reference(out, e);
    dicom_text(out, DICOM_RelationshipType, "CONTAINS");
    dicom_text(out, DICOM_ValueType, "IMAGE");
    dicom_end_item(out);
    dicom_end_sequence(out);
}

void dicom_manifest_content(struct buf *out, const struct dicom_evidence *e, const char *text)
{
    dicom_text(out, DICOM_ValueType, "CONTAINER");
    dicom_code(out, DICOM_ConceptNameCodeSequence, "113030", "DCM", "Manifest");
    dicom_text(out, DICOM_ContinuityOfContent, "SEPARATE");
    add_evidence(out, e);
    add_template(out);
    add_content(out, e, text);
}

void dicom_grey_pixels(struct buf *out, int side, const unsigned char *pixels)
{
    dicom_number(out, DICOM_SamplesPerPixel, 1);
    dicom_text(out, DICOM_PhotometricInterpretation, "MONOCHROME2");
    dicom_number(out, DICOM_Rows, (uint16_t)side);
    dicom_number(out, DICOM_Columns, (uint16_t)side);
    dicom_number(out, DICOM_BitsAllocated, 8);
    dicom_number(out, DICOM_BitsStored, 8);
    dicom_number(out, DICOM_HighBit, 7);
    dicom_number(out, DICOM_PixelRepresentation, 0);
    dicom_text(out, DICOM_BurnedInAnnotation, "NO"); /* nothing that identifies a patient */
    dicom_bytes(out, DICOM_PixelData, (struct str){ (const char *)pixels, (size_t)side * (size_t)side });
}
