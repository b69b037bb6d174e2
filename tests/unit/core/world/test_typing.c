/* world/typing: records with errors are still records, and still whose they were. */
#include "world/typing.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/str.h"
#include "model/oid.h"
#include "world/people.h"
#include "world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MANY 4000

struct fixture {
    struct arena *arena;
    struct world *world;
    struct people *right, *wrong;
    const struct community *community;
};

static struct people *people_of(struct fixture *f, long long percent)
{
    const struct population many = { POPULATION_COUNT, MANY };
    struct people *p;

    assert_int_equal(people_new(f->arena, "fixtures", f->world, 7, &many, &p), OK);
    assert_int_equal(people_mistype(p, percent), OK);
    return p;
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    f->arena = a;
    *state = f;
    if (world_everyone(a, "fixtures", &f->world) != OK)
        return 1;
    f->right = people_of(f, 0);
    f->wrong = people_of(f, 30);
    f->community = world_find(f->world, "0026");
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

static const char *names_text(struct arena *a, const struct patient *p)
{
    const char *text = "";

    for (const struct person_name *n = p->names; n != NULL; n = n->next)
        text = arena_printf(a, "%s|%s %s", text, n->family, n->given);
    return text;
}

static const char *phones_text(struct arena *a, const struct patient *p)
{
    const char *text = "";

    for (const struct telecom *t = p->telecoms; t != NULL; t = t->next)
        text = arena_printf(a, "%s|%s", text, t->value);
    return text;
}

static bool differs(struct arena *a, const struct patient *x, const struct patient *y)
{
    return !text_equal(x->birth_time, y->birth_time) || !text_equal(x->gender, y->gender) ||
           !text_equal(names_text(a, x), names_text(a, y)) || !text_equal(phones_text(a, x), phones_text(a, y));
}

static void test_so_many_records_of_a_hundred_differ_and_nobody_becomes_another(void **state)
{
    struct fixture *f = *state;
    struct person right, wrong;
    unsigned mistyped = 0;

    for (uint64_t n = 0; n < MANY; n++) {
        people_get(f->arena, f->right, f->community, n, &right);
        people_get(f->arena, f->wrong, f->community, n, &wrong);
        mistyped += differs(f->arena, &right.patient, &wrong.patient);
        assert_int_equal(right.truth, wrong.truth);
        assert_string_equal(right.patient.ids->extension, wrong.patient.ids->extension);
        assert_string_equal(right.household, wrong.household);
    }
    assert_in_range(mistyped, MANY * 27 / 100, MANY * 33 / 100);
}

static void test_what_was_mistyped_is_still_a_record(void **state)
{
    struct fixture *f = *state;
    struct person who;

    for (uint64_t n = 0; n < MANY; n++) {
        people_get(f->arena, f->wrong, f->community, n, &who);
        assert_true(is_dtm(who.patient.birth_time));
        assert_non_null(who.patient.names);
        assert_true(text_equal(who.patient.gender, "F") || text_equal(who.patient.gender, "M"));
        for (const struct person_name *name = who.patient.names; name != NULL; name = name->next)
            assert_false(text_absent(name->family) || text_absent(name->given));
    }
}

static void test_the_same_seed_makes_the_same_errors(void **state)
{
    struct fixture *f = *state;
    struct people *again = people_of(f, 30);
    struct person one, other;

    for (uint64_t n = 0; n < 200; n++) {
        people_get(f->arena, f->wrong, f->community, n, &one);
        people_get(f->arena, again, f->community, n, &other);
        assert_false(differs(f->arena, &one.patient, &other.patient));
    }
}

static void test_shares_are_of_a_hundred(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(people_mistype(f->wrong, -1), E_CONFIG);
    assert_int_equal(people_mistype(f->wrong, 101), E_CONFIG);
    assert_int_equal(people_mistype(f->wrong, 100), OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_so_many_records_of_a_hundred_differ_and_nobody_becomes_another),
        TEST(test_what_was_mistyped_is_still_a_record),
        TEST(test_the_same_seed_makes_the_same_errors),
        TEST(test_shares_are_of_a_hundred),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
