/* Faults of the envelope. */
#include "base/arena.h"
#include "base/buf.h"
#include "fault/apply.h"
#include "fault/fault.h"
#include "fault/outgoing.h"
#include "fault/tree.h"
#include "wire/ns.h"
#include "wire/soap.h"
#include "wire/xml.h"

#include <stdlib.h>
#include <string.h>

static struct xml_node *header_of(struct outgoing *o)
{
    return xml_child(outgoing_tree(o), NS_SOAP12, "Header");
}

static struct xml_node *addressing_of(struct outgoing *o, const char *name)
{
    return xml_child(header_of(o), NS_WSA, name);
}

static struct xml_node *body_of(struct outgoing *o)
{
    return xml_child(outgoing_tree(o), NS_SOAP12, "Body");
}

/* The header is put in where it is missing. */
static void set_addressing(struct outgoing *o, const char *name, const char *value)
{
    struct xml_node *header = header_of(o), *n = addressing_of(o, name);

    if (header == NULL)
        return;
    tree_set_text(o->arena, n != NULL ? n : xml_append(o->arena, header, NS_WSA, name), value);
}

static void remove_addressing(struct outgoing *o, const char *name)
{
    struct xml_node *n = addressing_of(o, name);

    if (n != NULL)
        xml_remove(n);
}

void apply_soap_relates_to(struct outgoing *o, const struct fault *f)
{
    set_addressing(o, "RelatesTo", fault_text(f, 0));
}

void apply_soap_no_relates_to(struct outgoing *o, const struct fault *f UNUSED)
{
    remove_addressing(o, "RelatesTo");
}

void apply_soap_action(struct outgoing *o, const struct fault *f)
{
    set_addressing(o, "Action", fault_text(f, 0));
}

void apply_soap_no_action(struct outgoing *o, const struct fault *f UNUSED)
{
    remove_addressing(o, "Action");
}

void apply_soap_message_id(struct outgoing *o, const struct fault *f)
{
    set_addressing(o, "MessageID", fault_text(f, 0));
}

void apply_soap_malformed(struct outgoing *o, const struct fault *f UNUSED)
{
    struct str text = outgoing_text(o);
    size_t n = text.len;

    while (n > 0 && text.data[n - 1] != '<')
        n--;
    if (n > 0)
        outgoing_replace(o, (struct str){ text.data, n - 1 });
}

static void to_version11(struct xml_node *n, void *user UNUSED)
{
    if (text_equal(n->ns, NS_SOAP12))
        n->ns = NS_SOAP11;
}

void apply_soap_version11(struct outgoing *o, const struct fault *f UNUSED)
{
    tree_walk(outgoing_tree(o), to_version11, NULL);
}

void apply_soap_no_body(struct outgoing *o, const struct fault *f UNUSED)
{
    struct xml_node *body = body_of(o);

    if (body != NULL)
        tree_remove_children(body);
}

void apply_soap_doctype(struct outgoing *o, const struct fault *f UNUSED)
{
    struct buf *text = buf_new(o->arena, BUF_MAX_DEFAULT);

    buf_add_literal(text, "<!DOCTYPE Envelope [ <!ENTITY kakehashi \"expanded\"> ]>\n");
    buf_add_str(text, outgoing_text(o));
    outgoing_replace(o, buf_str(text));
}

void apply_soap_wrong_body(struct outgoing *o, const struct fault *f)
{
    struct xml_node *child = xml_first_element(body_of(o));

    if (child != NULL)
        child->name = fault_text(f, 0);
}

void apply_soap_namespace(struct outgoing *o, const struct fault *f)
{
    struct xml_node *child = xml_first_element(body_of(o));

    if (child != NULL)
        child->ns = fault_text(f, 0);
}

void apply_soap_must_understand(struct outgoing *o, const struct fault *f UNUSED)
{
    struct xml_node *header = header_of(o);

    if (header == NULL)
        return;
    struct xml_node *n = xml_append(o->arena, header, "urn:example:kakehashi", "NobodyKnows");
    xml_set_attr(o->arena, n, "mustUnderstand", "true");
    n->attrs->ns = NS_SOAP12;
}

/* ---- a fault instead ---- */

static const struct {
    const char *name;
    enum soap_code code;
} codes[] = {
    { "Receiver", SOAP_RECEIVER },
    { "Sender", SOAP_SENDER },
    { "MustUnderstand", SOAP_MUST_UNDERSTAND },
    { "VersionMismatch", SOAP_VERSION_MISMATCH },
};

void apply_soap_fault(struct outgoing *o, const struct fault *f)
{
    struct soap_fault fault = { .code = SOAP_RECEIVER, .reason = fault_text(f, 1) };
    struct xml_node *relates = addressing_of(o, "RelatesTo");
    struct buf *text = buf_new(o->arena, BUF_MAX_DEFAULT);

    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        if (strcmp(codes[i].name, fault_text(f, 0)) == 0)
            fault.code = codes[i].code;
    }
    soap_write_fault(text, &fault, xml_text(o->arena, relates));
    o->text = buf_str(text);
    o->root = NULL;
    o->parts = NULL;
    o->status = soap_fault_status(&fault);
}
