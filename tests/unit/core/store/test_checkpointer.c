/* What is committed comes into the database while the same connection commits on, and the log begins anew. */
#include "store/checkpointer.h"

#include "base/arena.h"
#include "store/db.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#define ROWS   200
#define ROUNDS 64

static const char schema[] = "CREATE TABLE IF NOT EXISTS t (x BLOB NOT NULL);";

static void rows_commit(struct db *db)
{
    assert_int_equal(db_run(db_stmt(db, "BEGIN IMMEDIATE")), OK);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(db_run(db_stmt(db, "INSERT INTO t (x) VALUES (zeroblob(4000))")), OK);
    assert_int_equal(db_run(db_stmt(db, "COMMIT")), OK);
}

static long long size_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static void test_the_log_begins_anew_while_much_is_written(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *folder = scratch_make(a), *path = arena_printf(a, "%s/t.db", folder);
    struct checkpointer *c;
    struct db *db;
    bool row;

    assert_int_equal(db_open(path, DB_WRITE, schema, &db), OK);
    assert_int_equal(db_bulk(db), OK);
    assert_int_equal(checkpointer_start(path, &c), OK);
    for (int i = 0; i < ROUNDS; i++) {
        rows_commit(db);
        checkpointer_nudge(c);
    }
    assert_in_range(size_of(arena_printf(a, "%s-wal", path)), 1, (long long)ROUNDS * ROWS * 4096 / 4);
    checkpointer_stop(c);
    struct db_stmt *s = db_stmt(db, "SELECT count(*) FROM t");
    assert_int_equal(db_step(s, &row), OK);
    assert_int_equal(db_int(s, 0), ROUNDS * ROWS);
    db_reset(s);
    db_close(db);
    scratch_remove(folder);
    arena_free(a);
}

static void test_a_database_that_is_not_there_is_an_error(void **state UNUSED)
{
    struct checkpointer *c;

    assert_int_not_equal(checkpointer_start("/nonexistent/t.db", &c), OK);
    checkpointer_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_log_begins_anew_while_much_is_written),
        cmocka_unit_test(test_a_database_that_is_not_there_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
