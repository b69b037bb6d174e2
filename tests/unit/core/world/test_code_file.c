/* core/actor/code_file: code sets, and what holds in which community. */
#include "world/code_file.h"

#include "world/world.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct fixture {
    struct arena *arena;
    const char *folder;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    *f = (struct fixture){ a, scratch_make(a) };
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

static enum rc read_text(struct fixture *f, const char *text, struct code_set **out)
{
    const char *path = arena_printf(f->arena, "%s/codes", f->folder);

    assert_int_equal(file_write(path, str_from(text), 0600), OK);
    return code_file_read(f->arena, path, out);
}

static void test_json_gives_lists(void **state)
{
    struct fixture *f = *state;
    struct code_set *set = NULL;

    assert_int_equal(read_text(f,
                               "{\"title\": \"t\", \"classCode\": [{\"code\": \"b\", \"scheme\": \"1.2\"},"
                               " {\"code\": \"a\", \"scheme\": \"1.3\", \"display\": \"A\"}], \"typeCode\": [],"
                               " \"mimeType\": [\"text/xml\"]}",
                               &set),
                     OK);
    assert_true(code_set_has(set, CODES_CLASS, "a", "1.3"));
    assert_true(code_set_has(set, CODES_CLASS, "b", "1.2"));
    assert_false(code_set_has(set, CODES_CLASS, "a", "1.2"));
    assert_false(code_set_has(set, CODES_TYPE, "a", "1.3"));  /* an empty list takes none */
    assert_true(code_set_has(set, CODES_FORMAT, "a", "1.3")); /* no list takes all */
    assert_true(code_set_has(set, CODES_MIME_TYPE, "text/xml", NULL));
    assert_false(code_set_has(set, CODES_MIME_TYPE, "text/plain", NULL));
    assert_string_equal(code_set_examples(f->arena, set, CODES_CLASS), "a^^1.3, b^^1.2");
    assert_true(code_set_has(NULL, CODES_CLASS, "a", "1.2"));
}

static void test_nist_xml_gives_lists(void **state UNUSED)
{
    struct fixture *f = *state;
    struct code_set *set = NULL;

    assert_int_equal(code_file_read(f->arena, "tests/fixtures/codes.xml", &set), OK);
    assert_true(code_set_has(set, CODES_CLASS, "57133-1", "2.16.840.1.113883.6.1"));
    assert_false(code_set_has(set, CODES_CLASS, "57133-1", "1.2.3"));
    assert_false(code_set_has(set, CODES_FOLDER, "57133-1", "2.16.840.1.113883.6.1"));
    assert_false(code_set_has(set, CODES_MIME_TYPE, "text/plain", NULL));
    assert_true(code_set_has(set, CODES_EVENT, "x", "y"));
}

static void test_the_survey_s_codes_are_whole(void **state)
{
    struct fixture *f = *state;
    struct code_set *set = NULL;

    assert_int_equal(code_file_read(f->arena, "fixtures/codes/survey.json", &set), OK);
    assert_true(code_set_has(set, CODES_TYPE, "57133-1", "2.16.840.1.113883.6.1"));
}

static void test_a_file_that_cannot_work_is_refused(void **state)
{
    static const char *const files[] = { "{",
                                         "<Codes>",
                                         "[1]x",
                                         "{\"classcode\": []}",
                                         "{\"classCode\": {}}",
                                         "{\"classCode\": [\"x\"]}",
                                         "{\"classCode\": [{\"code\": \"x\"}]}",
                                         "{\"mimeType\": [{\"code\": \"x\"}]}" };
    struct fixture *f = *state;
    struct code_set *set;

    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        assert_int_equal(read_text(f, files[i], &set), E_CONFIG);
    assert_int_equal(code_file_read(f->arena, "/nowhere/codes.json", &set), E_CONFIG);
}

static struct world *world_with(struct fixture *f, const char *fixtures, const char *codes, const char *checks)
{
    struct config *c = config_default(f->arena);
    struct world *w = NULL;

    assert_int_equal(config_set(c, CONFIG_FIXTURES, fixtures), OK);
    assert_int_equal(config_set(c, CONFIG_COMMUNITIES, "0035"), OK);
    assert_int_equal(config_set(c, CONFIG_CODES, codes), OK);
    assert_int_equal(config_set(c, CONFIG_CHECKS, checks), OK);
    assert_int_equal(config_set(c, CONFIG_ASSERTIONS, "accepted"), OK);
    assert_int_equal(world_load(f->arena, c, &w), OK);
    return w;
}

static void test_flags_hold_where_a_community_is_silent(void **state)
{
    const struct community *c = &world_with(*state, "fixtures", "survey", "lenient")->communities[0];

    assert_non_null(c->codes);
    assert_int_equal(rule_weight(c->weights, RULE_DE_CLASS_CODE), RULE_WARN);
    assert_int_equal(c->xua, XUA_ACCEPTED);
    c = &world_with(*state, "fixtures", "any", "strict")->communities[0];
    assert_null(c->codes);
    assert_int_equal(rule_weight(c->weights, RULE_DE_CLASS_CODE), RULE_ERROR);
}

static void test_a_community_s_own_choice_wins(void **state)
{
    const struct community *c = &world_with(*state, "tests/fixtures/weights", "any", "strict")->communities[0];

    assert_int_equal(c->xua, XUA_OFF);
    assert_int_equal(rule_weight(c->weights, RULE_DE_CLASS_CODE), RULE_OFF);
    assert_int_equal(rule_weight(c->weights, RULE_DE_TYPE_CODE), RULE_ERROR);
    assert_int_equal(rule_weight(c->weights, RULE_DE_FORMAT_CODE), RULE_WARN);
    assert_int_equal(rule_weight(c->weights, RULE_DE_UNIQUE_ID), RULE_ERROR);
}

static enum rc choice_read(struct fixture *f, const char *members)
{
    const char *folder = arena_printf(f->arena, "%s/networks", f->folder);
    struct config *c = config_default(f->arena);
    struct world *w;

    assert_int_equal(file_mkdirs(folder, 0700), OK);
    assert_int_equal(
        file_write(arena_printf(f->arena, "%s/X.json", folder),
                   str_from(arena_printf(f->arena,
                                         "{\"key\": \"X\", \"slug\": \"x\", \"name\": \"x\", \"nameEn\": \"x\","
                                         " \"simulation\": {\"number\": 1, \"homeCommunityId\": \"urn:oid:2.999.1\","
                                         " \"patientIdDomain\": \"2.999.2\", \"facilities\": [],"
                                         " \"repositories\": [], %s}}",
                                         members)),
                   0600),
        OK);
    assert_int_equal(config_set(c, CONFIG_FIXTURES, f->folder), OK);
    return world_load(f->arena, c, &w);
}

static void test_a_choice_that_cannot_work_is_refused(void **state)
{
    assert_int_equal(choice_read(*state, "\"checks\": \"strict\", \"rules\": {\"XDS-DE-002\": \"warn\"}"), OK);
    assert_int_equal(choice_read(*state, "\"checks\": \"lax\""), E_CONFIG);
    assert_int_equal(choice_read(*state, "\"rules\": []"), E_CONFIG);
    assert_int_equal(choice_read(*state, "\"rules\": {\"XDS-DE-999\": \"off\"}"), E_CONFIG);
    assert_int_equal(choice_read(*state, "\"rules\": {\"XDS-DE-002\": \"no\"}"), E_CONFIG);
    assert_int_equal(choice_read(*state, "\"rules\": {\"XDS-DE-002\": 0}"), E_CONFIG);
    assert_int_equal(choice_read(*state, "\"rules\": {\"XDS-REQ-001\": \"warn\"}"), E_CONFIG); /* is firm */
    assert_int_equal(choice_read(*state, "\"codes\": \"nowhere\""), E_CONFIG);
    assert_int_equal(choice_read(*state, "\"assertions\": \"required\""), OK);
    assert_int_equal(choice_read(*state, "\"assertions\": \"maybe\""), E_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_json_gives_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nist_xml_gives_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_survey_s_codes_are_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_cannot_work_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flags_hold_where_a_community_is_silent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_community_s_own_choice_wins, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_choice_that_cannot_work_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
