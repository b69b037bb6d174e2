#include "repository/store.h"

const char store_schema[] = "CREATE TABLE IF NOT EXISTS document ("
                            " repository TEXT NOT NULL,"
                            " unique_id TEXT NOT NULL,"
                            " sha1 TEXT NOT NULL,"
                            " sha256 TEXT NOT NULL,"
                            " size INTEGER NOT NULL,"
                            " mime_type TEXT NOT NULL,"
                            " PRIMARY KEY (repository, unique_id)) WITHOUT ROWID;"
                            "CREATE TABLE IF NOT EXISTS pending ("
                            " id INTEGER PRIMARY KEY,"
                            " repository TEXT NOT NULL,"
                            " unique_id TEXT NOT NULL,"
                            " sha1 TEXT NOT NULL,"
                            " sha256 TEXT NOT NULL,"
                            " size INTEGER NOT NULL,"
                            " mime_type TEXT NOT NULL);"
                            "CREATE INDEX IF NOT EXISTS pending_unique_id ON pending (repository, unique_id);"
                            "CREATE INDEX IF NOT EXISTS document_blob ON document (sha256);"
                            "CREATE INDEX IF NOT EXISTS pending_blob ON pending (sha256);";

const char store_blob_references[] = "SELECT 1 FROM document WHERE sha256 = ?1"
                                     " UNION ALL SELECT 1 FROM pending WHERE sha256 = ?1 LIMIT 1";

static struct db_stmt *by_unique_id(struct db *db, const char *sql, const char *repository, const char *unique_id)
{
    struct db_stmt *s = db_stmt(db, sql);

    db_bind_text(s, 1, repository);
    db_bind_text(s, 2, unique_id);
    return s;
}

enum rc store_document_find(struct arena *a, struct db *db, const char *repository, const char *unique_id,
                            struct stored_document *out)
{
    struct db_stmt *s = by_unique_id(
        db, "SELECT unique_id, sha1, sha256, size, mime_type FROM document WHERE repository = ? AND unique_id = ?",
        repository, unique_id);
    bool row;

    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *out = (struct stored_document){
        .unique_id = db_text(a, s, 0),
        .sha1 = db_text(a, s, 1),
        .sha256 = db_text(a, s, 2),
        .size = (uint64_t)db_int(s, 3),
        .mime_type = db_text(a, s, 4),
    };
    db_reset(s);
    return OK;
}

enum rc store_pending_add(struct db *db, const char *repository, const struct stored_document *d, int64_t *id)
{
    struct db_stmt *s = by_unique_id(
        db, "INSERT INTO pending (repository, unique_id, sha1, sha256, size, mime_type) VALUES (?, ?, ?, ?, ?, ?)",
        repository, d->unique_id);

    db_bind_text(s, 3, d->sha1);
    db_bind_text(s, 4, d->sha256);
    db_bind_int(s, 5, (int64_t)d->size);
    db_bind_text(s, 6, d->mime_type);
    TRY(db_run(s));
    *id = db_last_id(db);
    return OK;
}

enum rc store_pending_forget(struct db *db, int64_t id)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM pending WHERE id = ?");

    db_bind_int(s, 1, id);
    return db_run(s);
}

enum rc store_pending_has(struct db *db, const char *repository, const char *unique_id, bool *has)
{
    struct db_stmt *s = by_unique_id(db, "SELECT 1 FROM pending WHERE repository = ? AND unique_id = ?", repository,
                                     unique_id);

    TRY(db_step(s, has));
    if (*has)
        db_reset(s);
    return OK;
}

enum rc store_pending_confirm(struct db *db, const char *repository, const char *unique_id, const char *sha1)
{
    struct db_stmt *s = by_unique_id(db,
                                     "INSERT INTO document (repository, unique_id, sha1, sha256, size, mime_type)"
                                     " SELECT repository, unique_id, sha1, sha256, size, mime_type FROM pending"
                                     " WHERE repository = ? AND unique_id = ? AND sha1 = ? ORDER BY id LIMIT 1"
                                     " ON CONFLICT DO NOTHING",
                                     repository, unique_id);

    db_bind_text(s, 3, sha1);
    TRY(db_run(s));
    if (db_changes(db) == 0)
        return OK;
    return db_run(
        by_unique_id(db, "DELETE FROM pending WHERE repository = ? AND unique_id = ?", repository, unique_id));
}

enum rc store_document_remove(struct db *db, const char *repository, const char *unique_id, bool *was_there)
{
    TRY(db_run(by_unique_id(db, "DELETE FROM document WHERE repository = ? AND unique_id = ?", repository, unique_id)));
    *was_there = db_changes(db) > 0;
    return db_run(
        by_unique_id(db, "DELETE FROM pending WHERE repository = ? AND unique_id = ?", repository, unique_id));
}
