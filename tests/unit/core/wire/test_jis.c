/* UTF-8 to ISO-2022-JP and CP932; expected bytes were made with iconv and, for what it refuses, by the rules of jis.h.
 */
#include "wire/jis.h"

#include "base/arena.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct tables {
    struct arena *arena;
    const struct jis *jis;
};

static int setup(void **out)
{
    struct arena *a = arena_new();
    struct tables *t = ARENA_NEW(a, struct tables);

    t->arena = a;
    assert_int_equal(jis_new(a, &t->jis), OK);
    *out = t;
    return 0;
}

static int teardown(void **in)
{
    struct tables *t = *in;

    arena_free(t->arena);
    return 0;
}

static const char *iso2022(const struct tables *t, const char *text)
{
    struct buf *out = buf_new(t->arena, BUF_MAX_DEFAULT);

    jis_add_iso2022(t->jis, out, str_from(text));
    return buf_text(out);
}

static const char *cp932(const struct tables *t, const char *text)
{
    struct buf *out = buf_new(t->arena, BUF_MAX_DEFAULT);

    jis_add_cp932(t->jis, out, str_from(text));
    return buf_text(out);
}

static void test_ascii_is_itself(void **state)
{
    assert_string_equal(iso2022(*state, "MSH|^~\\&|"), "MSH|^~\\&|");
    assert_string_equal(cp932(*state, "MSH|^~\\&|"), "MSH|^~\\&|");
}

static void test_kanji_is_switched_in_and_out(void **state)
{
    assert_string_equal(iso2022(*state, "山田^太郎"), "\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B");
    assert_string_equal(cp932(*state, "表示"), "\x95\x5C\x8E\xA6");
}

static void test_variants_become_their_everyday_forms(void **state)
{
    assert_string_equal(iso2022(*state, "髙﨑𠮷"), iso2022(*state, "高崎吉"));
    assert_string_equal(cp932(*state, "𠮷"), cp932(*state, "吉"));
    assert_string_equal(cp932(*state, "髙"), "\xFB\xFC"); /* CP932 has this one */
}

static void test_dashes_and_waves_are_the_same_in_either_spelling(void **state)
{
    assert_string_equal(iso2022(*state, "\u301C\u2212"), iso2022(*state, "\uFF5E\uFF0D"));
    assert_string_equal(cp932(*state, "\u301C\u2212"), cp932(*state, "\uFF5E\uFF0D"));
}

static void test_what_is_nowhere_is_a_geta(void **state)
{
    assert_string_equal(iso2022(*state, "😀"), "\x1B$B\".\x1B(B");
    assert_string_equal(cp932(*state, "😀"), "\x81\xAC");
    assert_string_equal(cp932(*state, "\xFF"), "\x81\xAC"); /* not UTF-8 at all */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ascii_is_itself),
        cmocka_unit_test(test_kanji_is_switched_in_and_out),
        cmocka_unit_test(test_variants_become_their_everyday_forms),
        cmocka_unit_test(test_dashes_and_waves_are_the_same_in_either_spelling),
        cmocka_unit_test(test_what_is_nowhere_is_a_geta),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
