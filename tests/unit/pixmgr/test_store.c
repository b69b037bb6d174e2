/* Records, how they become one person, and how people are found. */
#include "pixmgr/store.h"

#include "base/arena.h"
#include "base/str.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HOSPITAL "2.999.392.3.35.1"
#define CLINIC   "2.999.392.3.35.2"
#define REGION   "2.999.392.2.35"
#define COMMON   "2.999.392.5.1"

#define HERE      35
#define ELSEWHERE 26

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

/* Somebody with one id; demographics as given, each absent when NULL. */
static struct patient *person_make(struct fixture *f, const char *root, const char *extension, const char *family,
                                   const char *kana, const char *birth)
{
    struct patient *p = ARENA_NEW(f->arena, struct patient);
    struct person_name *n = ARENA_ARRAY(f->arena, struct person_name, 2);

    patient_id_add(f->arena, &p->ids, root, extension);
    n[0] = (struct person_name){ .use = "IDE", .family = family, .given = "花子", .next = kana ? &n[1] : NULL };
    n[1] = (struct person_name){ .use = "SYL", .family = kana, .given = "ハナコ" };
    p->names = n;
    p->gender = "F";
    p->birth_time = birth;
    return p;
}

static const char *const common[] = { REGION, COMMON, NULL };
static const struct linking here = { .community = HERE, .common = common, .link_from = 28, .review_from = 18 };
static const struct linking elsewhere = { .community = ELSEWHERE, .link_from = 28, .review_from = 18 };

static void feed(struct fixture *f, const struct patient *p)
{
    assert_int_equal(store_patient_feed(f->arena, f->db, &here, p, NULL), OK);
}

/* "root|extension root|extension …" of the person that has this id; "" when nobody has. */
static const char *ids_of(struct fixture *f, int community, const char *root, const char *extension)
{
    struct patient_id key = { .root = root, .extension = extension }, *ids = NULL;
    const char *text = "";
    enum rc rc = store_patient_ids(f->arena, f->db, community, &key, &ids);

    assert_true(rc == OK || rc == E_NOT_FOUND);
    for (; ids != NULL; ids = ids->next)
        text = arena_printf(f->arena, "%s%s%s|%s", text, text[0] == '\0' ? "" : " ", ids->root, ids->extension);
    return text;
}

static void test_an_id_nobody_fed_is_unknown(void **state)
{
    assert_string_equal(ids_of(*state, HERE, HOSPITAL, "1"), "");
}

static void test_ids_of_one_feed_are_one_person_in_order(void **state)
{
    struct fixture *f = *state;
    struct patient *p = person_make(f, HOSPITAL, "2", "鳥取", NULL, NULL);

    patient_id_add(f->arena, &p->ids, REGION, "9");
    patient_id_add(f->arena, &p->ids, HOSPITAL, "1");
    feed(f, p);
    assert_string_equal(ids_of(f, HERE, REGION, "9"), REGION "|9 " HOSPITAL "|1 " HOSPITAL "|2");
}

static void test_feeding_again_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct patient *p = person_make(f, HOSPITAL, "1", "鳥取", "トットリ", "19700131"), loaded;
    struct persons before = { 0 }, after = { 0 };

    patient_id_add(f->arena, &p->ids, REGION, "9");
    patient_id_add(f->arena, &p->other_ids, COMMON, "12");
    feed(f, p);
    assert_int_equal(
        persons_read(f->arena,
                     db_stmt(f->db, "SELECT e.person FROM record r JOIN entry e ON e.id = r.entry ORDER BY r.id"),
                     &before),
        OK);
    feed(f, p);
    assert_int_equal(
        persons_read(f->arena,
                     db_stmt(f->db, "SELECT e.person FROM record r JOIN entry e ON e.id = r.entry ORDER BY r.id"),
                     &after),
        OK);
    assert_int_equal(before.count, 2);
    assert_int_equal(after.count, 2);
    assert_memory_equal(before.numbers, after.numbers, 2 * sizeof(int64_t));

    struct persons names = { 0 };
    assert_int_equal(persons_read(f->arena, db_stmt(f->db, "SELECT entry FROM name"), &names), OK);
    assert_int_equal(names.count, 2);
    assert_int_equal(store_person_load(f->arena, f->db, before.numbers[0], &loaded), OK);
    assert_null(loaded.names->next->next);
}

static void test_communities_do_not_share_people(void **state)
{
    struct fixture *f = *state;
    struct patient *p = person_make(f, HOSPITAL, "1", "鳥取", "トットリ", "19700131");

    feed(f, p);
    assert_int_equal(store_patient_feed(f->arena, f->db, &elsewhere,
                                        person_make(f, CLINIC, "1", "鳥取", "トットリ", "19700131"), NULL),
                     OK);
    assert_string_equal(ids_of(f, HERE, HOSPITAL, "1"), HOSPITAL "|1");
    assert_string_equal(ids_of(f, ELSEWHERE, HOSPITAL, "1"), "");
    assert_string_equal(ids_of(f, ELSEWHERE, CLINIC, "1"), CLINIC "|1");
}

static void test_equal_demographics_are_one_person(void **state)
{
    struct fixture *f = *state;

    feed(f, person_make(f, HOSPITAL, "1", "鳥取", "トットリ", "19700131"));
    feed(f, person_make(f, CLINIC, "7", "鳥執", "トットリ　", "19700131"));
    feed(f, person_make(f, CLINIC, "8", "鳥取", "トットリ", "19700201"));
    assert_string_equal(ids_of(f, HERE, HOSPITAL, "1"), HOSPITAL "|1 " CLINIC "|7");
    assert_string_equal(ids_of(f, HERE, CLINIC, "8"), CLINIC "|8");
}

static void test_a_shared_other_id_makes_one_person(void **state)
{
    struct fixture *f = *state;
    struct patient *p = person_make(f, HOSPITAL, "1", "鳥取", NULL, NULL),
                   *q = person_make(f, CLINIC, "7", "米子", NULL, NULL);

    patient_id_add(f->arena, &p->other_ids, COMMON, "12-1");
    patient_id_add(f->arena, &q->other_ids, COMMON, "12-1");
    feed(f, p);
    feed(f, q);
    feed(f, person_make(f, CLINIC, "8", "境港", NULL, NULL));
    assert_string_equal(ids_of(f, HERE, CLINIC, "7"), HOSPITAL "|1 " CLINIC "|7");
    assert_string_equal(ids_of(f, HERE, CLINIC, "8"), CLINIC "|8");
}

static void test_an_other_id_may_be_somebodys_own_whichever_came_first(void **state)
{
    struct fixture *f = *state;
    struct patient *early = person_make(f, HOSPITAL, "1", "鳥取", NULL, NULL),
                   *late = person_make(f, CLINIC, "7", "米子", NULL, NULL);

    patient_id_add(f->arena, &early->other_ids, REGION, "9");
    feed(f, early);
    feed(f, person_make(f, REGION, "9", "境港", NULL, NULL));
    patient_id_add(f->arena, &late->other_ids, REGION, "9");
    feed(f, late);
    assert_string_equal(ids_of(f, HERE, REGION, "9"), REGION "|9 " HOSPITAL "|1 " CLINIC "|7");
}

static void test_a_scoping_domain_alone_links_nobody(void **state)
{
    struct fixture *f = *state;
    struct patient *p = person_make(f, HOSPITAL, "1", "鳥取", NULL, NULL),
                   *q = person_make(f, CLINIC, "7", "米子", NULL, NULL);

    patient_id_add(f->arena, &p->other_ids, COMMON, NULL);
    patient_id_add(f->arena, &q->other_ids, COMMON, NULL);
    feed(f, p);
    feed(f, q);
    assert_string_equal(ids_of(f, HERE, HOSPITAL, "1"), HOSPITAL "|1");
}

static void test_a_feed_that_links_two_persons_makes_them_the_older_one(void **state)
{
    struct fixture *f = *state;
    struct patient *both = person_make(f, HOSPITAL, "1", "鳥取", NULL, NULL);
    struct persons persons = { 0 };

    feed(f, person_make(f, HOSPITAL, "1", "鳥取", NULL, NULL));
    feed(f, person_make(f, CLINIC, "7", "米子", NULL, NULL));
    assert_string_equal(ids_of(f, HERE, HOSPITAL, "1"), HOSPITAL "|1");
    patient_id_add(f->arena, &both->ids, CLINIC, "7");
    feed(f, both);
    assert_string_equal(ids_of(f, HERE, CLINIC, "7"), HOSPITAL "|1 " CLINIC "|7");
    assert_int_equal(persons_read(f->arena, db_stmt(f->db, "SELECT DISTINCT person FROM entry"), &persons), OK);
    assert_int_equal(persons.count, 1);
    assert_int_equal(persons.numbers[0], 1);
}

static void test_the_latest_demographics_are_the_persons(void **state)
{
    struct fixture *f = *state;
    struct patient *p = person_make(f, HOSPITAL, "1", "鳥取", "トットリ", "19700131"), loaded;

    p->addresses = &(struct address){ .city = "鳥取市" };
    patient_id_add(f->arena, &p->ids, REGION, "9");
    feed(f, p);
    feed(f, person_make(f, REGION, "9", "米子", "ヨナゴ", "19700131"));
    assert_int_equal(store_person_load(f->arena, f->db, 1, &loaded), OK);
    assert_string_equal(loaded.names->family, "米子");
    assert_null(loaded.addresses);
    assert_string_equal(loaded.ids->root, REGION);
    assert_string_equal(loaded.ids->next->root, HOSPITAL);

    feed(f, p);
    assert_int_equal(store_person_load(f->arena, f->db, 1, &loaded), OK);
    assert_string_equal(loaded.names->family, "鳥取");
    assert_string_equal(loaded.addresses->city, "鳥取市");
    assert_int_equal(store_person_load(f->arena, f->db, 99, &loaded), E_NOT_FOUND);
}

/* ---- finding ---- */

/* Three women and where each can be told apart. */
static void people_feed(struct fixture *f)
{
    struct patient *third = person_make(f, HOSPITAL, "3", "Tottori", NULL, "1970");

    feed(f, person_make(f, HOSPITAL, "1", "鳥取", "トットリ", "19700131"));
    feed(f, person_make(f, HOSPITAL, "2", "鳥取谷", "トットリヤ", "19700228"));
    third->gender = "M";
    third->names->use = "ABC";
    feed(f, third);
}

/* Extensions of whom a query finds. */
static const char *found_by(struct fixture *f, const struct find_query *q)
{
    struct patient *found = NULL;
    const char *text = "";
    int total = -1, n = 0;

    assert_int_equal(store_find(f->arena, f->db, HERE, q, 10, &found, &total), OK);
    for (; found != NULL; found = found->next, n++)
        text = arena_printf(f->arena, "%s%s", text, found->ids->extension);
    assert_int_equal(total, n);
    return text;
}

static const char *found_by_name(struct fixture *f, const char *use, const char *family, const char *given)
{
    struct person_name n = { .use = use, .family = family, .given = given };
    struct find_query q = { .names = &n };

    return found_by(f, &q);
}

static void test_any_representation_of_a_name_finds(void **state)
{
    struct fixture *f = *state;

    people_feed(f);
    assert_string_equal(found_by_name(f, NULL, "鳥取", "花子"), "1");
    assert_string_equal(found_by_name(f, "SYL", "トットリ", "ハナコ"), "1");
    assert_string_equal(found_by_name(f, NULL, "ＴＯＴＴＯＲＩ", NULL), "3");
    assert_string_equal(found_by_name(f, NULL, NULL, "花子"), "123");
    assert_string_equal(found_by_name(f, NULL, "鳥", "花子"), "");
    assert_string_equal(found_by_name(f, NULL, "鳥取", "花"), "");
}

static void test_a_fuzzy_name_finds_by_its_beginning(void **state)
{
    struct fixture *f = *state;

    people_feed(f);
    assert_string_equal(found_by_name(f, "SRCH", "鳥取", "花子"), "12");
    assert_string_equal(found_by_name(f, "SRCH", "鳥", NULL), "12");
    assert_string_equal(found_by_name(f, "SRCH", "tot", NULL), "3");
    assert_string_equal(found_by_name(f, "SRCH", "取", NULL), "");
}

static void test_names_are_alternatives(void **state)
{
    struct fixture *f = *state;
    struct person_name second = { .family = "tottori" }, first = { .family = "鳥取", .next = &second };
    struct find_query q = { .names = &first };

    people_feed(f);
    assert_string_equal(found_by(f, &q), "13");
}

static void test_births_are_compared_by_the_coarser_precision(void **state)
{
    static const struct {
        const char *value, *low, *high, *found;
    } cases[] = {
        { "19700131", NULL, NULL, "13" },     { "197001", NULL, NULL, "13" },
        { "1970", NULL, NULL, "123" },        { "19700131093000+0900", NULL, NULL, "13" },
        { "1971", NULL, NULL, "" },           { NULL, "19700201", NULL, "23" },
        { NULL, NULL, "19700201", "13" },     { NULL, "19700131", "197002", "123" },
        { NULL, "19710101", "19721231", "" },
    };
    struct fixture *f = *state;

    people_feed(f);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct find_query q = { .birth_time = cases[i].value, .birth_low = cases[i].low, .birth_high = cases[i].high };
        assert_string_equal(found_by(f, &q), cases[i].found);
    }
}

static void test_parameters_narrow_one_another(void **state)
{
    struct fixture *f = *state;
    struct person_name n = { .given = "花子" };
    struct find_query q = { .names = &n, .gender = "F", .birth_time = "1970" };

    people_feed(f);
    assert_string_equal(found_by(f, &q), "12");
    patient_id_add(f->arena, &q.ids, HOSPITAL, "2");
    assert_string_equal(found_by(f, &q), "2");
    q.gender = "M";
    assert_string_equal(found_by(f, &q), "");
}

static void test_every_id_must_be_of_the_same_person(void **state)
{
    struct fixture *f = *state;
    struct patient *p = person_make(f, HOSPITAL, "1", "鳥取", NULL, NULL);
    struct find_query q = { 0 };

    patient_id_add(f->arena, &p->ids, REGION, "9");
    feed(f, p);
    feed(f, person_make(f, CLINIC, "7", "米子", NULL, NULL));
    patient_id_add(f->arena, &q.ids, HOSPITAL, "1");
    patient_id_add(f->arena, &q.ids, REGION, "9");
    assert_string_equal(found_by(f, &q), "9"); /* the person's ids by domain: the region's first */
    patient_id_add(f->arena, &q.ids, CLINIC, "7");
    assert_string_equal(found_by(f, &q), "");
    q.ids = NULL;
    patient_id_add(f->arena, &q.ids, CLINIC, "nobody");
    assert_string_equal(found_by(f, &q), "");
}

static void test_a_limit_loads_the_oldest_and_counts_all(void **state)
{
    struct fixture *f = *state;
    struct find_query q = { .birth_time = "1970" };
    struct patient *found = NULL;
    int total;

    people_feed(f);
    assert_int_equal(store_find(f->arena, f->db, HERE, &q, 2, &found, &total), OK);
    assert_int_equal(total, 3);
    assert_string_equal(found->ids->extension, "1");
    assert_string_equal(found->next->ids->extension, "2");
    assert_null(found->next->next);
    assert_int_equal(store_find(f->arena, f->db, ELSEWHERE, &q, 2, &found, &total), OK);
    assert_int_equal(total, 0);
    assert_null(found);
}

#define STORE_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_an_id_nobody_fed_is_unknown),
        STORE_TEST(test_ids_of_one_feed_are_one_person_in_order),
        STORE_TEST(test_feeding_again_changes_nothing),
        STORE_TEST(test_communities_do_not_share_people),
        STORE_TEST(test_equal_demographics_are_one_person),
        STORE_TEST(test_a_shared_other_id_makes_one_person),
        STORE_TEST(test_an_other_id_may_be_somebodys_own_whichever_came_first),
        STORE_TEST(test_a_scoping_domain_alone_links_nobody),
        STORE_TEST(test_a_feed_that_links_two_persons_makes_them_the_older_one),
        STORE_TEST(test_the_latest_demographics_are_the_persons),
        STORE_TEST(test_any_representation_of_a_name_finds),
        STORE_TEST(test_a_fuzzy_name_finds_by_its_beginning),
        STORE_TEST(test_names_are_alternatives),
        STORE_TEST(test_births_are_compared_by_the_coarser_precision),
        STORE_TEST(test_parameters_narrow_one_another),
        STORE_TEST(test_every_id_must_be_of_the_same_person),
        STORE_TEST(test_a_limit_loads_the_oldest_and_counts_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
