#include "repository/store.h"

#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"

#include <string.h>

enum rc store_octets_add(struct db *db, const struct stored_document *d)
{
    struct db_stmt *s;

    if (d->octets.data == NULL)
        return OK;
    s = db_stmt(db, "INSERT INTO octets (sha256, bytes) VALUES (?, ?)"
                    " ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes WHERE bytes != excluded.bytes");
    db_bind_text(s, 1, d->sha256);
    db_bind_blob(s, 2, d->octets);
    return db_run(s);
}

enum rc store_octets_find(struct arena *a, struct db *db, const char *sha256, struct str *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT bytes FROM octets WHERE sha256 = ?");
    char actual[SHA256_HEX_LEN];
    bool row;

    db_bind_text(s, 1, sha256);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *out = db_blob(a, s, 0);
    db_reset(s);
    sha256_hex(*out, actual);
    if (strcmp(actual, sha256) == 0)
        return OK;
    log_warn("the octets %s are damaged: they are others", sha256);
    return E_IO;
}
