#pragma once
/* The header lines of one part. */

#include "wire/mime.h"

struct arena;

/* Unfolds the lines in place. E_SYNTAX: *why is a sentence. Of headers that come twice the first counts. */
MUST_CHECK enum rc mime_header_parse(struct arena *a, struct buf *header, struct mime_part *part, const char **why);
