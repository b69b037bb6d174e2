/*
 * ebRIM 3.0 → XDS metadata (ITI TF-3: 4.2.3): the objects of a list, each told apart by its element and, for a
 * RegistryPackage, by the Classification that marks it. Their attributes are ebrim_read.c's.
 */
#include "msg/ebrim.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/rule.h"
#include "msg/ebrim_read.h"
#include "wire/ns.h"

/* RegistryPackages whose marker is looked for outside of them. */
#define STRAY_PACKAGES_MAX 1000

struct decoder {
    struct ebrim_reader reader;
    const struct xml_node *list;
    int stray_packages;
    struct submission_set **sets; /* where the next of each is to hang */
    struct document_entry **documents;
    struct folder **folders;
    struct association **associations;
};

static void document_read(struct decoder *dec, const struct xml_node *n, const char *place)
{
    struct document_entry *d = ARENA_NEW(dec->reader.arena, struct document_entry);

    ebrim_read(&dec->reader, &ebrim_document, n, d);
    d->place = place;
    *dec->documents = d;
    dec->documents = &d->next;
}

static void association_read(struct decoder *dec, const struct xml_node *n, const char *place)
{
    struct association *s = ARENA_NEW(dec->reader.arena, struct association);

    ebrim_read(&dec->reader, &ebrim_association, n, s);
    s->place = place;
    *dec->associations = s;
    dec->associations = &s->next;
}

static void submission_set_read(struct decoder *dec, const struct xml_node *n, const char *place)
{
    struct submission_set *s = ARENA_NEW(dec->reader.arena, struct submission_set);

    ebrim_read(&dec->reader, &ebrim_submission_set, n, s);
    s->place = place;
    *dec->sets = s;
    dec->sets = &s->next;
}

static void folder_read(struct decoder *dec, const struct xml_node *n, const char *place)
{
    struct folder *f = ARENA_NEW(dec->reader.arena, struct folder);

    ebrim_read(&dec->reader, &ebrim_folder, n, f);
    f->place = place;
    *dec->folders = f;
    dec->folders = &f->next;
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
static bool package_is(struct decoder *dec, const struct xml_node *n, const struct ebrim_class *c)
{
    const char *id = xml_attr(n, "id");

    if (is_marked(n, NULL, c))
        return true;
    return !text_absent(id) && dec->stray_packages++ < STRAY_PACKAGES_MAX && is_marked(dec->list, id, c);
}

static void package_read(struct decoder *dec, const struct xml_node *n, const char *place)
{
    if (package_is(dec, n, &ebrim_submission_set))
        submission_set_read(dec, n, place);
    else if (package_is(dec, n, &ebrim_folder))
        folder_read(dec, n, place);
    else
        ebrim_break(&dec->reader, RULE_REQ_PACKAGE, n,
                    "this RegistryPackage is neither submission set nor folder: it needs a Classification with the "
                    "classificationNode of one");
}

static void marker_read(struct decoder *dec, const struct xml_node *n, const char *place UNUSED)
{
    const char *node = xml_attr(n, "classificationNode");

    if (!class_has_node(&ebrim_submission_set, node) && !class_has_node(&ebrim_folder, node))
        ebrim_break(&dec->reader, RULE_REQ_MARKER, n,
                    "a Classification in the list itself can only mark a RegistryPackage; put it into its object");
}

/* ObjectRefs name what is elsewhere. */
static void reference_read(struct decoder *dec UNUSED, const struct xml_node *n UNUSED, const char *place UNUSED)
{
}

static const struct {
    const char *name;
    void (*read)(struct decoder *dec, const struct xml_node *n, const char *place);
} objects[] = {
    { "ExtrinsicObject", document_read }, { "RegistryPackage", package_read }, { "Association", association_read },
    { "Classification", marker_read },    { "ObjectRef", reference_read },
};

/* All objects of one kind, with places as xml_path has them, at the price of one walk. */
static void objects_read(struct decoder *dec, size_t kind, const char *list_path)
{
    const char *name = objects[kind].name;
    size_t total = xml_count(dec->list, NS_RIM, name), number = 1;

    for (const struct xml_node *n = xml_child(dec->list, NS_RIM, name); n != NULL; n = xml_next(n), number++) {
        const char *place = total > 1 ? arena_printf(dec->reader.arena, "%s/%s[%zu]", list_path, name, number)
                                      : arena_printf(dec->reader.arena, "%s/%s", list_path, name);
        objects[kind].read(dec, n, place);
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
    struct decoder dec = { .reader = { .arena = a, .code = metadata_error, .issues = issues }, .list = object_list };
    const char *list_path = xml_path(a, object_list);

    *out = (struct submission){ 0 };
    dec.sets = &out->sets;
    dec.documents = &out->documents;
    dec.folders = &out->folders;
    dec.associations = &out->associations;
    for (size_t i = 0; i < ARRAY_LEN(objects); i++)
        objects_read(&dec, i, list_path);
    for (const struct xml_node *n = xml_first_element(object_list); n != NULL; n = xml_next_element(n))
        if (!is_object(n))
            ebrim_break(&dec.reader, RULE_REQ_LIST_ELEMENT, n, "%s is nothing that a RegistryObjectList of XDS holds",
                        n->name);
}
