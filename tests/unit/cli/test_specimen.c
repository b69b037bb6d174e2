/* cli/specimen: what a file holds, however it was kept. */
#include "cli/specimen.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct specimen of(struct arena *a, const char *text)
{
    struct specimen s;

    specimen_read(a, "f", str_from(text), &s);
    return s;
}

static void test_a_kind_is_seen(void **state UNUSED)
{
    static const struct {
        const char *text;
        enum specimen_kind kind;
        const char *left; /* NULL: all of it */
    } cases[] = {
        { "<?xml version='1.0'?>\n<!-- x --><s:Envelope/>", SPECIMEN_SOAP, NULL },
        { "<AuditMessage><x/></AuditMessage>", SPECIMEN_AUDIT, NULL },
        { "<85>1 - - - - - - <AuditMessage/>", SPECIMEN_AUDIT, NULL },
        { "33 <85>1 - - - - - - <AuditMessage/>", SPECIMEN_AUDIT, "<85>1 - - - - - - <AuditMessage/>" },
        { "<?xml version='1.0'?><h:ClinicalDocument xmlns:h='urn:hl7-org:v3'>", SPECIMEN_CDA, NULL },
        { "MSH|^~\\&|A", SPECIMEN_HL7V2, NULL },
        { "\x0bMSH|^~\\&|A\r\x1c\r", SPECIMEN_HL7V2, "MSH|^~\\&|A\r" },
        { "MLLP\n\nMSH|^~\\&|A", SPECIMEN_HL7V2, "MSH|^~\\&|A" },
        { "MLLP\n\nno header", SPECIMEN_HL7V2, "no header" },
        { "hello", SPECIMEN_UNKNOWN, NULL },
        { "", SPECIMEN_UNKNOWN, NULL },
        { "\x0b", SPECIMEN_HL7V2, "" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct specimen s = of(a, cases[i].text);
        const char *left = cases[i].left != NULL ? cases[i].left : cases[i].text;
        assert_int_equal(s.kind, cases[i].kind);
        assert_int_equal(s.bytes.len, strlen(left));
        assert_memory_equal(s.bytes.data, left, strlen(left));
    }
    arena_free(a);
}

static void test_a_head_says_to_whom_and_what(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct specimen s = of(a, "POST /0035/repository/3 HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n\r\n<a/>");

    assert_string_equal(s.community, "0035");
    assert_string_equal(s.actor, "repository");
    assert_int_equal(s.number, 3);
    assert_string_equal(s.content_type, "text/xml");
    assert_memory_equal(s.bytes.data, "<a/>", s.bytes.len);
    assert_false(s.is_answer);
    s = of(a, "POST https://h:1/0026/registry\nX: y\n\nz");
    assert_string_equal(s.community, "0026");
    assert_string_equal(s.actor, "registry");
    assert_int_equal(s.number, 1);
    assert_null(s.content_type);
    arena_free(a);
}

static void test_a_status_line_is_of_an_answer(void **state UNUSED)
{
    struct arena *a = arena_new();

    assert_true(of(a, "HTTP/1.1 200 OK\r\nContent-Type: x/y\r\n\r\n<a/>").is_answer);
    assert_true(of(a, "HTTP 200\nContent-Type: x/y\n\n<a/>").is_answer);
    assert_string_equal(of(a, "HTTP 200\ncontent-type: x/y\n\n<a/>").content_type, "x/y");
    arena_free(a);
}

static void test_a_package_without_its_head_names_its_boundary(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct specimen s = of(a, "--MIME_b\r\nContent-ID: <1>\r\n\r\n<a/>\r\n--MIME_b--");

    assert_int_equal(s.kind, SPECIMEN_SOAP);
    assert_non_null(strstr(s.content_type, "boundary=\"MIME_b\""));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_kind_is_seen),
        cmocka_unit_test(test_a_head_says_to_whom_and_what),
        cmocka_unit_test(test_a_status_line_is_of_an_answer),
        cmocka_unit_test(test_a_package_without_its_head_names_its_boundary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
