/*
 * ebRIM 3.0 → XDS metadata (ITI TF-3: 4.2.3). Every row of an object's table fetches its own part of the XML; then each
 * child of the object is asked whether some row wanted it, so that no attribute is lost in silence.
 */
#include "msg/ebrim.h"

#include "base/arena.h"
#include "base/str.h"
#include "msg/ebrim_table.h"
#include "wire/ns.h"

#include <string.h>

/* What is wrong a hundred times is told this often; more helps nobody and costs us. */
#define ISSUES_MAX 50
/* RegistryPackages whose marker is looked for outside of them. */
#define STRAY_PACKAGES_MAX 1000
/* Parts a long text may be cut into. */
#define PARTS_MAX 99

struct reader {
    struct arena *arena;
    const struct xml_node *list;
    enum issue_code code;
    struct issue_list *issues;
    int stray_packages;
    struct submission_set **sets; /* where the next of each is to hang */
    struct document_entry **documents;
    struct folder **folders;
    struct association **associations;
};

/* One object being read. */
struct target {
    struct reader *r;
    const struct ebrim_class *class;
    const struct xml_node *node;
    void *object;
};

#define REPORT(r, node, ...)                                                                                           \
    do {                                                                                                               \
        if ((r)->issues->errors < ISSUES_MAX)                                                                          \
            issue_add((r)->arena, (r)->issues, (r)->code, xml_path((r)->arena, (node)), __VA_ARGS__);                  \
    } while (0)

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
        REPORT(t->r, slot, "the Slot %s stands twice in one object; put all values into one (ITI TF-3: 4.2.3.1.1)",
               name);
    return values_read(t->r->arena, slot);
}

static const char *slot_text(const struct target *t, const char *name)
{
    const struct text_list *values = slot_values(t, name);

    if (values == NULL)
        return NULL;
    if (values->next != NULL)
        REPORT(t->r, t->node, "the Slot %s has several values where one is allowed", name);
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
            REPORT(t->r, t->node, "the values of Slot %s do not begin with \"1|\", \"2|\" … (ITI TF-3: 4.2.3.2.27)",
                   row->key);
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

static struct code *code_read(const struct target *t, const struct xml_node *n)
{
    const struct target classification = { .r = t->r, .class = t->class, .node = n };
    struct code *code = ARENA_NEW(t->r->arena, struct code);

    code->code = present(xml_attr(n, "nodeRepresentation"));
    code->scheme = slot_text(&classification, "codingScheme");
    code->display = localized_text(n, "Name");
    if (code->scheme == NULL)
        REPORT(t->r, n, "this Classification needs a Slot codingScheme with one value (ITI TF-3: 4.2.3.1.2)");
    return code;
}

static void codes_read(const struct target *t, const struct ebrim_row *row, void *field)
{
    struct code **first = field, **tail = first;

    for (const struct xml_node *n = classification_first(t, row->key); n != NULL;
         n = classification_next(xml_next(n), row->key)) {
        if (row->kind == EBRIM_CODE && *first != NULL) {
            REPORT(t->r, n, "a %s has one Classification of scheme %s at most", t->class->noun, row->key);
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
            REPORT(t->r, n, "a %s has one %s, this is another", t->class->noun, row->fixed);
        else
            *value = present(xml_attr(n, "value"));
        is_found = true;
    }
}

static row_reader *const readers[EBRIM_KIND_COUNT] = {
    [EBRIM_ATTRIBUTE] = attribute_read,
    [EBRIM_CONSTANT] = nothing_read,
    [EBRIM_SLOT] = slot_read,
    [EBRIM_SLOT_LIST] = slot_list_read,
    [EBRIM_SLOT_PARTS] = slot_parts_read,
    [EBRIM_SLOT_OTHERS] = slot_others_read,
    [EBRIM_LOCALIZED] = localized_read,
    [EBRIM_VERSION] = version_read,
    [EBRIM_NODE] = nothing_read,
    [EBRIM_AUTHORS] = authors_read,
    [EBRIM_CODE] = codes_read,
    [EBRIM_CODE_LIST] = codes_read,
    [EBRIM_EXTERNAL_ID] = external_id_read,
};

static void rows_read(const struct target *t)
{
    for (const struct ebrim_row *row = t->class->rows; row < t->class->rows + t->class->count; row++)
        readers[row->kind](t, row, (char *)t->object + row->offset);
}

/* ---- did some row want it? ---- */

static void slot_check(const struct target *t, const struct xml_node *n)
{
    if (text_absent(xml_attr(n, "name")))
        REPORT(t->r, n, "this Slot has no name");
}

/* Classifications and ExternalIdentifiers say whose they are, and it must be the object around them. */
static void owner_check(const struct target *t, const struct xml_node *n, const char *attribute)
{
    const char *owner = xml_attr(n, attribute), *id = xml_attr(t->node, "id");

    if (!text_equal(owner, id))
        REPORT(t->r, n, "@%s is \"%s\" and must be the id of the object around it, \"%s\"", attribute,
               owner == NULL ? "" : owner, id == NULL ? "" : id);
}

static void classification_check(const struct target *t, const struct xml_node *n)
{
    const char *scheme = present(xml_attr(n, "classificationScheme"));
    const char *node = present(xml_attr(n, "classificationNode"));

    owner_check(t, n, "classifiedObject");
    if (ebrim_row_find(t->class, EBRIM_AUTHORS, EBRIM_CODE_LIST, scheme) == NULL &&
        ebrim_row_find(t->class, EBRIM_NODE, EBRIM_NODE, node) == NULL)
        REPORT(t->r, n, "%s \"%s\" is no attribute of a %s (ITI TF-3: 4.2.3)",
               scheme != NULL ? "classificationScheme" : "classificationNode",
               scheme != NULL ? scheme : (node != NULL ? node : ""), t->class->noun);
}

static void external_id_check(const struct target *t, const struct xml_node *n)
{
    const char *scheme = xml_attr(n, "identificationScheme");

    owner_check(t, n, "registryObject");
    if (ebrim_row_find(t->class, EBRIM_EXTERNAL_ID, EBRIM_EXTERNAL_ID, scheme) == NULL)
        REPORT(t->r, n, "identificationScheme \"%s\" is no attribute of a %s (ITI TF-3: 4.2.3)",
               scheme == NULL ? "" : scheme, t->class->noun);
}

static void nothing_check(const struct target *t UNUSED, const struct xml_node *n UNUSED)
{
}

static const struct {
    const char *name;
    void (*check)(const struct target *t, const struct xml_node *n);
} children[] = {
    { "Slot", slot_check },
    { "Classification", classification_check },
    { "ExternalIdentifier", external_id_check },
    { "Name", nothing_check },
    { "Description", nothing_check },
    { "VersionInfo", nothing_check },
    { "ContentVersionInfo", nothing_check },
};

static void child_check(const struct target *t, const struct xml_node *n)
{
    for (size_t i = 0; i < ARRAY_LEN(children); i++)
        if (xml_is(n, NS_RIM, children[i].name)) {
            children[i].check(t, n);
            return;
        }
    REPORT(t->r, n, "a %s has no element %s", t->class->noun, n->name);
}

static void object_read(struct reader *r, const struct ebrim_class *class, const struct xml_node *n, void *object)
{
    const struct target t = { .r = r, .class = class, .node = n, .object = object };

    rows_read(&t);
    for (const struct xml_node *child = xml_first_element(n); child != NULL; child = xml_next_element(child))
        child_check(&t, child);
}

/* ---- the list ---- */

static void document_read(struct reader *r, const struct xml_node *n, const char *place)
{
    struct document_entry *d = ARENA_NEW(r->arena, struct document_entry);

    object_read(r, &ebrim_document, n, d);
    d->place = place;
    *r->documents = d;
    r->documents = &d->next;
}

static void association_read(struct reader *r, const struct xml_node *n, const char *place)
{
    struct association *s = ARENA_NEW(r->arena, struct association);

    object_read(r, &ebrim_association, n, s);
    s->place = place;
    *r->associations = s;
    r->associations = &s->next;
}

static void submission_set_read(struct reader *r, const struct xml_node *n, const char *place)
{
    struct submission_set *s = ARENA_NEW(r->arena, struct submission_set);

    object_read(r, &ebrim_submission_set, n, s);
    s->place = place;
    *r->sets = s;
    r->sets = &s->next;
}

static void folder_read(struct reader *r, const struct xml_node *n, const char *place)
{
    struct folder *f = ARENA_NEW(r->arena, struct folder);

    object_read(r, &ebrim_folder, n, f);
    f->place = place;
    *r->folders = f;
    r->folders = &f->next;
}

static bool class_has_node(const struct ebrim_class *c, const char *node)
{
    return node != NULL && ebrim_row_find(c, EBRIM_NODE, EBRIM_NODE, node) != NULL;
}

/* Does a Classification among parent's children mark the package of this id as c? NULL: whatever the id. */
static bool is_marked(const struct xml_node *parent, const char *id, const struct ebrim_class *c)
{
    for (const struct xml_node *n = xml_child(parent, NS_RIM, "Classification"); n != NULL; n = xml_next(n))
        if (class_has_node(c, xml_attr(n, "classificationNode")) &&
            (id == NULL || text_equal(id, xml_attr(n, "classifiedObject"))))
            return true;
    return false;
}

/* The marker stands in the package, or beside it in the list (both are seen: ITI TF-3: 4.2.1.2). */
static bool package_is(struct reader *r, const struct xml_node *n, const struct ebrim_class *c)
{
    const char *id = present(xml_attr(n, "id"));

    if (is_marked(n, NULL, c))
        return true;
    return id != NULL && r->stray_packages++ < STRAY_PACKAGES_MAX && is_marked(r->list, id, c);
}

static void package_read(struct reader *r, const struct xml_node *n, const char *place)
{
    if (package_is(r, n, &ebrim_submission_set))
        submission_set_read(r, n, place);
    else if (package_is(r, n, &ebrim_folder))
        folder_read(r, n, place);
    else
        REPORT(r, n,
               "this RegistryPackage is neither submission set nor folder: it needs a Classification with the "
               "classificationNode of one (ITI TF-3: 4.2.1.2, 4.2.1.3)");
}

static void marker_read(struct reader *r, const struct xml_node *n, const char *place UNUSED)
{
    const char *node = xml_attr(n, "classificationNode");

    if (!class_has_node(&ebrim_submission_set, node) && !class_has_node(&ebrim_folder, node))
        REPORT(r, n, "a Classification in the list itself can only mark a RegistryPackage; put it into its object");
}

/* ObjectRefs name what is elsewhere. */
static void reference_read(struct reader *r UNUSED, const struct xml_node *n UNUSED, const char *place UNUSED)
{
}

static const struct {
    const char *name;
    void (*read)(struct reader *r, const struct xml_node *n, const char *place);
} objects[] = {
    { "ExtrinsicObject", document_read }, { "RegistryPackage", package_read }, { "Association", association_read },
    { "Classification", marker_read },    { "ObjectRef", reference_read },
};

/* All objects of one kind, with places as xml_path has them, at the price of one walk. */
static void objects_read(struct reader *r, size_t kind, const char *list_path)
{
    const char *name = objects[kind].name;
    size_t total = xml_count(r->list, NS_RIM, name), number = 1;

    for (const struct xml_node *n = xml_child(r->list, NS_RIM, name); n != NULL; n = xml_next(n), number++) {
        const char *place = total > 1 ? arena_printf(r->arena, "%s/%s[%zu]", list_path, name, number)
                                      : arena_printf(r->arena, "%s/%s", list_path, name);
        objects[kind].read(r, n, place);
    }
}

static bool is_object(const struct xml_node *n)
{
    for (size_t i = 0; i < ARRAY_LEN(objects); i++)
        if (xml_is(n, NS_RIM, objects[i].name))
            return true;
    return false;
}

void ebrim_decode(struct arena *a, const struct xml_node *object_list, enum issue_code metadata_error,
                  struct submission *out, struct issue_list *issues)
{
    struct reader r = { .arena = a, .list = object_list, .code = metadata_error, .issues = issues };
    const char *list_path = xml_path(a, object_list);

    *out = (struct submission){ 0 };
    r.sets = &out->sets;
    r.documents = &out->documents;
    r.folders = &out->folders;
    r.associations = &out->associations;
    for (size_t i = 0; i < ARRAY_LEN(objects); i++)
        objects_read(&r, i, list_path);
    for (const struct xml_node *n = xml_first_element(object_list); n != NULL; n = xml_next_element(n))
        if (!is_object(n))
            REPORT(&r, n, "%s is nothing that a RegistryObjectList of XDS holds (ITI TF-3: 4.2)", n->name);
}
