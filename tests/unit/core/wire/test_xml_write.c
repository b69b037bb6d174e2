#include "arena_state.h"
#include "wire/ns.h"
#include "wire/xml.h"

static struct xml_node *parse(void *arena, const char *xml)
{
    struct xml_node *root = NULL;
    struct xml_error error = { 0 };

    if (xml_parse(arena, str_from(xml), NULL, &root, &error) != OK)
        fail_msg("%s in %s", error.text, xml);
    return root;
}

static const char *escaped(void *arena, const char *text)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);

    xml_escape(b, text);
    return buf_text(b);
}

static const char *text_escaped(void *arena, const char *text)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);

    xml_escape_text(b, text);
    return buf_text(b);
}

static const char *written(void *arena, const struct xml_node *n)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);

    xml_write_node(b, n);
    return buf_text(b);
}

/* ---- escaping ---- */

static void test_markup_is_escaped(void **state)
{
    assert_string_equal(escaped(*state, "a<b>&\"'c"), "a&lt;b&gt;&amp;&#34;'c");
    assert_string_equal(text_escaped(*state, "a<b>&\"'c"), "a&lt;b&gt;&amp;\"'c");
    assert_string_equal(escaped(*state, ""), "");
}

static void test_line_ends_survive_a_parser(void **state)
{
    assert_string_equal(escaped(*state, "\r\n\t"), "&#13;&#10;&#9;");
    assert_string_equal(text_escaped(*state, "\r\n\t"), "&#13;\n\t");
}

static void test_what_xml_cannot_carry_is_replaced(void **state)
{
    assert_string_equal(escaped(*state, "a\x01\x1F"), "a\uFFFD\uFFFD");
    assert_string_equal(text_escaped(*state, "\uFFFE\uFFFF\uFFFD\x7F"), "\uFFFD\uFFFD\uFFFD\x7F");
    assert_string_equal(text_escaped(*state, "\xE3\x81x\xFF\xED\xA0\x80"), "\uFFFD\uFFFDx\uFFFD\uFFFD\uFFFD\uFFFD");
}

static void test_japanese_goes_out_as_it_is(void **state)
{
    assert_string_equal(escaped(*state, "𠮷野 花子、髙"), "𠮷野 花子、髙");
}

static void test_escape_n_takes_bytes(void **state)
{
    struct buf *b = buf_new(*state, 100);

    xml_escape_n(b, "a&b\0c", 5);
    assert_string_equal(buf_text(b), "a&amp;b\uFFFDc");
    buf_reset(b);
    xml_escape_n(b, "漢", 2);
    assert_string_equal(buf_text(b), "\uFFFD\uFFFD");
}

static void test_any_bytes_come_back_from_a_parser(void **state)
{
    uint32_t random = 12345;

    for (int round = 0; round < 500; round++) {
        char text[33] = { 0 };
        for (size_t i = 0; i + 1 < sizeof(text); i++) {
            random = random * 1664525 + 1013904223;
            text[i] = (char)((random >> 24) | 1);
        }
        const char *xml = arena_printf(*state, "<a b=\"%s\">%s</a>", escaped(*state, text), text_escaped(*state, text));
        struct xml_node *root = parse(*state, xml);
        assert_string_equal(xml_attr(root, "b"), xml_text(*state, root));
    }
}

/* ---- the writer ---- */

static void test_the_writer_closes_what_it_opened(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);
    struct xml_writer w;

    xw_init(&w, b);
    xw_open(&w, "rim:Slot");
    xw_attr(&w, "xmlns:rim", NS_RIM);
    xw_attr(&w, "name", "a\"<&");
    xw_attr(&w, "slotType", NULL);
    xw_open(&w, "rim:ValueList");
    xw_element(&w, "rim:Value", "1 < 2");
    xw_element(&w, "rim:Value", NULL);
    xw_element(&w, "rim:Value", "");
    xw_raw(&w, STR("<rim:Value>raw</rim:Value>"));
    xw_close(&w);
    xw_open(&w, "rim:Name");
    xw_close(&w);
    xw_text(&w, "t\"&");
    xw_close(&w);
    assert_string_equal(buf_text(b), "<rim:Slot xmlns:rim=\"urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0\" "
                                     "name=\"a&#34;&lt;&amp;\"><rim:ValueList><rim:Value>1 &lt; 2</rim:Value>"
                                     "<rim:Value></rim:Value><rim:Value>raw</rim:Value></rim:ValueList>"
                                     "<rim:Name/>t\"&amp;</rim:Slot>");
}

/* ---- subtrees ---- */

static void test_a_subtree_declares_what_it_needs_and_no_more(void **state)
{
    struct xml_node *root = parse(*state, "<e:a xmlns:e='http://www.w3.org/2003/05/soap-envelope' xmlns:unused='urn:u' "
                                          "xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'>"
                                          "<r:b r:c='1'><r:d>x &amp; y</r:d></r:b></e:a>");

    assert_string_equal(written(*state, root->first),
                        "<rim:b xmlns:rim=\"urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0\" rim:c=\"1\">"
                        "<rim:d>x &amp; y</rim:d></rim:b>");
}

static void test_hl7_is_the_default_namespace(void **state)
{
    struct xml_node *root = parse(*state,
                                  "<h:a xmlns:h='urn:hl7-org:v3' "
                                  "xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:type='II'><h:b/></h:a>");

    assert_string_equal(written(*state, root), "<a xmlns=\"urn:hl7-org:v3\" "
                                               "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                               "xsi:type=\"II\"><b/></a>");
}

static void test_hl7_makes_way_for_elements_without_a_namespace(void **state)
{
    struct xml_node *root = parse(*state, "<h:a xmlns:h='urn:hl7-org:v3'><b/></h:a>");

    assert_string_equal(written(*state, root), "<hl7:a xmlns=\"\" xmlns:hl7=\"urn:hl7-org:v3\"><b/></hl7:a>");
}

static void test_an_attribute_in_hl7_keeps_its_namespace(void **state)
{
    struct xml_node *root = parse(*state, "<h:a xmlns:h='urn:hl7-org:v3' h:b='1'/>");

    assert_string_equal(written(*state, root), "<hl7:a xmlns:hl7=\"urn:hl7-org:v3\" hl7:b=\"1\"/>");
}

static void test_unknown_namespaces_are_numbered(void **state)
{
    struct xml_node *root = parse(
        *state, "<a xmlns='urn:&amp;1' xmlns:q='urn:2'><q:b q:c=''/><b xmlns='urn:3' xml:lang='ja'/></a>");

    assert_string_equal(written(*state, root),
                        "<ns1:a xmlns:ns1=\"urn:&amp;1\" xmlns:ns2=\"urn:2\" xmlns:ns3=\"urn:3\">"
                        "<ns2:b ns2:c=\"\"/><ns3:b xml:lang=\"ja\"/></ns1:a>");
}

static void assert_same(const struct xml_node *a, const struct xml_node *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        assert_true(text_equal(a->name, b->name) && text_equal(a->ns, b->ns) && text_equal(a->text, b->text));
        const struct xml_attr *x = a->attrs, *y = b->attrs;
        for (; x != NULL && y != NULL; x = x->next, y = y->next)
            assert_true(text_equal(x->name, y->name) && text_equal(x->ns, y->ns) && text_equal(x->value, y->value));
        assert_true(x == NULL && y == NULL);
        assert_same(a->first, b->first);
    }
    assert_true(a == NULL && b == NULL);
}

static void test_what_is_written_reads_back_the_same(void **state)
{
    static const char *const documents[] = {
        "<a><b c=' &lt;&#9;&#10;&#13;\"&apos;'/> x <d>&#13;\n</d></a>",
        "<a xmlns='urn:hl7-org:v3'><b xmlns=''><c xmlns='urn:x' y='' xmlns:y='urn:y' y:y='漢'/></b></a>",
        "<x:a xmlns:x='urn:ihe:iti:xds-b:2007' xmlns:y='urn:ihe:iti:xds-b:2007'><y:b x:c='' c=''/></x:a>",
    };

    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        struct xml_node *first = parse(*state, documents[i]);
        assert_same(first, parse(*state, written(*state, first)));
        /* it can stand anywhere: even where another default namespace is in force */
        const char *inside = arena_printf(*state, "<z xmlns='urn:z'>%s</z>", written(*state, first));
        assert_same(first, parse(*state, inside)->first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_markup_is_escaped),
        ARENA_TEST(test_line_ends_survive_a_parser),
        ARENA_TEST(test_what_xml_cannot_carry_is_replaced),
        ARENA_TEST(test_japanese_goes_out_as_it_is),
        ARENA_TEST(test_escape_n_takes_bytes),
        ARENA_TEST(test_any_bytes_come_back_from_a_parser),
        ARENA_TEST(test_the_writer_closes_what_it_opened),
        ARENA_TEST(test_a_subtree_declares_what_it_needs_and_no_more),
        ARENA_TEST(test_hl7_is_the_default_namespace),
        ARENA_TEST(test_hl7_makes_way_for_elements_without_a_namespace),
        ARENA_TEST(test_an_attribute_in_hl7_keeps_its_namespace),
        ARENA_TEST(test_unknown_namespaces_are_numbered),
        ARENA_TEST(test_what_is_written_reads_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
