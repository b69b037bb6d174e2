/* Reading what dicom.c writes, and what others write otherwise: implicit VR, known lengths (PS3.5: 7.1.3, 7.5). */
#include "wire/dicom_read.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/dicom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* The bytes of a literal, which may hold NULs. */
#define ADD(b, literal) buf_add((b), literal, sizeof(literal) - 1)

static int setup(void **out)
{
    *out = arena_new();
    return 0;
}

static int teardown(void **in)
{
    arena_free(*in);
    return 0;
}

static void add_image(struct buf *b)
{
    dicom_begin(b, DICOM_SECONDARY_CAPTURE, "1.2.3.4");
    dicom_text(b, DICOM_SOPClassUID, DICOM_SECONDARY_CAPTURE);
    dicom_text(b, DICOM_SOPInstanceUID, "1.2.3.4");
    dicom_code(b, DICOM_ReferencedPerformedProcedureStepSequence, "1", "DCM", "within it, which counts for nothing");
    dicom_text(b, DICOM_StudyInstanceUID, "1.2.3");
    dicom_text(b, DICOM_SeriesInstanceUID, "1.2.3.1");
    dicom_bytes(b, DICOM_PixelData, (struct str){ "\1\2\3\4", 4 });
}

static void test_an_image_says_who_it_is(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);
    struct dicom_identity is;

    add_image(b);
    assert_int_equal(dicom_identify(*state, buf_str(b), &is), OK);
    assert_string_equal(is.transfer_syntax, DICOM_EXPLICIT_VR_LITTLE_ENDIAN);
    assert_string_equal(is.sop_class, DICOM_SECONDARY_CAPTURE);
    assert_string_equal(is.sop_instance, "1.2.3.4");
    assert_string_equal(is.study, "1.2.3");
    assert_string_equal(is.series, "1.2.3.1");
}

static void test_its_head_is_enough(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);
    struct dicom_identity is;

    add_image(b);
    assert_int_equal(dicom_identify(*state, (struct str){ b->data, b->len - 10 }, &is), OK);
    assert_string_equal(is.series, "1.2.3.1");
    assert_int_equal(dicom_identify(*state, (struct str){ b->data, 200 }, &is), E_SYNTAX);
}

/* Group 2 stays explicit. */
static void add_implicit_head(struct buf *b)
{
    char preamble[128] = { 0 };

    buf_add(b, preamble, sizeof(preamble));
    ADD(b, "DICM"
           "\x02\x00\x10\x00UI\x12\x00"
           "1.2.840.10008.1.2\0");
}

static void test_implicit_vr_is_read(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);
    struct dicom_identity is;

    add_implicit_head(b);
    ADD(b, "\x08\x00\x18\x00\x04\0\0\0"
           "1.2\0");
    ADD(b, "\x20\x00\x0D\x00\x02\0\0\0"
           "1\0");
    ADD(b, "\x20\x00\x0E\x00\x02\0\0\0"
           "2\0");
    assert_int_equal(dicom_identify(*state, buf_str(b), &is), OK);
    assert_string_equal(is.sop_instance, "1.2");
    assert_string_equal(is.study, "1");
    assert_string_equal(is.series, "2");
}

static void test_what_is_no_dicom_file_is_refused(void **state)
{
    struct dicom_identity is;
    char zeros[200] = { 0 };

    assert_int_equal(dicom_identify(*state, (struct str){ zeros, sizeof(zeros) }, &is), E_SYNTAX);
    assert_int_equal(dicom_identify(*state, (struct str){ NULL, 0 }, &is), E_SYNTAX);
    assert_int_equal(dicom_identify(*state, str_from("<ClinicalDocument/>"), &is), E_SYNTAX);
}

static void add_reference(struct buf *b, const char *instance)
{
    dicom_item(b);
    dicom_text(b, DICOM_ReferencedSOPClassUID, DICOM_SECONDARY_CAPTURE);
    dicom_text(b, DICOM_ReferencedSOPInstanceUID, instance);
    dicom_end_item(b);
}

static void begin_series(struct buf *b)
{
    dicom_item(b);
    dicom_sequence(b, DICOM_ReferencedSOPSequence);
}

/* location may be NULL: the element is left out. */
static void end_series(struct buf *b, const char *series, const char *location)
{
    dicom_end_sequence(b);
    dicom_text(b, DICOM_SeriesInstanceUID, series);
    if (location != NULL)
        dicom_text(b, DICOM_RetrieveLocationUID, location);
    dicom_end_item(b);
}

static void add_manifest(struct buf *b)
{
    dicom_begin(b, DICOM_KEY_OBJECT_SELECTION, "1.9");
    dicom_sequence(b, DICOM_CurrentRequestedProcedureEvidenceSequence);
    dicom_item(b);
    dicom_sequence(b, DICOM_ReferencedSeriesSequence);
    begin_series(b);
    add_reference(b, "1.1.1.1");
    add_reference(b, "1.1.1.2");
    end_series(b, "1.1.1", NULL);
    begin_series(b);
    add_reference(b, "1.1.2.1");
    end_series(b, "1.1.2", "2.999.2");
    dicom_end_sequence(b);
    dicom_text(b, DICOM_StudyInstanceUID, "1.1");
    dicom_end_item(b);
    dicom_item(b);
    dicom_sequence(b, DICOM_ReferencedSeriesSequence);
    begin_series(b);
    add_reference(b, "1.2.1.1");
    end_series(b, "1.2.1", "2.999.3");
    dicom_end_sequence(b);
    dicom_text(b, DICOM_StudyInstanceUID, "1.2");
    dicom_end_item(b);
    dicom_end_sequence(b);
    dicom_sequence(b, DICOM_ContentSequence); /* names them once more, which counts for nothing */
    add_reference(b, "1.1.1.1");
    dicom_end_sequence(b);
}

static void test_a_manifest_refers_to_instances_of_series_of_studies(void **state)
{
    static const struct dicom_reference expected[] = {
        { "1.1", "1.1.1", "1.1.1.1", NULL, NULL },
        { "1.1", "1.1.1", "1.1.1.2", NULL, NULL },
        { "1.1", "1.1.2", "1.1.2.1", "2.999.2", NULL },
        { "1.2", "1.2.1", "1.2.1.1", "2.999.3", NULL },
    };
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);
    struct dicom_reference *r;
    size_t n = 0;

    add_manifest(b);
    assert_int_equal(dicom_references(*state, buf_str(b), &r), OK);
    for (; r != NULL; r = r->next, n++) {
        assert_string_equal(r->study, expected[n].study);
        assert_string_equal(r->series, expected[n].series);
        assert_string_equal(r->sop_instance, expected[n].sop_instance);
        assert_true(text_equal(r->location, expected[n].location));
    }
    assert_int_equal(n, ARRAY_LEN(expected));
}

static void test_deep_nesting_ends(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);
    struct dicom_reference *r;

    dicom_begin(b, DICOM_KEY_OBJECT_SELECTION, "1.9");
    for (int i = 0; i < 1000; i++) {
        dicom_sequence(b, DICOM_ContentSequence);
        dicom_item(b);
    }
    assert_int_equal(dicom_references(*state, buf_str(b), &r), E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_image_says_who_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(test_its_head_is_enough, setup, teardown),
        cmocka_unit_test_setup_teardown(test_implicit_vr_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_dicom_file_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_manifest_refers_to_instances_of_series_of_studies, setup, teardown),
        cmocka_unit_test_setup_teardown(test_deep_nesting_ends, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
