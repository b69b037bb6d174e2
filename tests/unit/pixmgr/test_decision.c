/* What somebody says of two patients, with a sentence when it cannot be, and what subscribers get to know of it. */
#include "pixmgr/decision.h"

#include "base/arena.h"
#include "base/str.h"
#include "pixmgr/store.h"
#include "pixmgr/subscribers.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HERE     35
#define A        "2.999.392.3.35.1"
#define B        "2.999.392.3.35.2"
#define REGIONAL "2.999.392.2.35"

struct fixture {
    struct arena *arena;
    const char *folder;
    struct db *db;
};

/* ID of family's only member: namesakes of one birthday are potential duplicates. */
static void feed(struct fixture *f, const char *root, const char *extension, const char *family)
{
    static const struct linking here = { .community = HERE, .link_from = 28, .review_from = 18 };
    struct person_name name = { .use = "SYL", .family = family, .given = "ミホ" };
    struct patient_id id = { .root = root, .extension = extension };
    struct patient p = { .match = -1, .ids = &id, .names = &name, .gender = "F", .birth_time = "19530412" };

    assert_int_equal(store_patient_feed(f->arena, f->db, &here, &p, NULL), OK);
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);
    struct subscriber consumer = { .community = HERE, .url = "http://127.0.0.1:1/consumer", .domains = "" };

    f->arena = a;
    f->folder = scratch_make(a);
    *state = f;
    if (db_open(arena_printf(a, "%s/t.db", f->folder), DB_WRITE, store_schema, &f->db) != OK ||
        subscribers_put(f->db, &consumer) != OK)
        return -1;
    feed(f, A, "1", "サカイ");
    feed(f, B, "2", "ヨナゴ");
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

static int waiting(struct fixture *f)
{
    struct subscriber *list = NULL;

    assert_int_equal(subscribers_list(f->arena, f->db, HERE, &list), OK);
    return list->waiting;
}

static int64_t pair_number(struct fixture *f)
{
    struct duplicate *first;
    int total;

    assert_int_equal(store_review_list(f->arena, f->db, HERE, 10, &first, &total), OK);
    assert_int_equal(total, 1);
    return first->number;
}

static struct decision of_ids(enum decision_kind kind, const char *one_root, const char *one, const char *other_root,
                              const char *other)
{
    return (struct decision){ .kind = kind,
                              .community = HERE,
                              .one = { .root = one_root, .extension = one },
                              .other = { .root = other_root, .extension = other } };
}

static void test_a_pair_that_is_accepted_is_told_to_subscribers(void **state)
{
    struct fixture *f = *state;
    struct decision d = { .kind = DECISION_ACCEPT, .number = pair_number(f) };
    const char *why;

    assert_int_equal(decision_make(f->arena, f->db, &d, &why), OK);
    assert_int_equal(waiting(f), 1);
    assert_string_equal(decision_told(&d), "one person from now on");
    assert_int_equal(decision_make(f->arena, f->db, &d, &why), E_NOT_FOUND);
    assert_non_null(strstr(why, "waits for a reviewer"));
}

static void test_a_pair_that_is_rejected_is_nobodys_news(void **state)
{
    struct fixture *f = *state;
    struct decision d = { .kind = DECISION_REJECT, .number = pair_number(f) };
    const char *why;

    assert_int_equal(decision_make(f->arena, f->db, &d, &why), OK);
    assert_int_equal(waiting(f), 0);
}

static void test_ids_are_made_one_and_two_again(void **state)
{
    struct fixture *f = *state;
    struct decision same = of_ids(DECISION_SAME, A, "1", B, "2"), apart = of_ids(DECISION_APART, B, "2", A, "1");
    const char *why;

    assert_int_equal(decision_make(f->arena, f->db, &same, &why), OK);
    assert_int_equal(waiting(f), 1);
    assert_int_equal(decision_make(f->arena, f->db, &apart, &why), OK);
    assert_in_range(waiting(f), 2, 3); /* either of them */
}

static void test_what_cannot_be_is_said_in_a_sentence(void **state)
{
    struct fixture *f = *state;
    const struct {
        struct decision d;
        enum rc rc;
        const char *why;
    } cases[] = {
        { of_ids(DECISION_SAME, A, "1", A, "1"), E_REFUSED, "one and the same id" },
        { of_ids(DECISION_SAME, A, "1", A, "9"), E_NOT_FOUND, "nobody has one of these ids" },
        { of_ids(DECISION_APART, A, "8", A, "9"), E_NOT_FOUND, "nobody has one of these ids" },
        { of_ids(DECISION_MERGED, A, "1", B, "2"), E_REFUSED, "one of its own domain" },
        { of_ids(DECISION_MERGED, A, "1", A, "9"), E_REFUSED, "nobody has the id to be merged here: 9" },
        { { .kind = DECISION_ACCEPT, .number = 7 }, E_NOT_FOUND, "no pair 7 waits" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *why = NULL;
        assert_int_equal(decision_make(f->arena, f->db, &cases[i].d, &why), cases[i].rc);
        assert_non_null(strstr(why, cases[i].why));
    }
    assert_int_equal(waiting(f), 0);
}

static void test_words_and_ids_are_read(void **state)
{
    struct fixture *f = *state;
    enum decision_kind kind;
    struct patient_id id;

    assert_true(decision_kind_find("merged", &kind));
    assert_int_equal(kind, DECISION_MERGED);
    assert_false(decision_kind_find("maybe", &kind));
    assert_false(decision_kind_find(NULL, &kind));
    assert_int_equal(decision_id_parse(f->arena, "1^^^&" A "&ISO", REGIONAL, &id), OK);
    assert_string_equal(id.root, A);
    assert_int_equal(decision_id_parse(f->arena, "R1", REGIONAL, &id), OK);
    assert_string_equal(id.root, REGIONAL);
    assert_int_equal(decision_id_parse(f->arena, "R1^", REGIONAL, &id), E_SYNTAX);
    assert_int_equal(decision_id_parse(f->arena, NULL, REGIONAL, &id), E_SYNTAX);
}

#define DECISION_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DECISION_TEST(test_a_pair_that_is_accepted_is_told_to_subscribers),
        DECISION_TEST(test_a_pair_that_is_rejected_is_nobodys_news),
        DECISION_TEST(test_ids_are_made_one_and_two_again),
        DECISION_TEST(test_what_cannot_be_is_said_in_a_sentence),
        DECISION_TEST(test_words_and_ids_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
