/* core/fault: faults as written, drawn and applied; docs/faults.md. The symptoms are seen in tests/system. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "fault/fault.h"
#include "fault/nearest.h"
#include "fault/outgoing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static struct json *json_of(struct arena *a, const char *text)
{
    struct json *j;

    assert_int_equal(json_parse(a, str_from(text), &j, NULL), OK);
    return j;
}

/* ---- rows ---- */

static void test_every_row_is_whole_and_its_name_is_its_own(void **state UNUSED)
{
    for (size_t i = 0; i < fault_kind_count(); i++) {
        const struct fault_kind *kind = fault_kind_at(i);
        assert_ptr_equal(fault_kind_find(kind->name), kind);
        assert_false(text_absent(kind->en) || text_absent(kind->ja));
        assert_non_null(fault_family_name(kind->family));
        assert_non_null(kind->apply);
        assert_int_not_equal(kind->sides, 0);
        for (int p = 0; p < FAULT_PARAMETERS && kind->parameters[p].name != NULL; p++)
            assert_non_null(kind->parameters[p].otherwise);
    }
    assert_null(fault_kind_find("no-such-fault"));
}

/* ---- as written ---- */

static const struct {
    const char *text, *why;
} wrong[] = {
    { "[]", "a fault is an object" },
    { "{}", "kind: the name" },
    { "{\"kind\": \"latenzy\"}", "near it: latency" },
    { "{\"kind\": \"hang\", \"wit\": {}}", "wit: there is no such member" },
    { "{\"kind\": \"latency\", \"with\": {\"ms\": -1}}", "with.ms: a number from 0" },
    { "{\"kind\": \"latency\", \"with\": {\"ms\": \"soon\"}}", "with.ms: a number" },
    { "{\"kind\": \"latency\", \"with\": {\"spread\": \"wide\"}}", "with.spread: one of uniform|normal|exponential" },
    { "{\"kind\": \"latency\", \"with\": {\"s\": 1}}", "it has: ms, jitter, spread" },
    { "{\"kind\": \"hang\", \"with\": {\"s\": 1}}", "it has: none" },
    { "{\"kind\": \"hang\", \"match\": {\"comunity\": \"0035\"}}", "near it: community" },
    { "{\"kind\": \"hang\", \"match\": {\"community\": [1]}}", "match.community[0]: a text" },
    { "{\"kind\": \"hang\", \"match\": {\"community\": []}}", "match.community: 1 to" },
    { "{\"kind\": \"hang\", \"match\": {\"nth\": 0}}", "match.nth: a number from 1" },
    { "{\"kind\": \"hang\", \"match\": {\"probability\": 1.5}}", "match.probability: a number from 0 to 1" },
    { "{\"kind\": \"hang\", \"match\": {\"direction\": \"up\"}}", "match.direction: answer or request" },
    { "{\"kind\": \"reset\", \"match\": {\"direction\": \"request\"}}", "reset cannot be done to requests" },
};

static void test_what_is_wrong_is_named(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct fault_rule rule;

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        const char *why = NULL;
        assert_int_equal(fault_rule_read(a, json_of(a, wrong[i].text), &rule, &why), E_REFUSED);
        if (strstr(why, wrong[i].why) == NULL)
            fail_msg("%s: %s", wrong[i].text, why);
    }
    arena_free(a);
}

static void test_a_fault_is_written_as_it_was_read(void **state UNUSED)
{
    static const char text[] =
        "{\"id\":\"f1\",\"kind\":\"latency\",\"match\":{\"community\":[\"0035\",\"oshidori\"],\"prefecture\":"
        "\"鳥取県\","
        "\"peer\":[\"0026\"],\"actor\":\"registry\",\"transaction\":\"ITI-18\",\"direction\":\"request\",\"contains\":"
        "\"P1\",\"nth\":3,\"every\":2,\"times\":5,\"probability\":0.5,\"after\":1,\"for\":2},\"with\":{\"ms\":20,"
        "\"jitter\":0,\"spread\":\"normal\"}}";
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct fault_rule rule;
    struct json_writer w;
    const char *why;

    assert_int_equal(fault_rule_read(a, json_of(a, text), &rule, &why), OK);
    jw_init(&w, out, false);
    jw_object(&w, NULL);
    fault_rule_write(&w, &rule);
    jw_end_object(&w);
    assert_string_equal(buf_text(out), text);
    arena_free(a);
}

static const char *name_at(size_t i)
{
    return (const char *const[]){ "community", "contains", "nth" }[i];
}

static void test_names_near_a_mistyped_one(void **state UNUSED)
{
    struct arena *a = arena_new();

    assert_string_equal(nearest_names(a, "comunity", name_at, 3), "community");
    assert_string_equal(nearest_names(a, "nht", name_at, 3), "nth");
    assert_string_equal(nearest_names(a, "zzzzzzzz", name_at, 3), "");
    arena_free(a);
}

/* ---- drawn ---- */

static size_t draw(struct fault_set *s, struct arena *a, struct fault_occasion o)
{
    size_t count;

    fault_set_draw(s, a, &o, &count);
    return count;
}

static struct fault_set *set_of(struct arena *a, const char *match)
{
    struct fault_set *s = fault_set_new(7);
    const char *why = "";

    const char *text = arena_printf(a, "{\"faults\": [{\"id\": \"f1\", \"kind\": \"hang\", \"match\": %s}]}", match);
    assert_int_equal(fault_set_replace(s, a, json_of(a, text), &why), OK);
    return s;
}

static const struct {
    const char *match;
    struct fault_occasion strikes, spares;
} limits[] = {
    { "{\"community\": [\"0035\"]}", { .community = "0035" }, { .community = "0026" } },
    { "{\"community\": \"oshidori\"}", { .community = "0035", .slug = "oshidori" }, { .community = "0035" } },
    { "{\"prefecture\": \"鳥取県\"}", { .prefecture = "鳥取県" }, { .prefecture = "島根県" } },
    { "{\"actor\": \"registry\"}", { .actor = "registry" }, { .actor = "pixmgr" } },
    { "{\"transaction\": \"ITI-18\"}", { .transaction = "ITI-18" }, { .transaction = NULL } },
    { "{\"direction\": \"request\"}", { .side = FAULT_SOAP_REQUEST }, { .side = FAULT_SOAP_ANSWER } },
    { "{\"peer\": [\"0026\"]}", { .peer = "0026" }, { .peer = NULL } },
    { "{\"patient\": \"P1\"}", { .answered = STR("<P1/>") }, { .answered = STR("<P2/>"), .message = STR("P") } },
    { "{\"after\": 1000}", { .side = 0 }, { .actor = "registry" } },
};

static void test_a_fault_strikes_what_fits_its_limits(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        struct arena *a = arena_new();
        struct fault_set *s = set_of(a, limits[i].match);
        struct fault_occasion strikes = limits[i].strikes, spares = limits[i].spares;
        if (strikes.side == 0)
            strikes.side = FAULT_SOAP_ANSWER;
        if (spares.side == 0)
            spares.side = FAULT_SOAP_ANSWER;
        if (strstr(limits[i].match, "after") == NULL)
            assert_int_equal(draw(s, a, strikes), 1);
        assert_int_equal(draw(s, a, spares), 0);
        fault_set_free(s);
        arena_free(a);
    }
}

static const char *strikes_of(struct arena *a, const char *match)
{
    struct fault_set *s = set_of(a, match);
    const char *all = "";

    for (int i = 0; i < 8; i++)
        all = arena_printf(a, "%s%c", all,
                           draw(s, a, (struct fault_occasion){ .side = FAULT_SOAP_ANSWER }) > 0 ? 'x' : '.');
    fault_set_free(s);
    return all;
}

static void test_counting_and_chance(void **state UNUSED)
{
    struct arena *a = arena_new();

    assert_string_equal(strikes_of(a, "{\"nth\": 3}"), "..x.....");
    assert_string_equal(strikes_of(a, "{\"every\": 3}"), "..x..x..");
    assert_string_equal(strikes_of(a, "{\"every\": 2, \"times\": 2}"), ".x.x....");
    assert_string_equal(strikes_of(a, "{\"probability\": 0}"), "........");
    assert_string_equal(strikes_of(a, "{\"probability\": 0.5}"), strikes_of(a, "{\"probability\": 0.5}"));
    assert_string_not_equal(strikes_of(a, "{\"probability\": 0.5}"), "xxxxxxxx");
    assert_string_not_equal(strikes_of(a, "{\"probability\": 0.5}"), "........");
    arena_free(a);
}

static void test_counts_outlive_a_change_of_the_list(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct fault_set *s = set_of(a, "{\"nth\": 2}");
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct json_writer w;
    const char *why;

    assert_int_equal(draw(s, a, (struct fault_occasion){ .side = FAULT_SOAP_ANSWER }), 0);
    struct json *more = json_of(a, "{\"faults\": [{\"id\": \"f2\", \"kind\": \"hang\", \"match\": {\"nth\": 2}}, "
                                   "{\"id\": \"f1\", \"kind\": \"hang\", \"match\": {\"nth\": 2}}]}");
    assert_int_equal(fault_set_replace(s, a, more, &why), OK);
    assert_int_equal(draw(s, a, (struct fault_occasion){ .side = FAULT_SOAP_ANSWER }), 1);
    jw_init(&w, out, false);
    fault_set_write(s, &w);
    assert_non_null(strstr(buf_text(out), "\"matched\":2,\"injected\":1"));
    assert_int_equal(fault_set_replace(s, a, json_of(a, "{\"faults\": [{}]}"), &why), E_REFUSED);
    assert_false(fault_set_is_empty(s)); /* what was wrong changed nothing */
    assert_int_equal(fault_set_replace(s, a, json_of(a, "{\"faults\": []}"), &why), OK);
    assert_true(fault_set_is_empty(s));
    fault_set_free(s);
    arena_free(a);
}

/* ---- applied ---- */

/* Whatever leaves, of whatever kind: nothing crashes, and an arena is all it needs. */
static void test_every_kind_meets_every_text(void **state UNUSED)
{
    static const char *const texts[] = {
        "",
        "<a/>",
        "<a><b",
        "MSH",
        "MSH|^~\\&|A\r",
        "MSH|^~\\&|A|B|C|D|E||ACK|1|P|2.5\rMSA|AA|1\r",
        "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\"><env:Body/></env:Envelope>",
        "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\"><env:Header/><env:Body>"
        "<a xmlns=\"urn:hl7-org:v3\"/></env:Body></env:Envelope>"
    };

    for (size_t i = 0; i < fault_kind_count(); i++) {
        const struct fault_kind *kind = fault_kind_at(i);
        struct fault f = { .id = "f1", .kind = kind, .dice = i };
        for (int p = 0; p < FAULT_PARAMETERS; p++)
            f.values[p] = kind->parameters[p].otherwise;
        for (size_t t = 0; t < ARRAY_LEN(texts); t++) {
            struct arena *a = arena_new();
            struct outgoing o = { .arena = a, .text = str_from(texts[t]), .status = 200 };
            outgoing_apply(&o, (struct fault[]){ f, f }, 2);
            arena_free(a);
        }
    }
}

/* docs/faults.md is printed from the table: KK_ACCEPT=1 writes it anew. */
static void test_the_documentation_is_the_table(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *want = buf_new(a, BUF_MAX_DEFAULT);
    struct str got;

    fault_markdown(want);
    if (getenv("KK_ACCEPT") != NULL)
        assert_int_equal(file_write("docs/faults.md", buf_str(want), 0644), OK);
    assert_int_equal(file_read(a, "docs/faults.md", 1 << 20, &got), OK);
    assert_string_equal(got.data, buf_text(want));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_whole_and_its_name_is_its_own),
        cmocka_unit_test(test_what_is_wrong_is_named),
        cmocka_unit_test(test_a_fault_is_written_as_it_was_read),
        cmocka_unit_test(test_names_near_a_mistyped_one),
        cmocka_unit_test(test_a_fault_strikes_what_fits_its_limits),
        cmocka_unit_test(test_counting_and_chance),
        cmocka_unit_test(test_counts_outlive_a_change_of_the_list),
        cmocka_unit_test(test_every_kind_meets_every_text),
        cmocka_unit_test(test_the_documentation_is_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
