/* core/wire/dicom_read: the outermost elements of a file, and files that are none. */
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "wire/dicom.h"
#include "wire/dicom_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SAMPLE "tests/fixtures/validate/good_kos.dcm"

static struct str sample(struct arena *a)
{
    struct str bytes;

    assert_int_equal(file_read(a, SAMPLE, 1 << 20, &bytes), OK);
    return bytes;
}

static void test_what_was_written_is_read(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct dicom_element *elements;
    const char *why;

    assert_int_equal(dicom_read(a, sample(a), &elements, &why), OK);
    const struct dicom_element *class = dicom_find(elements, 0x00080016);
    assert_memory_equal(class->value.data, DICOM_KEY_OBJECT_SELECTION, strlen(DICOM_KEY_OBJECT_SELECTION));
    assert_non_null(dicom_find(elements, 0x0040A375)); /* a sequence, whose items are not gone into */
    assert_null(dicom_find(elements, 0x00081199));     /* one of its items' */
    arena_free(a);
}

static void test_a_file_cut_anywhere_within_an_element_is_refused(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct str whole = sample(a);
    struct dicom_element *elements;
    const char *why;
    size_t read = 0;

    for (size_t n = 0; n < whole.len; n++)
        read += dicom_read(a, (struct str){ arena_memdup(a, whole.data, n), n }, &elements, &why) == OK;
    assert_in_range(read, 1, 80); /* only between elements: then it is a shorter file */
    arena_free(a);
}

static void test_a_refusal_says_why(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct str whole = sample(a);
    char *copy = arena_memdup(a, whole.data, whole.len);
    struct dicom_element *elements;
    const char *why;

    assert_int_equal(dicom_read(a, (struct str){ "DICM", 4 }, &elements, &why), E_SYNTAX);
    assert_non_null(strstr(why, "no DICM behind 128 bytes"));
    memcpy(memmem(copy, whole.len, DICOM_EXPLICIT_VR_LITTLE_ENDIAN, 19), "1.2.840.10008.1.2.4", 19);
    assert_int_equal(dicom_read(a, (struct str){ copy, whole.len }, &elements, &why), E_SYNTAX);
    assert_non_null(strstr(why, "transfer syntax"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_written_is_read),
        cmocka_unit_test(test_a_file_cut_anywhere_within_an_element_is_refused),
        cmocka_unit_test(test_a_refusal_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
