#pragma once
/* The code sets of fixtures/codes/survey.json (docs/codes.md): what the generator registers its documents under. */

#include "base/rc.h"
#include "model/document.h"

struct arena;
struct paper_codes;

MUST_CHECK enum rc paper_codes_load(struct arena *a, const char *path, struct paper_codes **out);

/* attribute: "classCode" …; E_CONFIG with a sentence in the log when the set has no such code. Shared and constant. */
MUST_CHECK enum rc paper_code_get(const struct paper_codes *c, const char *attribute, const char *code,
                                  struct code **out);
/* The same for the media types, which are words without a scheme. */
MUST_CHECK enum rc paper_mime_check(const struct paper_codes *c, const char *mime_type);
