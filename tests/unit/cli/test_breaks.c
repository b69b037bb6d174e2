/* The table of breaks: what it names exists, and its edits fit the good messages of its transactions. */
#include "cli/breaks.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli/exchange.h"
#include "model/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define RULES_BROKEN 360 /* at least */

static const struct peer oshidori = { .key = "0035",
                                      .name = "おしどりネット",
                                      .home_community_id = "urn:oid:2.999.392.1.35",
                                      .patient_id_domain = "2.999.392.2.35",
                                      .repository = "2.999.392.4.35.1" };

static struct arena *arena;

static int set_up(void **state UNUSED)
{
    arena = arena_new();
    return 0;
}

static int tear_down(void **state UNUSED)
{
    arena_free(arena);
    return 0;
}

static void test_names_exist(void **state UNUSED)
{
    const struct break_row *row;

    for (size_t i = 0; (row = break_at(i)) != NULL; i++) {
        char *rest = arena_strdup(arena, row->transactions);
        assert_int_not_equal(rule_find(row->rule), RULE_NONE);
        assert_true((row->why_en == NULL) == (row->why_ja == NULL));
        for (char *id; (id = strsep(&rest, " ")) != NULL;) {
            assert_non_null(exchange_find(id));
            assert_ptr_equal(break_find(row->rule, id), row); /* no other row is of the same rule and message */
        }
    }
}

static void test_nearly_every_rule_can_be_broken(void **state UNUSED)
{
    int broken = 0;

    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
        const struct break_row *row = break_find(rule_row((enum rule)i)->id, NULL);
        broken += row != NULL && row->why_en == NULL;
    }
    assert_true(broken >= RULES_BROKEN);
}

static void test_a_transaction_finds_its_row(void **state UNUSED)
{
    assert_null(break_find("XDS-DE-017", "ITI-1"));
    assert_null(break_find("XDS-DE-017", "ITI"));
    assert_null(break_find("XDS-DE-999", NULL));
    assert_ptr_not_equal(break_find("XDS-SQ-002", "ITI-18"), break_find("XDS-SQ-002", "ITI-51"));
}

/* ---- edits and messages ---- */

static struct exchange message(const char *transaction)
{
    struct exchange x = { .arena = arena,
                          .params.arena = arena,
                          .from = &oshidori,
                          .to = &oshidori,
                          .actor = "registry",
                          .row = exchange_find(transaction) };

    x.body = buf_new(arena, BUF_MAX_DEFAULT);
    vars_add(&x.params, "patient", "R0001");
    vars_add(&x.params, "content", "text");
    vars_add(&x.params, "document", "1.2.3");
    vars_add(&x.params, "logical", "urn:uuid:00000000-0000-4000-8000-000000000009");
    vars_add(&x.params, "id", "R0001");
    vars_add(&x.params, "family", "模擬");
    vars_add(&x.params, "subsumes", "R0002");
    vars_add(&x.params, "respond-to", "http://localhost:9/");
    for (int i = 0; i < 3; i++)
        vars_add(&x.params, "entry", "urn:uuid:00000000-0000-4000-8000-000000000009");
    return x;
}

#define CX_OF(id) id "^^^&2.999.392.2.35&ISO"
#define RESULTS(of)                                                                                                    \
    { .name = of ".study", .text = "1.2.6" }, { .name = of ".series", .text = "1.2.7" },                               \
    {                                                                                                                  \
        .name = of ".image", .text = "1.2.8"                                                                           \
    }
#define VARIABLES                                                                                                      \
    { .name = "uuid", .text = "urn:uuid:1" }, { .name = "uuid2", .text = "urn:uuid:2" },                               \
        { .name = "uuid3", .text = "urn:uuid:3" }, { .name = "oid", .text = "1.2.4" },                                 \
        { .name = "oid2", .text = "1.2.5" }, { .name = "patient", .text = CX_OF("R0001") },                            \
        { .name = "other", .text = CX_OF("O") }, { .name = "another", .text = CX_OF("A") },                            \
        { .name = "third", .text = CX_OF("T") }, { .name = "many", .text = CX_OF("1") "~" CX_OF("2") },                \
        { .name = "facility", .text = "2.999.392.3.35.1" }, { .name = "home", .text = "urn:oid:2.999.392.1.35" },      \
        { .name = "elsewhere", .text = "urn:oid:2.999.392.1.26" }, RESULTS("r1"), RESULTS("r2")

/* The body of a transaction with what an amendment made of it; ground: what its messages are. */
static struct str amended(const char *transaction, struct amendment am, const struct break_param *params,
                          struct str ground)
{
    const struct xml_variable variables[] = { VARIABLES,
                                              { .name = "m1", .document = ground },
                                              { .name = "m2", .document = ground },
                                              { .name = "m3", .document = ground },
                                              { .name = "m4", .document = ground },
                                              { 0 } };
    struct exchange x = message(transaction);
    const struct break_param *first = params;
    const char *value, *why;

    for (; params != NULL && params->name != NULL; params++) {
        if (xml_expand(arena, params->value, variables, &value, &why) != OK)
            fail_msg("%s: %s", transaction, why);
        if (params != first && text_equal(params->name, params[-1].name))
            vars_add(&x.params, params->name, value);
        else
            vars_set(&x.params, params->name, value);
    }
    am.variables = variables;
    x.amendment = &am;
    assert_int_equal(x.row->encode(&x), OK);
    if (amend_body(&x) != OK)
        fail_msg("%s: %s", transaction, x.why);
    return buf_str(x.body);
}

static size_t xml_edits(const struct xml_edit *edits, size_t max)
{
    return edits[0].kind == XML_EDIT_NONE ? 0 : max;
}

static struct str good_or_broken(const struct break_row *row, const char *transaction, bool is_good, struct str ground)
{
    const struct break_ground *base = break_ground(row, transaction);
    bool is_body = row->edits[0].kind != XML_EDIT_NONE, is_segments = row->segments[0].kind != HL7V2_EDIT_NONE;

    return amended(transaction,
                   (struct amendment){
                       .body = row->edits,
                       .body_count = !is_body  ? 0
                                     : is_good ? (size_t)row->good
                                               : BREAK_EDITS,
                       .segments = row->segments,
                       .segment_count = !is_segments ? 0
                                        : is_good    ? (size_t)row->good
                                                     : BREAK_SEGMENTS,
                   },
                   base != NULL ? base->params : NULL, ground);
}

/* What is beside the body: an envelope or a package that is another. */
static bool is_beside(const struct break_row *row)
{
    static const struct amend_package as_usual;

    return row->envelope[0].kind != XML_EDIT_NONE || memcmp(&row->package, &as_usual, sizeof(as_usual)) != 0;
}

static void fits(const struct break_row *row, const char *transaction, struct str ground)
{
    const struct break_ground *base = break_ground(row, transaction);
    struct str good = good_or_broken(row, transaction, true, ground);
    struct str broken = good_or_broken(row, transaction, false, ground);

    for (size_t i = 0; base != NULL && i < GROUND_STEPS && base->steps[i].transaction != NULL; i++) {
        const struct break_step *step = &base->steps[i];
        amended(step->transaction,
                (struct amendment){ .body = step->edits, .body_count = xml_edits(step->edits, ARRAY_LEN(step->edits)) },
                NULL, ground);
    }
    bool is_same = good.len == broken.len && memcmp(good.data, broken.data, good.len) == 0;
    if (is_same && !is_beside(row))
        fail_msg("%s of %s changes nothing", row->rule, transaction);
}

static void test_edits_fit_their_messages(void **state UNUSED)
{
    const struct break_row *folder = break_find("XDS-FD-001", "ITI-42"), *row;
    struct str ground = good_or_broken(folder, "ITI-42", true, STR("<none/>"));

    for (size_t i = 0; (row = break_at(i)) != NULL; i++) {
        char *rest = arena_strdup(arena, row->transactions);
        for (char *id; row->why_en == NULL && (id = strsep(&rest, " ")) != NULL;)
            fits(row, id, ground);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names_exist, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nearly_every_rule_can_be_broken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_transaction_finds_its_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_edits_fit_their_messages, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
