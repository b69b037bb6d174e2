/*
 * What an object's XML says beside the values of its attributes: the ids of its Classifications and ExternalIdentifiers
 * where they are UUIDs (a symbolic one gets a UUID, ITI TF-2: 3.42.4.1.3.7), and the languages of its names. A list in
 * the order of the table's rows, so that writing consumes it as it goes.
 */
#include "msg/ebrim_detail.h"

#include "base/arena.h"
#include "model/oid.h"
#include "wire/ns.h"
#include "wire/xml.h"

static struct localized *localized_read(struct arena *a, const struct xml_node *parent, const char *name)
{
    struct localized *first = NULL, **end = &first;
    const struct xml_node *n = xml_child(xml_child(parent, NS_RIM, name), NS_RIM, "LocalizedString");

    for (; n != NULL; n = xml_next(n), end = &(*end)->next) {
        *end = ARENA_NEW(a, struct localized);
        (*end)->text = xml_attr(n, "value");
        (*end)->language = xml_attr_ns(n, "http://www.w3.org/XML/1998/namespace", "lang");
    }
    return first;
}

/* Is there more to say than one text in no language? */
static bool is_told(const struct localized *names)
{
    return names != NULL && (names->next != NULL || names->language != NULL);
}

struct list {
    struct arena *arena;
    struct xml_detail *first, **end;
};

static void add(struct list *l, const struct ebrim_row *row, int ordinal, const char *id, struct localized *names)
{
    struct xml_detail d = {
        .row = row, .ordinal = ordinal, .id = is_uuid_urn(id) ? id : NULL, .names = is_told(names) ? names : NULL
    };

    if (d.id == NULL && d.names == NULL)
        return;
    *l->end = arena_memdup(l->arena, &d, sizeof(d));
    l->end = &(*l->end)->next;
}

/* Every child with the row's key in an attribute, counted from 0. */
static void inner_read(struct list *l, const struct ebrim_row *row, const struct xml_node *n, const char *element,
                       const char *attribute)
{
    int ordinal = 0;

    for (const struct xml_node *c = xml_child(n, NS_RIM, element); c != NULL; c = xml_next(c)) {
        if (text_equal(xml_attr(c, attribute), row->key))
            add(l, row, ordinal++, xml_attr(c, "id"), localized_read(l->arena, c, "Name"));
    }
}

static void row_read(struct list *l, const struct ebrim_row *row, const struct xml_node *n)
{
    switch (row->kind) {
    case EBRIM_LOCALIZED:
        add(l, row, 0, NULL, localized_read(l->arena, n, ebrim_local_name(row->key)));
        return;
    case EBRIM_NODE:
    case EBRIM_MARK:
        inner_read(l, row, n, "Classification", "classificationNode");
        return;
    case EBRIM_AUTHORS:
    case EBRIM_CODE:
    case EBRIM_CODE_LIST:
        inner_read(l, row, n, "Classification", "classificationScheme");
        return;
    case EBRIM_EXTERNAL_ID:
        inner_read(l, row, n, "ExternalIdentifier", "identificationScheme");
        return;
    default:
        return;
    }
}

struct xml_detail *ebrim_details(struct arena *a, const struct ebrim_class *c, const struct xml_node *n)
{
    struct list l = { .arena = a, .end = &l.first };

    for (const struct ebrim_row *row = c->rows; row < c->rows + c->count; row++)
        row_read(&l, row, n);
    return l.first;
}

const struct xml_detail *ebrim_detail_next(const struct xml_detail **list, const struct ebrim_row *row, int ordinal)
{
    const struct xml_detail *d = *list;

    while (d != NULL && (d->row < row || (d->row == row && d->ordinal < ordinal)))
        d = d->next;
    *list = d;
    return d != NULL && d->row == row && d->ordinal == ordinal ? d : NULL;
}
