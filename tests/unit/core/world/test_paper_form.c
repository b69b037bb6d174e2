/* Forms: how they are filled in each syntax, and how a broken one is refused. */
#include "world/paper.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct bench {
    struct arena *arena;
    const char *folder, *path;
    struct papers papers;
    struct paper paper;
    struct paper_department department;
    struct paper_disease diseases[2];
};

/* A paper with what the forms below name, and no more. */
static int setup(void **out)
{
    struct arena *a = arena_new();
    struct bench *b = ARENA_NEW(a, struct bench);

    b->arena = a;
    b->folder = scratch_make(a);
    b->path = arena_printf(a, "%s/form", b->folder);
    assert_int_equal(jis_new(a, &b->papers.jis), OK);
    b->department = (struct paper_department){ .code = "01", .name = "内科 <&|^" };
    b->diseases[0] = (struct paper_disease){ .icd = "I10", .name = "高血圧症" };
    b->diseases[1] = (struct paper_disease){ .icd = "K297", .name = "胃炎" };
    b->paper = (struct paper){ .papers = &b->papers,
                               .department = &b->department,
                               .diseases = { &b->diseases[0], &b->diseases[1] },
                               .disease_count = 2,
                               .start = paper_time_of(1767225600) };
    *out = b;
    return 0;
}

static int teardown(void **in)
{
    struct bench *b = *in;

    scratch_remove(b->folder);
    arena_free(b->arena);
    return 0;
}

static enum rc load(const struct bench *b, const char *text, enum paper_syntax syntax, struct paper_form **out)
{
    assert_int_equal(file_write(b->path, str_from(text), 0600), OK);
    return paper_form_load(b->arena, b->papers.jis, b->path, syntax, out);
}

static const char *filled(struct bench *b, const char *text, enum paper_syntax syntax)
{
    struct buf *out = buf_new(b->arena, BUF_MAX_DEFAULT);
    struct paper_form *form;

    assert_int_equal(load(b, text, syntax, &form), OK);
    paper_form_fill(form, &b->paper, out);
    return buf_text(out);
}

static void test_text_stays_as_it_is(void **state)
{
    assert_string_equal(filled(*state, "({{department.name}})\n", PAPER_TEXT), "(内科 <&|^)\n");
}

static void test_xml_is_escaped(void **state)
{
    assert_string_equal(filled(*state, "<a>{{department.name}}</a>", PAPER_XML), "<a>内科 &lt;&amp;|^</a>");
}

static void test_hl7_is_escaped_encoded_and_ended_by_cr(void **state)
{
    assert_string_equal(filled(*state, "PV1|内|{{department.name}}|\n", PAPER_HL7),
                        "PV1|\x1B$BFb\x1B(B|\x1B$BFb2J\x1B(B <\\T\\\\F\\\\S\\|\r");
}

static void test_rows_are_repeated_and_counted(void **state)
{
    assert_string_equal(filled(*state, "[{{#diseases}}{{row}}:{{disease.icd}},{{/diseases}}]", PAPER_TEXT),
                        "[1:I10,2:K297,]");
}

static void test_no_rows_are_nothing(void **state)
{
    assert_string_equal(filled(*state, "[{{#medicines}}{{medicine.name}}{{/medicines}}]", PAPER_TEXT), "[]");
}

static void test_times_are_japans(void **state)
{
    assert_string_equal(filled(*state, "{{start}} {{start.date}} {{start.ja}}", PAPER_TEXT),
                        "20260101090000 20260101 2026年1月1日 09:00");
}

static void test_broken_forms_are_refused(void **state)
{
    const char *const broken[] = { "{{nothing.of.the.kind}}",
                                   "{{#nothing}}{{/nothing}}",
                                   "{{department.name",
                                   "{{#diseases}}",
                                   "{{/diseases}}",
                                   "{{#diseases}}{{/medicines}}",
                                   "{{#diseases}}{{#medicines}}{{/medicines}}{{/diseases}}",
                                   "{{}}" };
    struct paper_form *form;

    for (size_t i = 0; i < ARRAY_LEN(broken); i++)
        assert_int_equal(load(*state, broken[i], PAPER_TEXT, &form), E_CONFIG);
}

static void test_a_page_says_what_is_wrong_with_it(void **state)
{
    const char *const broken[] = { "12 60 TEXT without its y\n", "12 60 700 {{patient.id}}\n",
                                   "12 60 700 {{patient.id:3}}\n", "12 60 700 {{nobody:20}}\n",
                                   "12 60 700 {{patient.id:20\n" };
    struct bench *b = *state;
    struct paper_stock stock;

    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        assert_int_equal(file_write(b->path, str_from(broken[i]), 0600), OK);
        assert_int_equal(paper_pdf_load(b->arena, &b->papers, b->path, &stock), E_CONFIG);
    }
}

static void test_days_and_dates_agree(void **state UNUSED)
{
    const struct {
        int year, month, day;
        long days;
    } known[] = { { 1970, 1, 1, 0 },
                  { 2000, 2, 29, 11016 },
                  { 2026, 4, 1, 20544 },
                  { 1926, 12, 25, -15713 },
                  { 2100, 3, 1, 47541 } };
    struct paper_time t;

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        assert_int_equal(paper_days_of(known[i].year, known[i].month, known[i].day), known[i].days);
        paper_date_of(known[i].days, &t);
        assert_int_equal(t.year * 10000 + t.month * 100 + t.day,
                         known[i].year * 10000 + known[i].month * 100 + known[i].day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_stays_as_it_is),
        cmocka_unit_test(test_xml_is_escaped),
        cmocka_unit_test(test_hl7_is_escaped_encoded_and_ended_by_cr),
        cmocka_unit_test(test_rows_are_repeated_and_counted),
        cmocka_unit_test(test_no_rows_are_nothing),
        cmocka_unit_test(test_times_are_japans),
        cmocka_unit_test(test_broken_forms_are_refused),
        cmocka_unit_test(test_a_page_says_what_is_wrong_with_it),
        cmocka_unit_test(test_days_and_dates_agree),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
