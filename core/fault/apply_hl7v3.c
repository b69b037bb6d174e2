/* Faults of HL7 v3 answers: MCCI acknowledgements, PIX and demographics queries. */
#include "base/arena.h"
#include "base/clock.h"
#include "fault/apply.h"
#include "fault/fault.h"
#include "fault/outgoing.h"
#include "fault/tree.h"
#include "wire/ns.h"
#include "wire/xml.h"

/* The message: the body's child when it is of HL7; NULL otherwise. */
static struct xml_node *message_of(struct outgoing *o)
{
    struct xml_node *n = xml_first_element(xml_child(outgoing_tree(o), NS_SOAP12, "Body"));

    return n != NULL && text_equal(n->ns, NS_HL7) ? n : NULL;
}

static void set_code(struct outgoing *o, struct xml_node *n, const char *attr, const char *value)
{
    if (n != NULL)
        xml_set_attr(o->arena, n, attr, value);
}

void apply_hl7v3_ack(struct outgoing *o, const struct fault *f)
{
    set_code(o, xml_at(message_of(o), NS_HL7, "acknowledgement", "typeCode", NULL), "code", fault_text(f, 0));
}

void apply_hl7v3_query(struct outgoing *o, const struct fault *f)
{
    set_code(o, xml_at(message_of(o), NS_HL7, "controlActProcess", "queryAck", "queryResponseCode", NULL), "code",
             fault_text(f, 0));
}

void apply_hl7v3_target(struct outgoing *o, const struct fault *f UNUSED)
{
    set_code(o, xml_at(message_of(o), NS_HL7, "acknowledgement", "targetMessage", "id", NULL), "root",
             "00000000-0000-4000-8000-000000000000");
}

struct stranger {
    struct arena *arena;
    const char *extension;
};

static void rename_patient(struct xml_node *n, void *user)
{
    const struct stranger *s = user;

    if (!xml_is(n, NS_HL7, "patient"))
        return;
    for (struct xml_node *id = xml_child(n, NS_HL7, "id"); id != NULL; id = xml_next(id))
        xml_set_attr(s->arena, id, "extension", s->extension);
}

void apply_hl7v3_patient(struct outgoing *o, const struct fault *f)
{
    struct stranger s = { o->arena, fault_text(f, 0) };

    tree_walk(message_of(o), rename_patient, &s);
}

static struct xml_node *first_match(struct outgoing *o)
{
    return xml_at(message_of(o), NS_HL7, "controlActProcess", "subject", NULL);
}

void apply_hl7v3_twice(struct outgoing *o, const struct fault *f UNUSED)
{
    for (struct xml_node *n = first_match(o), *next; n != NULL; n = next) {
        next = xml_next(n);
        tree_double(o->arena, n);
    }
}

void apply_hl7v3_nobody(struct outgoing *o, const struct fault *f UNUSED)
{
    for (struct xml_node *n = first_match(o), *next; n != NULL; n = next) {
        next = xml_next(n);
        xml_remove(n);
    }
}

void shift_hl7v3(struct outgoing *o)
{
    struct xml_node *time = xml_child(message_of(o), NS_HL7, "creationTime");
    char shifted[CLOCK_DTM_LEN];

    if (time == NULL)
        return;
    clock_dtm(clock_now() + o->shift_s, shifted);
    xml_set_attr(o->arena, time, "value", shifted);
}
