/* docs/communities.md is printed from the files: KK_ACCEPT=1 writes it anew. */
#include "cli/networks.h"
#include "tests/unit/cli/cli_test.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "world/linkage.h"
#include "world/world.h"

#include <stdlib.h>
#include <string.h>

static const struct world *world_of(struct arena *a, const char *lens, struct linkage **linkages)
{
    struct config *c = config_default(a);
    struct world *w;

    assert_int_equal(config_set(c, CONFIG_FIXTURES, "fixtures"), OK);
    assert_int_equal(config_set(c, CONFIG_PROFILES, lens), OK);
    assert_int_equal(world_load(a, c, &w), OK);
    assert_int_equal(linkages_read(a, "fixtures", linkages), OK);
    return w;
}

static void test_the_page_of_networks_is_what_the_files_say(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *want = buf_new(a, BUF_MAX_DEFAULT);
    struct linkage *linkages;
    const struct world *w = world_of(a, "all", &linkages);
    struct str got;

    networks_markdown(a, w, linkages, want);
    if (getenv("KK_ACCEPT") != NULL)
        assert_int_equal(file_write("docs/communities.md", buf_str(want), 0644), OK);
    assert_int_equal(file_read(a, "docs/communities.md", BUF_MAX_DEFAULT, &got), OK);
    assert_string_equal(got.data, buf_text(want));
    arena_free(a);
}

static void test_one_community_is_shown_with_what_answers_under_the_lens(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct linkage *linkages;
    const struct world *w = world_of(a, "surveyed", &linkages);
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    networks_print_one(a, w, world_find(w, "mame"), linkages, out);
    const char *text = buf_text(out);
    assert_non_null(strstr(text, "ITI-45")); /* PIX is marked, XCA is not */
    assert_null(strstr(text, "ITI-38"));
    assert_non_null(strstr(text, "answers (surveyed)"));
    assert_non_null(strstr(text, "L07"));
    assert_non_null(strstr(text, "島根大学医学部附属病院"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_page_of_networks_is_what_the_files_say),
        cmocka_unit_test(test_one_community_is_shown_with_what_answers_under_the_lens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
