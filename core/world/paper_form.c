/* A form is a row of steps: a literal, a field, or the begin and end of rows. */
#include "world/paper_form.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "wire/jis.h"
#include "wire/xml.h"
#include "world/digits.h"
#include "world/paper.h"

struct step {
    enum { STEP_LITERAL, STEP_FIELD, STEP_ROWS, STEP_END } kind;
    struct str literal;
    const struct paper_field *field;
    const struct paper_rows *rows;
    size_t partner; /* of STEP_ROWS its end, of STEP_END its begin */
};

struct paper_form {
    const struct jis *jis;
    enum paper_syntax syntax;
    struct step *steps;
    size_t count;
};

/* ---- the pen ---- */

/* HL7 v2.5: 2.7.1; what delimits cannot stand in a value. */
static void add_hl7(struct buf *out, const struct jis *j, const char *text)
{
    static const char delimiters[] = "|^~\\&", letters[] = "FSRET";

    for (size_t n; *text != '\0'; text += n) {
        n = strcspn(text, delimiters);
        jis_add_iso2022(j, out, (struct str){ text, n });
        if (text[n] != '\0') {
            const char escape[3] = { '\\', letters[strchr(delimiters, text[n]) - delimiters], '\\' };
            buf_add(out, escape, sizeof(escape));
            n++;
        }
    }
}

void pen_text(struct pen *pen, const char *text)
{
    if (text == NULL)
        return;
    if (pen->syntax == PAPER_XML)
        xml_escape(pen->out, text);
    else if (pen->syntax == PAPER_HL7)
        add_hl7(pen->out, pen->jis, text);
    else
        buf_add_text(pen->out, text);
}

void pen_number(struct pen *pen, unsigned long long n, int width)
{
    char digits[32];

    buf_add(pen->out, digits, (size_t)(digits_put(digits, n, width) - digits));
}

/* ---- reading ---- */

struct parse {
    struct arena *arena;
    const char *path;
    struct paper_form *form;
    size_t capacity;
    size_t open; /* index of the open STEP_ROWS + 1; 0: none */
};

static struct step *step_add(struct parse *p)
{
    struct paper_form *f = p->form;

    if (f->count == p->capacity) {
        struct step *steps = ARENA_ARRAY(p->arena, struct step, p->capacity = p->capacity * 2 + 32);
        if (f->count > 0)
            memcpy(steps, f->steps, f->count * sizeof(*steps));
        f->steps = steps;
    }
    return &f->steps[f->count++];
}

static enum rc complain(const struct parse *p, struct str name, const char *what)
{
    log_error("%s: {{%.*s}} %s", p->path, (int)name.len, name.data, what);
    return E_CONFIG;
}

static void add_literal(struct parse *p, struct str text)
{
    struct buf *bytes = buf_new(p->arena, BUF_MAX_DEFAULT);

    if (text.len == 0)
        return;
    if (p->form->syntax == PAPER_HL7)
        jis_add_iso2022(p->form->jis, bytes, text);
    else
        buf_add_str(bytes, text);
    for (size_t i = 0; p->form->syntax == PAPER_HL7 && i < bytes->len; i++)
        bytes->data[i] = bytes->data[i] == '\n' ? '\r' : bytes->data[i];
    struct step *s = step_add(p);
    s->kind = STEP_LITERAL;
    s->literal = buf_str(bytes);
}

static enum rc add_rows(struct parse *p, struct str name)
{
    struct str rows = { name.data + 1, name.len - 1 };

    if (p->open != 0)
        return complain(p, name, "stands inside other rows");
    for (const struct paper_rows *r = paper_row_sets; r->name != NULL; r++) {
        if (!str_is(rows, r->name))
            continue;
        *step_add(p) = (struct step){ .kind = STEP_ROWS, .rows = r };
        p->open = p->form->count;
        return OK;
    }
    return complain(p, name, "names no rows");
}

static enum rc add_end(struct parse *p, struct str name)
{
    struct str rows = { name.data + 1, name.len - 1 };

    if (p->open == 0 || !str_is(rows, p->form->steps[p->open - 1].rows->name))
        return complain(p, name, "ends what was not begun");
    *step_add(p) = (struct step){ .kind = STEP_END, .partner = p->open - 1 };
    p->form->steps[p->open - 1].partner = p->form->count - 1;
    p->open = 0;
    return OK;
}

static enum rc add_field(struct parse *p, struct str name)
{
    const struct paper_field *field = paper_field_find(name);

    if (field == NULL)
        return complain(p, name, "names no field");
    *step_add(p) = (struct step){ .kind = STEP_FIELD, .field = field };
    return OK;
}

static enum rc add_name(struct parse *p, struct str name)
{
    if (name.len > 1 && name.data[0] == '#')
        return add_rows(p, name);
    return name.len > 1 && name.data[0] == '/' ? add_end(p, name) : add_field(p, name);
}

static enum rc parse(struct parse *p, struct str text)
{
    for (const char *open; (open = memmem(text.data, text.len, "{{", 2)) != NULL;) {
        size_t before = (size_t)(open - text.data);
        struct str rest = { open + 2, text.len - before - 2 };
        const char *close = memmem(rest.data, rest.len, "}}", 2);

        if (close == NULL)
            return complain(p, (struct str){ rest.data, MIN(rest.len, (size_t)20) }, "is never closed");
        add_literal(p, (struct str){ text.data, before });
        struct str name = { rest.data, (size_t)(close - rest.data) };
        TRY(add_name(p, name));
        text = (struct str){ close + 2, rest.len - name.len - 2 };
    }
    add_literal(p, text);
    return p->open == 0 ? OK : complain(p, str_from(p->form->steps[p->open - 1].rows->name), "rows are never ended");
}

const struct paper_field *paper_field_find(struct str name)
{
    static const struct paper_field *const tables[] = { paper_common_fields,   paper_clinical_fields,
                                                        paper_referral_fields, paper_summary_fields,
                                                        paper_list_fields,     paper_ssmix2_fields,
                                                        paper_text_fields,     paper_pdf_fields };

    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        for (const struct paper_field *f = tables[i]; f->name != NULL; f++) {
            if (str_is(name, f->name))
                return f;
        }
    }
    return NULL;
}

enum rc paper_form_load(struct arena *a, const struct jis *j, const char *path, enum paper_syntax syntax,
                        struct paper_form **out)
{
    struct parse p = { .arena = a, .path = path, .form = ARENA_NEW(a, struct paper_form) };
    struct str text;

    p.form->jis = j;
    p.form->syntax = syntax;
    if (file_read(a, path, (size_t)1024 * 1024, &text) != OK) {
        log_error("%s cannot be read", path);
        return E_CONFIG;
    }
    TRY(parse(&p, text));
    *out = p.form;
    return OK;
}

/* ---- filling ---- */

void paper_form_fill(const struct paper_form *f, const struct paper *p, struct buf *out)
{
    struct pen pen = { .out = out, .syntax = f->syntax, .jis = f->jis };
    unsigned row = 0, rows = 0;

    for (size_t i = 0; i < f->count; i++) {
        const struct step *s = &f->steps[i];
        switch (s->kind) {
        case STEP_LITERAL:
            buf_add_str(out, s->literal);
            break;
        case STEP_FIELD:
            s->field->write(&pen, p, row);
            break;
        case STEP_ROWS:
            row = 0;
            rows = s->rows->count(p);
            i = rows == 0 ? s->partner : i;
            break;
        case STEP_END:
            if (++row < rows)
                i = s->partner;
            else
                row = 0;
            break;
        }
    }
}
