/* The tables under FIXTURES/people: read whole, or refused with file, line and reason. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "support/scratch.h"
#include "world/ages.h"
#include "world/names.h"
#include "world/places.h"
#include "world/random.h"
#include "world/weights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define TABLES "fixtures/people"

struct place {
    struct arena *arena;
    const char *folder; /* a copy of the tables */
};

static const char *const tables[] = { "ages.tsv",           "families.tsv",    "given.tsv",
                                      "municipalities.tsv", "prefectures.tsv", "streets.tsv" };

static void table_copy(const struct place *p, const char *name, const char *row_before, const char *row_behind)
{
    struct buf *out = buf_new(p->arena, BUF_MAX_DEFAULT);
    struct str bytes;

    assert_int_equal(file_read(p->arena, arena_printf(p->arena, TABLES "/%s", name), BUF_MAX_DEFAULT, &bytes), OK);
    buf_add_text(out, row_before);
    buf_add_str(out, bytes);
    buf_add_text(out, row_behind);
    assert_int_equal(file_write(arena_printf(p->arena, "%s/%s", p->folder, name), buf_str(out), 0600), OK);
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct place *p = ARENA_NEW(a, struct place);

    *p = (struct place){ a, scratch_make(a) };
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        table_copy(p, tables[i], "", "");
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;

    scratch_remove(p->folder);
    arena_free(p->arena);
    return 0;
}

static enum rc tables_read(struct place *p)
{
    struct names *names;
    struct places *places;
    struct ages *ages;

    TRY(ages_new(p->arena, p->folder, &ages));
    TRY(names_new(p->arena, p->folder, &names));
    return places_new(p->arena, p->folder, &places);
}

static void test_the_tables_are_read(void **state)
{
    assert_int_equal(tables_read(*state), OK);
}

static void test_a_broken_row_is_refused(void **state)
{
    static const struct {
        const char *table, *before, *behind;
    } broken[] = {
        { "ages.tsv", "", "107\t1\t1\n" },
        { "ages.tsv", "", "105\t0\t1\n" },
        { "ages.tsv", "", "105\tmany\t1\n" },
        { "ages.tsv", "0\t1\t1\n", "" },
        { "families.tsv", "", "鳥取県\t橋本:100\tハシモト\tHashimoto\n" },
        { "families.tsv", "", "鳥取県\t橋本\tハシモト\tHashimoto\t7\t7\n" },
        { "families.tsv", "", "-\t橋本:100\tハシモト\tHashimoto\t7\n" },
        { "families.tsv", "", "沖縄県\t比嘉:100\tヒガ\tHiga\t7\n" },
        { "families.tsv", "-\t橋本\tハシモト\tHashimoto\t7\n", "" },
        { "families.tsv", "-\t橋本:0\tハシモト\tHashimoto\t7\n", "" },
        { "families.tsv", "-\t橋本:100\tハシモト\tHashimoto\t-7\n", "" },
        { "families.tsv", "沖縄県\t橋本:100\tハシモト\tHashimoto\t7\n", "" },
        { "families.tsv", "-\t\xE6\xA9:100\tハシモト\tHashimoto\t7\n", "" },
        { "given.tsv", "X\t1920\t清\tキヨシ\tKiyoshi\t9\n", "" },
        { "given.tsv", "", "M\t1920\t清\tキヨシ\tKiyoshi\t9\n" },
        { "given.tsv", "M\t1910\t清\tキヨシ\tKiyoshi\t9\n", "" },
        { "municipalities.tsv", "", "東京府\t東京市\tトウキョウシ\tTokyo-shi\t1\n" },
        { "municipalities.tsv", "", "北海道\t夕張市\tユウバリシ\tYubari-shi\t1\n" },
        { "municipalities.tsv", "北海道\t\tユウバリシ\tYubari-shi\t1\n", "" },
        { "prefectures.tsv", "", "48\t満州県\tマンシュウケン\tManshu\t001\t002\t099\n" },
        { "prefectures.tsv", "", "47\t琉球県\tリュウキュウケン\tRyukyu\t002\t001\t099\n" },
        { "prefectures.tsv", "", "47\t琉球県\tリュウキュウケン\tRyukyu\t001\t002\t99\n" },
        { "prefectures.tsv", "", "47\t琉球県\tリュウキュウケン\tRyukyu\t001\t002\t099\n" },
        { "streets.tsv", "", "river\t信濃川\n" },
        { "streets.tsv", "", "town\t長い長い長い長い長い長い町\n" },
    };
    struct place *p = *state;

    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        table_copy(p, broken[i].table, broken[i].before, broken[i].behind);
        if (tables_read(p) != E_CONFIG)
            fail_msg("%s with \"%s%s\" passed", broken[i].table, broken[i].before, broken[i].behind);
        table_copy(p, broken[i].table, "", "");
    }
    assert_int_equal(tables_read(p), OK);
}

static void test_an_empty_or_missing_table_is_refused(void **state)
{
    struct place *p = *state;

    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        const char *path = arena_printf(p->arena, "%s/%s", p->folder, tables[i]);
        assert_int_equal(file_write(path, STR("# nothing\n\n"), 0600), OK);
        assert_int_equal(tables_read(p), E_CONFIG);
        assert_int_equal(remove(path), 0);
        assert_int_equal(tables_read(p), E_CONFIG);
        table_copy(p, tables[i], "", "");
    }
}

static void test_weights_are_chances(void **state)
{
    struct place *p = *state;
    struct weights w = weights_new(p->arena, 3);
    size_t counted[3] = { 0 };

    weights_add(&w, 1);
    weights_add(&w, 6);
    weights_add(&w, 3);
    assert_int_equal(weights_at(&w, 0), 0);
    assert_int_equal(weights_at(&w, 1), 1);
    assert_int_equal(weights_at(&w, 6), 1);
    assert_int_equal(weights_at(&w, 7), 2);
    assert_int_equal(weights_at(&w, 9), 2);
    for (uint64_t i = 0; i < 10000; i++)
        counted[weights_pick(&w, random_of(42, i))]++;
    assert_in_range(counted[0], 900, 1100);
    assert_in_range(counted[1], 5800, 6200);
    assert_in_range(counted[2], 2800, 3200);
}

static void test_births_run_from_the_youngest_to_the_oldest(void **state)
{
    struct place *p = *state;
    struct ages *ages;
    int last = 20260401;

    assert_int_equal(ages_new(p->arena, p->folder, &ages), OK);
    for (uint64_t rank = 0; rank <= UINT32_MAX; rank += UINT32_MAX / 5000) {
        struct birth b = ages_birth(ages, (uint32_t)rank);
        int date = b.year * 10000 + b.month * 100 + b.day;
        assert_true(date <= last && b.month >= 1 && b.month <= 12 && b.day >= 1 && b.day <= 31);
        assert_int_equal(b.age, (20260401 - date) / 10000);
        last = date;
    }
    assert_in_range(last, 19210101, 19230101);
}

static void test_a_kana_slip_is_one_small_difference(void **state)
{
    struct place *p = *state;

    for (uint64_t i = 0; i < 200; i++) {
        assert_string_equal(kana_slip(p->arena, "カズ", random_of(1, i)), "カヅ");
        assert_null(kana_slip(p->arena, "アイ", random_of(1, i)));
        const char *slip = kana_slip(p->arena, "ヤマザキ", random_of(1, i));
        assert_string_equal(slip, "ヤマサキ");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_tables_are_read),
        TEST(test_a_broken_row_is_refused),
        TEST(test_an_empty_or_missing_table_is_refused),
        TEST(test_weights_are_chances),
        TEST(test_births_run_from_the_youngest_to_the_oldest),
        TEST(test_a_kana_slip_is_one_small_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
