/* Faults of HL7 v2 answers, on the text before it is put into its character set and frame. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "fault/apply.h"
#include "fault/fault.h"
#include "fault/outgoing.h"

/* From the segment's name to its line end; empty when there is none. */
static struct str segment_of(struct str text, const char *name)
{
    struct str s = { text.data, 0 };
    const char *end = text.data + text.len;

    while (s.data < end) {
        const char *line_end = memchr(s.data, '\r', (size_t)(end - s.data));
        s.len = (size_t)((line_end != NULL ? line_end : end) - s.data);
        if (s.len > 4 && memcmp(s.data, name, 3) == 0)
            return s;
        s.data += s.len + 1;
    }
    return (struct str){ NULL, 0 };
}

/* Where field n stands in a segment; MSH-1 is the separator itself. Ends at the segment's end when it is not there. */
static struct str field_of(struct str segment, int n)
{
    char separator = segment.data[3];
    const char *at = segment.data, *end = segment.data + segment.len;

    if (memcmp(segment.data, "MSH", 3) == 0)
        n--;
    for (; n > 0 && at < end; n--) {
        const char *next = memchr(at, separator, (size_t)(end - at));
        at = next != NULL ? next + 1 : end;
    }
    const char *stop = at < end ? memchr(at, separator, (size_t)(end - at)) : NULL;
    return (struct str){ at, (size_t)((stop != NULL ? stop : end) - at) };
}

static bool is_hl7v2(struct str text)
{
    return text.len > 8 && memcmp(text.data, "MSH", 3) == 0;
}

/* Only of what is there: a segment that ends before the field stays as it is. */
static void set_field(struct outgoing *o, const char *name, int n, const char *value)
{
    struct str text = outgoing_text(o), segment = is_hl7v2(text) ? segment_of(text, name) : STR("");

    if (segment.len == 0)
        return;
    struct str field = field_of(segment, n);
    struct buf *out = buf_new(o->arena, BUF_MAX_DEFAULT);
    buf_add(out, text.data, (size_t)(field.data - text.data));
    buf_add_text(out, value);
    buf_add(out, field.data + field.len, (size_t)(text.data + text.len - (field.data + field.len)));
    outgoing_replace(o, buf_str(out));
}

void apply_hl7v2_id(struct outgoing *o, const struct fault *f)
{
    set_field(o, "MSA", 2, fault_text(f, 0));
}

void apply_hl7v2_ack(struct outgoing *o, const struct fault *f)
{
    set_field(o, "MSA", 1, fault_text(f, 0));
}

/* A header that ends before MSH-18 gets the fields between. */
void apply_hl7v2_charset(struct outgoing *o, const struct fault *f)
{
    struct str text = outgoing_text(o), header = is_hl7v2(text) ? segment_of(text, "MSH") : STR("");
    int fields = 1;

    for (size_t i = 0; i < header.len; i++)
        fields += header.data[i] == header.data[3];
    if (header.len == 0 || fields >= 18) {
        set_field(o, "MSH", 18, fault_text(f, 0));
        return;
    }
    struct buf *out = buf_new(o->arena, BUF_MAX_DEFAULT);
    buf_add_str(out, header);
    for (; fields < 18; fields++)
        buf_add_char(out, header.data[3]);
    buf_add_text(out, fault_text(f, 0));
    buf_add(out, header.data + header.len, text.len - header.len);
    outgoing_replace(o, buf_str(out));
}

void apply_hl7v2_type(struct outgoing *o, const struct fault *f)
{
    set_field(o, "MSH", 9, fault_text(f, 0));
}

void apply_hl7v2_delimiters(struct outgoing *o, const struct fault *f UNUSED)
{
    set_field(o, "MSH", 2, "$%!*");
}

void apply_hl7v2_no_msh(struct outgoing *o, const struct fault *f UNUSED)
{
    struct str text = outgoing_text(o), header = is_hl7v2(text) ? segment_of(text, "MSH") : STR("");

    if (header.len < text.len && header.len > 0)
        outgoing_replace(o, (struct str){ text.data + header.len + 1, text.len - header.len - 1 });
}

void apply_hl7v2_no_start(struct outgoing *o, const struct fault *f UNUSED)
{
    o->delivery.has_no_start = true;
}

void apply_hl7v2_no_end(struct outgoing *o, const struct fault *f UNUSED)
{
    o->delivery.has_no_end = true;
}

void apply_hl7v2_twice(struct outgoing *o, const struct fault *f UNUSED)
{
    o->delivery.copies++;
}

void shift_hl7v2(struct outgoing *o)
{
    char shifted[CLOCK_DTM_LEN];

    if (o->root != NULL || !is_hl7v2(o->text))
        return;
    clock_dtm(clock_now() + o->shift_s, shifted);
    set_field(o, "MSH", 7, shifted);
}
