/* The table of stored queries holds together. */
#include "registry/queries.h"

#include "base/str.h"
#include "msg/stored_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const ids[] = {
    QUERY_FIND_DOCUMENTS,
    QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID,
    QUERY_FIND_SUBMISSION_SETS,
    QUERY_FIND_FOLDERS,
    QUERY_GET_ALL,
    QUERY_GET_DOCUMENTS,
    QUERY_GET_FOLDERS,
    QUERY_GET_ASSOCIATIONS,
    QUERY_GET_DOCUMENTS_AND_ASSOCIATIONS,
    QUERY_GET_SUBMISSION_SETS,
    QUERY_GET_SUBMISSION_SET_AND_CONTENTS,
    QUERY_GET_FOLDER_AND_CONTENTS,
    QUERY_GET_FOLDERS_FOR_DOCUMENT,
    QUERY_GET_RELATED_DOCUMENTS,
    QUERY_FIND_DOCUMENTS_MULTI,
    QUERY_FIND_FOLDERS_MULTI,
    QUERY_FIND_DOCUMENTS_BY_REFERENCE_ID_MULTI,
};

static void test_the_registry_has_every_query_of_the_framework(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        assert_non_null(query_row_find(ids[i]));
        assert_non_null(query_row_find(ids[i])->run);
    }
    assert_null(query_row_find("urn:uuid:00000000-0000-4000-8000-000000000000"));
}

static void test_each_list_of_parameters_ends_and_names_none_twice(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        const struct query_row *row = query_row_find(ids[i]);
        bool met[PARAM_COUNT] = { false };
        assert_int_equal(row->uses[QUERY_USES - 1].id, PARAM_NONE);
        for (const struct param_use *use = row->uses; use->id != PARAM_NONE; use++) {
            assert_false(met[use->id]);
            met[use->id] = true;
        }
    }
}

static bool takes(const struct query_row *row, enum param_id id)
{
    for (const struct param_use *use = row->uses; use->id != PARAM_NONE; use++) {
        if (use->id == id)
            return true;
    }
    return false;
}

static void test_whoever_finds_a_patients_objects_takes_the_patient(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        const struct query_row *row = query_row_find(ids[i]);
        const struct stored_query *known = stored_query_find(ids[i]);
        assert_int_equal(row->patient != PARAM_NONE, known->patient_param != NULL);
        assert_true(row->patient == PARAM_NONE || takes(row, row->patient));
    }
}

static size_t params_count(const char *const *params)
{
    size_t n = 0;

    while (params[n] != NULL)
        n++;
    return n;
}

static bool is_param(const char *const *params, const char *name)
{
    for (; *params != NULL; params++) {
        if (strcmp(*params, name) == 0)
            return true;
    }
    return false;
}

static void test_what_a_query_takes_is_what_everybody_knows_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        const char *const *params = stored_query_find(ids[i])->params;
        size_t taken = 0;
        for (const struct param_use *use = query_row_find(ids[i])->uses; use->id != PARAM_NONE; use++, taken++)
            assert_true(is_param(params, param_name(use->id)));
        assert_int_equal(taken, params_count(params));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_registry_has_every_query_of_the_framework),
        cmocka_unit_test(test_each_list_of_parameters_ends_and_names_none_twice),
        cmocka_unit_test(test_whoever_finds_a_patients_objects_takes_the_patient),
        cmocka_unit_test(test_what_a_query_takes_is_what_everybody_knows_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
