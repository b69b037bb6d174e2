/*
 * libharu writes text of a CID font as hexadecimal, so a slot shown as "@012@@@…" stands in the file as the digits of
 * those bytes, and filling it means replacing digits. Compression is off for the same reason. libharu puts nothing of
 * the day or of chance into a file whose dates are given.
 */
#include "wire/pdf.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "wire/jis.h"

#include <hpdf.h>
#include <stdio.h>

struct slot {
    size_t at, room; /* in the file, in bytes of text: two digits each */
};

struct pdf_form {
    const struct jis *jis;
    struct str file;
    struct slot *slots;
    size_t slot_count;
};

#define MARK_FORMAT "@%03zu@"
#define MARK_LEN    5

static const char digits[] = "0123456789ABCDEF";

static void cp932(const struct jis *j, const char *text, struct buf *out)
{
    buf_reset(out);
    jis_add_cp932(j, out, str_from(text));
}

size_t pdf_columns(const struct jis *j, const char *text)
{
    struct buf bytes;

    buf_init(&bytes, BUF_MAX_DEFAULT);
    cp932(j, text, &bytes);
    size_t n = bytes.len;
    buf_clear(&bytes);
    return n;
}

/* ---- building ---- */

static const char *slot_mark(struct arena *a, size_t number, size_t room)
{
    char *mark = arena_alloc(a, room + 1);

    memset(mark, '@', room);
    snprintf(mark, MARK_LEN + 1, MARK_FORMAT, number);
    mark[MARK_LEN] = room > MARK_LEN ? '@' : '\0';
    return mark;
}

static void show(HPDF_Page page, HPDF_Font font, const struct pdf_piece *p, const char *bytes)
{
    HPDF_Page_BeginText(page);
    HPDF_Page_SetFontAndSize(page, font, (HPDF_REAL)p->size);
    HPDF_Page_TextOut(page, (HPDF_REAL)p->x, (HPDF_REAL)p->y, bytes);
    HPDF_Page_EndText(page);
}

static void draw(struct arena *a, const struct jis *j, HPDF_Doc doc, const struct pdf_piece *pieces, size_t count)
{
    struct buf *bytes = buf_new(a, BUF_MAX_DEFAULT);
    HPDF_Page page = HPDF_AddPage(doc);
    HPDF_Font font = HPDF_GetFont(doc, "MS-Gothic", "90ms-RKSJ-H");
    size_t slot = 0;

    HPDF_Page_SetSize(page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].text == NULL) {
            show(page, font, &pieces[i], slot_mark(a, slot++, pieces[i].room));
        } else {
            cp932(j, pieces[i].text, bytes);
            show(page, font, &pieces[i], buf_text(bytes));
        }
    }
}

static enum rc take_file(struct arena *a, HPDF_Doc doc, struct str *out)
{
    HPDF_SaveToStream(doc);
    HPDF_UINT32 size = HPDF_GetStreamSize(doc);
    char *data = arena_alloc(a, (size_t)size + 1);

    HPDF_ResetStream(doc);
    HPDF_ReadFromStream(doc, (HPDF_BYTE *)data, &size);
    if (HPDF_GetError(doc) != HPDF_OK) {
        log_error("libharu refuses a form: error 0x%04lX", HPDF_GetError(doc));
        return E_CONFIG;
    }
    *out = (struct str){ data, size };
    return OK;
}

static enum rc build(struct arena *a, const struct jis *j, const char *title, const struct pdf_piece *pieces,
                     size_t count, struct str *out)
{
    const HPDF_Date made = { 2026, 4, 1, 9, 0, 0, '+', 9, 0 }; /* any fixed one: forms are made anew at each start */
    HPDF_Doc doc = HPDF_New(NULL, NULL);

    if (doc == NULL)
        die("out of memory (libharu)");
    HPDF_UseJPFonts(doc);
    HPDF_UseJPEncodings(doc);
    HPDF_SetCompressionMode(doc, HPDF_COMP_NONE);
    HPDF_SetInfoAttr(doc, HPDF_INFO_TITLE, title);
    HPDF_SetInfoDateAttr(doc, HPDF_INFO_CREATION_DATE, made);
    HPDF_SetInfoDateAttr(doc, HPDF_INFO_MOD_DATE, made);
    draw(a, j, doc, pieces, count);
    enum rc rc = take_file(a, doc, out);
    HPDF_Free(doc);
    return rc;
}

static enum rc find_slot(struct pdf_form *f, size_t number)
{
    char mark[MARK_LEN + 1], hex[2 * MARK_LEN];

    snprintf(mark, sizeof(mark), MARK_FORMAT, number);
    for (size_t i = 0; i < MARK_LEN; i++) {
        hex[2 * i] = digits[(unsigned char)mark[i] >> 4];
        hex[2 * i + 1] = digits[mark[i] & 15];
    }
    const char *at = memmem(f->file.data, f->file.len, hex, sizeof(hex));
    if (at == NULL) {
        log_error("slot %zu is not in the PDF form: libharu did not write its text as hexadecimal", number);
        return E_CONFIG;
    }
    f->slots[number].at = (size_t)(at - f->file.data);
    return OK;
}

enum rc pdf_form_new(struct arena *a, const struct jis *j, const char *title, const struct pdf_piece *pieces,
                     size_t count, struct pdf_form **out)
{
    struct pdf_form *f = ARENA_NEW(a, struct pdf_form);

    f->jis = j;
    f->slots = ARENA_ARRAY(a, struct slot, count);
    TRY(build(a, j, title, pieces, count, &f->file));
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].text != NULL)
            continue;
        if (pieces[i].room < PDF_ROOM_MIN)
            die("a PDF slot of %zu columns", pieces[i].room);
        f->slots[f->slot_count].room = pieces[i].room;
        TRY(find_slot(f, f->slot_count));
        f->slot_count++;
    }
    *out = f;
    return OK;
}

/* ---- filling ---- */

size_t pdf_form_slots(const struct pdf_form *f)
{
    return f->slot_count;
}

/* Bytes of the character that begins at i. */
static size_t cp932_length(const struct buf *b, size_t i)
{
    unsigned char c = (unsigned char)b->data[i];

    return (c >= 0x81 && c <= 0x9F) || c >= 0xE0 ? 2 : 1;
}

static void fill(char *at, size_t room, const struct buf *bytes)
{
    size_t used = 0;

    while (used < bytes->len && used + cp932_length(bytes, used) <= room)
        used += cp932_length(bytes, used);
    for (size_t i = 0; i < room; i++) {
        unsigned char c = i < used ? (unsigned char)bytes->data[i] : ' ';
        at[2 * i] = digits[c >> 4];
        at[2 * i + 1] = digits[c & 15];
    }
}

void pdf_form_fill(const struct pdf_form *f, const struct str *values, struct buf *out)
{
    struct buf bytes;
    size_t start = out->len;

    buf_add_str(out, f->file);
    if (out->overflowed)
        return;
    buf_init(&bytes, BUF_MAX_DEFAULT);
    for (size_t i = 0; i < f->slot_count; i++) {
        buf_reset(&bytes);
        jis_add_cp932(f->jis, &bytes, values[i]);
        fill(out->data + start + f->slots[i].at, f->slots[i].room, &bytes);
    }
    buf_clear(&bytes);
}
