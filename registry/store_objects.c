#include "registry/store.h"

#include "base/arena.h"
#include "registry/store_terms.h"

#define SCAN_ROWS 512 /* rows whose memory is given back together */

static const char *lid_apart(const struct stored_object *o)
{
    return text_equal(o->lid, o->uuid) ? NULL : o->lid;
}

enum rc store_object_add(struct db *db, int community, struct stored_object *o)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO object (community, kind, uuid, lid, version, unique_id, patient,"
                                    " deprecated, time, keys, status_at, leaf)"
                                    " VALUES (?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?, ?, ?)");

    db_bind_int(s, 1, community);
    db_bind_int(s, 2, o->kind);
    db_bind_text(s, 3, o->uuid);
    db_bind_text(s, 4, lid_apart(o));
    db_bind_int(s, 5, o->version);
    db_bind_text(s, 6, o->unique_id);
    db_bind_int(s, 7, o->patient);
    db_bind_int(s, 8, o->is_deprecated);
    db_bind_text(s, 9, o->time);
    db_bind_blob(s, 10, o->keys);
    db_bind_int(s, 11, (int64_t)o->status_at);
    db_bind_blob(s, 12, o->leaf);
    TRY(db_run(s));
    o->id = db_last_id(db);
    return terms_add(db, community, o);
}

enum rc store_object_change(struct db *db, const struct stored_object *o)
{
    struct db_stmt *s = db_stmt(db,
                                "UPDATE object SET uuid = ?, lid = ?, version = ?, unique_id = ?,"
                                " patient = NULLIF(?, 0), time = ?, keys = ?, status_at = ?, leaf = ? WHERE id = ?");

    db_bind_text(s, 1, o->uuid);
    db_bind_text(s, 2, lid_apart(o));
    db_bind_int(s, 3, o->version);
    db_bind_text(s, 4, o->unique_id);
    db_bind_int(s, 5, o->patient);
    db_bind_text(s, 6, o->time);
    db_bind_blob(s, 7, o->keys);
    db_bind_int(s, 8, (int64_t)o->status_at);
    db_bind_blob(s, 9, o->leaf);
    db_bind_int(s, 10, o->id);
    TRY(terms_drop(db, o->id));
    TRY(db_run(s));
    return terms_restore(db, o->id);
}

enum rc store_object_status(struct db *db, int64_t object, bool is_deprecated)
{
    struct db_stmt *s = db_stmt(db, "UPDATE object SET deprecated = ? WHERE id = ?");

    db_bind_int(s, 1, is_deprecated);
    db_bind_int(s, 2, object);
    return db_run(s);
}

enum rc store_object_delete(struct db *db, int64_t object)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM object WHERE id = ?");

    TRY(terms_drop(db, object));
    db_bind_int(s, 1, object);
    return db_run(s);
}

/* ---- reading ---- */

#define OBJECT_COLUMNS                                                                                                 \
    "id, kind, uuid, coalesce(lid, uuid), version, unique_id, patient, deprecated, time, keys, status_at, leaf"
#define LEAF_COLUMN 11

static void object_read(struct arena *a, struct db_stmt *s, struct stored_object *out)
{
    *out = (struct stored_object){
        .id = db_int(s, 0),
        .kind = (enum object_kind)db_int(s, 1),
        .uuid = db_text(a, s, 2),
        .lid = db_text(a, s, 3),
        .version = (int)db_int(s, 4),
        .unique_id = db_text(a, s, 5),
        .patient = db_int(s, 6),
        .is_deprecated = db_int(s, 7) != 0,
        .time = db_text(a, s, 8),
        .keys = db_blob(a, s, 9),
        .status_at = (size_t)db_int(s, 10),
        .row = s,
    };
}

static enum rc object_one(struct arena *a, struct db_stmt *s, struct stored_object *out)
{
    bool row;

    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    object_read(a, s, out);
    out->row = NULL;
    db_reset(s);
    return OK;
}

enum rc store_object_leaf(struct arena *a, struct db *db, struct stored_object *o)
{
    bool row;

    if (o->leaf.data != NULL)
        return OK;
    if (o->row != NULL) {
        o->leaf = db_blob(a, o->row, LEAF_COLUMN);
        return OK;
    }
    struct db_stmt *s = db_stmt(db, "SELECT leaf FROM object WHERE id = ?");
    db_bind_int(s, 1, o->id);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    o->leaf = db_blob(a, s, 0);
    db_reset(s);
    return OK;
}

enum rc store_object_by_id(struct arena *a, struct db *db, int64_t object, struct stored_object *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT " OBJECT_COLUMNS " FROM object WHERE id = ?");

    db_bind_int(s, 1, object);
    return object_one(a, s, out);
}

enum rc store_object_by_uuid(struct arena *a, struct db *db, int community, const char *uuid, struct stored_object *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT " OBJECT_COLUMNS " FROM object WHERE community = ? AND uuid = ?");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, uuid);
    return object_one(a, s, out);
}

/* A first version is found by its uuid, all others by their lid. */
#define VERSIONS                                                                                                       \
    "SELECT " OBJECT_COLUMNS " FROM object WHERE community = ?1 AND uuid = ?2 AND lid IS NULL"                         \
    " UNION ALL SELECT " OBJECT_COLUMNS " FROM object WHERE community = ?1 AND lid = ?2"

static struct db_stmt *versions_bind(struct db_stmt *s, int community, const char *lid)
{
    db_bind_int(s, 1, community);
    db_bind_text(s, 2, lid);
    return s;
}

enum rc store_object_latest(struct arena *a, struct db *db, int community, const char *lid, struct stored_object *out)
{
    struct db_stmt *s = db_stmt(db, VERSIONS " ORDER BY version DESC LIMIT 1");

    return object_one(a, versions_bind(s, community, lid), out);
}

static enum rc objects_each(struct arena *a, struct db_stmt *s, object_visitor *each, void *user)
{
    for (;;) {
        struct stored_object *o = ARENA_NEW(a, struct stored_object);
        bool row;
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        object_read(a, s, o);
        enum rc rc = each(user, o);
        o->row = NULL;
        if (rc != OK) {
            db_reset(s);
            return rc;
        }
    }
}

enum rc store_objects_by_lid(struct arena *a, struct db *db, int community, const char *lid, object_visitor *each,
                             void *user)
{
    struct db_stmt *s = db_stmt(db, VERSIONS " ORDER BY version");

    return objects_each(a, versions_bind(s, community, lid), each, user);
}

enum rc store_objects_by_unique_id(struct arena *a, struct db *db, int community, const char *unique_id,
                                   object_visitor *each, void *user)
{
    struct db_stmt *s = db_stmt(db, "SELECT " OBJECT_COLUMNS
                                    " FROM object WHERE community = ? AND unique_id = ? ORDER BY id");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, unique_id);
    return objects_each(a, s, each, user);
}

enum rc store_objects_of_patient(struct arena *a, struct db *db, int64_t patient, enum object_kind kind,
                                 object_visitor *each, void *user)
{
    struct db_stmt *s = db_stmt(db, "SELECT " OBJECT_COLUMNS
                                    " FROM object WHERE patient = ? AND kind = ? ORDER BY time, id");

    db_bind_int(s, 1, patient);
    db_bind_int(s, 2, kind);
    return objects_each(a, s, each, user);
}

/* One run of rows, whose memory goes with it. */
static enum rc scan_some(struct db_stmt *s, object_visitor *each, void *user, bool *more)
{
    struct arena *a = arena_new();
    enum rc rc = OK;

    *more = true;
    for (int n = 0; n < SCAN_ROWS && rc == OK && *more; n++) {
        struct stored_object o;
        if ((rc = db_step(s, more)) != OK || !*more)
            break;
        object_read(a, s, &o);
        rc = each(user, &o);
    }
    arena_free(a);
    return rc;
}

enum rc store_objects_scan(struct db *db, int community, enum object_kind kind, object_visitor *each, void *user)
{
    struct db_stmt *s = db_stmt(db,
                                "SELECT " OBJECT_COLUMNS " FROM object WHERE community = ? AND kind = ? ORDER BY id");
    bool more = true;
    enum rc rc = OK;

    db_bind_int(s, 1, community);
    db_bind_int(s, 2, kind);
    while (rc == OK && more)
        rc = scan_some(s, each, user, &more);
    db_reset(s);
    return rc;
}
