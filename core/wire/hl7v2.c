#include "wire/hl7v2.h"

#include "base/arena.h"
#include "wire/hl7v2_charset.h"

#include <ctype.h>
#include <stdlib.h>

#define SEGMENTS_MAX 1000

/* Error codes of table 0357. */
enum { SEGMENT_SEQUENCE = 100, REQUIRED_MISSING = 101, DATA_TYPE = 102, TABLE_VALUE = 103 };

const struct hl7v2_delimiters hl7v2_usual_delimiters = { '|', '^', '~', '\\', '&' };
const char hl7v2_null[] = "";

static enum rc fault_set(struct hl7v2_fault *fault, enum hl7v2_flaw flaw, const char *place, const char *text)
{
    static const int codes[HL7V2_FLAW_COUNT] = {
        [HL7V2_FLAW_BEGIN] = SEGMENT_SEQUENCE,   [HL7V2_FLAW_DELIMITERS] = DATA_TYPE,
        [HL7V2_FLAW_CHARSET] = TABLE_VALUE,      [HL7V2_FLAW_TEXT] = DATA_TYPE,
        [HL7V2_FLAW_SEGMENT] = SEGMENT_SEQUENCE, [HL7V2_FLAW_TOO_LONG] = SEGMENT_SEQUENCE,
    };

    *fault = (struct hl7v2_fault){ flaw, codes[flaw], place, text };
    return E_SYNTAX;
}

/* ---- pieces ---- */

/* The n-th piece between delimiters, from 0; empty past the last. */
static struct str piece(struct str text, char delimiter, int n)
{
    for (;;) {
        const char *end = text.len > 0 ? memchr(text.data, delimiter, text.len) : NULL;
        size_t len = end != NULL ? (size_t)(end - text.data) : text.len;
        if (n-- == 0)
            return (struct str){ text.data, len };
        if (end == NULL)
            return (struct str){ text.data + text.len, 0 };
        text = (struct str){ end + 1, text.len - len - 1 };
    }
}

static int count(struct str text, char delimiter)
{
    int n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += text.data[i] == delimiter;
    return n;
}

/* ---- places ---- */

const char *hl7v2_place_of_end(struct arena *a, const struct hl7v2_delimiters *d, struct str text)
{
    const char *last = text.len > 0 ? memrchr(text.data, '\r', text.len) : NULL;
    size_t before = last != NULL ? (size_t)(last + 1 - text.data) : 0;
    struct str line = { text.data + before, text.len - before };
    char name[4] = { 0 };
    int ordinal = 1;

    if (line.len < sizeof(name))
        return NULL; /* within a segment's name */
    memcpy(name, line.data, 3);
    for (size_t i = 0; i + 3 < before; i++)
        ordinal += (i == 0 || text.data[i - 1] == '\r') && memcmp(text.data + i, name, 3) == 0;
    int fields = count(line, d->field);
    struct str field = piece(line, d->field, fields);
    int repetitions = count(field, d->repetition);
    struct str repetition = piece(field, d->repetition, repetitions);
    int components = count(repetition, d->component);
    return arena_printf(a, "%s^%d^%d^%d^%d", name, ordinal, fields + (strcmp(name, "MSH") == 0), repetitions + 1,
                        components + 1);
}

/* ---- reading ---- */

/* MSH-1 and MSH-2. A fifth character (truncation, v2.7) is let pass. */
static enum rc delimiters_read(struct str bytes, struct hl7v2_delimiters *out, struct hl7v2_fault *fault)
{
    if (bytes.len < 8 || memcmp(bytes.data, "MSH", 3) != 0)
        return fault_set(fault, HL7V2_FLAW_BEGIN, "MSH^1",
                         "the message does not begin with MSH and its delimiters, such as MSH|^~\\&|");
    const char *d = bytes.data + 3;
    for (int i = 0; i < 5; i++) {
        if (!ispunct((unsigned char)d[i]) || memchr(d, d[i], (size_t)i) != NULL)
            return fault_set(fault, HL7V2_FLAW_DELIMITERS, i == 0 ? "MSH^1^1" : "MSH^1^2",
                             "MSH-1 and MSH-2 are not five different delimiters, such as |^~\\&");
    }
    *out = (struct hl7v2_delimiters){ d[0], d[1], d[2], d[3], d[4] };
    return OK;
}

/* A field of MSH before its characters are known: two-byte text may hold the delimiter's code. */
static struct str msh_field(struct str bytes, char delimiter, int field)
{
    bool two_bytes = false;
    size_t begin = 0, i = 0;
    int n = 1; /* MSH-1 ends with the first delimiter, which it is */

    while (i < bytes.len && bytes.data[i] != '\r' && bytes.data[i] != '\n') {
        size_t escape = charset_escape((struct str){ bytes.data + i, bytes.len - i }, &two_bytes);
        if (escape == 0 && !two_bytes && bytes.data[i] == delimiter) {
            if (n == field)
                break;
            n++;
            begin = i + 1;
        }
        i += escape != 0 ? escape : two_bytes ? MIN(2, bytes.len - i) : 1;
    }
    return n == field ? (struct str){ bytes.data + begin, i - begin } : (struct str){ "", 0 };
}

/* What is ASCII of a line whose character set is unknown, for the refusal. */
static struct str ascii_of(struct arena *a, struct str bytes)
{
    size_t n = 0;

    while (n < bytes.len && bytes.data[n] != '\r' && bytes.data[n] != '\n')
        n++;
    char *text = arena_strndup(a, bytes.data, n);
    for (size_t i = 0; i < n; i++) {
        if (!isprint((unsigned char)text[i]))
            text[i] = '?';
    }
    return (struct str){ text, n };
}

static enum rc charsets_read(struct arena *a, struct str bytes, struct hl7v2 *out, struct hl7v2_fault *fault)
{
    struct str declared = msh_field(bytes, out->delimiters.field, 18);
    int repetitions = count(declared, out->delimiters.repetition) + 1;

    for (int i = 0; i < repetitions; i++) {
        struct str name = piece(declared, out->delimiters.repetition, i);
        if (charset_declare(name, &out->charsets) != OK)
            return fault_set(fault, HL7V2_FLAW_CHARSET, arena_printf(a, "MSH^1^18^%d", i + 1),
                             arena_printf(a, "\"%.*s\" is no character set spoken here; these are: %s",
                                          (int)MIN(name.len, 40), ascii_of(a, name).data, charset_names(a)));
    }
    return OK;
}

static bool is_segment(struct str line, char delimiter)
{
    return line.len >= 3 && isupper((unsigned char)line.data[0]) && isalnum((unsigned char)line.data[1]) &&
           isalnum((unsigned char)line.data[2]) && (line.len == 3 || line.data[3] == delimiter);
}

static int ordinal_of(const struct hl7v2 *m, const char *name)
{
    int n = 1;

    for (const struct hl7v2_segment *s = hl7v2_segment(m, name); s != NULL; s = hl7v2_next(s))
        n++;
    return n;
}

static enum rc segment_add(struct hl7v2 *m, struct hl7v2_segment ***end, struct str line, struct hl7v2_fault *fault)
{
    struct hl7v2_segment *s = ARENA_NEW(m->arena, struct hl7v2_segment);

    if (!is_segment(line, m->delimiters.field))
        return fault_set(fault, HL7V2_FLAW_SEGMENT, NULL,
                         arena_printf(m->arena, "the line \"%.*s\" does not begin with a segment's name",
                                      (int)MIN(line.len, 20), line.data));
    memcpy(s->name, line.data, 3);
    s->ordinal = ordinal_of(m, s->name);
    s->text = line;
    **end = s;
    *end = &s->next;
    return OK;
}

/* Lines end with CR; CRLF and LF are let pass. */
static enum rc segments_read(struct hl7v2 *m, struct str text, struct hl7v2_fault *fault)
{
    struct hl7v2_segment **end = &m->segments;
    int n = 0;

    for (size_t i = 0, len; i < text.len; i += len + 1) {
        for (len = 0; i + len < text.len && text.data[i + len] != '\r' && text.data[i + len] != '\n';)
            len++;
        if (len == 0)
            continue;
        if (++n > SEGMENTS_MAX)
            return fault_set(fault, HL7V2_FLAW_TOO_LONG, NULL, "the message has more than 1000 segments");
        TRY(segment_add(m, &end, (struct str){ text.data + i, len }, fault));
    }
    return OK;
}

enum rc hl7v2_parse(struct arena *a, struct str bytes, struct hl7v2 *out, struct hl7v2_fault *fault)
{
    struct buf *text = buf_new(a, bytes.len * 3 + 16);
    struct hl7v2_fault ignored;
    const char *why;

    *out = (struct hl7v2){ .arena = a, .delimiters = hl7v2_usual_delimiters };
    TRY(delimiters_read(bytes, &out->delimiters, fault));
    if (charsets_read(a, bytes, out, fault) != OK) {
        out->charsets = 0;
        (void)!segments_read(out, ascii_of(a, bytes), &ignored);
        return E_SYNTAX;
    }
    enum rc rc = charset_decode(a, out->charsets, bytes, text, &why);
    if (rc == OK)
        return segments_read(out, buf_str(text), fault);
    (void)!segments_read(out, buf_str(text), &ignored);
    return fault_set(fault, HL7V2_FLAW_TEXT, hl7v2_place_of_end(a, &out->delimiters, buf_str(text)), why);
}

/* ---- asking ---- */

static const struct hl7v2_segment *named(const struct hl7v2_segment *s, const char *name)
{
    while (s != NULL && strcmp(s->name, name) != 0)
        s = s->next;
    return s;
}

const struct hl7v2_segment *hl7v2_segment(const struct hl7v2 *m, const char *name)
{
    return named(m->segments, name);
}

const struct hl7v2_segment *hl7v2_next(const struct hl7v2_segment *s)
{
    return named(s->next, s->name);
}

/* MSH-1 is the delimiter behind the name: what follows it is MSH-2. */
struct str hl7v2_field(const struct hl7v2 *m, const struct hl7v2_segment *s, int field)
{
    if (s == NULL)
        return (struct str){ "", 0 };
    return piece(s->text, m->delimiters.field, strcmp(s->name, "MSH") == 0 ? field - 1 : field);
}

int hl7v2_repetitions(const struct hl7v2 *m, const struct hl7v2_segment *s, int field)
{
    struct str text = hl7v2_field(m, s, field);

    return text.len == 0 ? 0 : count(text, m->delimiters.repetition) + 1;
}

/* ---- escape sequences ---- */

/* \X0D0A\: whole bytes, of ASCII. What they are in another set nobody can tell, so those stay as they are written. */
static bool add_hex(struct buf *out, struct str digits)
{
    struct buf bytes;
    bool ok = digits.len > 0 && digits.len % 2 == 0;

    buf_init(&bytes, digits.len);
    for (size_t i = 0; ok && i < digits.len; i += 2) {
        char pair[3] = { digits.data[i], digits.data[i + 1], '\0' };
        long value = isxdigit((unsigned char)pair[0]) && isxdigit((unsigned char)pair[1]) ? strtol(pair, NULL, 16) : 0;
        ok = value > 0 && value < 0x80;
        buf_add_char(&bytes, (char)value);
    }
    if (ok)
        buf_add_str(out, buf_str(&bytes));
    buf_clear(&bytes);
    return ok;
}

/* Between two escape characters; false for what has no meaning here. */
static bool add_escape(struct buf *out, const struct hl7v2_delimiters *d, struct str name)
{
    const struct {
        const char *name, text[2];
    } plain[] = {
        { "F", { d->field } },
        { "S", { d->component } },
        { "R", { d->repetition } },
        { "E", { d->escape } },
        { "T", { d->subcomponent } },
        { ".br", "\n" },
        { "H", "" },
        { "N", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        if (str_is(name, plain[i].name)) {
            buf_add_text(out, plain[i].text);
            return true;
        }
    }
    return name.len > 0 && name.data[0] == 'X' && add_hex(out, (struct str){ name.data + 1, name.len - 1 });
}

/* What is no escape sequence stays as it is written. */
static const char *unescape(const struct hl7v2 *m, struct str text)
{
    char escape = m->delimiters.escape;
    struct buf *out = buf_new(m->arena, text.len + 1);

    while (text.len > 0) {
        struct str before = piece(text, escape, 0), name = piece(text, escape, 1);
        bool closed = before.len + 1 + name.len < text.len;
        size_t used = before.len;
        buf_add_str(out, before);
        if (closed && add_escape(out, &m->delimiters, name)) {
            used += name.len + 2;
        } else if (used < text.len) {
            buf_add_char(out, escape);
            used++;
        }
        text = (struct str){ text.data + used, text.len - used };
    }
    return arena_strdup(m->arena, buf_text(out));
}

const char *hl7v2_part(const struct hl7v2 *m, const struct hl7v2_segment *s, int field, int repetition, int component,
                       int subcomponent)
{
    struct str text = hl7v2_field(m, s, field);

    text = piece(text, m->delimiters.repetition, repetition - 1);
    text = piece(text, m->delimiters.component, component - 1);
    text = piece(text, m->delimiters.subcomponent, subcomponent - 1);
    if (text.len == 0)
        return NULL;
    if (str_is(text, "\"\""))
        return hl7v2_null;
    if (memchr(text.data, m->delimiters.escape, text.len) == NULL)
        return str_dup(m->arena, text);
    return unescape(m, text);
}
