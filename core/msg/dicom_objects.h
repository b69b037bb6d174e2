#pragma once
/* The parts of DICOM objects that are the same whoever makes them: a manifest's content, an image's pixels. */

#include "base/buf.h"

/* One image as evidence. All are UIDs. */
struct dicom_evidence {
    const char *study, *series, *image;
    const char *location; /* RetrieveLocationUID: where RAD-69 finds it (RAD TF-3: 4.68) */
};

/*
 * What a Key Object Selection titled "Manifest" has from ValueType on: evidence, template and content (PS3.3: A.35.4,
 * TID 2010). text: its Key Object Description.
 */
void dicom_manifest_content(struct buf *out, const struct dicom_evidence *e, const char *text);

/* side * side grey bytes, of a Secondary Capture (PS3.3: C.7.6.3). */
void dicom_grey_pixels(struct buf *out, int side, const unsigned char *pixels);
