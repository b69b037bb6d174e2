#pragma once
/*
 * SQLite, prepared statements only. A connection belongs to one thread. Databases are WAL with synchronous=FULL: what
 * is committed survives a power cut.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct db;
struct db_stmt;

enum db_mode { DB_READ, DB_WRITE };

/* DB_WRITE makes the file and runs schema (CREATE … IF NOT EXISTS) when given. E_IO, logged. */
MUST_CHECK enum rc db_open(const char *path, enum db_mode mode, const char *schema, struct db **out);
void db_close(struct db *db); /* NULL is ignored */
/*
 * For much at once, until the connection closes: a power cut may take the last transactions, never a part of one, nor
 * an earlier one without the later ones. References are not checked. Up to 256 MB of its pages stay in memory.
 * Checkpoints are left to another connection (checkpointer.h).
 */
MUST_CHECK enum rc db_bulk(struct db *db);
/* For a connection that writes: from now on it only counts the pages in the log, and checkpoints are another's. */
void db_leave_checkpoints(struct db *db);
/* After a commit of such a connection; a log that began anew counts from 0. */
int db_log_pages(const struct db *db);
/* Moves what is committed from the log into the database, as far as nobody is in its way; waits for nobody. */
MUST_CHECK enum rc db_checkpoint(struct db *db);

/*
 * Another database as a whole. db_save: what is committed, as a file that was not there (mode 0600), durably. db_load:
 * what the file holds takes the place of everything, in one transaction that other connections see at its end, and that
 * the next one makes durable: until then a power cut may bring back what was there before; outside of a transaction.
 * E_IO, E_FULL, logged; db_load: E_NOT_FOUND without that file.
 */
MUST_CHECK enum rc db_save(struct db *db, const char *path);
MUST_CHECK enum rc db_load(struct db *db, const char *path);

/* How far changes have come, outside of a transaction: two marks of a connection that are alike have none between them,
 * neither its own nor another process's. A change that was undone counts, db_load does not. E_IO, logged. */
struct db_mark {
    int64_t own, others;
};
MUST_CHECK enum rc db_mark(struct db *db, struct db_mark *out);

/*
 * The statement for a constant SQL text, prepared once per connection and found again by the text's address: pass the
 * same static string. Reset, unbound, ready to bind. SQL that does not compile is our bug: die().
 */
struct db_stmt *db_stmt(struct db *db, const char *sql);

/*
 * Parameters count from 1. Text and blobs must live until the statement is used again. NULL text, and a blob whose data
 * is NULL, bind NULL.
 */
void db_bind_text(struct db_stmt *s, int i, const char *text);
void db_bind_int(struct db_stmt *s, int i, int64_t v);
void db_bind_blob(struct db_stmt *s, int i, struct str bytes);

/*
 * OK with *row telling whether there is one. E_IO, E_FULL (logged), E_EXISTS on a constraint. The statement is reset
 * when *row is false or on error.
 */
MUST_CHECK enum rc db_step(struct db_stmt *s, bool *row);
/* For statements that return no rows. */
MUST_CHECK enum rc db_run(struct db_stmt *s);
void db_reset(struct db_stmt *s); /* when leaving rows unread */

/* Columns count from 0; text and blobs are copied to the arena. */
const char *db_text(struct arena *a, struct db_stmt *s, int i); /* NULL for NULL */
int64_t db_int(struct db_stmt *s, int i);
struct str db_blob(struct arena *a, struct db_stmt *s, int i);
int64_t db_last_id(struct db *db);
/* Rows the last INSERT, UPDATE or DELETE changed. */
int db_changes(struct db *db);
/* Between BEGIN and COMMIT; false also after SQLite itself rolled back (disk full). */
bool db_in_transaction(const struct db *db);
