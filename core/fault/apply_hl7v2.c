/* Faults of HL7 v2 answers, on the text before it is put into its character set and frame. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "fault/apply.h"
#include "fault/fault.h"
#include "fault/outgoing.h"
#include "wire/hl7v2_edit.h"

static bool is_hl7v2(struct str text)
{
    return text.len > 8 && memcmp(text.data, "MSH", 3) == 0;
}

/* A message without the segment stays as it is. */
static void edit(struct outgoing *o, enum hl7v2_edit_kind kind, const char *place, const char *value)
{
    struct str text = outgoing_text(o), edited;
    const char *why;

    if (is_hl7v2(text) &&
        hl7v2_edit(o->arena, text, &(struct hl7v2_edit){ kind, place, value }, 1, &edited, &why) == OK)
        outgoing_replace(o, edited);
}

static void set_field(struct outgoing *o, const char *place, const char *value)
{
    edit(o, HL7V2_SET, place, value);
}

void apply_hl7v2_id(struct outgoing *o, const struct fault *f)
{
    set_field(o, "MSA-2", fault_text(f, 0));
}

void apply_hl7v2_ack(struct outgoing *o, const struct fault *f)
{
    set_field(o, "MSA-1", fault_text(f, 0));
}

void apply_hl7v2_charset(struct outgoing *o, const struct fault *f)
{
    set_field(o, "MSH-18", fault_text(f, 0));
}

void apply_hl7v2_type(struct outgoing *o, const struct fault *f)
{
    set_field(o, "MSH-9", fault_text(f, 0));
}

void apply_hl7v2_delimiters(struct outgoing *o, const struct fault *f UNUSED)
{
    set_field(o, "MSH-2", "$%!*");
}

void apply_hl7v2_no_msh(struct outgoing *o, const struct fault *f UNUSED)
{
    edit(o, HL7V2_REMOVE, "MSH", NULL);
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
    set_field(o, "MSH-7", shifted);
}
