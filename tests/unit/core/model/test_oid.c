/* model/oid: what has the form and what only looks like it. */
#include "model/oid.h"

#include "base/rc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

struct example {
    const char *text;
    bool fits;
};

static void check(bool (*form)(const char *), const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (form(examples[i].text) != examples[i].fits)
            fail_msg("\"%s\" should %sfit", examples[i].text, examples[i].fits ? "" : "not ");
    assert_false(form(NULL));
    assert_false(form(""));
}

static void test_oid_has_two_arcs_no_leading_zeros_and_64_characters(void **state)
{
    static const struct example examples[] = {
        { "2.999.392.1.35", true },
        { "1.0", true },
        { "2.25.340282366920938463463374607431768211455", true },
        { "2", false },
        { "2.", false },
        { ".2", false },
        { "2..1", false },
        { "2.01", false },
        { "3.1", false },
        { "22.1", false },
        { "2.999.1 ", false },
        { "urn:oid:2.999.1", false },
    };

    (void)state;
    check(is_oid, examples, ARRAY_LEN(examples));
}

static void test_oid_at_the_length_limit(void **state)
{
    char text[66] = "2.999.";

    (void)state;
    for (size_t i = 6; i < 64; i++)
        text[i] = '7';
    assert_true(is_oid(text));
    text[64] = '7';
    assert_false(is_oid(text));
}

static void test_urns(void **state)
{
    static const struct example oids[] = { { "urn:oid:2.999.1", true }, { "2.999.1", false }, { "urn:oid:", false } };
    static const struct example uuids[] = {
        { "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1", true },
        { "urn:uuid:7EDCA82F-054D-47F2-A032-9B2A5B5186C1", false },
        { "urn:uuid:7edca82f054d47f2a0329b2a5b5186c1", false },
        { "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c", false },
        { "7edca82f-054d-47f2-a032-9b2a5b5186c1", false },
    };

    (void)state;
    check(is_oid_urn, oids, ARRAY_LEN(oids));
    check(is_uuid_urn, uuids, ARRAY_LEN(uuids));
}

static void test_dtm_takes_any_precision_and_real_dates_only(void **state)
{
    static const struct example examples[] = {
        { "2026", true },           { "202611", true },    { "20261120", true },         { "2026112023", true },
        { "202611202359", true },   { "20240229", true },  { "20261120235959", true },   { "20260229", false },
        { "20261301", false },      { "20260431", false }, { "2026112024", false },      { "20261120235960", false },
        { "2026-11-20", false },    { "20261", false },    { "202611202359590", false }, { "202600", false },
        { "20261120+0900", false },
    };

    (void)state;
    check(is_dtm, examples, ARRAY_LEN(examples));
}

static void test_other_forms(void **state)
{
    static const struct example hashes[] = {
        { "da39a3ee5e6b4b0d3255bfef95601890afd80709", true },
        { "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", true },
        { "da39a3ee5e6b4b0d3255bfef95601890afd8070", false },
        { "ga39a3ee5e6b4b0d3255bfef95601890afd80709", false },
    };
    static const struct example languages[] = {
        { "ja", true },     { "ja-JP", true }, { "sl-rozaj-1994", true }, { "j4", false },
        { "ja_JP", false }, { "ja-", false },  { "japanesee", false },
    };
    static const struct example types[] = {
        { "text/xml", true }, { "application/hl7-v3+xml", true },   { "text", false }, { "text/", false },
        { "/xml", false },    { "text/xml; charset=utf-8", false },
    };

    (void)state;
    check(is_sha1, hashes, ARRAY_LEN(hashes));
    check(is_language_tag, languages, ARRAY_LEN(languages));
    check(is_media_type, types, ARRAY_LEN(types));
}

static void test_oid_of_urn_strips_the_prefix_alone(void **state)
{
    (void)state;
    assert_string_equal(oid_of_urn("urn:oid:2.999.1"), "2.999.1");
    assert_string_equal(oid_of_urn("2.999.1"), "2.999.1");
    assert_null(oid_of_urn(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oid_has_two_arcs_no_leading_zeros_and_64_characters),
        cmocka_unit_test(test_oid_at_the_length_limit),
        cmocka_unit_test(test_urns),
        cmocka_unit_test(test_dtm_takes_any_precision_and_real_dates_only),
        cmocka_unit_test(test_other_forms),
        cmocka_unit_test(test_oid_of_urn_strips_the_prefix_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
