#include "cli/process.h"
#include "tests/unit/cli/cli_test.h"

#include "base/file.h"

#include <string.h>

static void test_a_field_is_found_by_its_whole_name(void **state UNUSED)
{
    static const char status[] = "VmPeak:\t  20000 kB\nVmHWM:\t   16136 kB\nVmRSS:\t   15864 kB\n";

    assert_int_equal(process_field_kib(str_from(status), "VmHWM"), 16136);
    assert_int_equal(process_field_kib(str_from(status), "VmRSS"), 15864);
    assert_int_equal(process_field_kib(str_from(status), "Vm"), 0);
    assert_int_equal(process_field_kib(str_from("Pss_Dirty: 3 kB\nPss: 7 kB\n"), "Pss"), 7);
    assert_int_equal(process_field_kib(str_from("VmRSS: 12"), "VmRSS"), 0);
    assert_int_equal(process_field_kib(str_from(""), "VmRSS"), 0);
}

static void test_a_child_runs_until_it_is_stopped(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *const argv[] = { "sleep", "600", NULL };
    struct process_spec spec = {
        .program = "/bin/sleep", .argv = argv, .out_fd = -1, .log = arena_printf(a, "%s/log", folder_new(a))
    };
    pid_t pid;

    assert_int_equal(process_start(&spec, &pid), OK);
    assert_false(process_is_over(pid));
    assert_true(process_memory_kib(pid, MEMORY_PEAK) > 0);
    process_stop(pid);
    assert_int_equal(waitpid(pid, NULL, 0), -1);
    assert_int_equal(process_memory_kib(pid, MEMORY_RESIDENT), 0);
    arena_free(a);
}

static void test_processor_time_is_what_was_used(void **state UNUSED)
{
    uint64_t before = process_cpu(getpid()), end = before + (uint64_t)3000000;

    while (process_cpu(getpid()) < end) /* it grows only by being used */
        ;
    assert_true(process_cpu(getpid()) > before);
    assert_int_equal(process_cpu(0), 0);
}

static void test_what_a_child_says_goes_to_its_log(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *const argv[] = { "cat", "/nowhere/at/all", NULL };
    struct process_spec spec = {
        .program = "/bin/cat", .argv = argv, .out_fd = -1, .log = arena_printf(a, "%s/log", folder_new(a))
    };
    struct str said;
    pid_t pid;

    assert_int_equal(process_start(&spec, &pid), OK);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(file_read(a, spec.log, 4096, &said), OK);
    assert_non_null(strstr(said.data, "/nowhere/at/all"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_field_is_found_by_its_whole_name),
        cmocka_unit_test(test_a_child_runs_until_it_is_stopped),
        cmocka_unit_test(test_processor_time_is_what_was_used),
        cmocka_unit_test(test_what_a_child_says_goes_to_its_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
