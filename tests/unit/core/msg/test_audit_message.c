/* msg/audit_*: audit messages go there and back, what breaks the schema is found, and objects are found in messages. */
#include "msg/audit_message.h"
#include "msg/audit_objects.h"

#include "base/arena.h"
#include "wire/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const struct xml_node *parsed(struct arena *a, struct str xml)
{
    struct xml_node *root;

    assert_int_equal(xml_parse(a, xml, NULL, &root, NULL), OK);
    return root;
}

/* ---- there and back ---- */

static struct audit_message message_make(struct arena *a)
{
    static struct audit_code type = { "ITI-18", "IHE Transactions", "Registry Stored Query" };
    static struct audit_code purpose = { "TREAT", "2.16.840.1.113883.3.18.7.1", "Treatment & care" };
    struct audit_message m = { .event = { "110112", "DCM", "Query" },
                               .types = &type,
                               .action = 'E',
                               .time_ms = 1774915200123,
                               .outcome = AUDIT_SERIOUS,
                               .outcome_text = "refused <because>",
                               .purposes = &purpose,
                               .source_id = "0035/registry",
                               .site_id = "urn:oid:2.999.392.1.35",
                               .source_type = 4 };

    audit_add_participant(a, &m,
                          &(struct audit_participant){ .user_id = "someone",
                                                       .user_name = "alias<user@issuer>",
                                                       .is_requestor = true,
                                                       .role = { "110153", "DCM", "Source Role ID" },
                                                       .access_point = "127.0.0.1",
                                                       .access_type = 2 });
    audit_add_participant(a, &m, &(struct audit_participant){ .user_id = "https://x", .alternative_id = "77" });
    audit_add_patient(a, &m, "R0001^^^&2.999.392.2.35&ISO");
    audit_add_patient(a, &m, "R0001^^^&2.999.392.2.35&ISO");
    struct audit_object *query = audit_add_object(a, &m,
                                                  &(struct audit_object){ .id = "urn:uuid:1",
                                                                          .type = AUDIT_SYSTEM,
                                                                          .role = AUDIT_ROLE_QUERY,
                                                                          .id_type = type,
                                                                          .query = STR("<q>照会</q>") });
    audit_add_detail(a, query, "QueryEncoding", STR("UTF-8"));
    return m;
}

static void test_what_is_written_is_valid_and_read_again(void **state)
{
    struct arena *a = *state;
    struct audit_message m = message_make(a), again;
    struct buf *out = buf_new(a, 10000);

    audit_message_encode(&m, out);
    const struct xml_node *root = parsed(a, buf_str(out));
    assert_null(audit_message_check(a, root));
    audit_message_decode(a, root, true, &again);
    assert_string_equal(again.event.code, "110112");
    assert_string_equal(again.types->code, "ITI-18");
    assert_string_equal(again.purposes->text, "Treatment & care");
    assert_int_equal(again.action, 'E');
    assert_int_equal(again.time_ms, m.time_ms);
    assert_int_equal(again.outcome, AUDIT_SERIOUS);
    assert_string_equal(again.outcome_text, "refused <because>");
    assert_string_equal(again.participants->user_name, "alias<user@issuer>");
    assert_true(again.participants->is_requestor);
    assert_int_equal(again.participants->access_type, 2);
    assert_string_equal(again.participants->next->alternative_id, "77");
    assert_null(again.participants->next->next);
    assert_string_equal(again.source_id, "0035/registry");
    assert_string_equal(again.objects->id, "R0001^^^&2.999.392.2.35&ISO");
    assert_true(str_is(again.objects->next->query, "<q>照会</q>"));
    assert_true(str_is(again.objects->next->details->value, "UTF-8"));
    assert_null(again.objects->next->next); /* the patient is told once */
}

/* ---- what is wrong ---- */

#define EVENT(attributes, children) "<EventIdentification " attributes ">" children "</EventIdentification>"
#define USUAL_EVENT                                                                                                    \
    EVENT("EventActionCode='E' EventDateTime='2026-04-01T00:00:00Z' EventOutcomeIndicator='0'",                        \
          "<EventID csd-code='110112' codeSystemName='DCM' originalText='Query'/>")
#define PERSON "<ActiveParticipant UserID='a' UserIsRequestor='true'/>"
#define SOURCE "<AuditSourceIdentification AuditSourceID='s'/>"
#define OBJECT(attributes, children)                                                                                   \
    "<ParticipantObjectIdentification " attributes ">"                                                                 \
    "<ParticipantObjectIDTypeCode csd-code='2' codeSystemName='RFC-3881' originalText='x'/>" children                  \
    "</ParticipantObjectIdentification>"

static void test_what_breaks_a_rule_is_found_at_its_place(void **state)
{
    static const struct {
        const char *xml;
        enum rule rule;
        const char *place;
    } cases[] = {
        { "<Audit/>", RULE_ATNA_ROOT, "/Audit" },
        { "<AuditMessage xmlns='urn:x'/>", RULE_ATNA_ROOT, "/AuditMessage" },
        { "<AuditMessage>" PERSON SOURCE "</AuditMessage>", RULE_ATNA_ELEMENT, "/AuditMessage" },
        { "<AuditMessage>" USUAL_EVENT SOURCE "</AuditMessage>", RULE_ATNA_ELEMENT, "/AuditMessage" },
        { "<AuditMessage>" USUAL_EVENT SOURCE PERSON "</AuditMessage>", RULE_ATNA_ELEMENT,
          "/AuditMessage/ActiveParticipant" },
        { "<AuditMessage>" USUAL_EVENT PERSON SOURCE "<More/></AuditMessage>", RULE_ATNA_ELEMENT,
          "/AuditMessage/More" },
        { "<AuditMessage>" USUAL_EVENT "<ActiveParticipant UserID='a'/>" SOURCE "</AuditMessage>", RULE_ATNA_ATTRIBUTE,
          "/AuditMessage/ActiveParticipant" },
        { "<AuditMessage>" USUAL_EVENT "<ActiveParticipant UserID='a' UserIsRequestor='yes'/>" SOURCE "</AuditMessage>",
          RULE_ATNA_VALUE, "/AuditMessage/ActiveParticipant" },
        { "<AuditMessage>" USUAL_EVENT "<ActiveParticipant UserID='a' UserIsRequestor='true' Colour='red'/>" SOURCE
          "</AuditMessage>",
          RULE_ATNA_ATTRIBUTE, "/AuditMessage/ActiveParticipant" },
        { "<AuditMessage>" USUAL_EVENT PERSON SOURCE OBJECT("ParticipantObjectTypeCode='5'", "") "</AuditMessage>",
          RULE_ATNA_VALUE, "/AuditMessage/ParticipantObjectIdentification" },
        { "<AuditMessage>" USUAL_EVENT PERSON SOURCE OBJECT(
              "", "<ParticipantObjectQuery>!</ParticipantObjectQuery>") "</AuditMessage>",
          RULE_ATNA_VALUE, "/AuditMessage/ParticipantObjectIdentification/ParticipantObjectQuery" },
        { "<AuditMessage>" USUAL_EVENT PERSON SOURCE OBJECT(
              "", "<ParticipantObjectDetail type='t' value='abc'/>") "</AuditMessage>",
          RULE_ATNA_VALUE, "/AuditMessage/ParticipantObjectIdentification/ParticipantObjectDetail" },
        { "<AuditMessage>" EVENT("EventDateTime='2026-04-01T00:00:00' EventOutcomeIndicator='0'",
                                 "<EventID csd-code='110112' codeSystemName='DCM' originalText='Query'/>") PERSON SOURCE
          "</AuditMessage>",
          RULE_ATNA_VALUE, "/AuditMessage/EventIdentification" },
        { "<AuditMessage>" EVENT("EventDateTime='2026-04-01T00:00:00Z' EventOutcomeIndicator='3'",
                                 "<EventID csd-code='110112' codeSystemName='DCM' originalText='Query'/>") PERSON SOURCE
          "</AuditMessage>",
          RULE_ATNA_VALUE, "/AuditMessage/EventIdentification" },
        { "<AuditMessage>" EVENT("EventDateTime='2026-04-01T00:00:00Z' EventOutcomeIndicator='0'",
                                 "<EventID csd-code='110999' codeSystemName='DCM' originalText='Query'/>") PERSON SOURCE
          "</AuditMessage>",
          RULE_ATNA_EVENT, "/AuditMessage/EventIdentification/EventID" },
        { "<AuditMessage>" EVENT(
              "EventActionCode='R' EventDateTime='2026-04-01T00:00:00Z' EventOutcomeIndicator='0'",
              "<EventID csd-code='110112' codeSystemName='DCM' originalText='Query'/>"
              "<EventTypeCode csd-code='ITI-18' codeSystemName='IHE Transactions' originalText='x'/>") PERSON SOURCE
          "</AuditMessage>",
          RULE_ATNA_TRANSACTION, "/AuditMessage/EventIdentification" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct audit_finding *f = audit_message_check(*state, parsed(*state, str_from(cases[i].xml)));
        assert_non_null(f);
        assert_string_equal(f->place, cases[i].place);
        assert_int_equal(f->rule, cases[i].rule);
    }
}

static void test_the_older_form_of_codes_is_taken(void **state)
{
    static const char xml[] = "<AuditMessage>" EVENT(
        "EventDateTime='2026-04-01T00:00:00.5+09:00' EventOutcomeIndicator='12'",
        "<EventID code='110100' codeSystemName='DCM' originalText='x'/>") PERSON SOURCE "</AuditMessage>";
    struct audit_message m;

    assert_null(audit_message_check(*state, parsed(*state, str_from(xml))));
    audit_message_decode(*state, parsed(*state, str_from(xml)), true, &m);
    assert_string_equal(m.event.code, "110100");
    assert_int_equal(m.outcome, AUDIT_MAJOR);
}

/* ---- objects ---- */

static struct audit_part *parts_of(struct arena *a, const char *id, const char *request, const char *response,
                                   bool is_initiating)
{
    const struct audit_exchange x = { .request = parsed(a, str_from(request)),
                                      .response = response != NULL ? parsed(a, str_from(response)) : NULL,
                                      .is_initiating = is_initiating };

    return audit_parts(a, audit_event_find(id), &x);
}

static void test_a_stored_query_names_its_patients(void **state)
{
    const struct audit_part *p = parts_of(
        *state, "ITI-18",
        "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' "
        "xmlns='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><AdhocQuery id='urn:uuid:1' home='urn:oid:1.2'>"
        "<Slot "
        "name='$XDSDocumentEntryPatientId'><ValueList><Value>('a^^^&amp;1.2&amp;ISO','b')</Value></ValueList></Slot>"
        "<Slot name='$XDSDocumentEntryStatus'><ValueList><Value>('c')</Value></ValueList></Slot>"
        "</AdhocQuery></q:AdhocQueryRequest>",
        NULL, false);

    assert_int_equal(p->action, 'E');
    assert_string_equal(p->objects->id, "a^^^&1.2&ISO");
    assert_string_equal(p->objects->next->id, "b");
    const struct audit_object *query = p->objects->next->next;
    assert_string_equal(query->id, "urn:uuid:1");
    assert_int_equal(query->role, AUDIT_ROLE_QUERY);
    assert_non_null(strstr(arena_strndup(*state, query->query.data, query->query.len), "AdhocQueryRequest"));
    assert_string_equal(query->details->type, "QueryEncoding");
    assert_true(str_is(query->details->next->value, "urn:oid:1.2"));
    assert_null(query->next);
}

#define HL7(name, children) "<" name " xmlns='urn:hl7-org:v3'>" children "</" name ">"

static void test_a_merge_is_two_events(void **state)
{
    const struct audit_part *p = parts_of(
        *state, "ITI-44",
        HL7("PRPA_IN201304UV02",
            "<id root='9.9' extension='7'/><controlActProcess><subject><registrationEvent><subject1><patient>"
            "<id root='1.2' extension='stays'/></patient></subject1><replacementOf><priorRegistration><subject1>"
            "<priorRegisteredRole><id root='1.2' "
            "extension='goes'/></priorRegisteredRole></subject1></priorRegistration>"
            "</replacementOf></registrationEvent></subject></controlActProcess>"),
        NULL, false);

    assert_int_equal(p->action, 'U');
    assert_string_equal(p->objects->id, "stays^^^&1.2&ISO");
    assert_string_equal(p->objects->details->type, "II");
    assert_true(str_is(p->objects->details->value, "9.9^7"));
    assert_int_equal(p->next->action, 'D');
    assert_string_equal(p->next->objects->id, "goes^^^&1.2&ISO");
}

static void test_who_asks_another_community_tells_no_patients(void **state)
{
    static const char request[] = HL7("PRPA_IN201305UV02",
                                      "<id root='9'/><controlActProcess><queryByParameter>"
                                      "<queryId root='5'/></queryByParameter></controlActProcess>");
    static const char response[] = HL7(
        "PRPA_IN201306UV02", "<controlActProcess><subject><registrationEvent><subject1><patient>"
                             "<id root='1.2' extension='x'/></patient></subject1></registrationEvent></subject>"
                             "</controlActProcess>");

    assert_int_equal(parts_of(*state, "ITI-55", request, response, true)->objects->role, AUDIT_ROLE_QUERY);
    assert_string_equal(parts_of(*state, "ITI-55", request, response, false)->objects->id, "x^^^&1.2&ISO");
    assert_string_equal(parts_of(*state, "ITI-47", request, response, true)->objects->id, "x^^^&1.2&ISO");
}

static void test_retrieval_names_documents_with_their_repository(void **state)
{
    const struct audit_part *p = parts_of(
        *state, "ITI-43",
        "<RetrieveDocumentSetRequest xmlns='urn:ihe:iti:xds-b:2007'><DocumentRequest>"
        "<HomeCommunityId>urn:oid:1</HomeCommunityId><RepositoryUniqueId>1.5</RepositoryUniqueId>"
        "<DocumentUniqueId>1.6</DocumentUniqueId></DocumentRequest></RetrieveDocumentSetRequest>",
        NULL, true);

    assert_int_equal(p->action, 'C');
    assert_string_equal(p->objects->id, "1.6");
    assert_true(str_is(p->objects->details->value, "1.5"));
    assert_true(str_is(p->objects->details->next->value, "urn:oid:1"));
}

static void test_a_message_that_is_none_has_an_event_without_objects(void **state)
{
    for (size_t i = 0; audit_event_at(i) != NULL; i++) {
        const struct audit_exchange none = { 0 };
        const struct audit_part *p = audit_parts(*state, audit_event_at(i), &none);
        assert_null(p->objects);
        assert_null(p->next);
        assert_non_null(parts_of(*state, audit_event_at(i)->id, "<x/>", NULL, false));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_valid_and_read_again),
        cmocka_unit_test(test_what_breaks_a_rule_is_found_at_its_place),
        cmocka_unit_test(test_the_older_form_of_codes_is_taken),
        cmocka_unit_test(test_a_stored_query_names_its_patients),
        cmocka_unit_test(test_a_merge_is_two_events),
        cmocka_unit_test(test_who_asks_another_community_tells_no_patients),
        cmocka_unit_test(test_retrieval_names_documents_with_their_repository),
        cmocka_unit_test(test_a_message_that_is_none_has_an_event_without_objects),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
