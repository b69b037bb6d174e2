#include "arena_state.h"
#include "wire/ns.h"
#include "wire/soap.h"

#define PROLOGUE                                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                                     \
    "<env:Envelope xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\" "                                             \
    "xmlns:wsa=\"http://www.w3.org/2005/08/addressing\"><env:Header>"

static void test_an_envelope_goes_around_a_body(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);

    soap_write_head(
        b, &(struct soap_headers){
               .action = "urn:a&b", .message_id = "urn:uuid:1", .to = "https://h/", .reply_to = WSA_ANONYMOUS });
    buf_add_text(b, "<x/>");
    soap_write_tail(b);
    assert_string_equal(buf_text(b),
                        PROLOGUE "<wsa:Action env:mustUnderstand=\"1\">urn:a&amp;b</wsa:Action>"
                                 "<wsa:MessageID>urn:uuid:1</wsa:MessageID><wsa:To>https://h/</wsa:To>"
                                 "<wsa:ReplyTo><wsa:Address>" WSA_ANONYMOUS "</wsa:Address></wsa:ReplyTo></env:Header>"
                                 "<env:Body><x/></env:Body></env:Envelope>");
}

static void test_a_response_names_its_request_alone(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);

    soap_write_head(b, &(struct soap_headers){ .action = "urn:r", .relates_to = "urn:uuid:1" });
    soap_write_tail(b);
    assert_string_equal(buf_text(b), PROLOGUE "<wsa:Action env:mustUnderstand=\"1\">urn:r</wsa:Action>"
                                              "<wsa:RelatesTo>urn:uuid:1</wsa:RelatesTo></env:Header>"
                                              "<env:Body></env:Body></env:Envelope>");
}

static void test_what_we_write_we_read_strictly(void **state)
{
    struct buf *b = buf_new(*state, BUF_MAX_DEFAULT);
    struct soap soap;
    struct soap_fault fault;

    soap_write_head(b, &(struct soap_headers){ .action = "urn:a", .message_id = "urn:1", .reply_to = WSA_ANONYMOUS });
    buf_add_text(b, "<x/>");
    soap_write_tail(b);
    assert_int_equal(soap_parse_request(*state, buf_str(b), true, &soap, &fault), OK);
    assert_string_equal(soap.reply_to, WSA_ANONYMOUS);
}

/* ---- faults: written, then read by another parser's rules ---- */

static const char *fault_text(void *arena, struct soap_fault fault, const char *relates_to)
{
    struct buf *b = buf_new(arena, BUF_MAX_DEFAULT);

    soap_write_fault(b, &fault, relates_to);
    return buf_text(b);
}

static struct soap_fault fault_again(void *arena, struct soap_fault fault, const char *relates_to, struct soap *soap)
{
    struct soap_fault again = { 0 };
    const char *text = fault_text(arena, fault, relates_to);

    assert_int_equal(soap_parse_response(arena, str_from(text), soap, &again), OK);
    assert_true(soap->is_fault);
    return again;
}

static void test_a_fault_is_written_whole(void **state)
{
    const struct soap_fault fault = { .code = SOAP_SENDER,
                                      .subcode = "wsa:InvalidAddressingHeader",
                                      .subsubcode = "wsa:InvalidCardinality",
                                      .reason = "wsa:To may occur only once",
                                      .place = "wsa:To",
                                      .problem = "wsa:To" };

    assert_string_equal(
        fault_text(*state, fault, "urn:uuid:1"),
        PROLOGUE "<wsa:Action env:mustUnderstand=\"1\">" WSA_ACTION_FAULT "</wsa:Action>"
                 "<wsa:RelatesTo>urn:uuid:1</wsa:RelatesTo></env:Header><env:Body><env:Fault><env:Code>"
                 "<env:Value>env:Sender</env:Value><env:Subcode><env:Value>wsa:InvalidAddressingHeader</env:Value>"
                 "<env:Subcode><env:Value>wsa:InvalidCardinality</env:Value></env:Subcode></env:Subcode></env:Code>"
                 "<env:Reason><env:Text xml:lang=\"en\">wsa:To may occur only once (at wsa:To)</env:Text></env:Reason>"
                 "<env:Detail><wsa:ProblemHeaderQName>wsa:To</wsa:ProblemHeaderQName></env:Detail>"
                 "</env:Fault></env:Body></env:Envelope>");
}

static void test_faults_that_are_not_of_addressing_have_the_other_action(void **state)
{
    struct soap soap;
    struct soap_fault again = fault_again(*state, (struct soap_fault){ .code = SOAP_RECEIVER, .reason = "a < b & c" },
                                          NULL, &soap);

    assert_string_equal(soap.action, WSA_ACTION_SOAP_FAULT);
    assert_null(soap.relates_to);
    assert_int_equal(again.code, SOAP_RECEIVER);
    assert_string_equal(again.reason, "a < b & c");
    assert_null(again.subcode);
    assert_null(again.problem);
}

static void test_an_unsupported_action_is_a_problem_action(void **state)
{
    struct soap soap;
    const struct soap_fault fault = { .subcode = "wsa:ActionNotSupported", .reason = "no", .problem = "urn:act" };

    assert_string_equal(fault_again(*state, fault, NULL, &soap).problem, "urn:act");
    assert_non_null(xml_at(soap.body, NS_SOAP12, "Detail", NULL));
    assert_non_null(xml_child(xml_child(soap.body, NS_SOAP12, "Detail"), NS_WSA, "ProblemAction"));
}

static void test_a_security_subcode_declares_its_prefix(void **state)
{
    struct soap soap;
    const struct soap_fault fault = { .subcode = "wsse:InvalidSecurityToken", .reason = "no" };

    assert_string_equal(fault_again(*state, fault, NULL, &soap).subcode, "wsse:InvalidSecurityToken");
    assert_non_null(strstr(fault_text(*state, fault, NULL), "xmlns:wsse=\""));
    assert_string_equal(soap.action, WSA_ACTION_SOAP_FAULT);
}

static const struct xml_node *fault_header(void *arena, struct soap_fault fault, const char *name)
{
    struct soap soap;

    assert_int_equal(fault_again(arena, fault, NULL, &soap).code, fault.code);
    return xml_child(soap.header, NS_SOAP12, name);
}

static void test_a_header_not_understood_is_named(void **state)
{
    struct soap_fault fault = { .code = SOAP_MUST_UNDERSTAND, .reason = "no", .problem = "{urn:a&b}h" };

    assert_string_equal(xml_attr(fault_header(*state, fault, "NotUnderstood"), "qname"), "nu:h");
    assert_non_null(strstr(fault_text(*state, fault, NULL), "xmlns:nu=\"urn:a&amp;b\""));
    fault.problem = "{}bare";
    assert_string_equal(xml_attr(fault_header(*state, fault, "NotUnderstood"), "qname"), "bare");
    fault.problem = NULL;
    assert_null(fault_header(*state, fault, "NotUnderstood"));
}

static void test_a_version_mismatch_says_what_is_spoken(void **state)
{
    const struct soap_fault fault = { .code = SOAP_VERSION_MISMATCH, .reason = "no" };
    const struct xml_node *upgrade = fault_header(*state, fault, "Upgrade");

    assert_string_equal(xml_attr(xml_child(upgrade, NS_SOAP12, "SupportedEnvelope"), "qname"), "env:Envelope");
}

static void test_a_peers_text_cannot_break_out(void **state)
{
    struct soap soap;
    const struct soap_fault fault = { .reason = "</env:Text>\xFF\x01", .place = "<&>", .problem = "\"]]>" };
    struct soap_fault again = fault_again(*state, fault, "</x>", &soap);

    assert_string_equal(again.reason, "</env:Text>\uFFFD\uFFFD (at <&>)");
    assert_string_equal(soap.relates_to, "</x>");
    assert_string_equal(again.problem, "\"]]>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(test_an_envelope_goes_around_a_body),
        ARENA_TEST(test_a_response_names_its_request_alone),
        ARENA_TEST(test_what_we_write_we_read_strictly),
        ARENA_TEST(test_a_fault_is_written_whole),
        ARENA_TEST(test_faults_that_are_not_of_addressing_have_the_other_action),
        ARENA_TEST(test_an_unsupported_action_is_a_problem_action),
        ARENA_TEST(test_a_security_subcode_declares_its_prefix),
        ARENA_TEST(test_a_header_not_understood_is_named),
        ARENA_TEST(test_a_version_mismatch_says_what_is_spoken),
        ARENA_TEST(test_a_peers_text_cannot_break_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
