/* core/msg/bppc: what a consent document says, as a reader of CDA finds it. */
#include "base/arena.h"
#include "msg/bppc.h"
#include "wire/ns.h"
#include "wire/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct facility one = { .name = "県立病院 <1>", .oid = "2.999.392.3.35.1" };
static const struct community community = { .number = 35,
                                            .name = "N & M",
                                            .home_community_id = "urn:oid:2.999.392.1.35",
                                            .patient_id_domain = "2.999.392.2.35",
                                            .facilities = &one,
                                            .consent = CONSENT_PHYSICIAN };

static struct xml_node *document_of(struct arena *a, const struct consent *consent, const struct patient *patient)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_node *root;

    bppc_encode(a,
                &(struct bppc){ .unique_id = "2.25.1",
                                .event_id = "2.25.2",
                                .time = "20260401000000",
                                .community = &community,
                                .consent = consent,
                                .patient = patient },
                out);
    assert_int_equal(xml_parse(a, buf_str(out), NULL, &root, NULL), OK);
    return root;
}

static const struct xml_node *event_of(const struct xml_node *document)
{
    return xml_at(document, NS_HL7, "documentationOf", "serviceEvent", NULL);
}

static void test_a_withdrawal_names_its_policy(void **state)
{
    const struct consent withdrawn = { .patient = "R1", .state = CONSENT_WITHDRAWN };
    struct arena *a = arena_new();
    const struct xml_node *d = document_of(a, &withdrawn, NULL), *event = event_of(d);

    (void)state;
    assert_string_equal(xml_attr(xml_child(d, NS_HL7, "id"), "root"), "2.25.1");
    assert_string_equal(xml_attr(xml_at(d, NS_HL7, "recordTarget", "patientRole", "id", NULL), "extension"), "R1");
    assert_string_equal(
        xml_attr(xml_at(d, NS_HL7, "recordTarget", "patientRole", "patient", "name", NULL), "nullFlavor"), "UNK");
    assert_string_equal(xml_attr(xml_child(event, NS_HL7, "templateId"), "root"), "1.3.6.1.4.1.19376.1.5.3.1.2.6");
    assert_string_equal(xml_attr(xml_child(event, NS_HL7, "code"), "code"), "2.999.392.10.35.4");
    assert_string_equal(xml_attr(xml_child(event, NS_HL7, "code"), "codeSystem"), "2.999.392.10.35");
    assert_null(xml_child(event, NS_HL7, "performer"));
    arena_free(a);
}

static void test_the_parts_it_is_about_are_named(void **state)
{
    struct consent_part gone = { .id = "2.999.392.3.35.2", .state = CONSENT_WITHDRAWN };
    struct consent_part physician = { .id = "7^^^&2.999.392.3.35.1.3&ISO", .next = &gone };
    struct consent_part facility = { .id = "2.999.392.3.35.1", .next = &physician };
    const struct consent named = { .patient = "R1", .is_named = true, .parts = &facility };
    struct person_name name = { .use = "IDE", .family = "境", .given = "美保" };
    const struct patient patient = { .names = &name, .gender = "F", .birth_time = "19530412" };
    struct arena *a = arena_new();
    const struct xml_node *d = document_of(a, &named, &patient), *event = event_of(d);

    (void)state;
    assert_string_equal(xml_attr(xml_child(event, NS_HL7, "code"), "code"), "2.999.392.10.35.2");
    const struct xml_node *p = xml_child(event, NS_HL7, "performer");
    assert_string_equal(xml_attr(xml_at(p, NS_HL7, "assignedEntity", "id", NULL), "root"), "2.999.392.3.35.1");
    p = xml_next(p);
    assert_string_equal(xml_attr(xml_at(p, NS_HL7, "assignedEntity", "id", NULL), "root"), "2.999.392.3.35.1.3");
    assert_string_equal(xml_attr(xml_at(p, NS_HL7, "assignedEntity", "id", NULL), "extension"), "7");
    assert_null(xml_next(p));
    assert_string_equal(
        xml_text(a, xml_at(d, NS_HL7, "recordTarget", "patientRole", "patient", "name", "family", NULL)), "境");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_withdrawal_names_its_policy),
        cmocka_unit_test(test_the_parts_it_is_about_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
