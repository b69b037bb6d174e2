#include "cli/snapshot_file.h"

#include "base/arena.h"
#include "base/file.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ENTRY_MAX ((size_t)900 << 20) /* SQLite's rows end at 1 GB */

static const char table[] = "CREATE TABLE IF NOT EXISTS sqlar ("
                            " name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB);";

/* ---- in ---- */

static enum rc entry_add(struct arena *a, struct db *db, const char *path, const char *name)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO sqlar (name, mode, mtime, sz, data) VALUES (?, 33152, ?, ?, ?)");
    struct str bytes;

    TRY(file_read(a, path, ENTRY_MAX, &bytes));
    db_bind_text(s, 1, name);
    db_bind_int(s, 2, (int64_t)time(NULL));
    db_bind_int(s, 3, (int64_t)bytes.len);
    db_bind_blob(s, 4, bytes);
    return db_run(s);
}

/* below: "" or "repository-blobs/ab/". */
static enum rc folder_add(struct db *db, const char *folder, const char *below)
{
    struct arena *a = arena_new();
    char **names;
    size_t count;
    enum rc rc = file_list(a, folder, "", &names, &count);

    for (size_t i = 0; rc == OK && i < count; i++) {
        const char *path = arena_printf(a, "%s/%s", folder, names[i]);
        struct arena *own = arena_new();
        struct stat st;
        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
            rc = folder_add(db, path, arena_printf(own, "%s%s/", below, names[i]));
        else
            rc = entry_add(own, db, path, arena_printf(own, "%s%s", below, names[i]));
        arena_free(own);
    }
    arena_free(a);
    return rc;
}

enum rc snapshot_pack(struct arena *a, const char *folder, const char *file)
{
    const char *tmp = arena_printf(a, "%s.tmp", file);
    struct db *db;

    (void)unlink(tmp);
    TRY(db_open(tmp, DB_WRITE, table, &db));
    enum rc rc = db_run(db_stmt(db, "BEGIN"));
    if (rc == OK)
        rc = folder_add(db, folder, "");
    if (rc == OK)
        rc = db_run(db_stmt(db, "COMMIT"));
    db_close(db);
    return rc != OK ? rc : rename(tmp, file) == 0 ? OK : file_error("move to its place", tmp);
}

/* ---- and out ---- */

/* Parts of letters, digits, "-", "_" and ".", none beginning with ".": nothing leads out of the folder. */
static bool is_name(const char *name)
{
    if (name == NULL || strlen(name) > 200)
        return false;
    for (const char *part = name; part != NULL; part = strchr(part, '/') != NULL ? strchr(part, '/') + 1 : NULL) {
        size_t n = strcspn(part, "/");
        if (n == 0 || part[0] == '.' ||
            strspn(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") < n)
            return false;
    }
    return true;
}

static enum rc entry_write(struct arena *a, const char *folder, const char *name, struct str bytes)
{
    const char *path = arena_printf(a, "%s/%s", folder, name);

    if (!is_name(name))
        return E_REFUSED;
    TRY(file_mkdirs(arena_strndup(a, path, (size_t)(strrchr(path, '/') - path)), 0700));
    return file_write(path, bytes, 0600);
}

static enum rc entries_write(struct db *db, const char *folder)
{
    struct db_stmt *s = db_stmt(db, "SELECT name, data FROM sqlar ORDER BY name");
    bool row;

    for (;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        struct arena *a = arena_new();
        enum rc rc = entry_write(a, folder, db_text(a, s, 0), db_blob(a, s, 1));
        arena_free(a);
        if (rc != OK) {
            db_reset(s);
            return rc;
        }
    }
}

enum rc snapshot_unpack(struct arena *a, const char *file, const char *folder)
{
    const char *tmp = arena_printf(a, "%s.tmp", folder);
    struct db *db;

    if (access(file, R_OK) != 0)
        return E_NOT_FOUND;
    TRY(file_remove_all(tmp));
    TRY(file_mkdirs(tmp, 0700));
    TRY(db_open(file, DB_WRITE, table, &db));
    enum rc rc = entries_write(db, tmp);
    db_close(db);
    if (rc == OK && rename(tmp, folder) != 0)
        rc = file_error("move to its place", tmp);
    if (rc != OK)
        (void)!file_remove_all(tmp);
    return rc;
}
