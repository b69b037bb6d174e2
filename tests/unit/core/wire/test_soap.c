#include "arena_state.h"
#include "wire/ns.h"
#include "wire/soap.h"

#define ENV   "http://www.w3.org/2003/05/soap-envelope"
#define ADDR  "http://www.w3.org/2005/08/addressing"
#define OPEN  "<e:Envelope xmlns:e='" ENV "' xmlns:a='" ADDR "'>"
#define CLOSE "</e:Envelope>"
#define BODY  "<e:Body><x xmlns='urn:x'/></e:Body>"

#define ACTION     "<a:Action e:mustUnderstand='1'>urn:act</a:Action>"
#define MESSAGE_ID "<a:MessageID>urn:uuid:1</a:MessageID>"
#define REPLY_TO   "<a:ReplyTo><a:Address>" WSA_ANONYMOUS "</a:Address></a:ReplyTo>"

#define MESSAGE(headers) OPEN "<e:Header>" headers "</e:Header>" BODY CLOSE

static struct soap accept(void *arena, const char *xml, bool strict)
{
    struct soap soap;
    struct soap_fault fault = { 0 };

    if (soap_parse_request(arena, str_from(xml), strict, &soap, &fault) != OK)
        fail_msg("%s", fault.reason);
    return soap;
}

static struct soap_fault refuse_as(void *arena, const char *xml, bool strict, struct soap *soap)
{
    struct soap_fault fault = { 0 };

    assert_int_equal(soap_parse_request(arena, str_from(xml), strict, soap, &fault), E_REFUSED);
    assert_non_null(fault.reason);
    return fault;
}

static struct soap_fault refuse(void *arena, const char *xml)
{
    struct soap soap;

    return refuse_as(arena, xml, true, &soap);
}

static void test_a_request_is_read(void **state)
{
    struct soap soap = accept(
        *state,
        MESSAGE("<a:Action e:mustUnderstand='true'>\n  urn:act\n</a:Action>" MESSAGE_ID REPLY_TO
                "<a:To> https://h/ </a:To><a:FaultTo><a:Address>urn:f</a:Address></a:FaultTo>"
                "<a:From><a:Address>urn:me</a:Address></a:From><a:RelatesTo>urn:r</a:RelatesTo>"
                "<s:Security e:mustUnderstand='1' xmlns:s='http://docs.oasis-open.org/wss/2004/01/"
                "oasis-200401-wss-wssecurity-secext-1.0.xsd'/>"),
        true);

    assert_string_equal(soap.action, "urn:act");
    assert_string_equal(soap.message_id, "urn:uuid:1");
    assert_string_equal(soap.to, "https://h/");
    assert_string_equal(soap.reply_to, WSA_ANONYMOUS);
    assert_string_equal(soap.fault_to, "urn:f");
    assert_string_equal(soap.relates_to, "urn:r");
    assert_true(xml_is(soap.envelope, NS_SOAP12, "Envelope"));
    assert_true(xml_is(soap.header, NS_SOAP12, "Header"));
    assert_true(xml_is(soap.security, NS_WSSE, "Security"));
    assert_true(xml_is(soap.body, "urn:x", "x"));
    assert_false(soap.is_fault);
}

static void test_what_is_absent_is_null(void **state)
{
    struct soap soap = accept(*state, MESSAGE("<a:Action>urn:act</a:Action>"), false);

    assert_null(soap.message_id);
    assert_null(soap.to);
    assert_null(soap.reply_to);
    assert_null(soap.fault_to);
    assert_null(soap.relates_to);
    assert_null(soap.security);
}

static void test_xml_that_is_broken_is_the_senders_fault(void **state)
{
    struct soap_fault fault = refuse(*state, "<e:Envelope>");

    assert_int_equal(fault.code, SOAP_SENDER);
    assert_int_equal(soap_fault_status(&fault), 400);
    assert_non_null(strstr(fault.reason, "line 1"));
    assert_int_equal(refuse(*state, "<!DOCTYPE x>" MESSAGE(ACTION)).code, SOAP_SENDER);
    assert_int_equal(refuse(*state, "<html/>").code, SOAP_SENDER);
}

static void test_another_version_of_soap_is_a_mismatch(void **state)
{
    struct soap_fault fault = refuse(*state, "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>"
                                             "<e:Body><x/></e:Body></e:Envelope>");

    assert_int_equal(fault.code, SOAP_VERSION_MISMATCH);
    assert_int_equal(soap_fault_status(&fault), 500);
    assert_non_null(strstr(fault.reason, "1.1"));
    assert_int_equal(refuse(*state, "<Envelope xmlns='urn:x'/>").code, SOAP_VERSION_MISMATCH);
}

static void test_the_body_has_exactly_one_child(void **state)
{
    static const char head[] = OPEN "<e:Header>" ACTION MESSAGE_ID REPLY_TO "</e:Header>";
    static const char *const bodies[] = { "", "<e:Body/>", "<e:Body> \n </e:Body>", "<e:Body><x/><y/></e:Body>" };
    static const char *const places[] = { "/Envelope", "/Envelope/Body", "/Envelope/Body", "/Envelope/Body" };

    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct soap soap;
        struct soap_fault fault = refuse_as(*state, arena_printf(*state, "%s%s" CLOSE, head, bodies[i]), false, &soap);
        assert_int_equal(fault.code, SOAP_SENDER);
        assert_string_equal(fault.place, places[i]);
        assert_string_equal(soap.message_id, "urn:uuid:1"); /* for RelatesTo */
    }
}

static void test_a_header_that_must_be_understood_and_is_not_is_refused(void **state)
{
    struct soap soap;
    struct soap_fault fault = refuse_as(
        *state, MESSAGE(ACTION MESSAGE_ID "<n:h xmlns:n='urn:n' e:mustUnderstand=' true '/>"), false, &soap);

    assert_int_equal(fault.code, SOAP_MUST_UNDERSTAND);
    assert_string_equal(fault.problem, "{urn:n}h");
    assert_string_equal(fault.place, "/Envelope/Header/h");
    assert_int_equal(soap_fault_status(&fault), 500);
    assert_string_equal(soap.message_id, "urn:uuid:1");
}

static void test_an_old_addressing_header_is_not_understood(void **state)
{
    struct soap_fault fault = refuse(*state,
                                     MESSAGE("<o:Action xmlns:o='http://schemas.xmlsoap.org/ws/2004/08/addressing' "
                                             "e:mustUnderstand='1'>urn:act</o:Action>"));

    assert_int_equal(fault.code, SOAP_MUST_UNDERSTAND);
}

static void test_headers_for_us_are_those_of_these_roles(void **state)
{
    static const char *const ours[] = { "", ENV "/role/next", ENV "/role/ultimateReceiver" };
    static const char *const others[] = { "urn:other", ENV "/role/none" };
    static const char form[] = MESSAGE(ACTION "<n:h xmlns:n='urn:n' e:mustUnderstand='1' e:role='%s'/>");

    for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
        struct soap soap;
        const char *xml = arena_printf(*state, form, ours[i]);
        assert_int_equal(refuse_as(*state, xml, false, &soap).code, SOAP_MUST_UNDERSTAND);
    }
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        accept(*state, arena_printf(*state, form, others[i]), false);
}

static void test_headers_that_need_no_understanding_pass(void **state)
{
    accept(*state,
           MESSAGE(ACTION "<n:h xmlns:n='urn:n'/><n:h xmlns:n='urn:n' e:mustUnderstand='0'/>"
                          "<n:h xmlns:n='urn:n' e:mustUnderstand='false'/>"
                          "<a:ReferenceParameters e:mustUnderstand='1'/>"
                          "<c:CorrelationTimeToLive xmlns:c='urn:ihe:iti:xcpd:2009' e:mustUnderstand='1'/>"),
           false);
}

static void assert_addressing(struct soap_fault fault, const char *subcode, const char *subsubcode, const char *problem)
{
    assert_int_equal(fault.code, SOAP_SENDER);
    assert_string_equal(fault.subcode, subcode);
    assert_true(text_equal(fault.subsubcode, subsubcode));
    assert_string_equal(fault.problem, problem);
}

static void test_the_action_is_required(void **state)
{
    static const char *const messages[] = { MESSAGE(MESSAGE_ID REPLY_TO), OPEN BODY CLOSE,
                                            MESSAGE("<a:Action e:mustUnderstand='1'> </a:Action>") };

    for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
        struct soap soap;
        assert_addressing(refuse_as(*state, messages[i], false, &soap), "wsa:MessageAddressingHeaderRequired", NULL,
                          "wsa:Action");
    }
}

static void test_addressing_headers_come_once(void **state)
{
    static const char form[] = MESSAGE(ACTION MESSAGE_ID REPLY_TO "<a:To>urn:t</a:To>%s");
    static const char *const twice[][2] = {
        { ACTION, "wsa:Action" }, { MESSAGE_ID, "wsa:MessageID" }, { REPLY_TO, "wsa:ReplyTo" }, { "<a:To/>", "wsa:To" }
    };

    for (size_t i = 0; i < ARRAY_LEN(twice); i++) {
        struct soap soap;
        struct soap_fault fault = refuse_as(*state, arena_printf(*state, form, twice[i][0]), false, &soap);
        assert_addressing(fault, "wsa:InvalidAddressingHeader", "wsa:InvalidCardinality", twice[i][1]);
        assert_string_equal(soap.action, "urn:act");
    }
    accept(*state, arena_printf(*state, form, "<a:RelatesTo>urn:1</a:RelatesTo><a:RelatesTo>urn:2</a:RelatesTo>"),
           true);
    accept(*state, arena_printf(*state, form, "<a:To e:role='urn:other'>urn:x</a:To>"), true);
}

static void test_an_endpoint_has_an_address(void **state)
{
    assert_addressing(refuse(*state, MESSAGE(ACTION MESSAGE_ID "<a:ReplyTo/>")), "wsa:InvalidAddressingHeader",
                      "wsa:MissingAddressInEPR", "wsa:ReplyTo");
}

static void test_strict_wants_the_action_to_be_mandatory(void **state)
{
    static const char xml[] = MESSAGE("<a:Action>urn:act</a:Action>" MESSAGE_ID REPLY_TO);
    struct soap_fault fault = refuse(*state, xml);

    assert_addressing(fault, "wsa:InvalidAddressingHeader", NULL, "wsa:Action");
    assert_non_null(strstr(fault.reason, "mustUnderstand"));
    accept(*state, xml, false);
}

static void test_strict_wants_message_id_and_reply_to(void **state)
{
    static const char without_id[] = MESSAGE(ACTION REPLY_TO), without_reply[] = MESSAGE(ACTION MESSAGE_ID);

    assert_addressing(refuse(*state, without_id), "wsa:MessageAddressingHeaderRequired", NULL, "wsa:MessageID");
    assert_addressing(refuse(*state, without_reply), "wsa:MessageAddressingHeaderRequired", NULL, "wsa:ReplyTo");
    assert_non_null(strstr(refuse(*state, without_reply).reason, "ReplyTo"));
    accept(*state, without_id, false);
    accept(*state, without_reply, false);
}

/* ---- responses ---- */

static struct soap response(void *arena, const char *xml, struct soap_fault *fault)
{
    struct soap soap;

    *fault = (struct soap_fault){ 0 };
    assert_int_equal(soap_parse_response(arena, str_from(xml), &soap, fault), OK);
    return soap;
}

static void test_a_response_may_lack_and_repeat_headers(void **state)
{
    struct soap_fault fault;

    assert_string_equal(response(*state, OPEN BODY CLOSE, &fault).body->name, "x");
    assert_string_equal(response(*state,
                                 MESSAGE("<a:RelatesTo>urn:1</a:RelatesTo>" ACTION ACTION
                                         "<n:h xmlns:n='urn:n' e:mustUnderstand='1'/>"),
                                 &fault)
                            .relates_to,
                        "urn:1");
    assert_null(response(*state, OPEN "<e:Body/>" CLOSE, &fault).body);
}

static void test_a_response_that_is_no_envelope_is_unusable(void **state)
{
    static const char *const documents[] = {
        "", "<a>", "<html/>", OPEN CLOSE,
        "<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'><Body/></Envelope>"
    };

    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        struct soap soap;
        struct soap_fault fault = { 0 };
        assert_int_equal(soap_parse_response(*state, str_from(documents[i]), &soap, &fault), E_SYNTAX);
        assert_non_null(fault.reason);
    }
}

static void test_a_fault_is_read_with_its_english_reason(void **state)
{
    struct soap_fault fault;
    struct soap soap = response(*state,
                                OPEN
                                "<e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>a:Invalid"
                                "</e:Value><e:Subcode><e:Value>a:Card</e:Value></e:Subcode></e:Subcode></e:Code>"
                                "<e:Reason><e:Text xml:lang='ja'>だめ</e:Text><e:Text xml:lang='en-US'> no </e:Text>"
                                "</e:Reason><e:Detail><a:ProblemAction><a:Action>urn:act</a:Action></a:ProblemAction>"
                                "</e:Detail></e:Fault></e:Body>" CLOSE,
                                &fault);

    assert_true(soap.is_fault);
    assert_int_equal(fault.code, SOAP_SENDER);
    assert_string_equal(fault.subcode, "a:Invalid");
    assert_string_equal(fault.subsubcode, "a:Card");
    assert_string_equal(fault.reason, "no");
    assert_string_equal(fault.problem, "urn:act");
}

static void test_a_fault_without_english_gives_what_it_has(void **state)
{
    struct soap_fault fault;

    response(*state,
             OPEN "<e:Body><e:Fault><e:Reason><e:Text xml:lang='ja'>だめ</e:Text></e:Reason></e:Fault></e:Body>" CLOSE,
             &fault);
    assert_string_equal(fault.reason, "だめ");
    assert_int_equal(fault.code, SOAP_RECEIVER);
    response(*state, OPEN "<e:Body><e:Fault/></e:Body>" CLOSE, &fault);
    assert_non_null(fault.reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_a_request_is_read),
        ARENA_TEST(test_what_is_absent_is_null),
        ARENA_TEST(test_xml_that_is_broken_is_the_senders_fault),
        ARENA_TEST(test_another_version_of_soap_is_a_mismatch),
        ARENA_TEST(test_the_body_has_exactly_one_child),
        ARENA_TEST(test_a_header_that_must_be_understood_and_is_not_is_refused),
        ARENA_TEST(test_an_old_addressing_header_is_not_understood),
        ARENA_TEST(test_headers_for_us_are_those_of_these_roles),
        ARENA_TEST(test_headers_that_need_no_understanding_pass),
        ARENA_TEST(test_the_action_is_required),
        ARENA_TEST(test_addressing_headers_come_once),
        ARENA_TEST(test_an_endpoint_has_an_address),
        ARENA_TEST(test_strict_wants_the_action_to_be_mandatory),
        ARENA_TEST(test_strict_wants_message_id_and_reply_to),
        ARENA_TEST(test_a_response_may_lack_and_repeat_headers),
        ARENA_TEST(test_a_response_that_is_no_envelope_is_unusable),
        ARENA_TEST(test_a_fault_is_read_with_its_english_reason),
        ARENA_TEST(test_a_fault_without_english_gives_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
