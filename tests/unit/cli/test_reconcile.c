/* cli/reconcile: what is missing, doubled, wrong or too much among audit records is found, each once. */
#include "cli/reconcile.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void add(struct arena *a, struct audit_entry **list, int64_t time, const char *transaction, const char *objects)
{
    struct audit_entry *e = ARENA_NEW(a, struct audit_entry);

    *e = (struct audit_entry){ .time = time,
                               .received = time,
                               .community = "0035",
                               .source = "0035/registry",
                               .transaction = transaction,
                               .event = "110112",
                               .action = "E",
                               .objects = objects,
                               .next = *list };
    *list = e;
}

static void judge(void **state, struct audit_entry *expected, struct audit_entry *actual, const size_t counts[])
{
    struct reconciled r;
    size_t findings = 0;

    reconcile(*state, expected, actual, 0, 1000000, &r);
    for (int i = 0; i < DIFFERENCES; i++)
        assert_int_equal(r.counts[i], counts[i]);
    for (const struct finding *f = r.first; f != NULL; f = f->next)
        findings++;
    assert_int_equal(findings, counts[0] + counts[1] + counts[2] + counts[3]);
}

static void test_what_agrees_has_no_findings(void **state)
{
    struct audit_entry *expected = NULL, *actual = NULL;

    for (int i = 0; i < 3; i++) {
        add(*state, &expected, 1000 + i, "ITI-18", "a\n");
        add(*state, &actual, 1010 - i, "ITI-18", "a\n");
    }
    add(*state, &expected, 5000, "ITI-42", NULL); /* the journal has but its beginning */
    add(*state, &actual, 5001, "ITI-42", "x\ny\n");
    judge(state, expected, actual, (const size_t[]){ 0, 0, 0, 0 });
}

static void test_each_difference_is_told_once(void **state)
{
    struct audit_entry *expected = NULL, *actual = NULL;

    add(*state, &expected, 1000, "ITI-18", "a\n");
    add(*state, &actual, 1001, "ITI-18", "a\n");
    add(*state, &actual, 1002, "ITI-18", "a\n");   /* doubled */
    add(*state, &expected, 2000, "ITI-42", "b\n"); /* missing */
    add(*state, &expected, 3000, "ITI-43", "c\n"); /* wrong */
    add(*state, &actual, 3001, "ITI-43", "d\n");
    add(*state, &actual, 4000, "ITI-51", "e\n"); /* unexpected */
    judge(state, expected, actual, (const size_t[]){ 1, 1, 1, 1 });
}

static void test_events_far_apart_are_not_one(void **state)
{
    struct audit_entry *expected = NULL, *actual = NULL;

    add(*state, &expected, 1000, "ITI-18", "a\n");
    add(*state, &actual, 500000, "ITI-18", "a\n");
    judge(state, expected, actual, (const size_t[]){ 1, 0, 0, 1 });
}

static void test_who_asks_from_outside_may_be_anybody(void **state)
{
    struct audit_entry *expected = NULL, *actual = NULL;

    add(*state, &expected, 1000, "ITI-18", "a\n");
    add(*state, &expected, 1000, "ITI-18", "a\n");
    expected->is_outside = true;
    add(*state, &actual, 1000, "ITI-18", "a\n");
    judge(state, expected, actual, (const size_t[]){ 1, 0, 0, 0 });
    add(*state, &actual, 1000, "ITI-18", "a\n");
    actual->source = "emr";
    judge(state, expected, actual, (const size_t[]){ 0, 0, 0, 0 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_agrees_has_no_findings, setup, teardown),
        cmocka_unit_test_setup_teardown(test_each_difference_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_events_far_apart_are_not_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_who_asks_from_outside_may_be_anybody, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
