/* gateway/consent_store: what is kept is read again, and told apart by community. */
#include "gateway/consent_store.h"

#include "gateway_test.h"
#include "store/db.h"
#include "support/scratch.h"

struct fixture {
    struct arena *arena;
    const char *folder;
    struct db *db;
};

static int db_setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    f->arena = a;
    f->folder = scratch_make(a);
    test_communities[0].number = 1;
    test_communities[1].number = 2;
    assert_int_equal(db_open(arena_printf(a, "%s/g.db", f->folder), DB_WRITE, consent_schema, &f->db), OK);
    *state = f;
    return 0;
}

static int db_teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

static bool any(const struct fixture *f, const struct community *c)
{
    bool is_any;

    assert_int_equal(consent_store_any(f->db, c, &is_any), OK);
    return is_any;
}

static struct consent get(const struct fixture *f, const struct community *c, const char *patient)
{
    struct consent consent;

    assert_int_equal(consent_store_get(f->arena, f->db, c, patient, &consent), OK);
    return consent;
}

static void put(const struct fixture *f, const struct community *c, const struct consent *consent)
{
    assert_int_equal(consent_store_put(f->db, c, consent), OK);
}

static void test_who_is_not_there_follows_the_rule(void **state)
{
    const struct fixture *f = *state;
    struct consent c = get(f, &test_communities[0], "P1");

    assert_false(c.is_recorded || consent_restricts(&c));
    assert_false(any(f, &test_communities[0]));
}

static void test_what_was_kept_is_read(void **state)
{
    const struct fixture *f = *state;
    struct consent_part second = { .id = "1.2.4", .state = CONSENT_WITHDRAWN };
    struct consent_part first = { .id = "1.2.3", .state = CONSENT_GIVEN, .next = &second };
    struct consent c = { .patient = "P1", .is_named = true, .changed = 12, .document = "2.25.1", .parts = &first };

    put(f, &test_communities[0], &c);
    c = get(f, &test_communities[0], "P1");
    assert_true(c.is_recorded && c.is_named && c.changed == 12);
    assert_string_equal(c.document, "2.25.1");
    assert_string_equal(c.parts->id, "1.2.3");
    assert_int_equal(c.parts->next->state, CONSENT_WITHDRAWN);
    assert_null(c.parts->next->next);
    assert_true(any(f, &test_communities[0]));
    assert_false(any(f, &test_communities[1]));
    assert_false(get(f, &test_communities[1], "P1").is_recorded);
}

static void test_the_latest_word_counts(void **state)
{
    const struct fixture *f = *state;
    struct consent_part part = { .id = "1.2.3", .state = CONSENT_WITHDRAWN };
    struct consent c = { .patient = "P1", .parts = &part };

    put(f, &test_communities[0], &c);
    put(f, &test_communities[0], &(struct consent){ .patient = "P1" });
    assert_null(get(f, &test_communities[0], "P1").parts);
    assert_false(any(f, &test_communities[0]));
}

static void test_the_list_is_by_patient(void **state)
{
    const struct fixture *f = *state;
    struct consent_part part = { .id = "1.2.3" };
    struct consent *list;

    put(f, &test_communities[0], &(struct consent){ .patient = "P2", .state = CONSENT_WITHDRAWN });
    put(f, &test_communities[0], &(struct consent){ .patient = "P1", .parts = &part });
    put(f, &test_communities[1], &(struct consent){ .patient = "P3" });
    assert_int_equal(consent_store_list(f->arena, f->db, &test_communities[0], &list), OK);
    assert_string_equal(list->patient, "P1");
    assert_string_equal(list->parts->id, "1.2.3");
    assert_string_equal(list->next->patient, "P2");
    assert_null(list->next->parts);
    assert_null(list->next->next);
}

#define STORE_TEST(fn) cmocka_unit_test_setup_teardown(fn, db_setup, db_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_who_is_not_there_follows_the_rule),
        STORE_TEST(test_what_was_kept_is_read),
        STORE_TEST(test_the_latest_word_counts),
        STORE_TEST(test_the_list_is_by_patient),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
