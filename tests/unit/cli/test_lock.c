#include "cli/lock.h"
#include "tests/unit/cli/cli_test.h"

#include "base/file.h"
#include "base/str.h"

#include <unistd.h>

static void test_a_second_process_is_refused_and_told_who_has_it(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *path = arena_printf(a, "%s/pid", folder_new(a));
    pid_t child = locker_start(path), holder = 0;
    int fd;

    assert_int_equal(lock_take(path, &fd, &holder), E_EXISTS);
    assert_int_equal(holder, child);
    assert_int_equal(lock_holder(path), child);
    locker_kill(child);
    arena_free(a);
}

static void test_a_file_left_by_a_killed_process_means_nothing(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *path = arena_printf(a, "%s/pid", folder_new(a));
    pid_t child = locker_start(path), holder;
    struct str text;
    int fd;

    locker_kill(child);
    assert_int_equal(lock_holder(path), 0);
    assert_int_equal(lock_take(path, &fd, &holder), OK);
    assert_int_equal(file_read(a, path, 64, &text), OK);
    assert_int_equal(strtol(text.data, NULL, 10), getpid());
    lock_drop(path, fd);
    assert_int_equal(access(path, F_OK), -1);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_second_process_is_refused_and_told_who_has_it),
        cmocka_unit_test(test_a_file_left_by_a_killed_process_means_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
