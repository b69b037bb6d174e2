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

#define RULES_BROKEN 183 /* at least: of XDS all but one */

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
        assert_true((row->why_en == NULL) == (row->edits[0].kind != XML_EDIT_NONE));
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
    struct exchange x = { .arena = arena, .params.arena = arena, .to = &oshidori, .row = exchange_find(transaction) };

    x.body = buf_new(arena, BUF_MAX_DEFAULT);
    vars_add(&x.params, "patient", "R0001");
    vars_add(&x.params, "content", "text");
    vars_add(&x.params, "document", "1.2.3");
    vars_add(&x.params, "logical", "urn:uuid:00000000-0000-4000-8000-000000000009");
    vars_add(&x.params, "id", "R0001");
    vars_add(&x.params, "family", "模擬");
    for (int i = 0; i < 3; i++)
        vars_add(&x.params, "entry", "urn:uuid:00000000-0000-4000-8000-000000000009");
    return x;
}

#define VARIABLES                                                                                                      \
    { .name = "uuid", .text = "urn:uuid:1" }, { .name = "uuid2", .text = "urn:uuid:2" },                               \
        { .name = "uuid3", .text = "urn:uuid:3" }, { .name = "oid", .text = "1.2.4" },                                 \
        { .name = "oid2", .text = "1.2.5" }, { .name = "patient", .text = "R0001^^^&2.999.392.2.35&ISO" },             \
    {                                                                                                                  \
        .name = "other", .text = "O^^^&2.999.392.2.35&ISO"                                                             \
    }

/* A document with what edits made of it: the ground's messages are such. */
static struct str edited(const char *transaction, const struct xml_edit *edits, size_t n, struct str ground)
{
    const struct xml_variable variables[] = { VARIABLES,
                                              { .name = "m1", .document = ground },
                                              { .name = "m2", .document = ground },
                                              { .name = "m3", .document = ground },
                                              { 0 } };
    struct exchange x = message(transaction);
    const char *why;
    struct str out;

    assert_int_equal(x.row->encode(&x), OK);
    if (xml_edit(arena, buf_str(x.body), variables, edits, n, &out, &why) != OK)
        fail_msg("%s: %s", transaction, why);
    return out;
}

static void fits(const struct break_row *row, const char *transaction, struct str ground)
{
    struct str good = edited(transaction, row->edits, (size_t)row->good, ground);
    struct str broken = edited(transaction, row->edits, BREAK_EDITS, ground);

    for (size_t i = 0; row->ground != NULL && i < GROUND_STEPS && row->ground->steps[i].transaction != NULL; i++) {
        const struct break_step *step = &row->ground->steps[i];
        if (!exchange_find(step->transaction)->is_hl7v2)
            edited(step->transaction, step->edits, ARRAY_LEN(step->edits), ground);
    }
    if (good.len == broken.len && memcmp(good.data, broken.data, good.len) == 0)
        fail_msg("%s of %s changes nothing", row->rule, transaction);
}

static void test_edits_fit_their_messages(void **state UNUSED)
{
    const struct break_row *folder = break_find("XDS-FD-001", "ITI-42"), *row;
    struct str ground = edited("ITI-42", folder->edits, (size_t)folder->good, STR("<none/>"));

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
