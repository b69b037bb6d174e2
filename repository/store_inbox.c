#include "repository/store.h"

#include "base/arena.h"
#include "wire/json.h"

#include <string.h>

/* ---- in ---- */

static enum rc document_add(struct db *db, int64_t inbox, const struct inbox_document *d)
{
    struct db_stmt *s = db_stmt(db,
                                "INSERT INTO inbox_document (inbox, unique_id, title, mime_type, sha1, sha256, size)"
                                " VALUES (?, ?, ?, ?, ?, ?, ?)");

    db_bind_int(s, 1, inbox);
    db_bind_text(s, 2, d->stored->unique_id);
    db_bind_text(s, 3, d->title);
    db_bind_text(s, 4, d->stored->mime_type);
    db_bind_text(s, 5, d->stored->sha1);
    db_bind_text(s, 6, d->stored->sha256);
    db_bind_int(s, 7, (int64_t)d->stored->size);
    TRY(db_run(s));
    return store_octets_add(db, d->stored);
}

enum rc store_inbox_add(struct db *db, const struct inbox_submission *in)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO inbox (community, received, unique_id, source_id, patient_id, title,"
                                    " recipients, limited, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const char *const texts[] = { in->community,  in->received, in->unique_id, in->source_id,
                                  in->patient_id, in->title,    in->recipients };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        db_bind_text(s, (int)i + 1, texts[i]);
    db_bind_int(s, 8, in->is_limited);
    db_bind_blob(s, 9, in->metadata);
    TRY(db_run(s));
    int64_t id = db_last_id(db);
    for (const struct inbox_document *d = in->documents; d != NULL; d = d->next)
        TRY(document_add(db, id, d));
    return OK;
}

/* ---- and out ---- */

enum rc store_inbox_find(struct arena *a, struct db *db, const char *community, int64_t number, int64_t k,
                         struct stored_document *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT d.unique_id, mime_type, sha1, sha256, size FROM inbox_document AS d"
                                    " JOIN inbox ON inbox = id WHERE id = ? AND community = ?"
                                    " ORDER BY d.rowid LIMIT 1 OFFSET ?");
    bool row;

    db_bind_int(s, 1, number);
    db_bind_text(s, 2, community);
    db_bind_int(s, 3, k - 1);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *out = (struct stored_document){ .unique_id = db_text(a, s, 0),
                                     .mime_type = db_text(a, s, 1),
                                     .sha1 = db_text(a, s, 2),
                                     .sha256 = db_text(a, s, 3),
                                     .size = (uint64_t)db_int(s, 4) };
    db_reset(s);
    return OK;
}

static void recipients_write(struct arena *a, struct json_writer *w, const char *lines)
{
    char *rest = lines != NULL ? arena_strdup(a, lines) : NULL;

    jw_list(w, "intendedRecipients");
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        jw_text(w, NULL, line);
    jw_end_list(w);
}

static enum rc documents_write(struct arena *a, struct db *db, int64_t inbox, struct json_writer *w)
{
    struct db_stmt *s = db_stmt(db, "SELECT unique_id, title, mime_type, size, sha1 FROM inbox_document"
                                    " WHERE inbox = ? ORDER BY rowid");
    bool row;

    db_bind_int(s, 1, inbox);
    jw_list(w, "documents");
    for (;;) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        jw_object(w, NULL);
        jw_text(w, "uniqueId", db_text(a, s, 0));
        jw_text(w, "title", db_text(a, s, 1));
        jw_text(w, "mimeType", db_text(a, s, 2));
        jw_integer(w, "size", db_int(s, 3));
        jw_text(w, "sha1", db_text(a, s, 4));
        jw_end_object(w);
    }
    jw_end_list(w);
    return OK;
}

static enum rc submission_write(struct arena *a, struct db *db, struct db_stmt *s, struct json_writer *w)
{
    static const char *const texts[] = { "received", "uniqueId", "sourceId", "patientId", "title" };

    jw_object(w, NULL);
    jw_integer(w, "number", db_int(s, 0));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        jw_text(w, texts[i], db_text(a, s, (int)i + 1));
    recipients_write(a, w, db_text(a, s, 6));
    jw_bool(w, "limitedMetadata", db_int(s, 7) != 0);
    TRY(documents_write(a, db, db_int(s, 0), w));
    jw_end_object(w);
    return OK;
}

enum rc store_inbox_write(struct arena *a, struct db *db, const char *community, struct json_writer *w, const char *key)
{
    struct db_stmt *s = db_stmt(db, "SELECT id, received, unique_id, source_id, patient_id, title, recipients, limited"
                                    " FROM inbox WHERE community = ? ORDER BY id");
    bool row;

    db_bind_text(s, 1, community);
    jw_list(w, key);
    for (;;) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        enum rc rc = submission_write(a, db, s, w);
        if (rc != OK) {
            db_reset(s);
            return rc;
        }
    }
    jw_end_list(w);
    return OK;
}
