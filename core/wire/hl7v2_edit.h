#pragma once
/*
 * Changes to the text of an HL7 v2 message (UTF-8, segments end with CR) at places written "PID-8", "PID[2]-3" or, for
 * whole segments, "PID": what faults do to answers, and what makes a wrong message of a good one. Values are raw:
 * delimiters and escapes as they stand in the message.
 */

#include "base/rc.h"
#include "base/str.h"

struct arena;

enum hl7v2_edit_kind {
    HL7V2_EDIT_NONE, /* ends a list */
    HL7V2_SET,       /* a field, whole; fields before that are missing come into being. MSH-2 is the delimiters */
    HL7V2_REMOVE,    /* a segment */
    HL7V2_RENAME,    /* a segment: its name becomes the value, which may be empty */
    HL7V2_AFTER,     /* the value as a segment behind this */
};

struct hl7v2_edit {
    enum hl7v2_edit_kind kind;
    const char *place, *value;
};

/* Edits in their order, up to count or HL7V2_EDIT_NONE. E_NOT_FOUND with *why: the message has no such segment. */
MUST_CHECK enum rc hl7v2_edit(struct arena *a, struct str text, const struct hl7v2_edit *edits, size_t count,
                              struct str *out, const char **why);
