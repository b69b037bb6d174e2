#include "arena_state.h"
#include "wire/ns.h"
#include "wire/xml.h"

#include <threads.h>

static struct xml_node *parse_bytes(void *arena, struct str bytes)
{
    struct xml_node *root = NULL;
    struct xml_error error = { 0 };

    if (xml_parse(arena, bytes, NULL, &root, &error) != OK)
        fail_msg("%s", error.text);
    return root;
}

static struct xml_node *parse(void *arena, const char *xml)
{
    return parse_bytes(arena, str_from(xml));
}

static struct xml_error parse_fails(void *arena, const char *xml)
{
    struct xml_node *root = NULL;
    struct xml_error error = { 0 };

    assert_int_equal(xml_parse(arena, str_from(xml), NULL, &root, &error), E_SYNTAX);
    assert_null(root);
    return error;
}

static void test_elements_attributes_and_text_become_nodes(void **state)
{
    struct xml_node *a = parse(
        *state, "<?xml version='1.0' encoding='UTF-8'?>\n<!-- c --><a x='1' y=\"二\"><b>た</b>\n<c/></a>");

    assert_string_equal(a->name, "a");
    assert_null(a->ns);
    assert_null(a->parent);
    assert_int_equal(a->line, 2);
    assert_string_equal(a->attrs->name, "x");
    assert_string_equal(a->attrs->value, "1");
    assert_null(a->attrs->ns);
    assert_string_equal(a->attrs->next->value, "二");
    assert_string_equal(a->first->name, "b");
    assert_string_equal(a->first->first->text, "た");
    assert_null(a->first->first->name);
    assert_ptr_equal(a->first->parent, a);
    assert_ptr_equal(a->first->next, a->last);
    assert_int_equal(a->last->line, 3);
    assert_null(a->last->next);
}

static void test_known_namespaces_are_interned_whatever_the_prefix(void **state)
{
    struct xml_node *root = parse(*state, "<q:x xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'>"
                                          "<y xmlns='urn:hl7-org:v3' q:z='' xml:lang='ja'/></q:x>");

    assert_ptr_equal(root->ns, NS_RIM);
    assert_ptr_equal(root->first->ns, NS_HL7);
    assert_ptr_equal(root->first->attrs->ns, NS_RIM);
    assert_ptr_equal(root->first->attrs->next->ns, NS_XML);
}

static void test_unknown_namespaces_are_kept(void **state)
{
    struct xml_node *root = parse(*state, "<q:x xmlns:q='urn:q'><r:y xmlns:r='urn:q'/></q:x>");

    assert_string_equal(root->ns, "urn:q");
    assert_ptr_equal(root->ns, root->first->ns);
}

static void test_white_space_beside_elements_is_not_kept(void **state)
{
    struct xml_node *root = parse(*state, "<a>\n  <b/>\r\n\t<c/>\n</a>");

    assert_string_equal(root->first->name, "b");
    assert_string_equal(root->first->next->name, "c");
    assert_null(root->first->next->next);
}

static void test_white_space_alone_in_an_element_is_kept(void **state)
{
    assert_string_equal(parse(*state, "<a> <!-- c --> </a>")->first->text, "  ");
}

static void test_mixed_text_is_kept(void **state)
{
    struct xml_node *root = parse(*state, "<a> one <b>two</b> three </a>");

    assert_string_equal(root->first->text, " one ");
    assert_string_equal(root->first->next->first->text, "two");
    assert_string_equal(root->last->text, " three ");
}

static void test_references_and_cdata_join_their_text(void **state)
{
    struct xml_node *root = parse(*state,
                                  "<a>x &lt;&amp;&gt;&quot;&apos; &#x6F22;<!-- c --><![CDATA[<&>]]><?p i?>.</a>");

    assert_string_equal(root->first->text, "x <&>\"' 漢<&>.");
    assert_null(root->first->next);
}

static void test_references_in_attributes_are_resolved(void **state)
{
    struct xml_node *root = parse(*state, "<a b='1 &amp; 2 &#38; &lt;&#10;3&#x9;4\n5'/>");

    assert_string_equal(xml_attr(root, "b"), "1 & 2 & <\n3\t4 5");
}

static void test_utf16_with_a_byte_order_mark_is_understood(void **state)
{
    static const struct str documents[] = {
        STR("\xFF\xFE<\0a\0>\0\x22\x6F<\0/\0a\0>\0"),
        STR("\xFE\xFF\0<\0a\0>\x6F\x22\0<\0/\0a\0>"),
        STR("\0<\0a\0>\x6F\x22\0<\0/\0a\0>"),
    };

    for (size_t i = 0; i < ARRAY_LEN(documents); i++)
        assert_string_equal(parse_bytes(*state, documents[i])->first->text, "漢");
}

static void test_utf16_may_say_so(void **state)
{
    static const char xml[] = "<?xml version='1.0' encoding='UTF-16'?><a/>";
    struct buf *b = buf_new(*state, 1000);

    buf_add_literal(b, "\xFF\xFE");
    for (const char *p = xml; *p != '\0'; p++) {
        buf_add_char(b, *p);
        buf_add_char(b, '\0');
    }
    assert_string_equal(parse_bytes(*state, buf_str(b))->name, "a");
}

static void test_utf8_may_have_a_byte_order_mark_and_white_space(void **state)
{
    assert_string_equal(parse(*state, "\xEF\xBB\xBF<?xml version='1.0'?><a/>")->name, "a");
    assert_string_equal(parse(*state, "\r\n <a/>\n")->name, "a");
}

static void test_other_encodings_are_refused(void **state)
{
    static const char *const documents[] = {
        "<?xml version='1.0' encoding='Shift_JIS'?><a/>", "<?xml version='1.0' encoding=\"ISO-8859-1\"?><a>\xE9</a>",
        "<?xml version='1.0' encoding='UTF-16'?><a/>", /* which these bytes are not */
    };

    for (size_t i = 0; i < ARRAY_LEN(documents); i++)
        assert_non_null(strstr(parse_fails(*state, documents[i]).text, "encoding"));
}

static void test_what_is_not_well_formed_is_refused(void **state)
{
    static const char *const documents[] = {
        "",
        "   ",
        "hello",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b='<'/>",
        "<a>&nbsp;</a>",
        "<a b='&nbsp;'/>",
        "<a>&#0;</a>",
        "<a>]]></a>",
        "<a>\x01</a>",
        "<a>\xC3(</a>",
        "<a b='\xFF'/>",
        "<\xE6\xBC/>",
        "<a><!-- -- --></a>",
        "<?xml version='1.0'?>",
    };

    for (size_t i = 0; i < ARRAY_LEN(documents); i++)
        assert_non_null(parse_fails(*state, documents[i]).text);
}

static void test_broken_namespaces_are_refused(void **state)
{
    static const char *const documents[] = {
        "<x:a/>",
        "<a x:b='1'/>",
        "<a xmlns:x='urn:x'><x:b/><y:c/></a>",
        "<a xmlns:x='urn:x' xmlns:y='urn:x' x:b='1' y:b='2'/>",
        "<a xmlns:x=''/>",
    };

    for (size_t i = 0; i < ARRAY_LEN(documents); i++)
        assert_non_null(parse_fails(*state, documents[i]).text);
}

static void test_an_error_is_a_sentence_with_line_and_column(void **state)
{
    struct xml_error error = parse_fails(*state, "<a>\n  <b>\n</a>");

    assert_int_equal(error.line, 3);
    assert_true(error.column > 1);
    assert_non_null(strstr(error.text, "mismatch"));
    assert_non_null(strstr(error.text, arena_printf(*state, "(line 3, column %d)", error.column)));
    assert_null(strchr(error.text, '\n'));
}

static void test_an_error_text_stays_short(void **state)
{
    char *name = arena_alloc(*state, 3 * 1000 + 1);
    for (size_t i = 0; i < 3 * 1000; i += 3)
        memcpy(name + i, "漢", 3);
    struct xml_error error = parse_fails(*state, arena_printf(*state, "<%s></x>", name));

    assert_true(strlen(error.text) < 300);
}

static void test_a_failure_leaves_nothing_behind_for_the_next(void **state)
{
    for (int i = 0; i < 3; i++) {
        parse_fails(*state, "<a xmlns:p='urn:p'>left over<b>");
        struct xml_node *root = parse(*state, "<c/>");
        assert_string_equal(root->name, "c");
        assert_null(root->first);
        parse_fails(*state, "<p:c/>");
    }
}

static void test_an_error_may_be_ignored(void **state)
{
    struct xml_node *root;

    assert_int_equal(xml_parse(*state, STR("<a>"), NULL, &root, NULL), E_SYNTAX);
}

static int parse_many(void *unused UNUSED)
{
    for (int i = 0; i < 200; i++) {
        struct arena *a = arena_new();
        struct xml_node *root = NULL;
        char *xml = arena_printf(a, "<a><b%d c='%d'>text</b%d></a>", i, i, i);
        if (xml_parse(a, str_from(xml), NULL, &root, NULL) != OK || !xml_is(root, NULL, "a"))
            return 1;
        arena_free(a);
    }
    return 0;
}

static void test_threads_do_not_meet(void **state UNUSED)
{
    thrd_t threads[4];
    int failed = 0, result;

    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(thrd_create(&threads[i], parse_many, NULL), thrd_success);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(thrd_join(threads[i], &result), thrd_success);
        failed += result;
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_elements_attributes_and_text_become_nodes),
        ARENA_TEST(test_known_namespaces_are_interned_whatever_the_prefix),
        ARENA_TEST(test_unknown_namespaces_are_kept),
        ARENA_TEST(test_white_space_beside_elements_is_not_kept),
        ARENA_TEST(test_white_space_alone_in_an_element_is_kept),
        ARENA_TEST(test_mixed_text_is_kept),
        ARENA_TEST(test_references_and_cdata_join_their_text),
        ARENA_TEST(test_references_in_attributes_are_resolved),
        ARENA_TEST(test_utf16_with_a_byte_order_mark_is_understood),
        ARENA_TEST(test_utf16_may_say_so),
        ARENA_TEST(test_utf8_may_have_a_byte_order_mark_and_white_space),
        ARENA_TEST(test_other_encodings_are_refused),
        ARENA_TEST(test_what_is_not_well_formed_is_refused),
        ARENA_TEST(test_broken_namespaces_are_refused),
        ARENA_TEST(test_an_error_is_a_sentence_with_line_and_column),
        ARENA_TEST(test_an_error_text_stays_short),
        ARENA_TEST(test_a_failure_leaves_nothing_behind_for_the_next),
        ARENA_TEST(test_an_error_may_be_ignored),
        ARENA_TEST(test_threads_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
