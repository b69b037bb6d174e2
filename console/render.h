#pragma once
/* A record as JSON: in short, as lists and followers have it, and whole, with its message made readable. */

#include "console/fields.h"
#include "wire/json.h"

/* An object under key. */
void render_short(struct json_writer *w, const char *key, struct view *v);
void render_whole(struct json_writer *w, struct view *v);

/* "xml", "hl7v2", "text", "none": what its bytes are. */
const char *render_kind(const struct view *v);
/* Names of files: "xml", "hl7", "txt". */
const char *render_suffix(const struct view *v);
/* XML indented, HL7 v2 a segment a line in UTF-8, other bytes as they are; NULL without any. */
const char *render_readable(struct view *v);
