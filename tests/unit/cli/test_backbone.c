#include "cli/backbone.h"
#include "tests/unit/cli/cli_test.h"

#include "base/file.h"

#include <string.h>

#define SUPERVISED                                                                                                     \
    "{\"control\": \"http://127.0.0.1:9\", \"communities\": {\"0035\": {\"slug\": \"oshidori\", "                      \
    "\"endpoints\": {\"registry\": {\"ITI-18\": \"https://localhost:1/0035/registry\"}}}}}"

static const struct config *config_at(struct arena *a, const char *data, const char *endpoints)
{
    struct config *c = config_default(a);

    assert_int_equal(config_set(c, CONFIG_DATA, data), OK);
    if (endpoints != NULL)
        assert_int_equal(file_write(backbone_endpoints_file(a, data), str_from(endpoints), 0600), OK);
    return c;
}

static void test_nothing_runs_where_there_is_no_file(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct backbone b;

    assert_int_equal(backbone_find(a, config_at(a, folder_new(a), NULL), &b), E_NOT_FOUND);
    arena_free(a);
}

static void test_a_file_whose_up_was_killed_is_no_backbone(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = folder_new(a);
    const struct config *c = config_at(a, data, SUPERVISED);
    struct backbone b;

    pid_t up = locker_start(backbone_pid_file(a, data));
    assert_int_equal(backbone_find(a, c, &b), OK);
    assert_int_equal(b.pid, up);
    locker_kill(up);
    assert_int_equal(backbone_find(a, c, &b), E_NOT_FOUND);
    arena_free(a);
}

static void test_daemons_started_by_hand_need_no_up(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct backbone b;

    assert_int_equal(backbone_find(a, config_at(a, folder_new(a), "{\"control\": null, \"communities\": {}}"), &b), OK);
    assert_null(b.control);
    assert_int_equal(b.pid, 0);
    arena_free(a);
}

static void test_urls_are_found_by_key_and_by_slug(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = folder_new(a);
    const struct config *c = config_at(a, data, SUPERVISED);
    struct backbone b;

    pid_t up = locker_start(backbone_pid_file(a, data));
    assert_int_equal(backbone_find(a, c, &b), OK);
    assert_string_equal(backbone_url(&b, "endpoints", "0035", "registry", "ITI-18"),
                        "https://localhost:1/0035/registry");
    assert_string_equal(backbone_url(&b, "endpoints", "oshidori", "registry", "ITI-18"),
                        "https://localhost:1/0035/registry");
    assert_null(backbone_url(&b, "endpoints", "0035", "registry", "ITI-99"));
    assert_null(backbone_url(&b, "plain", "0035", "registry", "ITI-18"));
    assert_null(backbone_url(&b, "endpoints", "0026", "registry", "ITI-18"));
    locker_kill(up);
    arena_free(a);
}

static void test_a_broken_file_is_told(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct backbone b;

    assert_int_equal(backbone_find(a, config_at(a, folder_new(a), "{\"control\":"), &b), E_CONFIG);
    arena_free(a);
}

static void test_data_is_an_absolute_path(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = backbone_data(a, config_at(a, "./kakehashi-data", NULL));

    assert_int_equal(data[0], '/');
    assert_null(strstr(data, "/./"));
    assert_string_equal(backbone_data(a, config_at(a, "/srv/k", NULL)), "/srv/k");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_runs_where_there_is_no_file),
        cmocka_unit_test(test_a_file_whose_up_was_killed_is_no_backbone),
        cmocka_unit_test(test_daemons_started_by_hand_need_no_up),
        cmocka_unit_test(test_urls_are_found_by_key_and_by_slug),
        cmocka_unit_test(test_a_broken_file_is_told),
        cmocka_unit_test(test_data_is_an_absolute_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
