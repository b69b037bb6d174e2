/* SQLite behind prepared statements: the only file that knows its API. */
#include "store/db.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BUSY_MS    5000
#define STMT_SLOTS 64 /* a power of two; a daemon has a few dozen statements */

struct db_stmt {
    struct db_stmt *next;
    struct db *db;
    const char *sql;    /* its address is the key */
    sqlite3_stmt *stmt; /* NULL while the database could not be read to prepare it */
};

struct db {
    sqlite3 *handle;
    char *path;
    int log_pages; /* in the write-ahead log, as of our last commit; db_leave_checkpoints keeps it */
    struct db_stmt *stmts[STMT_SLOTS];
};

/*
 * Checkpoints run inside the commit that fills the log, where they are not left to another connection: 4000 pages keep
 * them short, and write a page that changes with every group once for many of them. The cache holds what a group of
 * writes dirties, or it would go to disk twice. FULL and not NORMAL, because what we acknowledged must survive a power
 * cut, not only a crash.
 */
static const char writer_pragmas[] =
    "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16000;";
/* A copy is read once, from its beginning to its end. */
static const char source_pragmas[] = "PRAGMA mmap_size=1073741824; PRAGMA cache_size=-200;";
/* The map saves a system call and a copy for every page of a large answer. */
static const char reader_pragmas[] = "PRAGMA foreign_keys=ON; PRAGMA mmap_size=33554432;";

/*
 * Memory statistics cost a global lock at every allocation of every connection. What a job's savepoint keeps for
 * undoing stays in memory: a file made and removed for every group of writes costs more than the writing.
 */
static void library_init(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
}

/* A limit on file sizes comes as a failed write. */
static bool is_full(const struct db *db)
{
    int code = sqlite3_errcode(db->handle), cause = sqlite3_system_errno(db->handle);

    return code == SQLITE_FULL || (code == SQLITE_IOERR && (cause == EFBIG || cause == ENOSPC || cause == EDQUOT));
}

static enum rc db_error(const struct db *db, const char *sql)
{
    log_error("database %s: %s (%s)", db->path, sqlite3_errmsg(db->handle), sql);
    return is_full(db) ? E_FULL : E_IO;
}

static enum rc db_exec(struct db *db, const char *sql)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? OK : db_error(db, sql);
}

/* A file system without shared memory leaves the old mode and says so only in the answer. */
static enum rc db_use_wal(struct db *db)
{
    struct db_stmt *s = db_stmt(db, "PRAGMA journal_mode=WAL");
    bool row;

    TRY(db_step(s, &row));
    bool is_wal = row && sqlite3_stricmp((const char *)sqlite3_column_text(s->stmt, 0), "wal") == 0;
    db_reset(s);
    if (!is_wal) {
        log_error("database %s: this file system does not support write-ahead logging", db->path);
        return E_IO;
    }
    return OK;
}

static enum rc db_prepare_file(struct db *db, enum db_mode mode, const char *schema)
{
    if (mode == DB_READ)
        return db_exec(db, reader_pragmas);
    TRY(db_use_wal(db));
    TRY(db_exec(db, writer_pragmas));
    return schema == NULL ? OK : db_exec(db, schema);
}

enum rc db_open(const char *path, enum db_mode mode, const char *schema, struct db **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int flags = mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

    pthread_once(&once, library_init);
    struct db *db = calloc(1, sizeof(*db));
    if (db == NULL || (db->path = strdup(path)) == NULL)
        die("out of memory (database)");
    enum rc rc = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK
                     ? OK
                     : db_error(db, "open");
    if (rc == OK) {
        sqlite3_busy_timeout(db->handle, BUSY_MS);
        rc = db_prepare_file(db, mode, schema);
    }
    if (rc != OK) {
        db_close(db);
        return rc;
    }
    *out = db;
    return OK;
}

enum rc db_bulk(struct db *db)
{
    return db_exec(db, "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-256000;"
                       " PRAGMA foreign_keys=OFF;");
}

enum rc db_checkpoint(struct db *db)
{
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

    return code == SQLITE_OK || code == SQLITE_BUSY ? OK : db_error(db, "checkpoint");
}

static int on_commit(void *user, sqlite3 *handle UNUSED, const char *name UNUSED, int pages)
{
    struct db *db = user;

    db->log_pages = pages;
    return SQLITE_OK;
}

void db_leave_checkpoints(struct db *db)
{
    sqlite3_wal_hook(db->handle, on_commit, db); /* instead of the hook that checkpoints */
}

int db_log_pages(const struct db *db)
{
    return db->log_pages;
}

/* ---- as a whole ---- */

static enum rc copy_all(struct db *from, struct db *to)
{
    sqlite3_backup *copy = sqlite3_backup_init(to->handle, "main", from->handle, "main");

    if (copy == NULL)
        return db_error(to, "copy");
    (void)sqlite3_backup_step(copy, -1); /* its failure is finish's */
    return sqlite3_backup_finish(copy) == SQLITE_OK ? OK : db_error(to, "copy");
}

enum rc db_save(struct db *db, const char *path)
{
    struct arena *a = arena_new();
    const char *tmp = arena_printf(a, "%s.tmp", path);
    struct db *to;

    (void)unlink(tmp); /* of a copy that was interrupted */
    enum rc rc = db_open(tmp, DB_WRITE, NULL, &to);
    if (rc == OK) {
        rc = copy_all(db, to);
        db_close(to); /* empties its log */
    }
    if (rc == OK && rename(tmp, path) != 0)
        rc = file_error("move to its place", tmp);
    arena_free(a);
    return rc != OK ? rc : file_sync_folder_of(path);
}

enum rc db_load(struct db *db, const char *path)
{
    struct db *from;

    if (access(path, F_OK) != 0)
        return E_NOT_FOUND;
    TRY(db_open(path, DB_WRITE, NULL, &from));
    enum rc rc = db_exec(from, source_pragmas);
    if (rc == OK)
        rc = db_exec(db, "PRAGMA synchronous=NORMAL");
    if (rc == OK)
        rc = copy_all(from, db);
    db_close(from);
    TRY(db_exec(db, "PRAGMA synchronous=FULL"));
    return rc;
}

enum rc db_mark(struct db *db, struct db_mark *out)
{
    struct db_stmt *s = db_stmt(db, "PRAGMA data_version");
    bool row;

    TRY(db_step(s, &row));
    *out = (struct db_mark){ sqlite3_total_changes64(db->handle), row ? db_int(s, 0) : 0 };
    db_reset(s);
    return OK;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < STMT_SLOTS; i++) {
        for (struct db_stmt *s = db->stmts[i], *next; s != NULL; s = next) {
            next = s->next;
            sqlite3_finalize(s->stmt);
            free(s);
        }
    }
    if (sqlite3_close(db->handle) != SQLITE_OK)
        die("database %s: closed while in use", db->path);
    free(db->path);
    free(db);
}

/* The database's trouble leaves the statement unprepared, for db_step to report; SQL's own is ours. */
static void stmt_prepare(struct db_stmt *s)
{
    int rc = sqlite3_prepare_v3(s->db->handle, s->sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL);

    if ((rc & 0xff) == SQLITE_ERROR)
        die("SQL: %s (%s)", sqlite3_errmsg(s->db->handle), s->sql);
}

static struct db_stmt *stmt_new(struct db *db, const char *sql, struct db_stmt **slot)
{
    struct db_stmt *s = malloc(sizeof(*s));

    if (s == NULL)
        die("out of memory (statement)");
    *s = (struct db_stmt){ .next = *slot, .db = db, .sql = sql };
    *slot = s;
    return s;
}

struct db_stmt *db_stmt(struct db *db, const char *sql)
{
    struct db_stmt **slot = &db->stmts[((uintptr_t)sql ^ (uintptr_t)sql >> 6) % STMT_SLOTS];
    struct db_stmt *s = *slot;

    while (s != NULL && s->sql != sql)
        s = s->next;
    if (s == NULL)
        s = stmt_new(db, sql, slot);
    if (s->stmt == NULL)
        stmt_prepare(s);
    sqlite3_reset(s->stmt);
    if (s->stmt != NULL)
        sqlite3_clear_bindings(s->stmt);
    return s;
}

static void bind_check(const struct db_stmt *s, int i, int rc)
{
    if (s->stmt != NULL && rc != SQLITE_OK)
        die("SQL parameter %d: %s (%s)", i, sqlite3_errstr(rc), s->sql);
}

void db_bind_text(struct db_stmt *s, int i, const char *text)
{
    bind_check(s, i, sqlite3_bind_text(s->stmt, i, text, -1, SQLITE_STATIC));
}

void db_bind_int(struct db_stmt *s, int i, int64_t v)
{
    bind_check(s, i, sqlite3_bind_int64(s->stmt, i, v));
}

void db_bind_blob(struct db_stmt *s, int i, struct str bytes)
{
    bind_check(s, i, sqlite3_bind_blob64(s->stmt, i, bytes.data, bytes.len, SQLITE_STATIC));
}

enum rc db_step(struct db_stmt *s, bool *row)
{
    int rc = s->stmt == NULL ? SQLITE_IOERR : sqlite3_step(s->stmt);

    if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
        *row = rc == SQLITE_ROW;
        if (rc == SQLITE_DONE)
            sqlite3_reset(s->stmt);
        return OK;
    }
    enum rc failure = (rc & 0xff) == SQLITE_CONSTRAINT ? E_EXISTS : db_error(s->db, s->sql);
    sqlite3_reset(s->stmt);
    return failure;
}

enum rc db_run(struct db_stmt *s)
{
    bool row = false;

    TRY(db_step(s, &row));
    if (row)
        die("SQL returns rows nobody reads (%s)", s->sql);
    return OK;
}

void db_reset(struct db_stmt *s)
{
    sqlite3_reset(s->stmt);
}

const char *db_text(struct arena *a, struct db_stmt *s, int i)
{
    const char *text = (const char *)sqlite3_column_text(s->stmt, i);

    return text == NULL ? NULL : arena_strndup(a, text, (size_t)sqlite3_column_bytes(s->stmt, i));
}

int64_t db_int(struct db_stmt *s, int i)
{
    return sqlite3_column_int64(s->stmt, i);
}

struct str db_blob(struct arena *a, struct db_stmt *s, int i)
{
    const void *data = sqlite3_column_blob(s->stmt, i);
    size_t n = (size_t)sqlite3_column_bytes(s->stmt, i);

    return data == NULL ? (struct str){ 0 } : (struct str){ arena_memdup(a, data, n), n };
}

int64_t db_last_id(struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int db_changes(struct db *db)
{
    return sqlite3_changes(db->handle);
}

bool db_in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}
