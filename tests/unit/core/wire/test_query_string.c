/* core/wire/query_string: there and back. */
#include "base/arena.h"
#include "base/buf.h"
#include "wire/query_string.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_what_was_encoded_is_parsed_again(void **state)
{
    const char *value = "R0001^^^&2.999&ISO, 境 ?=%";
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    (void)state;
    buf_add_text(out, "/consent/0035");
    query_string_add(out, "patient", value);
    query_string_add(out, "none", NULL);
    query_string_add(out, "do", "give");
    assert_string_equal(buf_text(out), "/consent/0035?patient=R0001%5E%5E%5E%262.999%26ISO%2C%20%E5%A2%83%20%3F%3D%25"
                                       "&do=give");
    const struct query_pair *pairs = query_string_parse(a, strchr(buf_text(out), '?') + 1);
    assert_string_equal(query_pair(pairs, "patient"), value);
    assert_string_equal(query_pair(pairs, "do"), "give");
    assert_null(query_pair(pairs, "none"));
    arena_free(a);
}

static void test_control_characters_do_not_get_through(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_string_equal(query_pair(query_string_parse(a, "x=a%00b%0a%zz+c"), "x"), "a?b?%zz c");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_encoded_is_parsed_again),
        cmocka_unit_test(test_control_characters_do_not_get_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
