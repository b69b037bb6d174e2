/* DICOM elements byte for byte (PS3.5: 7.1.2, 7.5; PS3.10: 7.1). */
#include "wire/dicom.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(b, literal)                                                                                              \
    do {                                                                                                               \
        assert_int_equal((b)->len, sizeof(literal) - 1);                                                               \
        assert_memory_equal((b)->data, literal, sizeof(literal) - 1);                                                  \
    } while (0)

static int setup(void **out)
{
    static struct buf b;

    buf_init(&b, BUF_MAX_DEFAULT);
    *out = &b;
    return 0;
}

static int teardown(void **in)
{
    buf_clear(*in);
    return 0;
}

static void test_a_short_vr_has_a_length_of_two_bytes(void **state)
{
    dicom_text(*state, DICOM_Modality, "KO");
    BYTES((struct buf *)*state, "\x08\x00\x60\x00"
                                "CS\x02\x00KO");
}

static void test_odd_values_are_padded_as_their_vr_asks(void **state)
{
    dicom_text(*state, DICOM_PatientID, "123");
    dicom_text(*state, DICOM_SOPClassUID, "1.2");
    BYTES((struct buf *)*state, "\x10\x00\x20\x00"
                                "LO\x04\x00"
                                "123 \x08\x00\x16\x00"
                                "UI\x04\x00"
                                "1.2\0");
}

static void test_a_long_vr_has_two_reserved_bytes(void **state)
{
    dicom_bytes(*state, DICOM_PixelData, (struct str){ "\1\2\3", 3 });
    BYTES((struct buf *)*state, "\xE0\x7F\x10\x00"
                                "OB\0\0\x04\0\0\0\1\2\3\0");
}

static void test_an_empty_value_is_there(void **state)
{
    dicom_text(*state, DICOM_ReferringPhysicianName, NULL);
    BYTES((struct buf *)*state, "\x08\x00\x90\x00"
                                "PN\0\0");
}

static void test_sequences_and_items_are_delimited(void **state)
{
    struct buf *b = *state;

    dicom_sequence(b, DICOM_ContentSequence);
    dicom_item(b);
    dicom_number(b, DICOM_Rows, 0x0140);
    dicom_end_item(b);
    dicom_end_sequence(b);
    BYTES(b, "\x40\x00\x30\xA7"
             "SQ\0\0\xFF\xFF\xFF\xFF"
             "\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF"
             "\x28\x00\x10\x00"
             "US\x02\x00\x40\x01"
             "\xFE\xFF\x0D\xE0\0\0\0\0"
             "\xFE\xFF\xDD\xE0\0\0\0\0");
}

static void test_the_head_counts_its_group(void **state)
{
    struct buf *b = *state;

    dicom_begin(b, DICOM_SECONDARY_CAPTURE, "2.999.1");
    assert_memory_equal(b->data + 128, "DICM\x02\x00\x00\x00UL\x04\x00", 12);
    size_t length = (unsigned char)b->data[140] | (size_t)(unsigned char)b->data[141] << 8;
    assert_int_equal(length, b->len - 144);
    assert_non_null(memmem(b->data, b->len, DICOM_EXPLICIT_VR_LITTLE_ENDIAN, strlen(DICOM_EXPLICIT_VR_LITTLE_ENDIAN)));
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_a_short_vr_has_a_length_of_two_bytes), EACH(test_odd_values_are_padded_as_their_vr_asks),
        EACH(test_a_long_vr_has_two_reserved_bytes),     EACH(test_an_empty_value_is_there),
        EACH(test_sequences_and_items_are_delimited),    EACH(test_the_head_counts_its_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
