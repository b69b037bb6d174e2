#pragma once
/*
 * HL7 v2 messages (HL7 v2.5 chapter 2; ITI TF-2: Appendix C): delimiters as MSH declares them, segments, fields,
 * repetitions, components, subcomponents, escape sequences, character sets. A message is kept as UTF-8 text; its parts
 * are found when they are asked for. Places are written as ERR-2 has them: "PID^1^3^2^4" is the fourth component of the
 * second repetition of the third field of the first PID.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

struct arena;

struct hl7v2_delimiters {
    char field, component, repetition, escape, subcomponent;
};

extern const struct hl7v2_delimiters hl7v2_usual_delimiters; /* |^~\& */

struct hl7v2_segment {
    char name[4];
    int ordinal;     /* "PID^2": the second of its name */
    struct str text; /* with the name, without the line end */
    struct hl7v2_segment *next;
};

struct hl7v2 {
    struct arena *arena;
    struct hl7v2_delimiters delimiters;
    unsigned charsets;              /* of MSH-18 (hl7v2_charset.h) */
    struct hl7v2_segment *segments; /* MSH first; NULL when there was none */
};

/* What makes bytes unreadable; a validator's rules are told apart by it. */
enum hl7v2_flaw {
    HL7V2_FLAW_BEGIN,
    HL7V2_FLAW_DELIMITERS,
    HL7V2_FLAW_CHARSET, /* nobody here reads it */
    HL7V2_FLAW_TEXT,    /* not in the sets that MSH-18 names */
    HL7V2_FLAW_SEGMENT,
    HL7V2_FLAW_TOO_LONG,
    HL7V2_FLAW_COUNT
};

struct hl7v2_fault {
    enum hl7v2_flaw flaw;
    int code; /* of table 0357 */
    const char *place, *text;
};

/*
 * E_SYNTAX with *fault: no MSH, delimiters nobody can use, an MSH-18 we do not speak, text that is not in its sets, a
 * line that is no segment. Also then *out holds what could be read, so that the refusal can be addressed.
 */
MUST_CHECK enum rc hl7v2_parse(struct arena *a, struct str bytes, struct hl7v2 *out, struct hl7v2_fault *fault);

/* The first segment of a name, and the next of the same name; NULL if there is none. */
const struct hl7v2_segment *hl7v2_segment(const struct hl7v2 *m, const char *name);
const struct hl7v2_segment *hl7v2_next(const struct hl7v2_segment *s);

/* The HL7 null ("" on the wire: "delete the value"): an empty text, told apart by its address. */
extern const char hl7v2_null[];

/*
 * A part of a segment as text, escape sequences resolved. Counting begins at 1; a part that is not divided further is
 * its own first component and subcomponent. NULL when it is empty or the segment is NULL.
 */
const char *hl7v2_part(const struct hl7v2 *m, const struct hl7v2_segment *s, int field, int repetition, int component,
                       int subcomponent);
/* The first subcomponent of a component of the first repetition; component 1 of an undivided field is all of it. */
static inline const char *hl7v2_text(const struct hl7v2 *m, const struct hl7v2_segment *s, int field, int component)
{
    return hl7v2_part(m, s, field, 1, component, 1);
}
/* 0 for an empty field. Finding the n-th takes time n: a loop over them needs a limit. */
int hl7v2_repetitions(const struct hl7v2 *m, const struct hl7v2_segment *s, int field);
/* A field as it stands in the message, delimiters and escapes included. MSH-1 and MSH-2 are none of these. */
struct str hl7v2_field(const struct hl7v2 *m, const struct hl7v2_segment *s, int field);

/* Where a text ends that is the beginning of a message, line ends CR; NULL within a segment's name. */
const char *hl7v2_place_of_end(struct arena *a, const struct hl7v2_delimiters *d, struct str text);

/* ---- writing ---- */

/* Appends segments to out, in UTF-8; hl7v2_encode then makes bytes of the whole. Parts come in their order. */
struct hl7v2_writer {
    struct buf *out;
    struct hl7v2_delimiters delimiters;
    int field, repetition, component, subcomponent; /* where the writer stands */
};

void hl7v2_writer_init(struct hl7v2_writer *w, struct buf *out, const struct hl7v2_delimiters *delimiters);
/* Ends the segment before, if there is one. MSH comes with MSH-1 and MSH-2. */
void hl7v2_open(struct hl7v2_writer *w, const char *name);
void hl7v2_close(struct hl7v2_writer *w); /* the last segment */
/* Nothing for NULL; hl7v2_null as such. */
void hl7v2_put(struct hl7v2_writer *w, int field, int repetition, int component, int subcomponent, const char *text);
/* The first repetition's. */
static inline void hl7v2_put_text(struct hl7v2_writer *w, int field, int component, const char *text)
{
    hl7v2_put(w, field, 1, component, 1, text);
}
/* A field as hl7v2_field gave it, from a message with the same delimiters. */
void hl7v2_put_field(struct hl7v2_writer *w, int field, struct str raw);

/* E_REFUSED with *fault when text is not in the sets: its place in this message. */
MUST_CHECK enum rc hl7v2_encode(struct arena *a, unsigned charsets, const struct hl7v2_delimiters *delimiters,
                                struct str utf8, struct buf *bytes, struct hl7v2_fault *fault);
