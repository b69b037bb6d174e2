/* Looking into, and completing, an ebRIM object that stays a tree: what is not understood stays as it was sent. */
#include "msg/ebrim.h"

#include "base/str.h"
#include "wire/ns.h"

static struct xml_node *slot_find(const struct xml_node *object, const char *name)
{
    struct xml_node *slot = xml_child(object, NS_RIM, "Slot");

    while (slot != NULL && !text_equal(xml_attr(slot, "name"), name))
        slot = xml_next(slot);
    return slot;
}

void ebrim_slot_set(struct arena *a, struct xml_node *object, const char *name, const char *value)
{
    for (struct xml_node *slot; (slot = slot_find(object, name)) != NULL;)
        xml_remove(slot);

    /* Slots come before everything else in an object. */
    struct xml_node *slot = xml_insert_first(a, object, NS_RIM, "Slot");
    xml_set_attr(a, slot, "name", name);
    struct xml_node *list = xml_append(a, slot, NS_RIM, "ValueList");
    xml_append_text(a, xml_append(a, list, NS_RIM, "Value"), value);
}

const char *ebrim_slot(struct arena *a, const struct xml_node *object, const char *name)
{
    const struct xml_node *values = xml_child(slot_find(object, name), NS_RIM, "ValueList");

    return xml_text_trimmed(a, xml_child(values, NS_RIM, "Value"));
}

const char *ebrim_external_id(const struct xml_node *object, const char *scheme)
{
    for (const struct xml_node *n = xml_child(object, NS_RIM, "ExternalIdentifier"); n != NULL; n = xml_next(n))
        if (text_equal(xml_attr(n, "identificationScheme"), scheme))
            return xml_attr(n, "value");
    return NULL;
}
