/* What sources and reviewers say: merges, links, what is told apart, potential duplicates; and updates. */
#include "pixmgr/store.h"

#include "base/arena.h"
#include "base/str.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HERE 35
#define A    "2.999.392.3.35.1"
#define B    "2.999.392.3.35.2"

static const struct linking here = { .community = HERE, .link_from = 28, .review_from = 18 };

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
    return db_open(arena_printf(a, "%s/t.db", f->folder), DB_WRITE, store_schema, &f->db);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    scratch_remove(f->folder);
    arena_free(f->arena);
    return 0;
}

/* 鳥取 as kana, with a given name, a birth date and maybe a telephone. */
static struct patient *patient_make(struct fixture *f, const char *root, const char *extension, const char *given,
                                    const char *birth, const char *phone)
{
    struct patient *p = ARENA_NEW(f->arena, struct patient);

    patient_id_add(f->arena, &p->ids, root, extension);
    p->names = ARENA_NEW(f->arena, struct person_name);
    *p->names = (struct person_name){ .use = "SYL", .family = "トットリ", .given = given };
    p->gender = "F";
    p->birth_time = birth;
    if (phone != NULL) {
        p->telecoms = ARENA_NEW(f->arena, struct telecom);
        p->telecoms->value = phone;
    }
    return p;
}

static struct persons feed(struct fixture *f, const struct patient *p)
{
    struct persons changed = { 0 };

    assert_int_equal(store_patient_feed(f->arena, f->db, &here, p, &changed), OK);
    return changed;
}

static void feed_one(struct fixture *f, const char *root, const char *extension, const char *given)
{
    feed(f, patient_make(f, root, extension, given, "19700131", NULL));
}

static struct patient_id id(const char *root, const char *extension)
{
    return (struct patient_id){ .root = root, .extension = extension };
}

/* "1 2 7": the extensions of the person that has this id; "" when nobody has. */
static const char *who(struct fixture *f, const char *root, const char *extension)
{
    struct patient_id key = id(root, extension), *ids = NULL;
    const char *text = "";
    enum rc rc = store_patient_ids(f->arena, f->db, HERE, &key, &ids);

    assert_true(rc == OK || rc == E_NOT_FOUND);
    for (; ids != NULL; ids = ids->next)
        text = arena_printf(f->arena, "%s%s%s", text, text[0] == '\0' ? "" : " ", ids->extension);
    return text;
}

/* The ids of each person of a list, persons between "/". */
static const char *whose(struct fixture *f, struct persons persons)
{
    const char *text = "";

    for (size_t i = 0; i < persons.count; i++) {
        struct patient_id *ids;
        assert_int_equal(store_person_ids(f->arena, f->db, persons.numbers[i], &ids), OK);
        text = arena_printf(f->arena, "%s%s", text, i > 0 ? "/" : "");
        for (; ids != NULL; ids = ids->next)
            text = arena_printf(f->arena, "%s%s%s", text, ids->extension, ids->next != NULL ? " " : "");
    }
    return text;
}

static enum rc merge(struct fixture *f, const char *survivor, const char *subsumed, struct merge_refusal *refusal,
                     struct persons *changed)
{
    struct patient_id stays = id(A, survivor), goes = id(A, subsumed);

    return store_patient_merge(f->arena, f->db, HERE, &stays, &goes, refusal, changed);
}

static void merge_ok(struct fixture *f, const char *survivor, const char *subsumed)
{
    struct merge_refusal refusal;

    assert_int_equal(merge(f, survivor, subsumed, &refusal, NULL), OK);
}

static void words(struct fixture *f, bool same, const char *one, const char *other, enum rc expected)
{
    struct patient_id x = id(A, one), y = id(A, other);

    assert_int_equal(same ? store_patient_link(f->arena, f->db, HERE, &x, &y, NULL)
                          : store_patient_unlink(f->arena, f->db, HERE, &x, &y, NULL),
                     expected);
}

/* ---- what changed ---- */

static void test_a_feed_tells_whose_cross_references_changed(void **state)
{
    struct fixture *f = *state;
    struct patient *two = patient_make(f, A, "5", "ツキコ", "19800101", NULL);

    assert_string_equal(whose(f, feed(f, patient_make(f, A, "1", "ハナコ", "19700131", NULL))), "");
    assert_string_equal(whose(f, feed(f, patient_make(f, B, "2", "ハナコ", "19700131", NULL))), "1 2");
    assert_string_equal(whose(f, feed(f, patient_make(f, B, "2", "ハナコ", "19700131", NULL))), "");
    patient_id_add(f->arena, &two->ids, B, "6");
    assert_string_equal(whose(f, feed(f, two)), "5 6");
    assert_string_equal(whose(f, feed(f, two)), "");
    patient_id_add(f->arena, &two->ids, B, "7");
    assert_string_equal(whose(f, feed(f, two)), "5 6 7");
}

/* ---- merging ---- */

static void test_the_subsumed_id_is_gone_and_its_cross_references_stay(void **state)
{
    struct fixture *f = *state;
    struct persons changed = { 0 };
    struct merge_refusal refusal;

    feed_one(f, A, "1", "ハナコ");
    feed_one(f, A, "2", "ツキコ");
    feed_one(f, B, "7", "ツキコ");
    assert_string_equal(who(f, B, "7"), "2 7");
    assert_int_equal(merge(f, "1", "2", &refusal, &changed), OK);
    assert_string_equal(who(f, A, "1"), "1 7");
    assert_string_equal(who(f, A, "2"), "");
    assert_string_equal(whose(f, changed), "1 7");
}

static void test_a_merge_that_cannot_be_says_why(void **state)
{
    struct fixture *f = *state;
    struct merge_refusal r;

    feed_one(f, A, "1", "ハナコ");
    feed_one(f, A, "2", "ツキコ");
    feed_one(f, A, "3", "ユキコ");
    assert_int_equal(merge(f, "1", "1", &r, NULL), E_REFUSED);
    assert_int_equal(r.fault, MERGE_SAME_ID);
    assert_int_equal(merge(f, "9", "1", &r, NULL), E_REFUSED);
    assert_int_equal(r.fault, MERGE_UNKNOWN_SURVIVOR);
    assert_int_equal(merge(f, "1", "9", &r, NULL), E_REFUSED);
    assert_int_equal(r.fault, MERGE_UNKNOWN_SUBSUMED);
    assert_null(r.now);

    merge_ok(f, "2", "1");
    merge_ok(f, "3", "2"); /* a chain: what was 1 is 3 */
    assert_int_equal(merge(f, "3", "1", &r, NULL), E_REFUSED);
    assert_int_equal(r.fault, MERGE_SUBSUMED_GONE);
    assert_string_equal(r.now->extension, "3");
    assert_int_equal(merge(f, "1", "3", &r, NULL), E_REFUSED);
    assert_int_equal(r.fault, MERGE_SURVIVOR_GONE);
    assert_string_equal(r.now->extension, "3");
    assert_string_equal(who(f, A, "3"), "3");
}

static void test_an_entry_with_other_ids_stays_and_is_the_survivors(void **state)
{
    struct fixture *f = *state;
    struct patient *two = patient_make(f, A, "2", "ツキコ", "19800101", NULL);

    patient_id_add(f->arena, &two->ids, B, "8");
    feed(f, two);
    feed_one(f, A, "1", "ハナコ");
    merge_ok(f, "1", "2");
    assert_string_equal(who(f, A, "1"), "1 8");
    assert_string_equal(who(f, A, "2"), "");
}

static void test_ids_of_one_feed_merge(void **state)
{
    struct fixture *f = *state;
    struct patient *two = patient_make(f, A, "2", "ツキコ", "19800101", NULL);

    patient_id_add(f->arena, &two->ids, A, "3");
    feed(f, two);
    merge_ok(f, "3", "2");
    assert_string_equal(who(f, A, "3"), "3");
}

static void test_a_subsumed_id_that_is_fed_again_is_somebody_new(void **state)
{
    struct fixture *f = *state;
    struct merge_refusal r;

    feed_one(f, A, "1", "ハナコ");
    feed_one(f, A, "2", "ツキコ");
    merge_ok(f, "1", "2");
    feed_one(f, A, "2", "ユキコ");
    assert_string_equal(who(f, A, "2"), "2");
    assert_int_equal(merge(f, "2", "1", &r, NULL), OK); /* and may survive */
    assert_string_equal(who(f, A, "2"), "2");
    assert_string_equal(who(f, A, "1"), "");
}

/* ---- links and what is told apart ---- */

static void test_a_word_links_and_another_unlinks(void **state)
{
    struct fixture *f = *state;

    feed_one(f, A, "1", "ハナコ");
    feed_one(f, A, "2", "ツキコ");
    words(f, true, "1", "2", OK);
    assert_string_equal(who(f, A, "1"), "1 2");
    words(f, false, "2", "1", OK);
    assert_string_equal(who(f, A, "1"), "1");
    words(f, true, "1", "2", OK);
    assert_string_equal(who(f, A, "2"), "1 2");
    words(f, true, "1", "9", E_NOT_FOUND);
    words(f, false, "9", "1", E_NOT_FOUND);
    words(f, true, "1", "1", E_REFUSED);
}

static void test_whoever_was_told_apart_stays_so_whatever_is_fed(void **state)
{
    struct fixture *f = *state;

    feed_one(f, A, "1", "ハナコ");
    feed_one(f, B, "2", "ハナコ");
    assert_string_equal(who(f, A, "1"), "1 2");
    struct patient_id x = id(A, "1"), y = id(B, "2");
    assert_int_equal(store_patient_unlink(f->arena, f->db, HERE, &x, &y, NULL), OK);
    assert_string_equal(who(f, A, "1"), "1");
    feed_one(f, B, "2", "ハナコ");
    feed(f, patient_make(f, A, "1", "ハナコ", "19700131", "tel:090-0123-4567"));
    assert_string_equal(who(f, A, "1"), "1");
    feed_one(f, B, "3", "ハナコ"); /* like both: of one of them, never the bridge between them */
    assert_string_equal(who(f, A, "1"), "1 3");
    assert_string_equal(who(f, B, "2"), "2");
}

static void test_a_link_across_what_was_told_apart_is_refused(void **state)
{
    struct fixture *f = *state;

    feed_one(f, A, "1", "ハナコ");
    feed_one(f, A, "2", "ツキコ");
    feed_one(f, A, "3", "ユキコ");
    words(f, false, "1", "2", OK);
    words(f, true, "1", "3", OK);
    words(f, true, "3", "2", E_REFUSED);
}

static void test_ids_of_one_feed_can_be_told_apart(void **state)
{
    struct fixture *f = *state;
    struct patient *two = patient_make(f, A, "1", "ツキコ", "19800101", NULL);
    struct persons changed = { 0 };

    patient_id_add(f->arena, &two->ids, A, "2");
    feed(f, two);
    struct patient_id x = id(A, "1"), y = id(A, "2");
    assert_int_equal(store_patient_unlink(f->arena, f->db, HERE, &x, &y, &changed), OK);
    assert_string_equal(who(f, A, "1"), "1");
    assert_string_equal(who(f, A, "2"), "2");
    assert_string_equal(whose(f, changed), "1/2");
}

/* ---- potential duplicates ---- */

/* Namesakes of one day with different telephones. */
static void namesakes_feed(struct fixture *f)
{
    feed(f, patient_make(f, A, "1", "ハナコ", "19700131", "tel:090-0123-4567"));
    feed(f, patient_make(f, B, "2", "ハナコ", "19700131", "tel:090-0999-9999"));
}

static struct duplicate *duplicates(struct fixture *f, int expected)
{
    struct duplicate *first;
    int total, n = 0;

    assert_int_equal(store_review_list(f->arena, f->db, HERE, 10, &first, &total), OK);
    for (const struct duplicate *d = first; d != NULL; d = d->next)
        n++;
    assert_int_equal(n, expected);
    assert_int_equal(total, expected);
    return first;
}

static void test_potential_duplicates_wait_for_a_reviewer(void **state)
{
    struct fixture *f = *state;

    namesakes_feed(f);
    assert_string_equal(who(f, A, "1"), "1");
    struct duplicate *d = duplicates(f, 1);
    assert_in_range(d->score, 18, 27);
    assert_string_equal(d->patients[0].ids->extension, "1");
    assert_string_equal(d->patients[1].ids->extension, "2");
    assert_string_equal(d->patients[1].names->given, "ハナコ");
    assert_int_equal(store_review_decide(f->arena, f->db, d->number + 1, true, NULL), E_NOT_FOUND);
}

static void test_an_accepted_duplicate_is_one_person(void **state)
{
    struct fixture *f = *state;
    struct persons changed = { 0 };

    namesakes_feed(f);
    assert_int_equal(store_review_decide(f->arena, f->db, duplicates(f, 1)->number, true, &changed), OK);
    assert_string_equal(whose(f, changed), "1 2");
    duplicates(f, 0);
}

static void test_a_rejected_duplicate_is_never_offered_or_linked_again(void **state)
{
    struct fixture *f = *state;

    namesakes_feed(f);
    assert_int_equal(store_review_decide(f->arena, f->db, duplicates(f, 1)->number, false, NULL), OK);
    duplicates(f, 0);
    feed(f, patient_make(f, B, "2", "ハナコ", "19700131", "tel:090-0888-8888"));
    duplicates(f, 0);
    feed(f, patient_make(f, B, "2", "ハナコ", "19700131", "tel:090-0123-4567"));
    assert_string_equal(who(f, A, "1"), "1");
}

/* 1 is 2, 3 is 4, 2 is not 3: whoever joins 1 and 4 speaks of 2 and 3, too. */
static void test_a_word_does_not_take_anybody_out_of_a_person(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = { "ハナコ", "ツキコ", "ユキコ", "ホシコ" };
    static const char *const births[] = { "19700131", "19600101", "19500202", "19400303" };
    struct patient_id ids[4];

    for (int i = 0; i < 4; i++) {
        ids[i] = id(A, arena_printf(f->arena, "%d", i + 1));
        feed(f, patient_make(f, A, ids[i].extension, names[i], births[i], NULL));
    }
    assert_int_equal(store_patient_link(f->arena, f->db, HERE, &ids[0], &ids[1], NULL), OK);
    assert_int_equal(store_patient_link(f->arena, f->db, HERE, &ids[2], &ids[3], NULL), OK);
    assert_int_equal(store_patient_unlink(f->arena, f->db, HERE, &ids[1], &ids[2], NULL), OK);
    assert_int_equal(store_patient_link(f->arena, f->db, HERE, &ids[3], &ids[0], NULL), E_REFUSED);
    assert_string_equal(who(f, A, "1"), "1 2");
    assert_string_equal(who(f, A, "4"), "3 4");
    assert_int_equal(store_patient_link(f->arena, f->db, HERE, &ids[2], &ids[1], NULL), OK); /* the latest word */
    assert_string_equal(who(f, A, "1"), "1 2 3 4");
}

/* ---- updates ---- */

static void test_an_update_replaces_what_it_says_and_deletes_what_it_says(void **state)
{
    struct fixture *f = *state;
    struct patient update = { 0 }, now;
    struct patient_id ids = id(A, "1");
    struct telecom none = { .value = PATIENT_DELETE };

    feed(f, patient_make(f, A, "1", "ハナコ", "19700131", "tel:090-0123-4567"));
    update.ids = &ids;
    update.birth_time = "19700201";
    assert_int_equal(store_patient_update(f->arena, f->db, &here, &update, NULL), OK);
    assert_int_equal(store_person_load(f->arena, f->db, 1, &now), OK);
    assert_string_equal(now.birth_time, "19700201");
    assert_string_equal(now.names->given, "ハナコ");
    assert_string_equal(now.telecoms->value, "tel:090-0123-4567");

    update.birth_time = PATIENT_DELETE;
    update.telecoms = &none;
    assert_int_equal(store_patient_update(f->arena, f->db, &here, &update, NULL), OK);
    assert_int_equal(store_person_load(f->arena, f->db, 1, &now), OK);
    assert_null(now.birth_time);
    assert_null(now.telecoms);
    assert_string_equal(now.gender, "F");
}

#define WORDS_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORDS_TEST(test_a_feed_tells_whose_cross_references_changed),
        WORDS_TEST(test_the_subsumed_id_is_gone_and_its_cross_references_stay),
        WORDS_TEST(test_a_merge_that_cannot_be_says_why),
        WORDS_TEST(test_an_entry_with_other_ids_stays_and_is_the_survivors),
        WORDS_TEST(test_ids_of_one_feed_merge),
        WORDS_TEST(test_a_subsumed_id_that_is_fed_again_is_somebody_new),
        WORDS_TEST(test_a_word_links_and_another_unlinks),
        WORDS_TEST(test_a_word_does_not_take_anybody_out_of_a_person),
        WORDS_TEST(test_whoever_was_told_apart_stays_so_whatever_is_fed),
        WORDS_TEST(test_a_link_across_what_was_told_apart_is_refused),
        WORDS_TEST(test_ids_of_one_feed_can_be_told_apart),
        WORDS_TEST(test_potential_duplicates_wait_for_a_reviewer),
        WORDS_TEST(test_an_accepted_duplicate_is_one_person),
        WORDS_TEST(test_a_rejected_duplicate_is_never_offered_or_linked_again),
        WORDS_TEST(test_an_update_replaces_what_it_says_and_deletes_what_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
