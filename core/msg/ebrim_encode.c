/*
 * XDS metadata → ebRIM 3.0 (ITI TF-3: 4.2.3): each object is its table walked once. Ids of inner objects, which the
 * schema wants and nobody refers to, are fresh.
 */
#include "msg/ebrim.h"

#include "base/ids.h"
#include "msg/ebrim_table.h"

#include <stdio.h>
#include <string.h>

/* A text longer than this is cut (ITI TF-3: 4.2.3.2.27). */
#define PART_MAX 120

/* field points into the object at the row's offset. */
typedef void row_writer(struct xml_writer *w, const struct ebrim_row *row, const char *id, const void *field);

static const char *text_of(const void *field)
{
    return *(const char *const *)field;
}

static void fresh_id(struct xml_writer *w)
{
    char urn[sizeof("urn:uuid:") + IDS_UUID_LEN] = "urn:uuid:";

    ids_uuid(urn + strlen(urn));
    xw_attr(w, "id", urn);
}

static void slot_open(struct xml_writer *w, const char *name)
{
    xw_open(w, "rim:Slot");
    xw_attr(w, "name", name);
    xw_open(w, "rim:ValueList");
}

static void slot_close(struct xml_writer *w)
{
    xw_close(w);
    xw_close(w);
}

static void slot_values_write(struct xml_writer *w, const char *name, const struct text_list *values)
{
    slot_open(w, name);
    for (; values != NULL; values = values->next)
        xw_element(w, "rim:Value", values->text);
    slot_close(w);
}

static void slot_text_write(struct xml_writer *w, const char *name, const char *text)
{
    slot_values_write(w, name, &(struct text_list){ .text = text });
}

static void attribute_write(struct xml_writer *w, const struct ebrim_row *row, const char *id UNUSED, const void *field)
{
    xw_attr(w, row->key, text_of(field));
}

static void constant_write(struct xml_writer *w, const struct ebrim_row *row, const char *id UNUSED,
                           const void *field UNUSED)
{
    xw_attr(w, row->key, row->fixed);
}

static void slot_write(struct xml_writer *w, const struct ebrim_row *row, const char *id UNUSED, const void *field)
{
    if (text_of(field) != NULL)
        slot_text_write(w, row->key, text_of(field));
}

static void slot_list_write(struct xml_writer *w, const struct ebrim_row *row, const char *id UNUSED, const void *field)
{
    const struct text_list *values = *(struct text_list *const *)field;

    if (values != NULL)
        slot_values_write(w, row->key, values);
}

/* Bytes of the next part, never ending inside a UTF-8 sequence. */
static size_t part_length(const char *text)
{
    size_t n = strnlen(text, PART_MAX);

    while (n > 1 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void slot_parts_write(struct xml_writer *w, const struct ebrim_row *row, const char *id UNUSED,
                             const void *field)
{
    const char *text = text_of(field);
    char part[16 + PART_MAX];

    if (text == NULL || strlen(text) <= PART_MAX) {
        slot_write(w, row, id, field);
        return;
    }
    slot_open(w, row->key);
    for (int number = 1; *text != '\0'; number++) {
        size_t n = part_length(text);
        snprintf(part, sizeof(part), "%d|%.*s", number, (int)n, text);
        xw_element(w, "rim:Value", part);
        text += n;
    }
    slot_close(w);
}

static void slot_others_write(struct xml_writer *w, const struct ebrim_row *row UNUSED, const char *id UNUSED,
                              const void *field)
{
    for (const struct slot *s = *(struct slot *const *)field; s != NULL; s = s->next)
        slot_values_write(w, s->name, s->values);
}

static void localized_text_write(struct xml_writer *w, const char *element, const char *text)
{
    xw_open(w, element);
    xw_open(w, "rim:LocalizedString");
    xw_attr(w, "value", text);
    xw_close(w);
    xw_close(w);
}

static void localized_write(struct xml_writer *w, const struct ebrim_row *row, const char *id UNUSED, const void *field)
{
    if (text_of(field) != NULL)
        localized_text_write(w, row->key, text_of(field));
}

static void version_write(struct xml_writer *w, const struct ebrim_row *row, const char *id UNUSED, const void *field)
{
    if (text_of(field) == NULL)
        return;
    xw_open(w, row->key);
    xw_attr(w, "versionName", text_of(field));
    xw_close(w);
}

/* The opening of a Classification under a scheme, or with a node when kind says so. */
static void classification_open(struct xml_writer *w, const struct ebrim_row *row, const char *id)
{
    xw_open(w, "rim:Classification");
    fresh_id(w);
    xw_attr(w, "objectType", EBRIM_OBJECT_TYPE "Classification");
    xw_attr(w, row->kind <= EBRIM_MARK ? "classificationNode" : "classificationScheme", row->key);
    xw_attr(w, "classifiedObject", id);
}

static void node_write(struct xml_writer *w, const struct ebrim_row *row, const char *id, const void *field UNUSED)
{
    classification_open(w, row, id);
    xw_close(w);
}

static void mark_write(struct xml_writer *w, const struct ebrim_row *row, const char *id, const void *field)
{
    if (*(const bool *)field)
        node_write(w, row, id, field);
}

static void codes_write(struct xml_writer *w, const struct ebrim_row *row, const char *id, const void *field)
{
    for (const struct code *c = *(struct code *const *)field; c != NULL; c = c->next) {
        classification_open(w, row, id);
        xw_attr(w, "nodeRepresentation", c->code);
        if (c->scheme != NULL)
            slot_text_write(w, "codingScheme", c->scheme);
        if (c->display != NULL)
            localized_text_write(w, "rim:Name", c->display);
        xw_close(w);
    }
}

static void rows_write(struct xml_writer *w, const struct ebrim_class *c, const void *object);

static void authors_write(struct xml_writer *w, const struct ebrim_row *row, const char *id, const void *field)
{
    for (const struct author *author = *(struct author *const *)field; author != NULL; author = author->next) {
        classification_open(w, row, id);
        xw_attr(w, "nodeRepresentation", "");
        rows_write(w, &ebrim_author, author);
        xw_close(w);
    }
}

static void external_id_write(struct xml_writer *w, const struct ebrim_row *row, const char *id, const void *field)
{
    if (text_of(field) == NULL)
        return;
    xw_open(w, "rim:ExternalIdentifier");
    fresh_id(w);
    xw_attr(w, "objectType", EBRIM_OBJECT_TYPE "ExternalIdentifier");
    xw_attr(w, "registryObject", id);
    xw_attr(w, "identificationScheme", row->key);
    xw_attr(w, "value", text_of(field));
    localized_text_write(w, "rim:Name", row->fixed);
    xw_close(w);
}

static row_writer *const writers[EBRIM_KIND_COUNT] = {
    [EBRIM_ATTRIBUTE] = attribute_write,
    [EBRIM_CONSTANT] = constant_write,
    [EBRIM_SLOT] = slot_write,
    [EBRIM_SLOT_LIST] = slot_list_write,
    [EBRIM_SLOT_PARTS] = slot_parts_write,
    [EBRIM_SLOT_OTHERS] = slot_others_write,
    [EBRIM_LOCALIZED] = localized_write,
    [EBRIM_VERSION] = version_write,
    [EBRIM_NODE] = node_write,
    [EBRIM_MARK] = mark_write,
    [EBRIM_AUTHORS] = authors_write,
    [EBRIM_CODE] = codes_write,
    [EBRIM_CODE_LIST] = codes_write,
    [EBRIM_EXTERNAL_ID] = external_id_write,
};

static void rows_write(struct xml_writer *w, const struct ebrim_class *c, const void *object)
{
    const char *bytes = object;
    const char *id = text_of(bytes + c->rows[0].offset);

    for (const struct ebrim_row *row = c->rows; row < c->rows + c->count; row++)
        writers[row->kind](w, row, id, bytes + row->offset);
}

static void object_write(struct xml_writer *w, const struct ebrim_class *c, const void *object)
{
    xw_open(w, c->element);
    rows_write(w, c, object);
    xw_close(w);
}

void ebrim_write_document(struct xml_writer *w, const struct document_entry *d)
{
    object_write(w, &ebrim_document, d);
}

void ebrim_write_submission_set(struct xml_writer *w, const struct submission_set *s)
{
    object_write(w, &ebrim_submission_set, s);
}

void ebrim_write_folder(struct xml_writer *w, const struct folder *f)
{
    object_write(w, &ebrim_folder, f);
}

void ebrim_write_association(struct xml_writer *w, const struct association *s)
{
    object_write(w, &ebrim_association, s);
}

void ebrim_write_object_ref(struct xml_writer *w, const char *id, const char *home)
{
    xw_open(w, "rim:ObjectRef");
    xw_attr(w, "id", id);
    xw_attr(w, "home", home);
    xw_close(w);
}

void ebrim_write_submission(struct xml_writer *w, const struct submission *s)
{
    for (const struct submission_set *set = s->sets; set != NULL; set = set->next)
        ebrim_write_submission_set(w, set);
    for (const struct document_entry *d = s->documents; d != NULL; d = d->next)
        ebrim_write_document(w, d);
    for (const struct folder *f = s->folders; f != NULL; f = f->next)
        ebrim_write_folder(w, f);
    for (const struct association *link = s->associations; link != NULL; link = link->next)
        ebrim_write_association(w, link);
}
