/* Who is the same person, by demographics. */
#include "pixmgr/match.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct linking how = { .community = 35, .link_from = 28, .review_from = 18 };

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* Somebody as a table row; NULL is unknown. Insurance: as in INSURANCE_DOMAIN. */
struct who {
    const char *kanji_family, *kanji_given, *kana_family, *kana_given;
    const char *gender, *birth, *phone, *city, *street, *insurance;
    const char *romaji_family, *romaji_given, *former;
};

/* 鳥取花子 of 鳥取市, with a telephone of her own. */
#define HANAKO                                                                                                         \
    .kanji_family = "鳥取", .kanji_given = "花子", .kana_family = "トットリ", .kana_given = "ハナコ", .gender = "F",   \
    .birth = "19700131", .phone = "tel:090-0123-4567", .city = "鳥取市", .street = "東町1-2-3"

/* The tests vary her on purpose. */
#pragma GCC diagnostic ignored "-Woverride-init"

static struct traits traits_make(struct arena *a, const struct who *w)
{
    struct person_name *names = ARENA_ARRAY(a, struct person_name, 4);
    struct patient p = { .gender = w->gender, .birth_time = w->birth };
    size_t n = 0;

    if (w->kanji_family != NULL)
        names[n++] = (struct person_name){ .use = "IDE", .family = w->kanji_family, .given = w->kanji_given };
    if (w->kana_family != NULL)
        names[n++] = (struct person_name){ .use = "SYL", .family = w->kana_family, .given = w->kana_given };
    if (w->romaji_family != NULL)
        names[n++] = (struct person_name){ .use = "ABC", .family = w->romaji_family, .given = w->romaji_given };
    if (w->former != NULL)
        names[n++] = (struct person_name){ .use = "SYL", .family = w->former, .given = w->kana_given };
    for (size_t i = 0; i + 1 < n; i++)
        names[i].next = &names[i + 1];
    p.names = n > 0 ? names : NULL;
    if (w->phone != NULL) {
        p.telecoms = ARENA_NEW(a, struct telecom);
        p.telecoms->value = w->phone;
    }
    if (w->city != NULL) {
        p.addresses = ARENA_NEW(a, struct address);
        *p.addresses = (struct address){ .state = "鳥取県", .city = w->city, .street = w->street };
    }
    if (w->insurance != NULL)
        patient_id_add(a, &p.other_ids, INSURANCE_DOMAIN, w->insurance);
    return traits_of(a, &p);
}

struct pair {
    const char *what;
    enum verdict verdict;
    struct who other;
};

static void pairs_check(struct arena *a, const struct who *who, const struct pair *pairs, size_t count)
{
    struct traits x = traits_make(a, who);

    for (size_t i = 0; i < count; i++) {
        struct traits y = traits_make(a, &pairs[i].other);
        struct match there = match_traits(&x, &y, &how), back = match_traits(&y, &x, &how);
        if (there.verdict != pairs[i].verdict)
            fail_msg("%s: verdict %d, score %.1f, rule %s", pairs[i].what, (int)there.verdict, there.score,
                     there.rule != NULL ? there.rule : "-");
        assert_int_equal(there.verdict, back.verdict);
        assert_true(there.score == back.score);
    }
}

static void test_one_person_as_many_systems_write_her(void **state)
{
    static const struct who hanako = { HANAKO };
    static const struct pair pairs[] = {
        { "as she is", VERDICT_SAME, { HANAKO } },
        { "half-width kana", VERDICT_SAME, { HANAKO, .kana_family = "ﾄｯﾄﾘ", .kana_given = "ﾊﾅｺ" } },
        { "kana alone", VERDICT_SAME, { HANAKO, .kanji_family = NULL } },
        { "kanji alone", VERDICT_SAME, { HANAKO, .kana_family = NULL } },
        { "romaji alone",
          VERDICT_SAME,
          { HANAKO, .kanji_family = NULL, .kana_family = NULL, .romaji_family = "TOTTORI", .romaji_given = "HANAKO" } },
        { "other characters", VERDICT_SAME, { HANAKO, .kanji_family = "鳥執", .phone = NULL, .city = NULL } },
        { "no telephone, no address", VERDICT_SAME, { HANAKO, .phone = NULL, .city = NULL } },
        { "moved", VERDICT_SAME, { HANAKO, .city = "米子市", .street = "西町9" } },
        { "married and moved",
          VERDICT_SAME,
          { HANAKO, .kanji_family = "米子", .kana_family = "ヨナゴ", .city = "米子市", .street = "西町9" } },
        { "day mistyped", VERDICT_SAME, { HANAKO, .birth = "19700132" } },
        { "digits swapped", VERDICT_SAME, { HANAKO, .birth = "19700113" } },
        { "era mistaken", VERDICT_SAME, { HANAKO, .birth = "20330131" } },
        { "small kana large", VERDICT_SAME, { HANAKO, .kana_family = "トツトリ" } },
        { "sex not said", VERDICT_SAME, { HANAKO, .gender = NULL } },
    };

    pairs_check(*state, &hanako, pairs, ARRAY_LEN(pairs));
}

static void test_other_people_stay_apart(void **state)
{
    static const struct who hanako = { HANAKO };
    static const struct pair pairs[] = {
        { "nobody", VERDICT_APART, { NULL } },
        { "twin sister", VERDICT_APART, { HANAKO, .kanji_given = "月子", .kana_given = "ツキコ" } },
        { "twin of like name, kanji differ", VERDICT_APART, { HANAKO, .kanji_given = "花代", .kana_given = "ハナヨ" } },
        { "twin brother", VERDICT_APART, { HANAKO, .kanji_given = "太郎", .kana_given = "タロウ", .gender = "M" } },
        { "daughter of the same house",
          VERDICT_APART,
          { HANAKO, .kanji_given = "春", .kana_given = "ハル", .birth = "19990401" } },
        { "another year", VERDICT_APART, { HANAKO, .phone = NULL, .city = NULL, .birth = "19710215" } },
        { "half a birth date", VERDICT_REVIEW, { HANAKO, .phone = NULL, .city = NULL, .birth = "1970" } },
        { "another sex, nothing else known", VERDICT_REVIEW, { HANAKO, .phone = NULL, .city = NULL, .gender = "M" } },
        { "namesake of elsewhere with another telephone",
          VERDICT_REVIEW,
          { HANAKO, .phone = "tel:090-0999-9999", .city = "米子市" } },
        { "married, moved, another telephone",
          VERDICT_REVIEW,
          { HANAKO, .kanji_family = "米子", .kana_family = "ヨナゴ", .phone = NULL, .city = "米子市" } },
        { "twin of like name, no kanji", VERDICT_REVIEW, { HANAKO, .kanji_family = NULL, .kana_given = "ハナヨ" } },
    };

    pairs_check(*state, &hanako, pairs, ARRAY_LEN(pairs));
}

static void test_a_former_name_counts_like_the_present_one(void **state)
{
    static const struct who hanako = { HANAKO, .phone = NULL, .city = NULL };
    static const struct pair pairs[] = {
        { "former name given",
          VERDICT_SAME,
          { HANAKO, .kanji_family = NULL, .kana_family = "ヨナゴ", .former = "トットリ", .phone = NULL,
            .city = NULL } },
        { "former name not given",
          VERDICT_REVIEW,
          { HANAKO, .kanji_family = NULL, .kana_family = "ヨナゴ", .phone = NULL, .city = NULL } },
    };

    pairs_check(*state, &hanako, pairs, ARRAY_LEN(pairs));
}

static void test_insurance_tells_by_its_branch(void **state)
{
    static const struct who hanako = { HANAKO, .insurance = "06319011:模35・0012345:01" };
    static const struct pair pairs[] = {
        { "the same, whatever the name became",
          VERDICT_SAME,
          { HANAKO, .kanji_family = "米子", .kana_family = "ヨナゴ", .phone = NULL, .city = NULL,
            .insurance = "06319011:模35・0012345:1" } },
        { "twin sister's branch",
          VERDICT_APART,
          { HANAKO, .kanji_given = "月子", .kana_given = "ツキコ", .insurance = "06319011:模35・0012345:02" } },
        { "her mother's", VERDICT_APART, { HANAKO, .birth = "19450131", .insurance = "06319011:模35・0012345:00" } },
        { "another insurer says nothing", VERDICT_SAME, { HANAKO, .insurance = "39319016:12345678" } },
    };

    pairs_check(*state, &hanako, pairs, ARRAY_LEN(pairs));
}

static void test_nothing_known_is_nobody(void **state)
{
    struct patient nobody = { 0 };
    struct traits x = traits_of(*state, &nobody);
    int64_t keys[TRAITS_KEYS_MAX];

    assert_int_equal(match_traits(&x, &x, &how).verdict, VERDICT_APART);
    assert_int_equal(traits_keys(&x, 35, keys), 0);
    assert_false(traits_have_birth_and_sex(&x));
}

static void test_traits_are_kept_whole(void **state)
{
    static const struct who hanako = { HANAKO, .romaji_family = "Tottori", .romaji_given = "Hanako",
                                       .insurance = "06319011:模35・0012345:01" };
    struct traits x = traits_make(*state, &hanako);
    const char *text = traits_write(*state, &x);
    struct traits y = traits_parse(*state, text);
    struct match with_itself = match_traits(&x, &x, &how), with_kept = match_traits(&x, &y, &how);

    assert_string_equal(traits_write(*state, &y), text);
    assert_true(with_itself.score == with_kept.score);
    assert_string_equal(text, "B19700131\tF\t\n0鳥取\t花子\t\n1トットリ\tハナコ\t\n2tottori\thanako\t\n"
                              "T09001234567\t\t\nA\t鳥取県鳥取市\t東町1-2-3\nI06319011:模35・0012345\t1\t\n");
}

/* Every pair that may be linked must meet by birth and sex or under a key; communities never do. */
static void test_keys_bring_together_what_is_alike(void **state)
{
    static const struct who who[] = {
        { HANAKO },
        { HANAKO, .kana_family = "ヨナゴ", .phone = NULL },
        { HANAKO, .birth = "19700113", .phone = NULL },
        { HANAKO, .birth = "19330131", .phone = NULL },
        { HANAKO, .birth = NULL, .kana_family = "トツトリ" },
    };
    struct traits first = traits_make(*state, &who[0]);
    int64_t keys[TRAITS_KEYS_MAX], others[TRAITS_KEYS_MAX];
    size_t n = traits_keys(&first, 35, keys);

    for (size_t i = 1; i < ARRAY_LEN(who); i++) {
        struct traits other = traits_make(*state, &who[i]);
        size_t m = traits_keys(&other, 35, others), elsewhere = 0;
        size_t shared = traits_have_birth_and_sex(&other) && strcmp(other.birth, first.birth) == 0;
        for (size_t j = 0; j < n * m; j++)
            shared += keys[j / m] == others[j % m];
        m = traits_keys(&other, 26, others);
        for (size_t j = 0; j < n * m; j++)
            elsewhere += keys[j / m] == others[j % m];
        assert_int_not_equal(shared, 0);
        assert_int_equal(elsewhere, 0);
    }
}

/* KK_ACCEPT=1 writes the tables anew; the prose before them is by hand. */
static void test_the_documentation_has_the_tables(void **state)
{
    static const char path[] = "docs/matching.md", mark[] = "KK_ACCEPT=1 -->\n\n";
    struct buf *tables = buf_new(*state, BUF_MAX_DEFAULT), *all = buf_new(*state, BUF_MAX_DEFAULT);
    struct str text;

    match_markdown(tables);
    assert_int_equal(file_read(*state, path, 1 << 20, &text), OK);
    const char *end = strstr(text.data, "KK_ACCEPT=1 -->\n");
    assert_non_null(end);
    buf_add(all, text.data, (size_t)(end - text.data));
    buf_add_text(all, mark);
    buf_add(all, tables->data, tables->len);
    if (getenv("KK_ACCEPT") != NULL)
        assert_int_equal(file_write(path, buf_str(all), 0644), OK);
    else
        assert_true(text.len == all->len && memcmp(text.data, all->data, all->len) == 0);
}

#define MATCH_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MATCH_TEST(test_one_person_as_many_systems_write_her),
        MATCH_TEST(test_other_people_stay_apart),
        MATCH_TEST(test_a_former_name_counts_like_the_present_one),
        MATCH_TEST(test_insurance_tells_by_its_branch),
        MATCH_TEST(test_nothing_known_is_nobody),
        MATCH_TEST(test_traits_are_kept_whole),
        MATCH_TEST(test_the_documentation_has_the_tables),
        MATCH_TEST(test_keys_bring_together_what_is_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
