#include "base/digest.h"

#include "base/arena.h"
#include "base/buf.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_sha1_of_nothing_and_of_abc(void **state UNUSED)
{
    char hex[SHA1_HEX_LEN];

    sha1_hex(STR(""), hex);
    assert_string_equal(hex, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    sha1_hex(STR("abc"), hex);
    assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

static void test_sha256_in_pieces(void **state UNUSED)
{
    char hex[SHA256_HEX_LEN];
    struct digest *d = digest_new(DIGEST_SHA256);

    digest_add(d, "a", 1);
    digest_add(d, "bc", 2);
    digest_hex(d, hex);
    digest_free(d);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_base64_both_ways(void **state UNUSED)
{
    static const struct {
        const char *plain, *coded;
    } pairs[] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foobar", "Zm9vYmFy" } };
    struct arena *a = arena_new();
    struct str plain;

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct buf *b = buf_new(a, 100);
        base64_encode(str_from(pairs[i].plain), b);
        assert_string_equal(buf_text(b), pairs[i].coded);
        assert_int_equal(base64_decode(a, str_from(pairs[i].coded), &plain), OK);
        assert_true(str_is(plain, pairs[i].plain));
    }
    assert_int_equal(base64_decode(a, STR(" Zm9v\r\n YmFy "), &plain), OK);
    assert_true(str_is(plain, "foobar"));
    arena_free(a);
}

static void test_broken_base64_is_refused(void **state UNUSED)
{
    static const char *const broken[] = { "Z", "Zg", "Zg=", "Zg===", "Zm9v=", "Z!9v", "Zg==Zg==", "=" };
    struct arena *a = arena_new();
    struct str plain;

    for (size_t i = 0; i < ARRAY_LEN(broken); i++)
        assert_int_equal(base64_decode(a, str_from(broken[i]), &plain), E_SYNTAX);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha1_of_nothing_and_of_abc),
        cmocka_unit_test(test_sha256_in_pieces),
        cmocka_unit_test(test_base64_both_ways),
        cmocka_unit_test(test_broken_base64_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
