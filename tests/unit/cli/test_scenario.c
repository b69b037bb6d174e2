/* Scenarios: what a file must have, what the shipped ones refer to, what the verbs do, how a run is told. */
#include "cli/exchange.h"
#include "cli/run_number.h"
#include "cli/scenario.h"

#include "cli_test.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "wire/ns.h"
#include "wire/xml.h"
#include "world/linkage.h"
#include "world/world.h"

#include <string.h>

static struct scenario parsed(struct arena *a, const char *text)
{
    struct scenario s;

    assert_int_equal(scenario_parse(a, "test.json", str_from(text), &s), OK);
    return s;
}

static void test_scenario_has_name_titles_and_steps(void **state)
{
    struct scenario s;

    assert_int_equal(scenario_parse(*state, "x", STR("{\"name\": \"a\", \"en\": \"t\", \"steps\": []}"), &s), E_CONFIG);
    assert_int_equal(scenario_parse(*state, "x", STR("{"), &s), E_CONFIG);
    s = parsed(*state, "{\"name\": \"a\", \"en\": \"t\", \"ja\": \"題\", \"steps\": []}");
    assert_string_equal(s.ja, "題");
}

static void test_step_needs_a_verb(void **state)
{
    struct scenario s;
    struct str text = STR("{\"name\": \"a\", \"en\": \"t\", \"ja\": \"t\", \"steps\": [{\"sing\": \"ITI-18\"}]}");

    assert_int_equal(scenario_parse(*state, "x", text, &s), E_CONFIG);
}

/* ---- what is shipped ---- */

static struct config *config_here(struct arena *a)
{
    struct config *c = config_default(a);

    assert_int_equal(config_set(c, CONFIG_FIXTURES, "fixtures"), OK);
    return c;
}

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = words; at != NULL && (at = strstr(at, word)) != NULL; at += n) {
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    }
    return false;
}

static void assert_params_known(const struct exchange_row *row, const struct json *params)
{
    for (const struct json *m = params ? params->first : NULL; m != NULL; m = m->next) {
        if (!has_word(row->needs, m->key) && !has_word(row->takes, m->key))
            fail_msg("%s takes no %s", row->id, m->key);
    }
}

static void assert_column_known(const struct exchange_row *row, const char *column)
{
    for (size_t i = 0; i < EXCHANGE_COLUMNS; i++) {
        if (text_equal(row->columns[i], column))
            return;
    }
    fail_msg("%s answers no %s", row->id, column ? column : "(none)");
}

static void assert_step_sound(const struct scenario *s, const struct json *step)
{
    const struct exchange_row *row = exchange_find(json_text(step, "send"));
    const struct json *where = json_get(step, "where"), *keep = json_get(step, "keep");

    if (json_get(step, "send") == NULL)
        return;
    assert_non_null(row);
    assert_params_known(row, json_get(step, "with"));
    if (json_text(step, "using") != NULL)
        assert_non_null(json_get(json_get(s->root, "groups"), json_text(step, "using")));
    for (const struct json *m = where ? where->first : NULL; m != NULL; m = m->next)
        assert_column_known(row, m->key);
    for (const struct json *m = keep ? keep->first : NULL; m != NULL; m = m->next)
        assert_column_known(row, m->text);
    assert_non_null(json_text(step, "en"));
    assert_non_null(json_text(step, "ja"));
}

static void test_shipped_scenarios_refer_to_what_there_is(void **state)
{
    struct config *c = config_here(*state);
    char **names;
    size_t count;

    assert_int_equal(scenario_names(*state, c, &names, &count), OK);
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++) {
        struct scenario s;
        assert_int_equal(scenario_load(*state, c, names[i], &s), OK);
        assert_string_equal(s.name, names[i]);
        for (const struct json *step = s.steps->first; step != NULL; step = step->next)
            assert_step_sound(&s, step);
    }
}

static bool is_played_linkage(const struct linkage *all, const struct scenario *s)
{
    for (const struct linkage *l = all; l != NULL; l = l->next) {
        for (const struct linkage_party *p = text_equal(l->code, s->linkage) ? l->parties : NULL; p; p = p->next) {
            for (const struct json *c = s->communities->first; c != NULL; c = c->next) {
                if (text_equal(p->community, c->text))
                    return true;
            }
        }
    }
    return false;
}

static void test_shipped_scenarios_are_played_by_parties_of_their_linkage(void **state)
{
    struct config *c = config_here(*state);
    struct linkage *linkages;
    struct world *w;
    char **names;
    size_t count;

    assert_int_equal(world_load(*state, c, &w), OK);
    assert_int_equal(linkages_read(*state, "fixtures", &linkages), OK);
    assert_int_equal(scenario_names(*state, c, &names, &count), OK);
    for (size_t i = 0; i < count; i++) {
        struct scenario s;
        assert_int_equal(scenario_load(*state, c, names[i], &s), OK);
        for (const struct json *m = s.communities->first; m != NULL; m = m->next)
            assert_non_null(world_find(w, m->text));
        for (const struct json *m = s.overrides ? s.overrides->first : NULL; m != NULL; m = m->next)
            assert_non_null(json_text(json_get(s.root, "variables"), m->key));
        assert_true(is_played_linkage(linkages, &s));
    }
}

/* Two that were named alike would be found as one person by whoever asks everywhere. */
static void test_the_patients_of_shipped_scenarios_have_different_names(void **state)
{
    struct config *c = config_here(*state);
    const char *all = " ";
    char **names;
    size_t count;

    assert_int_equal(scenario_names(*state, c, &names, &count), OK);
    for (size_t i = 0; i < count; i++) {
        struct scenario s;
        assert_int_equal(scenario_load(*state, c, names[i], &s), OK);
        const char *own = json_text(s.overrides, "patient.given-kana");
        const char *given = own ? own : json_text(json_get(s.root, "variables"), "patient.given-kana");
        assert_null(strstr(all, arena_printf(*state, " %s ", given)));
        all = arena_printf(*state, "%s%s ", all, given);
    }
}

static void test_a_scenario_like_another_plays_its_steps_with_its_own_communities(void **state)
{
    struct scenario s, base;

    assert_int_equal(scenario_load(*state, config_here(*state), "hm-kuwai", &s), OK);
    assert_int_equal(scenario_load(*state, config_here(*state), "oshidori-mame", &base), OK);
    assert_int_equal(s.steps->count, base.steps->count);
    assert_string_equal(scenario_player(&s, "0035"), "0248");
    assert_string_equal(scenario_player(&s, "0026"), "0266");
    assert_string_equal(scenario_player(&s, "backbone"), "backbone");
    assert_string_equal(scenario_player(&base, "0035"), "0035");
}

static void test_unknown_scenario_is_not_found(void **state)
{
    struct scenario s;

    assert_int_equal(scenario_load(*state, config_here(*state), "nobody", &s), E_NOT_FOUND);
    assert_int_equal(scenario_load(*state, config_here(*state), "../networks/0035", &s), E_NOT_FOUND);
}

/* ---- runs, against a backbone nobody speaks to ---- */

static const char endpoints[] =
    "{\"communities\": {\"0035\": {\"name\": \"おしどりネット\", \"slug\": \"oshidori\", "
    "\"homeCommunityId\": \"urn:oid:2.999.392.1.35\", \"patientIdDomain\": \"2.999.392.2.35\", "
    "\"repositories\": [\"2.999.392.4.35.1\"], \"endpoints\": {}, \"plain\": {}}}}";

static struct config *config_with_backbone(struct arena *a)
{
    struct config *c = config_here(a);
    const char *data = folder_new(a);

    assert_int_equal(config_set(c, CONFIG_DATA, data), OK);
    assert_int_equal(file_write(arena_printf(a, "%s/endpoints.json", data), str_from(endpoints), 0644), OK);
    return c;
}

#define VARIABLES                                                                                                      \
    "\"variables\": {\"document.id\": \"{{run.oid}}\", \"document.time\": \"{{run.time}}\", "                          \
    "\"facility.oid\": \"2.999.1\", \"facility.name\": \"<病院>\", \"region.oid\": \"{{0035.domain}}\", "            \
    "\"patient.facility-id\": \"F{{run}}\", \"patient.region-id\": \"R{{run}}\", \"patient.family\": \"模擬\", "     \
    "\"patient.given\": \"花子\", \"patient.family-kana\": \"モギ\", \"patient.given-kana\": \"ハナコ\", "      \
    "\"patient.gender\": \"F\", \"patient.birth\": \"{{run.birth}}\", \"author.id\": \"D1\", "                         \
    "\"author.family\": \"模擬\", \"author.given\": \"医師\", \"recipient.name\": \"{{0035.name}}\"}, "

static struct scenario_run run_of(struct arena *a, struct config *c, const char *steps, struct scenario *s)
{
    *s = parsed(a, arena_printf(a,
                                "{\"name\": \"t\", \"en\": \"t\", \"ja\": \"t\", \"communities\": [\"0035\"], %s"
                                "\"steps\": [%s]}",
                                VARIABLES, steps));
    return (struct scenario_run){ .arena = a, .config = c, .scenario = s };
}

static void test_document_is_filled_and_well_formed(void **state)
{
    struct scenario s;
    struct xml_node *root;
    struct xml_error error = { 0 };
    struct scenario_run run = run_of(*state, config_with_backbone(*state),
                                     "{\"fill\": \"referral-cda.xml\", \"into\": \"doc\"}, "
                                     "{\"identical\": [\"{{doc.sha1}}\", \"{{doc.sha1}}\"]}",
                                     &s);

    assert_int_equal(scenario_run(&run), OK);
    assert_true(run.ok);
    assert_string_equal(run.sha1, vars_get(&run.vars, "doc.sha1"));
    const char *document = vars_get(&run.vars, "doc");
    assert_int_equal(xml_parse(*state, str_from(document), NULL, &root, &error), OK);
    assert_true(xml_is(root, NS_HL7, "ClinicalDocument"));
    assert_non_null(strstr(document, "模擬データ"));
    assert_non_null(strstr(document, "&lt;病院&gt;"));
    assert_non_null(strstr(document, "R0001"));
}

static void test_each_run_has_ids_of_its_own(void **state)
{
    struct config *c = config_with_backbone(*state);
    struct scenario s;
    struct scenario_run first = run_of(*state, c, "", &s), second = first;

    assert_int_equal(scenario_run(&first), OK);
    assert_int_equal(scenario_run(&second), OK);
    assert_string_equal(vars_get(&first.vars, "patient.region-id"), "R0001");
    assert_string_equal(vars_get(&second.vars, "patient.region-id"), "R0002");
    assert_string_equal(vars_get(&first.vars, "patient.birth"), "19500102");
    assert_string_equal(vars_get(&second.vars, "patient.birth"), "19500103");
    assert_string_not_equal(vars_get(&first.vars, "document.id"), vars_get(&second.vars, "document.id"));
}

static void test_seed_and_clock_pin_a_run(void **state)
{
    const char *ids[2];

    for (int i = 0; i < 2; i++) {
        struct config *c = config_with_backbone(*state);
        struct scenario s;
        assert_int_equal(config_set(c, CONFIG_SEED, "7"), OK);
        assert_int_equal(config_set(c, CONFIG_CLOCK, "2026-04-01T09:00:00Z"), OK);
        struct scenario_run run = run_of(*state, c, "", &s);
        assert_int_equal(scenario_run(&run), OK);
        ids[i] = vars_get(&run.vars, "document.id");
        assert_string_equal(vars_get(&run.vars, "document.time"), "20260401090000");
    }
    assert_string_equal(ids[0], ids[1]);
}

static void test_different_documents_end_the_run(void **state)
{
    struct scenario s;
    struct scenario_run run = run_of(*state, config_with_backbone(*state),
                                     "{\"identical\": [\"a\", \"b\"]}, {\"identical\": [\"c\", \"c\"]}", &s);

    assert_int_equal(scenario_run(&run), E_REFUSED);
    assert_false(run.ok);
    assert_null(run.sha1);
    assert_false(run.outcomes->ok);
    assert_null(run.outcomes->next);
}

static void test_step_to_a_missing_actor_fails_and_says_so(void **state)
{
    struct scenario s;
    struct scenario_run run = run_of(*state, config_with_backbone(*state),
                                     "{\"send\": \"ITI-45\", \"from\": \"0035\", \"to\": \"0035\", "
                                     "\"with\": {\"patient\": \"R1\"}, \"en\": \"\", \"ja\": \"\"}",
                                     &s);

    assert_int_equal(scenario_run(&run), E_REFUSED);
    assert_non_null(strstr(run.outcomes->why, "0035 has no pix-manager"));
}

static void test_consent_is_an_act_of_somebody(void **state)
{
    static const char *const wrong[] = {
        "{\"consent\": \"forget\", \"of\": \"0035\", \"patient\": \"R1\", \"en\": \"\", \"ja\": \"\"}",
        "{\"consent\": \"give\", \"of\": \"0035\", \"en\": \"\", \"ja\": \"\"}",
    };

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct scenario s;
        struct scenario_run run = run_of(*state, config_with_backbone(*state), wrong[i], &s);
        assert_int_equal(scenario_run(&run), E_REFUSED);
        assert_non_null(strstr(run.outcomes->why, "is give, withdraw or add"));
    }
}

static void test_community_that_does_not_live_here_stops_the_run(void **state)
{
    struct config *c = config_with_backbone(*state);
    struct scenario s = parsed(*state, "{\"name\": \"t\", \"en\": \"t\", \"ja\": \"t\", \"communities\": [\"0026\"], "
                                       "\"steps\": []}");
    struct scenario_run run = { .arena = *state, .config = c, .scenario = &s };

    assert_int_equal(scenario_run(&run), E_CONFIG);
}

static void test_reports_carry_every_outcome(void **state)
{
    struct scenario s;
    struct xml_node *suite;
    struct json *report;
    struct buf *out = buf_new(*state, BUF_MAX_DEFAULT);
    struct scenario_run run = run_of(*state, config_with_backbone(*state), "{\"identical\": [\"a\", \"<b>\"]}", &s);

    assert_int_equal(scenario_run(&run), E_REFUSED);
    scenario_junit(&run, out);
    assert_int_equal(xml_parse(*state, buf_str(out), NULL, &suite, NULL), OK);
    assert_string_equal(xml_attr(suite, "tests"), "1");
    assert_string_equal(xml_attr(suite, "failures"), "1");
    assert_non_null(strstr(xml_attr(xml_at(suite, NULL, "testcase", "failure", NULL), "message"), "<b>"));

    buf_reset(out);
    scenario_json(&run, out);
    assert_int_equal(json_parse(*state, buf_str(out), &report, NULL), OK);
    assert_false(json_bool(report, "ok", true));
    assert_string_equal(json_text(json_get(report, "steps")->first, "verb"), "identical");
    assert_string_equal(json_text(json_get(report, "variables"), "patient.region-id"), "R0001");
}

static void test_run_numbers_count_per_name(void **state)
{
    const char *data = folder_new(*state);
    long n;

    assert_int_equal(run_number_next(*state, data, "a", &n), OK);
    assert_int_equal(n, 1);
    assert_int_equal(run_number_next(*state, data, "a", &n), OK);
    assert_int_equal(n, 2);
    assert_int_equal(run_number_next(*state, data, "b", &n), OK);
    assert_int_equal(n, 1);
}

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_scenario_has_name_titles_and_steps),
        TEST(test_step_needs_a_verb),
        TEST(test_shipped_scenarios_refer_to_what_there_is),
        TEST(test_shipped_scenarios_are_played_by_parties_of_their_linkage),
        TEST(test_the_patients_of_shipped_scenarios_have_different_names),
        TEST(test_a_scenario_like_another_plays_its_steps_with_its_own_communities),
        TEST(test_unknown_scenario_is_not_found),
        TEST(test_document_is_filled_and_well_formed),
        TEST(test_each_run_has_ids_of_its_own),
        TEST(test_seed_and_clock_pin_a_run),
        TEST(test_different_documents_end_the_run),
        TEST(test_step_to_a_missing_actor_fails_and_says_so),
        TEST(test_consent_is_an_act_of_somebody),
        TEST(test_community_that_does_not_live_here_stops_the_run),
        TEST(test_reports_carry_every_outcome),
        TEST(test_run_numbers_count_per_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
