#include "registry/find.h"

/* A later version has its lid apart from its uuid, and is found by it. */
enum rc find_later_version(struct db *db, int community, const struct stored_object *o, bool *has)
{
    struct db_stmt *s = db_stmt(db, "SELECT 1 FROM object WHERE community = ? AND lid = ? AND version > ? LIMIT 1");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, o->lid);
    db_bind_int(s, 3, o->version);
    TRY(db_step(s, has));
    if (*has)
        db_reset(s);
    return OK;
}
