/*
 * Reports as PDF. A page of fixtures/documents is lines "SIZE X Y TEXT", where {{field:ROOM}} is a slot ROOM half-width
 * columns wide; wire/pdf.c builds it once, and a document is the ready bytes with its slots written over.
 */
#include "world/paper.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "wire/pdf.h"

#include <stdlib.h>
#include <string.h>

#define PIECES_MAX 96

struct paper_page {
    struct pdf_form *form;
    const struct paper_field *fields[PIECES_MAX]; /* by slot */
    size_t field_count;
};

struct page_parse {
    struct arena *arena;
    const struct jis *jis;
    const char *path;
    struct paper_page *page;
    struct pdf_piece pieces[PIECES_MAX];
    size_t count;
    double size, x, y;
};

static enum rc complain(const struct page_parse *p, const char *what, const char *text)
{
    log_error("%s: %s: %s", p->path, what, text);
    return E_CONFIG;
}

/* Half-width columns are half as wide as the type is high. */
static enum rc add_piece(struct page_parse *p, const char *text, size_t columns)
{
    if (p->count == PIECES_MAX)
        return complain(p, "the page has too many pieces at", text != NULL ? text : "a slot");
    p->pieces[p->count++] =
        (struct pdf_piece){ .size = p->size, .x = p->x, .y = p->y, .text = text, .room = text == NULL ? columns : 0 };
    p->x += p->size / 2 * (double)columns;
    return OK;
}

static enum rc add_text(struct page_parse *p, const char *text, size_t length)
{
    const char *copy = arena_strndup(p->arena, text, length);

    return length == 0 ? OK : add_piece(p, copy, pdf_columns(p->jis, copy));
}

/* "patient.name:40" */
static enum rc add_slot(struct page_parse *p, const char *name, size_t length)
{
    const char *text = arena_strndup(p->arena, name, length), *colon = strchr(text, ':');
    long room = colon != NULL ? strtol(colon + 1, NULL, 10) : 0;
    const struct paper_field *field;

    if (room < PDF_ROOM_MIN || room > 200)
        return complain(p, "a slot needs a room of 6 to 200 columns, as in {{patient.name:40}}", text);
    field = paper_field_find((struct str){ text, (size_t)(colon - text) });
    if (field == NULL)
        return complain(p, "there is no such field", text);
    p->page->fields[p->page->field_count++] = field;
    return add_piece(p, NULL, (size_t)room);
}

static enum rc add_line(struct page_parse *p, const char *line)
{
    char *at;
    const char *open;

    p->size = strtod(line, &at);
    p->x = strtod(at, &at);
    p->y = strtod(at, &at);
    if (p->size <= 0 || p->y <= 0 || *at != ' ')
        return complain(p, "a line is SIZE X Y TEXT, not", line);
    for (at++; (open = strstr(at, "{{")) != NULL;) {
        char *close = strstr(open, "}}");
        if (close == NULL || p->page->field_count == PIECES_MAX)
            return complain(p, "{{ is never closed", line);
        TRY(add_text(p, at, (size_t)(open - at)));
        TRY(add_slot(p, open + 2, (size_t)(close - open - 2)));
        at = close + 2;
    }
    return add_text(p, at, strlen(at));
}

enum rc paper_pdf_load(struct arena *a, const struct papers *papers, const char *path, struct paper_stock *stock)
{
    struct page_parse *p = ARENA_NEW(a, struct page_parse);
    struct str text;

    p->arena = a;
    p->jis = papers->jis;
    p->path = path;
    p->page = ARENA_NEW(a, struct paper_page);
    if (file_read(a, path, (size_t)64 * 1024, &text) != OK)
        return complain(p, "cannot be read", "");
    for (const char *line = text.data, *end; *line != '\0'; line = end + (*end == '\n')) {
        end = strchrnul(line, '\n');
        if (end > line)
            TRY(add_line(p, arena_strndup(a, line, (size_t)(end - line))));
    }
    TRY(pdf_form_new(a, papers->jis, "Simulated document (Kakehashi)", p->pieces, p->count, &p->page->form));
    stock->page = p->page;
    return OK;
}

void paper_pdf_write(struct arena *a, const struct paper *p, struct buf *out)
{
    const struct paper_page *page = p->stock->page;
    struct str values[PIECES_MAX];
    size_t starts[PIECES_MAX + 1];
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);
    struct pen pen = { .out = text, .syntax = PAPER_TEXT };

    for (size_t i = 0; i < page->field_count; i++) {
        starts[i] = text->len;
        page->fields[i]->write(&pen, p, 0);
    }
    starts[page->field_count] = text->len;
    for (size_t i = 0; i < page->field_count; i++)
        values[i] = (struct str){ text->data + starts[i], starts[i + 1] - starts[i] };
    pdf_form_fill(page->form, values, out);
}

#define PHRASE_FIELD(name, which)                                                                                      \
    static void name(struct pen *pen, const struct paper *p, unsigned row UNUSED)                                      \
    {                                                                                                                  \
        pen_phrase(pen, p, which);                                                                                     \
    }
PHRASE_FIELD(physiology, PHRASE_PHYSIOLOGY)
PHRASE_FIELD(endoscopy, PHRASE_ENDOSCOPY)
PHRASE_FIELD(radiology, PHRASE_RADIOLOGY)
PHRASE_FIELD(explanation, PHRASE_EXPLANATION)
PHRASE_FIELD(plan, PHRASE_PLAN)

const struct paper_field paper_pdf_fields[] = {
    { "pdf.physiology", physiology },   { "pdf.endoscopy", endoscopy }, { "pdf.radiology", radiology },
    { "pdf.explanation", explanation }, { "pdf.plan", plan },           { NULL, NULL },
};
