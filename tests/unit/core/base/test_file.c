#include "base/file.h"

#include "base/arena.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_written_files_are_read_back_and_replaced_whole(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *folder = scratch_make(a), *path = arena_printf(a, "%s/f", folder);
    struct str got;

    assert_int_equal(file_read(a, path, 100, &got), E_NOT_FOUND);
    assert_int_equal(file_write(path, STR("first"), 0600), OK);
    assert_int_equal(file_write(path, STR("second one"), 0600), OK);
    assert_int_equal(file_read(a, path, 100, &got), OK);
    assert_true(str_is(got, "second one"));
    assert_int_equal(file_read(a, path, 5, &got), E_LIMIT);
    scratch_remove(folder);
    arena_free(a);
}

static void test_a_listing_is_sorted_and_filtered(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *folder = scratch_make(a), *inner = arena_printf(a, "%s/a/b/c", folder);
    char **names;
    size_t count;

    assert_int_equal(file_mkdirs(inner, 0700), OK);
    assert_int_equal(file_mkdirs(inner, 0700), OK);
    assert_int_equal(file_write(arena_printf(a, "%s/2.json", inner), STR("{}"), 0600), OK);
    assert_int_equal(file_write(arena_printf(a, "%s/1.json", inner), STR("{}"), 0600), OK);
    assert_int_equal(file_write(arena_printf(a, "%s/x.txt", inner), STR(""), 0600), OK);
    assert_int_equal(file_list(a, inner, ".json", &names, &count), OK);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "1.json");
    assert_int_equal(file_list(a, "/nowhere/at/all", "", &names, &count), E_NOT_FOUND);
    scratch_remove(folder);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_files_are_read_back_and_replaced_whole),
        cmocka_unit_test(test_a_listing_is_sorted_and_filtered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
