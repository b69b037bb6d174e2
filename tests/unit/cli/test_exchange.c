/* What the client writes is what the actors read: every message is decoded with the codec of the side that gets it. */
#include "cli/exchange.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "msg/adhoc_query.h"
#include "msg/adt.h"
#include "msg/prpa_feed.h"
#include "msg/prpa_find.h"
#include "msg/prpa_pix.h"
#include "msg/quqi.h"
#include "msg/remove_objects.h"
#include "msg/retrieve.h"
#include "msg/submit_objects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct peer oshidori = { .key = "0035",
                                      .name = "おしどりネット",
                                      .home_community_id = "urn:oid:2.999.392.1.35",
                                      .patient_id_domain = "2.999.392.2.35",
                                      .repository = "2.999.392.4.35.1" };
static const struct peer mame = { .key = "0026",
                                  .name = "まめネット",
                                  .home_community_id = "urn:oid:2.999.392.1.26",
                                  .patient_id_domain = "2.999.392.2.26",
                                  .repository = "2.999.392.4.26.1" };

static struct exchange x;
static struct issue_list issues;

static int set_up(void **state)
{
    struct arena *a = arena_new();

    x = (struct exchange){ .arena = a, .params.arena = a, .from = &mame, .to = &oshidori };
    x.body = buf_new(a, BUF_MAX_DEFAULT);
    issues = (struct issue_list){ 0 };
    *state = a;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static void say(const char *name, const char *value)
{
    vars_add(&x.params, name, value);
}

static void say_person(void)
{
    say("family", "模擬");
    say("given", "花子");
    say("family-kana", "モギ");
    say("given-kana", "ハナコ");
    say("gender", "F");
    say("birth", "19500102");
}

static struct xml_node *encoded(const char *transaction)
{
    struct xml_node *root;

    x.row = exchange_find(transaction);
    assert_non_null(x.row);
    assert_int_equal(x.row->encode(&x), OK);
    assert_int_equal(xml_parse(x.arena, buf_str(x.body), NULL, &root, NULL), OK);
    return root;
}

static void test_feed_carries_ids_and_names(void **state)
{
    struct prpa_feed feed;

    (void)state;
    say("id", "F1^^^&2.999.392.3.35.1&ISO");
    say("id", "R1");
    say_person();
    assert_int_equal(prpa_feed_decode(x.arena, encoded("ITI-44"), &feed, &issues), OK);
    assert_string_equal(patient_id_in(feed.patient.ids, "2.999.392.3.35.1")->extension, "F1");
    assert_string_equal(patient_id_in(feed.patient.ids, "2.999.392.2.35")->extension, "R1");
    assert_string_equal(patient_name(&feed.patient, "IDE")->given, "花子");
    assert_string_equal(patient_name(&feed.patient, "SYL")->family, "モギ");
    assert_string_equal(feed.message.sender.root, "2.999.392.1.26");
    assert_string_equal(feed.message.receiver.root, "2.999.392.1.35");
}

static void test_a_merge_names_who_is_subsumed(void **state)
{
    struct prpa_feed feed;

    (void)state;
    say("id", "R1");
    say("subsumes", "R2");
    say_person();
    assert_int_equal(prpa_feed_decode(x.arena, encoded("ITI-44-merge"), &feed, &issues), OK);
    assert_int_equal(feed.event, FEED_MERGED);
    assert_string_equal(feed.subsumed->extension, "R2");
    assert_string_equal(feed.subsumed->root, "2.999.392.2.35");
}

static void test_a_revision_is_another_event(void **state)
{
    struct prpa_feed feed;

    (void)state;
    say("id", "R1");
    say_person();
    assert_int_equal(prpa_feed_decode(x.arena, encoded("ITI-44-revise"), &feed, &issues), OK);
    assert_int_equal(feed.event, FEED_REVISED);
}

static struct adt managed(void)
{
    struct hl7v2 m;
    struct hl7v2_fault fault;
    struct adt adt = { 0 };
    struct str bytes;

    buf_reset(x.body);
    x.actor = "pix-manager";
    x.row = exchange_find("ITI-30");
    assert_int_equal(x.row->encode(&x), OK);
    assert_int_equal(exchange_hl7v2_bytes(&x, &bytes), OK);
    assert_int_equal(hl7v2_parse(x.arena, bytes, &m, &fault), OK);
    assert_int_equal(adt_decode(x.arena, &m, &adt, &issues), OK);
    return adt;
}

static void test_management_is_of_one_who_was_another_or_of_two(void **state)
{
    (void)state;
    say("id", "R1");
    say_person();
    assert_int_equal(managed().kind, ADT_FEED);
    say("with", "X1^^^&2.999.392.3.35.1&ISO");
    struct adt linked = managed();
    assert_int_equal(linked.kind, ADT_LINK);
    assert_string_equal(linked.other->root, "2.999.392.3.35.1");
    vars_set(&x.params, "event", "A37");
    assert_int_equal(managed().kind, ADT_UNLINK);
    say("was", "R0");
    struct adt renamed = managed();
    assert_int_equal(renamed.kind, ADT_RENAME);
    assert_string_equal(renamed.subsumed->extension, "R0");
}

static void test_a_continuation_is_of_the_query_of_that_name(void **state)
{
    struct find_query query;
    struct quqi next;

    (void)state;
    say_person();
    say("query", "Q1");
    say("quantity", "3");
    assert_int_equal(find_query_decode(x.arena, encoded("ITI-47"), &query, &issues), OK);
    buf_reset(x.body);
    assert_int_equal(quqi_decode(x.arena, encoded("ITI-47-continue"), &next, &issues), OK);
    assert_string_equal(next.query_id.extension, query.query_id.extension);
    assert_string_equal(next.query_id.root, query.query_id.root);
    assert_int_equal(next.quantity, 3);
    buf_reset(x.body);
    assert_int_equal(quqi_decode(x.arena, encoded("ITI-47-cancel"), &next, &issues), OK);
    assert_string_equal(next.status, "aborted");
}

static void test_pix_query_asks_about_one_id_in_domains(void **state)
{
    struct pix_query query;

    (void)state;
    say("patient", "R1");
    say("domain", "2.999.392.2.26");
    say("domain", "2.999.392.2.1000");
    assert_int_equal(pix_query_decode(x.arena, encoded("ITI-45"), &query, &issues), OK);
    assert_string_equal(query.patient_id.root, "2.999.392.2.35");
    assert_string_equal(query.patient_id.extension, "R1");
    assert_string_equal(query.data_sources->root, "2.999.392.2.26");
    assert_string_equal(query.data_sources->next->root, "2.999.392.2.1000");
}

static void test_discovery_says_who_asks(void **state)
{
    struct find_query query;

    (void)state;
    say("id", "M1");
    say_person();
    assert_int_equal(find_query_decode(x.arena, encoded("ITI-55"), &query, &issues), OK);
    assert_string_equal(query.message.sender.home, "2.999.392.1.26");
    assert_string_equal(query.assigning_authority, "2.999.392.2.26");
    assert_string_equal(query.ids->root, "2.999.392.2.26");
    assert_string_equal(query.birth_time, "19500102");
}

static void test_discovery_needs_a_community_that_asks(void **state)
{
    (void)state;
    say_person();
    x.from = NULL;
    x.row = exchange_find("ITI-55");
    assert_int_equal(x.row->encode(&x), E_CONFIG);
    assert_non_null(strstr(x.why, "--from"));
}

static void test_submission_names_its_document_and_members(void **state)
{
    struct provide provide;

    (void)state;
    say("patient", "R1");
    say("content", "<a/>");
    say("document", "2.999.1");
    say_person();
    assert_int_equal(provide_decode(x.arena, encoded("ITI-41"), &provide, &issues), OK);
    assert_int_equal(issues.errors, 0);
    const struct submission *s = &provide.submit.submission;
    assert_string_equal(s->documents->unique_id, "2.999.1");
    assert_string_equal(s->documents->patient_id, "R1^^^&2.999.392.2.35&ISO");
    assert_string_equal(s->sets->patient_id, "R1^^^&2.999.392.2.35&ISO");
    assert_string_equal(s->associations->source, s->sets->entry_uuid);
    assert_string_equal(s->associations->target, s->documents->entry_uuid);
    assert_string_equal(provide.documents->id, s->documents->entry_uuid);
    assert_ptr_equal(part_find(x.parts, provide.documents->href), x.parts);
    assert_true(str_is(x.parts->bytes, "<a/>"));
}

static void test_submission_needs_a_document(void **state)
{
    (void)state;
    say("patient", "R1");
    x.row = exchange_find("ITI-41");
    assert_int_equal(x.row->encode(&x), E_CONFIG);
    assert_non_null(strstr(x.why, "--file"));
}

static void test_registration_says_where_hash_and_size(void **state)
{
    struct submit_objects submit;

    (void)state;
    say("patient", "R1");
    say("content", "");
    x.content = STR("abc");
    assert_int_equal(
        submit_objects_decode(x.arena, encoded("ITI-42"), ISSUE_XDS_REGISTRY_METADATA_ERROR, &submit, &issues), OK);
    const struct document_entry *d = submit.submission.documents;
    assert_string_equal(d->hash, "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_string_equal(d->size, "3");
    assert_string_equal(d->repository_unique_id, "2.999.392.4.35.1");
}

static void test_a_change_of_status_names_both(void **state)
{
    struct submit_objects submit;

    (void)state;
    say("patient", "R1");
    say("entry", "urn:uuid:1");
    say("entry", "urn:uuid:2");
    say("status", "deprecated");
    assert_int_equal(
        submit_objects_decode(x.arena, encoded("ITI-57"), ISSUE_XDS_REGISTRY_METADATA_ERROR, &submit, &issues), OK);
    const struct association *first = submit.submission.associations;
    assert_null(submit.submission.documents);
    assert_string_equal(first->type, ASSOC_UPDATE_STATUS);
    assert_string_equal(first->source, submit.submission.sets->entry_uuid);
    assert_string_equal(first->target, "urn:uuid:1");
    assert_string_equal(first->extra->name, "OriginalStatus");
    assert_string_equal(first->extra->values->text, STATUS_APPROVED);
    assert_string_equal(first->extra->next->values->text, STATUS_DEPRECATED);
    assert_string_equal(first->next->target, "urn:uuid:2");
}

static void test_a_new_version_says_what_it_follows(void **state)
{
    struct submit_objects submit;

    (void)state;
    say("patient", "R1");
    say("logical", "urn:uuid:1");
    say("version", "3");
    say("document", "2.999.1");
    x.content = STR("abc");
    assert_int_equal(
        submit_objects_decode(x.arena, encoded("ITI-92"), ISSUE_XDS_REGISTRY_METADATA_ERROR, &submit, &issues), OK);
    assert_string_equal(submit.submission.documents->logical_id, "urn:uuid:1");
    assert_string_equal(submit.submission.documents->unique_id, "2.999.1");
    assert_string_equal(submit.submission.associations->extra->name, "PreviousVersion");
    assert_string_equal(submit.submission.associations->extra->values->text, "3");
}

static void test_an_update_needs_to_know_of_what(void **state)
{
    (void)state;
    say("patient", "R1");
    x.row = exchange_find("ITI-57");
    assert_int_equal(x.row->encode(&x), E_CONFIG);
    say("entry", "urn:uuid:1");
    say("status", "gone");
    assert_int_equal(x.row->encode(&x), E_CONFIG);
    assert_non_null(strstr(x.why, "gone"));
}

static void test_removal_names_every_entry(void **state)
{
    struct remove_objects remove;

    (void)state;
    say("entry", "urn:uuid:1");
    say("entry", "urn:uuid:2");
    assert_int_equal(remove_objects_decode(x.arena, encoded("ITI-62"), &remove, &issues), OK);
    assert_string_equal(remove.refs->id, "urn:uuid:1");
    assert_string_equal(remove.refs->next->id, "urn:uuid:2");
}

static void test_any_query_is_asked_by_its_name(void **state)
{
    struct adhoc_query q;

    (void)state;
    say("query", "FindFolders");
    say("patient", "R1");
    say("param", "XDSFolderStatus=" STATUS_APPROVED);
    say("param", "$XDSFolderCodeList=('a^^1','b^^1')");
    say("param", "XDSFolderLastUpdateTimeFrom=2026");
    assert_int_equal(adhoc_query_decode(x.arena, encoded("ITI-18"), &q, &issues), OK);
    assert_string_equal(q.id, QUERY_FIND_FOLDERS);
    assert_string_equal(query_param(&q, "$XDSFolderPatientId")->values->text, "'R1^^^&2.999.392.2.35&ISO'");
    assert_string_equal(query_param(&q, "$XDSFolderStatus")->values->text, "'" STATUS_APPROVED "'");
    assert_string_equal(query_param(&q, "$XDSFolderCodeList")->values->text, "('a^^1','b^^1')");
    assert_string_equal(query_param(&q, "$XDSFolderLastUpdateTimeFrom")->values->text, "2026");
}

static void test_a_named_query_knows_the_usual_words(void **state)
{
    struct adhoc_query q;

    (void)state;
    say("query", "GetDocumentsAndAssociations");
    say("document", "2.999.5");
    say("patient", "R1");
    assert_int_equal(adhoc_query_decode(x.arena, encoded("ITI-18"), &q, &issues), OK);
    assert_string_equal(query_param(&q, "$XDSDocumentEntryUniqueId")->values->text, "('2.999.5')");
    assert_null(query_param(&q, "$XDSDocumentEntryStatus")); /* it does not ask for one */
    vars_set(&x.params, "query", "FindDocuments");
    buf_reset(x.body);
    assert_int_equal(adhoc_query_decode(x.arena, encoded("ITI-18"), &q, &issues), OK);
    assert_string_equal(query_param(&q, "$XDSDocumentEntryStatus")->values->text, "('" STATUS_APPROVED "')");
    assert_null(query_param(&q, "$XDSDocumentEntryUniqueId"));
}

static void test_a_query_or_a_parameter_that_is_none_is_refused(void **state)
{
    (void)state;
    x.row = exchange_find("ITI-18");
    say("query", "FindEverything");
    assert_int_equal(x.row->encode(&x), E_CONFIG);
    assert_non_null(strstr(x.why, "FindEverything"));
    vars_set(&x.params, "query", "GetAll");
    say("param", "patientId");
    assert_int_equal(x.row->encode(&x), E_CONFIG);
    assert_non_null(strstr(x.why, "NAME=VALUE"));
}

static void test_a_query_of_several_patients_names_them_all(void **state)
{
    struct adhoc_query q;

    (void)state;
    say("patient", "R1");
    say("patient", "R2");
    assert_int_equal(adhoc_query_decode(x.arena, encoded("ITI-51"), &q, &issues), OK);
    assert_string_equal(q.id, QUERY_FIND_DOCUMENTS_MULTI);
    assert_string_equal(query_param(&q, "$XDSDocumentEntryPatientId")->values->text,
                        "('R1^^^&2.999.392.2.35&ISO','R2^^^&2.999.392.2.35&ISO')");
    assert_string_equal(query_param(&q, "$XDSDocumentEntryStatus")->values->text, "('" STATUS_APPROVED "')");
}

static void test_query_of_a_patient_finds_approved_documents(void **state)
{
    struct adhoc_query q;
    struct text_list *values;

    (void)state;
    say("patient", "O'Hara");
    assert_int_equal(adhoc_query_decode(x.arena, encoded("ITI-18"), &q, &issues), OK);
    assert_string_equal(q.id, QUERY_FIND_DOCUMENTS);
    assert_int_equal(query_values_parse(x.arena, query_param(&q, "$XDSDocumentEntryPatientId"), &values), OK);
    assert_string_equal(values->text, "O'Hara^^^&2.999.392.2.35&ISO");
    assert_int_equal(query_values_parse(x.arena, query_param(&q, "$XDSDocumentEntryStatus"), &values), OK);
    assert_string_equal(values->text, STATUS_APPROVED);
    assert_null(values->next);
}

static void test_query_of_documents_gets_them(void **state)
{
    struct adhoc_query q;
    struct text_list *values;

    (void)state;
    say("document", "2.999.1");
    say("document", "2.999.2");
    say("home", "urn:oid:2.999.392.1.35");
    assert_int_equal(adhoc_query_decode(x.arena, encoded("ITI-38"), &q, &issues), OK);
    assert_string_equal(q.id, QUERY_GET_DOCUMENTS);
    assert_string_equal(q.home, "urn:oid:2.999.392.1.35");
    assert_int_equal(query_values_parse(x.arena, query_param(&q, "$XDSDocumentEntryUniqueId"), &values), OK);
    assert_string_equal(values->next->text, "2.999.2");
}

static void test_query_needs_something_to_ask_for(void **state)
{
    (void)state;
    x.row = exchange_find("ITI-18");
    assert_int_equal(x.row->encode(&x), E_CONFIG);
}

static void test_retrieval_across_gateways_names_the_home(void **state)
{
    struct document_request *requests;

    (void)state;
    say("document", "2.999.1");
    assert_int_equal(retrieve_request_decode(x.arena, encoded("ITI-39"), &requests, &issues), OK);
    assert_string_equal(requests->home, "urn:oid:2.999.392.1.35");
    assert_string_equal(requests->repository_unique_id, "2.999.392.4.35.1");
    buf_reset(x.body);
    assert_int_equal(retrieve_request_decode(x.arena, encoded("ITI-43"), &requests, &issues), OK);
    assert_null(requests->home);
}

static void test_id_must_be_plain_or_cx(void **state)
{
    struct patient_id id;

    (void)state;
    assert_int_equal(exchange_id(&x, "R1", "2.999.1", &id), OK);
    assert_string_equal(id.root, "2.999.1");
    assert_int_equal(exchange_id(&x, "R1^^^&2.999.2&ISO", "2.999.1", &id), OK);
    assert_string_equal(id.root, "2.999.2");
    assert_int_equal(exchange_id(&x, "R1^^^2.999.2", "2.999.1", &id), E_CONFIG);
    assert_non_null(strstr(x.why, "R1^^^2.999.2"));
}

static void test_rows_are_whole(void **state)
{
    size_t count;
    const struct exchange_row *rows = exchange_rows(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_non_null(rows[i].actors[0]);
        assert_true(rows[i].is_hl7v2 || rows[i].speak != NULL || text_starts(rows[i].action, "urn:"));
        assert_non_null(rows[i].columns[0]);
        assert_ptr_equal(exchange_find(rows[i].id), &rows[i]);
    }
    assert_null(exchange_find("ITI-0"));
    assert_null(exchange_find(NULL));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_feed_carries_ids_and_names),
        TEST(test_a_merge_names_who_is_subsumed),
        TEST(test_a_revision_is_another_event),
        TEST(test_management_is_of_one_who_was_another_or_of_two),
        TEST(test_a_continuation_is_of_the_query_of_that_name),
        TEST(test_pix_query_asks_about_one_id_in_domains),
        TEST(test_discovery_says_who_asks),
        TEST(test_discovery_needs_a_community_that_asks),
        TEST(test_submission_names_its_document_and_members),
        TEST(test_submission_needs_a_document),
        TEST(test_registration_says_where_hash_and_size),
        TEST(test_a_change_of_status_names_both),
        TEST(test_a_new_version_says_what_it_follows),
        TEST(test_an_update_needs_to_know_of_what),
        TEST(test_removal_names_every_entry),
        TEST(test_query_of_a_patient_finds_approved_documents),
        TEST(test_any_query_is_asked_by_its_name),
        TEST(test_a_named_query_knows_the_usual_words),
        TEST(test_a_query_or_a_parameter_that_is_none_is_refused),
        TEST(test_a_query_of_several_patients_names_them_all),
        TEST(test_query_of_documents_gets_them),
        TEST(test_query_needs_something_to_ask_for),
        TEST(test_retrieval_across_gateways_names_the_home),
        TEST(test_id_must_be_plain_or_cx),
        TEST(test_rows_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
