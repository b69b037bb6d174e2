#include "gateway/consent_store.h"

#include "base/arena.h"
#include "store/db.h"

const char consent_schema[] =
    "CREATE TABLE IF NOT EXISTS consent (community INTEGER NOT NULL, patient TEXT NOT NULL, state INTEGER NOT NULL,"
    " named INTEGER NOT NULL, changed INTEGER NOT NULL, document TEXT, restricts INTEGER NOT NULL,"
    " PRIMARY KEY (community, patient)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS consent_restricts ON consent (community) WHERE restricts = 1;"
    "CREATE TABLE IF NOT EXISTS consent_part (community INTEGER NOT NULL, patient TEXT NOT NULL, number INTEGER NOT "
    "NULL,"
    " part TEXT NOT NULL, state INTEGER NOT NULL, PRIMARY KEY (community, patient, number)) WITHOUT ROWID;";

enum rc consent_store_any(struct db *db, const struct community *c, bool *any)
{
    struct db_stmt *s = c == NULL ? db_stmt(db, "SELECT 1 FROM consent WHERE restricts = 1 LIMIT 1")
                                  : db_stmt(db, "SELECT 1 FROM consent WHERE community = ?1 AND restricts = 1 LIMIT 1");

    if (c != NULL)
        db_bind_int(s, 1, c->number);
    TRY(db_step(s, any));
    if (*any)
        db_reset(s);
    return OK;
}

/* ---- reading ---- */

static enum rc parts_read(struct arena *a, struct db *db, const struct community *c, struct consent *consent)
{
    struct db_stmt *s = db_stmt(
        db, "SELECT part, state FROM consent_part WHERE community = ?1 AND patient = ?2 ORDER BY number");
    struct consent_part **end = &consent->parts;
    bool row;

    db_bind_int(s, 1, c->number);
    db_bind_text(s, 2, consent->patient);
    for (;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        *end = ARENA_NEW(a, struct consent_part);
        (*end)->id = db_text(a, s, 0);
        (*end)->state = (enum consent_state)db_int(s, 1);
        end = &(*end)->next;
    }
}

#define COLUMNS "SELECT patient, state, named, changed, document FROM consent"

static void row_read(struct arena *a, struct db_stmt *s, struct consent *out)
{
    *out = (struct consent){ .patient = db_text(a, s, 0),
                             .state = (enum consent_state)db_int(s, 1),
                             .is_named = db_int(s, 2) != 0,
                             .is_recorded = true,
                             .changed = db_int(s, 3),
                             .document = db_text(a, s, 4) };
}

enum rc consent_store_get(struct arena *a, struct db *db, const struct community *c, const char *patient,
                          struct consent *out)
{
    struct db_stmt *s = db_stmt(db, COLUMNS " WHERE community = ?1 AND patient = ?2");
    bool row;

    *out = (struct consent){ .patient = patient, .state = CONSENT_GIVEN };
    db_bind_int(s, 1, c->number);
    db_bind_text(s, 2, patient);
    TRY(db_step(s, &row));
    if (!row)
        return OK;
    row_read(a, s, out);
    db_reset(s);
    return parts_read(a, db, c, out);
}

enum rc consent_store_list(struct arena *a, struct db *db, const struct community *c, struct consent **out)
{
    struct db_stmt *s = db_stmt(db, COLUMNS " WHERE community = ?1 ORDER BY patient");
    struct consent *first = NULL, **end = &first;
    bool row;

    db_bind_int(s, 1, c->number);
    for (;;) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        *end = ARENA_NEW(a, struct consent);
        row_read(a, s, *end);
        end = &(*end)->next;
    }
    for (struct consent *consent = first; consent != NULL; consent = consent->next)
        TRY(parts_read(a, db, c, consent));
    *out = first;
    return OK;
}

/* ---- writing ---- */

static enum rc part_put(struct db *db, const struct community *c, const struct consent *consent,
                        const struct consent_part *p, int number)
{
    struct db_stmt *s = db_stmt(
        db, "INSERT INTO consent_part (community, patient, number, part, state) VALUES (?1, ?2, ?3, ?4, ?5)");

    db_bind_int(s, 1, c->number);
    db_bind_text(s, 2, consent->patient);
    db_bind_int(s, 3, number);
    db_bind_text(s, 4, p->id);
    db_bind_int(s, 5, p->state);
    return db_run(s);
}

static enum rc parts_put(struct db *db, const struct community *c, const struct consent *consent)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM consent_part WHERE community = ?1 AND patient = ?2");
    int number = 0;

    db_bind_int(s, 1, c->number);
    db_bind_text(s, 2, consent->patient);
    TRY(db_run(s));
    for (const struct consent_part *p = consent->parts; p != NULL; p = p->next)
        TRY(part_put(db, c, consent, p, ++number));
    return OK;
}

enum rc consent_store_put(struct db *db, const struct community *c, const struct consent *consent)
{
    struct db_stmt *s = db_stmt(db, "INSERT OR REPLACE INTO consent"
                                    " (community, patient, state, named, changed, document, restricts)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    db_bind_int(s, 1, c->number);
    db_bind_text(s, 2, consent->patient);
    db_bind_int(s, 3, consent->state);
    db_bind_int(s, 4, consent->is_named);
    db_bind_int(s, 5, consent->changed);
    db_bind_text(s, 6, consent->document);
    db_bind_int(s, 7, consent_restricts(consent));
    TRY(db_run(s));
    return parts_put(db, c, consent);
}
