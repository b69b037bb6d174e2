/* Whose medication list this repository had registered, so that each patient gets one. */
#include "repository/store.h"

static struct db_stmt *by_patient(struct db *db, const char *sql, const char *community, const char *patient)
{
    struct db_stmt *s = db_stmt(db, sql);

    db_bind_text(s, 1, community);
    db_bind_text(s, 2, patient);
    return s;
}

enum rc store_list_claim(struct db *db, const char *community, const char *patient, bool *is_claimed)
{
    TRY(db_run(by_patient(db,
                          "INSERT INTO medication_list (community, patient, is_registered) VALUES (?, ?, 0)"
                          " ON CONFLICT DO NOTHING",
                          community, patient)));
    *is_claimed = db_changes(db) > 0;
    return OK;
}

enum rc store_list_settle(struct db *db, const char *community, const char *patient)
{
    return db_run(by_patient(db, "UPDATE medication_list SET is_registered = 1 WHERE community = ? AND patient = ?",
                             community, patient));
}

enum rc store_list_drop(struct db *db, const char *community, const char *patient)
{
    return db_run(
        by_patient(db, "DELETE FROM medication_list WHERE community = ? AND patient = ?", community, patient));
}

enum rc store_lists_unclaim(struct db *db)
{
    return db_run(db_stmt(db, "DELETE FROM medication_list WHERE is_registered = 0"));
}
