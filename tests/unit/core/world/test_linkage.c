/* The linkages that are stated, and whom each community therefore asks first. */
#include "base/arena.h"
#include "base/str.h"
#include "world/linkage.h"
#include "world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct world *world_of(struct arena *a, const char *communities)
{
    struct config *c = config_default(a);
    struct world *w;

    assert_int_equal(config_set(c, CONFIG_FIXTURES, "fixtures"), OK);
    assert_int_equal(config_set(c, CONFIG_COMMUNITIES, communities), OK);
    assert_int_equal(world_load(a, c, &w), OK);
    return w;
}

static const char *linked_keys(struct arena *a, const struct community *c)
{
    const char *keys = "";

    for (const struct community **l = c->linked; l != NULL && *l != NULL; l++)
        keys = arena_printf(a, "%s%s%s", keys, keys[0] ? " " : "", (*l)->key);
    return keys;
}

static void test_all_thirty_four_linkages_are_there(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct linkage *linkages;
    int n = 0;

    assert_int_equal(linkages_read(a, "fixtures", &linkages), OK);
    for (const struct linkage *l = linkages; l != NULL; l = l->next)
        assert_string_equal(l->code, arena_printf(a, "L%02d", ++n));
    assert_int_equal(n, 34);
    arena_free(a);
}

static void test_linkages_link_both_ways(void **state UNUSED)
{
    struct arena *a = arena_new();
    const struct world *w = world_of(a, "all");

    assert_string_equal(linked_keys(a, world_find(w, "0453")), "0034");
    assert_string_equal(linked_keys(a, world_find(w, "0034")), "0453");
    assert_string_equal(linked_keys(a, world_find(w, "0236")), "0360 1005");
    assert_string_equal(linked_keys(a, world_find(w, "0248")), "0266 0353");
    assert_string_equal(linked_keys(a, world_find(w, "0169")), ""); /* its own two systems, and one that is doubtful */
    arena_free(a);
}

static void test_who_does_not_live_here_is_not_asked(void **state UNUSED)
{
    struct arena *a = arena_new();
    const struct world *w = world_of(a, "0236,0360,0035");

    assert_string_equal(linked_keys(a, world_find(w, "0236")), "0360");
    assert_null(world_find(w, "0035")->linked);
    arena_free(a);
}

static void test_linked_communities_come_first_in_the_order_of_asking(void **state UNUSED)
{
    struct arena *a = arena_new();
    const struct world *w = world_of(a, "all");
    const struct community **order = world_order(a, w, world_find(w, "0236"));

    assert_string_equal(order[0]->key, "0360");
    assert_string_equal(order[1]->key, "1005");
    assert_string_equal(order[2]->key, "0007");
    for (size_t i = 2; i < w->count; i++)
        assert_string_not_equal(order[i]->key, "0360");
    assert_null(order[w->count]);
    arena_free(a);
}

static void test_a_folder_without_linkages_has_none(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct linkage *linkages;

    assert_int_equal(linkages_read(a, "/nonexistent", &linkages), OK);
    assert_null(linkages);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_thirty_four_linkages_are_there),
        cmocka_unit_test(test_linkages_link_both_ways),
        cmocka_unit_test(test_who_does_not_live_here_is_not_asked),
        cmocka_unit_test(test_linked_communities_come_first_in_the_order_of_asking),
        cmocka_unit_test(test_a_folder_without_linkages_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
