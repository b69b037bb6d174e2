/* The transactions as a peer sees them: a whole PIX manager in this process, SOAP over a plain loopback socket. */
#include "pixmgr/pixmgr.h"

#include "base/ids.h"
#include "msg/prpa_feed.h"
#include "msg/prpa_find.h"
#include "msg/prpa_pix.h"
#include "support/exchange.h"
#include "support/scratch.h"
#include "wire/ns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define OSHIDORI "0035"
#define KANAE    "0360"
#define BACKBONE "backbone"

#define REGION   "2.999.392.2.35"
#define HOSPITAL "2.999.392.3.35.1"
#define CENTRAL  "2.999.392.3.35.2"
#define ABROAD   "2.999.392.2.360"
#define NOWHERE  "2.999.1.2.3"

#define PATIENT_PLACE  "/PRPA_IN201301UV02/controlActProcess/subject/registrationEvent/subject1/patient"
#define PIX_PARAMETERS "/PRPA_IN201309UV02/controlActProcess/queryByParameter/parameterList"
#define PDQ_PARAMETERS "/PRPA_IN201305UV02/controlActProcess/queryByParameter/parameterList"

struct fixture {
    struct arena *arena, *daemon_arena;
    const char *folder;
    struct daemon *daemon;
};

static void manager_start(struct fixture *f)
{
    struct config *c;

    f->daemon_arena = arena_new();
    c = config_default(f->daemon_arena);
    assert_int_equal(config_set(c, CONFIG_DATA, f->folder), OK);
    assert_int_equal(config_set(c, CONFIG_FIXTURES, "fixtures"), OK);
    assert_int_equal(config_set(c, CONFIG_COMMUNITIES, OSHIDORI "," KANAE), OK);
    assert_int_equal(config_set(c, CONFIG_PLAIN_PORT, "-1"), OK);
    assert_int_equal(config_set(c, CONFIG_LOOPS, "1"), OK);
    assert_int_equal(config_set(c, CONFIG_POPULATION, "0"), OK);
    assert_int_equal(daemon_start(f->daemon_arena, &pixmgr_spec, c, &f->daemon), OK);
    daemon_run(f->daemon);
}

static void manager_stop(struct fixture *f)
{
    daemon_stop(f->daemon);
    arena_free(f->daemon_arena);
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    log_open("test", LOG_LEVEL_ERROR);
    f->arena = a;
    f->folder = scratch_make(a);
    manager_start(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    manager_stop(f);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

/* Sends a body to a community's manager and gives back the answer's; its action must be the one expected. */
static struct xml_node *send_body(struct fixture *f, const char *community, const char *action, const struct buf *body,
                                  const char *reply_action)
{
    struct buf *envelope = buf_new(f->arena, BUF_MAX_DEFAULT), *request = buf_new(f->arena, BUF_MAX_DEFAULT);
    struct buf *response = buf_new(f->arena, BUF_MAX_DEFAULT);
    struct soap_headers headers = {
        .action = action, .message_id = ids_urn(f->arena), .to = "http://localhost/", .reply_to = WSA_ANONYMOUS
    };
    struct soap soap;
    struct soap_fault fault = { 0 };

    soap_write_head(envelope, &headers);
    buf_add_str(envelope, buf_str(body));
    soap_write_tail(envelope);
    buf_printf(request,
               "POST /%s/pixmgr HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml; charset=UTF-8\r\n"
               "Content-Length: %zu\r\nConnection: close\r\n\r\n",
               community, envelope->len);
    buf_add_str(request, buf_str(envelope));
    assert_true(exchange(f->daemon->plain_port, buf_str(request), response));
    struct reply reply = reply_parse(f->arena, buf_str(response));
    if (reply.status != 200)
        fail_msg("HTTP %d: %.*s", reply.status, (int)reply.body.len, reply.body.data);
    assert_int_equal(soap_parse_response(f->arena, reply.body, &soap, &fault), OK);
    assert_string_equal(soap.action, reply_action);
    assert_string_equal(soap.relates_to, headers.message_id);
    return soap.body;
}

static struct hl7_message message_make(struct arena *a)
{
    struct hl7_message m = hl7_message_new(a, NULL, NULL);

    m.sender.root = HOSPITAL;
    m.receiver.root = REGION;
    return m;
}

static void assert_detail(const struct hl7_ack *ack, const char *code, const char *place)
{
    for (const struct issue *i = ack->details.first; i != NULL; i = i->next) {
        if (text_equal(i->ebrs, code) && text_equal(i->place, place))
            return;
    }
    for (const struct issue *i = ack->details.first; i != NULL; i = i->next)
        print_message("%s at %s: %s\n", i->ebrs, i->place, i->text);
    fail_msg("no detail %s at %s", code, place);
}

/* ---- ITI-44 ---- */

static struct prpa_feed *feed_make(struct arena *a, const char *root, const char *extension)
{
    struct prpa_feed *feed = ARENA_NEW(a, struct prpa_feed);
    struct person_name *n = ARENA_ARRAY(a, struct person_name, 2);

    feed->message = message_make(a);
    n[0] = (struct person_name){ .use = "IDE", .family = "鳥取", .given = "花子", .next = &n[1] };
    n[1] = (struct person_name){ .use = "SYL", .family = "トットリ", .given = "ハナコ" };
    feed->patient.names = n;
    feed->patient.gender = "F";
    feed->patient.birth_time = "19700131";
    patient_id_add(a, &feed->patient.ids, root, extension);
    return feed;
}

static struct hl7_ack feed_send(struct fixture *f, const char *community, const struct prpa_feed *feed)
{
    const char *action = feed->event == FEED_ADDED ? "urn:hl7-org:v3:PRPA_IN201301UV02"
                                                   : "urn:hl7-org:v3:PRPA_IN201302UV02";
    struct buf *body = buf_new(f->arena, BUF_MAX_DEFAULT);
    struct hl7_ack ack = { 0 };

    prpa_feed_encode(f->arena, feed, body);
    struct xml_node *answer = send_body(f, community, action, body, "urn:hl7-org:v3:MCCI_IN000002UV01");
    assert_true(xml_is(answer, NS_HL7, "MCCI_IN000002UV01"));
    assert_int_equal(hl7_ack_decode(f->arena, answer, &ack), OK);
    assert_string_equal(ack.target.root, feed->message.id.root);
    return ack;
}

static void feed_well(struct fixture *f, const char *community, const struct prpa_feed *feed)
{
    struct hl7_ack ack = feed_send(f, community, feed);

    assert_string_equal(ack.type_code, "CA");
    assert_null(ack.details.first);
}

/* ---- ITI-45 ---- */

static struct pix_result pix_send(struct fixture *f, const char *community, const char *root, const char *extension,
                                  struct patient_id *data_sources)
{
    struct pix_query q = { .message = message_make(f->arena),
                           .query_id = { .root = "2.999.9", .extension = "17" },
                           .patient_id = { .root = root, .extension = extension },
                           .data_sources = data_sources };
    struct buf *body = buf_new(f->arena, BUF_MAX_DEFAULT);
    struct pix_result r = { 0 };

    pix_query_encode(f->arena, &q, body);
    struct xml_node *answer = send_body(f, community, "urn:hl7-org:v3:PRPA_IN201309UV02", body,
                                        "urn:hl7-org:v3:PRPA_IN201310UV02");
    assert_int_equal(pix_result_decode(f->arena, answer, &r), OK);
    assert_string_equal(r.ack.target.root, q.message.id.root);
    const struct xml_node *act = xml_child(answer, NS_HL7, "controlActProcess");
    assert_string_equal(xml_attr(xml_at(act, NS_HL7, "queryAck", "queryId", NULL), "extension"), "17");
    assert_string_equal(xml_attr(xml_at(act, NS_HL7, "queryByParameter", "queryId", NULL), "extension"), "17");
    return r;
}

static const char *ids_text(struct arena *a, const struct patient_id *ids)
{
    const char *text = "";

    for (; ids != NULL; ids = ids->next)
        text = arena_printf(a, "%s%s%s|%s", text, text[0] == '\0' ? "" : " ", ids->root, ids->extension);
    return text;
}

static void assert_found(struct fixture *f, const struct pix_result *r, const char *ids)
{
    assert_string_equal(r->ack.type_code, "AA");
    assert_string_equal(r->response_code, ids[0] == '\0' ? "NF" : "OK");
    assert_string_equal(ids_text(f->arena, r->ids), ids);
    assert_null(r->ack.details.first);
}

static void assert_pix_error(const struct pix_result *r, int details)
{
    assert_string_equal(r->ack.type_code, "AE");
    assert_string_equal(r->response_code, "AE");
    assert_int_equal(r->ack.details.errors, details);
    assert_null(r->ids);
}

static struct patient_id *domains(struct fixture *f, const char *first, const char *second)
{
    struct patient_id *list = NULL;

    patient_id_add(f->arena, &list, first, NULL);
    if (second != NULL)
        patient_id_add(f->arena, &list, second, NULL);
    return list;
}

static void test_a_fed_patient_is_cross_referenced(void **state)
{
    struct fixture *f = *state;
    struct prpa_feed *feed = feed_make(f->arena, HOSPITAL, "00012345");

    patient_id_add(f->arena, &feed->patient.ids, REGION, "O-1");
    feed_well(f, OSHIDORI, feed);
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "00012345", domains(f, REGION, NULL)); /* case 2 */
    assert_found(f, &r, REGION "|O-1");
    r = pix_send(f, OSHIDORI, REGION, "O-1", NULL); /* case 1, by slug */
    assert_found(f, &r, HOSPITAL "|00012345");
    r = pix_send(f, "oshidori", REGION, "O-1", NULL);
    assert_found(f, &r, HOSPITAL "|00012345");
}

static void test_a_feed_from_two_places_is_one_person_with_ids_in_order(void **state)
{
    struct fixture *f = *state;
    struct prpa_feed *second = feed_make(f->arena, CENTRAL, "9");

    patient_id_add(f->arena, &second->patient.ids, CENTRAL, "10");
    patient_id_add(f->arena, &second->patient.ids, REGION, "O-1");
    feed_well(f, OSHIDORI, feed_make(f->arena, HOSPITAL, "1"));
    feed_well(f, OSHIDORI, second);
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "1", NULL); /* case 6: two ids in one domain */
    assert_found(f, &r, REGION "|O-1 " CENTRAL "|10 " CENTRAL "|9");
    r = pix_send(f, OSHIDORI, HOSPITAL, "1", domains(f, CENTRAL, REGION));
    assert_found(f, &r, REGION "|O-1 " CENTRAL "|10 " CENTRAL "|9");
    r = pix_send(f, OSHIDORI, CENTRAL, "9", domains(f, CENTRAL, NULL));
    assert_found(f, &r, CENTRAL "|10");
}

static void test_the_same_feed_again_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct prpa_feed *feed = feed_make(f->arena, HOSPITAL, "1");

    patient_id_add(f->arena, &feed->patient.ids, REGION, "O-1");
    feed_well(f, OSHIDORI, feed);
    feed_well(f, OSHIDORI, feed);
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "1", NULL);
    assert_found(f, &r, REGION "|O-1");
}

static void test_a_revise_of_an_unknown_id_is_taken_as_added(void **state)
{
    struct fixture *f = *state;
    struct prpa_feed *feed = feed_make(f->arena, HOSPITAL, "1");

    feed->event = FEED_REVISED;
    patient_id_add(f->arena, &feed->patient.ids, REGION, "O-1");
    feed_well(f, OSHIDORI, feed);
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "1", NULL);
    assert_found(f, &r, REGION "|O-1");
}

static void test_a_feed_with_an_unknown_domain_is_refused_and_not_kept(void **state)
{
    struct fixture *f = *state;
    struct prpa_feed *feed = feed_make(f->arena, HOSPITAL, "1");

    patient_id_add(f->arena, &feed->patient.ids, ABROAD, "K-1");
    patient_id_add(f->arena, &feed->patient.ids, NOWHERE, "N-1");
    struct hl7_ack ack = feed_send(f, OSHIDORI, feed);
    assert_string_equal(ack.type_code, "CE");
    assert_int_equal(ack.details.errors, 2);
    assert_detail(&ack, "204", PATIENT_PLACE "/id[2]");
    assert_detail(&ack, "204", PATIENT_PLACE "/id[3]");
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "1", NULL);
    assert_pix_error(&r, 1);
}

static void test_the_backbone_knows_every_communitys_domains(void **state)
{
    struct fixture *f = *state;

    feed_well(f, BACKBONE, feed_make(f->arena, REGION, "O-1"));
    feed_well(f, BACKBONE, feed_make(f->arena, ABROAD, "K-1"));
    struct pix_result r = pix_send(f, BACKBONE, REGION, "O-1", domains(f, ABROAD, NULL));
    assert_found(f, &r, ABROAD "|K-1");
    r = pix_send(f, OSHIDORI, REGION, "O-1", NULL); /* its own manager was told nothing */
    assert_pix_error(&r, 1);
    struct hl7_ack ack = feed_send(f, BACKBONE, feed_make(f->arena, NOWHERE, "1"));
    assert_string_equal(ack.type_code, "CE");
}

static void test_a_feed_without_a_name_names_the_place(void **state)
{
    struct fixture *f = *state;
    struct buf *sent = buf_new(f->arena, BUF_MAX_DEFAULT), *spoilt = buf_new(f->arena, BUF_MAX_DEFAULT);
    struct xml_node *body;
    struct hl7_ack ack;

    prpa_feed_encode(f->arena, feed_make(f->arena, HOSPITAL, "1"), sent);
    assert_int_equal(xml_parse(f->arena, buf_str(sent), NULL, &body, NULL), OK);
    struct xml_node *person = xml_child(
        hl7_registration_patient(xml_at(body, NS_HL7, "controlActProcess", "subject", "registrationEvent", NULL)),
        NS_HL7, "patientPerson");
    for (struct xml_node *n; (n = xml_child(person, NS_HL7, "name")) != NULL;)
        xml_remove(n);
    xml_write_node(spoilt, body);
    struct xml_node *answer = send_body(f, OSHIDORI, "urn:hl7-org:v3:PRPA_IN201301UV02", spoilt,
                                        "urn:hl7-org:v3:MCCI_IN000002UV01");
    assert_int_equal(hl7_ack_decode(f->arena, answer, &ack), OK);
    assert_string_equal(ack.type_code, "CE");
    assert_detail(&ack, "SYN105", PATIENT_PLACE "/patientPerson/name");
}

static void test_absurdly_many_ids_are_refused(void **state)
{
    struct fixture *f = *state;
    struct prpa_feed *feed = feed_make(f->arena, HOSPITAL, "0");

    for (int i = 1; i <= 100; i++)
        patient_id_add(f->arena, &feed->patient.ids, HOSPITAL, arena_printf(f->arena, "%d", i));
    struct hl7_ack ack = feed_send(f, OSHIDORI, feed);
    assert_string_equal(ack.type_code, "CE");
    assert_detail(&ack, "SYN102", PATIENT_PLACE);
}

static void test_acknowledged_feeds_survive_a_restart(void **state)
{
    struct fixture *f = *state;
    struct prpa_feed *feed = feed_make(f->arena, HOSPITAL, "1");

    patient_id_add(f->arena, &feed->patient.ids, REGION, "O-1");
    feed_well(f, OSHIDORI, feed);
    manager_stop(f);
    manager_start(f);
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "1", NULL);
    assert_found(f, &r, REGION "|O-1");
}

static void test_known_without_ids_in_the_requested_domains_is_nf(void **state)
{
    struct fixture *f = *state;

    feed_well(f, OSHIDORI, feed_make(f->arena, HOSPITAL, "1"));
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "1", domains(f, REGION, CENTRAL)); /* case 3 */
    assert_found(f, &r, "");
    r = pix_send(f, OSHIDORI, HOSPITAL, "1", NULL); /* no other id anywhere */
    assert_found(f, &r, "");
}

static void test_an_unknown_patient_is_an_error_at_the_identifier(void **state)
{
    struct fixture *f = *state;
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "nobody", NULL); /* case 4 */

    assert_pix_error(&r, 1);
    assert_detail(&r.ack, "204", PIX_PARAMETERS "/patientIdentifier/value");
    r = pix_send(f, OSHIDORI, NOWHERE, "1", NULL);
    assert_pix_error(&r, 1);
    assert_detail(&r.ack, "204", PIX_PARAMETERS "/patientIdentifier/value");
}

static void test_each_unknown_requested_domain_is_an_error_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct patient_id *sources = domains(f, NOWHERE, REGION);

    patient_id_add(f->arena, &sources, ABROAD, NULL);
    feed_well(f, OSHIDORI, feed_make(f->arena, HOSPITAL, "1"));
    struct pix_result r = pix_send(f, OSHIDORI, HOSPITAL, "1", sources); /* case 5 */
    assert_pix_error(&r, 2);
    assert_detail(&r.ack, "204", PIX_PARAMETERS "/dataSource[1]/value");
    assert_detail(&r.ack, "204", PIX_PARAMETERS "/dataSource[3]/value");
}

/* ---- ITI-47 ---- */

static struct find_result find_send(struct fixture *f, struct find_query *q, struct xml_node **query_ack)
{
    struct buf *body = buf_new(f->arena, BUF_MAX_DEFAULT);
    struct find_result r = { 0 };

    q->message = message_make(f->arena);
    q->query_id = (struct patient_id){ .root = "2.999.9", .extension = "18" };
    find_query_encode(f->arena, q, body);
    struct xml_node *answer = send_body(f, OSHIDORI, "urn:hl7-org:v3:PRPA_IN201305UV02", body,
                                        "urn:hl7-org:v3:PRPA_IN201306UV02");
    assert_int_equal(find_result_decode(f->arena, answer, &r), OK);
    assert_string_equal(r.ack.target.root, q->message.id.root);
    *query_ack = xml_at(answer, NS_HL7, "controlActProcess", "queryAck", NULL);
    assert_string_equal(xml_attr(xml_child(*query_ack, NS_HL7, "queryId"), "extension"), "18");
    return r;
}

static void assert_quantities(struct xml_node *query_ack, const char *total, const char *current, const char *remaining)
{
    assert_string_equal(hl7_value(query_ack, "resultTotalQuantity"), total);
    assert_string_equal(hl7_value(query_ack, "resultCurrentQuantity"), current);
    assert_string_equal(hl7_value(query_ack, "resultRemainingQuantity"), remaining);
}

/* 鳥取花子 with a hospital's and the regional id, and somebody else. */
static void people_feed(struct fixture *f)
{
    struct prpa_feed *hanako = feed_make(f->arena, HOSPITAL, "1"), *other = feed_make(f->arena, HOSPITAL, "2");

    patient_id_add(f->arena, &hanako->patient.ids, REGION, "O-1");
    feed_well(f, OSHIDORI, hanako);
    other->patient.names->next = NULL;
    other->patient.names->family = "米子";
    other->patient.birth_time = "19701224";
    feed_well(f, OSHIDORI, other);
}

static void test_who_is_this_id(void **state)
{
    struct fixture *f = *state;
    struct find_query q = { 0 };
    struct xml_node *ack;

    people_feed(f);
    patient_id_add(f->arena, &q.ids, HOSPITAL, "1");
    struct find_result r = find_send(f, &q, &ack);
    assert_string_equal(r.ack.type_code, "AA");
    assert_string_equal(r.response_code, "OK");
    assert_string_equal(ids_text(f->arena, r.patients->ids), REGION "|O-1 " HOSPITAL "|1");
    assert_string_equal(patient_name(r.patients, "SYL")->family, "トットリ");
    assert_string_equal(r.patients->birth_time, "19700131");
    assert_string_equal(r.patients->gender, "F");
    assert_string_equal(r.patients->custodian_root, "2.999.392.1.35");
    assert_int_equal(r.patients->match, 100);
    assert_quantities(ack, "1", "1", "0");
}

static void test_who_is_called_this(void **state)
{
    struct fixture *f = *state;
    struct person_name n = { .family = "トットリ", .given = "ハナコ" };
    struct find_query q = { .names = &n, .birth_time = "1970" };
    struct xml_node *ack;

    people_feed(f);
    struct find_result r = find_send(f, &q, &ack);
    assert_string_equal(r.patients->names->family, "鳥取");
    assert_null(r.patients->next);
    n.family = "ダレカ";
    r = find_send(f, &q, &ack);
    assert_string_equal(r.ack.type_code, "AA");
    assert_string_equal(r.response_code, "NF");
    assert_quantities(ack, "0", "0", "0");
}

static void test_requested_domains_narrow_the_ids(void **state)
{
    struct fixture *f = *state;
    struct find_query q = { .birth_time = "1970", .scoping = domains(f, REGION, CENTRAL) };
    struct xml_node *ack;

    people_feed(f);
    struct find_result r = find_send(f, &q, &ack);
    assert_string_equal(ids_text(f->arena, r.patients->ids), REGION "|O-1");
    assert_string_equal(r.patients->other_ids->root, CENTRAL);
    assert_null(r.patients->other_ids->extension);
    assert_null(r.patients->next); /* the other has no id in these domains */
    assert_quantities(ack, "1", "1", "0");
}

static void test_an_unknown_requested_domain_is_an_error_at_its_place(void **state)
{
    struct fixture *f = *state;
    struct find_query q = { .birth_time = "1970", .scoping = domains(f, REGION, NOWHERE) };
    struct xml_node *ack;

    struct find_result r = find_send(f, &q, &ack);
    assert_string_equal(r.ack.type_code, "AE");
    assert_string_equal(r.response_code, "AE");
    assert_detail(&r.ack, "204", PDQ_PARAMETERS "/otherIDsScopingOrganization[2]/value");
}

static void test_more_than_the_initial_quantity_is_told_in_part(void **state)
{
    struct fixture *f = *state;
    struct find_query q = { .birth_time = "1970", .initial_quantity = 1 };
    struct xml_node *ack;

    people_feed(f);
    struct find_result r = find_send(f, &q, &ack);
    assert_string_equal(r.ack.type_code, "AA");
    assert_string_equal(r.response_code, "OK");
    assert_string_equal(r.patients->names->family, "鳥取");
    assert_null(r.patients->next);
    assert_quantities(ack, "2", "1", "1");
    q.initial_quantity = 2;
    r = find_send(f, &q, &ack);
    assert_string_equal(r.response_code, "OK");
    assert_quantities(ack, "2", "2", "0");
}

static void test_an_address_that_nobody_has_finds_nobody(void **state)
{
    struct fixture *f = *state;
    struct address address = { .city = "鳥取市" };
    struct find_query q = { .birth_time = "1970", .address = &address };
    struct xml_node *ack;

    people_feed(f);
    struct find_result r = find_send(f, &q, &ack);
    assert_string_equal(r.ack.type_code, "AA");
    assert_string_equal(r.response_code, "NF");
    assert_quantities(ack, "0", "0", "0");
}

static void test_deferred_answers_are_not_offered(void **state)
{
    struct find_query q = { .birth_time = "1970", .priority = "D" };
    struct xml_node *ack;
    struct find_result r = find_send(*state, &q, &ack);

    assert_string_equal(r.ack.type_code, "AE");
    assert_detail(&r.ack, "NS250", "/PRPA_IN201305UV02/controlActProcess/queryByParameter/responsePriorityCode");
}

#define PIXMGR_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PIXMGR_TEST(test_a_fed_patient_is_cross_referenced),
        PIXMGR_TEST(test_a_feed_from_two_places_is_one_person_with_ids_in_order),
        PIXMGR_TEST(test_the_same_feed_again_changes_nothing),
        PIXMGR_TEST(test_a_revise_of_an_unknown_id_is_taken_as_added),
        PIXMGR_TEST(test_a_feed_with_an_unknown_domain_is_refused_and_not_kept),
        PIXMGR_TEST(test_the_backbone_knows_every_communitys_domains),
        PIXMGR_TEST(test_a_feed_without_a_name_names_the_place),
        PIXMGR_TEST(test_absurdly_many_ids_are_refused),
        PIXMGR_TEST(test_acknowledged_feeds_survive_a_restart),
        PIXMGR_TEST(test_known_without_ids_in_the_requested_domains_is_nf),
        PIXMGR_TEST(test_an_unknown_patient_is_an_error_at_the_identifier),
        PIXMGR_TEST(test_each_unknown_requested_domain_is_an_error_of_its_own),
        PIXMGR_TEST(test_who_is_this_id),
        PIXMGR_TEST(test_who_is_called_this),
        PIXMGR_TEST(test_requested_domains_narrow_the_ids),
        PIXMGR_TEST(test_an_unknown_requested_domain_is_an_error_at_its_place),
        PIXMGR_TEST(test_more_than_the_initial_quantity_is_told_in_part),
        PIXMGR_TEST(test_an_address_that_nobody_has_finds_nobody),
        PIXMGR_TEST(test_deferred_answers_are_not_offered),
    };

    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
