/* repository/store: what can be retrieved, and what only waits for a registry's word. */
#include "base/arena.h"
#include "base/rc.h"
#include "repository/store.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define REPOSITORY "2.999.392.4.35.1"

struct fixture {
    struct arena *arena;
    const char *folder;
    struct db *db;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    f->arena = a;
    f->folder = scratch_make(a);
    *state = f;
    return db_open(arena_printf(a, "%s/repository.db", f->folder), DB_WRITE, store_schema, &f->db);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

static int64_t add(struct fixture *f, const char *unique_id, const char *sha1)
{
    const struct stored_document d = {
        .unique_id = unique_id, .mime_type = "text/xml", .sha1 = sha1, .sha256 = "of the octets", .size = 1ull << 33
    };
    int64_t id = 0;

    assert_int_equal(store_pending_add(f->db, REPOSITORY, &d, &id), OK);
    assert_true(id > 0);
    return id;
}

static bool is_here(struct fixture *f, const char *unique_id, const char *sha1)
{
    struct stored_document d;
    enum rc rc = store_document_find(f->arena, f->db, REPOSITORY, unique_id, &d);

    if (rc == OK)
        assert_string_equal(d.sha1, sha1);
    else
        assert_int_equal(rc, E_NOT_FOUND);
    return rc == OK;
}

static bool is_pending(struct fixture *f, const char *unique_id)
{
    bool has;

    assert_int_equal(store_pending_has(f->db, REPOSITORY, unique_id, &has), OK);
    return has;
}

static void confirm(struct fixture *f, const char *unique_id, const char *sha1)
{
    assert_int_equal(store_pending_confirm(f->db, REPOSITORY, unique_id, sha1), OK);
}

static void test_a_pending_document_is_not_retrievable(void **state)
{
    add(*state, "1.2.3", "aa");
    assert_false(is_here(*state, "1.2.3", "aa"));
    assert_true(is_pending(*state, "1.2.3"));
}

static void test_a_confirmed_document_is_whole(void **state)
{
    struct fixture *f = *state;
    struct stored_document d;

    add(f, "1.2.3", "aa");
    confirm(f, "1.2.3", "aa");
    assert_int_equal(store_document_find(f->arena, f->db, REPOSITORY, "1.2.3", &d), OK);
    assert_string_equal(d.unique_id, "1.2.3");
    assert_string_equal(d.mime_type, "text/xml");
    assert_string_equal(d.sha256, "of the octets");
    assert_true(d.size == 1ull << 33);
    assert_false(is_pending(f, "1.2.3"));
}

static void test_only_the_octets_that_are_registered_are_confirmed(void **state)
{
    add(*state, "1.2.3", "aa");
    add(*state, "1.2.3", "bb");
    confirm(*state, "1.2.3", "cc");
    assert_true(is_pending(*state, "1.2.3"));
    confirm(*state, "1.2.3", "bb");
    assert_true(is_here(*state, "1.2.3", "bb"));
    assert_false(is_pending(*state, "1.2.3"));
}

static void test_one_submission_forgets_its_own_row_alone(void **state)
{
    struct fixture *f = *state;
    int64_t first = add(f, "1.2.3", "aa");

    add(f, "1.2.3", "aa");
    assert_int_equal(store_pending_forget(f->db, first), OK);
    assert_true(is_pending(f, "1.2.3"));
    confirm(f, "1.2.3", "aa");
    assert_true(is_here(f, "1.2.3", "aa"));
}

static void test_confirming_twice_changes_nothing(void **state)
{
    add(*state, "1.2.3", "aa");
    confirm(*state, "1.2.3", "aa");
    add(*state, "1.2.3", "bb");
    confirm(*state, "1.2.3", "bb");
    assert_true(is_here(*state, "1.2.3", "aa"));
}

static void test_repositories_do_not_share_documents(void **state)
{
    struct fixture *f = *state;
    struct stored_document d;

    add(f, "1.2.3", "aa");
    confirm(f, "1.2.3", "aa");
    assert_int_equal(store_document_find(f->arena, f->db, "2.999.392.4.35.2", "1.2.3", &d), E_NOT_FOUND);
}

#define STORE_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_pending_document_is_not_retrievable),
        STORE_TEST(test_a_confirmed_document_is_whole),
        STORE_TEST(test_only_the_octets_that_are_registered_are_confirmed),
        STORE_TEST(test_one_submission_forgets_its_own_row_alone),
        STORE_TEST(test_confirming_twice_changes_nothing),
        STORE_TEST(test_repositories_do_not_share_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
