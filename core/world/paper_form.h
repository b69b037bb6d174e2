#pragma once
/*
 * Forms: files of fixtures/documents with {{field}} in them, and {{#rows}}…{{/rows}} around what is repeated. Parsed
 * once; filling is then a walk over literals and functions that write straight into the document, escaped and encoded
 * as its syntax asks. Which fields and rows there are is tables of C (paper.h); a form that names another is refused.
 */

#include "base/rc.h"
#include "base/str.h"

struct arena;
struct buf;
struct jis;
struct paper;

enum paper_syntax {
    PAPER_XML,
    PAPER_HL7, /* lines become segments: CR at their ends, ISO-2022-JP, HL7's escapes */
    PAPER_TEXT,
    PAPER_PAGE, /* a PDF form: paper_pdf.c */
};

struct pen {
    struct buf *out;
    enum paper_syntax syntax;
    const struct jis *jis;
};

void pen_text(struct pen *pen, const char *text); /* NULL writes nothing */
/* Decimal, with leading zeros up to width. */
void pen_number(struct pen *pen, unsigned long long n, int width);

struct paper_field {
    const char *name; /* NULL ends a table */
    void (*write)(struct pen *pen, const struct paper *p, unsigned row);
};

struct paper_rows {
    const char *name; /* NULL ends a table */
    unsigned (*count)(const struct paper *p);
};

struct paper_form;

/* NULL when there is none of that name. */
const struct paper_field *paper_field_find(struct str name);

/* E_CONFIG with a sentence in the log. */
MUST_CHECK enum rc paper_form_load(struct arena *a, const struct jis *j, const char *path, enum paper_syntax syntax,
                                   struct paper_form **out);
void paper_form_fill(const struct paper_form *f, const struct paper *p, struct buf *out);
