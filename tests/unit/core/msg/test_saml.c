/* What an assertion says, and whether that will do.
 */
#include "msg/saml.h"

#include "base/arena.h"
#include "base/clock.h"
#include "wire/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define US   "urn:oid:2.999.392.1.35"
#define HERE "https://localhost/0035/registry"

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

/* As it should be, at 09:00. */
static struct saml good(struct arena *a)
{
    struct saml s = { .version = "2.0",
                      .id = "_1",
                      .issued = "2026-04-01T08:59:00Z",
                      .issuer = "https://idp.example.jp",
                      .name_id = "sato",
                      .alias = "satoko",
                      .has_conditions = true,
                      .has_statement = true,
                      .not_before = "2026-04-01T08:59:00Z",
                      .not_on_or_after = "2026-04-01T09:10:00Z",
                      .context = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
                      .subject_id = "佐藤 <花子>",
                      .home = US };

    s.restrictions = ARENA_NEW(a, struct saml_restriction);
    s.restrictions->audiences = ARENA_NEW(a, struct saml_text);
    s.restrictions->audiences->text = "urn:elsewhere";
    s.restrictions->audiences->next = ARENA_NEW(a, struct saml_text);
    s.restrictions->audiences->next->text = US;
    s.confirmations = ARENA_NEW(a, struct saml_confirmation);
    s.confirmations->method = SAML_BEARER;
    s.roles = ARENA_NEW(a, struct saml_code);
    *s.roles = (struct saml_code){ "112247003", "2.16.840.1.113883.6.96", "Medical doctor", NULL };
    s.patients = ARENA_NEW(a, struct saml_text);
    s.patients->text = "R0001^^^&2.999.392.2.35&ISO";
    return s;
}

static enum saml_flaw judged_at(struct arena *a, const struct saml *s, const char *now, int64_t skew_ms)
{
    static const char *const audiences[] = { US, HERE, NULL };
    struct saml_service at = { .skew_ms = skew_ms, .audiences = audiences, .recipient = HERE };
    struct saml_refusal why = { .flaw = SAML_SOUND };

    assert_int_equal(clock_parse(str_from(now), &at.now_ms), OK);
    if (saml_check(a, s, &at, &why) == OK)
        return SAML_SOUND;
    assert_non_null(why.place);
    assert_non_null(why.text);
    assert_non_null(saml_flaw_subcode(why.flaw));
    return why.flaw;
}

static enum saml_flaw judged(struct arena *a, const struct saml *s)
{
    return judged_at(a, s, "2026-04-01T09:00:00Z", 60000);
}

static void test_what_is_written_reads_back(void **state)
{
    struct saml s = good(*state), back;
    struct buf *out = buf_new(*state, BUF_MAX_DEFAULT);
    struct xml_node *root;

    saml_encode(&s, NULL, out);
    assert_int_equal(xml_parse(*state, buf_str(out), NULL, &root, NULL), OK);
    saml_decode(*state, root, &back);
    assert_string_equal(back.id, "_1");
    assert_string_equal(back.issuer, s.issuer);
    assert_string_equal(back.subject_id, s.subject_id);
    assert_string_equal(back.home, US);
    assert_string_equal(back.roles->code, "112247003");
    assert_string_equal(back.roles->text, "Medical doctor");
    assert_null(back.purposes);
    assert_string_equal(back.patients->text, s.patients->text);
    assert_string_equal(saml_user(*state, &back), "satoko<sato@https://idp.example.jp>");
    assert_int_equal(judged(*state, &back), SAML_SOUND);
}

static void test_attributes_may_repeat_in_any_statement(void **state)
{
    static const char text[] =
        "<Assertion xmlns='urn:oasis:names:tc:SAML:2.0:assertion'><AttributeStatement><Attribute Name='" SAML_ROLE
        "'><AttributeValue><Role xmlns='urn:hl7-org:v3' code='1' codeSystem='1.2'/></AttributeValue><AttributeValue>"
        "<Role xmlns='urn:hl7-org:v3' code='2' codeSystem='1.2'/></AttributeValue></Attribute></AttributeStatement>"
        "<AttributeStatement><Attribute Name='" SAML_ROLE "'><AttributeValue>nurse</AttributeValue></Attribute>"
        "<Attribute Name='urn:unknown'><AttributeValue>x</AttributeValue></Attribute></AttributeStatement></Assertion>";
    struct xml_node *root;
    struct saml s;

    assert_int_equal(xml_parse(*state, str_from(text), NULL, &root, NULL), OK);
    saml_decode(*state, root, &s);
    assert_string_equal(s.roles->code, "1");
    assert_string_equal(s.roles->next->code, "2");
    assert_null(s.roles->next->next->code);
    assert_string_equal(s.roles->next->next->text, "nurse");
    assert_null(s.issuer);
    assert_string_equal(saml_user(*state, &s), "<@>");
}

static void test_clocks_may_differ_by_the_skew_and_no_more(void **state)
{
    struct saml s = good(*state);

    assert_int_equal(judged_at(*state, &s, "2026-04-01T08:58:00Z", 60000), SAML_SOUND);
    assert_int_equal(judged_at(*state, &s, "2026-04-01T08:57:59Z", 60000), SAML_NOT_YET_VALID);
    assert_int_equal(judged_at(*state, &s, "2026-04-01T09:10:59Z", 60000), SAML_SOUND);
    assert_int_equal(judged_at(*state, &s, "2026-04-01T09:11:00Z", 60000), SAML_EXPIRED);
    assert_int_equal(judged_at(*state, &s, "2026-04-01T09:10:00Z", 0), SAML_EXPIRED);
    s.not_on_or_after = NULL; /* the provider's choice */
    assert_int_equal(judged_at(*state, &s, "2036-04-01T09:10:00Z", 0), SAML_SOUND);
    s.not_on_or_after = "tomorrow";
    assert_int_equal(judged(*state, &s), SAML_SHAPE);
}

static void test_one_audience_of_every_restriction(void **state)
{
    struct saml s = good(*state);
    struct saml_text url = { HERE, NULL }, other = { "urn:elsewhere", NULL };
    struct saml_restriction second = { &url, NULL };

    s.restrictions->next = &second;
    assert_int_equal(judged(*state, &s), SAML_SOUND);
    second.audiences = &other;
    assert_int_equal(judged(*state, &s), SAML_AUDIENCE);
    second.audiences = NULL;
    assert_int_equal(judged(*state, &s), SAML_AUDIENCE);
}

static void test_one_confirmation_is_enough(void **state)
{
    struct saml s = good(*state);
    struct saml_confirmation bearer = { .method = SAML_BEARER,
                                        .recipient = HERE,
                                        .not_on_or_after = "2026-04-01T09:05:00Z" };
    struct saml_confirmation vouched = { .method = SAML_SENDER_VOUCHES, .next = &bearer };

    s.confirmations = &vouched;
    assert_int_equal(judged(*state, &s), SAML_SOUND);
    bearer.recipient = "https://elsewhere.invalid";
    assert_int_equal(judged(*state, &s), SAML_CONFIRMATION);
    bearer.recipient = HERE;
    bearer.not_before = "2026-04-01T09:02:00Z";
    assert_int_equal(judged(*state, &s), SAML_CONFIRMATION);
    s.confirmations = NULL;
    assert_int_equal(judged(*state, &s), SAML_CONFIRMATION);
}

static void test_what_is_missing_has_a_rule(void **state)
{
    static const struct {
        size_t member;
        const char *value;
        enum saml_flaw flaw;
    } wrong[] = {
        { offsetof(struct saml, version), "1.1", SAML_SHAPE },
        { offsetof(struct saml, version), NULL, SAML_SHAPE },
        { offsetof(struct saml, issued), NULL, SAML_SHAPE },
        { offsetof(struct saml, issued), "2026-04-01", SAML_SHAPE },
        { offsetof(struct saml, issuer), NULL, SAML_SHAPE },
        { offsetof(struct saml, not_before), NULL, SAML_SHAPE },
        { offsetof(struct saml, name_id), NULL, SAML_SUBJECT },
        { offsetof(struct saml, context), NULL, SAML_AUTHENTICATION },
    };

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct saml s = good(*state);
        *(const char **)((char *)&s + wrong[i].member) = wrong[i].value;
        assert_int_equal(judged(*state, &s), wrong[i].flaw);
    }
}

static void test_attributes_have_the_framework_s_form(void **state)
{
    struct saml s = good(*state);
    struct saml_code half = { .code = "TREAT" };
    struct saml_text consent = { "urn:oid:2.999.5", NULL };

    s.consents = &consent;
    assert_int_equal(judged(*state, &s), SAML_SOUND);
    consent.text = "agreed";
    assert_int_equal(judged(*state, &s), SAML_ATTRIBUTE);
    s = good(*state);
    s.purposes = &half;
    assert_int_equal(judged(*state, &s), SAML_ATTRIBUTE);
    s = good(*state);
    s.patients->text = "R0001";
    assert_int_equal(judged(*state, &s), SAML_ATTRIBUTE);
}

#define SAML_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAML_TEST(test_what_is_written_reads_back),
        SAML_TEST(test_attributes_may_repeat_in_any_statement),
        SAML_TEST(test_clocks_may_differ_by_the_skew_and_no_more),
        SAML_TEST(test_one_audience_of_every_restriction),
        SAML_TEST(test_one_confirmation_is_enough),
        SAML_TEST(test_what_is_missing_has_a_rule),
        SAML_TEST(test_attributes_have_the_framework_s_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
