/* core/model/consent: what a consent covers, and how it changes. */
#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"
#include "model/consent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define ONE   "2.999.392.3.35.1"
#define TWO   "2.999.392.3.35.2"
#define THREE "2.999.392.3.35.3"

static struct facility two = { .name = "市立病院", .oid = TWO };
static struct facility one = { .name = "県立病院", .oid = ONE, .next = &two };

static struct community of(enum consent_model model)
{
    return (struct community){ .number = 35,
                               .key = "0035",
                               .name = "N",
                               .home_community_id = "urn:oid:2.999.392.1.35",
                               .facilities = &one,
                               .consent = model };
}

static struct consent rule(void)
{
    return (struct consent){ .patient = "R1", .state = CONSENT_GIVEN };
}

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void change(struct arena *a, struct consent *c, enum consent_model model, enum consent_act act, const char *part)
{
    struct community community = of(model);
    struct text_list parts = { .text = part };

    assert_null(consent_change(a, c, &community, act, part != NULL ? &parts : NULL));
}

static bool covers(struct arena *a, const struct consent *c, enum consent_model model, const char *institution,
                   const char *person, const char *source)
{
    struct community community = of(model);
    struct text_list list = { .text = institution };
    struct author author = { .person = person, .institutions = institution != NULL ? &list : NULL };

    return consent_covers(a, c, &community, &author, source);
}

static void test_who_said_nothing_has_given_all(void **state)
{
    struct consent c = rule();

    assert_false(consent_restricts(&c));
    assert_int_equal(consent_of_part(&c, THREE), CONSENT_GIVEN);
    assert_true(covers(*state, &c, CONSENT_FACILITY, NULL, NULL, NULL));
    assert_int_equal(consent_policy_of(&c), POLICY_ALL);
}

static void test_withdrawn_covers_nothing(void **state)
{
    struct consent c = rule();

    change(*state, &c, CONSENT_NETWORK, CONSENT_WITHDRAW, NULL);
    assert_true(consent_restricts(&c));
    assert_int_equal(consent_of_part(&c, ONE), CONSENT_WITHDRAWN);
    assert_false(covers(*state, &c, CONSENT_NETWORK, "x^^^^^^^^^" ONE, NULL, NULL));
    assert_false(covers(*state, &c, CONSENT_NETWORK, "x^^^^^^^^^2.999.392.1.35", NULL, NULL));
    assert_int_equal(consent_policy_of(&c), POLICY_NONE);
    change(*state, &c, CONSENT_NETWORK, CONSENT_GIVE, NULL);
    assert_false(consent_restricts(&c));
}

static void test_a_consent_that_names_its_facilities_is_new_to_others(void **state)
{
    struct consent c = rule();

    change(*state, &c, CONSENT_FACILITY, CONSENT_GIVE, ONE);
    assert_int_equal(consent_of_part(&c, ONE), CONSENT_GIVEN);
    assert_int_equal(consent_of_part(&c, TWO), CONSENT_NEW);
    assert_int_equal(consent_policy_of(&c), POLICY_NAMED);
    change(*state, &c, CONSENT_FACILITY, CONSENT_ADD, TWO);
    assert_int_equal(consent_of_part(&c, TWO), CONSENT_GIVEN);
    change(*state, &c, CONSENT_FACILITY, CONSENT_WITHDRAW, ONE);
    assert_int_equal(consent_of_part(&c, ONE), CONSENT_WITHDRAWN);
    change(*state, &c, CONSENT_FACILITY, CONSENT_GIVE, NULL);
    assert_false(consent_restricts(&c));
}

static void test_a_facility_is_taken_out_of_what_covers_all(void **state)
{
    struct consent c = rule();

    change(*state, &c, CONSENT_FACILITY, CONSENT_WITHDRAW, ONE);
    assert_int_equal(consent_of_part(&c, THREE), CONSENT_GIVEN);
    assert_int_equal(consent_policy_of(&c), POLICY_EXCEPT);
    change(*state, &c, CONSENT_FACILITY, CONSENT_ADD, ONE);
    assert_false(consent_restricts(&c));
}

static void test_a_change_leaves_copies_alone(void **state)
{
    struct consent before = rule(), after;

    change(*state, &before, CONSENT_FACILITY, CONSENT_GIVE, ONE);
    after = before;
    change(*state, &after, CONSENT_FACILITY, CONSENT_WITHDRAW, ONE);
    assert_int_equal(consent_of_part(&before, ONE), CONSENT_GIVEN);
}

static void test_who_wrote_is_told_by_id_name_or_patient(void **state)
{
    struct consent c = rule();

    change(*state, &c, CONSENT_FACILITY, CONSENT_GIVE, ONE);
    assert_true(covers(*state, &c, CONSENT_FACILITY, "何か^^^^^^^^^" ONE, NULL, NULL));
    assert_false(covers(*state, &c, CONSENT_FACILITY, "県立病院^^^^^^^^^" TWO, NULL, NULL));
    assert_true(covers(*state, &c, CONSENT_FACILITY, "県立病院", NULL, NULL));
    assert_true(covers(*state, &c, CONSENT_FACILITY, NULL, "1^A^B^^^^^^&" ONE ".3&ISO", NULL));
    assert_false(covers(*state, &c, CONSENT_FACILITY, NULL, "1^A^B^^^^^^&" ONE "9&ISO", NULL));
    assert_true(covers(*state, &c, CONSENT_FACILITY, "知らない病院", NULL, "H1^^^&" ONE "&ISO"));
    assert_false(covers(*state, &c, CONSENT_FACILITY, "知らない病院", NULL, "H1^^^&" TWO "&ISO"));
    assert_true(covers(*state, &c, CONSENT_FACILITY, "N^^^^^^^^^2.999.392.1.35", NULL, NULL));
}

static void test_what_is_of_nobody_follows_the_whole(void **state)
{
    struct consent named = rule(), except = rule();

    change(*state, &named, CONSENT_FACILITY, CONSENT_GIVE, ONE);
    change(*state, &except, CONSENT_FACILITY, CONSENT_WITHDRAW, ONE);
    assert_false(covers(*state, &named, CONSENT_FACILITY, "知らない病院", NULL, NULL));
    assert_true(covers(*state, &except, CONSENT_FACILITY, "知らない病院", NULL, NULL));
}

static void test_one_author_outside_is_enough(void **state)
{
    struct community community = of(CONSENT_FACILITY);
    struct text_list inside = { .text = "x^^^^^^^^^" ONE }, outside = { .text = "x^^^^^^^^^" TWO };
    struct author second = { .institutions = &outside }, first = { .institutions = &inside, .next = &second };
    struct consent c = rule();

    change(*state, &c, CONSENT_FACILITY, CONSENT_GIVE, ONE);
    assert_false(consent_covers(*state, &c, &community, &first, NULL));
    first.next = NULL;
    assert_true(consent_covers(*state, &c, &community, &first, NULL));
}

#define DOCTOR "7^^^&" ONE ".3&ISO"

static void test_a_physician_decides_before_the_facility(void **state)
{
    struct consent c = rule();

    change(*state, &c, CONSENT_PHYSICIAN, CONSENT_WITHDRAW, DOCTOR);
    assert_false(covers(*state, &c, CONSENT_PHYSICIAN, "x^^^^^^^^^" ONE, "7^A^B^^^^^^&" ONE ".3&ISO", NULL));
    assert_true(covers(*state, &c, CONSENT_PHYSICIAN, "x^^^^^^^^^" ONE, "8^A^B^^^^^^&" ONE ".3&ISO", NULL));
    change(*state, &c, CONSENT_PHYSICIAN, CONSENT_GIVE, DOCTOR);
    assert_true(covers(*state, &c, CONSENT_PHYSICIAN, "x^^^^^^^^^" TWO, "7^A^B^^^^^^&" ONE ".3&ISO", NULL));
    assert_false(covers(*state, &c, CONSENT_PHYSICIAN, "x^^^^^^^^^" ONE, "8^A^B^^^^^^&" ONE ".3&ISO", NULL));
}

struct refusal {
    enum consent_model model;
    enum consent_act act;
    const char *part;
};

static void test_what_cannot_be_is_refused_and_changes_nothing(void **state)
{
    static const struct refusal refusals[] = {
        { CONSENT_NETWORK, CONSENT_GIVE, ONE },         { CONSENT_NOT_STATED, CONSENT_WITHDRAW, ONE },
        { CONSENT_IMPLIED, CONSENT_ADD, ONE },          { CONSENT_FACILITY, CONSENT_GIVE, DOCTOR },
        { CONSENT_FACILITY, CONSENT_GIVE, "somebody" }, { CONSENT_PHYSICIAN, CONSENT_GIVE, "7^^^" },
        { CONSENT_FACILITY, CONSENT_ADD, NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        struct community community = of(refusals[i].model);
        struct text_list parts = { .text = refusals[i].part };
        struct consent c = rule();
        assert_non_null(consent_change(*state, &c, &community, refusals[i].act, parts.text != NULL ? &parts : NULL));
        assert_false(consent_restricts(&c) || c.parts != NULL);
    }
}

static void test_nothing_is_added_to_what_is_withdrawn(void **state)
{
    struct community community = of(CONSENT_FACILITY);
    struct text_list parts = { .text = ONE };
    struct consent c = rule();

    change(*state, &c, CONSENT_FACILITY, CONSENT_WITHDRAW, NULL);
    assert_non_null(consent_change(*state, &c, &community, CONSENT_ADD, &parts));
    assert_non_null(consent_change(*state, &c, &community, CONSENT_WITHDRAW, &parts));
    assert_null(consent_change(*state, &c, &community, CONSENT_GIVE, &parts));
    assert_int_equal(consent_of_part(&c, ONE), CONSENT_GIVEN);
}

static void test_policies_are_the_community_s(void **state)
{
    struct community community = of(CONSENT_FACILITY);

    assert_string_equal(consent_policy_oid(*state, &community, POLICY_NONE), "2.999.392.10.35.4");
    assert_true(consent_policy_is(&community, "2.999.392.10.35.4", "2.999.392.10.35"));
    assert_false(consent_policy_is(&community, "2.999.392.10.35.5", "2.999.392.10.35"));
    assert_false(consent_policy_is(&community, "2.999.392.10.35.44", "2.999.392.10.35"));
    assert_false(consent_policy_is(&community, "2.999.392.10.36.4", "2.999.392.10.36"));
    assert_false(consent_policy_is(&community, "CT", "1.2.840.10008.2.16.4"));
}

#define CONSENT_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONSENT_TEST(test_who_said_nothing_has_given_all),
        CONSENT_TEST(test_withdrawn_covers_nothing),
        CONSENT_TEST(test_a_consent_that_names_its_facilities_is_new_to_others),
        CONSENT_TEST(test_a_facility_is_taken_out_of_what_covers_all),
        CONSENT_TEST(test_a_change_leaves_copies_alone),
        CONSENT_TEST(test_who_wrote_is_told_by_id_name_or_patient),
        CONSENT_TEST(test_what_is_of_nobody_follows_the_whole),
        CONSENT_TEST(test_one_author_outside_is_enough),
        CONSENT_TEST(test_a_physician_decides_before_the_facility),
        CONSENT_TEST(test_what_cannot_be_is_refused_and_changes_nothing),
        CONSENT_TEST(test_nothing_is_added_to_what_is_withdrawn),
        CONSENT_TEST(test_policies_are_the_community_s),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
