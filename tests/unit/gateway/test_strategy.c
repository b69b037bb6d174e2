/* gateway/strategy: what people may write, and who is asked when they name nobody. */
#include "gateway/strategy.h"

#include "gateway_test.h"

static const char *parsed(void **state, const char *text, struct strategy *out)
{
    return strategy_parse(((struct request *)*state)->arena, &test_world, text, out);
}

static void test_every_strategy_is_read_and_written(void **state)
{
    static const char *const texts[] = { "xcpd", "broadcast", "pix", "pix@backbone", "plq", "plq@b" };
    struct arena *a = ((struct request *)*state)->arena;
    struct strategy s;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_null(parsed(state, texts[i], &s));
        assert_string_equal(strategy_text(a, &s), texts[i]);
    }
}

static void test_what_is_none_is_refused(void **state)
{
    static const char *const texts[] = { "", "guess", "xcpd@a", "broadcast@a", "pix@", "plq@nobody" };
    struct strategy s;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_non_null(parsed(state, texts[i], &s));
}

static void test_who_is_asked_when_nobody_is_named(void **state UNUSED)
{
    const struct community *linked[] = { &test_communities[1], NULL };
    struct community own = test_communities[0];
    const struct strategy pix = { .way = LOCATE_PIX }, plq = { .way = LOCATE_PLQ }, xcpd = { .way = LOCATE_XCPD };

    assert_ptr_equal(strategy_place(&test_world, &own, &pix), &test_communities[2]);
    assert_null(strategy_place(&test_world, &own, &plq));
    assert_null(strategy_place(&test_world, &own, &xcpd));
    own.linked = linked;
    assert_ptr_equal(strategy_place(&test_world, &own, &plq), &test_communities[1]);
    own.locate = LOCATE_PLQ;
    own.locate_at = "backbone";
    assert_ptr_equal(strategy_place(&test_world, &own, &plq), &test_communities[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY_TEST(test_every_strategy_is_read_and_written),
        GATEWAY_TEST(test_what_is_none_is_refused),
        GATEWAY_TEST(test_who_is_asked_when_nobody_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
