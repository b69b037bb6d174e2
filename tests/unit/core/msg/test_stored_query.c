#include "msg/stored_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_a_query_is_found_by_its_id(void **state)
{
    (void)state;
    assert_string_equal(stored_query_find(QUERY_GET_ALL)->name, "GetAll");
    assert_string_equal(stored_query_find(QUERY_GET_ALL)->patient_param, "$patientId");
    assert_null(stored_query_find(QUERY_GET_RELATED_DOCUMENTS)->patient_param);
    assert_null(stored_query_find("urn:uuid:00000000-0000-4000-8000-000000000000"));
    assert_null(stored_query_find(""));
    assert_string_equal(stored_query_named("GetAll")->id, QUERY_GET_ALL);
    assert_null(stored_query_named("getall"));
}

static void test_queries_of_several_patients_say_so(void **state)
{
    (void)state;
    assert_false(stored_query_find(QUERY_FIND_FOLDERS)->is_multi_patient);
    assert_true(stored_query_find(QUERY_FIND_FOLDERS_MULTI)->is_multi_patient);
    assert_true(stored_query_find(QUERY_FIND_DOCUMENTS_MULTI)->is_multi_patient);
    assert_true(stored_query_find(QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID_MULTI)->is_multi_patient);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_query_is_found_by_its_id),
        cmocka_unit_test(test_queries_of_several_patients_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
