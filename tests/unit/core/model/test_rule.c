/* core/model/rule: the table and how a community weighs it. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "model/rule.h"
#include "rule_examples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void test_every_row_is_whole_and_its_id_is_its_own(void **state UNUSED)
{
    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
        const struct rule_row *row = rule_row((enum rule)i);
        assert_non_null(row->id);
        assert_int_equal(rule_find(row->id), i);
        assert_false(text_absent(row->section));
        assert_false(text_absent(issue_row(row->code)->en));
        assert_false(text_absent(row->en) || text_absent(row->ja));
        assert_true(row->strict == RULE_ERROR || (row->strict == RULE_WARN && !row->is_firm));
    }
    assert_int_equal(rule_find("XDS-DE-999"), RULE_NONE);
}

static void test_lenient_relaxes_what_is_not_firm(void **state UNUSED)
{
    struct rule_weights strict, lenient;

    rule_weights_init(&strict, false);
    rule_weights_init(&lenient, true);
    assert_int_equal(rule_weight(&strict, RULE_DE_CLASS_CODE), RULE_ERROR);
    assert_int_equal(rule_weight(&lenient, RULE_DE_CLASS_CODE), RULE_WARN);
    assert_int_equal(rule_weight(&lenient, RULE_DE_UNIQUE_ID), RULE_ERROR);
    assert_int_equal(rule_weight(&strict, RULE_REQ_SLOT_IHE), RULE_WARN);
    assert_int_equal(rule_weight(NULL, RULE_DE_CLASS_CODE), RULE_ERROR);
}

static void test_a_weighing_names_a_rule_and_a_weight(void **state UNUSED)
{
    enum rule rule;
    enum rule_weight weight;

    assert_true(rule_weighing_parse("XDS-DE-002=warn", &rule, &weight));
    assert_int_equal(rule, RULE_DE_CLASS_CODE);
    assert_int_equal(weight, RULE_WARN);
    assert_true(rule_weighing_parse("XDS-REQ-002=error", &rule, &weight));
    assert_false(rule_weighing_parse("XDS-DE-002", &rule, &weight));
    assert_false(rule_weighing_parse("XDS-DE-002=", &rule, &weight));
    assert_false(rule_weighing_parse("XDS-DE-002=loud", &rule, &weight));
    assert_false(rule_weighing_parse("XDS-DE-999=off", &rule, &weight));
    assert_false(rule_weighing_parse("=off", &rule, &weight));
}

static void PRINTF_LIKE(4, 5) broken(struct arena *a, struct issue_list *list, enum rule rule, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    rule_issue_add(a, list, rule, ISSUE_XDS_REPOSITORY_METADATA_ERROR, "/a/b", fmt, ap);
    va_end(ap);
}

static void test_an_issue_names_rule_and_section(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct issue_list list = { 0 };

    broken(a, &list, RULE_DE_CLASS_CODE, "classCode is %s", "missing");
    broken(a, &list, RULE_REG_HASH, "another hash");
    assert_string_equal(list.first->text, "classCode is missing (XDS-DE-002, ITI TF-3: 4.2.3.2.3)");
    assert_string_equal(list.first->ebrs, "XDSRepositoryMetadataError"); /* the caller's word for a general defect */
    assert_string_equal(list.last->ebrs, "XDSNonIdenticalHash");         /* but a specific one stays */
    assert_int_equal(list.errors, 2);
    arena_free(a);
}

static void test_weighing_drops_relaxes_and_leaves_others_alone(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct issue_list list = { 0 };
    struct rule_weights w;

    rule_weights_init(&w, false);
    w.weight[RULE_DE_CLASS_CODE] = RULE_OFF;
    w.weight[RULE_DE_TYPE_CODE] = RULE_WARN;
    w.weight[RULE_REQ_SLOT_IHE] = RULE_ERROR;
    broken(a, &list, RULE_DE_CLASS_CODE, "off");
    broken(a, &list, RULE_DE_TYPE_CODE, "warn");
    issue_add(a, &list, ISSUE_XDS_UNKNOWN_PATIENT_ID, NULL, "no rule");
    broken(a, &list, RULE_REQ_SLOT_IHE, "error");
    assert_int_equal(list.warnings, 1);
    rule_issues_weigh(&list, &w);
    assert_int_equal(list.errors, 2);
    assert_int_equal(list.warnings, 1);
    assert_int_equal(list.first->rule, RULE_DE_TYPE_CODE);
    assert_true(list.first->is_warning);
    assert_string_equal(list.first->next->text, "no rule");
    assert_int_equal(list.last->rule, RULE_REQ_SLOT_IHE);
    assert_false(list.last->is_warning);
    issue_list_keep_errors(&list);
    assert_int_equal(list.errors, 2);
    assert_int_equal(list.warnings, 0);
    assert_string_equal(list.first->text, "no rule");
    assert_null(list.last->next);
    arena_free(a);
}

static void test_a_character_that_was_cut_in_two_goes(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct issue_list list = { 0 };

    issue_add(a, &list, ISSUE_XDS_REGISTRY_ERROR, NULL, "\"%.4s\", \"%.5s\", é", "診療", "a𠮷b");
    assert_string_equal(list.first->text, "\"診\", \"a𠮷\", é");
    arena_free(a);
}

/* docs/rules.md is printed from the table: KK_ACCEPT=1 writes it anew. */
static void test_the_documentation_is_the_table(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *want = buf_new(a, BUF_MAX_DEFAULT);
    struct str got;

    const struct rule_examples *examples = rule_examples(a);
    rule_markdown(examples->text, want);
    if (getenv("KK_ACCEPT") != NULL)
        assert_int_equal(file_write("docs/rules.md", buf_str(want), 0644), OK);
    assert_int_equal(file_read(a, "docs/rules.md", 1 << 20, &got), OK);
    assert_string_equal(got.data, buf_text(want));
    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) { /* no family is forgotten */
        assert_non_null(strstr(got.data, arena_printf(a, "\n| %s |", rule_row((enum rule)i)->id)));
        assert_non_null(examples->text[i]); /* and every rule shows how its refusal reads */
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_whole_and_its_id_is_its_own),
        cmocka_unit_test(test_lenient_relaxes_what_is_not_firm),
        cmocka_unit_test(test_a_weighing_names_a_rule_and_a_weight),
        cmocka_unit_test(test_an_issue_names_rule_and_section),
        cmocka_unit_test(test_weighing_drops_relaxes_and_leaves_others_alone),
        cmocka_unit_test(test_a_character_that_was_cut_in_two_goes),
        cmocka_unit_test(test_the_documentation_is_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
