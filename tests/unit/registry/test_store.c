/* registry/store: objects as they will be returned, their versions, links and patients. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "registry/store.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define HERE  35
#define THERE 26
#define R1    "R1^^^&2.999.392.2.35&ISO"
#define R2    "R2^^^&2.999.392.2.35&ISO"
#define R3    "R3^^^&2.999.392.2.35&ISO"

struct fixture {
    struct arena *arena;
    const char *folder;
    struct db *db;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    f->arena = a;
    f->folder = scratch_make(a);
    *state = f;
    return db_open(arena_printf(a, "%s/registry.db", f->folder), DB_WRITE, store_schema, &f->db);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return clock_pin(NULL) == OK ? 0 : 1;
}

static struct stored_patient patient(struct fixture *f, const char *cx)
{
    struct stored_patient p = { 0 };

    assert_int_equal(store_patient_add(f->db, HERE, cx), OK);
    assert_int_equal(store_patient_find(f->arena, f->db, HERE, cx, &p), OK);
    return p;
}

static const char *uuid_of(struct fixture *f, int n)
{
    return arena_printf(f->arena, "urn:uuid:11111111-1111-4111-8111-%012d", n);
}

static struct stored_object add(struct fixture *f, struct stored_object o, int64_t owner)
{
    o.patient = owner;
    assert_int_equal(store_object_add(f->db, HERE, &o), OK);
    assert_true(o.id > 0);
    return o;
}

static struct stored_object document(struct fixture *f, int n, const char *time, const char *cx)
{
    static struct code class_code = { .code = "57133-1",
                                      .scheme = "2.16.840.1.113883.6.1",
                                      .display = "診療情報提供書" };
    static struct author authors = { .person = "^米子^一郎" };
    const struct document_entry d = { .entry_uuid = uuid_of(f, n),
                                      .version = "1",
                                      .object_type = TYPE_STABLE_DOCUMENT,
                                      .creation_time = time,
                                      .class_code = &class_code,
                                      .authors = &authors,
                                      .title = "題",
                                      .unique_id = "1.2.3",
                                      .patient_id = cx };
    struct stored_object o;

    store_object_of(f->arena, OBJECT_DOCUMENT, &d, &o);
    return add(f, o, patient(f, cx).id);
}

static struct stored_object folder(struct fixture *f, int n, const char *cx)
{
    const struct folder d = {
        .entry_uuid = uuid_of(f, n), .unique_id = "1.2.4", .last_update_time = "20250101000000", .patient_id = cx
    };
    struct stored_object o;

    store_object_of(f->arena, OBJECT_FOLDER, &d, &o);
    return add(f, o, patient(f, cx).id);
}

static int64_t membership(struct fixture *f, int n, const struct stored_object *source,
                          const struct stored_object *target)
{
    const struct association as = {
        .entry_uuid = uuid_of(f, n), .type = ASSOC_HAS_MEMBER, .source = source->uuid, .target = target->uuid
    };
    struct stored_object o;

    store_object_of(f->arena, OBJECT_ASSOCIATION, &as, &o);
    o = add(f, o, 0);
    assert_int_equal(store_link_add(f->db, &(struct stored_link){ .association = o.id,
                                                                  .type = LINK_HAS_MEMBER,
                                                                  .membership = MEMBERSHIP_ORIGINAL,
                                                                  .source = source->id,
                                                                  .target = target->id }),
                     OK);
    return o.id;
}

static enum rc uuid_collect(void *user, struct stored_object *o)
{
    struct buf *out = user;

    buf_printf(out, "%s:%d ", o->uuid + strlen(o->uuid) - 1, o->version);
    return OK;
}

static void test_an_object_comes_back_as_it_was(void **state)
{
    struct fixture *f = *state;
    struct stored_object in = document(f, 1, "2025", R1), out = { 0 };
    struct submission s;

    assert_int_equal(store_object_by_uuid(f->arena, f->db, HERE, in.uuid, &out), OK);
    assert_int_equal(out.id, in.id);
    assert_string_equal(out.lid, in.uuid);
    assert_string_equal(out.time, "2025");
    assert_null(out.leaf.data);
    assert_int_equal(store_object_decode(f->arena, f->db, &out, &s), OK);
    assert_non_null(out.leaf.data);
    assert_string_equal(s.documents->title, "題");
    assert_string_equal(s.documents->class_code->display, "診療情報提供書");
    assert_string_equal(s.documents->availability_status, STATUS_APPROVED);
    assert_int_equal(store_object_by_uuid(f->arena, f->db, THERE, in.uuid, &out), E_NOT_FOUND);
    assert_int_equal(store_object_add(f->db, HERE, &in), E_EXISTS);
}

static void test_a_status_changes_without_the_leaf(void **state)
{
    struct fixture *f = *state;
    struct stored_object in = document(f, 1, "2025", R1), out = { 0 };
    struct submission s;

    assert_int_equal(store_object_status(f->db, in.id, true), OK);
    assert_int_equal(store_object_by_id(f->arena, f->db, in.id, &out), OK);
    assert_true(out.is_deprecated);
    assert_int_equal(store_object_leaf(f->arena, f->db, &out), OK);
    assert_int_equal(out.leaf.len, in.leaf.len);
    assert_memory_equal(out.leaf.data, in.leaf.data, in.leaf.len);
    assert_int_equal(store_object_decode(f->arena, f->db, &out, &s), OK);
    assert_string_equal(s.documents->availability_status, STATUS_DEPRECATED);
}

static void test_keys_say_what_queries_ask(void **state)
{
    struct fixture *f = *state;
    struct stored_object out = document(f, 1, "2025", R1);

    assert_true(keys_have(out.keys, KEY_CLASS_CODE, "57133-1^^2.16.840.1.113883.6.1"));
    assert_false(keys_have(out.keys, KEY_TYPE_CODE, "57133-1^^2.16.840.1.113883.6.1"));
    assert_string_equal(keys_next(out.keys, KEY_AUTHOR_PERSON, NULL), "^米子^一郎");
    assert_null(keys_next(out.keys, KEY_AUTHOR_PERSON, keys_next(out.keys, KEY_AUTHOR_PERSON, NULL)));
    assert_null(keys_next((struct str){ 0 }, KEY_HASH, NULL));
}

static void test_versions_share_a_logical_id(void **state)
{
    struct fixture *f = *state;
    struct stored_object first = document(f, 1, "2025", R1), second = first, latest = { 0 };
    struct buf *seen = buf_new(f->arena, 4096);

    document(f, 3, "2025", R1);
    second.uuid = uuid_of(f, 2);
    second.version = 2;
    assert_int_equal(store_object_add(f->db, HERE, &second), OK);
    assert_int_equal(store_objects_by_lid(f->arena, f->db, HERE, first.uuid, uuid_collect, seen), OK);
    assert_string_equal(buf_text(seen), "1:1 2:2 ");
    assert_int_equal(store_object_latest(f->arena, f->db, HERE, first.uuid, &latest), OK);
    assert_int_equal(latest.id, second.id);
    assert_string_equal(latest.lid, first.uuid);
    assert_int_equal(store_object_delete(f->db, first.id), OK);
    buf_reset(seen);
    assert_int_equal(store_objects_by_lid(f->arena, f->db, HERE, first.uuid, uuid_collect, seen), OK);
    assert_string_equal(buf_text(seen), "2:2 ");
    assert_int_equal(store_object_latest(f->arena, f->db, HERE, second.uuid, &latest), E_NOT_FOUND);
}

static void test_a_patient_s_objects_come_by_time(void **state)
{
    struct fixture *f = *state;
    struct buf *seen = buf_new(f->arena, 4096);

    document(f, 1, "2026", R1);
    document(f, 2, "2024", R1);
    document(f, 3, NULL, R1);
    document(f, 4, "2025", R2);
    folder(f, 5, R1);
    document(f, 6, "2024", R1);
    assert_int_equal(store_objects_of_patient(f->arena, f->db, patient(f, R1).id, OBJECT_DOCUMENT, uuid_collect, seen),
                     OK);
    assert_string_equal(buf_text(seen), "3:1 2:1 6:1 1:1 ");
    buf_reset(seen);
    assert_int_equal(store_objects_by_unique_id(f->arena, f->db, HERE, "1.2.3", uuid_collect, seen), OK);
    assert_string_equal(buf_text(seen), "1:1 2:1 3:1 4:1 6:1 ");
}

static enum rc leaf_count(void *user, struct stored_object *o)
{
    size_t *count = user;
    struct arena *a = arena_new();

    assert_non_null(o->uuid);
    assert_int_equal(store_object_leaf(a, NULL, o), OK); /* from the row: no connection is asked */
    assert_true(o->leaf.len > 0);
    arena_free(a);
    *count += 1;
    return OK;
}

static void test_a_scan_sees_all_of_a_kind_and_community(void **state)
{
    struct fixture *f = *state;
    struct stored_object elsewhere;
    size_t count = 0;

    for (int i = 1; i <= 1100; i++) /* more than one run of rows */
        document(f, i, "2025", R1);
    folder(f, 2000, R1);
    elsewhere = document(f, 2001, "2025", R1);
    assert_int_equal(store_object_add(f->db, THERE, &elsewhere), OK);
    assert_int_equal(store_objects_scan(f->db, HERE, OBJECT_DOCUMENT, leaf_count, &count), OK);
    assert_int_equal(count, 1101);
}

static enum rc link_collect(void *user, const struct stored_link *l)
{
    struct buf *out = user;

    buf_printf(out, "%d-%d ", (int)l->source, (int)l->target);
    assert_int_equal(l->type, LINK_HAS_MEMBER);
    assert_int_equal(l->membership, MEMBERSHIP_ORIGINAL);
    return OK;
}

static void test_links_are_found_from_both_ends(void **state)
{
    struct fixture *f = *state;
    struct stored_object d = document(f, 1, "2025", R1), box = folder(f, 2, R1);
    struct buf *seen = buf_new(f->arena, 4096);
    int64_t id = membership(f, 3, &box, &d);
    struct stored_link l = { 0 };
    const char *want = arena_printf(f->arena, "%d-%d ", (int)box.id, (int)d.id);

    assert_int_equal(store_links_from(f->arena, f->db, box.id, link_collect, seen), OK);
    assert_string_equal(buf_text(seen), want);
    buf_reset(seen);
    assert_int_equal(store_links_to(f->arena, f->db, d.id, link_collect, seen), OK);
    assert_string_equal(buf_text(seen), want);
    assert_int_equal(store_link_of(f->db, id, &l), OK);
    assert_int_equal(l.target, d.id);
    assert_int_equal(store_object_delete(f->db, id), OK); /* the link goes with its association */
    assert_int_equal(store_link_of(f->db, id, &l), E_NOT_FOUND);
    assert_string_equal(link_type_urn(LINK_XFRM_RPLC), ASSOC_XFRM_RPLC);
    assert_int_equal(link_type_find(ASSOC_SIGNS), LINK_SIGNS);
    assert_int_equal(link_type_find("RPLC"), 0);
    assert_int_equal(link_type_find(NULL), 0);
}

static void test_a_merge_moves_objects_and_their_patient_id(void **state)
{
    struct fixture *f = *state;
    struct stored_object d = document(f, 1, "2025", R1), out = { 0 };
    struct stored_patient from = patient(f, R1), to = patient(f, R2), third = patient(f, R3);
    struct submission s;

    assert_int_equal(store_patient_merge(f->arena, f->db, HERE, R1, "unknown"), E_NOT_FOUND);
    assert_int_equal(store_patient_merge(f->arena, f->db, HERE, R1, R2), OK);
    assert_int_equal(store_patient_find(f->arena, f->db, HERE, R1, &from), OK);
    assert_int_equal(from.surviving, to.id);
    assert_int_equal(store_object_by_id(f->arena, f->db, d.id, &out), OK);
    assert_int_equal(out.patient, to.id);
    assert_int_equal(store_object_decode(f->arena, f->db, &out, &s), OK);
    assert_string_equal(s.documents->patient_id, R2);

    assert_int_equal(store_patient_merge(f->arena, f->db, HERE, R3, R1), E_EXISTS); /* R1 is nobody any more */
    assert_int_equal(store_patient_merge(f->arena, f->db, HERE, R2, R3), OK);
    assert_int_equal(store_patient_find(f->arena, f->db, HERE, R1, &from), OK);
    assert_int_equal(from.surviving, third.id); /* the chain follows */
    assert_int_equal(store_patient_merge(f->arena, f->db, HERE, R1, R3), OK);
    assert_int_equal(store_object_by_id(f->arena, f->db, d.id, &out), OK);
    assert_int_equal(out.patient, third.id);
}

static void test_a_folder_says_when_it_was_touched(void **state)
{
    struct fixture *f = *state;
    struct stored_object box = folder(f, 1, R1), out = { 0 };
    struct submission s;

    assert_int_equal(clock_pin("2026-04-01T00:00:00Z"), OK);
    assert_int_equal(store_object_status(f->db, box.id, true), OK);
    assert_int_equal(store_folder_touch(f->arena, f->db, box.id), OK);
    assert_int_equal(store_object_by_id(f->arena, f->db, box.id, &out), OK);
    assert_string_equal(out.time, "20260401000000");
    assert_true(keys_have(out.keys, KEY_LAST_UPDATE_TIME, "20260401000000"));
    assert_true(out.is_deprecated); /* nothing else changes */
    assert_int_equal(out.patient, box.patient);
    assert_int_equal(store_object_decode(f->arena, f->db, &out, &s), OK);
    assert_string_equal(s.folders->last_update_time, "20260401000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_object_comes_back_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_status_changes_without_the_leaf, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys_say_what_queries_ask, setup, teardown),
        cmocka_unit_test_setup_teardown(test_versions_share_a_logical_id, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_patient_s_objects_come_by_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_scan_sees_all_of_a_kind_and_community, setup, teardown),
        cmocka_unit_test_setup_teardown(test_links_are_found_from_both_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_merge_moves_objects_and_their_patient_id, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_folder_says_when_it_was_touched, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
