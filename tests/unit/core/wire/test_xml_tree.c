#include "arena_state.h"
#include "wire/ns.h"
#include "wire/xml.h"

static struct xml_node *parse(void *arena, const char *xml)
{
    struct xml_node *root = NULL;

    assert_int_equal(xml_parse(arena, str_from(xml), NULL, &root, NULL), OK);
    return root;
}

static const char people[] =
    "<p xmlns='urn:hl7-org:v3' xmlns:o='urn:o'>"
    "<name>A</name> <o:name>other</o:name><id root='1'/>mixed<name>B</name><id root='2' o:x='3'/></p>";

static void test_children_are_found_by_namespace_and_name(void **state)
{
    struct xml_node *p = parse(*state, people);

    assert_string_equal(xml_text(*state, xml_child(p, NS_HL7, "name")), "A");
    assert_string_equal(xml_text(*state, xml_child(p, "urn:o", "name")), "other");
    assert_null(xml_child(p, NULL, "name"));
    assert_null(xml_child(p, NS_HL7, "none"));
    assert_true(xml_is(p, NS_HL7, "p"));
    assert_false(xml_is(p, NS_XDS, "p"));
}

static void test_siblings_of_the_same_name_follow(void **state)
{
    struct xml_node *p = parse(*state, people);
    struct xml_node *second = xml_next(xml_child(p, NS_HL7, "name"));

    assert_string_equal(xml_text(*state, second), "B");
    assert_null(xml_next(second));
    assert_int_equal(xml_count(p, NS_HL7, "name"), 2);
    assert_int_equal(xml_count(p, NS_HL7, "none"), 0);
}

static void test_elements_are_walked_past_text(void **state)
{
    static const char *const names[] = { "name", "name", "id", "name", "id" };
    size_t i = 0;

    for (struct xml_node *e = xml_first_element(parse(*state, people)); e != NULL; e = xml_next_element(e))
        assert_string_equal(e->name, names[i++]);
    assert_int_equal(i, 5);
}

static void test_paths_of_names_are_followed(void **state)
{
    struct xml_node *root = parse(*state, "<a xmlns='urn:hl7-org:v3'><b><c>x</c></b></a>");

    assert_string_equal(xml_text(*state, xml_at(root, NS_HL7, "b", "c", NULL)), "x");
    assert_ptr_equal(xml_at(root, NS_HL7, NULL), root);
    assert_null(xml_at(root, NS_HL7, "b", "d", "c", NULL));
}

static void test_attributes_are_found_by_name(void **state)
{
    struct xml_node *id = xml_next(xml_child(parse(*state, people), NS_HL7, "id"));

    assert_string_equal(xml_attr(id, "root"), "2");
    assert_string_equal(xml_attr_ns(id, "urn:o", "x"), "3");
    assert_null(xml_attr(id, "x"));
    assert_null(xml_attr_ns(id, "urn:o", "root"));
}

static void test_text_is_joined_and_can_be_trimmed(void **state)
{
    struct xml_node *a = parse(*state, "<a> one <b>not this</b> two\n</a>");

    assert_string_equal(xml_text(*state, a), " one  two\n");
    assert_string_equal(xml_text_trimmed(*state, a), "one  two");
    assert_string_equal(xml_text(*state, parse(*state, "<a/>")), "");
    assert_string_equal(xml_text_trimmed(*state, parse(*state, "<a>\n \n</a>")), "");
}

static void test_nothing_is_in_nothing(void **state)
{
    assert_false(xml_is(NULL, NS_HL7, "a"));
    assert_null(xml_child(NULL, NS_HL7, "a"));
    assert_null(xml_next(NULL));
    assert_null(xml_first_element(NULL));
    assert_null(xml_next_element(NULL));
    assert_int_equal(xml_count(NULL, NS_HL7, "a"), 0);
    assert_null(xml_at(NULL, NS_HL7, "a", "b", NULL));
    assert_null(xml_attr(NULL, "a"));
    assert_null(xml_attr_ns(NULL, NS_HL7, "a"));
    assert_null(xml_text(*state, NULL));
    assert_null(xml_text_trimmed(*state, NULL));
    assert_string_equal(xml_path(*state, NULL), "");
}

static void test_a_path_counts_siblings_of_one_name(void **state)
{
    struct xml_node *root = parse(*state, "<a><b/><c/><b><d>t</d></b></a>");
    struct xml_node *b = xml_child(root, NULL, "b"), *d = xml_child(xml_next(b), NULL, "d");

    assert_string_equal(xml_path(*state, root), "/a");
    assert_string_equal(xml_path(*state, b), "/a/b[1]");
    assert_string_equal(xml_path(*state, xml_child(root, NULL, "c")), "/a/c");
    assert_string_equal(xml_path(*state, d), "/a/b[2]/d");
    assert_string_equal(xml_path(*state, d->first), "/a/b[2]/d");
}

static const char *written(void *arena, const struct xml_node *n)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);

    xml_write_node(b, n);
    return buf_text(b);
}

static void test_elements_are_put_first_and_last(void **state)
{
    struct xml_node *root = parse(*state, "<a xmlns='urn:hl7-org:v3'><b/></a>");

    xml_append_text(*state, xml_append(*state, root, NS_HL7, "z"), "t");
    xml_insert_first(*state, root, NS_HL7, "y");
    assert_string_equal(written(*state, root), "<a xmlns=\"urn:hl7-org:v3\"><y/><b/><z>t</z></a>");

    struct xml_node *empty = xml_append(*state, NULL, NS_HL7, "e");
    struct xml_node *only = xml_insert_first(*state, empty, NS_HL7, "f");
    assert_ptr_equal(empty->last, only);
    assert_ptr_equal(only->parent, empty);
    assert_null(empty->parent);
}

static void test_nodes_are_removed_wherever_they_stand(void **state)
{
    static const char *const left[] = { "<a xmlns=\"\"><c/><d/></a>", "<a xmlns=\"\"><b/><d/></a>",
                                        "<a xmlns=\"\"><b/><c/></a>" };
    static const char *const names[] = { "b", "c", "d" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct xml_node *root = parse(*state, "<a><b/><c/><d/></a>");
        xml_remove(xml_child(root, NULL, names[i]));
        assert_string_equal(written(*state, root), left[i]);
        assert_null(root->last->next);
        struct xml_node *e = xml_append(*state, root, NULL, "e");
        assert_ptr_equal(root->last, e);
    }
    struct xml_node *root = parse(*state, "<a><b/></a>");
    xml_remove(root->first);
    assert_null(root->first);
    assert_null(root->last);
}

static void test_an_attribute_is_added_or_replaced(void **state)
{
    struct xml_node *root = parse(*state, "<a xmlns='urn:hl7-org:v3' b='1' c='2'/>");

    xml_set_attr(*state, root, "b", "new");
    xml_set_attr(*state, root, "d", "3");
    assert_string_equal(written(*state, root), "<a xmlns=\"urn:hl7-org:v3\" b=\"new\" c=\"2\" d=\"3\"/>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_children_are_found_by_namespace_and_name),
        ARENA_TEST(test_siblings_of_the_same_name_follow),
        ARENA_TEST(test_elements_are_walked_past_text),
        ARENA_TEST(test_paths_of_names_are_followed),
        ARENA_TEST(test_attributes_are_found_by_name),
        ARENA_TEST(test_text_is_joined_and_can_be_trimmed),
        ARENA_TEST(test_nothing_is_in_nothing),
        ARENA_TEST(test_a_path_counts_siblings_of_one_name),
        ARENA_TEST(test_elements_are_put_first_and_last),
        ARENA_TEST(test_nodes_are_removed_wherever_they_stand),
        ARENA_TEST(test_an_attribute_is_added_or_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
