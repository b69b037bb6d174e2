#include "wire/hl7v2.h"

#include "base/arena.h"
#include "wire/hl7v2_charset.h"

void hl7v2_writer_init(struct hl7v2_writer *w, struct buf *out, const struct hl7v2_delimiters *delimiters)
{
    *w = (struct hl7v2_writer){ .out = out, .delimiters = *delimiters };
}

static void stand_at(struct hl7v2_writer *w, int field)
{
    w->field = field;
    w->repetition = w->component = w->subcomponent = 1;
}

void hl7v2_open(struct hl7v2_writer *w, const char *name)
{
    const struct hl7v2_delimiters *d = &w->delimiters;
    bool is_msh = strcmp(name, "MSH") == 0;

    if (w->out->len > 0 && w->out->data[w->out->len - 1] != '\r')
        hl7v2_close(w);
    buf_add_text(w->out, name);
    if (is_msh)
        buf_printf(w->out, "%c%c%c%c%c", d->field, d->component, d->repetition, d->escape, d->subcomponent);
    stand_at(w, is_msh ? 2 : 0);
}

void hl7v2_close(struct hl7v2_writer *w)
{
    buf_add_char(w->out, '\r');
}

static void add_escaped(struct hl7v2_writer *w, char c)
{
    const struct hl7v2_delimiters *d = &w->delimiters;
    const char delimiters[] = { d->field, d->component, d->repetition, d->escape, d->subcomponent };
    const char *at = memchr(delimiters, c, sizeof(delimiters));

    if (at != NULL)
        buf_printf(w->out, "%c%c%c", d->escape, "FSRET"[at - delimiters], d -> escape);
    else if (c == '\n')
        buf_printf(w->out, "%c.br%c", d->escape, d->escape);
    else if ((unsigned char)c < 0x20 || c == 0x7f)
        buf_printf(w->out, "%cX%02X%c", d->escape, (unsigned)c, d->escape);
    else
        buf_add_char(w->out, c);
}

/* Moving on at one level begins the levels below it anew. */
static void move_to(struct hl7v2_writer *w, int field, int repetition, int component, int subcomponent)
{
    const struct {
        int *at, to;
        char delimiter;
    } levels[] = {
        { &w->field, field, w->delimiters.field },
        { &w->repetition, repetition, w->delimiters.repetition },
        { &w->component, component, w->delimiters.component },
        { &w->subcomponent, subcomponent, w->delimiters.subcomponent },
    };
    bool moved = false;

    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        if (moved)
            *levels[i].at = 1;
        for (; *levels[i].at < levels[i].to; ++*levels[i].at) {
            buf_add_char(w->out, levels[i].delimiter);
            moved = true;
        }
    }
}

void hl7v2_put(struct hl7v2_writer *w, int field, int repetition, int component, int subcomponent, const char *text)
{
    if (text == NULL)
        return;
    move_to(w, field, repetition, component, subcomponent);
    if (text == hl7v2_null)
        buf_add_literal(w->out, "\"\"");
    for (; *text != '\0'; text++)
        add_escaped(w, *text);
}

void hl7v2_put_field(struct hl7v2_writer *w, int field, struct str raw)
{
    if (raw.len == 0)
        return;
    move_to(w, field, 1, 1, 1);
    buf_add_str(w->out, raw);
}

enum rc hl7v2_encode(struct arena *a, unsigned charsets, const struct hl7v2_delimiters *delimiters, struct str utf8,
                     struct buf *bytes, struct hl7v2_fault *fault)
{
    size_t at;
    const char *why;
    enum rc rc = charset_encode(a, charsets, utf8, bytes, &at, &why);

    if (rc != OK)
        *fault = (struct hl7v2_fault){ HL7V2_FLAW_TEXT, 102,
                                       hl7v2_place_of_end(a, delimiters, (struct str){ utf8.data, at }), why };
    return rc;
}
