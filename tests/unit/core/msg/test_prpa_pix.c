/* The PIX query and its answer (ITI TF-2: 3.45). */
#include "msg/prpa_pix.h"

#include "tests/unit/core/msg/hl7_check.h"

#define PARAMETERS "/PRPA_IN201309UV02/controlActProcess/queryByParameter/parameterList"

static struct pix_query *query_make(struct arena *a)
{
    struct pix_query *q = ARENA_NEW(a, struct pix_query);

    q->message = hl7_message_new(a, NULL, NULL);
    q->message.sender.root = "2.999.392.3.35.1";
    q->message.receiver.root = "2.999.392.2.35";
    q->query_id = (struct patient_id){ .root = "2.999.392.9.1", .extension = "17" };
    q->patient_id = (struct patient_id){ .root = "2.999.392.3.35.1", .extension = "00012345" };
    patient_id_add(a, &q->data_sources, "2.999.392.2.35", NULL);
    patient_id_add(a, &q->data_sources, "2.999.392.2.26", NULL);
    return q;
}

static struct buf *query_write(struct arena *a, const struct pix_query *q)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    pix_query_encode(a, q, out);
    return out;
}

/* The query as its server sees it. */
static struct pix_query *query_received(struct arena *a, const struct pix_query *sent)
{
    struct pix_query *q = ARENA_NEW(a, struct pix_query);
    struct issue_list issues = { 0 };

    assert_int_equal(pix_query_decode(a, hl7_parse(a, buf_str(query_write(a, sent))), q, &issues), OK);
    return q;
}

static struct buf *answer_write(struct arena *a, const struct pix_answer *answer)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    pix_answer_encode(a, answer, out);
    return out;
}

static void test_a_query_is_read_as_it_was_written(void **state)
{
    const struct pix_query *q = query_received(*state, query_make(*state));

    assert_string_equal(q->query_id.root, "2.999.392.9.1");
    assert_string_equal(q->query_id.extension, "17");
    assert_string_equal(q->patient_id.root, "2.999.392.3.35.1");
    assert_string_equal(q->patient_id.extension, "00012345");
    assert_string_equal(q->data_sources->root, "2.999.392.2.35");
    assert_string_equal(q->data_sources->next->root, "2.999.392.2.26");
    assert_null(q->data_sources->next->next);
    assert_string_equal(q->patient_id_place, PARAMETERS "/patientIdentifier/value");
    assert_true(xml_is(q->query_by_parameter, NS_HL7, "queryByParameter"));
    assert_string_equal(pix_data_source_place(*state, 2), PARAMETERS "/dataSource[2]/value");
}

static void test_queries_fit_their_schema(void **state)
{
    struct pix_query *q = query_make(*state);

    assert_schema_valid(*state, query_write(*state, q), "PRPA_IN201309UV02");
    q->data_sources = NULL;
    assert_schema_valid(*state, query_write(*state, q), "PRPA_IN201309UV02");
}

/* ---- refusals ---- */

static void assert_refused(struct arena *a, struct xml_node *body, enum issue_code code, const char *place)
{
    struct issue_list issues = { 0 };
    struct pix_query q;

    assert_int_equal(pix_query_decode(a, body, &q, &issues), E_REFUSED);
    assert_issue(&issues, code, place);
    assert_string_equal(q.message.sender.root, "2.999.392.3.35.1"); /* whom to tell */
}

static struct xml_node *parameters_of(struct xml_node *body)
{
    return xml_at(body, NS_HL7, "controlActProcess", "queryByParameter", "parameterList", NULL);
}

static void test_a_query_asks_about_exactly_one_id(void **state)
{
    struct arena *a = *state;
    struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a))));
    struct xml_node *identifier = xml_child(parameters_of(body), NS_HL7, "patientIdentifier");
    struct xml_node *second = xml_append(a, identifier, NS_HL7, "value");

    assert_refused(a, body, ISSUE_HL7_BAD_VALUE, PARAMETERS "/patientIdentifier/value");
    xml_remove(second);
    xml_set_attr(a, xml_child(identifier, NS_HL7, "value"), "extension", "");
    assert_refused(a, body, ISSUE_HL7_REQUIRED_MISSING, PARAMETERS "/patientIdentifier/value");
    xml_append(a, parameters_of(body), NS_HL7, "patientIdentifier");
    assert_refused(a, body, ISSUE_HL7_BAD_VALUE, PARAMETERS "/patientIdentifier/value");
    xml_remove(xml_next(identifier));
    xml_remove(identifier);
    assert_refused(a, body, ISSUE_HL7_REQUIRED_MISSING, PARAMETERS "/patientIdentifier");
}

static void test_a_data_source_names_one_domain(void **state)
{
    struct arena *a = *state;
    struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a))));
    struct xml_node *second = xml_next(xml_child(parameters_of(body), NS_HL7, "dataSource"));

    xml_set_attr(a, xml_child(second, NS_HL7, "value"), "root", "");
    assert_refused(a, body, ISSUE_HL7_BAD_VALUE, PARAMETERS "/dataSource[2]/value");
}

static void test_a_query_needs_its_frame(void **state)
{
    struct arena *a = *state;
    struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a))));
    struct xml_node *act = xml_child(body, NS_HL7, "controlActProcess");
    struct xml_node *query = xml_child(act, NS_HL7, "queryByParameter");
    struct xml_node *id = xml_child(query, NS_HL7, "queryId");

    xml_remove(parameters_of(body));
    assert_refused(a, body, ISSUE_HL7_REQUIRED_MISSING, PARAMETERS);
    xml_remove(id);
    assert_refused(a, body, ISSUE_HL7_REQUIRED_MISSING,
                   "/PRPA_IN201309UV02/controlActProcess/queryByParameter/queryId");
    xml_remove(query);
    assert_refused(a, body, ISSUE_HL7_REQUIRED_MISSING, "/PRPA_IN201309UV02/controlActProcess/queryByParameter");
    xml_remove(act);
    assert_refused(a, body, ISSUE_HL7_REQUIRED_MISSING, "/PRPA_IN201309UV02/controlActProcess");
}

static void test_another_interaction_is_no_pix_query(void **state)
{
    struct issue_list issues = { 0 };
    struct pix_query q;
    struct xml_node *body = hl7_parse_text(*state, "PRPA_IN201305UV02", "");

    assert_int_equal(pix_query_decode(*state, body, &q, &issues), E_REFUSED);
    assert_issue(&issues, ISSUE_SOAP_BODY, "/PRPA_IN201305UV02");
}

static void test_a_refused_query_is_still_echoed(void **state)
{
    struct arena *a = *state;
    struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a))));
    struct issue_list issues = { 0 };
    struct pix_query q;

    xml_remove(xml_child(body, NS_HL7, "id"));
    assert_int_equal(pix_query_decode(a, body, &q, &issues), E_REFUSED);
    assert_string_equal(q.query_id.extension, "17");
    assert_non_null(q.query_by_parameter);
}

/* ---- answers ---- */

static struct patient_id *found_make(struct arena *a)
{
    struct patient_id *found = NULL;

    patient_id_add(a, &found, "2.999.392.2.26", "M-9");
    patient_id_add(a, &found, "2.999.392.2.35", "O-1");
    patient_id_add(a, &found, "2.999.392.2.35", "O-2");
    return found;
}

static void test_found_ids_come_back_in_order(void **state)
{
    struct arena *a = *state;
    struct person_name name = { .use = "IDE", .family = "鳥取", .given = "花子" };
    struct pix_answer answer = { .query = query_received(a, query_make(a)),
                                 .found = found_make(a),
                                 .name = &name,
                                 .custodian_root = "2.999.392.2.35" };
    struct xml_node *body = hl7_parse(a, buf_str(answer_write(a, &answer)));
    struct pix_result r;

    assert_int_equal(pix_result_decode(a, body, &r), OK);
    assert_string_equal(r.ack.type_code, "AA");
    assert_string_equal(r.ack.target.root, answer.query->message.id.root);
    assert_string_equal(r.response_code, "OK");
    assert_string_equal(r.ids->extension, "M-9");
    assert_string_equal(r.ids->next->extension, "O-1");
    assert_string_equal(r.ids->next->next->extension, "O-2");
    assert_null(r.ids->next->next->next);
}

static void test_an_answer_echoes_query_id_and_parameters(void **state)
{
    struct arena *a = *state;
    struct pix_answer answer = { .query = query_received(a, query_make(a)) };
    struct xml_node *act = xml_child(hl7_parse(a, buf_str(answer_write(a, &answer))), NS_HL7, "controlActProcess");
    struct xml_node *ack = xml_child(act, NS_HL7, "queryAck"), *echo = xml_child(act, NS_HL7, "queryByParameter");

    assert_string_equal(xml_attr(xml_child(ack, NS_HL7, "queryId"), "extension"), "17");
    assert_string_equal(hl7_code(ack, "statusCode"), "deliveredResponse");
    assert_string_equal(hl7_code(echo, "statusCode"), "new");
    assert_int_equal(xml_count(xml_child(echo, NS_HL7, "parameterList"), NS_HL7, "dataSource"), 2);
}

static void test_nothing_found_is_nf_without_an_event(void **state)
{
    struct arena *a = *state;
    struct pix_answer answer = { .query = query_received(a, query_make(a)) };
    struct xml_node *body = hl7_parse(a, buf_str(answer_write(a, &answer)));
    struct pix_result r;

    assert_int_equal(pix_result_decode(a, body, &r), OK);
    assert_string_equal(r.ack.type_code, "AA");
    assert_string_equal(r.response_code, "NF");
    assert_null(r.ids);
    assert_null(xml_child(xml_child(body, NS_HL7, "controlActProcess"), NS_HL7, "subject"));
}

static struct pix_answer answer_of_errors(struct arena *a)
{
    struct pix_answer answer = { .query = query_received(a, query_make(a)), .found = found_make(a) };

    issue_add(a, &answer.issues, ISSUE_HL7_UNKNOWN_KEY, pix_data_source_place(a, 1), "no domain 2.999.392.2.35");
    issue_add(a, &answer.issues, ISSUE_HL7_UNKNOWN_KEY, pix_data_source_place(a, 2), "no domain 2.999.392.2.26");
    return answer;
}

static void test_errors_are_ae_with_a_detail_each_and_no_ids(void **state)
{
    struct arena *a = *state;
    struct pix_answer answer = answer_of_errors(a);
    struct xml_node *body = hl7_parse(a, buf_str(answer_write(a, &answer)));
    struct pix_result r;

    assert_int_equal(pix_result_decode(a, body, &r), OK);
    assert_string_equal(r.ack.type_code, "AE");
    assert_string_equal(r.response_code, "AE");
    assert_null(r.ids);
    assert_int_equal(r.ack.details.errors, 2);
    assert_string_equal(r.ack.details.first->next->place, PARAMETERS "/dataSource[2]/value");
    assert_string_equal(hl7_code(xml_at(body, NS_HL7, "controlActProcess", "queryAck", NULL), "statusCode"), "aborted");
}

static void test_answers_fit_their_schema(void **state)
{
    struct arena *a = *state;
    struct person_name name = { .use = "SYL", .family = "トットリ", .given = "ハナコ" };
    struct pix_answer nf = { .query = query_received(a, query_make(a)), .custodian_root = "2.999.392.2.35" };
    struct pix_answer nameless = nf, ae = answer_of_errors(a);

    assert_schema_valid(a, answer_write(a, &nf), "PRPA_IN201310UV02");
    nameless.found = found_make(a);
    assert_schema_valid(a, answer_write(a, &nameless), "PRPA_IN201310UV02");
    nameless.name = &name;
    assert_schema_valid(a, answer_write(a, &nameless), "PRPA_IN201310UV02");
    assert_schema_valid(a, answer_write(a, &ae), "PRPA_IN201310UV02");
}

static void test_an_answer_without_its_acknowledgements_is_unusable(void **state)
{
    struct pix_result r;

    assert_int_equal(pix_result_decode(*state, hl7_parse_text(*state, "PRPA_IN201310UV02", ""), &r), E_SYNTAX);
    assert_int_equal(pix_result_decode(*state, NULL, &r), E_SYNTAX);
    assert_int_equal(pix_result_decode(*state,
                                       hl7_parse_text(*state, "PRPA_IN201310UV02",
                                                      "<acknowledgement><typeCode code=\"AA\"/></acknowledgement>"),
                                       &r),
                     E_SYNTAX);
}

/* ---- samples ---- */

static void test_sample_queries_are_read(void **state)
{
    static const char *const names[] = {
        "hl7v3/NistPixpdq_Mesa10501-04_Example_01.xml",
        "hl7v3/NistPixpdq_Mesa10501-05_Example_01.xml",
        "hl7v3/NistPixpdq_Mesa10502-03~UnknownId_Example_01.xml",
        "hl7v3/NistPixpdq_Mesa10503-01~UnknownAssigningAuth_Example_01.xml",
    };
    struct issue_list issues = { 0 };
    struct pix_query q;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (pix_query_decode(*state, hl7_sample(*state, names[i]), &q, &issues) != OK)
            fail_msg("%s: %s", names[i], issues.last->text);
        assert_non_null(q.patient_id.extension);
    }
}

static void test_sample_answers_are_read(void **state)
{
    struct arena *a = *state;
    struct pix_result r;

    assert_int_equal(pix_result_decode(a, hl7_sample(a, "hl7v3/07_PIXQuery1Response.xml"), &r), OK);
    assert_string_equal(r.response_code, "OK");
    assert_string_equal(r.ids->extension, "34827G409");
    assert_string_equal(r.ids->next->extension, "38273N237");
    assert_string_equal(r.ids->next->next->extension, "999-99-4452");

    assert_int_equal(pix_result_decode(a, hl7_sample(a, "own/iti45-case3-nf.xml"), &r), OK);
    assert_string_equal(r.response_code, "NF");
    assert_int_equal(pix_result_decode(a, hl7_sample(a, "own/iti45-case4-unknown-id.xml"), &r), OK);
    assert_string_equal(r.response_code, "AE");
    assert_string_equal(r.ack.details.first->place, PARAMETERS "/patientIdentifier/value");
    assert_int_equal(pix_result_decode(a, hl7_sample(a, "own/iti45-case5-unknown-domain.xml"), &r), OK);
    assert_string_equal(r.ack.details.first->place, PARAMETERS "/dataSource[1]/value");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HL7_TEST(test_a_query_is_read_as_it_was_written),
        HL7_TEST(test_queries_fit_their_schema),
        HL7_TEST(test_a_query_asks_about_exactly_one_id),
        HL7_TEST(test_a_data_source_names_one_domain),
        HL7_TEST(test_a_query_needs_its_frame),
        HL7_TEST(test_another_interaction_is_no_pix_query),
        HL7_TEST(test_a_refused_query_is_still_echoed),
        HL7_TEST(test_found_ids_come_back_in_order),
        HL7_TEST(test_an_answer_echoes_query_id_and_parameters),
        HL7_TEST(test_nothing_found_is_nf_without_an_event),
        HL7_TEST(test_errors_are_ae_with_a_detail_each_and_no_ids),
        HL7_TEST(test_answers_fit_their_schema),
        HL7_TEST(test_an_answer_without_its_acknowledgements_is_unusable),
        HL7_TEST(test_sample_queries_are_read),
        HL7_TEST(test_sample_answers_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
