/*
 * An object's XML is kept as it is returned, but for the value of @status: answers are concatenations, and a status
 * changes without touching XML. Any other change decodes, changes the struct and encodes again (docs/decisions/003).
 */
#include "registry/store.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "msg/ebrim.h"
#include "registry/store_keys.h"
#include "wire/ns.h"

#include <stdlib.h>

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

static void keys_take(struct arena *a, struct buf *b, struct stored_object *o)
{
    o->keys = (struct str){ arena_memdup(a, b->data, b->len), b->len };
    buf_reset(b);
}

static int version_of(const char *text)
{
    return text == NULL ? 1 : (int)strtol(text, NULL, 10);
}

/* What all kinds have, by the same names. */
#define COMMON(object_kind, o)                                                                                         \
    .kind = (object_kind), .uuid = (o)->entry_uuid,                                                                    \
    .lid = (o)->logical_id != NULL ? (o)->logical_id : (o)->entry_uuid, .version = version_of((o)->version),           \
    .is_deprecated = text_equal((o)->availability_status, STATUS_DEPRECATED)

void store_object_of_document(struct arena *a, const struct document_entry *d, struct stored_object *out)
{
    struct document_entry copy = *d;
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_writer w;

    *out = (struct stored_object){ COMMON(OBJECT_DOCUMENT, d), .unique_id = d->unique_id, .time = d->creation_time };
    keys_of_document(b, d);
    keys_take(a, b, out);
    copy.availability_status = STATUS_APPROVED; /* whatever it is: it is cut out */
    xw_init(&w, b);
    ebrim_write_document(&w, &copy);
    leaf_cut(a, b, out);
}

void store_object_of_set(struct arena *a, const struct submission_set *s, struct stored_object *out)
{
    struct submission_set copy = *s;
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_writer w;

    *out = (struct stored_object){ COMMON(OBJECT_SUBMISSION_SET, s), .unique_id = s->unique_id,
                                   .time = s->submission_time };
    keys_of_set(b, s);
    keys_take(a, b, out);
    copy.availability_status = STATUS_APPROVED; /* whatever it is: it is cut out */
    xw_init(&w, b);
    ebrim_write_submission_set(&w, &copy);
    leaf_cut(a, b, out);
}

void store_object_of_folder(struct arena *a, const struct folder *f, struct stored_object *out)
{
    struct folder copy = *f;
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_writer w;

    *out = (struct stored_object){ COMMON(OBJECT_FOLDER, f), .unique_id = f->unique_id, .time = f->last_update_time };
    keys_of_folder(b, f);
    keys_take(a, b, out);
    copy.availability_status = STATUS_APPROVED; /* whatever it is: it is cut out */
    xw_init(&w, b);
    ebrim_write_folder(&w, &copy);
    leaf_cut(a, b, out);
}

void store_object_of_association(struct arena *a, const struct association *as, struct stored_object *out)
{
    struct association copy = *as;
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_writer w;

    *out = (struct stored_object){ COMMON(OBJECT_ASSOCIATION, as) };
    copy.availability_status = STATUS_APPROVED; /* whatever it is: it is cut out */
    xw_init(&w, b);
    ebrim_write_association(&w, &copy);
    leaf_cut(a, b, out);
}

void store_object_of(struct arena *a, const struct submission *s, struct stored_object *out)
{
    if (s->documents != NULL)
        store_object_of_document(a, s->documents, out);
    else if (s->sets != NULL)
        store_object_of_set(a, s->sets, out);
    else if (s->folders != NULL)
        store_object_of_folder(a, s->folders, out);
    else
        store_object_of_association(a, s->associations, out);
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
    store_object_of_folder(a, s.folders, &touched);
    touched.id = o.id;
    touched.patient = o.patient;
    return store_object_change(db, &touched);
}
