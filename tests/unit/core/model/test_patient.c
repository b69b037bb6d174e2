/* Patient identifiers and names (ITI TF-3: Table 4.2.3.1.7-2). */
#include "model/patient.h"

#include "base/arena.h"
#include "base/str.h"

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

static void test_cx_is_read_and_written_the_same(void **state)
{
    struct arena *a = *state;
    const char *cx = "P-00017^^^&2.999.392.2.35&ISO";
    struct patient_id id;

    assert_int_equal(patient_id_parse(a, cx, &id), OK);
    assert_string_equal(id.extension, "P-00017");
    assert_string_equal(id.root, "2.999.392.2.35");
    assert_null(id.next);
    assert_string_equal(patient_id_cx(a, &id), cx);
}

static void test_cx_takes_ids_beyond_ascii(void **state)
{
    struct patient_id id;

    assert_int_equal(patient_id_parse(*state, "患者 1^^^&2.999.1&ISO", &id), OK);
    assert_string_equal(id.extension, "患者 1");
}

static void test_cx_with_a_part_missing_or_too_many_is_refused(void **state)
{
    static const char *const broken[] = {
        "",
        "P1",
        "P1^^^",
        "P1^^^&",
        "P1^^^&2.999.1",
        "P1^^^&2.999.1&",
        "P1^^^&2.999.1&iso",
        "P1^^^&2.999.1&DNS",
        "P1^^^&2.999.1&ISO^PI",
        "P1^^^&2.999.1&ISO~P2^^^&2.999.1&ISO",
        "P1^^^&2.999.1&ISO&",
        "P1^^^HOSP&2.999.1&ISO",
        "P1^^&2.999.1&ISO",
        "P1^^^^&2.999.1&ISO",
        "P1^9^^&2.999.1&ISO",
        "P&1^^^&2.999.1&ISO",
        "^^^&2.999.1&ISO",
        "P1^^^&&ISO",
        "P1^^^&oid&ISO",
        "P1^^^&urn:oid:2.999.1&ISO",
        "P1^^^&2.999.01&ISO",
    };
    struct patient_id id = { .extension = "untouched" };

    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        if (patient_id_parse(*state, broken[i], &id) != E_SYNTAX)
            fail_msg("\"%s\" passed", broken[i]);
    }
    assert_string_equal(id.extension, "untouched");
}

static void test_equality_needs_root_and_extension(void **state)
{
    struct patient_id id = { .root = "2.999.1", .extension = "P1", .authority = "A" };
    struct patient_id same = { .root = "2.999.1", .extension = "P1" };
    struct patient_id other_root = { .root = "2.999.2", .extension = "P1" };
    struct patient_id other_case = { .root = "2.999.1", .extension = "p1" };
    struct patient_id domain = { .root = "2.999.1" };

    (void)state;
    assert_true(patient_id_equal(&id, &same));
    assert_false(patient_id_equal(&id, &other_root));
    assert_false(patient_id_equal(&id, &other_case));
    assert_false(patient_id_equal(&id, &domain));
}

static void test_a_list_keeps_its_order_and_holds_an_id_once(void **state)
{
    struct arena *a = *state;
    struct patient_id *list = NULL;
    char extension[] = "P1";

    patient_id_add(a, &list, "2.999.2", extension);
    extension[1] = '2'; /* the list keeps its own copy */
    patient_id_add(a, &list, "2.999.1", "P9");
    patient_id_add(a, &list, "2.999.2", "P1");
    patient_id_add(a, &list, "2.999.3", NULL);
    patient_id_add(a, &list, "2.999.3", NULL);
    assert_string_equal(list->extension, "P1");
    assert_string_equal(list->next->extension, "P9");
    assert_null(list->next->next->extension);
    assert_null(list->next->next->next);
    assert_ptr_equal(patient_id_in(list, "2.999.1"), list->next);
    assert_null(patient_id_in(list, "2.999.4"));
    assert_null(patient_id_in(NULL, "2.999.1"));
}

static void test_a_name_is_chosen_by_representation_else_the_first(void **state)
{
    struct person_name kana = { .use = "SYL", .family = "トットリ" };
    struct person_name kanji = { .use = "IDE", .family = "鳥取", .next = &kana };
    struct patient p = { .names = &kanji };
    struct patient nameless = { 0 };

    (void)state;
    assert_ptr_equal(patient_name(&p, "SYL"), &kana);
    assert_ptr_equal(patient_name(&p, "ABC"), &kanji);
    assert_null(patient_name(&nameless, "IDE"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cx_is_read_and_written_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cx_takes_ids_beyond_ascii, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cx_with_a_part_missing_or_too_many_is_refused, setup, teardown),
        cmocka_unit_test(test_equality_needs_root_and_extension),
        cmocka_unit_test_setup_teardown(test_a_list_keeps_its_order_and_holds_an_id_once, setup, teardown),
        cmocka_unit_test(test_a_name_is_chosen_by_representation_else_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
