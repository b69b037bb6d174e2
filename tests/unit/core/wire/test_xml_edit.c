/* Edits of XML text: what each kind does, where values come from, and what is told when they do not fit. */
#include "wire/xml_edit.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define RIM  "xmlns:rim=\"urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0\""
#define LIST "<rim:List " RIM "><rim:A id=\"1\">x</rim:A><rim:B/><rim:A id=\"2\"/></rim:List>"

static struct arena *arena;
static const char *why;

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

static enum rc edit(const struct xml_edit *edits, size_t n, const struct xml_variable *variables, struct str *out)
{
    return xml_edit(arena, STR(LIST), variables, edits, n, out, &why);
}

/* The list after one edit, without what surrounds its elements. */
static const char *edited(enum xml_edit_kind kind, const char *place, const char *value)
{
    struct str out;

    assert_int_equal(edit(&(struct xml_edit){ kind, place, value }, 1, NULL, &out), OK);
    const char *inner = strchr(out.data, '>') + 1;
    return arena_strndup(arena, inner, strlen(inner) - strlen("</rim:List>"));
}

static void test_every_kind(void **state UNUSED)
{
    static const struct {
        enum xml_edit_kind kind;
        const char *place, *value, *result;
    } cases[] = {
        { XML_REMOVE, "//rim:A[1]", NULL, "<rim:B/><rim:A id=\"2\"/>" },
        { XML_REMOVE, "//@id", NULL, "<rim:A>x</rim:A><rim:B/><rim:A/>" },
        { XML_SET, "//rim:B", "a & b", "<rim:A id=\"1\">x</rim:A><rim:B>a &amp; b</rim:B><rim:A id=\"2\"/>" },
        { XML_SET, "//@id", "<3>", "<rim:A id=\"&lt;3&gt;\">x</rim:A><rim:B/><rim:A id=\"&lt;3&gt;\"/>" },
        { XML_SET, "//rim:B/@name", "new", "<rim:A id=\"1\">x</rim:A><rim:B name=\"new\"/><rim:A id=\"2\"/>" },
        { XML_RENAME, "//rim:B", "C", "<rim:A id=\"1\">x</rim:A><rim:C/><rim:A id=\"2\"/>" },
        { XML_APPEND, "//rim:A[1]", "<rim:C/><rim:D/>",
          "<rim:A id=\"1\">x<rim:C/><rim:D/></rim:A><rim:B/><rim:A id=\"2\"/>" },
        { XML_PREPEND, "//rim:A[1]", "<rim:C/><rim:D/>",
          "<rim:A id=\"1\"><rim:C/><rim:D/>x</rim:A><rim:B/><rim:A id=\"2\"/>" },
        { XML_BEFORE, "//rim:B", "<rim:C/><rim:D/>",
          "<rim:A id=\"1\">x</rim:A><rim:C/><rim:D/><rim:B/><rim:A id=\"2\"/>" },
        { XML_AFTER, "//rim:B", "<rim:C/><rim:D/>",
          "<rim:A id=\"1\">x</rim:A><rim:B/><rim:C/><rim:D/><rim:A id=\"2\"/>" },
        { XML_TWICE, "//rim:B", NULL, "<rim:A id=\"1\">x</rim:A><rim:B/><rim:B " RIM "/><rim:A id=\"2\"/>" },
        { XML_LAST, "//rim:A[1]|//rim:B", NULL, "<rim:A id=\"2\"/><rim:A id=\"1\">x</rim:A><rim:B/>" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(edited(cases[i].kind, cases[i].place, cases[i].value), cases[i].result);
}

static void test_values_come_from_the_message_and_from_variables(void **state UNUSED)
{
    const struct xml_variable variables[] = {
        { .name = "word", .text = "<w>" },
        { .name = "other", .document = STR("<rim:Other " RIM " id=\"9\"><rim:In>deep</rim:In></rim:Other>") },
        { 0 },
    };
    const struct xml_edit edits[] = {
        { XML_SET, "//rim:A[1]/@id", "{//rim:A[2]/@id}-{$other/@id}" },
        { XML_APPEND, "//rim:B", "<rim:C name=\"{$word}\">{$other/rim:In}</rim:C>" },
    };
    struct str out;

    assert_int_equal(edit(edits, 2, variables, &out), OK);
    assert_non_null(strstr(out.data, "<rim:A id=\"2-9\">"));
    assert_non_null(strstr(out.data, "<rim:C name=\"&lt;w&gt;\">deep</rim:C>"));
}

static void test_a_list_ends_where_it_says(void **state UNUSED)
{
    const struct xml_edit edits[] = { { XML_REMOVE, "//rim:B", NULL }, { 0 }, { XML_REMOVE, "//rim:A", NULL } };
    struct str out;

    assert_int_equal(edit(edits, 3, NULL, &out), OK);
    assert_null(strstr(out.data, "<rim:B"));
    assert_non_null(strstr(out.data, "<rim:A"));
}

static void test_what_does_not_fit_is_told(void **state UNUSED)
{
    static const struct {
        struct xml_edit edit;
        enum rc rc;
        const char *why;
    } cases[] = {
        { { XML_REMOVE, "//rim:Z", NULL }, E_NOT_FOUND, "//rim:Z" },
        { { XML_SET, "//rim:Z/@id", "1" }, E_NOT_FOUND, "//rim:Z/@id" },
        { { XML_REMOVE, "//rim:A[", NULL }, E_SYNTAX, "no XPath" },
        { { XML_SET, "//rim:B", "{$nobody}" }, E_SYNTAX, "$nobody" },
        { { XML_SET, "//rim:B", "{//rim:A" }, E_SYNTAX, "a { without }" },
        { { XML_APPEND, "//rim:B", "<rim:C>" }, E_SYNTAX, "no fragment" },
    };
    struct str out;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(edit(&cases[i].edit, 1, NULL, &out), cases[i].rc);
        assert_non_null(strstr(why, cases[i].why));
    }
    assert_int_equal(xml_edit(arena, STR("<a>"), NULL, NULL, 0, &out, &why), E_SYNTAX);
}

static void test_a_text_is_expanded_by_itself(void **state UNUSED)
{
    const struct xml_variable variables[] = { { .name = "m", .document = STR("<a id=\"7\"/>") }, { 0 } };
    const char *out;

    assert_int_equal(xml_expand(arena, "id {$m/@id}.", variables, &out, &why), OK);
    assert_string_equal(out, "id 7.");
    assert_int_equal(xml_expand(arena, "{$n}", variables, &out, &why), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_values_come_from_the_message_and_from_variables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_list_ends_where_it_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_does_not_fit_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_text_is_expanded_by_itself, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
