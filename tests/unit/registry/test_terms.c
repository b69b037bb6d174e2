/* Objects found across patients stay in step with the objects. */
#include "registry/find.h"

#include "base/arena.h"
#include "registry/match.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HERE      35
#define ELSEWHERE 26

struct fixture {
    struct arena *arena;
    const char *folder;
    struct db *db;
    int64_t found[8];
    size_t count;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    f->arena = a;
    f->folder = scratch_make(a);
    *state = f;
    return db_open(arena_printf(a, "%s/t.db", f->folder), DB_WRITE, store_schema, &f->db);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

/* A document with a class code of scheme "1", and reference ids. */
static struct stored_object object_of(struct fixture *f, const char *uuid, const char *class_code,
                                      struct text_list *reference_ids)
{
    struct code *code = ARENA_NEW(f->arena, struct code);
    struct stored_object o;

    *code = (struct code){ .code = class_code, .scheme = "1", .display = "x" };
    store_object_of(f->arena, OBJECT_DOCUMENT,
                    &(struct document_entry){ .entry_uuid = uuid, .class_code = code, .reference_ids = reference_ids },
                    &o);
    return o;
}

static int64_t add(struct fixture *f, int community, const char *uuid, const char *class_code)
{
    struct stored_object o = object_of(f, uuid, class_code, NULL);

    assert_int_equal(store_object_add(f->db, community, &o), OK);
    return o.id;
}

static enum rc note(void *user, struct stored_object *o)
{
    struct fixture *f = user;

    f->found[f->count++] = o->id;
    return OK;
}

static size_t count_of(struct fixture *f, const char *value)
{
    f->count = 0;
    assert_int_equal(find_by_value(f->db, HERE, KEY_CLASS_CODE, value, note, f), OK);
    return f->count;
}

static void test_objects_are_found_by_value_within_their_community(void **state)
{
    struct fixture *f = *state;
    int64_t first = add(f, HERE, "urn:uuid:1", "a"), second = add(f, HERE, "urn:uuid:2", "a");

    add(f, ELSEWHERE, "urn:uuid:3", "a");
    add(f, HERE, "urn:uuid:4", "b");
    assert_int_equal(count_of(f, "a^^1"), 2);
    assert_int_equal(f->found[0], first);
    assert_int_equal(f->found[1], second);
    assert_int_equal(count_of(f, "a^^2"), 0);
}

static void test_a_changed_object_is_found_by_what_it_is_now(void **state)
{
    struct fixture *f = *state;
    int64_t id = add(f, HERE, "urn:uuid:1", "a");
    struct stored_object changed = object_of(f, "urn:uuid:1", "b", NULL);

    changed.id = id;
    assert_int_equal(store_object_change(f->db, &changed), OK);
    assert_int_equal(count_of(f, "a^^1"), 0);
    assert_int_equal(count_of(f, "b^^1"), 1);
}

static void test_a_deleted_object_is_found_no_more(void **state)
{
    struct fixture *f = *state;
    int64_t id = add(f, HERE, "urn:uuid:1", "a");

    assert_int_equal(store_object_delete(f->db, id), OK);
    assert_int_equal(count_of(f, "a^^1"), 0);
}

static void test_values_are_matched_by_pattern(void **state)
{
    struct fixture *f = *state;
    struct text_list two = { .text = "ACC-2" }, one = { .text = "ACC-1", .next = &two }, other = { .text = "REF-1" };
    struct stored_object o = object_of(f, "urn:uuid:1", "a", &one), p = object_of(f, "urn:uuid:2", "a", &other);
    struct text_list pattern = { .text = "ACC-_" }, *values;

    assert_int_equal(store_object_add(f->db, HERE, &o), OK);
    assert_int_equal(store_object_add(f->db, HERE, &p), OK);
    assert_int_equal(find_values(f->arena, f->db, HERE, KEY_REFERENCE_ID, &pattern, match_like, &values), OK);
    assert_string_equal(values->text, "ACC-1");
    assert_string_equal(values->next->text, "ACC-2");
    assert_null(values->next->next);
    assert_int_equal(find_values(f->arena, f->db, ELSEWHERE, KEY_REFERENCE_ID, &pattern, match_like, &values), OK);
    assert_null(values);
}

/* More than one run of memory, and a visitor that has enough. */
static enum rc stop_at_600(void *user, struct stored_object *o)
{
    size_t *met = user;

    (void)o;
    return ++*met == 600 ? E_LIMIT : OK;
}

static void test_a_visitor_may_stop(void **state)
{
    struct fixture *f = *state;
    size_t met = 0;

    for (int i = 0; i < 700; i++)
        add(f, HERE, arena_printf(f->arena, "urn:uuid:%d", i), "a");
    assert_int_equal(find_by_value(f->db, HERE, KEY_CLASS_CODE, "a^^1", stop_at_600, &met), E_LIMIT);
    assert_int_equal(met, 600);
}

#define TERMS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TERMS_TEST(test_objects_are_found_by_value_within_their_community),
        TERMS_TEST(test_a_changed_object_is_found_by_what_it_is_now),
        TERMS_TEST(test_a_deleted_object_is_found_no_more),
        TERMS_TEST(test_values_are_matched_by_pattern),
        TERMS_TEST(test_a_visitor_may_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
