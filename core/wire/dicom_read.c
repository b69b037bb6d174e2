#include "wire/dicom_read.h"

#include "base/arena.h"
#include "wire/dicom.h"

#include <string.h>

#define PREAMBLE   128
#define DEPTH_MAX  16
#define UNDEFINED  0xFFFFFFFFu
#define GROUP_2    0x0002
#define PIXEL_DATA 0x7FE00010u

#define ITEM         0xFFFEE000u
#define ITEM_END     0xFFFEE00Du
#define SEQUENCE_END 0xFFFEE0DDu

#define TRANSFER_SYNTAX_UID       0x00020010u
#define IMPLICIT_VR_LITTLE_ENDIAN "1.2.840.10008.1.2"
#define EXPLICIT_VR_BIG_ENDIAN    "1.2.840.10008.1.2.2"
#define DEFLATED_EXPLICIT_VR      "1.2.840.10008.1.2.1.99"

#define TAG(tag, vr, name) TAG_##name = (tag),
enum { DICOM_TAGS(TAG) };

struct reader {
    const unsigned char *at, *end;
    bool is_implicit;
    int depth;
    bool (*visit)(void *user, const struct dicom_element *e);
    void *user;
};

/* Of an element: what stands before its value. */
struct head {
    uint32_t tag, length;
    bool is_sequence;
    bool is_implicit; /* what is in it */
};

static uint32_t number(const unsigned char *p, int bytes)
{
    uint32_t n = 0;

    for (int i = bytes - 1; i >= 0; i--)
        n = n << 8 | p[i];
    return n;
}

static bool has(const struct reader *r, size_t n)
{
    return (size_t)(r->end - r->at) >= n;
}

/* Implicit VR does not say what is a sequence: those of the table are known. */
static bool is_known_sequence(uint32_t tag)
{
#define SEQUENCE(tag, vr, name) { tag, vr },
    static const struct {
        uint32_t tag;
        char vr[3];
    } rows[] = { DICOM_TAGS(SEQUENCE) };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].tag == tag)
            return strcmp(rows[i].vr, "SQ") == 0;
    }
    return false;
}

/* VRs with two reserved bytes and a length of 32 bits (PS3.5: 7.1.2). */
static bool is_long(const unsigned char *vr)
{
    static const char longs[][3] = { "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV" };

    for (size_t i = 0; i < ARRAY_LEN(longs); i++) {
        if (memcmp(vr, longs[i], 2) == 0)
            return true;
    }
    return false;
}

static enum rc head_implicit(struct reader *r, struct head *out)
{
    if (!has(r, 4))
        return E_LIMIT;
    out->length = number(r->at, 4);
    r->at += 4;
    out->is_sequence = out->length == UNDEFINED || is_known_sequence(out->tag);
    out->is_implicit = true;
    return OK;
}

static enum rc head_explicit(struct reader *r, struct head *out)
{
    const unsigned char *vr = r->at;

    if (!has(r, 4))
        return E_LIMIT;
    if (vr[0] < 'A' || vr[0] > 'Z' || vr[1] < 'A' || vr[1] > 'Z')
        return E_SYNTAX;
    r->at += 4;
    if (!is_long(vr)) {
        out->length = number(vr + 2, 2);
        return OK;
    }
    if (!has(r, 4))
        return E_LIMIT;
    out->length = number(r->at, 4);
    r->at += 4;
    out->is_sequence = memcmp(vr, "SQ", 2) == 0 || out->length == UNDEFINED;
    out->is_implicit = memcmp(vr, "UN", 2) == 0; /* PS3.5: 6.2.2, note 2 */
    return OK;
}

static enum rc head_read(struct reader *r, struct head *out)
{
    *out = (struct head){ 0 };
    if (!has(r, 4))
        return E_LIMIT;
    out->tag = number(r->at, 2) << 16 | number(r->at + 2, 2);
    r->at += 4;
    if (out->tag >> 16 == ITEM >> 16) { /* items and delimiters have no VR in either encoding */
        TRY(head_implicit(r, out));
        out->is_sequence = false;
        return OK;
    }
    return r->is_implicit ? head_implicit(r, out) : head_explicit(r, out);
}

static struct str unpadded(const unsigned char *p, size_t n)
{
    while (n > 0 && (p[n - 1] == '\0' || p[n - 1] == ' '))
        n--;
    return (struct str){ (const char *)p, n };
}

static enum rc elements_read(struct reader *r, uint32_t end_tag, bool *goes_on);

/* What an item holds, of known length or up to its delimiter. */
static enum rc item_read(struct reader *r, uint32_t length, bool *goes_on)
{
    const unsigned char *end = r->end;

    if (length != UNDEFINED) {
        if (!has(r, length))
            return E_LIMIT;
        r->end = r->at + length;
    }
    enum rc rc = elements_read(r, length == UNDEFINED ? ITEM_END : 0, goes_on);
    r->end = end;
    return rc;
}

/* Up to the delimiter, or to r->end when the length is known. */
static enum rc items_read(struct reader *r, bool is_delimited, bool *goes_on)
{
    struct head item;

    while (*goes_on && r->at < r->end) {
        TRY(head_read(r, &item));
        if (item.tag == SEQUENCE_END)
            return is_delimited ? OK : E_SYNTAX;
        if (item.tag != ITEM)
            return E_SYNTAX;
        TRY(item_read(r, item.length, goes_on));
    }
    return *goes_on && is_delimited ? E_LIMIT : OK;
}

static enum rc sequence_read(struct reader *r, const struct head *h, bool *goes_on)
{
    const unsigned char *end = r->end;
    bool is_implicit = r->is_implicit;

    if (h->length != UNDEFINED) {
        if (!has(r, h->length))
            return E_LIMIT;
        r->end = r->at + h->length;
    }
    if (++r->depth > DEPTH_MAX)
        return E_LIMIT;
    r->is_implicit = is_implicit || h->is_implicit;
    enum rc rc = items_read(r, h->length == UNDEFINED, goes_on);
    r->is_implicit = is_implicit;
    r->depth--;
    r->end = end;
    return rc;
}

/* One element with all that is in it. */
static enum rc element_read(struct reader *r, const struct head *h, bool *goes_on)
{
    struct dicom_element e = { .tag = h->tag, .depth = r->depth };

    if (!h->is_sequence) {
        if (!has(r, h->length))
            return E_LIMIT;
        e.value = unpadded(r->at, h->length);
        r->at += h->length;
    }
    *goes_on = r->visit(r->user, &e);
    return h->is_sequence && *goes_on ? sequence_read(r, h, goes_on) : OK;
}

/* end_tag 0: up to r->end. */
static enum rc elements_read(struct reader *r, uint32_t end_tag, bool *goes_on)
{
    struct head h;

    while (*goes_on && r->at < r->end) {
        TRY(head_read(r, &h));
        if (end_tag != 0 && h.tag == end_tag)
            return OK;
        if (h.tag >> 16 == ITEM >> 16)
            return E_SYNTAX;
        if (h.tag == PIXEL_DATA && r->depth == 0)
            return OK;
        TRY(element_read(r, &h, goes_on));
    }
    return *goes_on && end_tag != 0 ? E_LIMIT : OK;
}

/* ---- the file ---- */

static bool is_of_meta(const struct reader *r)
{
    return has(r, 2) && number(r->at, 2) == GROUP_2;
}

/* Group 2 is in explicit VR, whatever follows. */
static enum rc meta_read(struct reader *r, struct str *syntax, bool *goes_on)
{
    struct head h;

    while (*goes_on && is_of_meta(r)) {
        TRY(head_read(r, &h));
        if (h.is_sequence || !has(r, h.length))
            return E_SYNTAX;
        if (h.tag == TRANSFER_SYNTAX_UID)
            *syntax = unpadded(r->at, h.length);
        TRY(element_read(r, &h, goes_on));
    }
    return OK;
}

enum rc dicom_read(struct str file, bool (*visit)(void *user, const struct dicom_element *e), void *user)
{
    const unsigned char *bytes = (const unsigned char *)file.data;
    struct reader r = { .end = bytes + file.len, .visit = visit, .user = user };
    struct str syntax = { 0 };
    bool goes_on = true;

    if (file.len < PREAMBLE + 4 || memcmp(bytes + PREAMBLE, "DICM", 4) != 0)
        return E_SYNTAX;
    r.at = bytes + PREAMBLE + 4;
    TRY(meta_read(&r, &syntax, &goes_on));
    if (syntax.len == 0 && goes_on)
        return E_SYNTAX;
    if (str_is(syntax, EXPLICIT_VR_BIG_ENDIAN) || str_is(syntax, DEFLATED_EXPLICIT_VR))
        return OK;
    r.is_implicit = str_is(syntax, IMPLICIT_VR_LITTLE_ENDIAN);
    return elements_read(&r, 0, &goes_on);
}

/* ---- what an instance says of itself ---- */

struct identifying {
    struct arena *arena;
    struct dicom_identity *out;
};

static bool identity_visit(void *user, const struct dicom_element *e)
{
    const struct identifying *i = user;
    const char **slot = e->depth > 0                      ? NULL
                        : e->tag == TRANSFER_SYNTAX_UID   ? &i->out->transfer_syntax
                        : e->tag == TAG_SOPClassUID       ? &i->out->sop_class
                        : e->tag == TAG_SOPInstanceUID    ? &i->out->sop_instance
                        : e->tag == TAG_StudyInstanceUID  ? &i->out->study
                        : e->tag == TAG_SeriesInstanceUID ? &i->out->series
                                                          : NULL;

    if (slot != NULL && e->value.len > 0)
        *slot = arena_strndup(i->arena, e->value.data, e->value.len);
    return e->depth > 0 || e->tag <= TAG_SeriesInstanceUID;
}

enum rc dicom_identify(struct arena *a, struct str file, struct dicom_identity *out)
{
    struct identifying i = { a, out };

    *out = (struct dicom_identity){ 0 };
    enum rc rc = dicom_read(file, identity_visit, &i);
    return rc == E_LIMIT && out->transfer_syntax != NULL ? OK : rc;
}

/* ---- what a manifest refers to ---- */

struct referring {
    struct arena *arena;
    bool is_evidence; /* within CurrentRequestedProcedureEvidenceSequence */
    struct dicom_reference *first, **end;
    /* Where the present series and study begin. They name themselves behind what they hold: elements stand in the order
     * of their tags (PS3.5: 7.1). */
    struct dicom_reference **series, **study;
    bool has_series, has_study; /* named: what comes now is of the next */
};

static void reference_add(struct referring *r, const char *sop_instance)
{
    if (r->has_series)
        r->series = r->end;
    if (r->has_study)
        r->study = r->end;
    r->has_series = r->has_study = false;
    *r->end = ARENA_NEW(r->arena, struct dicom_reference);
    (*r->end)->sop_instance = sop_instance;
    r->end = &(*r->end)->next;
}

static bool reference_visit(void *user, const struct dicom_element *e)
{
    struct referring *r = user;

    if (e->depth == 0)
        r->is_evidence = e->tag == TAG_CurrentRequestedProcedureEvidenceSequence;
    if (!r->is_evidence || e->value.len == 0)
        return true;
    const char *text = arena_strndup(r->arena, e->value.data, e->value.len);
    if (e->tag == TAG_ReferencedSOPInstanceUID)
        reference_add(r, text);
    for (struct dicom_reference *n = *r->series; n != NULL && e->tag == TAG_SeriesInstanceUID; n = n->next)
        n->series = text;
    for (struct dicom_reference *n = *r->series; n != NULL && e->tag == TAG_RetrieveLocationUID; n = n->next)
        n->location = text;
    for (struct dicom_reference *n = *r->study; n != NULL && e->tag == TAG_StudyInstanceUID; n = n->next)
        n->study = text;
    r->has_series = r->has_series || e->tag == TAG_SeriesInstanceUID;
    r->has_study = r->has_study || e->tag == TAG_StudyInstanceUID;
    return true;
}

enum rc dicom_references(struct arena *a, struct str file, struct dicom_reference **out)
{
    struct referring r = { .arena = a };

    r.end = r.series = r.study = &r.first;
    TRY(dicom_read(file, reference_visit, &r));
    *out = r.first;
    return OK;
}
