#pragma once
/*
 * Reading DICOM files: Part 10 (PS3.10 §7) in explicit or implicit VR little endian (PS3.5 §7, Annex A), up to the
 * pixels. Of a data set in another encoding (deflated, big endian) only what group 2 says is read.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

#define DICOM_MEDIA_TYPE "application/dicom"

struct dicom_element {
    uint32_t tag;
    struct str value; /* into the file, without padding; of a sequence: empty */
    int depth;        /* sequences around it */
};

/*
 * Visits every element in the order of the file, sequences before what is in them, until visit says false. E_SYNTAX: it
 * is no such file, or is broken; E_LIMIT: it ends in the middle, as the head of a file does, or is nested too deep.
 */
MUST_CHECK enum rc dicom_read(struct str file, bool (*visit)(void *user, const struct dicom_element *e), void *user);

/* What an instance says of itself; NULL what it does not say. */
struct dicom_identity {
    const char *transfer_syntax, *sop_class, *sop_instance, *study, *series;
};

/* Enough of a file for dicom_identify, unless it has much before group 0020. */
#define DICOM_HEAD ((uint64_t)64 * 1024)

/* The file or its first DICOM_HEAD bytes. E_SYNTAX: it is none. */
MUST_CHECK enum rc dicom_identify(struct arena *a, struct str file, struct dicom_identity *out);

/* An instance that a Key Object Selection refers to as evidence (PS3.3: C.17.6.2). */
struct dicom_reference {
    const char *study, *series, *sop_instance;
    const char *location; /* RetrieveLocationUID; NULL: not said */
    struct dicom_reference *next;
};

/* In the order of the manifest. E_SYNTAX: it is no DICOM file; *out NULL: it refers to nothing. */
MUST_CHECK enum rc dicom_references(struct arena *a, struct str file, struct dicom_reference **out);
