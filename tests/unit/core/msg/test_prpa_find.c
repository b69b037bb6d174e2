/* Finding people by demographics: PDQV3 (ITI TF-2: 3.47) and XCPD (3.55). */
#include "msg/prpa_find.h"

#include "tests/unit/core/msg/hl7_check.h"

#define QUERY_PLACE "/PRPA_IN201305UV02/controlActProcess/queryByParameter"
#define PARAMETERS  QUERY_PLACE "/parameterList"

static struct person_name names[] = {
    { .use = "IDE", .family = "鳥取", .given = "花子", .next = &names[1] },
    { .use = "SYL", .family = "トットリ", .given = "ハナコ" },
};

static struct find_query *query_make(struct arena *a, bool is_xcpd)
{
    struct find_query *q = ARENA_NEW(a, struct find_query);

    q->message = hl7_message_new(a, NULL, NULL);
    q->message.sender.root = "2.999.392.2.26";
    q->message.receiver.root = "2.999.392.2.35";
    if (is_xcpd) {
        q->message.sender.home = "2.999.392.1.26";
        q->assigning_authority = "2.999.392.2.26";
    } else {
        q->initial_quantity = 10;
        patient_id_add(a, &q->scoping, "2.999.392.3.35.1", NULL);
    }
    q->query_id = (struct patient_id){ .root = "2.999.392.9.1", .extension = "18" };
    patient_id_add(a, &q->ids, "2.999.392.2.26", "M-9");
    q->names = names;
    q->gender = "F";
    q->birth_time = "19700131";
    q->address = ARENA_NEW(a, struct address);
    *q->address = (struct address){ .city = "鳥取市", .state = "鳥取県" };
    return q;
}

static struct buf *query_write(struct arena *a, const struct find_query *q)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    find_query_encode(a, q, out);
    return out;
}

static struct find_query *query_received(struct arena *a, const struct find_query *sent)
{
    struct find_query *q = ARENA_NEW(a, struct find_query);
    struct issue_list issues = { 0 };

    assert_int_equal(find_query_decode(a, hl7_parse(a, buf_str(query_write(a, sent))), q, &issues), OK);
    return q;
}

static void test_a_pdq_query_is_read_as_it_was_written(void **state)
{
    const struct find_query *q = query_received(*state, query_make(*state, false));

    assert_string_equal(q->query_id.extension, "18");
    assert_string_equal(q->priority, "I");
    assert_int_equal(q->initial_quantity, 10);
    assert_string_equal(q->ids->extension, "M-9");
    assert_string_equal(q->names->family, "鳥取");
    assert_string_equal(q->names->next->use, "SYL");
    assert_string_equal(q->names->next->given, "ハナコ");
    assert_null(q->names->next->next);
    assert_string_equal(q->gender, "F");
    assert_string_equal(q->birth_time, "19700131");
    assert_string_equal(q->address->city, "鳥取市");
    assert_string_equal(q->scoping->root, "2.999.392.3.35.1");
    assert_null(q->message.sender.home);
    assert_null(q->assigning_authority);
}

static void test_xcpd_carries_its_home_and_a_parameter_per_name(void **state)
{
    struct arena *a = *state;
    struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a, true))));
    const struct find_query *q = query_received(a, query_make(a, true));

    assert_string_equal(q->message.sender.home, "2.999.392.1.26");
    assert_string_equal(q->assigning_authority, "2.999.392.2.26");
    assert_int_equal(q->initial_quantity, -1);
    assert_string_equal(q->names->next->family, "トットリ");
    body = xml_at(body, NS_HL7, "controlActProcess", "queryByParameter", "parameterList", NULL);
    assert_int_equal(xml_count(body, NS_HL7, "livingSubjectName"), 2);
}

static void test_a_birth_interval_is_kept(void **state)
{
    struct find_query *sent = query_make(*state, false);

    sent->birth_time = NULL;
    sent->birth_low = "1960";
    sent->birth_high = "19701231";
    const struct find_query *q = query_received(*state, sent);
    assert_null(q->birth_time);
    assert_string_equal(q->birth_low, "1960");
    assert_string_equal(q->birth_high, "19701231");
}

static void test_queries_fit_their_schema(void **state)
{
    struct arena *a = *state;
    struct find_query *interval = query_make(a, false);
    struct find_query bare = { .message = interval->message, .query_id = interval->query_id, .gender = "M" };

    assert_schema_valid(a, query_write(a, query_make(a, false)), "PRPA_IN201305UV02");
    assert_schema_valid(a, query_write(a, query_make(a, true)), "PRPA_IN201305UV02");
    interval->birth_time = NULL;
    interval->birth_low = "1960";
    assert_schema_valid(a, query_write(a, interval), "PRPA_IN201305UV02");
    assert_schema_valid(a, query_write(a, &bare), "PRPA_IN201305UV02");
}

/* ---- refusals ---- */

static void assert_refused(struct arena *a, struct xml_node *body, enum issue_code code, const char *place)
{
    struct issue_list issues = { 0 };
    struct find_query q;

    assert_int_equal(find_query_decode(a, body, &q, &issues), E_REFUSED);
    assert_issue(&issues, code, place);
    assert_string_equal(q.query_id.extension, "18"); /* what the answer echoes */
}

static struct xml_node *query_of(struct xml_node *body)
{
    return xml_at(body, NS_HL7, "controlActProcess", "queryByParameter", NULL);
}

static void test_a_value_that_is_none_is_named_with_its_place(void **state)
{
    struct arena *a = *state;
    static const struct {
        const char *parameter, *attr, *value, *place;
    } cases[] = {
        { "livingSubjectBirthTime", "value", "1970/1/31", PARAMETERS "/livingSubjectBirthTime/value" },
        { "livingSubjectId", "root", "", PARAMETERS "/livingSubjectId/value" },
        { "otherIDsScopingOrganization", "root", "", PARAMETERS "/otherIDsScopingOrganization/value" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a, false))));
        struct xml_node *parameters = xml_child(query_of(body), NS_HL7, "parameterList");
        struct xml_node *value = xml_child(xml_child(parameters, NS_HL7, cases[i].parameter), NS_HL7, "value");
        xml_set_attr(a, value, cases[i].attr, cases[i].value);
        assert_refused(a, body, ISSUE_HL7_BAD_VALUE, cases[i].place);
    }
}

static void test_an_empty_name_is_refused_not_taken_for_everybody(void **state)
{
    struct arena *a = *state;
    struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a, false))));
    struct xml_node *parameters = xml_child(query_of(body), NS_HL7, "parameterList");

    xml_append(a, xml_child(parameters, NS_HL7, "livingSubjectName"), NS_HL7, "value");
    assert_refused(a, body, ISSUE_HL7_BAD_VALUE, PARAMETERS "/livingSubjectName/value[3]");
}

static void test_priority_and_quantity_have_their_values(void **state)
{
    static const char *const quantities[] = { "0", "-1", "ten", "5x", "", "99999999999" };
    struct arena *a = *state;
    struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a, false))));

    for (size_t i = 0; i < ARRAY_LEN(quantities); i++) {
        xml_set_attr(a, xml_child(query_of(body), NS_HL7, "initialQuantity"), "value", quantities[i]);
        assert_refused(a, body, ISSUE_HL7_BAD_VALUE, QUERY_PLACE "/initialQuantity");
    }
    xml_set_attr(a, xml_child(query_of(body), NS_HL7, "responsePriorityCode"), "code", "X");
    assert_refused(a, body, ISSUE_HL7_BAD_VALUE, QUERY_PLACE "/responsePriorityCode");
}

static void test_a_query_asks_for_something(void **state)
{
    struct arena *a = *state;
    struct xml_node *body = hl7_parse(a, buf_str(query_write(a, query_make(a, false))));
    struct xml_node *parameters = xml_child(query_of(body), NS_HL7, "parameterList");

    parameters->first = parameters->last = NULL;
    assert_refused(a, body, ISSUE_HL7_REQUIRED_MISSING, PARAMETERS);
    xml_remove(parameters);
    assert_refused(a, body, ISSUE_HL7_REQUIRED_MISSING, PARAMETERS);
}

/* ---- answers ---- */

static struct patient *patients_make(struct arena *a)
{
    struct patient *p = ARENA_ARRAY(a, struct patient, 2);

    patient_id_add(a, &p[0].ids, "2.999.392.2.35", "O-1");
    p[0].names = names;
    p[0].gender = "F";
    p[0].birth_time = "19700131";
    patient_id_add(a, &p[0].other_ids, "2.999.392.3.35.1", "00012345");
    patient_id_add(a, &p[0].other_ids, "2.999.392.3.35.2", NULL);
    p[0].provider_root = "2.999.392.2.35";
    p[0].match = 90;
    p[0].next = &p[1];
    patient_id_add(a, &p[1].ids, "2.999.392.2.35", "O-2");
    p[1].match = -1;
    p[1].custodian_root = "2.999.392.1.26";
    return p;
}

static struct find_answer answer_make(struct arena *a, bool is_xcpd, struct patient *patients)
{
    return (struct find_answer){ .query = query_received(a, query_make(a, is_xcpd)),
                                 .patients = patients,
                                 .is_xcpd = is_xcpd,
                                 .custodian_root = "2.999.392.1.35" };
}

static struct buf *answer_write(struct arena *a, const struct find_answer *answer)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    find_answer_encode(a, answer, out);
    return out;
}

static struct xml_node *query_ack_of(struct xml_node *body)
{
    return xml_at(body, NS_HL7, "controlActProcess", "queryAck", NULL);
}

static void test_several_matches_come_back_in_order(void **state)
{
    struct arena *a = *state;
    struct find_answer answer = answer_make(a, true, patients_make(a));
    struct find_result r;

    assert_int_equal(find_result_decode(a, hl7_parse(a, buf_str(answer_write(a, &answer))), &r), OK);
    assert_string_equal(r.ack.type_code, "AA");
    assert_string_equal(r.ack.target.root, answer.query->message.id.root);
    assert_string_equal(r.response_code, "OK");
    const struct patient *p = r.patients;
    assert_string_equal(p->ids->extension, "O-1");
    assert_string_equal(patient_name(p, "SYL")->family, "トットリ");
    assert_string_equal(p->custodian_root, "2.999.392.1.35");
    assert_int_equal(p->match, 90);
    assert_string_equal(p->other_ids->extension, "00012345");
    assert_null(p->other_ids->next->extension);
    assert_string_equal(p->next->ids->extension, "O-2");
    assert_string_equal(p->next->custodian_root, "2.999.392.1.26");
    assert_int_equal(p->next->match, 100);
    assert_null(p->next->next);
}

static void test_pdq_counts_and_xcpd_does_not(void **state)
{
    struct arena *a = *state;
    struct find_answer pdq = answer_make(a, false, patients_make(a));
    struct find_answer xcpd = answer_make(a, true, patients_make(a));

    pdq.total = 5;
    struct xml_node *ack = query_ack_of(hl7_parse(a, buf_str(answer_write(a, &pdq))));
    assert_string_equal(hl7_value(ack, "resultTotalQuantity"), "5");
    assert_string_equal(hl7_value(ack, "resultCurrentQuantity"), "2");
    assert_string_equal(hl7_value(ack, "resultRemainingQuantity"), "3");
    ack = query_ack_of(hl7_parse(a, buf_str(answer_write(a, &xcpd))));
    assert_null(hl7_value(ack, "resultTotalQuantity"));
}

static void test_nobody_found_is_nf(void **state)
{
    struct arena *a = *state;
    struct find_answer answer = answer_make(a, false, NULL);
    struct xml_node *body = hl7_parse(a, buf_str(answer_write(a, &answer)));
    struct find_result r;

    assert_int_equal(find_result_decode(a, body, &r), OK);
    assert_string_equal(r.ack.type_code, "AA");
    assert_string_equal(r.response_code, "NF");
    assert_null(r.patients);
    assert_string_equal(hl7_value(query_ack_of(body), "resultTotalQuantity"), "0");
    assert_string_equal(xml_attr(xml_child(query_ack_of(body), NS_HL7, "queryId"), "extension"), "18");
}

static void test_an_xcpd_error_says_why_as_a_detected_issue(void **state)
{
    struct arena *a = *state;
    struct find_answer answer = answer_make(a, true, NULL);
    struct find_result r;

    issue_add(a, &answer.issues, ISSUE_HL7_BUSY, NULL, "too many queries under way");
    struct xml_node *body = hl7_parse(a, buf_str(answer_write(a, &answer)));
    assert_int_equal(find_result_decode(a, body, &r), OK);
    assert_string_equal(r.ack.type_code, "AE");
    assert_string_equal(r.response_code, "AE");
    struct xml_node *why = xml_at(body, NS_HL7, "controlActProcess", "reasonOf", "detectedIssueEvent", "mitigatedBy",
                                  "detectedIssueManagement", NULL);
    assert_string_equal(hl7_code(why, "code"), "ResponderBusy");
}

static void test_answers_fit_their_schema(void **state)
{
    struct arena *a = *state;

    for (int is_xcpd = 0; is_xcpd <= 1; is_xcpd++) {
        struct find_answer ok = answer_make(a, is_xcpd, patients_make(a)), nf = answer_make(a, is_xcpd, NULL), ae = nf;
        assert_schema_valid(a, answer_write(a, &ok), "PRPA_IN201306UV02");
        assert_schema_valid(a, answer_write(a, &nf), "PRPA_IN201306UV02");
        issue_add(a, &ae.issues, ISSUE_HL7_UNKNOWN_KEY, find_parameter_place(a, "otherIDsScopingOrganization", 2),
                  "none");
        assert_schema_valid(a, answer_write(a, &ae), "PRPA_IN201306UV02");
        ae.patients = ok.patients; /* initialQuantity without continuation: some, and AE */
        assert_schema_valid(a, answer_write(a, &ae), "PRPA_IN201306UV02");
    }
}

/* ---- samples ---- */

static void test_sample_queries_are_read(void **state)
{
    struct arena *a = *state;
    struct issue_list issues = { 0 };
    struct find_query q;

    assert_int_equal(find_query_decode(a, hl7_sample(a, "hl7v3/PDQ.xml"), &q, &issues), OK);
    assert_int_equal(find_query_decode(a, hl7_sample(a, "hl7v3/PDQ_Maximal_Query.xml"), &q, &issues), OK);
    assert_int_equal(q.initial_quantity, 2);
    assert_string_equal(q.names->given, "MARY Annemarie");
    assert_string_equal(q.address->street, "3443 North Arctic Avenue");
    assert_int_equal(find_query_decode(a, hl7_sample(a, "hl7v3/iti55-sample-request.xml"), &q, &issues), OK);
    assert_string_equal(q.message.sender.home, "1.2.3.928.955");
    assert_string_equal(q.assigning_authority, "1.2.840.114350.1.13.99997.2.3412");
    assert_string_equal(q.ids->next->extension, "58910");
    assert_int_equal(find_query_decode(a, hl7_sample(a, "hl7v3/iti55-sample-request-deferred.xml"), &q, &issues), OK);
    assert_string_equal(q.priority, "D");
    assert_int_equal(issues.errors, 0);
}

static void test_sample_answers_are_read(void **state)
{
    struct arena *a = *state;
    static const struct {
        const char *name, *response_code;
        int patients;
    } cases[] = {
        { "hl7v3/PDQ_Response.xml", "OK", 9 },          { "hl7v3/PDQ_Maximal_Query_Response.xml", "OK", 1 },
        { "hl7v3/iti55-sample-response.xml", "OK", 2 }, { "own/iti47-response-nf.xml", "NF", 0 },
        { "own/iti47-response-one.xml", "OK", 1 },      { "own/iti55-case3-more-attributes.xml", "OK", 0 },
        { "own/iti55-case5-busy.xml", "AE", 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct find_result r;
        int n = 0;
        if (find_result_decode(a, hl7_sample(a, cases[i].name), &r) != OK)
            fail_msg("%s cannot be read", cases[i].name);
        for (const struct patient *p = r.patients; p != NULL; p = p->next)
            n++;
        if (n != cases[i].patients || !text_equal(r.response_code, cases[i].response_code))
            fail_msg("%s: %d patients, %s", cases[i].name, n, r.response_code);
    }
}

static void test_an_answer_without_its_acknowledgements_is_unusable(void **state)
{
    struct find_result r;

    assert_int_equal(find_result_decode(*state, NULL, &r), E_SYNTAX);
    assert_int_equal(find_result_decode(*state, hl7_parse_text(*state, "PRPA_IN201306UV02", ""), &r), E_SYNTAX);
    assert_int_equal(find_result_decode(*state, hl7_parse_text(*state, "PRPA_IN201310UV02", ""), &r), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HL7_TEST(test_a_pdq_query_is_read_as_it_was_written),
        HL7_TEST(test_xcpd_carries_its_home_and_a_parameter_per_name),
        HL7_TEST(test_a_birth_interval_is_kept),
        HL7_TEST(test_queries_fit_their_schema),
        HL7_TEST(test_a_value_that_is_none_is_named_with_its_place),
        HL7_TEST(test_an_empty_name_is_refused_not_taken_for_everybody),
        HL7_TEST(test_priority_and_quantity_have_their_values),
        HL7_TEST(test_a_query_asks_for_something),
        HL7_TEST(test_several_matches_come_back_in_order),
        HL7_TEST(test_pdq_counts_and_xcpd_does_not),
        HL7_TEST(test_nobody_found_is_nf),
        HL7_TEST(test_an_xcpd_error_says_why_as_a_detected_issue),
        HL7_TEST(test_answers_fit_their_schema),
        HL7_TEST(test_sample_queries_are_read),
        HL7_TEST(test_sample_answers_are_read),
        HL7_TEST(test_an_answer_without_its_acknowledgements_is_unusable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
