#pragma once
/* What a manifest and the image it refers to have in common: patient, study, and the order of their elements. */

#include "world/paper.h"

/* Parts of the uniqueId of the manifest (paper_uid). */
enum paper_uid_part { UID_INSTANCE, UID_STUDY, UID_MANIFEST_SERIES, UID_IMAGE_SERIES };

struct paper_dicom {
    const struct paper *paper;
    struct buf *out;
    char instance[65], study[65], series[65], image[65], image_series[65];
    const char *sop_class, *modality;
};

void paper_dicom_init(struct paper_dicom *d, const struct paper *p, struct buf *out);

/* File head, SOP common, study and equipment up to group 0008; then patient; then study and series of group 0020. */
void paper_dicom_head(struct paper_dicom *d, const char *description);
void paper_dicom_patient(struct paper_dicom *d);
void paper_dicom_study(struct paper_dicom *d, const char *series_number);
