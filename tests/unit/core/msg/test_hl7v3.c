/* The transmission wrapper, data types and acknowledgements of HL7 v3 (ITI TF-2: Appendix E, Appendix O). */
#include "msg/hl7v3.h"

#include "tests/unit/core/msg/hl7_check.h"

#define ID           "<id root=\"2.999.7\" extension=\"Q1\"/>"
#define CREATED      "<creationTime value=\"20260101\"/>"
#define PROCESSED    "<processingCode code=\"P\"/><processingModeCode code=\"T\"/>"
#define ACCEPTED     "<acceptAckCode code=\"AL\"/>"
#define CODES        CREATED PROCESSED ACCEPTED
#define WRAPPER_HEAD ID CODES
#define INTERACTION  "<interactionId root=\"2.16.840.1.113883.1.6\" extension=\"PRPA_IN201301UV02\"/>"
#define DEVICE(oid)  "<device classCode=\"DEV\" determinerCode=\"INSTANCE\"><id root=\"" oid "\"/></device>"
#define RECEIVER     "<receiver typeCode=\"RCV\">" DEVICE("2.999.8.2") "</receiver>"
#define SENDER       "<sender typeCode=\"SND\">" DEVICE("2.999.8.1") "</sender>"

static struct hl7_message request_make(void)
{
    return (struct hl7_message){
        .interaction = "PRPA_IN201301UV02",
        .id = { .root = "2.999.7", .extension = "Q1" },
        .sender = { .root = "2.999.8.1", .home = "2.999.392.1.26" },
        .receiver = { .root = "2.999.8.2" },
        .processing_code = "T",
    };
}

static void test_an_answer_swaps_the_ends_and_keeps_the_processing_code(void **state)
{
    struct hl7_message request = request_make();
    struct hl7_message m = hl7_message_new(*state, "MCCI_IN000002UV01", &request);

    assert_string_equal(m.sender.root, "2.999.8.2");
    assert_string_equal(m.receiver.root, "2.999.8.1");
    assert_string_equal(m.receiver.home, "2.999.392.1.26");
    assert_string_equal(m.processing_code, "T");
    assert_string_equal(m.accept_ack, "NE");
    assert_string_equal(m.creation_time, "20260401090000");
    assert_null(m.id.extension);
}

static void test_a_message_of_our_own_wants_an_acknowledgement(void **state)
{
    struct hl7_message m = hl7_message_new(*state, "PRPA_IN201309UV02", NULL);
    struct hl7_message next = hl7_message_new(*state, "PRPA_IN201309UV02", NULL);

    assert_string_equal(m.accept_ack, "AL");
    assert_string_equal(m.processing_code, "P");
    assert_string_not_equal(m.id.root, next.id.root);
}

static void test_the_wrapper_is_read_as_it_was_written(void **state)
{
    struct arena *a = *state;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct hl7_message m = request_make(), read;
    struct issue_list issues = { 0 };
    struct xml_writer w;

    m.creation_time = "20260401090000";
    m.accept_ack = "AL";
    xw_init(&w, out);
    hl7_message_open(&w, &m);
    xw_close(&w);
    assert_int_equal(hl7_message_decode(a, hl7_parse(a, buf_str(out)), &read, &issues), OK);
    assert_int_equal(issues.errors, 0);
    assert_string_equal(read.interaction, m.interaction);
    assert_true(patient_id_equal(&read.id, &m.id));
    assert_string_equal(read.creation_time, m.creation_time);
    assert_string_equal(read.sender.root, m.sender.root);
    assert_string_equal(read.sender.home, m.sender.home);
    assert_string_equal(read.receiver.root, m.receiver.root);
    assert_null(read.receiver.home);
    assert_string_equal(read.processing_code, "T");
    assert_string_equal(read.accept_ack, "AL");
}

static void test_what_the_wrapper_lacks_is_named_with_its_place(void **state)
{
    static const struct {
        const char *children, *place;
    } cases[] = {
        { CODES INTERACTION RECEIVER SENDER, "/PRPA_IN201301UV02/id" },
        { ID PROCESSED ACCEPTED INTERACTION RECEIVER SENDER, "/PRPA_IN201301UV02/creationTime/@value" },
        { ID CREATED "<processingModeCode code=\"T\"/>" ACCEPTED INTERACTION RECEIVER SENDER,
          "/PRPA_IN201301UV02/processingCode/@code" },
        { ID CREATED "<processingCode code=\"P\"/>" ACCEPTED INTERACTION RECEIVER SENDER,
          "/PRPA_IN201301UV02/processingModeCode/@code" },
        { ID CREATED PROCESSED INTERACTION RECEIVER SENDER, "/PRPA_IN201301UV02/acceptAckCode/@code" },
        { WRAPPER_HEAD RECEIVER SENDER, "/PRPA_IN201301UV02/interactionId" },
        { WRAPPER_HEAD INTERACTION SENDER, "/PRPA_IN201301UV02/receiver/device/id" },
        { WRAPPER_HEAD INTERACTION RECEIVER, "/PRPA_IN201301UV02/sender/device/id" },
        { WRAPPER_HEAD INTERACTION RECEIVER "<sender/>", "/PRPA_IN201301UV02/sender/device/id" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct issue_list issues = { 0 };
        struct hl7_message m;
        struct xml_node *body = hl7_parse_text(*state, "PRPA_IN201301UV02", cases[i].children);
        assert_int_equal(hl7_message_decode(*state, body, &m, &issues), E_REFUSED);
        assert_int_equal(issues.errors, 1);
        assert_issue(&issues, ISSUE_HL7_REQUIRED_MISSING, cases[i].place);
    }
}

static void test_what_stands_wrongly_in_the_wrapper_is_rejected_or_an_error(void **state)
{
    static const struct {
        const char *children;
        enum issue_code code;
        const char *place, *ack, *response;
    } cases[] = {
        { ID "<creationTime value=\"today\"/>" PROCESSED ACCEPTED INTERACTION RECEIVER SENDER, ISSUE_HL7_BAD_VALUE,
          "/PRPA_IN201301UV02/creationTime/@value", "AE", "QE" },
        { ID CREATED
          "<processingCode code=\"X\"/><processingModeCode code=\"T\"/>" ACCEPTED INTERACTION RECEIVER SENDER,
          ISSUE_HL7_PROCESSING_ID, "/PRPA_IN201301UV02/processingCode/@code", "AR", "AE" },
        { ID CREATED
          "<processingCode code=\"P\"/><processingModeCode code=\"A\"/>" ACCEPTED INTERACTION RECEIVER SENDER,
          ISSUE_HL7_PROCESSING_MODE, "/PRPA_IN201301UV02/processingModeCode/@code", "AR", "AE" },
        { ID CREATED PROCESSED "<acceptAckCode code=\"?\"/>" INTERACTION RECEIVER SENDER, ISSUE_HL7_TABLE_VALUE,
          "/PRPA_IN201301UV02/acceptAckCode/@code", "AE", "QE" },
        { WRAPPER_HEAD INTERACTION RECEIVER RECEIVER SENDER, ISSUE_HL7_BAD_VALUE, "/PRPA_IN201301UV02/receiver[2]",
          "AE", "QE" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct issue_list issues = { 0 };
        struct hl7_message m;
        struct xml_node *body = hl7_parse_text(*state, "PRPA_IN201301UV02", cases[i].children);
        assert_int_equal(hl7_message_decode(*state, body, &m, &issues), E_REFUSED);
        assert_int_equal(issues.errors, 1);
        assert_issue(&issues, cases[i].code, cases[i].place);
        assert_string_equal(hl7_ack_code(&issues, false), cases[i].ack);
        assert_string_equal(hl7_response_code(&issues, true), cases[i].response);
    }
}

/* Some WSDLs call a body after its operation. */
static void test_a_body_may_be_named_after_its_operation(void **state)
{
    static const char continuation[] = WRAPPER_HEAD
        "<interactionId root=\"2.16.840.1.113883.1.6\" extension=\"QUQI_IN000003UV01\"/>" RECEIVER SENDER;
    struct issue_list issues = { 0 };
    struct hl7_message m;
    struct xml_node *body = hl7_parse_text(*state, "QUQI_IN000003UV01_Cancel", continuation);

    assert_int_equal(hl7_message_decode_as(*state, body, "QUQI_IN000003UV01", &m, &issues), OK);
    assert_string_equal(m.interaction, "QUQI_IN000003UV01");
    body = hl7_parse_text(*state, "QUQI_IN000003UV01_Other", continuation);
    assert_int_equal(hl7_message_decode_as(*state, body, "QUQI_IN000003UV01", &m, &issues), E_REFUSED);
}

static void test_a_refused_wrapper_still_says_whom_to_answer(void **state)
{
    struct issue_list issues = { 0 };
    struct hl7_message m;
    struct xml_node *body = hl7_parse_text(*state, "PRPA_IN201301UV02", WRAPPER_HEAD INTERACTION SENDER);

    assert_int_equal(hl7_message_decode(*state, body, &m, &issues), E_REFUSED);
    assert_string_equal(m.id.extension, "Q1");
    assert_string_equal(m.sender.root, "2.999.8.1");
}

static void test_the_root_must_be_the_interaction_it_names(void **state)
{
    struct issue_list issues = { 0 };
    struct hl7_message m;
    struct xml_node *body = hl7_parse_text(*state, "PRPA_IN201302UV02", WRAPPER_HEAD INTERACTION RECEIVER SENDER);

    assert_int_equal(hl7_message_decode(*state, body, &m, &issues), E_REFUSED);
    assert_issue(&issues, ISSUE_HL7_BAD_VALUE, "/PRPA_IN201302UV02/interactionId");
}

static void test_a_body_of_another_namespace_is_no_interaction(void **state)
{
    struct issue_list issues = { 0 };
    struct hl7_message m;
    struct xml_node *body = hl7_parse(*state, STR("<PRPA_IN201301UV02 xmlns=\"urn:other\"/>"));

    assert_int_equal(hl7_message_decode(*state, body, &m, &issues), E_REFUSED);
    assert_int_equal(hl7_message_decode(*state, NULL, &m, &issues), E_REFUSED);
    assert_int_equal(issues.errors, 2);
    assert_int_equal(issues.first->code, ISSUE_SOAP_BODY);
}

static void test_places_count_from_the_interaction_also_inside_soap(void **state)
{
    struct xml_node *envelope = hl7_parse(*state,
                                          STR("<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>"
                                              "<M xmlns=\"urn:hl7-org:v3\"><id/><id/></M></e:Body></e:Envelope>"));
    struct xml_node *m = xml_first_element(xml_first_element(envelope));

    assert_string_equal(hl7_place(*state, m, NULL), "/M");
    assert_string_equal(hl7_place(*state, m, "sender"), "/M/sender");
    assert_string_equal(hl7_place(*state, xml_next(xml_child(m, NS_HL7, "id")), NULL), "/M/id[2]");
}

/* ---- acknowledgement ---- */

static struct buf *ack_make(struct arena *a, struct issue_list *issues)
{
    struct hl7_message request = request_make();
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    mcci_ack_encode(a, &request, issues, out);
    return out;
}

static void test_no_errors_are_acknowledged_with_ca(void **state)
{
    struct issue_list issues = { 0 };
    struct hl7_ack ack;

    assert_int_equal(hl7_ack_decode(*state, hl7_parse(*state, buf_str(ack_make(*state, &issues))), &ack), OK);
    assert_string_equal(ack.type_code, "CA");
    assert_string_equal(ack.target.root, "2.999.7");
    assert_string_equal(ack.target.extension, "Q1");
    assert_null(ack.details.first);
}

static void test_errors_are_acknowledged_with_ce_and_their_places(void **state)
{
    struct issue_list issues = { 0 };
    struct hl7_ack ack;

    issue_add(*state, &issues, ISSUE_HL7_UNKNOWN_KEY, "/PRPA_IN201301UV02/id[2]", "no domain <%s> & co here",
              "2.999.1");
    issue_add(*state, &issues, ISSUE_HL7_REQUIRED_MISSING, NULL, "a name");
    issue_add(*state, &issues, ISSUE_XDS_UNKNOWN_PATIENT_ID, NULL, "an error that HL7 has no code for");
    assert_int_equal(hl7_ack_decode(*state, hl7_parse(*state, buf_str(ack_make(*state, &issues))), &ack), OK);
    assert_string_equal(ack.type_code, "CE");
    assert_int_equal(ack.details.errors, 3);
    const struct issue *i = ack.details.first;
    assert_int_equal(i->code, ISSUE_HL7_UNKNOWN_KEY);
    assert_string_equal(i->ebrs, "204");
    assert_string_equal(i->place, "/PRPA_IN201301UV02/id[2]");
    assert_string_equal(i->text, "no domain <2.999.1> & co here");
    assert_int_equal(i->next->code, ISSUE_HL7_REQUIRED_MISSING);
    assert_null(i->next->place);
    assert_string_equal(i->next->next->ebrs, "INTERR");
}

static void test_warnings_leave_ca(void **state)
{
    struct issue_list issues = { 0 };
    struct hl7_ack ack;

    issue_add(*state, &issues, ISSUE_HL7_BAD_VALUE, NULL, "odd")->is_warning = true;
    issues.errors = 0;
    issues.warnings = 1;
    assert_int_equal(hl7_ack_decode(*state, hl7_parse(*state, buf_str(ack_make(*state, &issues))), &ack), OK);
    assert_string_equal(ack.type_code, "CA");
    assert_int_equal(ack.details.errors, 0);
    assert_int_equal(ack.details.warnings, 1);
}

static void test_an_answer_without_acknowledgement_is_unusable(void **state)
{
    struct hl7_ack ack;

    assert_int_equal(hl7_ack_decode(*state, hl7_parse_text(*state, "M", ""), &ack), E_SYNTAX);
    assert_int_equal(hl7_ack_decode(*state, hl7_parse_text(*state, "M", "<acknowledgement/>"), &ack), E_SYNTAX);
}

static void test_acknowledgements_fit_their_schema(void **state)
{
    struct issue_list issues = { 0 };
    struct hl7_message nobody = { 0 };
    struct buf *out = buf_new(*state, BUF_MAX_DEFAULT);

    assert_schema_valid(*state, ack_make(*state, &issues), "MCCI_IN000002UV01");
    issue_add(*state, &issues, ISSUE_HL7_UNKNOWN_KEY, "/PRPA_IN201301UV02/id", "no such domain");
    issue_add(*state, &issues, ISSUE_HL7_INTERNAL, NULL, "disk");
    assert_schema_valid(*state, ack_make(*state, &issues), "MCCI_IN000002UV01");
    mcci_ack_encode(*state, &nobody, &issues, out); /* to a message whose wrapper was empty */
    assert_schema_valid(*state, out, "MCCI_IN000002UV01");
}

static void test_sample_acknowledgements_are_read(void **state)
{
    struct hl7_ack ack;

    assert_int_equal(hl7_ack_decode(*state, hl7_sample(*state, "hl7v3/Ack.xml"), &ack), OK);
    assert_string_equal(ack.type_code, "CA");
    assert_string_equal(ack.target.root, "22a0f9e0-4454-11dc-a6be-3603d6866807");
    assert_int_equal(hl7_ack_decode(*state, hl7_sample(*state, "own/iti44-ack-ca.xml"), &ack), OK);
    assert_string_equal(ack.type_code, "CA");
    assert_int_equal(hl7_ack_decode(*state, hl7_sample(*state, "own/iti44-ack-ce.xml"), &ack), OK);
    assert_string_equal(ack.type_code, "CE");
    assert_int_equal(ack.details.first->code, ISSUE_HL7_UNKNOWN_KEY);
    assert_string_equal(ack.details.first->place,
                        "/PRPA_IN201301UV02/controlActProcess/subject/registrationEvent/subject1/patient/id[1]");
}

/* ---- data types ---- */

static void test_an_id_without_a_root_equals_no_domain(void **state)
{
    struct xml_node *m = hl7_parse_text(*state, "M", "<id extension=\"P1\" assigningAuthorityName=\"domain\"/>");
    const struct patient_id *id = hl7_ii_decode(*state, xml_child(m, NS_HL7, "id"));

    assert_string_equal(id->root, "");
    assert_string_equal(id->extension, "P1");
    assert_string_equal(id->authority, "domain");
    assert_null(hl7_ii_decode(*state, NULL));
}

static void test_several_given_names_are_joined(void **state)
{
    struct xml_node *m = hl7_parse_text(*state, "M",
                                        "<name use=\"ABC\"><prefix>Dr.</prefix><given> Mary </given><given>Rose</given>"
                                        "<given/><family>Yamada</family></name><name>Unknown</name><name/>");
    struct xml_node *n = xml_child(m, NS_HL7, "name");
    struct person_name name;

    hl7_name_decode(*state, n, &name);
    assert_string_equal(name.use, "ABC");
    assert_string_equal(name.family, "Yamada");
    assert_string_equal(name.given, "Mary Rose");
    assert_string_equal(name.prefix, "Dr.");
    assert_null(name.suffix);
    hl7_name_decode(*state, xml_next(n), &name);
    assert_string_equal(name.family, "Unknown");
    hl7_name_decode(*state, xml_next(xml_next(n)), &name);
    assert_null(name.family);
}

static void test_times_are_as_precise_as_they_say(void **state)
{
    static const char *const good[] = { "1970",          "197001",         "19700131",
                                        "2026040109",    "20260401090000", "20260401090000.123+0900",
                                        "20260401-0500", "19700131+0900" };
    static const char *const bad[] = {
        "", "1", "19701", "19701301", "1970-01-01", "20260401090000+0900x", "202604010900001", "+0900", "昭和45年"
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (!hl7_is_time(good[i]))
            fail_msg("%s is a time", good[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (hl7_is_time(bad[i]))
            fail_msg("\"%s\" is no time", bad[i]);
    }
}

static void test_an_echo_needs_no_prefix_of_the_peer(void **state)
{
    struct arena *a = *state;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_writer w;
    struct xml_node *m = hl7_parse(
        a, STR("<p:M xmlns:p=\"urn:hl7-org:v3\" xmlns:s=\"http://www.w3.org/2001/XMLSchema-instance\">"
               "<p:queryByParameter><p:value "
               "s:type=\"p:PN\"><p:family>山田</p:family></p:value></p:queryByParameter></p:M>"));

    xw_init(&w, out);
    xw_open(&w, "R");
    xw_attr(&w, "xmlns", NS_HL7);
    hl7_echo_write(a, &w, &(struct issue_list){ 0 }, xml_child(m, NS_HL7, "queryByParameter"));
    xw_close(&w);
    struct xml_node *value = xml_at(hl7_parse(a, buf_str(out)), NS_HL7, "queryByParameter", "value", NULL);
    assert_string_equal(xml_attr_ns(value, NS_XSI, "type"), "PN");
    assert_string_equal(xml_text(a, xml_child(value, NS_HL7, "family")), "山田");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HL7_TEST(test_an_answer_swaps_the_ends_and_keeps_the_processing_code),
        HL7_TEST(test_a_message_of_our_own_wants_an_acknowledgement),
        HL7_TEST(test_the_wrapper_is_read_as_it_was_written),
        HL7_TEST(test_what_the_wrapper_lacks_is_named_with_its_place),
        HL7_TEST(test_what_stands_wrongly_in_the_wrapper_is_rejected_or_an_error),
        HL7_TEST(test_a_body_may_be_named_after_its_operation),
        HL7_TEST(test_a_refused_wrapper_still_says_whom_to_answer),
        HL7_TEST(test_the_root_must_be_the_interaction_it_names),
        HL7_TEST(test_a_body_of_another_namespace_is_no_interaction),
        HL7_TEST(test_places_count_from_the_interaction_also_inside_soap),
        HL7_TEST(test_no_errors_are_acknowledged_with_ca),
        HL7_TEST(test_errors_are_acknowledged_with_ce_and_their_places),
        HL7_TEST(test_warnings_leave_ca),
        HL7_TEST(test_an_answer_without_acknowledgement_is_unusable),
        HL7_TEST(test_acknowledgements_fit_their_schema),
        HL7_TEST(test_sample_acknowledgements_are_read),
        HL7_TEST(test_an_id_without_a_root_equals_no_domain),
        HL7_TEST(test_several_given_names_are_joined),
        HL7_TEST(test_times_are_as_precise_as_they_say),
        HL7_TEST(test_an_echo_needs_no_prefix_of_the_peer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
