/* The patient identity feed (ITI TF-2: 3.44). */
#include "msg/prpa_feed.h"

#include "tests/unit/core/msg/hl7_check.h"

#define PATIENT_PLACE "/PRPA_IN201301UV02/controlActProcess/subject/registrationEvent/subject1/patient"

/* A person of おしどりネット under a hospital's id and the regional one, with everything a patient can carry. */
static struct prpa_feed *feed_make(struct arena *a, enum feed_event event)
{
    struct prpa_feed *f = ARENA_NEW(a, struct prpa_feed);
    struct patient *p = &f->patient;

    f->event = event;
    f->message = hl7_message_new(a, NULL, NULL);
    f->message.sender.root = "2.999.392.3.35.1";
    f->message.receiver.root = "2.999.392.2.35";
    patient_id_add(a, &p->ids, "2.999.392.3.35.1", "00012345");
    patient_id_add(a, &p->ids, "2.999.392.2.35", "O-1");
    p->names = ARENA_ARRAY(a, struct person_name, 3);
    p->names[0] = (struct person_name){ .use = "IDE", .family = "鳥取", .given = "花子", .next = &p->names[1] };
    p->names[1] = (struct person_name){ .use = "SYL", .family = "トットリ", .given = "ハナコ", .next = &p->names[2] };
    p->names[2] = (struct person_name){ .use = "ABC", .family = "Tottori", .given = "Hanako", .prefix = "Dr." };
    p->gender = "F";
    p->birth_time = "19700131";
    p->addresses = ARENA_NEW(a, struct address);
    *p->addresses = (struct address){ .use = "H",
                                      .street = "東町一丁目220",
                                      .city = "鳥取市",
                                      .state = "鳥取県",
                                      .postal_code = "680-8570",
                                      .country = "JP" };
    p->telecoms = ARENA_NEW(a, struct telecom);
    *p->telecoms = (struct telecom){ .value = "tel:0857-26-7111", .use = "HP" };
    patient_id_add(a, &p->other_ids, "1.2.392.100495.20.3.61.11311234", "記号・番号 1");
    patient_id_add(a, &p->other_ids, "2.999.9", NULL);
    p->provider_root = "2.999.392.3.35.1";
    p->provider_name = "県立病院 <東>";
    return f;
}

static struct buf *feed_write(struct arena *a, const struct prpa_feed *f)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    prpa_feed_encode(a, f, out);
    return out;
}

static void test_a_feed_is_read_as_it_was_written(void **state)
{
    struct arena *a = *state;
    struct issue_list issues = { 0 };
    struct prpa_feed f;

    assert_int_equal(prpa_feed_decode(a, hl7_parse(a, buf_str(feed_write(a, feed_make(a, FEED_ADDED)))), &f, &issues),
                     OK);
    const struct patient *p = &f.patient;
    assert_int_equal(f.event, FEED_ADDED);
    assert_string_equal(f.patient_place, PATIENT_PLACE);
    assert_string_equal(prpa_feed_id_place(a, &f, 2), PATIENT_PLACE "/id[2]");
    assert_string_equal(p->ids->extension, "00012345");
    assert_string_equal(p->ids->next->root, "2.999.392.2.35");
    assert_null(p->ids->next->next);
    assert_string_equal(patient_name(p, "IDE")->family, "鳥取");
    assert_string_equal(patient_name(p, "SYL")->given, "ハナコ");
    assert_string_equal(patient_name(p, "ABC")->prefix, "Dr.");
    assert_string_equal(p->gender, "F");
    assert_string_equal(p->birth_time, "19700131");
    assert_string_equal(p->addresses->street, "東町一丁目220");
    assert_string_equal(p->addresses->postal_code, "680-8570");
    assert_string_equal(p->telecoms->value, "tel:0857-26-7111");
    assert_string_equal(p->other_ids->extension, "記号・番号 1");
    assert_string_equal(p->other_ids->next->root, "2.999.9");
    assert_null(p->other_ids->next->extension);
    assert_string_equal(p->status, "active");
    assert_string_equal(p->provider_name, "県立病院 <東>");
    assert_string_equal(p->custodian_root, "2.999.392.3.35.1");
    assert_int_equal(p->match, -1);
    assert_null(f.subsumed);
}

static void test_duplicates_resolved_names_both_ids(void **state)
{
    struct arena *a = *state;
    struct prpa_feed *sent = feed_make(a, FEED_MERGED), f;
    struct issue_list issues = { 0 };

    sent->subsumed = &(struct patient_id){ .root = "2.999.392.2.35", .extension = "O-2" };
    assert_int_equal(prpa_feed_decode(a, hl7_parse(a, buf_str(feed_write(a, sent))), &f, &issues), OK);
    assert_int_equal(f.event, FEED_MERGED);
    assert_string_equal(f.subsumed->extension, "O-2");
}

static void test_every_feed_fits_its_schema(void **state)
{
    static const char *const schemas[] = { "PRPA_IN201301UV02", "PRPA_IN201302UV02", "PRPA_IN201304UV02" };
    struct arena *a = *state;
    struct prpa_feed bare = { .message = hl7_message_new(a, NULL, NULL) };

    bare.message.sender.root = bare.message.receiver.root = "2.999.1";
    patient_id_add(a, &bare.patient.ids, "2.999.1", "1");
    for (int event = FEED_ADDED; event <= FEED_REVISED; event++) {
        assert_schema_valid(a, feed_write(a, feed_make(a, (enum feed_event)event)), schemas[event]);
        bare.event = (enum feed_event)event;
        assert_schema_valid(a, feed_write(a, &bare), schemas[event]);
    }
    bare.event = FEED_MERGED;
    bare.subsumed = &(struct patient_id){ .root = "2.999.1", .extension = "2" };
    assert_schema_valid(a, feed_write(a, &bare), schemas[FEED_MERGED]);
}

/* ---- refusals: each is a written feed with one thing taken away or spoilt ---- */

static struct xml_node *patient_of(struct xml_node *body)
{
    return hl7_registration_patient(xml_at(body, NS_HL7, "controlActProcess", "subject", "registrationEvent", NULL));
}

static void assert_refused(struct arena *a, struct xml_node *body, enum issue_code code, const char *place)
{
    struct issue_list issues = { 0 };
    struct prpa_feed f;

    assert_int_equal(prpa_feed_decode(a, body, &f, &issues), E_REFUSED);
    assert_issue(&issues, code, place);
    assert_string_equal(f.message.sender.root, "2.999.392.3.35.1"); /* whom to tell */
}

static struct xml_node *body_make(struct arena *a)
{
    return hl7_parse(a, buf_str(feed_write(a, feed_make(a, FEED_ADDED))));
}

static void test_a_feed_without_a_patient_names_the_missing_step(void **state)
{
    struct xml_node *body = body_make(*state);

    xml_remove(patient_of(body));
    assert_refused(*state, body, ISSUE_HL7_REQUIRED_MISSING, PATIENT_PLACE);
    xml_remove(xml_child(body, NS_HL7, "controlActProcess"));
    assert_refused(*state, body, ISSUE_HL7_REQUIRED_MISSING, "/PRPA_IN201301UV02/controlActProcess");
}

static void test_a_patient_needs_an_id(void **state)
{
    struct xml_node *body = body_make(*state), *patient = patient_of(body);

    xml_remove(xml_child(patient, NS_HL7, "id"));
    xml_remove(xml_child(patient, NS_HL7, "id"));
    assert_refused(*state, body, ISSUE_HL7_REQUIRED_MISSING, PATIENT_PLACE "/id");
}

static void test_an_id_needs_a_value(void **state)
{
    struct xml_node *body = body_make(*state), *second = xml_next(xml_child(patient_of(body), NS_HL7, "id"));

    xml_set_attr(*state, second, "extension", "");
    assert_refused(*state, body, ISSUE_HL7_BAD_VALUE, PATIENT_PLACE "/id[2]");
    xml_set_attr(*state, second, "extension", "1");
    xml_set_attr(*state, second, "nullFlavor", "UNK");
    assert_refused(*state, body, ISSUE_HL7_BAD_VALUE, PATIENT_PLACE "/id[2]");
}

static void test_a_patient_needs_a_name(void **state)
{
    struct xml_node *body = body_make(*state), *person = xml_child(patient_of(body), NS_HL7, "patientPerson");

    for (struct xml_node *n; (n = xml_child(person, NS_HL7, "name")) != NULL;)
        xml_remove(n);
    assert_refused(*state, body, ISSUE_HL7_REQUIRED_MISSING, PATIENT_PLACE "/patientPerson/name");
    xml_remove(person);
    assert_refused(*state, body, ISSUE_HL7_REQUIRED_MISSING, PATIENT_PLACE "/patientPerson");
}

static void test_an_unknown_name_is_a_name(void **state)
{
    struct arena *a = *state;
    struct prpa_feed *sent = feed_make(a, FEED_REVISED), f;
    struct issue_list issues = { 0 };

    sent->patient.names = NULL;
    assert_int_equal(prpa_feed_decode(a, hl7_parse(a, buf_str(feed_write(a, sent))), &f, &issues), OK);
    assert_int_equal(f.event, FEED_REVISED);
    assert_null(f.patient.names);
}

static void test_a_birth_time_is_a_time(void **state)
{
    struct xml_node *body = body_make(*state);

    xml_set_attr(*state, xml_at(patient_of(body), NS_HL7, "patientPerson", "birthTime", NULL), "value", "S45.1.31");
    assert_refused(*state, body, ISSUE_HL7_BAD_VALUE, PATIENT_PLACE "/patientPerson/birthTime/@value");
}

static void test_another_interaction_is_no_feed(void **state)
{
    struct issue_list issues = { 0 };
    struct prpa_feed f;
    struct xml_node *body = hl7_sample(*state, "hl7v3/PDQ.xml");

    assert_int_equal(prpa_feed_decode(*state, body, &f, &issues), E_REFUSED);
    assert_issue(&issues, ISSUE_SOAP_BODY, "/PRPA_IN201305UV02");
}

static void test_sample_feeds_are_read(void **state)
{
    struct arena *a = *state;
    struct issue_list issues = { 0 };
    struct prpa_feed f;

    assert_int_equal(prpa_feed_decode(a, hl7_sample(a, "hl7v3/PIX_FEED_REG_Maximal_Request.xml"), &f, &issues), OK);
    assert_int_equal(f.event, FEED_ADDED);
    assert_string_equal(f.patient.ids->authority, "HIMSS2005");
    assert_string_equal(f.patient.ids->next->next->root, "");
    assert_string_equal(f.patient.names->given, "MARY ROSE");
    assert_string_equal(f.patient.other_ids->next->extension, "100-09-123456");
    assert_string_equal(f.patient.addresses->next->postal_code, "60555");

    assert_int_equal(prpa_feed_decode(a, hl7_sample(a, "hl7v3/PIX_FEED_REV_Maximal_Request.xml"), &f, &issues), OK);
    assert_int_equal(f.event, FEED_REVISED);

    assert_int_equal(prpa_feed_decode(a, hl7_sample(a, "hl7v3/PIX_FEED_MERGE_Maximal_Request.xml"), &f, &issues), OK);
    assert_int_equal(f.event, FEED_MERGED);
    assert_string_equal(f.patient.ids->extension, "120-01");
    assert_string_equal(f.subsumed->extension, "120-02");
    assert_int_equal(issues.errors, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HL7_TEST(test_a_feed_is_read_as_it_was_written),
        HL7_TEST(test_duplicates_resolved_names_both_ids),
        HL7_TEST(test_every_feed_fits_its_schema),
        HL7_TEST(test_a_feed_without_a_patient_names_the_missing_step),
        HL7_TEST(test_a_patient_needs_an_id),
        HL7_TEST(test_an_id_needs_a_value),
        HL7_TEST(test_a_patient_needs_a_name),
        HL7_TEST(test_an_unknown_name_is_a_name),
        HL7_TEST(test_a_birth_time_is_a_time),
        HL7_TEST(test_another_interaction_is_no_feed),
        HL7_TEST(test_sample_feeds_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
