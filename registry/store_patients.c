#include "registry/store.h"

enum rc store_patient_add(struct db *db, int community, const char *cx)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO patient (community, cx) VALUES (?, ?) ON CONFLICT DO NOTHING");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, cx);
    return db_run(s);
}

enum rc store_patient_find(struct db *db, int community, const char *cx, int64_t *id)
{
    struct db_stmt *s = db_stmt(db, "SELECT id FROM patient WHERE community = ? AND cx = ?");
    bool row;

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, cx);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *id = db_int(s, 0);
    db_reset(s);
    return OK;
}
