#pragma once
/*
 * A small imaging study for tests and scenarios: one image, and the manifest that refers to it (RAD TF-3: 4.68). Both
 * say that they are simulated.
 */

#include "base/str.h"

struct arena;

struct study {
    const char *study, *image_series, *manifest_series; /* UIDs */
    const char *image, *manifest;                       /* SOP Instance UIDs */
    const char *patient_id, *issuer;                    /* (0010,0020), (0010,0021) */
    const char *accession;
    const char *location; /* RetrieveLocationUID: the source that has the image */
    const char *time;     /* YYYYMMDDhhmmss, UTC */
    const char *title;
};

struct str study_image(struct arena *a, const struct study *s);
struct str study_manifest(struct arena *a, const struct study *s);
