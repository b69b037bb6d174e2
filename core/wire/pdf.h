#pragma once
/*
 * PDF forms: a page of Japanese text with slots, built once with libharu and filled as often as wanted by writing into
 * the ready bytes. Slots have a fixed room, so that no offset of the file moves. The text is set in MS-Gothic by name,
 * in the 90ms-RKSJ-H encoding that every reader with a Japanese language pack knows; no font file is embedded.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stddef.h>

struct arena;
struct buf;
struct jis;
struct pdf_form;

/* A run of text at a point (1/72 inch from the lower left of an A4 page), or a slot. */
struct pdf_piece {
    double size, x, y;
    const char *text; /* UTF-8; NULL: a slot */
    size_t room;      /* of a slot, in half-width columns: at least PDF_ROOM_MIN */
};

#define PDF_ROOM_MIN 6

/* title: ASCII, for the document's properties. E_CONFIG when libharu refuses something. */
MUST_CHECK enum rc pdf_form_new(struct arena *a, const struct jis *j, const char *title, const struct pdf_piece *pieces,
                                size_t count, struct pdf_form **out);

/* Columns a text takes in a form: one for ASCII, two for kanji and kana. */
size_t pdf_columns(const struct jis *j, const char *text);

size_t pdf_form_slots(const struct pdf_form *f);
/* values: UTF-8, one per slot in the order of the pieces; what is longer than its slot is cut at a character. */
void pdf_form_fill(const struct pdf_form *f, const struct str *values, struct buf *out);
