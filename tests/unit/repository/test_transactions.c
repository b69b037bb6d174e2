/* The repository's transactions, with a registry that registers, refuses, breaks and vanishes (small_world.h). */
#include "repository/store.h"
#include "small_world.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a submission of one document, to be spoilt ---- */

struct delivery {
    struct submission_set set;
    struct document_entry entry;
    struct submission submission;
    struct provided_document document;
    struct part part;
};

static struct delivery *delivery_new(struct small_world *w, const char *unique_id, struct str octets)
{
    struct delivery *d = ARENA_NEW(w->arena, struct delivery);
    struct slot *extra = ARENA_NEW(w->arena, struct slot);

    extra->name = "urn:example:x";
    extra->values = ARENA_NEW(w->arena, struct text_list);
    extra->values->text = "kept";
    d->set = (struct submission_set){ .entry_uuid = "set", .unique_id = "2.999.392.5.99" };
    d->entry = (struct document_entry){ .entry_uuid = "doc",
                                        .object_type = TYPE_STABLE_DOCUMENT,
                                        .mime_type = "text/plain",
                                        .title = "診療情報提供書",
                                        .unique_id = unique_id,
                                        .extra = extra };
    d->submission = (struct submission){ .sets = &d->set, .documents = &d->entry };
    d->document = (struct provided_document){ .id = "doc", .href = "cid:one%40test" };
    d->part = (struct part){
        .content_id = "one@test", .content_type = "text/plain", .bytes = octets, .size = octets.len, .fd = -1
    };
    return d;
}

static struct call *deliver_to(struct small_world *w, const char *path, struct delivery *d)
{
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);

    provide_encode(&d->submission, d->document.id == NULL ? NULL : &d->document, body);
    return post(w, path, ITI41, body, &d->part);
}

static struct registry_response deliver(struct small_world *w, struct delivery *d)
{
    struct call *call = deliver_to(w, "/0001/repository", d);
    struct registry_response response;

    if (call->rc != OK)
        fail_msg("%s", call->why);
    assert_int_equal(registry_response_decode(w->arena, call->body, &response), OK);
    return response;
}

static void deliver_well(struct small_world *w, const char *unique_id, const char *octets)
{
    struct registry_response response = deliver(w, delivery_new(w, unique_id, str_from(octets)));

    if (response.status != REGISTRY_SUCCESS)
        fail_msg("%s", response.issues.first->text);
}

static void assert_refused(struct registry_response response, enum issue_code code, const char *text)
{
    assert_int_equal(response.status, REGISTRY_FAILURE);
    assert_int_equal(response.issues.errors, 1);
    const struct issue *error = response.issues.first;
    while (error->is_warning)
        error = error->next;
    assert_string_equal(error->ebrs, issue_row(code)->ebrs);
    if (strstr(error->text, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error->text, text);
}

/* ---- retrieving ---- */

struct retrieved {
    struct retrieve_response response;
    struct part *parts;
};

static struct retrieved retrieve_all(struct small_world *w, const struct document_request *requests)
{
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);
    struct retrieved r;

    retrieve_request_encode(requests, body);
    struct call *call = post(w, "/0001/repository", ITI43, body, NULL);
    assert_int_equal(call->rc, OK);
    assert_int_equal(retrieve_response_decode(w->arena, call->body, &r.response), OK);
    r.parts = call->parts;
    return r;
}

static struct retrieved retrieve(struct small_world *w, const char *unique_id)
{
    return retrieve_all(
        w, &(struct document_request){ .repository_unique_id = REPOSITORY, .document_unique_id = unique_id });
}

static void assert_octets(const struct retrieved *r, const struct document_response *d, struct str octets)
{
    const struct part *part = part_find(r->parts, d->href);

    assert_non_null(part);
    assert_int_equal(part->size, octets.len);
    assert_memory_equal(part->bytes.data, octets.data, octets.len);
}

static void assert_here(struct small_world *w, const char *unique_id, const char *octets)
{
    struct retrieved r = retrieve(w, unique_id);

    if (r.response.documents == NULL)
        fail_msg("%s", r.response.issues.first->text);
    assert_int_equal(r.response.status, REGISTRY_SUCCESS);
    assert_octets(&r, r.response.documents, str_from(octets));
}

static void assert_not_here(struct small_world *w, const char *unique_id)
{
    struct retrieved r = retrieve(w, unique_id);

    assert_int_equal(r.response.status, REGISTRY_FAILURE);
    assert_null(r.response.documents);
    assert_string_equal(r.response.issues.first->ebrs, "XDSDocumentUniqueIdError");
    assert_non_null(strstr(r.response.issues.first->text, unique_id));
}

/* A text that begins so and is too large to be kept with its row. */
static const char *large(struct small_world *w, const char *text)
{
    return arena_printf(w->arena, "%s%*s", text, (int)STORE_SMALL_MAX, "");
}

/* Where the octets of a large text are; the hash is its SHA-256. */
static const char *sha256_of(struct small_world *w, const char *octets)
{
    char *sha256 = arena_alloc(w->arena, SHA256_HEX_LEN);

    sha256_hex(str_from(octets), sha256);
    return sha256;
}

static const char *blob_path(struct small_world *w, const char *octets)
{
    const char *sha256 = sha256_of(w, octets);

    return arena_printf(w->arena, "%s/repository/blobs/%.2s/%s", w->folder, sha256, sha256 + 2);
}

/* ---- the good way ---- */

static void test_a_document_comes_back_as_it_was_sent(void **state)
{
    struct small_world *w = *state;
    size_t size = 300 * 1000; /* more than stays in memory */
    char *octets = arena_alloc(w->arena, size);

    for (size_t i = 0; i < size; i++)
        octets[i] = (char)(i * 31 >> 3);
    struct registry_response response = deliver(w, delivery_new(w, "2.999.392.5.1", (struct str){ octets, size }));
    assert_int_equal(response.status, REGISTRY_SUCCESS);
    assert_null(response.issues.first);

    struct retrieved r = retrieve(w, "2.999.392.5.1");
    assert_int_equal(r.response.status, REGISTRY_SUCCESS);
    const struct document_response *d = r.response.documents;
    assert_string_equal(d->mime_type, "text/plain");
    assert_string_equal(d->repository_unique_id, REPOSITORY);
    assert_null(d->home);
    assert_octets(&r, d, (struct str){ octets, size });
    assert_int_equal(registry.asked, 0);
}

static void test_the_registry_gets_what_the_repository_knows_and_all_else_unchanged(void **state)
{
    struct small_world *w = *state;
    struct issue_list issues = { 0 };
    struct submission got;
    struct xml_node *root;

    deliver_well(w, "2.999.392.5.1", "紹介");
    const char *list = arena_printf(w->arena, "<l xmlns='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'>%s</l>",
                                    buf_text(&registry.objects));
    assert_int_equal(xml_parse(w->arena, str_from(list), NULL, &root, NULL), OK);
    ebrim_decode(w->arena, root, ISSUE_XDS_REGISTRY_METADATA_ERROR, &got, &issues);
    assert_int_equal(issues.errors, 0);
    assert_string_equal(got.documents->repository_unique_id, REPOSITORY);
    assert_string_equal(got.documents->size, "6");
    char sha1[SHA1_HEX_LEN];
    sha1_hex(STR("紹介"), sha1);
    assert_string_equal(got.documents->hash, sha1);
    assert_string_equal(got.documents->entry_uuid, "doc");
    assert_string_equal(got.documents->title, "診療情報提供書");
    assert_string_equal(got.documents->extra->name, "urn:example:x");
    assert_string_equal(got.documents->extra->values->text, "kept");
}

static void test_an_inline_document_is_a_document(void **state)
{
    struct small_world *w = *state;
    struct delivery *d = delivery_new(w, "2.999.392.5.1", STR("unused"));

    d->document.href = NULL;
    d->document.inline_bytes = STR("inline \xe7\xb4\xb9");
    assert_int_equal(deliver(w, d).status, REGISTRY_SUCCESS);
    assert_here(w, "2.999.392.5.1", "inline \xe7\xb4\xb9");
}

static void test_two_documents_may_share_an_attachment(void **state)
{
    struct small_world *w = *state;
    size_t size = 100 * 1000;
    char *octets = arena_alloc(w->arena, size);
    struct delivery *d = delivery_new(w, "2.999.392.5.1", (struct str){ octets, size });
    struct document_entry second = d->entry;
    struct provided_document again = d->document;

    memset(octets, 'x', size);
    second.entry_uuid = again.id = "doc2";
    second.unique_id = "2.999.392.5.2";
    d->entry.next = &second;
    d->document.next = &again;
    assert_int_equal(deliver(w, d).status, REGISTRY_SUCCESS);
    struct retrieved r = retrieve(w, "2.999.392.5.2");
    assert_octets(&r, r.response.documents, (struct str){ octets, size });
}

static void test_a_submission_without_documents_goes_to_the_registry(void **state)
{
    struct small_world *w = *state;
    struct delivery *d = delivery_new(w, "unused", STR("unused"));

    d->submission.documents = NULL;
    d->document.id = NULL;
    assert_int_equal(deliver(w, d).status, REGISTRY_SUCCESS);
}

static void test_true_hash_and_size_are_accepted(void **state)
{
    struct small_world *w = *state;
    struct delivery *d = delivery_new(w, "2.999.392.5.1", STR("abc"));

    d->entry.hash = "A9993E364706816ABA3E25717850C26C9CD0D89D";
    d->entry.size = "3";
    assert_int_equal(deliver(w, d).status, REGISTRY_SUCCESS);
}

static void test_documents_survive_a_restart(void **state)
{
    struct small_world *w = *state;

    deliver_well(w, "2.999.392.5.1", "octets");
    daemon_stop(w->repository);
    repository_start(w);
    assert_here(w, "2.999.392.5.1", "octets");
}

/* ---- the registry's word ---- */

static void test_the_registrys_warnings_are_passed_on(void **state)
{
    struct small_world *w = *state;

    registry.mood = REGISTERS_WITH_WARNING;
    struct registry_response response = deliver(w, delivery_new(w, "2.999.392.5.1", STR("octets")));
    assert_int_equal(response.status, REGISTRY_SUCCESS);
    assert_int_equal(response.issues.warnings, 1);
    assert_string_equal(response.issues.first->ebrs, "XDSExtraMetadataNotSaved");
    assert_string_equal(response.issues.first->text, "urn:example:x");
    assert_here(w, "2.999.392.5.1", "octets");
}

static void test_what_the_registry_refuses_is_not_retrievable(void **state)
{
    struct small_world *w = *state;

    registry.mood = REFUSES;
    struct registry_response response = deliver(w, delivery_new(w, "2.999.392.5.1", STR("octets")));
    assert_refused(response, ISSUE_XDS_UNKNOWN_PATIENT_ID, "who is P1?");
    assert_int_equal(response.issues.warnings, 1);
    assert_not_here(w, "2.999.392.5.1");
    assert_int_equal(registry.asked, 0); /* nothing is left of it */

    registry.mood = REGISTERS;
    deliver_well(w, "2.999.392.5.1", "other octets");
    assert_here(w, "2.999.392.5.1", "other octets");
}

static void test_a_registrys_fault_is_told(void **state)
{
    struct small_world *w = *state;

    registry.mood = FAULTS;
    assert_refused(deliver(w, delivery_new(w, "2.999.392.5.1", STR("octets"))), ISSUE_XDS_REPOSITORY_ERROR,
                   "not today");
    assert_not_here(w, "2.999.392.5.1");
}

static void test_a_registry_that_is_away_is_named(void **state)
{
    struct small_world *w = *state;

    registry_reachable(w, false);
    assert_refused(deliver(w, delivery_new(w, "2.999.392.5.1", STR("octets"))), ISSUE_XDS_REGISTRY_NOT_AVAILABLE,
                   "127.0.0.1:1");
    assert_not_here(w, "2.999.392.5.1");
    registry_reachable(w, true);
    assert_not_here(w, "2.999.392.5.1");
    assert_int_equal(registry.asked, 0); /* it was not reached, so nothing is left to ask about */
    daemon_stop(w->repository);
    repository_start(w);
    assert_int_not_equal(access(blob_path(w, "octets"), F_OK), 0);
}

static void test_what_the_registry_has_is_retrievable_though_its_answer_was_lost(void **state)
{
    struct small_world *w = *state;

    registry.mood = FORGETS_TO_ANSWER;
    assert_refused(deliver(w, delivery_new(w, "2.999.392.5.1", STR("octets"))), ISSUE_XDS_REPOSITORY_ERROR, "hm");
    daemon_stop(w->repository);
    repository_start(w);
    assert_here(w, "2.999.392.5.1", "octets");
    assert_here(w, "2.999.392.5.1", "octets");
    assert_int_equal(registry.asked, 1); /* and is remembered */
}

/* ---- the same uniqueId again ---- */

static void test_the_same_document_may_be_submitted_again(void **state)
{
    deliver_well(*state, "2.999.392.5.1", "octets");
    deliver_well(*state, "2.999.392.5.1", "octets");
    assert_here(*state, "2.999.392.5.1", "octets");
}

static void test_other_octets_under_a_stored_unique_id_are_refused(void **state)
{
    struct small_world *w = *state;

    deliver_well(w, "2.999.392.5.1", "octets");
    assert_refused(deliver(w, delivery_new(w, "2.999.392.5.1", STR("OCTETS"))), ISSUE_XDS_NON_IDENTICAL_HASH,
                   "2.999.392.5.1");
    assert_refused(deliver(w, delivery_new(w, "2.999.392.5.1", STR("more octets"))), ISSUE_XDS_NON_IDENTICAL_SIZE,
                   "6 octets");
    assert_here(w, "2.999.392.5.1", "octets");
}

/* ---- refusals ---- */

static void test_entries_and_documents_come_in_pairs(void **state)
{
    struct small_world *w = *state;
    struct delivery *lonely = delivery_new(w, "2.999.392.5.1", STR("octets"));
    struct delivery *stray = delivery_new(w, "2.999.392.5.1", STR("octets"));
    struct delivery *twice = delivery_new(w, "2.999.392.5.1", STR("octets"));
    struct provided_document other = { .id = "other", .href = "cid:one%40test" };
    struct provided_document same = { .id = "doc", .href = "cid:one%40test" };

    lonely->document.id = NULL;
    assert_refused(deliver(w, lonely), ISSUE_XDS_MISSING_DOCUMENT, "\"doc\"");
    stray->document.next = &other;
    assert_refused(deliver(w, stray), ISSUE_XDS_MISSING_DOCUMENT_METADATA, "\"other\"");
    twice->document.next = &same;
    assert_refused(deliver(w, twice), ISSUE_XDS_REPOSITORY_METADATA_ERROR, "exactly one");
    assert_not_here(w, "2.999.392.5.1");
}

static void test_false_hash_and_size_are_refused(void **state)
{
    struct small_world *w = *state;
    struct delivery *d = delivery_new(w, "2.999.392.5.1", STR("octets"));

    d->entry.hash = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    assert_refused(deliver(w, d), ISSUE_XDS_REPOSITORY_METADATA_ERROR, "SHA-1");
    d = delivery_new(w, "2.999.392.5.1", STR("octets"));
    d->entry.size = "7";
    assert_refused(deliver(w, d), ISSUE_XDS_REPOSITORY_METADATA_ERROR, "6 octets arrived");
    d->entry.size = "+6";
    assert_refused(deliver(w, d), ISSUE_XDS_REPOSITORY_METADATA_ERROR, "\"+6\"");
}

static void test_what_the_repository_needs_must_be_there(void **state)
{
    struct small_world *w = *state;
    struct delivery *d = delivery_new(w, NULL, STR("octets"));

    assert_refused(deliver(w, d), ISSUE_XDS_REPOSITORY_METADATA_ERROR, "uniqueId");
    d = delivery_new(w, "2.999.392.5.1", STR("octets"));
    d->entry.mime_type = NULL;
    assert_refused(deliver(w, d), ISSUE_XDS_REPOSITORY_METADATA_ERROR, "mimeType");
    d->entry.mime_type = "plain text";
    assert_refused(deliver(w, d), ISSUE_XDS_REPOSITORY_METADATA_ERROR, "plain text");
    assert_refused(deliver(w, delivery_new(w, "2.999.392.5.1", STR(""))), ISSUE_XDS_MISSING_DOCUMENT, "no octets");
}

static void test_a_unique_id_twice_in_a_message_is_refused(void **state)
{
    struct small_world *w = *state;
    struct delivery *d = delivery_new(w, "2.999.392.5.1", STR("octets"));
    struct document_entry second = d->entry;
    struct provided_document other = { .id = "second", .href = "cid:one%40test" };

    second.entry_uuid = "second";
    d->entry.next = &second;
    d->document.next = &other;
    assert_refused(deliver(w, d), ISSUE_XDS_REPOSITORY_DUPLICATE_UNIQUE_ID_IN_MESSAGE, "2.999.392.5.1");
}

static void test_a_content_id_that_is_not_there_is_a_fault(void **state)
{
    struct small_world *w = *state;
    struct delivery *d = delivery_new(w, "2.999.392.5.1", STR("octets"));

    d->document.href = "cid:two%40test";
    struct call *call = deliver_to(w, "/0001/repository", d);
    assert_int_equal(call->rc, E_REFUSED);
    assert_int_equal(call->fault.code, SOAP_SENDER);
    assert_non_null(strstr(call->fault.reason, "cid:two%40test"));
}

static void test_a_community_has_no_repository_of_any_number(void **state)
{
    struct small_world *w = *state;
    struct call *call = deliver_to(w, "/0001/repository/7", delivery_new(w, "2.999.392.5.1", STR("octets")));
    struct registry_response response;

    assert_int_equal(registry_response_decode(w->arena, call->body, &response), OK);
    assert_refused(response, ISSUE_XDS_REPOSITORY_ERROR, "number 7");
}

/* ---- retrieving what is and what is not ---- */

static void test_each_request_has_its_own_answer(void **state)
{
    struct small_world *w = *state;
    struct document_request away = { .home = "urn:oid:2.999.392.1.2",
                                     .repository_unique_id = REPOSITORY,
                                     .document_unique_id = "2.999.392.5.1" };
    struct document_request elsewhere = { .repository_unique_id = "2.999.392.4.1.2",
                                          .document_unique_id = "2.999.392.5.1",
                                          .next = &away };
    struct document_request unknown = { .repository_unique_id = REPOSITORY,
                                        .document_unique_id = "2.999.392.5.2",
                                        .next = &elsewhere };
    struct document_request good = {
        .home = HOME, .repository_unique_id = REPOSITORY, .document_unique_id = "2.999.392.5.1", .next = &unknown
    };

    deliver_well(w, "2.999.392.5.1", "octets");
    struct retrieved r = retrieve_all(w, &good);
    assert_int_equal(r.response.status, REGISTRY_PARTIAL_SUCCESS);
    assert_string_equal(r.response.documents->home, HOME);
    assert_null(r.response.documents->next);
    const struct issue *i = r.response.issues.first;
    assert_string_equal(i->ebrs, "XDSDocumentUniqueIdError");
    assert_non_null(strstr(i->text, "DocumentRequest[2]"));
    assert_string_equal(i->next->ebrs, "XDSUnknownRepositoryId");
    assert_non_null(strstr(i->next->text, "2.999.392.4.1.2"));
    assert_string_equal(i->next->next->ebrs, "XDSUnknownCommunity");
    assert_int_equal(r.response.issues.errors, 3);
}

/* ---- at rest ---- */

static void restart(struct small_world *w)
{
    daemon_stop(w->repository);
    repository_start(w);
}

/* Keeps its size. A clock tick may be longer than the test, so the time is set. */
static void damage(struct small_world *w, const char *octets)
{
    const struct timespec times[] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
    FILE *f = fopen(blob_path(w, octets), "r+");

    assert_non_null(f);
    fputc('!', f);
    fclose(f);
    assert_int_equal(utimensat(AT_FDCWD, blob_path(w, octets), times, 0), 0);
}

static void assert_damaged(struct small_world *w, const char *unique_id)
{
    struct retrieved r = retrieve(w, unique_id);

    assert_int_equal(r.response.status, REGISTRY_FAILURE);
    assert_null(r.response.documents);
    assert_string_equal(r.response.issues.first->ebrs, "XDSRepositoryError");
    assert_non_null(strstr(r.response.issues.first->text, unique_id));
}

static void test_a_damaged_document_is_named_and_a_copy_of_it_repairs_it(void **state)
{
    struct small_world *w = *state;
    const char *octets = large(w, "octets");

    deliver_well(w, "2.999.392.5.1", octets);
    damage(w, octets);
    assert_damaged(w, "2.999.392.5.1");
    assert_damaged(w, "2.999.392.5.1");
    restart(w);
    assert_damaged(w, "2.999.392.5.1");
    deliver_well(w, "2.999.392.5.1", octets);
    assert_here(w, "2.999.392.5.1", octets);
}

static void test_a_damaged_small_document_is_named_and_a_copy_of_it_repairs_it(void **state)
{
    struct small_world *w = *state;
    struct db *db;

    deliver_well(w, "2.999.392.5.1", "octets");
    daemon_stop(w->repository);
    assert_int_equal(db_open(arena_printf(w->arena, "%s/repository/repository.db", w->folder), DB_WRITE, "", &db), OK);
    assert_int_equal(db_run(db_stmt(db, "UPDATE octets SET bytes = CAST('OCTETS' AS BLOB)")), OK);
    assert_int_equal(db_changes(db), 1);
    db_close(db);
    repository_start(w);
    assert_damaged(w, "2.999.392.5.1");
    deliver_well(w, "2.999.392.5.1", "octets");
    assert_here(w, "2.999.392.5.1", "octets");
}

static void test_after_a_restart_all_that_is_asked_for_is_looked_at(void **state)
{
    struct small_world *w = *state;
    struct document_request third = { .repository_unique_id = REPOSITORY, .document_unique_id = "2.999.392.5.3" };
    struct document_request second = third, first = third;

    first.document_unique_id = "2.999.392.5.1";
    first.next = &second;
    second.document_unique_id = "2.999.392.5.2";
    second.next = &third;
    deliver_well(w, "2.999.392.5.1", "first");
    deliver_well(w, "2.999.392.5.2", large(w, "second"));
    deliver_well(w, "2.999.392.5.3", large(w, "third"));
    damage(w, large(w, "second"));
    restart(w);
    struct retrieved r = retrieve_all(w, &first);
    assert_int_equal(r.response.status, REGISTRY_PARTIAL_SUCCESS);
    assert_int_equal(r.response.issues.errors, 1);
    assert_non_null(strstr(r.response.issues.first->text, "2.999.392.5.2"));
    assert_octets(&r, r.response.documents, STR("first"));
    assert_octets(&r, r.response.documents->next, str_from(large(w, "third")));
}

static void test_what_the_registry_refuses_leaves_no_octets(void **state)
{
    struct small_world *w = *state;

    registry.mood = REFUSES;
    deliver(w, delivery_new(w, "2.999.392.5.1", str_from(large(w, "refused"))));
    registry.mood = REGISTERS;
    deliver_well(w, "2.999.392.5.2", large(w, "accepted"));
    restart(w);
    assert_int_not_equal(access(blob_path(w, large(w, "refused")), F_OK), 0);
    assert_int_equal(access(blob_path(w, large(w, "accepted")), F_OK), 0);
}

static void remove_well(struct small_world *w, const char *unique_id)
{
    struct document_request request = { .repository_unique_id = REPOSITORY, .document_unique_id = unique_id };
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);
    struct registry_response response;

    remove_documents_encode(&request, body);
    struct call *call = post(w, "/0001/repository", ITI86, body, NULL);
    if (call->rc != OK)
        fail_msg("%s", call->why);
    assert_int_equal(registry_response_decode(w->arena, call->body, &response), OK);
    assert_int_equal(response.status, REGISTRY_SUCCESS);
}

static void share_and_remove(struct small_world *w, const char *octets)
{
    deliver_well(w, "2.999.392.5.1", octets);
    deliver_well(w, "2.999.392.5.2", octets);
    remove_well(w, "2.999.392.5.1");
    assert_not_here(w, "2.999.392.5.1");
    restart(w);
    assert_here(w, "2.999.392.5.2", octets);
    remove_well(w, "2.999.392.5.2");
    restart(w);
}

static void test_octets_go_with_the_last_document_that_has_them(void **state)
{
    struct small_world *w = *state;

    share_and_remove(w, large(w, "shared"));
    assert_int_not_equal(access(blob_path(w, large(w, "shared")), F_OK), 0);
}

static void test_small_octets_go_with_the_last_document_that_has_them(void **state)
{
    struct small_world *w = *state;
    struct str octets;

    share_and_remove(w, "shared");
    assert_int_equal(store_octets_find(w->arena, w->repository->services[0].db, sha256_of(w, "shared"), &octets),
                     E_NOT_FOUND);
    assert_int_not_equal(access(blob_path(w, "shared"), F_OK), 0);
}

static void test_a_community_may_have_several_repositories(void **state)
{
    struct small_world *w = *state;
    struct document_request request = { .repository_unique_id = SECOND_REPOSITORY,
                                        .document_unique_id = "2.999.392.5.1" };
    struct buf *body = buf_new(w->arena, BUF_MAX_DEFAULT);
    struct retrieve_response r;

    assert_int_equal(deliver_to(w, "/0001/repository/2", delivery_new(w, "2.999.392.5.1", STR("there")))->rc, OK);
    assert_non_null(strstr(buf_text(&registry.objects), SECOND_REPOSITORY));
    assert_not_here(w, "2.999.392.5.1");
    retrieve_request_encode(&request, body);
    struct call *call = post(w, "/0001/repository/2", ITI43, body, NULL);
    assert_int_equal(retrieve_response_decode(w->arena, call->body, &r), OK);
    assert_int_equal(r.status, REGISTRY_SUCCESS);
    assert_octets(&(struct retrieved){ r, call->parts }, r.documents, STR("there"));
}

/* A file size limit stands in for a full disk. */
static void test_a_full_disk_is_named_and_the_next_document_is_taken(void **state)
{
    struct small_world *w = *state;
    size_t size = (size_t)3 << 20;
    struct rlimit before, small;
    char *octets = arena_alloc(w->arena, size);

    memset(octets, 'x', size);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = (rlim_t)1 << 20;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    struct registry_response response = deliver(w, delivery_new(w, "2.999.392.5.1", (struct str){ octets, size }));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_refused(response, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, "no room");
    assert_not_here(w, "2.999.392.5.1");
    assert_string_equal(buf_text(&registry.objects), "");
    deliver_well(w, "2.999.392.5.1", "a small one");
    assert_here(w, "2.999.392.5.1", "a small one");
}

static void test_too_many_documents_at_once_are_refused(void **state)
{
    struct small_world *w = *state;
    struct document_request *first = NULL;

    for (int i = 0; i <= DOCUMENTS_MAX; i++) {
        struct document_request *r = ARENA_NEW(w->arena, struct document_request);
        *r =
            (struct document_request){ .repository_unique_id = REPOSITORY, .document_unique_id = "1.2", .next = first };
        first = r;
    }
    struct retrieved r = retrieve_all(w, first);
    assert_int_equal(r.response.issues.errors, 1);
    assert_string_equal(r.response.issues.first->ebrs, "XDSRepositoryOutOfResources");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_document_comes_back_as_it_was_sent),
        WORLD_TEST(test_the_registry_gets_what_the_repository_knows_and_all_else_unchanged),
        WORLD_TEST(test_an_inline_document_is_a_document),
        WORLD_TEST(test_two_documents_may_share_an_attachment),
        WORLD_TEST(test_a_submission_without_documents_goes_to_the_registry),
        WORLD_TEST(test_true_hash_and_size_are_accepted),
        WORLD_TEST(test_documents_survive_a_restart),
        WORLD_TEST(test_the_registrys_warnings_are_passed_on),
        WORLD_TEST(test_what_the_registry_refuses_is_not_retrievable),
        WORLD_TEST(test_a_registrys_fault_is_told),
        WORLD_TEST(test_a_registry_that_is_away_is_named),
        WORLD_TEST(test_what_the_registry_has_is_retrievable_though_its_answer_was_lost),
        WORLD_TEST(test_the_same_document_may_be_submitted_again),
        WORLD_TEST(test_other_octets_under_a_stored_unique_id_are_refused),
        WORLD_TEST(test_entries_and_documents_come_in_pairs),
        WORLD_TEST(test_false_hash_and_size_are_refused),
        WORLD_TEST(test_what_the_repository_needs_must_be_there),
        WORLD_TEST(test_a_unique_id_twice_in_a_message_is_refused),
        WORLD_TEST(test_a_content_id_that_is_not_there_is_a_fault),
        WORLD_TEST(test_a_community_has_no_repository_of_any_number),
        WORLD_TEST(test_each_request_has_its_own_answer),
        WORLD_TEST(test_a_damaged_document_is_named_and_a_copy_of_it_repairs_it),
        WORLD_TEST(test_a_damaged_small_document_is_named_and_a_copy_of_it_repairs_it),
        WORLD_TEST(test_after_a_restart_all_that_is_asked_for_is_looked_at),
        WORLD_TEST(test_what_the_registry_refuses_leaves_no_octets),
        WORLD_TEST(test_octets_go_with_the_last_document_that_has_them),
        WORLD_TEST(test_small_octets_go_with_the_last_document_that_has_them),
        WORLD_TEST(test_a_community_may_have_several_repositories),
        WORLD_TEST(test_a_full_disk_is_named_and_the_next_document_is_taken),
        WORLD_TEST(test_too_many_documents_at_once_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
