/* Messages made to hurt: each must be refused quickly, or be read whole. */
#include "arena_state.h"
#include "wire/xml.h"

static struct buf *repeat(void *arena, const char *text, int times)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);

    for (int i = 0; i < times; i++)
        buf_add_text(b, text);
    return b;
}

static enum rc parse(void *arena, const char *xml, const struct xml_limits *limits, const char **why)
{
    struct xml_node *root;
    struct xml_error error = { 0 };
    enum rc rc = xml_parse(arena, str_from(xml), limits, &root, &error);

    *why = error.text;
    return rc;
}

static void assert_limit(void *arena, const char *xml, const struct xml_limits *limits, const char *what)
{
    const char *why;

    assert_int_equal(parse(arena, xml, limits, &why), E_LIMIT);
    assert_non_null(strstr(why, what));
}

static void assert_fits(void *arena, const char *xml, const struct xml_limits *limits)
{
    const char *why;

    assert_int_equal(parse(arena, xml, limits, &why), OK);
}

static void test_a_doctype_is_refused(void **state)
{
    static const char *const documents[] = {
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'><a/>",
        "<!DOCTYPE a PUBLIC '-//x//y' 'file:///etc/passwd'><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/x'>%x;]><a/>",
        "<!DOCTYPE a [<!ENTITY l 'lol'><!ENTITY m '&l;&l;&l;&l;&l;&l;&l;&l;'><!ENTITY n '&m;&m;&m;&m;&m;&m;&m;'>]>"
        "<a b='&n;'>&n;</a>",
    };
    const char *why;

    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        assert_int_equal(parse(*state, documents[i], NULL, &why), E_SYNTAX);
        assert_non_null(strstr(why, "DOCTYPE"));
    }
}

static const char *nested(void *arena, int depth)
{
    struct buf *b = repeat(arena, "<a>", depth);

    buf_add_str(b, buf_str(repeat(arena, "</a>", depth)));
    return buf_text(b);
}

static void test_depth_is_bounded(void **state)
{
    assert_fits(*state, nested(*state, 128), NULL);
    assert_limit(*state, nested(*state, 129), NULL, "deeply");
    assert_fits(*state, nested(*state, 3), &(struct xml_limits){ .depth = 3 });
    assert_limit(*state, nested(*state, 4), &(struct xml_limits){ .depth = 3 }, "deeply");
    assert_limit(*state, nested(*state, 300), &(struct xml_limits){ .depth = 100000 }, "deeply");
    assert_limit(*state, buf_text(repeat(*state, "<a>", 100000)), NULL, "deeply");
}

static void test_elements_are_bounded(void **state)
{
    struct buf *b = repeat(*state, "<a>", 1);

    buf_add_str(b, buf_str(repeat(*state, "<b/>", 9)));
    buf_add_text(b, "</a>");
    assert_fits(*state, buf_text(b), &(struct xml_limits){ .elements = 10 });
    assert_limit(*state, buf_text(b), &(struct xml_limits){ .elements = 9 }, "elements");
}

static const char *attributed(void *arena, int count)
{
    struct buf *b = repeat(arena, "<x><a", 1);

    for (int i = 0; i < count; i++)
        buf_printf(b, " a%d='>'", i);
    buf_add_text(b, "/></x>");
    return buf_text(b);
}

static void test_attributes_are_bounded(void **state)
{
    assert_fits(*state, attributed(*state, 256), NULL);
    assert_limit(*state, attributed(*state, 257), NULL, "attributes");
    assert_limit(*state, attributed(*state, 4), &(struct xml_limits){ .attributes = 3 }, "attributes");
}

/* Quadratic in libxml2: without the look beforehand this test runs into its time limit. */
static void test_half_a_million_attributes_are_refused_at_once(void **state)
{
    assert_limit(*state, attributed(*state, 500000), NULL, "attributes");
}

static void test_long_texts_that_look_like_attributes_are_no_attributes(void **state)
{
    struct buf *b = repeat(*state, "<a b='x'>", 1);

    buf_add_str(b, buf_str(repeat(*state, " c='d'", 5000)));
    buf_add_text(b, "<!--");
    buf_add_str(b, buf_str(repeat(*state, " c='d'", 5000)));
    buf_add_text(b, "--></a>");
    assert_fits(*state, buf_text(b), NULL);
}

static void test_namespaces_in_force_are_bounded(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);

    for (int i = 0; i < 100; i++) {
        buf_add_text(b, "<a");
        for (int k = 0; k < 10; k++)
            buf_printf(b, " xmlns:n%d='urn:x'", i * 10 + k);
        buf_add_char(b, '>');
    }
    assert_limit(*state, buf_text(b), NULL, "namespace");
}

static void test_namespaces_of_siblings_do_not_add_up(void **state)
{
    struct buf *b = repeat(*state, "<a>", 1);

    buf_add_str(b, buf_str(repeat(*state, "<p:b xmlns:p='urn:x'/>", 5000)));
    buf_add_text(b, "</a>");
    assert_fits(*state, buf_text(b), NULL);
}

static void test_different_namespaces_are_bounded(void **state)
{
    struct buf *b = repeat(*state, "<a>", 1);

    for (int i = 0; i < 300; i++)
        buf_printf(b, "<b xmlns='urn:%d'/>", i);
    buf_add_text(b, "</a>");
    assert_limit(*state, buf_text(b), NULL, "namespaces");
}

static void test_a_megabyte_in_an_attribute_is_read_whole(void **state)
{
    struct buf *b = repeat(*state, "<a b='", 1);
    struct xml_node *root;

    buf_add_str(b, buf_str(repeat(*state, "0123456789abcdef", 1 << 16)));
    buf_add_text(b, "'/>");
    assert_int_equal(xml_parse(*state, buf_str(b), NULL, &root, NULL), OK);
    assert_int_equal(strlen(xml_attr(root, "b")), 1 << 20);
}

static void test_thirty_megabytes_of_text_are_read_whole(void **state)
{
    struct buf *b = repeat(*state, "<a>", 1);
    struct xml_node *root;

    buf_add_str(b, buf_str(repeat(*state, "0123456789abcdef", 30 << 16)));
    buf_add_text(b, "</a>");
    assert_int_equal(xml_parse(*state, buf_str(b), NULL, &root, NULL), OK);
    assert_int_equal(strlen(root->first->text), 30 << 20);
}

/* Whatever a message loses at its end, it is refused. */
static void test_every_shorter_piece_of_a_message_is_refused(void **state)
{
    static const char xml[] =
        "<?xml version='1.0'?><p:a xmlns:p='urn:p' b='&amp;漢'>x<!--c--><![CDATA[d]]><p:e/>&#65;</p:a>";
    struct xml_node *root;

    for (size_t n = 0; n < sizeof(xml) - 1; n++)
        assert_int_equal(xml_parse(*state, (struct str){ xml, n }, NULL, &root, NULL), E_SYNTAX);
    assert_int_equal(xml_parse(*state, str_from(xml), NULL, &root, NULL), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_a_doctype_is_refused),
        ARENA_TEST(test_depth_is_bounded),
        ARENA_TEST(test_elements_are_bounded),
        ARENA_TEST(test_attributes_are_bounded),
        ARENA_TEST(test_half_a_million_attributes_are_refused_at_once),
        ARENA_TEST(test_long_texts_that_look_like_attributes_are_no_attributes),
        ARENA_TEST(test_namespaces_in_force_are_bounded),
        ARENA_TEST(test_namespaces_of_siblings_do_not_add_up),
        ARENA_TEST(test_different_namespaces_are_bounded),
        ARENA_TEST(test_a_megabyte_in_an_attribute_is_read_whole),
        ARENA_TEST(test_thirty_megabytes_of_text_are_read_whole),
        ARENA_TEST(test_every_shorter_piece_of_a_message_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
