/* PDF forms: built twice they are the same; filled, nothing but the slots changes. What readers see: tests/system. */
#include "wire/pdf.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/jis.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct pdf_piece pieces[] = {
    { .size = 12, .x = 60, .y = 700, .text = "氏名" },
    { .size = 12, .x = 90, .y = 700, .room = 10 },
    { .size = 12, .x = 90, .y = 680, .room = 7 },
};

static struct pdf_form *form_new(struct arena *a)
{
    const struct jis *jis;
    struct pdf_form *form;

    assert_int_equal(jis_new(a, &jis), OK);
    assert_int_equal(pdf_form_new(a, jis, "Test", pieces, ARRAY_LEN(pieces), &form), OK);
    assert_int_equal(pdf_form_slots(form), 2);
    return form;
}

static struct buf *filled(struct arena *a, const char *first, const char *second)
{
    const struct str values[] = { str_from(first), str_from(second) };
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    pdf_form_fill(form_new(a), values, out);
    return out;
}

static bool has(const struct buf *b, const char *text)
{
    return memmem(b->data, b->len, text, strlen(text)) != NULL;
}

static void test_the_same_values_make_the_same_file(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *one = filled(a, "山田", "1"), *other = filled(a, "山田", "1");

    assert_int_equal(one->len, other->len);
    assert_memory_equal(one->data, other->data, one->len);
    arena_free(a);
}

static void test_slots_hold_their_values_padded(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *b = filled(a, "山田", "AB");

    assert_true(has(b, "<8E5293632020202020"
                       "20>")); /* 山田 and six spaces */
    assert_true(has(b, "<41422020202020>"));
    assert_true(has(b, "<8E8196BC>")); /* 氏名 */
    arena_free(a);
}

static void test_long_values_are_cut_at_a_character(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *short_one = filled(a, "", ""), *long_one = filled(a, "山田太郎次郎", "山田太郎");

    assert_int_equal(short_one->len, long_one->len);
    assert_true(has(long_one, "<8E52936391BE9859"
                              "8E9F>"));
    assert_true(has(long_one, "<8E52936391BE20>")); /* seven columns: three kanji and a space */
    arena_free(a);
}

static void test_columns_count_kanji_twice(void **state UNUSED)
{
    struct arena *a = arena_new();
    const struct jis *jis;

    assert_int_equal(jis_new(a, &jis), OK);
    assert_int_equal(pdf_columns(jis, "CT 画像"), 7);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_values_make_the_same_file),
        cmocka_unit_test(test_slots_hold_their_values_padded),
        cmocka_unit_test(test_long_values_are_cut_at_a_character),
        cmocka_unit_test(test_columns_count_kanji_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
