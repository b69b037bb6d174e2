/*
 * An object's XML is kept as it is returned, but for the value of @status: answers are concatenations, and a status
 * changes without touching XML. Any other change decodes, changes the struct and encodes again (docs/decisions/003).
 */
#include "registry/store.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/buf.h"
#include "base/log.h"
#include "msg/ebrim.h"
#include "registry/store_keys.h"
#include "wire/ns.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The XML with the status cut out of its opening tag. */
static void leaf_cut(struct arena *a, const struct buf *xml, struct stored_object *o)
{
    static const char status[] = " status=\"";
    const char *tag_end = memchr(xml->data, '>', xml->len);
    const char *at = memmem(xml->data, (size_t)(tag_end - xml->data), status, sizeof(status) - 1);

    if (xml->overflowed || at == NULL)
        die("an encoded object has no status");
    const char *value = at + sizeof(status) - 1, *quote = strchr(value, '"');
    o->status_at = (size_t)(value - xml->data);
    o->leaf.len = xml->len - (size_t)(quote - value);
    char *leaf = arena_alloc(a, o->leaf.len);
    memcpy(leaf, xml->data, o->status_at);
    memcpy(leaf + o->status_at, quote, o->leaf.len - o->status_at);
    o->leaf.data = leaf;
}

static struct str keys_of(struct arena *a, struct buf *b, enum object_kind kind, const void *object)
{
    keys_add(b, kind, object);
    struct str keys = { arena_memdup(a, b->data, b->len), b->len };
    buf_reset(b);
    return keys;
}

static int version_of(const char *text)
{
    return text == NULL ? 1 : (int)strtol(text, NULL, 10);
}

/* Where a kind's struct has what the store keeps beside the XML. */
struct stored_class {
    size_t size, uuid, lid, version, status;
    size_t unique_id, time; /* NOWHERE: it has none */
    const struct ebrim_class *ebrim;
};

#define NOWHERE SIZE_MAX
/* What all kinds have, by the same names. */
#define COMMON(type)                                                                                                   \
    .size = sizeof(type), .uuid = offsetof(type, entry_uuid), .lid = offsetof(type, logical_id),                       \
    .version = offsetof(type, version), .status = offsetof(type, availability_status)

static const struct stored_class classes[] = {
    [OBJECT_DOCUMENT] = { COMMON(struct document_entry), .unique_id = offsetof(struct document_entry, unique_id),
                          .time = offsetof(struct document_entry, creation_time), .ebrim = &ebrim_document },
    [OBJECT_SUBMISSION_SET] = { COMMON(struct submission_set), .unique_id = offsetof(struct submission_set, unique_id),
                                .time = offsetof(struct submission_set, submission_time),
                                .ebrim = &ebrim_submission_set },
    [OBJECT_FOLDER] = { COMMON(struct folder), .unique_id = offsetof(struct folder, unique_id),
                        .time = offsetof(struct folder, last_update_time), .ebrim = &ebrim_folder },
    [OBJECT_ASSOCIATION] = { COMMON(struct association), .unique_id = NOWHERE, .time = NOWHERE,
                             .ebrim = &ebrim_association },
};

static const char *text_at(const void *object, size_t offset)
{
    return offset == NOWHERE ? NULL : *(const char *const *)((const char *)object + offset);
}

static void leaf_of(struct arena *a, struct buf *b, const struct stored_class *c, const void *object,
                    struct stored_object *out)
{
    char *copy = arena_memdup(a, object, c->size);
    struct xml_writer w;

    *(const char **)(copy + c->status) = STATUS_APPROVED; /* whatever it is: it is cut out */
    xw_init(&w, b);
    ebrim_write_object(&w, c->ebrim, copy);
    leaf_cut(a, b, out);
}

void store_object_of(struct arena *a, enum object_kind kind, const void *object, struct stored_object *out)
{
    const struct stored_class *c = &classes[kind];
    const char *uuid = text_at(object, c->uuid), *lid = text_at(object, c->lid);
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);

    *out = (struct stored_object){ .kind = kind,
                                   .uuid = uuid,
                                   .lid = lid != NULL ? lid : uuid,
                                   .version = version_of(text_at(object, c->version)),
                                   .is_deprecated = text_equal(text_at(object, c->status), STATUS_DEPRECATED),
                                   .unique_id = text_at(object, c->unique_id),
                                   .time = text_at(object, c->time),
                                   .keys = keys_of(a, b, kind, object) };
    leaf_of(a, b, c, object, out);
}

void store_object_of_only(struct arena *a, const struct submission *s, struct stored_object *out)
{
    if (s->documents != NULL)
        store_object_of(a, OBJECT_DOCUMENT, s->documents, out);
    else if (s->sets != NULL)
        store_object_of(a, OBJECT_SUBMISSION_SET, s->sets, out);
    else if (s->folders != NULL)
        store_object_of(a, OBJECT_FOLDER, s->folders, out);
    else
        store_object_of(a, OBJECT_ASSOCIATION, s->associations, out);
}

/* ---- back ---- */

static struct str leaf_whole(struct arena *a, const struct stored_object *o)
{
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);

    buf_printf(b, "<rim:RegistryObjectList xmlns:rim=\"%s\">", NS_RIM);
    buf_add(b, o->leaf.data, o->status_at);
    buf_add_text(b, o->is_deprecated ? STATUS_DEPRECATED : STATUS_APPROVED);
    buf_add(b, o->leaf.data + o->status_at, o->leaf.len - o->status_at);
    buf_add_literal(b, "</rim:RegistryObjectList>");
    return buf_str(b);
}

/* What was accepted may break a rule that is only warned of, so issues say nothing here. */
enum rc store_object_decode(struct arena *a, struct db *db, struct stored_object *o, struct submission *out)
{
    struct issue_list ignored = { 0 };
    struct xml_node *list;

    TRY(store_object_leaf(a, db, o));
    if (xml_parse(a, leaf_whole(a, o), NULL, &list, NULL) != OK) {
        log_error("the registry's object %s is not XML any more", o->uuid);
        return E_IO;
    }
    ebrim_decode(a, list, ISSUE_XDS_REGISTRY_METADATA_ERROR, out, &ignored);
    return OK;
}

enum rc store_folder_touch(struct arena *a, struct db *db, int64_t folder)
{
    char *now = arena_alloc(a, CLOCK_DTM_LEN);
    struct stored_object o, touched;
    struct submission s;

    TRY(store_object_by_id(a, db, folder, &o));
    TRY(store_object_decode(a, db, &o, &s));
    clock_dtm(clock_now(), now);
    s.folders->last_update_time = now;
    store_object_of(a, OBJECT_FOLDER, s.folders, &touched);
    touched.id = o.id;
    touched.patient = o.patient;
    return store_object_change(db, &touched);
}
