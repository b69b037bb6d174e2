#pragma once
/* The elements of a DICOM file (Part 10, explicit VR little endian: PS3.5 7, PS3.10 7), as deep as the outermost. */

#include "base/rc.h"
#include "base/str.h"

#include <stdint.h>

struct arena;

struct dicom_element {
    uint32_t tag;
    struct str value; /* of a sequence of undefined length: empty */
    struct dicom_element *next;
};

/* Slices of the bytes. E_SYNTAX with *why, a sentence, when the file cannot be read to its end. */
MUST_CHECK enum rc dicom_read(struct arena *a, struct str bytes, struct dicom_element **out, const char **why);

/* NULL when there is none. */
const struct dicom_element *dicom_find(const struct dicom_element *elements, uint32_t tag);
