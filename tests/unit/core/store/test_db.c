/* Statements, bindings and results of core/store/db.c against real files. */
#include "store/db.h"

#include "base/arena.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER, b BLOB);"
    "CREATE TABLE IF NOT EXISTS child (t INTEGER NOT NULL REFERENCES t(id));";
static const char sql_insert[] = "INSERT INTO t (name, n, b) VALUES (?, ?, ?)";
static const char sql_select[] = "SELECT name, n, b FROM t ORDER BY id";
static const char sql_child[] = "INSERT INTO child (t) VALUES (?)";

struct world {
    struct arena *arena;
    const char *folder, *path;
    struct db *db;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct world *w = ARENA_NEW(a, struct world);

    w->arena = a;
    w->folder = scratch_make(a);
    w->path = arena_printf(a, "%s/t.db", w->folder);
    assert_int_equal(db_open(w->path, DB_WRITE, schema, &w->db), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    db_close(w->db);
    scratch_remove(w->folder);
    arena_free(w->arena);
    return 0;
}

static enum rc insert(struct db *db, const char *name, int64_t n, struct str blob)
{
    struct db_stmt *s = db_stmt(db, sql_insert);

    db_bind_text(s, 1, name);
    db_bind_int(s, 2, n);
    db_bind_blob(s, 3, blob);
    return db_run(s);
}

static void test_what_is_written_is_read_by_another_connection(void **state)
{
    struct world *w = *state;
    struct db *reader;
    bool row;

    assert_int_equal(insert(w->db, "島根 太郎", INT64_MIN, (struct str){ "\0\xff", 2 }), OK);
    assert_int_equal(db_last_id(w->db), 1);
    assert_int_equal(db_changes(w->db), 1);

    assert_int_equal(db_open(w->path, DB_READ, NULL, &reader), OK);
    struct db_stmt *s = db_stmt(reader, sql_select);
    assert_int_equal(db_step(s, &row), OK);
    assert_true(row);
    assert_string_equal(db_text(w->arena, s, 0), "島根 太郎");
    assert_int_equal(db_int(s, 1), INT64_MIN);
    struct str blob = db_blob(w->arena, s, 2);
    assert_int_equal(blob.len, 2);
    assert_memory_equal(blob.data, "\0\xff", 2);
    assert_int_equal(db_step(s, &row), OK);
    assert_false(row);
    db_close(reader);
}

static void test_null_is_not_empty(void **state)
{
    struct world *w = *state;
    bool row;

    assert_int_equal(insert(w->db, NULL, 0, (struct str){ 0 }), OK);
    assert_int_equal(insert(w->db, "", 0, STR("")), OK);

    struct db_stmt *s = db_stmt(w->db, sql_select);
    assert_int_equal(db_step(s, &row), OK);
    assert_null(db_text(w->arena, s, 0));
    assert_null(db_blob(w->arena, s, 2).data);
    assert_int_equal(db_step(s, &row), OK);
    assert_string_equal(db_text(w->arena, s, 0), "");
    db_reset(s);
}

static void test_a_constraint_is_e_exists_and_the_statement_works_again(void **state)
{
    struct world *w = *state;

    assert_int_equal(insert(w->db, "a", 1, STR("x")), OK);
    assert_int_equal(insert(w->db, "a", 2, STR("y")), E_EXISTS);
    assert_int_equal(insert(w->db, "b", 3, STR("z")), OK);
}

static void test_foreign_keys_are_enforced(void **state)
{
    struct world *w = *state;
    struct db_stmt *s = db_stmt(w->db, sql_child);

    db_bind_int(s, 1, 77);
    assert_int_equal(db_run(s), E_EXISTS);
}

static void test_a_statement_is_found_again_unbound(void **state)
{
    struct world *w = *state;
    bool row;

    assert_int_equal(insert(w->db, "a", 1, STR("x")), OK);
    struct db_stmt *s = db_stmt(w->db, sql_insert);
    assert_ptr_equal(s, db_stmt(w->db, sql_insert));
    assert_int_equal(db_run(s), OK); /* nothing bound: all NULL, not the last row's values */

    struct db_stmt *q = db_stmt(w->db, "SELECT count(*) FROM t WHERE name IS NULL AND n IS NULL AND b IS NULL");
    assert_int_equal(db_step(q, &row), OK);
    assert_int_equal(db_int(q, 0), 1);
    db_reset(q);
}

static void test_statements_of_many_texts_are_told_apart(void **state)
{
    struct world *w = *state;
    struct db_stmt *stmts[300];
    bool row;

    for (int i = 0; i < 300; i++)
        stmts[i] = db_stmt(w->db, arena_printf(w->arena, "SELECT %d", i));
    for (int i = 0; i < 300; i++) {
        assert_int_equal(db_step(stmts[i], &row), OK);
        assert_int_equal(db_int(stmts[i], 0), i);
        db_reset(stmts[i]);
    }
}

static void test_commits_are_synced_and_logged_ahead(void **state)
{
    struct world *w = *state;
    bool row;

    struct db_stmt *s = db_stmt(w->db, "PRAGMA synchronous");
    assert_int_equal(db_step(s, &row), OK);
    assert_int_equal(db_int(s, 0), 2); /* FULL */
    s = db_stmt(w->db, "PRAGMA journal_mode");
    assert_int_equal(db_step(s, &row), OK);
    assert_string_equal(db_text(w->arena, s, 0), "wal");
}

static void test_a_reader_cannot_write(void **state)
{
    struct world *w = *state;
    struct db *reader;

    assert_int_equal(db_open(w->path, DB_READ, NULL, &reader), OK);
    assert_int_equal(insert(reader, "a", 1, STR("x")), E_IO);
    db_close(reader);
}

static void test_a_database_that_is_not_there_is_e_io(void **state)
{
    struct world *w = *state;
    struct db *db;

    assert_int_equal(db_open(arena_printf(w->arena, "%s/none.db", w->folder), DB_READ, NULL, &db), E_IO);
    assert_int_equal(db_open(arena_printf(w->arena, "%s/no/none.db", w->folder), DB_WRITE, schema, &db), E_IO);
}

static void test_a_file_that_is_no_database_is_e_io(void **state)
{
    struct world *w = *state;
    char *path = arena_printf(w->arena, "%s/text", w->folder);
    struct db *db;

    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (int i = 0; i < 100; i++)
        fputs("this is a text and not a database\n", f);
    fclose(f);
    assert_int_equal(db_open(path, DB_WRITE, schema, &db), E_IO);
}

/* ---- as a whole ---- */

static int64_t count(struct db *db)
{
    struct db_stmt *s = db_stmt(db, "SELECT count(*) FROM t");
    bool row;

    assert_int_equal(db_step(s, &row), OK);
    int64_t n = db_int(s, 0);
    db_reset(s);
    return n;
}

static void test_a_copy_takes_the_place_of_everything(void **state)
{
    struct world *w = *state;
    const char *copy = arena_printf(w->arena, "%s/copy.db", w->folder);
    struct db *reader;

    assert_int_equal(insert(w->db, "a", 1, STR("x")), OK);
    assert_int_equal(db_save(w->db, copy), OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(insert(w->db, arena_printf(w->arena, "b%d", i), 1, STR("more than fits on one page")), OK);
    assert_int_equal(db_open(w->path, DB_READ, NULL, &reader), OK);
    assert_int_equal(count(reader), 1001);
    assert_int_equal(db_load(w->db, copy), OK);
    assert_int_equal(count(reader), 1);
    assert_int_equal(insert(w->db, "b1", 1, STR("x")), OK); /* it goes on from there */
    assert_int_equal(count(reader), 2);
    db_close(reader);
}

static void test_a_copy_that_is_not_there_is_not_found(void **state)
{
    struct world *w = *state;

    assert_int_equal(insert(w->db, "a", 1, STR("x")), OK);
    assert_int_equal(db_load(w->db, arena_printf(w->arena, "%s/none.db", w->folder)), E_NOT_FOUND);
    assert_int_equal(count(w->db), 1);
}

static bool is_marked_alike(struct db *db, struct db_mark *mark)
{
    struct db_mark before = *mark;

    assert_int_equal(db_mark(db, mark), OK);
    return before.own == mark->own && before.others == mark->others;
}

static void test_a_mark_is_another_after_any_change(void **state)
{
    struct world *w = *state;
    struct db *other;
    struct db_mark mark;

    assert_int_equal(db_mark(w->db, &mark), OK);
    assert_int_equal(count(w->db), 0);
    assert_true(is_marked_alike(w->db, &mark));
    assert_int_equal(insert(w->db, "a", 1, STR("x")), OK);
    assert_false(is_marked_alike(w->db, &mark));
    assert_int_equal(db_open(w->path, DB_WRITE, NULL, &other), OK);
    assert_true(is_marked_alike(w->db, &mark));
    assert_int_equal(insert(other, "b", 1, STR("x")), OK);
    assert_false(is_marked_alike(w->db, &mark));
    assert_int_equal(db_run(db_stmt(w->db, "DELETE FROM t")), OK);
    assert_false(is_marked_alike(w->db, &mark));
    db_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_written_is_read_by_another_connection, setup, teardown),
        cmocka_unit_test_setup_teardown(test_null_is_not_empty, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_constraint_is_e_exists_and_the_statement_works_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_foreign_keys_are_enforced, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_statement_is_found_again_unbound, setup, teardown),
        cmocka_unit_test_setup_teardown(test_statements_of_many_texts_are_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_commits_are_synced_and_logged_ahead, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_reader_cannot_write, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_database_that_is_not_there_is_e_io, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_no_database_is_e_io, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_copy_takes_the_place_of_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_copy_that_is_not_there_is_not_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_mark_is_another_after_any_change, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
