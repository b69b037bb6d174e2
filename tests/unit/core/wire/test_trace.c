#include "wire/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN  "00f067aa0ba902b7"

static void test_a_peer_s_span_is_the_parent(void **state)
{
    struct trace t;

    (void)state;
    trace_continue("00-" TRACE "-" SPAN "-01", &t);
    assert_string_equal(t.id, TRACE);
    assert_string_equal(t.parent, SPAN);
    assert_int_equal(strlen(t.span), 16);
    assert_string_not_equal(t.span, SPAN);
}

static void test_a_later_version_may_say_more(void **state)
{
    struct trace t;

    (void)state;
    trace_continue("01-" TRACE "-" SPAN "-03-and more", &t);
    assert_string_equal(t.id, TRACE);
}

static void test_what_is_no_traceparent_begins_a_conversation(void **state)
{
    static const char *const wrong[] = {
        NULL,
        "",
        "00-" TRACE "-" SPAN,
        "00-" TRACE "-" SPAN "-1",
        "00-" TRACE "-" SPAN "-01-more",
        "ff-" TRACE "-" SPAN "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" SPAN "-01",
        "00-00000000000000000000000000000000-" SPAN "-01",
        "00-" TRACE "-0000000000000000-01",
        "00 " TRACE "-" SPAN "-01",
        "00-" TRACE "-" SPAN "-zz",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct trace t;
        trace_continue(wrong[i], &t);
        assert_string_not_equal(t.id, TRACE);
        assert_int_equal(strlen(t.id), 32);
        assert_string_equal(t.parent, "");
    }
}

static void test_a_child_s_header_makes_its_reader_a_grandchild(void **state)
{
    struct trace first, child, reader;
    char header[TRACE_PARENT_LEN];

    (void)state;
    trace_begin(&first);
    trace_child(&first, &child);
    trace_write(&child, header);
    trace_continue(header, &reader);
    assert_string_equal(child.parent, first.span);
    assert_string_equal(reader.parent, child.span);
    assert_string_equal(reader.id, first.id);
    assert_string_not_equal(reader.span, child.span);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_peer_s_span_is_the_parent),
        cmocka_unit_test(test_a_later_version_may_say_more),
        cmocka_unit_test(test_what_is_no_traceparent_begins_a_conversation),
        cmocka_unit_test(test_a_child_s_header_makes_its_reader_a_grandchild),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
