/* What a survey sheet becomes; and the files are what the rules make of their own survey part. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "wire/json.h"
#include "world/community_file.h"
#include "world/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define NETWORKS "fixtures/networks"

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *text_of(struct arena *a, const struct community *c)
{
    struct buf *out = buf_new(a, 1 << 20);
    struct json_writer w;

    jw_init(&w, out, true);
    layout_write(c, &w);
    return buf_text(out);
}

static void test_the_files_are_what_the_rules_make_of_their_survey(void **state)
{
    char **names;
    size_t count;

    assert_int_equal(file_list(*state, NETWORKS, ".json", &names, &count), OK);
    assert_int_equal(count, 280);
    for (size_t i = 0; i < count; i++) {
        struct arena *a = arena_new();
        struct community file = { 0 };
        const struct json *survey;
        assert_int_equal(community_file_read_whole(a, NETWORKS, names[i], &file, &survey), OK);
        if (survey != NULL) {
            struct community made = file;
            layout_make(a, survey, &made);
            assert_string_equal(text_of(a, &file), text_of(a, &made));
        } else {
            assert_true(file.is_backbone);
        }
        arena_free(a);
    }
}

static void test_the_marks_of_every_profile_are_as_many_as_the_survey_counts(void **state)
{
    static const int expected[PROFILE_COUNT][3] = {
        [PROFILE_PIX] = { 0, 8, 18 }, [PROFILE_XDS_B] = { 0, 4, 16 }, [PROFILE_XDS_I_B] = { 0, 4, 2 },
        [PROFILE_XCA] = { 0, 5, 14 }, [PROFILE_XCA_I] = { 0, 3, 2 },  [PROFILE_XCPD] = { 0, 2, 0 },
        [PROFILE_XDR] = { 0, 1, 0 },  [PROFILE_ATNA] = { 0, 3, 1 },   [PROFILE_CT] = { 0, 3, 13 },
    };
    int found[PROFILE_COUNT][3] = { 0 };
    char **names;
    size_t count;

    assert_int_equal(file_list(*state, NETWORKS, ".json", &names, &count), OK);
    for (size_t i = 0; i < count; i++) {
        struct community c = { 0 };
        assert_int_equal(community_file_read(*state, NETWORKS, names[i], &c), OK);
        for (int p = 0; p < PROFILE_COUNT; p++)
            found[p][c.profiles[p]]++;
    }
    for (int p = PROFILE_NONE + 1; p < PROFILE_COUNT; p++) {
        assert_int_equal(found[p][MARK_OPERATING], expected[p][MARK_OPERATING]);
        assert_int_equal(found[p][MARK_PLANNED], expected[p][MARK_PLANNED]);
    }
}

/* ---- one rule each ---- */

static struct community made_of(struct arena *a, const char *survey)
{
    struct community c = { .number = 7, .name = "網" };
    struct json *json;
    const char *why = "";

    if (json_parse(a, str_from(survey), &json, &why) != OK)
        fail_msg("%s", why);
    layout_make(a, json, &c);
    return c;
}

static const char *facilities_text(struct arena *a, const struct community *c)
{
    const char *all = "";

    for (const struct facility *f = c->facilities; f != NULL; f = f->next)
        all = arena_printf(a, "%s%s%s%s", all, all[0] ? " | " : "", f->name, f->is_viewing_only ? " (views)" : "");
    return all;
}

static const char *repositories_text(struct arena *a, const struct community *c)
{
    const char *all = "";

    for (const struct repository *r = c->repositories; r != NULL; r = r->next)
        all = arena_printf(a, "%s%s%d %s", all, all[0] ? " | " : "", r->number, r->name);
    return all;
}

#define MODE(label, mark) "\"linkMode\": [{\"label\": \"" label "\", \"mark\": \"" mark "\"}]"
#define COUNTS(members)   "\"facilities\": [{\"source\": \"JMARI2016\", \"state\": \"actual\", " members "}]"
#define SHARING(label)    "\"sharingForm\": [{\"label\": \"" label "\", \"mark\": \"○\"}]"

static void test_a_blank_sheet_is_one_hospital_with_one_repository(void **state)
{
    struct community c = made_of(*state, "{}");

    assert_string_equal(facilities_text(*state, &c), "病院 1");
    assert_string_equal(repositories_text(*state, &c), "1 網 リポジトリ");
    assert_string_equal(c.repositories->unique_id, "2.999.392.4.7.1");
    assert_string_equal(c.facilities->oid, "2.999.392.3.7.1");
    assert_int_equal(c.shared_items, 1u << SHARED_BASIC | 1u << SHARED_REFERRAL);
    assert_int_equal(c.consent, CONSENT_NOT_STATED);
    assert_null(c.common_id);
    assert_int_equal(c.registered, -1);
}

static void test_cloud_and_central_have_one_repository_at_the_data_centre(void **state)
{
    struct community cloud = made_of(*state, "{" MODE("クラウド型", "○") ", " COUNTS("\"hospital\": 5") "}");
    struct community central = made_of(*state, "{" MODE("集中型", "△") "}");

    assert_string_equal(repositories_text(*state, &cloud), "1 網 データセンター");
    assert_string_equal(repositories_text(*state, &central), "1 網 データセンター");
}

static void test_distributed_has_a_repository_in_each_hospital_up_to_eight(void **state)
{
    struct community three = made_of(*state, "{" MODE("分散型", "○") ", " COUNTS("\"hospital\": 3") "}");
    struct community many = made_of(*state, "{" MODE("分散型", "○") ", " COUNTS("\"hospital\": 43") "}");
    const struct repository *last = community_repository(&many, LAYOUT_HOSPITALS);

    assert_string_equal(repositories_text(*state, &three), "1 病院 1 | 2 病院 2 | 3 病院 3");
    assert_string_equal(last->name, "病院 8");
    assert_null(last->next);
}

static void test_a_planned_form_counts_only_where_none_is_in_operation(void **state)
{
    struct community c = made_of(*state, "{\"linkMode\": [{\"label\": \"クラウド型\", \"mark\": \"△\"}, "
                                         "{\"label\": \"分散型\", \"mark\": \"○\"}], " COUNTS("\"hospital\": 2") "}");

    assert_string_equal(repositories_text(*state, &c), "1 病院 1 | 2 病院 2");
}

static void test_named_hospitals_come_first_and_each_once(void **state)
{
    struct community c = made_of(*state, "{\"hospitals\": {\"psychiatric\": {\"names\": [\"丙\", \"甲\"]}, "
                                         "\"advanced\": {\"names\": [\"甲\"]}}, " COUNTS("\"hospital\": 4") "}");

    assert_string_equal(facilities_text(*state, &c), "甲 | 丙 | 病院 3 | 病院 4");
}

static void test_others_view_unless_sharing_is_two_way(void **state)
{
    static const struct {
        const char *sharing, *facilities;
    } cases[] = {
        { SHARING("参照のみ"), "病院 1 | 医科診療所 1 (views) | 介護施設 1 (views)" },
        { SHARING("双方向での共有"), "病院 1 | 医科診療所 1 | 介護施設 1" },
        { "\"sharingForm\": null", "病院 1 | 医科診療所 1 (views) | 介護施設 1 (views)" },
        { "\"sharingForm\": [{\"label\": \"双方向での共有\", \"mark\": \"○\"}, "
          "{\"label\": \"参照のみ\", \"mark\": \"○\"}]",
          "病院 1 | 医科診療所 1 (views) | 介護施設 1 (views)" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct community c = made_of(
            *state,
            arena_printf(*state, "{%s, " COUNTS("\"hospital\": 1, \"clinic\": 9, \"dental\": 0, \"care\": 2") "}",
                         cases[i].sharing));
        assert_string_equal(facilities_text(*state, &c), cases[i].facilities);
    }
}

static void test_the_latest_second_source_counts_where_the_sheet_is_blank(void **state)
{
    struct community c = made_of(
        *state,
        "{\"facilities\": ["
        "{\"source\": \"MIC2020\", \"state\": \"actual\", \"hospital\": 1, \"twoWay\": {\"hospital\": 1}}, "
        "{\"source\": \"MIC2020\", \"state\": \"actual\", \"hospital\": 5, \"clinic\": 3, \"careAndOther\": 4, "
        "\"twoWay\": {\"hospital\": 2, \"clinic\": 0, \"careAndOther\": 1}}], "
        "\"patients\": [{\"source\": \"MIC2020\", \"registered\": 1}, {\"source\": \"MIC2020\", \"registered\": 70}]}");

    assert_string_equal(facilities_text(*state, &c), "病院 1 | 病院 2 | 医科診療所 1 (views) | 介護施設 1");
    assert_int_equal(c.registered, 70);
}

static void test_figures_printed_one_row_high_are_what_there_is(void **state)
{
    struct community c = made_of(
        *state, "{\"flags\": [\"label_shift_suspected\"], \"facilities\": [{\"source\": \"JMARI2016\", "
                "\"state\": \"planned\", \"hospital\": 2}, {\"source\": \"MIC2020\", \"state\": \"actual\", "
                "\"hospital\": 9}]}");

    assert_string_equal(facilities_text(*state, &c), "病院 1 | 病院 2");
}

static void test_the_sheets_own_count_of_patients_comes_before_later_surveys(void **state)
{
    struct community c = made_of(*state, "{\"patients\": [{\"source\": \"JMARI2016\", \"registered\": 0}, "
                                         "{\"source\": \"MIC2020\", \"registered\": 70}]}");

    assert_int_equal(c.registered, 0);
}

static void test_planned_items_are_shared_only_where_nothing_is_yet(void **state)
{
    struct community both = made_of(*state, "{\"sharedItems\": [{\"label\": \"その他文書\", \"mark\": \"○\"}, "
                                            "{\"label\": \"サマリ\", \"mark\": \"△\"}]}");
    struct community planned = made_of(
        *state, "{\"sharedItems\": [{\"label\": \"画像(放射線検査、内視鏡検査等)\", \"mark\": \"△\"}]}");

    assert_int_equal(both.shared_items, 1u << SHARED_OTHER_DOCUMENT);
    assert_int_equal(planned.shared_items, 1u << SHARED_IMAGE);
}

static void test_the_strictest_consent_and_all_products_are_kept(void **state)
{
    struct community c = made_of(
        *state, "{\"consent\": {\"patients\": [{\"label\": \"参加施設すべての情報連携に一括同意\", \"mark\": \"○\"}, "
                "{\"label\": \"すべての施設毎に同意を得る\", \"mark\": \"○\"}]}, "
                "\"commonId\": [{\"label\": \"HumanBridgeシステムを利用\", \"mark\": \"○\"}, "
                "{\"label\": \"ID-LINKシステムを利用\", \"mark\": \"○\"}, "
                "{\"label\": \"独自開発のシステムを利用\", \"mark\": \"△\"}]}");
    struct community implied = made_of(
        *state, "{\"consent\": {\"newPatient\": [{\"label\": \"掲示板、ホームページ等による周知(黙示同意)\", "
                "\"mark\": null}]}}");

    assert_int_equal(c.consent, CONSENT_FACILITY);
    assert_string_equal(c.common_id, "ID-LINK, HumanBridge");
    assert_int_equal(implied.consent, CONSENT_IMPLIED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_files_are_what_the_rules_make_of_their_survey),
        TEST(test_the_marks_of_every_profile_are_as_many_as_the_survey_counts),
        TEST(test_a_blank_sheet_is_one_hospital_with_one_repository),
        TEST(test_cloud_and_central_have_one_repository_at_the_data_centre),
        TEST(test_distributed_has_a_repository_in_each_hospital_up_to_eight),
        TEST(test_a_planned_form_counts_only_where_none_is_in_operation),
        TEST(test_named_hospitals_come_first_and_each_once),
        TEST(test_others_view_unless_sharing_is_two_way),
        TEST(test_the_latest_second_source_counts_where_the_sheet_is_blank),
        TEST(test_figures_printed_one_row_high_are_what_there_is),
        TEST(test_the_sheets_own_count_of_patients_comes_before_later_surveys),
        TEST(test_planned_items_are_shared_only_where_nothing_is_yet),
        TEST(test_the_strictest_consent_and_all_products_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
