#include "audit/store.h"

#include "base/arena.h"

#include <string.h>

const char store_schema[] =
    "CREATE TABLE IF NOT EXISTS record ("
    " id INTEGER PRIMARY KEY, received INTEGER NOT NULL, time INTEGER NOT NULL, community TEXT NOT NULL,"
    " event TEXT NOT NULL, type TEXT NOT NULL, action TEXT NOT NULL, outcome INTEGER NOT NULL, source TEXT NOT NULL,"
    " words TEXT NOT NULL, readable INTEGER NOT NULL, faults TEXT, transport TEXT NOT NULL, peer TEXT NOT NULL,"
    " subject TEXT, raw BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS record_time ON record (community, time);"
    "CREATE INDEX IF NOT EXISTS record_faulty ON record (id) WHERE faults IS NOT NULL;"
    "CREATE TABLE IF NOT EXISTS object (value TEXT NOT NULL, record INTEGER NOT NULL,"
    " PRIMARY KEY (value, record)) WITHOUT ROWID;";

/* ---- keeping ---- */

static const char sql_insert[] =
    "INSERT INTO record (received, time, community, event, type, action, outcome, source, words, readable, faults,"
    " transport, peer, subject, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
static const char sql_object[] = "INSERT OR IGNORE INTO object (value, record) VALUES (?1, ?2)";

static enum rc keep_one(struct db *db, const struct record *r)
{
    struct db_stmt *s = db_stmt(db, sql_insert);

    db_bind_int(s, 1, r->received);
    db_bind_int(s, 2, r->time);
    const char *const texts[] = { r->community, r->event, r->type, r->action };
    for (int i = 0; i < (int)ARRAY_LEN(texts); i++)
        db_bind_text(s, 3 + i, texts[i]);
    db_bind_int(s, 7, r->outcome);
    db_bind_text(s, 8, r->source);
    db_bind_text(s, 9, r->words);
    db_bind_int(s, 10, r->is_readable);
    db_bind_text(s, 11, r->faults);
    db_bind_text(s, 12, r->transport);
    db_bind_text(s, 13, r->peer);
    db_bind_text(s, 14, r->subject);
    db_bind_blob(s, 15, r->raw);
    TRY(db_run(s));
    int64_t id = db_last_id(db);
    for (const struct term *t = r->objects; t != NULL; t = t->next) {
        struct db_stmt *o = db_stmt(db, sql_object);
        db_bind_text(o, 1, t->text);
        db_bind_int(o, 2, id);
        TRY(db_run(o));
    }
    return OK;
}

/* ---- letting go ---- */

#define GO_AT_ONCE 1000 /* of each group, so that a lowered limit does not stop the intake */

static const char sql_last[] = "SELECT coalesce(max(id), 0) FROM record";
static const char sql_old[] = "SELECT id, words FROM record WHERE id <= ?1 ORDER BY id LIMIT ?2";
static const char sql_forget_object[] = "DELETE FROM object WHERE value = ?1 AND record = ?2";
static const char sql_forget[] = "DELETE FROM record WHERE id <= ?1";

static enum rc forget_objects(struct arena *a, struct db *db, int64_t id, const char *words)
{
    for (const char *at = words; (at = strchr(at, '\n')) != NULL && at[1] != '\0';) {
        at++;
        size_t n = strcspn(at, "\n");
        if ((at[0] != 'p' && at[0] != 'o') || n < 2)
            continue;
        struct db_stmt *s = db_stmt(db, sql_forget_object);
        db_bind_text(s, 1, arena_strndup(a, at + 2, n - 2));
        db_bind_int(s, 2, id);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc last_id(struct db *db, int64_t *out)
{
    struct db_stmt *s = db_stmt(db, sql_last);
    bool row;

    TRY(db_step(s, &row));
    *out = row ? db_int(s, 0) : 0;
    db_reset(s);
    return OK;
}

static enum rc forget_old(struct arena *a, struct db *db, int64_t keep)
{
    int64_t last, gone = 0;
    enum rc rc;
    bool row;

    TRY(last_id(db, &last));
    if (keep <= 0 || last <= keep)
        return OK;
    struct db_stmt *s = db_stmt(db, sql_old);
    db_bind_int(s, 1, last - keep);
    db_bind_int(s, 2, GO_AT_ONCE);
    while ((rc = db_step(s, &row)) == OK && row) {
        gone = db_int(s, 0);
        TRY(forget_objects(a, db, gone, db_text(a, s, 1)));
    }
    TRY(rc);
    s = db_stmt(db, sql_forget);
    db_bind_int(s, 1, gone);
    return gone > 0 ? db_run(s) : OK;
}

enum rc store_keep(struct arena *a, struct db *db, const struct record *list, int64_t keep)
{
    for (const struct record *r = list; r != NULL; r = r->next)
        TRY(keep_one(db, r));
    return forget_old(a, db, keep);
}

/* ---- finding ---- */

#define COLUMNS                                                                                                        \
    "id, received, time, community, event, type, action, outcome, source, words, readable, faults, transport, peer,"   \
    " subject, raw"
#define MATCH " time BETWEEN ?2 AND ?3 AND id > ?4 AND (?5 = 0 OR faults IS NOT NULL) AND (?6 = 0 OR readable = 1)"

/* One statement for each way that an index serves; parameter 1 is the community, 7 to 9 are an object. */
static const char sql_by_community[] = "SELECT " COLUMNS " FROM record WHERE community = ?1 AND" MATCH
                                       " ORDER BY time DESC, id DESC";
static const char sql_by_community_up[] = "SELECT " COLUMNS " FROM record WHERE community = ?1 AND" MATCH
                                          " ORDER BY time, id";
static const char sql_by_community_id[] = "SELECT " COLUMNS " FROM record WHERE community = ?1 AND" MATCH
                                          " ORDER BY id";
static const char sql_all[] = "SELECT " COLUMNS " FROM record WHERE ?1 IS NULL AND" MATCH
                              " ORDER BY time DESC, id DESC";
static const char sql_all_up[] = "SELECT " COLUMNS " FROM record WHERE ?1 IS NULL AND" MATCH " ORDER BY time, id";
static const char sql_all_id[] = "SELECT " COLUMNS " FROM record WHERE ?1 IS NULL AND" MATCH " ORDER BY id";
static const char sql_by_object[] = "SELECT " COLUMNS
                                    " FROM record WHERE id IN (SELECT record FROM object WHERE value = ?7 UNION SELECT "
                                    "record FROM object WHERE value >= ?8 AND value < ?9) AND"
                                    " (?1 IS NULL OR community = ?1) AND" MATCH " ORDER BY time DESC, id DESC";
static const char sql_by_object_up[] = "SELECT " COLUMNS
                                       " FROM record WHERE id IN (SELECT record FROM object WHERE value = ?7 UNION "
                                       "SELECT record FROM object WHERE value >= ?8 AND value < ?9) AND"
                                       " (?1 IS NULL OR community = ?1) AND" MATCH " ORDER BY time, id";
static const char sql_get[] = "SELECT " COLUMNS " FROM record WHERE id = ?1";

static void row_read(struct arena *a, struct db_stmt *s, struct record *out)
{
    *out = (struct record){ .id = db_int(s, 0),
                            .received = db_int(s, 1),
                            .time = db_int(s, 2),
                            .community = db_text(a, s, 3),
                            .event = db_text(a, s, 4),
                            .type = db_text(a, s, 5),
                            .action = db_text(a, s, 6),
                            .outcome = (int)db_int(s, 7),
                            .source = db_text(a, s, 8),
                            .words = db_text(a, s, 9),
                            .is_readable = db_int(s, 10) != 0,
                            .faults = db_text(a, s, 11),
                            .transport = db_text(a, s, 12),
                            .peer = db_text(a, s, 13),
                            .subject = db_text(a, s, 14),
                            .raw = db_blob(a, s, 15) };
}

static const char *statement_for(const struct record_filter *f)
{
    if (f->object != NULL)
        return f->ascending ? sql_by_object_up : sql_by_object;
    if (f->community != NULL)
        return f->by_id ? sql_by_community_id : f->ascending ? sql_by_community_up : sql_by_community;
    return f->by_id ? sql_all_id : f->ascending ? sql_all_up : sql_all;
}

enum rc store_find(struct arena *a, struct db *db, const struct record_filter *f,
                   bool (*each)(void *user, const struct record *r), void *user)
{
    struct db_stmt *s = db_stmt(db, statement_for(f));
    struct record r;
    enum rc rc;
    bool row;

    db_bind_text(s, 1, f->community);
    db_bind_int(s, 2, f->from);
    db_bind_int(s, 3, f->to);
    db_bind_int(s, 4, f->after);
    db_bind_int(s, 5, f->only_faulty);
    db_bind_int(s, 6, f->only_readable);
    if (f->object != NULL) {
        db_bind_text(s, 7, f->object);
        db_bind_text(s, 8, arena_printf(a, "%s^^^", f->object)); /* every CX with this id … */
        db_bind_text(s, 9, arena_printf(a, "%s^^_", f->object)); /* … stands before this */
    }
    while ((rc = db_step(s, &row)) == OK && row) {
        struct arena *of_row = arena_new();
        row_read(of_row, s, &r);
        bool goes_on = each(user, &r);
        arena_free(of_row);
        if (!goes_on) {
            db_reset(s);
            return OK;
        }
    }
    return rc;
}

enum rc store_get(struct arena *a, struct db *db, int64_t id, struct record *out)
{
    struct db_stmt *s = db_stmt(db, sql_get);
    bool row;

    db_bind_int(s, 1, id);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    row_read(a, s, out);
    db_reset(s);
    return OK;
}

static const char sql_count[] = "SELECT count(*), count(faults) FROM record WHERE community = ?1";
static const char sql_count_all[] = "SELECT count(*), count(faults) FROM record";

enum rc store_count(struct db *db, const char *community, struct store_counts *out)
{
    struct db_stmt *s = db_stmt(db, community != NULL ? sql_count : sql_count_all);
    bool row;

    if (community != NULL)
        db_bind_text(s, 1, community);
    TRY(db_step(s, &row));
    *out = (struct store_counts){ row ? db_int(s, 0) : 0, row ? db_int(s, 1) : 0 };
    if (row)
        db_reset(s);
    return OK;
}
