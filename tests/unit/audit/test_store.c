/* audit/store: records are found by community, time and object, and the oldest go first. */
#include "audit/store.h"

#include "base/arena.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

struct fixture {
    struct arena *arena;
    const char *folder;
    struct db *db;
    struct buf *found;
    int limit;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    f->arena = a;
    f->folder = scratch_make(a);
    f->found = buf_new(a, 10000);
    *state = f;
    return db_open(arena_printf(a, "%s/audit.db", f->folder), DB_WRITE, store_schema, &f->db);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

/* The n-th record is of time n. */
static void keep(struct fixture *f, const char *community, int64_t time, const char *object, const char *faults,
                 int64_t limit)
{
    struct term term = { object, NULL };
    const struct record r = { .received = time,
                              .time = time,
                              .community = community,
                              .event = "110112",
                              .type = "ITI-18",
                              .action = "E",
                              .source = "s",
                              .words = object != NULL ? arena_printf(f->arena, "\np=%s\n", object) : "\n",
                              .objects = object != NULL ? &term : NULL,
                              .faults = faults,
                              .is_readable = true,
                              .transport = "tls",
                              .peer = "p",
                              .raw = STR("raw") };

    assert_int_equal(store_keep(f->arena, f->db, &r, limit), OK);
}

static bool note(void *user, const struct record *r)
{
    struct fixture *f = user;

    buf_printf(f->found, "%lld ", (long long)r->time);
    return --f->limit != 0;
}

static const char *found(struct fixture *f, struct record_filter filter)
{
    buf_reset(f->found);
    if (filter.to == 0)
        filter.to = INT64_MAX;
    assert_int_equal(store_find(f->arena, f->db, &filter, note, f), OK);
    return buf_text(f->found);
}

static void test_records_are_found_as_asked(void **state)
{
    struct fixture *f = *state;

    keep(f, "0035", 3, "A^^^&1.2&ISO", NULL, 0);
    keep(f, "0026", 1, "A^^^&1.3&ISO", "bad", 0);
    keep(f, "0035", 2, "AB", NULL, 0);
    keep(f, "", 4, NULL, NULL, 0);
    assert_string_equal(found(f, (struct record_filter){ 0 }), "4 3 2 1 ");
    assert_string_equal(found(f, (struct record_filter){ .by_id = true }), "3 1 2 4 ");
    assert_string_equal(found(f, (struct record_filter){ .by_id = true, .after = 2 }), "2 4 ");
    assert_string_equal(found(f, (struct record_filter){ .community = "0035" }), "3 2 ");
    assert_string_equal(found(f, (struct record_filter){ .community = "0035", .ascending = true }), "2 3 ");
    assert_string_equal(found(f, (struct record_filter){ .from = 2, .to = 3 }), "3 2 ");
    assert_string_equal(found(f, (struct record_filter){ .object = "A" }), "3 1 ");
    assert_string_equal(found(f, (struct record_filter){ .object = "A", .community = "0026" }), "1 ");
    assert_string_equal(found(f, (struct record_filter){ .object = "AB" }), "2 ");
    assert_string_equal(found(f, (struct record_filter){ .only_faulty = true }), "1 ");
    f->limit = 2;
    assert_string_equal(found(f, (struct record_filter){ 0 }), "4 3 ");
}

static void test_the_oldest_go_first_with_all_that_finds_them(void **state)
{
    struct fixture *f = *state;
    struct store_counts counts;
    struct record r;

    for (int64_t i = 1; i <= 5; i++)
        keep(f, "0035", i, "A", NULL, 3);
    assert_string_equal(found(f, (struct record_filter){ .by_id = true }), "3 4 5 ");
    assert_string_equal(found(f, (struct record_filter){ .object = "A", .ascending = true }), "3 4 5 ");
    assert_int_equal(store_count(f->db, "0035", &counts), OK);
    assert_int_equal(counts.records, 3);
    assert_int_equal(store_get(f->arena, f->db, 2, &r), E_NOT_FOUND);
    assert_int_equal(store_get(f->arena, f->db, 3, &r), OK);
    assert_true(str_is(r.raw, "raw"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_records_are_found_as_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_oldest_go_first_with_all_that_finds_them, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
