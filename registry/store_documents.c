#include "registry/store.h"

#include "base/arena.h"

static enum rc codes_add(struct db *db, int64_t object, enum document_code kind, const struct code *list)
{
    for (const struct code *c = list; c != NULL; c = c->next) {
        struct db_stmt *s = db_stmt(
            db, "INSERT INTO document_code (object, kind, code, scheme) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
        db_bind_int(s, 1, object);
        db_bind_int(s, 2, kind);
        db_bind_text(s, 3, c->code);
        db_bind_text(s, 4, c->scheme);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc authors_add(struct db *db, int64_t object, const struct author *list)
{
    for (const struct author *author = list; author != NULL; author = author->next) {
        if (author->person == NULL)
            continue;
        struct db_stmt *s = db_stmt(db, "INSERT INTO document_author (object, person) VALUES (?, ?)");
        db_bind_int(s, 1, object);
        db_bind_text(s, 2, author->person);
        TRY(db_run(s));
    }
    return OK;
}

enum rc store_document_add(struct db *db, int64_t object, const struct document_entry *d)
{
    const struct {
        enum document_code kind;
        const struct code *codes;
    } codes[] = {
        { CODE_CLASS, d->class_code },
        { CODE_TYPE, d->type_code },
        { CODE_FORMAT, d->format_code },
        { CODE_PRACTICE_SETTING, d->practice_setting_code },
        { CODE_FACILITY_TYPE, d->healthcare_facility_type_code },
        { CODE_CONFIDENTIALITY, d->confidentiality_codes },
        { CODE_EVENT, d->event_codes },
    };
    struct db_stmt *s = db_stmt(
        db, "INSERT INTO document"
            " (object, patient, creation_time, service_start_time, service_stop_time, on_demand, hash, size)"
            " SELECT id, patient, ?, ?, ?, ?, ?, ? FROM object WHERE id = ?");

    db_bind_text(s, 1, d->creation_time);
    db_bind_text(s, 2, d->service_start_time);
    db_bind_text(s, 3, d->service_stop_time);
    db_bind_int(s, 4, text_equal(d->object_type, TYPE_ON_DEMAND_DOCUMENT));
    db_bind_text(s, 5, d->hash);
    db_bind_text(s, 6, d->size);
    db_bind_int(s, 7, object);
    TRY(db_run(s));
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        TRY(codes_add(db, object, codes[i].kind, codes[i].codes));
    return authors_add(db, object, d->authors);
}

/* ---- reading ---- */

#define DOCUMENT_COLUMNS                                                                                               \
    "o.id, o.uuid, o.unique_id, o.patient, o.deprecated, o.status_at, o.leaf, d.on_demand, d.creation_time,"           \
    " d.service_start_time, d.service_stop_time, d.hash, d.size"

static void document_read(struct arena *a, struct db_stmt *s, struct stored_document *out)
{
    *out = (struct stored_document){
        .object = { .id = db_int(s, 0),
                    .kind = OBJECT_DOCUMENT,
                    .uuid = db_text(a, s, 1),
                    .unique_id = db_text(a, s, 2),
                    .patient = db_int(s, 3),
                    .is_deprecated = db_int(s, 4) != 0,
                    .status_at = (size_t)db_int(s, 5),
                    .leaf = db_blob(a, s, 6) },
        .is_on_demand = db_int(s, 7) != 0,
        .times = { db_text(a, s, 8), db_text(a, s, 9), db_text(a, s, 10) },
        .hash = db_text(a, s, 11),
        .size = db_text(a, s, 12),
    };
}

static enum rc documents_each(struct arena *a, struct db_stmt *s,
                              enum rc (*each)(void *user, const struct stored_document *d), void *user)
{
    for (;;) {
        struct stored_document d;
        bool row;
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        document_read(a, s, &d);
        enum rc rc = each(user, &d);
        if (rc != OK) {
            db_reset(s);
            return rc;
        }
    }
}

enum rc store_documents_of_patient(struct arena *a, struct db *db, int community, int64_t patient,
                                   enum rc (*each)(void *user, const struct stored_document *d), void *user)
{
    struct db_stmt *s = db_stmt(db, "SELECT " DOCUMENT_COLUMNS " FROM document d JOIN object o ON o.id = d.object"
                                    " WHERE d.patient = ? AND o.community = ? ORDER BY d.creation_time, o.id");

    db_bind_int(s, 1, patient);
    db_bind_int(s, 2, community);
    return documents_each(a, s, each, user);
}

enum rc store_documents_by_unique_id(struct arena *a, struct db *db, int community, const char *unique_id,
                                     enum rc (*each)(void *user, const struct stored_document *d), void *user)
{
    struct db_stmt *s = db_stmt(db, "SELECT " DOCUMENT_COLUMNS " FROM object o JOIN document d ON d.object = o.id"
                                    " WHERE o.community = ? AND o.unique_id = ? ORDER BY o.id");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, unique_id);
    return documents_each(a, s, each, user);
}

enum rc store_documents_by_uuid(struct arena *a, struct db *db, int community, const char *uuid,
                                enum rc (*each)(void *user, const struct stored_document *d), void *user)
{
    struct db_stmt *s = db_stmt(db, "SELECT " DOCUMENT_COLUMNS " FROM object o JOIN document d ON d.object = o.id"
                                    " WHERE o.community = ? AND o.uuid = ?");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, uuid);
    return documents_each(a, s, each, user);
}

static enum rc is_there(struct db_stmt *s, bool *has)
{
    TRY(db_step(s, has));
    if (*has)
        db_reset(s);
    return OK;
}

enum rc store_document_has_code(struct db *db, int64_t object, enum document_code kind, const char *code,
                                const char *scheme, bool *has)
{
    struct db_stmt *s = db_stmt(
        db, "SELECT 1 FROM document_code WHERE object = ? AND kind = ? AND code = ? AND scheme = ?");

    db_bind_int(s, 1, object);
    db_bind_int(s, 2, kind);
    db_bind_text(s, 3, code);
    db_bind_text(s, 4, scheme);
    return is_there(s, has);
}

static const char *next_character(const char *utf8)
{
    do
        utf8++;
    while ((*utf8 & 0xc0) == 0x80);
    return utf8;
}

/* Does UTF-8 text match a pattern of % (any run) and _ (one character)? After a mismatch only the last % gives way. */
static bool like(const char *text, const char *pattern)
{
    const char *after_run = NULL, *retry = NULL;

    while (*text != '\0') {
        if (*pattern == '%') {
            after_run = ++pattern;
            retry = text;
        } else if (*pattern == '_') {
            pattern++;
            text = next_character(text);
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (after_run != NULL) {
            pattern = after_run;
            text = retry = next_character(retry);
        } else {
            return false;
        }
    }
    while (*pattern == '%')
        pattern++;
    return *pattern == '\0';
}

enum rc store_document_has_author(struct db *db, int64_t object, const char *pattern, bool *has)
{
    struct db_stmt *s = db_stmt(db, "SELECT person FROM document_author WHERE object = ?");
    struct arena *a = arena_new();
    enum rc rc;
    bool row;

    *has = false;
    db_bind_int(s, 1, object);
    while ((rc = db_step(s, &row)) == OK && row && !*has)
        *has = like(db_text(a, s, 0), pattern);
    db_reset(s);
    arena_free(a);
    return rc;
}
