/* Answers about persons that are known. Each is one statement or a reading transaction, so that no feed comes between.
 */
#include "pixmgr/store_entries.h"

#include "base/arena.h"

enum rc store_patient_ids(struct arena *a, struct db *db, int community, const struct patient_id *id,
                          struct patient_id **out)
{
    struct db_stmt *s = db_stmt(db, "SELECT r.root, r.extension FROM record k JOIN record r ON r.person = k.person"
                                    " WHERE k.community = ? AND k.root = ? AND k.extension = ?"
                                    " ORDER BY r.root, r.extension");
    struct patient_id *ids;

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    TRY(ids_read(a, s, &ids));
    if (ids == NULL)
        return E_NOT_FOUND;
    *out = ids;
    return OK;
}

enum rc store_person_ids(struct arena *a, struct db *db, int64_t person, struct patient_id **out)
{
    struct db_stmt *s = db_stmt(db, "SELECT root, extension FROM record WHERE person = ? ORDER BY root, extension");

    db_bind_int(s, 1, person);
    return ids_read(a, s, out);
}

enum rc store_person_load(struct arena *a, struct db *db, int64_t person, struct patient *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT patient FROM entry WHERE person = ? ORDER BY fed DESC, id LIMIT 1");
    struct patient p;
    bool row;

    db_bind_int(s, 1, person);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    struct str xml = db_blob(a, s, 0);
    db_reset(s);
    TRY(patient_parse(a, xml, &p));
    TRY(store_person_ids(a, db, person, &p.ids));
    *out = p;
    return OK;
}
