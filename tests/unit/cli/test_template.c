/* Names in double braces become values; in XML, values are escaped. */
#include "cli/template.h"
#include "cli/vars.h"

#include "base/arena.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct vars vars;

static int set_up(void **state)
{
    struct arena *a = arena_new();

    vars = (struct vars){ .arena = a };
    vars_set(&vars, "patient.family", "髙橋");
    vars_set(&vars, "sign", "<\"&'>");
    vars_set(&vars, "empty", "");
    *state = a;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *filled(struct arena *a, const char *text, enum template_kind kind)
{
    struct buf *out = buf_new(a, 4096);
    const char *missing = NULL;

    assert_int_equal(template_fill(str_from(text), &vars, kind, out, &missing), OK);
    assert_null(missing);
    return buf_text(out);
}

static void test_names_become_values(void **state)
{
    assert_string_equal(filled(*state, "a {{patient.family}} b{{ patient.family }}{{empty}}", TEMPLATE_TEXT),
                        "a 髙橋 b髙橋");
    assert_string_equal(filled(*state, "no { name } }} here", TEMPLATE_TEXT), "no { name } }} here");
    assert_string_equal(filled(*state, "", TEMPLATE_TEXT), "");
}

static void test_values_are_escaped_in_xml_only(void **state)
{
    assert_string_equal(filled(*state, "<a b=\"{{sign}}\"/>", TEMPLATE_XML), "<a b=\"&lt;&#34;&amp;'&gt;\"/>");
    assert_string_equal(filled(*state, "{{sign}}", TEMPLATE_TEXT), "<\"&'>");
}

static void test_values_are_not_filled_again(void **state)
{
    vars_set(&vars, "tricky", "{{sign}}");
    assert_string_equal(filled(*state, "{{tricky}}", TEMPLATE_TEXT), "{{sign}}");
}

static void test_missing_name_is_told(void **state)
{
    struct buf *out = buf_new(*state, 4096);
    const char *missing = NULL;

    assert_int_equal(template_fill(STR("{{empty}}{{nobody}}"), &vars, TEMPLATE_TEXT, out, &missing), E_NOT_FOUND);
    assert_string_equal(missing, "nobody");
}

static void test_open_braces_are_a_syntax_error(void **state)
{
    struct buf *out = buf_new(*state, 4096);
    const char *missing = NULL;

    assert_int_equal(template_fill(STR("a {{sign"), &vars, TEMPLATE_TEXT, out, &missing), E_SYNTAX);
}

static void test_a_name_may_have_several_values(void **state)
{
    (void)state;
    vars_add(&vars, "id", "1");
    vars_add(&vars, "other", "x");
    vars_add(&vars, "id", "2");
    const struct var *v = vars_first(&vars, "id");
    assert_string_equal(v->value, "1");
    assert_string_equal(vars_next(v)->value, "2");
    assert_null(vars_next(vars_next(v)));

    vars_set(&vars, "id", "3");
    assert_string_equal(vars_get(&vars, "id"), "3");
    assert_null(vars_next(vars_first(&vars, "id")));
    assert_null(vars_get(&vars, "nobody"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_names_become_values),
        TEST(test_values_are_escaped_in_xml_only),
        TEST(test_values_are_not_filled_again),
        TEST(test_missing_name_is_told),
        TEST(test_open_braces_are_a_syntax_error),
        TEST(test_a_name_may_have_several_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
