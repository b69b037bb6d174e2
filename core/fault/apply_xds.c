/* Faults of what registries, repositories and gateways say: ebXML metadata and answers. */
#include "base/arena.h"
#include "fault/apply.h"
#include "fault/fault.h"
#include "fault/outgoing.h"
#include "fault/tree.h"
#include "wire/ns.h"
#include "wire/xml.h"

#include <stdlib.h>
#include <string.h>

#define STATUS         "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
#define STATUS_PARTIAL "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"
#define SEVERITY       "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"

/* ---- the answer as a whole ---- */

/* The element that carries the status: the body's child, or RegistryResponse within it. */
static struct xml_node *response_of(struct outgoing *o)
{
    struct xml_node *body = xml_first_element(xml_child(outgoing_tree(o), NS_SOAP12, "Body"));

    return xml_attr(body, "status") != NULL ? body : tree_find(body, "RegistryResponse");
}

static void remove_results(struct xml_node *n, void *user UNUSED)
{
    if (text_equal(n->name, "RegistryObjectList"))
        tree_remove_children(n);
    else if (text_equal(n->name, "DocumentResponse") || text_equal(n->name, "RegistryErrorList"))
        xml_remove(n);
}

static void add_error(struct outgoing *o, struct xml_node *response, const struct fault *f)
{
    struct xml_node *list = xml_child(response, NS_RS, "RegistryErrorList");

    if (list == NULL)
        list = xml_insert_first(o->arena, response, NS_RS, "RegistryErrorList");
    struct xml_node *error = xml_append(o->arena, list, NS_RS, "RegistryError");
    xml_set_attr(o->arena, error, "codeContext", fault_text(f, 1));
    xml_set_attr(o->arena, error, "errorCode", fault_text(f, 0));
    xml_set_attr(o->arena, error, "severity", SEVERITY);
    if (!text_absent(fault_text(f, 2)))
        xml_set_attr(o->arena, error, "location", fault_text(f, 2));
}

static struct xml_node *set_status(struct outgoing *o, const char *status)
{
    struct xml_node *response = response_of(o);

    if (response != NULL)
        xml_set_attr(o->arena, response, "status", status);
    return response;
}

void apply_xds_error(struct outgoing *o, const struct fault *f)
{
    struct xml_node *response = set_status(o, STATUS "Failure");

    if (response == NULL)
        return;
    tree_walk(outgoing_tree(o), remove_results, NULL);
    add_error(o, response, f);
    o->parts = NULL;
}

void apply_xds_partial(struct outgoing *o, const struct fault *f)
{
    struct xml_node *response = set_status(o, STATUS_PARTIAL);

    if (response != NULL)
        add_error(o, response, f);
}

void apply_xds_status(struct outgoing *o, const struct fault *f)
{
    set_status(o, fault_text(f, 0));
}

void apply_xds_empty(struct outgoing *o, const struct fault *f UNUSED)
{
    if (set_status(o, STATUS "Success") == NULL)
        return;
    tree_walk(outgoing_tree(o), remove_results, NULL);
    o->parts = NULL;
}

/* ---- in every object ---- */

struct change {
    struct outgoing *outgoing;
    const struct fault *fault;
};

static void each(struct outgoing *o, const struct fault *f, void (*what)(struct xml_node *n, void *change))
{
    struct change c = { o, f };

    tree_walk(outgoing_tree(o), what, &c);
}

static bool is_slot(const struct xml_node *n, const char *name)
{
    return xml_is(n, NS_RIM, "Slot") && text_equal(xml_attr(n, "name"), name);
}

static void set_slot(const struct change *c, const struct xml_node *slot, const char *value)
{
    struct xml_node *n = xml_at(slot, NS_RIM, "ValueList", "Value", NULL);

    if (n != NULL)
        tree_set_text(c->outgoing->arena, n, value);
}

static void wrong_hash(struct xml_node *n, void *change)
{
    const struct change *c = change;

    if (is_slot(n, "hash"))
        set_slot(c, n, fault_text(c->fault, 0));
}

void apply_xds_hash(struct outgoing *o, const struct fault *f)
{
    each(o, f, wrong_hash);
}

static void wrong_size(struct xml_node *n, void *change)
{
    const struct change *c = change;
    struct arena *a = c->outgoing->arena;

    if (!is_slot(n, "size"))
        return;
    const char *size = xml_text(a, xml_at(n, NS_RIM, "ValueList", "Value", NULL));
    set_slot(c, n, arena_printf(a, "%.0f", strtod(size != NULL ? size : "0", NULL) + fault_number(c->fault, 0)));
}

void apply_xds_size(struct outgoing *o, const struct fault *f)
{
    each(o, f, wrong_size);
}

static void wrong_repository(struct xml_node *n, void *change)
{
    const struct change *c = change;

    if (is_slot(n, "repositoryUniqueId"))
        set_slot(c, n, fault_text(c->fault, 0));
    else if (xml_is(n, NS_XDS, "RepositoryUniqueId"))
        tree_set_text(c->outgoing->arena, n, fault_text(c->fault, 0));
}

void apply_xds_repository(struct outgoing *o, const struct fault *f)
{
    each(o, f, wrong_repository);
}

static void wrong_home(struct xml_node *n, void *change)
{
    const struct change *c = change;

    if (xml_attr(n, "home") != NULL)
        xml_set_attr(c->outgoing->arena, n, "home", fault_text(c->fault, 0));
    else if (xml_is(n, NS_XDS, "HomeCommunityId"))
        tree_set_text(c->outgoing->arena, n, fault_text(c->fault, 0));
}

void apply_xds_home(struct outgoing *o, const struct fault *f)
{
    each(o, f, wrong_home);
}

static void no_home(struct xml_node *n, void *change UNUSED)
{
    tree_remove_attr(n, "home");
    if (xml_is(n, NS_XDS, "HomeCommunityId"))
        xml_remove(n);
}

void apply_xds_no_home(struct outgoing *o, const struct fault *f)
{
    each(o, f, no_home);
}

/* A walk does not visit the twin: next is taken before. */
static void doubled(struct xml_node *n, void *change)
{
    const struct change *c = change;
    bool is_object = text_equal(n->parent != NULL ? n->parent->name : NULL, "RegistryObjectList");

    if (is_object || xml_is(n, NS_XDS, "DocumentResponse"))
        tree_double(c->outgoing->arena, n);
}

void apply_xds_duplicates(struct outgoing *o, const struct fault *f)
{
    each(o, f, doubled);
}

static bool is_identifier(const struct xml_node *n, const char *of)
{
    static const char *const schemes[] = { "XDSDocumentEntry", "XDSSubmissionSet", "XDSFolder" };
    const struct xml_node *text = xml_at(n, NS_RIM, "Name", "LocalizedString", NULL);
    const char *name = xml_attr(text, "value");
    size_t length;

    for (size_t i = 0; name != NULL && i < ARRAY_LEN(schemes); i++) {
        length = strlen(schemes[i]);
        if (strncmp(name, schemes[i], length) == 0 && name[length] == '.' && strcmp(name + length + 1, of) == 0)
            return true;
    }
    return false;
}

static void wrong_patient(struct xml_node *n, void *change)
{
    const struct change *c = change;

    if (is_slot(n, "sourcePatientId"))
        set_slot(c, n, fault_text(c->fault, 0));
    else if (xml_is(n, NS_RIM, "ExternalIdentifier") && is_identifier(n, "patientId"))
        xml_set_attr(c->outgoing->arena, n, "value", fault_text(c->fault, 0));
}

void apply_xds_patient(struct outgoing *o, const struct fault *f)
{
    each(o, f, wrong_patient);
}

static void wrong_unique_id(struct xml_node *n, void *change)
{
    const struct change *c = change;

    if (xml_is(n, NS_XDS, "DocumentUniqueId"))
        tree_set_text(c->outgoing->arena, n, fault_text(c->fault, 0));
    else if (xml_is(n, NS_RIM, "ExternalIdentifier") && is_identifier(n, "uniqueId"))
        xml_set_attr(c->outgoing->arena, n, "value", fault_text(c->fault, 0));
}

void apply_xds_unique_id(struct outgoing *o, const struct fault *f)
{
    each(o, f, wrong_unique_id);
}
