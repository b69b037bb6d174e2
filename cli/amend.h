#pragma once
/*
 * What becomes of a good message before it leaves: its body, its envelope, how it is packed, or its segments. This is
 * how `kakehashi send --break` makes a wrong message of a good one.
 */

#include "wire/hl7v2_edit.h"
#include "wire/xml_edit.h"

#include <stdbool.h>

struct call_spec;
struct exchange;

/* How a SOAP message is packed; NULL and false: as it should be. */
struct amend_package {
    const char *content_type, *boundary, *start; /* announced */
    const char *text;                            /* instead of the envelope */
    bool is_other;                               /* MTOM instead of simple SOAP, and the other way round */
};

struct amendment {
    const struct xml_variable *variables; /* of all values that are edits'; NULL: none */
    const struct xml_edit *body, *envelope;
    size_t body_count, envelope_count; /* up to */
    const struct hl7v2_edit *segments;
    size_t segment_count;
    const struct amend_package *package; /* NULL: none */
};

/* x->body, by body or segments. E_CONFIG with x->why when an edit does not fit the message. */
MUST_CHECK enum rc amend_body(struct exchange *x);
/* Puts what is to become of envelope and package into spec; a fault of an edit of the envelope is told by x->why. */
void amend_call(struct exchange *x, struct call_spec *spec);
