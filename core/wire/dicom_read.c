#include "wire/dicom_read.h"

#include "base/arena.h"

#include <string.h>

#define PREAMBLE        128
#define UNDEFINED       0xFFFFFFFFu
#define ITEM            0xFFFEE000u
#define ITEM_END        0xFFFEE00Du
#define SEQUENCE_END    0xFFFEE0DDu
#define TRANSFER_SYNTAX 0x00020010u
#define EXPLICIT_LITTLE "1.2.840.10008.1.2.1"
#define DEPTH_MAX       32

struct reading {
    struct arena *arena;
    struct str rest;
    const char *why;
};

struct head {
    uint32_t tag, length;
};

static uint32_t number(const char *p, int bytes)
{
    uint32_t n = 0;

    for (int i = bytes; i-- > 0;)
        n = n << 8 | (unsigned char)p[i];
    return n;
}

static enum rc refuse(struct reading *r, const char *why)
{
    r->why = why;
    return E_SYNTAX;
}

static enum rc bytes_take(struct reading *r, size_t n, struct str *out)
{
    if (n > r->rest.len)
        return refuse(r, "the file ends within an element");
    *out = (struct str){ r->rest.data, n };
    r->rest.data += n;
    r->rest.len -= n;
    return OK;
}

static bool has_long_length(const char *vr)
{
    static const char *const vrs[] = { "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV" };

    for (size_t i = 0; i < ARRAY_LEN(vrs); i++) {
        if (memcmp(vrs[i], vr, 2) == 0)
            return true;
    }
    return false;
}

/* PS3.5 7.1.2; items and delimiters have no VR (7.5). */
static enum rc head_take(struct reading *r, struct head *out)
{
    struct str s;

    TRY(bytes_take(r, 8, &s));
    out->tag = number(s.data, 2) << 16 | number(s.data + 2, 2);
    if (out->tag == ITEM || out->tag == ITEM_END || out->tag == SEQUENCE_END) {
        out->length = number(s.data + 4, 4);
        return OK;
    }
    if (s.data[4] < 'A' || s.data[4] > 'Z' || s.data[5] < 'A' || s.data[5] > 'Z')
        return refuse(r, "an element has no value representation: it is not explicit VR little endian");
    out->length = number(s.data + 6, 2);
    if (!has_long_length(s.data + 4))
        return OK;
    TRY(bytes_take(r, 4, &s));
    out->length = number(s.data, 4);
    return OK;
}

/* Everything up to the delimiter `end`, which is taken, too. */
static enum rc skip_to(struct reading *r, uint32_t end, int depth)
{
    struct head h;
    struct str ignored;

    if (depth > DEPTH_MAX)
        return refuse(r, "sequences lie too deep in each other");
    for (;;) {
        TRY(head_take(r, &h));
        if (h.tag == end)
            return OK;
        if (h.length == UNDEFINED)
            TRY(skip_to(r, h.tag == ITEM ? ITEM_END : SEQUENCE_END, depth + 1));
        else
            TRY(bytes_take(r, h.length, &ignored));
    }
}

static enum rc element_take(struct reading *r, struct dicom_element ***end)
{
    struct head h;
    struct str value = { "", 0 };

    TRY(head_take(r, &h));
    if (h.length == UNDEFINED)
        TRY(skip_to(r, SEQUENCE_END, 0));
    else
        TRY(bytes_take(r, h.length, &value));
    **end = ARENA_NEW(r->arena, struct dicom_element);
    ***end = (struct dicom_element){ .tag = h.tag, .value = value };
    *end = &(**end)->next;
    return OK;
}

static bool is_explicit(const struct dicom_element *syntax)
{
    size_t n = strlen(EXPLICIT_LITTLE);

    return syntax != NULL && syntax->value.len >= n && memcmp(syntax->value.data, EXPLICIT_LITTLE, n) == 0 &&
           (syntax->value.len == n || syntax->value.data[n] == '\0');
}

static enum rc elements_read(struct reading *r, struct dicom_element **out)
{
    struct dicom_element **end = out;

    *out = NULL;
    if (r->rest.len < PREAMBLE + 4 || memcmp(r->rest.data + PREAMBLE, "DICM", 4) != 0)
        return refuse(r, "it is no DICOM file: no DICM behind 128 bytes");
    r->rest.data += PREAMBLE + 4;
    r->rest.len -= PREAMBLE + 4;
    while (r->rest.len > 0)
        TRY(element_take(r, &end));
    return is_explicit(dicom_find(*out, TRANSFER_SYNTAX))
               ? OK
               : refuse(r, "the transfer syntax is not explicit VR little endian (1.2.840.10008.1.2.1)");
}

enum rc dicom_read(struct arena *a, struct str bytes, struct dicom_element **out, const char **why)
{
    struct reading r = { a, bytes, NULL };
    enum rc rc = elements_read(&r, out);

    *why = r.why;
    return rc;
}

const struct dicom_element *dicom_find(const struct dicom_element *elements, uint32_t tag)
{
    while (elements != NULL && elements->tag != tag)
        elements = elements->next;
    return elements;
}
