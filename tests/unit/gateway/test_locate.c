#include "gateway_test.h"

#include "gateway/locate.h"

static struct location location_of(const struct community *own, const struct community *only)
{
    return (struct location){ .own = own, .only = only };
}

static void test_neither_the_own_community_nor_the_backbone_is_discovered(void **state UNUSED)
{
    struct location l = location_of(&test_communities[0], NULL);

    assert_false(location_wants(&l, &test_communities[0]));
    assert_true(location_wants(&l, &test_communities[1]));
    assert_false(location_wants(&l, &test_communities[2]));
}

static void test_a_query_with_a_home_asks_nobody_else(void **state UNUSED)
{
    struct location l = location_of(&test_communities[2], &test_communities[1]);

    assert_false(location_wants(&l, &test_communities[0]));
    assert_true(location_wants(&l, &test_communities[1]));
}

static void test_linked_ids_become_holders_in_the_order_of_the_world(void **state)
{
    struct request *rq = *state;
    struct location l = location_of(&test_communities[2], NULL);
    struct patient_id *ids = NULL;

    l.end = &l.holders;
    patient_id_add(rq->arena, &ids, "2.999.392.2.2", "B1");
    patient_id_add(rq->arena, &ids, "2.999.392.3.2.1", "a facility's");
    patient_id_add(rq->arena, &ids, "1.2.3", "nobody's");
    patient_id_add(rq->arena, &ids, "2.999.392.2.3", "the own");
    patient_id_add(rq->arena, &ids, "2.999.392.2.1", "A1");
    patient_id_add(rq->arena, &ids, "2.999.392.2.2", "B2");
    location_add_ids(rq->arena, &l, &test_world, ids);

    const char *expected[] = { "A1", "B1", "B2" };
    const struct holder *h = l.holders;
    for (size_t i = 0; i < ARRAY_LEN(expected); i++, h = h->next)
        assert_string_equal(h->id.extension, expected[i]);
    assert_null(h);
}

/* "A1 B1": who was found, in the order in which they will be asked. */
static const char *found_in(struct request *rq, const struct world *w, const struct community *own)
{
    struct location l = location_of(own, NULL);
    struct patient_id *ids = NULL;
    const char *all = "";

    l.end = &l.holders;
    patient_id_add(rq->arena, &ids, "2.999.392.2.1", "A1");
    patient_id_add(rq->arena, &ids, "2.999.392.2.2", "B1");
    location_add_ids(rq->arena, &l, w, ids);
    for (const struct holder *h = l.holders; h != NULL; h = h->next)
        all = arena_printf(rq->arena, "%s%s%s", all, all[0] ? " " : "", h->id.extension);
    return all;
}

static void test_linked_communities_are_asked_first(void **state)
{
    const struct community *linked[] = { &test_communities[1], NULL };
    struct community own = test_communities[2];

    assert_string_equal(found_in(*state, &test_world, &own), "A1 B1");
    own.linked = linked;
    assert_string_equal(found_in(*state, &test_world, &own), "B1 A1");
}

static void test_who_lacks_the_profile_under_the_lens_is_not_asked(void **state)
{
    struct community communities[3];
    const struct world surveyed = { communities, 3, LENS_SURVEYED };

    memcpy(communities, test_communities, sizeof(communities));
    assert_string_equal(found_in(*state, &surveyed, &communities[2]), "");
    communities[1].profiles[PROFILE_XCA] = MARK_OPERATING;
    assert_string_equal(found_in(*state, &surveyed, &communities[2]), "B1");
}

static void test_the_best_match_is_chosen(void **state UNUSED)
{
    struct patient third = { .match = 80 }, second = { .match = 95, .next = &third },
                   first = { .match = 80, .next = &second };
    bool is_ambiguous;

    assert_ptr_equal(candidate_choose(&first, &is_ambiguous), &second);
    assert_false(is_ambiguous);
    assert_ptr_equal(candidate_choose(&third, &is_ambiguous), &third);
    assert_false(is_ambiguous);
}

static void test_equal_matches_are_nobody(void **state UNUSED)
{
    struct patient second = { .match = 100 }, first = { .match = 100, .next = &second };
    bool is_ambiguous;

    assert_null(candidate_choose(&first, &is_ambiguous));
    assert_true(is_ambiguous);
}

static void test_no_match_is_not_ambiguous(void **state UNUSED)
{
    bool is_ambiguous;

    assert_null(candidate_choose(NULL, &is_ambiguous));
    assert_false(is_ambiguous);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY_TEST(test_neither_the_own_community_nor_the_backbone_is_discovered),
        GATEWAY_TEST(test_a_query_with_a_home_asks_nobody_else),
        GATEWAY_TEST(test_linked_ids_become_holders_in_the_order_of_the_world),
        GATEWAY_TEST(test_linked_communities_are_asked_first),
        GATEWAY_TEST(test_who_lacks_the_profile_under_the_lens_is_not_asked),
        GATEWAY_TEST(test_the_best_match_is_chosen),
        GATEWAY_TEST(test_equal_matches_are_nobody),
        GATEWAY_TEST(test_no_match_is_not_ambiguous),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
