/* wire/mllp: frames, however they arrive. */
#include "wire/mllp.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Every message of bytes that arrive in pieces, each ended by "/". */
static const char *messages(struct arena *a, struct str bytes, size_t piece)
{
    struct buf *all = buf_new(a, 1000);
    struct mllp m;
    bool whole;

    mllp_init(&m, 100);
    for (size_t at = 0; at < bytes.len; at += piece) {
        struct str in = { bytes.data + at, MIN(piece, bytes.len - at) };
        while (in.len > 0) {
            assert_int_equal(mllp_feed(&m, &in, &whole), OK);
            if (!whole)
                continue;
            buf_add_str(all, buf_str(&m.message));
            buf_add_char(all, '/');
        }
    }
    buf_clear(&m.message);
    return buf_text(all);
}

static void test_frames_are_found_in_pieces_of_any_size(void **state UNUSED)
{
    static const struct {
        struct str bytes;
        const char *messages;
    } cases[] = {
        { STR("\x0bMSH|one\r\x1c\r"), "MSH|one\r/" },
        { STR("\x0bone\x1c\r\x0btwo\x1c\r\x0bthree\x1c\r"), "one/two/three/" },
        { STR("noise\r\n\x0bone\x1c\rmore noise\x0btwo\x1c"), "one/two/" },
        { STR("\x0b\x1c\r\x0bone\x1c\r"), "one/" },
        { STR("\x0bgiven up\x0bone\x1c\r"), "one/" },
        { STR("\x0bgiven\x0bup\x0bone\x1c\r"), "one/" },
        { STR("\x0bunfinished"), "" },
        { STR("\x1c\r\x1c\r"), "" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (size_t piece = 1; piece < 30; piece++)
            assert_string_equal(messages(a, cases[i].bytes, piece), cases[i].messages);
    }
    arena_free(a);
}

static void test_a_message_over_the_limit_is_told_with_its_beginning(void **state UNUSED)
{
    struct mllp m;
    struct str in = STR("\x0b"
                        "12345678\x1c\r"),
               exact = STR("\x0b"
                           "12345\x1c\r");
    bool whole;

    mllp_init(&m, 5);
    assert_int_equal(mllp_feed(&m, &in, &whole), E_LIMIT);
    assert_memory_equal(m.message.data, "12345", 5);
    assert_int_equal(mllp_feed(&m, &exact, &whole), OK);
    assert_true(whole);
    buf_clear(&m.message);
}

static void test_the_rest_of_what_is_too_long_is_passed_over(void **state UNUSED)
{
    struct mllp m;
    struct str in = STR("\x0b"
                        "12345678"),
               rest = STR("9\x1c\r\x0b"
                          "abc\x1c"),
               another = STR("\x0b"
                             "123456\x0b"
                             "xyz\x1c");
    bool whole;

    mllp_init(&m, 5);
    assert_int_equal(mllp_feed(&m, &in, &whole), E_LIMIT);
    assert_true(m.skipping);
    assert_int_equal(mllp_feed(&m, &rest, &whole), OK);
    assert_true(whole && !m.skipping);
    assert_memory_equal(m.message.data, "abc", 3);
    assert_int_equal(mllp_feed(&m, &another, &whole), E_LIMIT);
    assert_false(m.skipping);
    assert_int_equal(mllp_feed(&m, &another, &whole), OK);
    assert_true(whole);
    assert_memory_equal(m.message.data, "xyz", 3);
    buf_clear(&m.message);
}

static void test_what_is_written_is_read_again(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *framed = buf_new(a, 100);

    mllp_write(framed, STR("MSH|x\r"));
    assert_int_equal(framed->len, 9);
    assert_string_equal(messages(a, buf_str(framed), 100), "MSH|x\r/");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_are_found_in_pieces_of_any_size),
        cmocka_unit_test(test_a_message_over_the_limit_is_told_with_its_beginning),
        cmocka_unit_test(test_the_rest_of_what_is_too_long_is_passed_over),
        cmocka_unit_test(test_what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
