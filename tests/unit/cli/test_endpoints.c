#include "cli/endpoints.h"
#include "tests/unit/cli/cli_test.h"

#include "base/buf.h"
#include "base/str.h"
#include "model/community.h"

#include <string.h>

static struct repository second = { 2, "2.999.392.4.35.2", "第二", NULL };
static struct repository first = { 1, "2.999.392.4.35.1", "第一", &second };
static struct community communities[] = {
    { .key = "0035",
      .slug = "oshidori",
      .name = "おしどりネット",
      .home_community_id = "urn:oid:2.999.392.1.35",
      .patient_id_domain = "2.999.392.2.35",
      .repositories = &first },
    { .key = "backbone",
      .slug = "backbone",
      .name = "全国基盤",
      .home_community_id = "urn:oid:2.999.392.1.9999",
      .patient_id_domain = "2.999.392.2.9999",
      .is_backbone = true },
};
static const struct world world = { communities, 2 };

static struct endpoints_spec spec_of(const char *control)
{
    return (struct endpoints_spec){
        .world = &world,
        .data = "/srv/k",
        .control = control,
        .tls = { "https://localhost:1", "https://localhost:3", "https://localhost:5", "https://localhost:7" },
        .plain = { "http://localhost:2", "http://localhost:4", NULL, "http://localhost:8" },
        .mllp_tls = { "mllps://localhost:9" },
        .mllp_plain = { "mllp://localhost:10" },
    };
}

static const struct json *written(struct arena *a)
{
    const struct endpoints_spec spec = spec_of("http://127.0.0.1:9");
    struct buf *out = buf_new(a, 1 << 20);
    struct json *root;

    endpoints_write(a, &spec, out);
    assert_int_equal(json_parse(a, buf_str(out), &root, NULL), OK);
    return root;
}

static const struct json *tree_of(const struct json *root, const char *key, const char *tree)
{
    return json_get(json_get(json_get(root, "communities"), key), tree);
}

static void test_each_actor_has_its_transactions_at_its_daemon(void **state UNUSED)
{
    static const struct {
        const char *actor, *transaction, *url;
    } expected[] = {
        { "registry", "ITI-18", "https://localhost:1/0035/registry" },
        { "registry", "ITI-42", "https://localhost:1/0035/registry" },
        { "registry", "ITI-44", "https://localhost:1/0035/registry" },
        { "registry", "ITI-8", "mllps://localhost:9" },
        { "repository", "ITI-41", "https://localhost:3/0035/repository" },
        { "repository", "ITI-43", "https://localhost:3/0035/repository" },
        { "repository/2", "ITI-43", "https://localhost:3/0035/repository/2" },
        { "pix-manager", "ITI-44", "https://localhost:5/0035/pixmgr" },
        { "pix-manager", "ITI-45", "https://localhost:5/0035/pixmgr" },
        { "initiating-gateway", "ITI-18", "https://localhost:7/0035/initiating" },
        { "initiating-gateway", "ITI-43", "https://localhost:7/0035/initiating" },
        { "responding-gateway", "ITI-38", "https://localhost:7/0035/responding" },
        { "responding-gateway", "ITI-39", "https://localhost:7/0035/responding" },
        { "responding-gateway", "ITI-55", "https://localhost:7/0035/responding" },
    };
    struct arena *a = arena_new();
    const struct json *tree = tree_of(written(a), "0035", "endpoints");

    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_string_equal(json_text(json_get(tree, expected[i].actor), expected[i].transaction), expected[i].url);
    arena_free(a);
}

static void test_the_plain_tree_leaves_out_a_daemon_without_a_plain_port(void **state UNUSED)
{
    struct arena *a = arena_new();
    const struct json *tree = tree_of(written(a), "0035", "plain");

    assert_string_equal(json_text(json_get(tree, "registry"), "ITI-18"), "http://localhost:2/0035/registry");
    assert_string_equal(json_text(json_get(tree, "registry"), "ITI-8"), "mllp://localhost:10");
    assert_null(json_get(tree, "pix-manager"));
    arena_free(a);
}

static void test_a_lens_leaves_out_what_the_sheet_does_not_mark(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, 1 << 20);
    struct community marked[2] = { communities[0], communities[1] };
    const struct world surveyed = { marked, 2, LENS_SURVEYED };
    struct endpoints_spec spec = spec_of(NULL);
    struct json *root;

    marked[0].profiles[PROFILE_XCA] = MARK_OPERATING;
    marked[0].profiles[PROFILE_XDS_B] = MARK_PLANNED;
    spec.world = &surveyed;
    endpoints_write(a, &spec, out);
    assert_int_equal(json_parse(a, buf_str(out), &root, NULL), OK);
    const struct json *tree = tree_of(root, "0035", "endpoints");
    assert_null(json_get(tree, "registry"));
    assert_null(json_get(tree, "pix-manager"));
    assert_non_null(json_text(json_get(tree, "responding-gateway"), "ITI-38"));
    assert_null(json_text(json_get(tree, "responding-gateway"), "ITI-55"));
    assert_non_null(json_text(json_get(tree_of(root, "backbone", "endpoints"), "pix-manager"), "ITI-45"));
    assert_string_equal(endpoints_transactions(a, &surveyed, &marked[0]), "ITI-18 ITI-43 ITI-38 ITI-39 ITI-63 ITI-92");
    arena_free(a);
}

static void test_the_backbone_has_a_pix_manager_and_no_documents(void **state UNUSED)
{
    struct arena *a = arena_new();
    const struct json *tree = tree_of(written(a), "backbone", "endpoints");

    assert_non_null(json_text(json_get(tree, "pix-manager"), "ITI-45"));
    assert_null(json_get(tree, "registry"));
    assert_null(json_get(tree, "responding-gateway"));
    arena_free(a);
}

static void test_the_head_says_who_and_how_to_connect(void **state UNUSED)
{
    struct arena *a = arena_new();
    const struct json *root = written(a), *c = json_get(json_get(root, "communities"), "0035");

    assert_string_equal(json_text(root, "version"), KK_VERSION);
    assert_string_equal(json_text(root, "control"), "http://127.0.0.1:9");
    assert_string_equal(json_text(json_get(root, "pki"), "ca"), "/srv/k/pki/ca.pem");
    assert_string_equal(json_text(json_get(root, "pki"), "p12"), "/srv/k/pki/user.p12");
    assert_string_equal(json_text(c, "slug"), "oshidori");
    assert_string_equal(json_text(c, "homeCommunityId"), "urn:oid:2.999.392.1.35");
    assert_string_equal(json_text(c, "patientIdDomain"), "2.999.392.2.35");
    assert_int_equal(json_get(c, "repositories")->count, 2);
    arena_free(a);
}

static void test_people_see_one_pattern_or_one_community(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *all = buf_new(a, 1 << 20), *one = buf_new(a, 1 << 20);

    assert_int_equal(endpoints_print(a, written(a), NULL, all), OK);
    assert_non_null(strstr(buf_text(all), "https://localhost:1/KEY/registry"));
    assert_non_null(strstr(buf_text(all), "おしどりネット"));
    assert_null(strstr(buf_text(all), "/0035/"));
    assert_non_null(strstr(buf_text(all), "mllps://localhost:9"));
    assert_int_equal(endpoints_print(a, written(a), "oshidori", one), OK);
    assert_non_null(strstr(buf_text(one), "https://localhost:1/0035/registry"));
    assert_int_equal(endpoints_print(a, written(a), "9999", one), E_NOT_FOUND);
    arena_free(a);
}

static void test_addresses_that_mean_this_machine_are_localhost(void **state UNUSED)
{
    struct arena *a = arena_new();

    assert_string_equal(fleet_base(a, "https", "127.0.0.1", 18101), "https://localhost:18101");
    assert_string_equal(fleet_base(a, "https", "0.0.0.0", 18101), "https://localhost:18101");
    assert_string_equal(fleet_base(a, "https", "192.0.2.7", 18101), "https://192.0.2.7:18101");
    assert_string_equal(fleet_base(a, "https", "2001:db8::7", 18101), "https://[2001:db8::7]:18101");
    arena_free(a);
}

int main(void)
{
    setenv("LC_ALL", "C", 1); /* the words of the tables */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_actor_has_its_transactions_at_its_daemon),
        cmocka_unit_test(test_the_plain_tree_leaves_out_a_daemon_without_a_plain_port),
        cmocka_unit_test(test_a_lens_leaves_out_what_the_sheet_does_not_mark),
        cmocka_unit_test(test_the_backbone_has_a_pix_manager_and_no_documents),
        cmocka_unit_test(test_the_head_says_who_and_how_to_connect),
        cmocka_unit_test(test_people_see_one_pattern_or_one_community),
        cmocka_unit_test(test_addresses_that_mean_this_machine_are_localhost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
