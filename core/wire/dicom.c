#include "wire/dicom.h"

#include "base/buf.h"
#include "base/rc.h"

#include <string.h>

#define IMPLEMENTATION_CLASS   "2.999.392.9.0.1"
#define IMPLEMENTATION_VERSION "KAKEHASHI"
#define UNDEFINED_LENGTH       0xFFFFFFFFu

#define ITEM         0xFFFEE000u
#define ITEM_END     0xFFFEE00Du
#define SEQUENCE_END 0xFFFEE0DDu

#define ROW(tag, vr, name) { tag, vr },
static const struct {
    uint32_t tag;
    char vr[3];
} tags[] = { DICOM_TAGS(ROW) };

static void add_16(struct buf *out, uint32_t n)
{
    const char bytes[2] = { (char)n, (char)(n >> 8) };

    buf_add(out, bytes, sizeof(bytes));
}

static void add_32(struct buf *out, uint32_t n)
{
    add_16(out, n);
    add_16(out, n >> 16);
}

static void add_tag(struct buf *out, uint32_t tag)
{
    add_16(out, tag >> 16);
    add_16(out, tag);
}

/* These VRs have two reserved bytes and a length of 32 bits (PS3.5: 7.1.2). */
static bool is_long(const char *vr)
{
    static const char *const longs[] = { "OB", "SQ", "UT", "OW", "UN" };

    for (size_t i = 0; i < ARRAY_LEN(longs); i++) {
        if (strcmp(vr, longs[i]) == 0)
            return true;
    }
    return false;
}

static void add_head(struct buf *out, uint32_t tag, const char *vr, uint32_t length)
{
    add_tag(out, tag);
    buf_add(out, vr, 2);
    if (is_long(vr)) {
        add_16(out, 0);
        add_32(out, length);
    } else {
        add_16(out, length);
    }
}

static void add_value(struct buf *out, uint32_t tag, const char *vr, struct str value)
{
    bool has_nul = strcmp(vr, "UI") == 0 || strcmp(vr, "OB") == 0;

    add_head(out, tag, vr, (uint32_t)(value.len + value.len % 2));
    buf_add_str(out, value);
    if (value.len % 2 != 0)
        buf_add_char(out, has_nul ? '\0' : ' ');
}

/* PS3.10: 7.1. The group's length counts what follows it. */
void dicom_begin(struct buf *out, const char *sop_class, const char *sop_instance)
{
    static const char preamble[128];

    buf_add(out, preamble, sizeof(preamble));
    buf_add_literal(out, "DICM");
    add_head(out, 0x00020000, "UL", 4);
    size_t length_at = out->len;
    add_32(out, 0);
    add_value(out, 0x00020001, "OB", (struct str){ "\0\1", 2 });
    add_value(out, 0x00020002, "UI", str_from(sop_class));
    add_value(out, 0x00020003, "UI", str_from(sop_instance));
    add_value(out, 0x00020010, "UI", STR(DICOM_EXPLICIT_VR_LITTLE_ENDIAN));
    add_value(out, 0x00020012, "UI", STR(IMPLEMENTATION_CLASS));
    add_value(out, 0x00020013, "SH", STR(IMPLEMENTATION_VERSION));

    size_t length = out->len - length_at - 4;
    for (int i = 0; !out->overflowed && i < 4; i++)
        out->data[length_at + (size_t)i] = (char)(length >> (8 * i));
}

void dicom_bytes(struct buf *out, enum dicom_tag tag, struct str value)
{
    add_value(out, tags[tag].tag, tags[tag].vr, value);
}

void dicom_text(struct buf *out, enum dicom_tag tag, const char *value)
{
    dicom_bytes(out, tag, str_from(value));
}

void dicom_number(struct buf *out, enum dicom_tag tag, uint16_t value)
{
    add_head(out, tags[tag].tag, tags[tag].vr, 2);
    add_16(out, value);
}

void dicom_sequence(struct buf *out, enum dicom_tag tag)
{
    add_head(out, tags[tag].tag, tags[tag].vr, UNDEFINED_LENGTH);
}

void dicom_end_sequence(struct buf *out)
{
    add_tag(out, SEQUENCE_END);
    add_32(out, 0);
}

void dicom_item(struct buf *out)
{
    add_tag(out, ITEM);
    add_32(out, UNDEFINED_LENGTH);
}

void dicom_end_item(struct buf *out)
{
    add_tag(out, ITEM_END);
    add_32(out, 0);
}

void dicom_code(struct buf *out, enum dicom_tag tag, const char *value, const char *scheme, const char *meaning)
{
    dicom_sequence(out, tag);
    dicom_item(out);
    dicom_text(out, DICOM_CodeValue, value);
    dicom_text(out, DICOM_CodingSchemeDesignator, scheme);
    dicom_text(out, DICOM_CodeMeaning, meaning);
    dicom_end_item(out);
    dicom_end_sequence(out);
}
