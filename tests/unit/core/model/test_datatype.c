/* core/model/datatype: HL7 v2 data types in their XDS profile (ITI TF-3: Table 4.2.3.1.7-2). */
#include "base/rc.h"
#include "model/datatype.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct sample {
    bool (*is)(const char *text);
    const char *text;
    bool fits;
};

#define A "&1.2.3&ISO"

static const struct sample samples[] = {
    { is_cx, "R1^^^" A, true },
    { is_cx, "R1", false },
    { is_cx, "^^^" A, false },
    { is_cx, "R1^x^^" A, false },
    { is_cx, "R1^^^auth" A, false },
    { is_cx, "R1^^^&1.2.3&GUID", false },
    { is_cx, "R1^^^&1.02.3&ISO", false },
    { is_cx, "R1^^^&1.2.3", false },
    { is_cx, "R1^^^" A "^PI", false },
    { is_cx, "R1^^^" A "^", false },
    { is_cx, "R~1^^^" A, false },
    { is_cxi, "1^^^" A "^urn:ihe:iti:xds:2013:accession", true },
    { is_cxi, "1.2.3^^^^urn:ihe:iti:xds:2013:uniqueId", true },
    { is_cxi, "1^^^NS^urn:x:y", true },
    { is_cxi, "1^^^" A "^urn:x:y^" A, true },
    { is_cxi, "1^^^" A, false },
    { is_cxi, "^^^" A "^urn:x:y", false },
    { is_cxi, "1^2^^" A "^urn:x:y", false },
    { is_cxi, "1^^^1.2.3&ISO^urn:x:y", false },
    { is_cxi, "1^^^" A "^urn:x:y^^z", false },
    { is_xcn, "123", true },
    { is_xcn, "^米子^一郎", true },
    { is_xcn, "123^米子^一郎^^^Dr^^^" A, true },
    { is_xcn, "123^米子^^^", true },
    { is_xcn, "^^一郎", false },
    { is_xcn, "", false },
    { is_xcn, "^米子^一郎^^^^^^" A, false },
    { is_xcn, "123^米子^一郎^^^^^^1.2.3", false },
    { is_xon, "病院", true },
    { is_xon, "病院^^^^^" A "^^^^123", true },
    { is_xon, "病院^^^^^^^^^1.2.3.4", true },
    { is_xon, "病院^^^^^^^^^123", false },
    { is_xon, "^^^^^^^^^1.2.3.4", false },
    { is_xon, "病院^L", false },
    { is_xon, "病院^^^^^1.2.3^^^^123", false },
    { is_xon, "病院^^^^^^^^^1.2.3^x", false },
    { is_xtn, "^^Internet^a@example.org", true },
    { is_xtn, "^NET^Internet^a@example.org", true },
    { is_xtn, "^PRN^PH^^81^3^12345678", true },
    { is_xtn, "^^PH^^^^^^^^^03-1234-5678", true },
    { is_xtn, "^PRN^Internet^a@example.org", false },
    { is_xtn, "^^Internet", false },
    { is_xtn, "^^PH", false },
    { is_xtn, "03-1234-5678", false },
    { is_xtn, "^^XX^^81^3^12345678", false },
    { is_coded_string, "主治医", true },
    { is_coded_string, "01^^^" A, true },
    { is_coded_string, "01^^1.2.3", false },
    { is_recipient, "病院", true },
    { is_recipient, "|^境^二郎", true },
    { is_recipient, "||^^Internet^a@example.org", true },
    { is_recipient, "病院|5^境|^^Internet^a@example.org", true },
    { is_recipient, "病院||", true },
    { is_recipient, "||", false },
    { is_recipient, "|病院", true }, /* an id alone is a person */
    { is_recipient, "病院|^境^二郎|03-1234-5678", false },
    { is_recipient, "病院|^境|^^Internet^a@example.org|x", false },
    { is_pid_field, "PID-5|境^美保", true },
    { is_pid_field, "PID-11|", true },
    { is_pid_field, "PID-|x", false },
    { is_pid_field, "PV1-2|x", false },
    { is_unique_id, "1.2.3", true },
    { is_unique_id, "1.2.3^doc", true },
    { is_unique_id, "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", true },
    { is_unique_id, "1.2.3^", false },
    { is_unique_id, "document", false },
    { is_unique_id, "urn:", false },
    { is_unique_id, "1.2: 3", false },
    { is_uri, "http://example.org/a?b=%E8#c", true },
    { is_uri, "DOC00001.XML", true },
    { is_uri, "a b", false },
    { is_uri, "http://例.jp", false },
    { is_uri, "", false },
};

static void test_samples(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        if (samples[i].is(samples[i].text) != samples[i].fits)
            fail_msg("\"%s\" %s fit (row %zu)", samples[i].text, samples[i].fits ? "should" : "should not", i);
    }
}

static void test_hundreds_of_components_fit_nothing(void **state UNUSED)
{
    char text[600];

    for (size_t i = 0; i + 1 < sizeof(text); i++)
        text[i] = i % 2 == 0 ? 'a' : '^';
    text[sizeof(text) - 1] = '\0';
    assert_false(is_cx(text) || is_cxi(text) || is_xcn(text) || is_xon(text) || is_xtn(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_hundreds_of_components_fit_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
