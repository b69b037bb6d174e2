#pragma once
/*
 * Writing DICOM files: Part 10, explicit VR little endian (PS3.5 §7, PS3.10 §7). Elements are named by the rows of a
 * table that knows tag and VR; the caller writes them in the order of their tags. Sequences and items are of undefined
 * length, so nothing has to be counted ahead.
 */

#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct buf;

#define DICOM_EXPLICIT_VR_LITTLE_ENDIAN "1.2.840.10008.1.2.1"
#define DICOM_KEY_OBJECT_SELECTION      "1.2.840.10008.5.1.4.1.1.88.59"
#define DICOM_SECONDARY_CAPTURE         "1.2.840.10008.5.1.4.1.1.7"

/* tag, VR, name as PS3.6 spells it */
#define DICOM_TAGS(X)                                                                                                  \
    X(0x00080005, "CS", SpecificCharacterSet)                                                                          \
    X(0x00080008, "CS", ImageType)                                                                                     \
    X(0x00080012, "DA", InstanceCreationDate)                                                                          \
    X(0x00080013, "TM", InstanceCreationTime)                                                                          \
    X(0x00080016, "UI", SOPClassUID)                                                                                   \
    X(0x00080018, "UI", SOPInstanceUID)                                                                                \
    X(0x00080020, "DA", StudyDate)                                                                                     \
    X(0x00080021, "DA", SeriesDate)                                                                                    \
    X(0x00080023, "DA", ContentDate)                                                                                   \
    X(0x00080030, "TM", StudyTime)                                                                                     \
    X(0x00080031, "TM", SeriesTime)                                                                                    \
    X(0x00080033, "TM", ContentTime)                                                                                   \
    X(0x00080050, "SH", AccessionNumber)                                                                               \
    X(0x00080054, "AE", RetrieveAETitle)                                                                               \
    X(0x00080060, "CS", Modality)                                                                                      \
    X(0x00080064, "CS", ConversionType)                                                                                \
    X(0x00080070, "LO", Manufacturer)                                                                                  \
    X(0x00080080, "LO", InstitutionName)                                                                               \
    X(0x00080090, "PN", ReferringPhysicianName)                                                                        \
    X(0x00080100, "SH", CodeValue)                                                                                     \
    X(0x00080102, "SH", CodingSchemeDesignator)                                                                        \
    X(0x00080104, "LO", CodeMeaning)                                                                                   \
    X(0x00080105, "CS", MappingResource)                                                                               \
    X(0x00080201, "SH", TimezoneOffsetFromUTC)                                                                         \
    X(0x00081030, "LO", StudyDescription)                                                                              \
    X(0x0008103E, "LO", SeriesDescription)                                                                             \
    X(0x00081111, "SQ", ReferencedPerformedProcedureStepSequence)                                                      \
    X(0x00081115, "SQ", ReferencedSeriesSequence)                                                                      \
    X(0x00081150, "UI", ReferencedSOPClassUID)                                                                         \
    X(0x00081155, "UI", ReferencedSOPInstanceUID)                                                                      \
    X(0x00081199, "SQ", ReferencedSOPSequence)                                                                         \
    X(0x00100010, "PN", PatientName)                                                                                   \
    X(0x00100020, "LO", PatientID)                                                                                     \
    X(0x00100021, "LO", IssuerOfPatientID)                                                                             \
    X(0x00100030, "DA", PatientBirthDate)                                                                              \
    X(0x00100040, "CS", PatientSex)                                                                                    \
    X(0x0020000D, "UI", StudyInstanceUID)                                                                              \
    X(0x0020000E, "UI", SeriesInstanceUID)                                                                             \
    X(0x00200010, "SH", StudyID)                                                                                       \
    X(0x00200011, "IS", SeriesNumber)                                                                                  \
    X(0x00200013, "IS", InstanceNumber)                                                                                \
    X(0x00280002, "US", SamplesPerPixel)                                                                               \
    X(0x00280004, "CS", PhotometricInterpretation)                                                                     \
    X(0x00280010, "US", Rows)                                                                                          \
    X(0x00280011, "US", Columns)                                                                                       \
    X(0x00280100, "US", BitsAllocated)                                                                                 \
    X(0x00280101, "US", BitsStored)                                                                                    \
    X(0x00280102, "US", HighBit)                                                                                       \
    X(0x00280103, "US", PixelRepresentation)                                                                           \
    X(0x00280301, "CS", BurnedInAnnotation)                                                                            \
    X(0x0040A010, "CS", RelationshipType)                                                                              \
    X(0x0040A040, "CS", ValueType)                                                                                     \
    X(0x0040A043, "SQ", ConceptNameCodeSequence)                                                                       \
    X(0x0040A050, "CS", ContinuityOfContent)                                                                           \
    X(0x0040A160, "UT", TextValue)                                                                                     \
    X(0x0040A375, "SQ", CurrentRequestedProcedureEvidenceSequence)                                                     \
    X(0x0040A504, "SQ", ContentTemplateSequence)                                                                       \
    X(0x0040A730, "SQ", ContentSequence)                                                                               \
    X(0x0040DB00, "CS", TemplateIdentifier)                                                                            \
    X(0x0040E011, "UI", RetrieveLocationUID)                                                                           \
    X(0x7FE00010, "OB", PixelData)

#define DICOM_ENUM(tag, vr, name) DICOM_##name,
enum dicom_tag { DICOM_TAGS(DICOM_ENUM) DICOM_TAG_COUNT };

/* Preamble, "DICM" and group 2, for a file whose data set follows. */
void dicom_begin(struct buf *out, const char *sop_class, const char *sop_instance);

/* Padded to even length as the VR asks (UI with NUL, others with a space). NULL is an empty value. */
void dicom_text(struct buf *out, enum dicom_tag tag, const char *value);
void dicom_bytes(struct buf *out, enum dicom_tag tag, struct str value);
void dicom_number(struct buf *out, enum dicom_tag tag, uint16_t value);

void dicom_sequence(struct buf *out, enum dicom_tag tag);
void dicom_end_sequence(struct buf *out);
void dicom_item(struct buf *out);
void dicom_end_item(struct buf *out);

/* A sequence with the one item (value, scheme, meaning): PS3.3 §8. */
void dicom_code(struct buf *out, enum dicom_tag tag, const char *value, const char *scheme, const char *meaning);
