#include "registry/store_terms.h"

#include "base/arena.h"

static const enum key indexed[] = { KEY_REFERENCE_ID, KEY_EVENT_CODE, KEY_CLASS_CODE, KEY_FACILITY_TYPE_CODE,
                                    KEY_FOLDER_CODE };

static struct db_stmt *term_bind(struct db_stmt *s, int community, enum key key, const char *value)
{
    db_bind_int(s, 1, community);
    db_bind_int(s, 2, key);
    db_bind_text(s, 3, value);
    return s;
}

static enum rc posting_add(struct db *db, int community, enum key key, const char *value, int64_t object)
{
    struct db_stmt *s = term_bind(db_stmt(db, "INSERT INTO posting (term, object)"
                                              " SELECT id, ?4 FROM term WHERE community = ?1 AND key = ?2"
                                              " AND value = ?3 ON CONFLICT DO NOTHING"),
                                  community, key, value);

    db_bind_int(s, 4, object);
    return db_run(s);
}

static enum rc term_add(struct db *db, int community, enum key key, const char *value)
{
    return db_run(
        term_bind(db_stmt(db, "INSERT INTO term (community, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
                  community, key, value));
}

/* Most values were met before. */
static enum rc value_add(struct db *db, int community, enum key key, const char *value, int64_t object)
{
    TRY(posting_add(db, community, key, value, object));
    if (db_changes(db) > 0)
        return OK;
    TRY(term_add(db, community, key, value));
    return posting_add(db, community, key, value, object);
}

static enum rc posting_drop(struct db *db, int community, enum key key, const char *value, int64_t object)
{
    struct db_stmt *s = term_bind(db_stmt(db,
                                          "DELETE FROM posting WHERE object = ?4 AND term ="
                                          " (SELECT id FROM term WHERE community = ?1 AND key = ?2 AND value = ?3)"),
                                  community, key, value);

    db_bind_int(s, 4, object);
    return db_run(s);
}

/* ---- all of an object ---- */

typedef enum rc value_change(struct db *db, int community, enum key key, const char *value, int64_t object);

static enum rc values_each(struct db *db, int community, struct str keys, int64_t object, value_change *change)
{
    for (size_t i = 0; i < ARRAY_LEN(indexed); i++) {
        for (const char *v = NULL; (v = keys_next(keys, indexed[i], v)) != NULL;)
            TRY(change(db, community, indexed[i], v, object));
    }
    return OK;
}

static enum rc stored_each(struct arena *a, struct db *db, int64_t object, value_change *change)
{
    struct db_stmt *s = db_stmt(db, "SELECT community, keys FROM object WHERE id = ?");
    bool row;

    db_bind_int(s, 1, object);
    TRY(db_step(s, &row));
    if (!row)
        return OK;
    int community = (int)db_int(s, 0);
    struct str keys = db_blob(a, s, 1);
    db_reset(s);
    return values_each(db, community, keys, object, change);
}

enum rc terms_add(struct db *db, int community, const struct stored_object *o)
{
    return values_each(db, community, o->keys, o->id, value_add);
}

enum rc terms_drop(struct db *db, int64_t object)
{
    struct arena *a = arena_new();
    enum rc rc = stored_each(a, db, object, posting_drop);

    arena_free(a);
    return rc;
}

enum rc terms_restore(struct db *db, int64_t object)
{
    struct arena *a = arena_new();
    enum rc rc = stored_each(a, db, object, value_add);

    arena_free(a);
    return rc;
}
