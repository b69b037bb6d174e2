/*
 * XDS metadata → ebRIM 3.0 (ITI TF-3: 4.2.3): each object is its table walked once. Ids of inner objects, which the
 * schema wants and nobody refers to, are fresh.
 */
#include "msg/ebrim.h"

#include "base/ids.h"
#include "base/str.h"
#include "msg/ebrim_detail.h"

#include <stdio.h>
#include <string.h>

/* A text longer than this is cut (ITI TF-3: 4.2.3.2.27). */
#define PART_MAX 120

/* One object being written. */
struct output {
    struct xml_writer *w;
    const char *id;                   /* the object's */
    const struct xml_detail *details; /* those still ahead */
};

/* field points into the object at the row's offset. */
typedef void row_writer(struct output *o, const struct ebrim_row *row, const void *field);

static const char *text_of(const void *field)
{
    return *(const char *const *)field;
}

static void inner_id(struct xml_writer *w, const struct xml_detail *d)
{
    char urn[sizeof("urn:uuid:") + IDS_UUID_LEN] = "urn:uuid:";

    if (d == NULL || d->id == NULL)
        ids_uuid(urn + strlen(urn));
    xw_attr(w, "id", d != NULL && d->id != NULL ? d->id : urn);
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

static void attribute_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    xw_attr(o->w, row->key, text_of(field));
}

static void constant_write(struct output *o, const struct ebrim_row *row, const void *field UNUSED)
{
    xw_attr(o->w, row->key, row->fixed);
}

static void slot_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    if (text_of(field) != NULL)
        slot_text_write(o->w, row->key, text_of(field));
}

static void slot_list_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    const struct text_list *values = *(struct text_list *const *)field;

    if (values != NULL)
        slot_values_write(o->w, row->key, values);
}

/* Bytes of the next part, never ending inside a UTF-8 sequence. */
static size_t part_length(const char *text)
{
    size_t n = strnlen(text, PART_MAX);

    while (n > 1 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void slot_parts_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    const char *text = text_of(field);
    char part[16 + PART_MAX];

    if (text == NULL || strlen(text) <= PART_MAX) {
        slot_write(o, row, field);
        return;
    }
    slot_open(o->w, row->key);
    for (int number = 1; *text != '\0'; number++) {
        size_t n = part_length(text);
        snprintf(part, sizeof(part), "%d|%.*s", number, (int)n, text);
        xw_element(o->w, "rim:Value", part);
        text += n;
    }
    slot_close(o->w);
}

static void slot_others_write(struct output *o, const struct ebrim_row *row UNUSED, const void *field)
{
    for (const struct slot *s = *(struct slot *const *)field; s != NULL; s = s->next)
        slot_values_write(o->w, s->name, s->values);
}

static void localized_string_write(struct xml_writer *w, const char *language, const char *text)
{
    xw_open(w, "rim:LocalizedString");
    xw_attr(w, "xml:lang", language);
    xw_attr(w, "value", text);
    xw_close(w);
}

/* In its languages, when the text is still what they say. */
static void localized_text_write(struct xml_writer *w, const char *element, const char *text,
                                 const struct xml_detail *d)
{
    const struct localized *names = d != NULL && d->names != NULL && text_equal(d->names->text, text) ? d->names : NULL;

    if (text == NULL)
        return;
    xw_open(w, element);
    if (names == NULL)
        localized_string_write(w, NULL, text);
    for (; names != NULL; names = names->next)
        localized_string_write(w, names->language, names->text);
    xw_close(w);
}

static void localized_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    localized_text_write(o->w, row->key, text_of(field), ebrim_detail_next(&o->details, row, 0));
}

static void version_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    if (text_of(field) == NULL)
        return;
    xw_open(o->w, row->key);
    xw_attr(o->w, "versionName", text_of(field));
    xw_close(o->w);
}

/* The opening of a Classification under a scheme, or with a node when kind says so. */
static void classification_open(struct output *o, const struct ebrim_row *row, const struct xml_detail *d)
{
    xw_open(o->w, "rim:Classification");
    inner_id(o->w, d);
    xw_attr(o->w, "objectType", EBRIM_OBJECT_TYPE "Classification");
    xw_attr(o->w, row->kind <= EBRIM_MARK ? "classificationNode" : "classificationScheme", row->key);
    xw_attr(o->w, "classifiedObject", o->id);
}

static void node_write(struct output *o, const struct ebrim_row *row, const void *field UNUSED)
{
    classification_open(o, row, ebrim_detail_next(&o->details, row, 0));
    xw_close(o->w);
}

static void mark_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    if (*(const bool *)field)
        node_write(o, row, field);
}

static void codes_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    int ordinal = 0;

    for (const struct code *c = *(struct code *const *)field; c != NULL; c = c->next) {
        const struct xml_detail *d = ebrim_detail_next(&o->details, row, ordinal++);
        classification_open(o, row, d);
        xw_attr(o->w, "nodeRepresentation", c->code);
        if (c->scheme != NULL)
            slot_text_write(o->w, "codingScheme", c->scheme);
        localized_text_write(o->w, "rim:Name", c->display, d);
        xw_close(o->w);
    }
}

static void rows_write(struct output *o, const struct ebrim_class *c, const void *object);

static void authors_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    int ordinal = 0;

    for (const struct author *author = *(struct author *const *)field; author != NULL; author = author->next) {
        classification_open(o, row, ebrim_detail_next(&o->details, row, ordinal++));
        xw_attr(o->w, "nodeRepresentation", "");
        rows_write(o, &ebrim_author, author);
        xw_close(o->w);
    }
}

static void external_id_write(struct output *o, const struct ebrim_row *row, const void *field)
{
    const struct xml_detail *d = ebrim_detail_next(&o->details, row, 0);

    if (text_of(field) == NULL)
        return;
    xw_open(o->w, "rim:ExternalIdentifier");
    inner_id(o->w, d);
    xw_attr(o->w, "objectType", EBRIM_OBJECT_TYPE "ExternalIdentifier");
    xw_attr(o->w, "registryObject", o->id);
    xw_attr(o->w, "identificationScheme", row->key);
    xw_attr(o->w, "value", text_of(field));
    localized_text_write(o->w, "rim:Name", row->fixed, d);
    xw_close(o->w);
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

static void rows_write(struct output *o, const struct ebrim_class *c, const void *object)
{
    const char *bytes = object;

    for (const struct ebrim_row *row = c->rows; row < c->rows + c->count; row++)
        writers[row->kind](o, row, bytes + row->offset);
}

void ebrim_write_object(struct xml_writer *w, const struct ebrim_class *c, const void *object)
{
    const char *bytes = object;
    struct output o = { .w = w,
                        .id = text_of(bytes + c->rows[0].offset),
                        .details = *(struct xml_detail *const *)(bytes + c->details) };

    xw_open(w, c->element);
    rows_write(&o, c, object);
    xw_close(w);
}

void ebrim_write_document(struct xml_writer *w, const struct document_entry *d)
{
    ebrim_write_object(w, &ebrim_document, d);
}

void ebrim_write_submission_set(struct xml_writer *w, const struct submission_set *s)
{
    ebrim_write_object(w, &ebrim_submission_set, s);
}

void ebrim_write_folder(struct xml_writer *w, const struct folder *f)
{
    ebrim_write_object(w, &ebrim_folder, f);
}

void ebrim_write_association(struct xml_writer *w, const struct association *s)
{
    ebrim_write_object(w, &ebrim_association, s);
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
