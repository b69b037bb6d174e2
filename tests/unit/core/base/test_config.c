#include "base/config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "support/scratch.h"

#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct config *load(struct arena *a, char **argv, int *argc, enum rc expected)
{
    struct config *c = NULL;

    for (*argc = 0; argv[*argc] != NULL; (*argc)++)
        ;
    assert_int_equal(config_load(a, argc, argv, &c), expected);
    return c;
}

static void test_a_flag_wins_over_environment_over_file_over_default(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *folder = scratch_make(a);
    char *path = arena_printf(a, "%s/conf", folder);
    int argc;

    assert_int_equal(file_write(path, STR("# comment\n\nbind = file\ndata=file\nseed = 3\n"), 0600), OK);
    setenv("KAKEHASHI_DATA", "environment", 1);
    setenv("KAKEHASHI_BIND", "environment", 1);
    char *argv[] = { "kakehashi", "--config", path, "--bind=flag", NULL };
    struct config *c = load(a, argv, &argc, OK);
    assert_string_equal(config_text(c, CONFIG_BIND), "flag");
    assert_string_equal(config_text(c, CONFIG_DATA), "environment");
    assert_int_equal(config_number(c, CONFIG_SEED), 3);
    assert_string_equal(config_text(c, CONFIG_PORTS), "18100");
    assert_int_equal(argc, 1);
    unsetenv("KAKEHASHI_DATA");
    unsetenv("KAKEHASHI_BIND");
    scratch_remove(folder);
    arena_free(a);
}

static void test_words_and_flags_of_others_stay_in_order(void **state UNUSED)
{
    struct arena *a = arena_new();
    int argc;
    char *argv[] = { "kakehashi", "send", "--to", "0026", "--data", "d", "ITI-18", "--plain", NULL };
    struct config *c = load(a, argv, &argc, OK);

    assert_int_equal(argc, 5);
    assert_string_equal(argv[1], "send");
    assert_string_equal(argv[2], "--to");
    assert_string_equal(argv[3], "0026");
    assert_string_equal(argv[4], "ITI-18");
    assert_null(argv[5]);
    assert_true(config_switch(c, CONFIG_PLAIN));
    arena_free(a);
}

static void test_values_must_fit_their_key(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct config *c = config_default(a);

    assert_int_equal(config_set(c, CONFIG_SEED, "x"), E_CONFIG);
    assert_int_equal(config_set(c, CONFIG_PLAIN, "yes"), E_CONFIG);
    assert_int_equal(config_set(c, CONFIG_CHECKS, "stric"), E_CONFIG);
    assert_int_equal(config_set(c, CONFIG_CHECKS, "strict|lenient"), E_CONFIG);
    assert_int_equal(config_set(c, CONFIG_CHECKS, "lenient"), OK);
    arena_free(a);
}

/* docs/configuration.md is printed from the table: KK_ACCEPT=1 writes it anew. */
static void test_the_documentation_is_the_table(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *want = buf_new(a, BUF_MAX_DEFAULT);
    struct str got;

    buf_add_text(want, "# Configuration\n\nA key is the flag `--key`, the variable `KAKEHASHI_KEY` (with `_` for `-`) and "
                       "the line `key = value` of the file that `--config` names. A flag wins over the environment, which wins "
                       "over the file, which wins over the default.\n\n");
    config_markdown(want);
    if (getenv("KK_ACCEPT") != NULL)
        assert_int_equal(file_write("docs/configuration.md", buf_str(want), 0644), OK);
    assert_int_equal(file_read(a, "docs/configuration.md", 1 << 20, &got), OK);
    assert_string_equal(got.data, buf_text(want));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_flag_wins_over_environment_over_file_over_default),
        cmocka_unit_test(test_words_and_flags_of_others_stay_in_order),
        cmocka_unit_test(test_values_must_fit_their_key),
        cmocka_unit_test(test_the_documentation_is_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
