#include "registry/store.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"

void store_leaf_cut(struct arena *a, const struct buf *xml, struct stored_object *o)
{
    static const char before[] = "status=\"", value[] = STATUS_APPROVED;
    const char *tag_end = memchr(xml->data, '>', xml->len);
    const char *at = memmem(xml->data, (size_t)(tag_end - xml->data), STATUS_APPROVED, sizeof(value) - 1);

    if (at == NULL || memcmp(at - (sizeof(before) - 1), before, sizeof(before) - 1) != 0)
        die("an encoded object has no status");
    o->status_at = (size_t)(at - xml->data);
    o->leaf.len = xml->len - (sizeof(value) - 1);
    char *leaf = arena_alloc(a, o->leaf.len);
    memcpy(leaf, xml->data, o->status_at);
    memcpy(leaf + o->status_at, at + sizeof(value) - 1, o->leaf.len - o->status_at);
    o->leaf.data = leaf;
}
enum rc store_object_add(struct db *db, int community, struct stored_object *o)
{
    struct db_stmt *s = db_stmt(
        db, "INSERT INTO object (community, kind, uuid, unique_id, patient, deprecated, status_at, leaf)"
            " VALUES (?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?)");

    db_bind_int(s, 1, community);
    db_bind_int(s, 2, o->kind);
    db_bind_text(s, 3, o->uuid);
    db_bind_text(s, 4, o->unique_id);
    db_bind_int(s, 5, o->patient);
    db_bind_int(s, 6, o->is_deprecated);
    db_bind_int(s, 7, (int64_t)o->status_at);
    db_bind_blob(s, 8, o->leaf);
    TRY(db_run(s));
    o->id = db_last_id(db);
    return OK;
}

#define OBJECT_COLUMNS "id, kind, uuid, unique_id, patient, deprecated, status_at, leaf"

static enum rc object_read(struct arena *a, struct db_stmt *s, struct stored_object *out)
{
    bool row;

    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *out = (struct stored_object){
        .id = db_int(s, 0),
        .kind = (enum object_kind)db_int(s, 1),
        .uuid = db_text(a, s, 2),
        .unique_id = db_text(a, s, 3),
        .patient = db_int(s, 4),
        .is_deprecated = db_int(s, 5) != 0,
        .status_at = (size_t)db_int(s, 6),
        .leaf = db_blob(a, s, 7),
    };
    db_reset(s);
    return OK;
}

enum rc store_object_by_uuid(struct arena *a, struct db *db, int community, const char *uuid, struct stored_object *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT " OBJECT_COLUMNS " FROM object WHERE community = ? AND uuid = ?");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, uuid);
    return object_read(a, s, out);
}

enum rc store_object_by_unique_id(struct arena *a, struct db *db, int community, const char *unique_id,
                                  struct stored_object *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT " OBJECT_COLUMNS
                                    " FROM object WHERE community = ? AND unique_id = ? ORDER BY id LIMIT 1");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, unique_id);
    return object_read(a, s, out);
}

enum rc store_object_deprecate(struct db *db, int64_t id)
{
    struct db_stmt *s = db_stmt(db, "UPDATE object SET deprecated = 1 WHERE id = ?");

    db_bind_int(s, 1, id);
    return db_run(s);
}
