#include "repository/store.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

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
    return store_octets_add(db, d);
}

enum rc store_pending_forget(struct db *db, int64_t id)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM pending WHERE id = ?");

    db_bind_int(s, 1, id);
    return db_run(s);
}

enum rc store_pending_newest(struct db *db, int64_t *newest)
{
    struct db_stmt *s = db_stmt(db, "SELECT COALESCE(MAX(id), 0) FROM pending");
    bool row;

    TRY(db_step(s, &row));
    *newest = db_int(s, 0);
    db_reset(s);
    return OK;
}

/* At a row: is it of the same repository as those before it? Those before the first are of any. */
static bool place_takes(struct store_pending_place *place, const char *repository, int64_t id, bool is_first)
{
    if (is_first)
        snprintf(place->repository, sizeof(place->repository), "%s", repository);
    else if (strcmp(place->repository, repository) != 0)
        return false;
    place->id = id;
    return true;
}

enum rc store_pending_next(struct arena *a, struct db *db, int64_t newest, int max, struct store_pending_place *place,
                           struct store_pending_row **out)
{
    struct db_stmt *s = db_stmt(db, "SELECT id, repository, unique_id, sha256 FROM pending"
                                    " WHERE (repository, id) > (?1, ?2) AND id <= ?3 ORDER BY repository, id LIMIT ?4");
    struct store_pending_row **end = out;
    bool row;

    db_bind_text(s, 1, place->repository);
    db_bind_int(s, 2, place->id);
    db_bind_int(s, 3, newest);
    db_bind_int(s, 4, max);
    *out = NULL;
    for (;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        if (!place_takes(place, db_text(a, s, 1), db_int(s, 0), *out == NULL))
            break;
        *end = ARENA_NEW(a, struct store_pending_row);
        **end = (struct store_pending_row){ db_int(s, 0), db_text(a, s, 2), db_text(a, s, 3), NULL };
        end = &(*end)->next;
    }
    db_reset(s);
    return OK;
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

enum rc store_document_remove(struct db *db, const char *repository, const char *unique_id)
{
    TRY(db_run(by_unique_id(db, "DELETE FROM document WHERE repository = ? AND unique_id = ?", repository, unique_id)));
    return db_run(
        by_unique_id(db, "DELETE FROM pending WHERE repository = ? AND unique_id = ?", repository, unique_id));
}

enum rc store_paper_remove(struct db *db, const char *unique_id)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO removed_paper (unique_id) VALUES (?) ON CONFLICT DO NOTHING");

    db_bind_text(s, 1, unique_id);
    return db_run(s);
}

enum rc store_paper_is_removed(struct db *db, const char *unique_id, bool *is_removed)
{
    struct db_stmt *s = db_stmt(db, "SELECT 1 FROM removed_paper WHERE unique_id = ?");

    db_bind_text(s, 1, unique_id);
    TRY(db_step(s, is_removed));
    if (*is_removed)
        db_reset(s);
    return OK;
}
