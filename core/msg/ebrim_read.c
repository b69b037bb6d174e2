/*
 * One ebRIM object by its table (ITI TF-3: 4.2.3): every row fetches its own part of the XML; then each child of the
 * object is asked whether some row wanted it, so that no attribute is lost in silence.
 */
#include "msg/ebrim_read.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/document.h"
#include "model/rule.h"
#include "msg/ebrim_detail.h"
#include "wire/ns.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

/* What is wrong a hundred times is told this often; more helps nobody and costs us. */
#define ISSUES_MAX 50
/* Parts a long text may be cut into. */
#define PARTS_MAX 99
/* ebRIM's LongName and FreeFormText, in characters. */
#define LONG_NAME_MAX 256
#define FREE_FORM_MAX 1024

/* One object being read. */
struct target {
    struct ebrim_reader *r;
    const struct ebrim_class *class;
    const struct xml_node *node;
    void *object;
};

void ebrim_break(const struct ebrim_reader *r, enum rule rule, const struct xml_node *node, const char *fmt, ...)
{
    va_list ap;

    if (r->issues->errors + r->issues->warnings >= ISSUES_MAX)
        return;
    va_start(ap, fmt);
    rule_issue_add(r->arena, r->issues, rule, r->code, xml_path(r->arena, node), fmt, ap);
    va_end(ap);
}

/* NULL for what is as good as absent. */
static const char *present(const char *text)
{
    return text_absent(text) ? NULL : text;
}

/* ---- pieces ---- */

static struct text_list *values_read(struct arena *a, const struct xml_node *slot)
{
    const struct xml_node *list = xml_child(slot, NS_RIM, "ValueList");
    struct text_list *first = NULL, **tail = &first;

    for (const struct xml_node *v = xml_child(list, NS_RIM, "Value"); v != NULL; v = xml_next(v)) {
        const char *text = present(xml_text_trimmed(a, v));
        if (text == NULL)
            continue;
        *tail = ARENA_NEW(a, struct text_list);
        (*tail)->text = text;
        tail = &(*tail)->next;
    }
    return first;
}

static const struct xml_node *slot_next(const struct xml_node *slot, const char *name)
{
    while (slot != NULL && !text_equal(xml_attr(slot, "name"), name))
        slot = xml_next(slot);
    return slot;
}

/* The values of the slot of that name; two slots of one name are reported. */
static struct text_list *slot_values(const struct target *t, const char *name)
{
    const struct xml_node *slot = slot_next(xml_child(t->node, NS_RIM, "Slot"), name);

    if (slot == NULL)
        return NULL;
    if (slot_next(xml_next(slot), name) != NULL)
        ebrim_break(t->r, RULE_REQ_SLOT_TWICE, slot, "the Slot %s stands twice; put all values into one", name);
    return values_read(t->r->arena, slot);
}

static const char *slot_text(const struct target *t, const char *name)
{
    const struct text_list *values = slot_values(t, name);

    if (values == NULL)
        return NULL;
    if (values->next != NULL)
        ebrim_break(t->r, RULE_REQ_SLOT_SINGLE, t->node, "the Slot %s has several values where one is allowed", name);
    return values->text;
}

static const char *localized_text(const struct xml_node *parent, const char *name)
{
    const struct xml_node *text = xml_child(xml_child(parent, NS_RIM, name), NS_RIM, "LocalizedString");

    return present(xml_attr(text, "value"));
}

static const struct xml_node *classification_next(const struct xml_node *n, const char *scheme)
{
    while (n != NULL && !text_equal(xml_attr(n, "classificationScheme"), scheme))
        n = xml_next(n);
    return n;
}

static const struct xml_node *classification_first(const struct target *t, const char *scheme)
{
    return classification_next(xml_child(t->node, NS_RIM, "Classification"), scheme);
}

/* ---- one function per kind of row ---- */

typedef void row_reader(const struct target *t, const struct ebrim_row *row, void *field);

static void attribute_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    *(const char **)field = present(xml_attr(t->node, row->key));
}

/* What is fixed is not looked at: its value says nothing that the element's name does not. */
static void nothing_read(const struct target *t UNUSED, const struct ebrim_row *row UNUSED, void *field UNUSED)
{
}

static void slot_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    *(const char **)field = slot_text(t, row->key);
}

static void slot_list_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    *(struct text_list **)field = slot_values(t, row->key);
}

/* The text behind "number|"; NULL if no value has that number. */
static const char *part_find(const struct text_list *values, int number)
{
    for (; values != NULL; values = values->next) {
        const char *bar = strchr(values->text, '|');
        if (bar == NULL || bar - values->text > 2)
            continue;
        int n = 0;
        for (const char *c = values->text; c < bar && *c >= '0' && *c <= '9'; c++)
            n = n * 10 + (*c - '0');
        if (n == number)
            return bar + 1;
    }
    return NULL;
}

static void slot_parts_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    struct text_list *values = slot_values(t, row->key);
    const char *part, **text = field;

    if (values == NULL)
        return;
    *text = values->text;
    if ((part = part_find(values, 1)) == NULL) {
        if (values->next != NULL)
            ebrim_break(t->r, RULE_REQ_PARTS, t->node,
                        "the Slot %s has several values that do not begin with \"1|\", \"2|\" …", row->key);
        return;
    }
    *text = part;
    for (int number = 2; number <= PARTS_MAX && (part = part_find(values, number)) != NULL; number++)
        *text = arena_printf(t->r->arena, "%s%s", *text, part);
}

static const struct ebrim_row *slot_row(const struct ebrim_class *c, const char *name)
{
    return ebrim_row_find(c, EBRIM_SLOT, EBRIM_SLOT_PARTS, name);
}

static void slot_others_read(const struct target *t, const struct ebrim_row *row UNUSED, void *field)
{
    struct slot **tail = field;

    for (const struct xml_node *n = xml_child(t->node, NS_RIM, "Slot"); n != NULL; n = xml_next(n)) {
        const char *name = present(xml_attr(n, "name"));
        if (name == NULL || slot_row(t->class, name) != NULL)
            continue;
        *tail = ARENA_NEW(t->r->arena, struct slot);
        (*tail)->name = name;
        (*tail)->values = values_read(t->r->arena, n);
        tail = &(*tail)->next;
    }
}

static void localized_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    *(const char **)field = localized_text(t->node, ebrim_local_name(row->key));
}

static void version_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    const struct xml_node *info = xml_child(t->node, NS_RIM, ebrim_local_name(row->key));

    *(const char **)field = present(xml_attr(info, "versionName"));
}

static void mark_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    for (const struct xml_node *n = xml_child(t->node, NS_RIM, "Classification"); n != NULL; n = xml_next(n))
        if (text_equal(xml_attr(n, "classificationNode"), row->key))
            *(bool *)field = true;
}

static void code_check(const struct target *t, const struct xml_node *n, const struct code *code)
{
    if (code->code == NULL)
        ebrim_break(t->r, RULE_REQ_CODE, n, "this Classification needs its code in @nodeRepresentation");
    if (code->scheme == NULL)
        ebrim_break(t->r, RULE_REQ_CODING_SCHEME, n, "this Classification needs a Slot codingScheme with one value");
    if (code->display == NULL)
        ebrim_break(t->r, RULE_REQ_DISPLAY_NAME, n,
                    "this Classification needs its display name in Name/LocalizedString/@value");
}

static struct code *code_read(const struct target *t, const struct xml_node *n)
{
    const struct target classification = { .r = t->r, .class = t->class, .node = n };
    struct code *code = ARENA_NEW(t->r->arena, struct code);

    code->code = present(xml_attr(n, "nodeRepresentation"));
    code->scheme = slot_text(&classification, "codingScheme");
    code->display = localized_text(n, "Name");
    code_check(t, n, code);
    return code;
}

static void codes_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    struct code **first = field, **tail = first;

    for (const struct xml_node *n = classification_first(t, row->key); n != NULL;
         n = classification_next(xml_next(n), row->key)) {
        if (row->kind == EBRIM_CODE && *first != NULL) {
            ebrim_break(t->r, RULE_REQ_CODE_ONCE, n, "a %s has one Classification of scheme %s; this is another",
                        t->class->noun, row->key);
            return;
        }
        *tail = code_read(t, n);
        tail = &(*tail)->next;
    }
}

static void rows_read(const struct target *t);

/* Other slots of an author are let pass: "authorSpeciality" is a spelling that the world has seen. */
static void authors_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    struct author **tail = field;

    for (const struct xml_node *n = classification_first(t, row->key); n != NULL;
         n = classification_next(xml_next(n), row->key)) {
        *tail = ARENA_NEW(t->r->arena, struct author);
        rows_read(&(struct target){ .r = t->r, .class = &ebrim_author, .node = n, .object = *tail });
        tail = &(*tail)->next;
    }
}

static void external_id_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    const char **value = field;
    bool is_found = false;

    for (const struct xml_node *n = xml_child(t->node, NS_RIM, "ExternalIdentifier"); n != NULL; n = xml_next(n)) {
        if (!text_equal(xml_attr(n, "identificationScheme"), row->key))
            continue;
        if (is_found)
            ebrim_break(t->r, RULE_REQ_EXTERNAL_ONCE, n, "a %s has one %s, this is another", t->class->noun,
                        row->fixed);
        else
            *value = present(xml_attr(n, "value"));
        if (!text_equal(localized_text(n, "Name"), row->fixed))
            ebrim_break(t->r, RULE_REQ_EXTERNAL_NAME, n, "this ExternalIdentifier needs the Name %s", row->fixed);
        is_found = true;
    }
}

static row_reader *const readers[EBRIM_KIND_COUNT] = {
    [EBRIM_ATTRIBUTE] = attribute_read, [EBRIM_CONSTANT] = nothing_read,        [EBRIM_SLOT] = slot_read,
    [EBRIM_SLOT_LIST] = slot_list_read, [EBRIM_SLOT_PARTS] = slot_parts_read,   [EBRIM_SLOT_OTHERS] = slot_others_read,
    [EBRIM_LOCALIZED] = localized_read, [EBRIM_VERSION] = version_read,         [EBRIM_NODE] = nothing_read,
    [EBRIM_MARK] = mark_read,           [EBRIM_AUTHORS] = authors_read,         [EBRIM_CODE] = codes_read,
    [EBRIM_CODE_LIST] = codes_read,     [EBRIM_EXTERNAL_ID] = external_id_read,
};

static void rows_read(const struct target *t)
{
    for (const struct ebrim_row *row = t->class->rows; row < t->class->rows + t->class->count; row++)
        readers[row->kind](t, row, (char *)t->object + row->offset);
}

/* ---- did some row want it, and is it as it must be? ---- */

static size_t character_count(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += (*text & 0xc0) != 0x80;
    return n;
}

/* LongName and FreeFormText of the schema. */
static void length_check(const struct target *t, const struct xml_node *n, const char *what, const char *text,
                         size_t max)
{
    if (text != NULL && strlen(text) > max && character_count(text) > max)
        ebrim_break(t->r, RULE_REQ_LENGTH, n, "%s has %zu characters; %zu are allowed", what, character_count(text),
                    max);
}

/* By its prefix, which is all that ITI TF-3: 4.2.3.1.6 asks: "urn:att" is in use. */
static bool is_urn(const char *name)
{
    return strncasecmp(name, "urn:", 4) == 0 && name[4] != '\0';
}

/* Slots of an Association that the metadata update profiles define. */
static bool is_update_slot(const char *name)
{
    static const char *const names[] = { "PreviousVersion", "OriginalStatus", "NewStatus", "AssociationPropagation" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static void extra_slot_check(const struct target *t, const struct xml_node *n, const char *name)
{
    if (slot_row(t->class, name) != NULL || (t->class == &ebrim_association && is_update_slot(name)))
        return;
    if (!is_urn(name))
        ebrim_break(t->r, RULE_REQ_SLOT_URN, n,
                    "\"%.80s\" is no attribute of a %s; a Slot of your own has a URN as its name", name,
                    t->class->noun);
    else if (strncasecmp(name, "urn:ihe:", strlen("urn:ihe:")) == 0)
        ebrim_break(t->r, RULE_REQ_SLOT_IHE, n, "\"%.80s\" is no attribute of a %s known here; it is kept as it is",
                    name, t->class->noun);
}

static void values_check(const struct target *t, const struct xml_node *slot)
{
    const struct xml_node *list = xml_child(slot, NS_RIM, "ValueList");

    for (const struct xml_node *v = xml_child(list, NS_RIM, "Value"); v != NULL; v = xml_next(v))
        length_check(t, v, "this Value", xml_text(t->r->arena, v), LONG_NAME_MAX);
}

static void slot_check(const struct target *t, const struct xml_node *n)
{
    const char *name = present(xml_attr(n, "name"));

    if (name == NULL) {
        ebrim_break(t->r, RULE_REQ_SLOT_NAME, n, "this Slot has no name");
        return;
    }
    length_check(t, n, "@name", name, LONG_NAME_MAX);
    extra_slot_check(t, n, name);
    values_check(t, n);
}

/* Classifications and ExternalIdentifiers have an id, and say whose they are: it must be the object around them. */
static void inner_check(const struct target *t, const struct xml_node *n, enum rule owner_rule, const char *attribute)
{
    const char *owner = xml_attr(n, attribute), *id = xml_attr(t->node, "id");

    if (text_absent(xml_attr(n, "id")))
        ebrim_break(t->r, RULE_REQ_INNER_ID, n, "this %s needs an @id", n->name);
    if (!text_equal(owner, id))
        ebrim_break(t->r, owner_rule, n, "@%s is \"%s\" and must be the id of the object around it, \"%s\"", attribute,
                    owner == NULL ? "" : owner, id == NULL ? "" : id);
}

static void localized_check(const struct target *t, const struct xml_node *n)
{
    for (const struct xml_node *s = xml_child(n, NS_RIM, "LocalizedString"); s != NULL; s = xml_next(s))
        length_check(t, s, "@value", xml_attr(s, "value"), FREE_FORM_MAX);
}

static void classification_check(const struct target *t, const struct xml_node *n)
{
    const char *scheme = present(xml_attr(n, "classificationScheme"));
    const char *node = present(xml_attr(n, "classificationNode"));

    inner_check(t, n, RULE_REQ_CLASSIFICATION_OWNER, "classifiedObject");
    length_check(t, n, "@nodeRepresentation", xml_attr(n, "nodeRepresentation"), LONG_NAME_MAX);
    localized_check(t, xml_child(n, NS_RIM, "Name"));
    for (const struct xml_node *slot = xml_child(n, NS_RIM, "Slot"); slot != NULL; slot = xml_next(slot))
        values_check(t, slot);
    if (ebrim_row_find(t->class, EBRIM_AUTHORS, EBRIM_CODE_LIST, scheme) == NULL &&
        ebrim_row_find(t->class, EBRIM_NODE, EBRIM_MARK, node) == NULL)
        ebrim_break(t->r, RULE_REQ_CLASSIFICATION_SCHEME, n, "%s \"%s\" is no attribute of a %s",
                    scheme != NULL ? "classificationScheme" : "classificationNode",
                    scheme != NULL ? scheme : (node != NULL ? node : ""), t->class->noun);
}

static void external_id_check(const struct target *t, const struct xml_node *n)
{
    const char *scheme = xml_attr(n, "identificationScheme");

    inner_check(t, n, RULE_REQ_EXTERNAL_OWNER, "registryObject");
    length_check(t, n, "@value", xml_attr(n, "value"), LONG_NAME_MAX);
    if (ebrim_row_find(t->class, EBRIM_EXTERNAL_ID, EBRIM_EXTERNAL_ID, scheme) == NULL)
        ebrim_break(t->r, RULE_REQ_EXTERNAL_SCHEME, n, "identificationScheme \"%s\" is no attribute of a %s",
                    scheme == NULL ? "" : scheme, t->class->noun);
}

static void nothing_check(const struct target *t UNUSED, const struct xml_node *n UNUSED)
{
}

/* In the schema's order. */
static const struct {
    const char *name;
    void (*check)(const struct target *t, const struct xml_node *n);
} children[] = {
    { "Slot", slot_check },
    { "Name", localized_check },
    { "Description", localized_check },
    { "VersionInfo", nothing_check },
    { "Classification", classification_check },
    { "ExternalIdentifier", external_id_check },
    { "ContentVersionInfo", nothing_check },
};

static bool child_find(const struct xml_node *n, size_t *out)
{
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        if (xml_is(n, NS_RIM, children[i].name)) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* Told once for an object: what follows an element out of place looks out of place, too. */
static void order_check(const struct target *t)
{
    size_t before = 0, kind;

    for (const struct xml_node *n = xml_first_element(t->node); n != NULL; n = xml_next_element(n)) {
        if (!child_find(n, &kind))
            continue;
        if (kind < before) {
            ebrim_break(t->r, RULE_REQ_ORDER, n, "a %s stands before every %s in an object", children[kind].name,
                        children[before].name);
            return;
        }
        before = kind;
    }
}

static void child_check(const struct target *t, const struct xml_node *n)
{
    size_t kind;

    if (child_find(n, &kind))
        children[kind].check(t, n);
    else
        ebrim_break(t->r, RULE_REQ_OBJECT_ELEMENT, n, "a %s has no element %s", t->class->noun, n->name);
}

void ebrim_read(struct ebrim_reader *r, const struct ebrim_class *class, const struct xml_node *n, void *object)
{
    const struct target t = { .r = r, .class = class, .node = n, .object = object };

    rows_read(&t);
    *(struct xml_detail **)((char *)object + class->details) = ebrim_details(r->arena, class, n);
    order_check(&t);
    for (const struct xml_node *child = xml_first_element(n); child != NULL; child = xml_next_element(child))
        child_check(&t, child);
}
