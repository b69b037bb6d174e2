/* A line per fault: file, place, what is wrong; and no complaint about the files that ship. */
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "world/community_check.h"
#include "world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MINE "/tmp/test-community-check/mine.json"

static const struct world nobody;

static int set_up(void **state)
{
    *state = arena_new();
    return file_mkdirs("/tmp/test-community-check", 0755) == OK ? 0 : 1;
}

static int tear_down(void **state)
{
    arena_free(*state);
    unlink(MINE);
    rmdir("/tmp/test-community-check");
    return 0;
}

#define SIMULATION                                                                                                     \
    "\"number\": 9999, \"homeCommunityId\": \"urn:oid:2.999.9.1\", \"patientIdDomain\": \"2.999.9.2\", "               \
    "\"facilities\": [{\"name\": \"h\", \"kind\": \"hospital\", \"oid\": \"2.999.9.3\"}], "                            \
    "\"repositories\": [{\"uniqueId\": \"2.999.9.4\", \"name\": \"r\"}]"
#define SOURCES "\"sources\": [{\"survey\": \"mine\"}]"

static void write_mine(struct arena *a, const char *slug, const char *simulation, const char *survey)
{
    const char *text = arena_printf(a,
                                    "{\"key\": \"mine\", \"slug\": \"%s\", \"name\": \"n\", \"nameEn\": \"n\", "
                                    "\"simulation\": {%s}, \"survey\": %s}",
                                    slug, simulation, survey);

    assert_int_equal(file_write(MINE, str_from(text), 0644), OK);
}

/* What the check says on standard error; *rc is its answer. */
static const char *said(struct arena *a, const struct world *known, enum rc *rc)
{
    char path[] = "/tmp/test-community-check-stderr-XXXXXX", mine[] = MINE, *paths[] = { mine };
    int fd = mkstemp(path), keep = dup(STDERR_FILENO);
    struct str text;

    fflush(stderr);
    dup2(fd, STDERR_FILENO);
    *rc = community_check(a, paths, 1, known);
    fflush(stderr);
    dup2(keep, STDERR_FILENO);
    close(keep);
    close(fd);
    assert_int_equal(file_read(a, path, 65536, &text), OK);
    unlink(path);
    return text.data;
}

static int lines_of(const char *text)
{
    int n = 0;

    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

static void test_the_files_that_ship_have_no_fault(void **state)
{
    char **names;
    size_t count;

    assert_int_equal(file_list(*state, "fixtures/networks", ".json", &names, &count), OK);
    for (size_t i = 0; i < count; i++)
        names[i] = arena_printf(*state, "fixtures/networks/%s", names[i]);
    assert_int_equal(community_check(*state, names, count, &nobody), OK);
}

static void test_a_sound_file_of_ones_own_has_no_fault(void **state)
{
    enum rc rc;

    write_mine(*state, "mine", SIMULATION, "null");
    assert_string_equal(said(*state, &nobody, &rc), "");
    assert_int_equal(rc, OK);
}

static void test_each_fault_is_a_line_with_its_place(void **state)
{
    static const struct {
        const char *simulation, *survey, *place, *what;
    } cases[] = {
        { "\"number\": 9999", "null", "simulation.patientIdDomain", "a text is needed" },
        { SIMULATION ", \"registered\": -5", "null", "simulation.registered", "whole number" },
        { SIMULATION ", \"profiles\": {\"XDX\": \"○\"}", "null", "simulation.profiles.XDX", "no such profile" },
        { SIMULATION ", \"profiles\": {\"XCA\": \"x\"}", "null", "simulation.profiles.XCA", "○" },
        { SIMULATION ", \"sharedItems\": [\"gossip\"]", "null", "simulation.sharedItems[0]", "gossip" },
        { SIMULATION ", \"consent\": \"maybe\"", "null", "simulation.consent", "maybe" },
        { SIMULATION, "{}", "survey.sources", "names its sources" },
        { SIMULATION, "{" SOURCES ", \"startYear\": 2011.5}", "survey.startYear", "whole number" },
        { SIMULATION, "{" SOURCES ", \"linkMode\": [{\"label\": \"x\", \"mark\": \"yes\"}]}", "survey.linkMode[0].mark",
          "○, △ or null" },
        { SIMULATION, "{" SOURCES ", \"profiles\": [{\"label\": \"XDX\", \"mark\": \"○\"}]}", "survey.profiles[0]",
          "no profile" },
        { SIMULATION, "{" SOURCES ", \"patients\": [{\"source\": \"s\", \"asOf\": null, \"registered\": -1}]}",
          "survey.patients[0].registered", "whole number" },
        { SIMULATION,
          "{" SOURCES
          ", \"facilities\": [{\"source\": \"s\", \"asOf\": null, \"state\": \"actual\", \"clinic\": \"3\"}]}",
          "survey.facilities[0].clinic", "whole number" },
        { SIMULATION,
          "{" SOURCES ", \"facilities\": [{\"source\": \"s\", \"asOf\": null, \"state\": \"actual\", \"clinic\": 3, "
          "\"total\": 4}]}",
          "survey.facilities[0].total", "make 3, not 4" },
        { SIMULATION,
          "{" SOURCES ", \"facilities\": [{\"source\": \"s\", \"asOf\": null, \"state\": \"actual\", \"twoWay\": "
          "{\"clinic\": 3, \"total\": 2}}]}",
          "survey.facilities[0].twoWay.total", "make 3, not 2" },
        { SIMULATION, "{" SOURCES ", \"wifi\": null}", "survey.wifi", "no such member" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum rc rc;
        write_mine(*state, "mine", cases[i].simulation, cases[i].survey);
        const char *text = said(*state, &nobody, &rc);
        assert_int_equal(rc, E_CONFIG);
        assert_non_null(strstr(text, arena_printf(*state, "%s: %s: ", MINE, cases[i].place)));
        assert_non_null(strstr(text, cases[i].what));
    }
}

static void test_all_faults_of_a_file_are_told_at_once(void **state)
{
    enum rc rc;

    write_mine(*state, "not a word", SIMULATION ", \"consent\": \"maybe\"", "{}");
    assert_int_equal(lines_of(said(*state, &nobody, &rc)), 3);
    assert_int_equal(rc, E_CONFIG);
}

static void test_what_belongs_to_another_community_is_refused(void **state)
{
    struct world known;
    enum rc rc;

    assert_int_equal(world_read(*state, "fixtures/networks", &known), OK);
    write_mine(*state, "oshidori", SIMULATION, "null");
    const char *text = said(*state, &known, &rc);
    assert_string_equal(text, "kakehashi: " MINE ": slug: \"oshidori\" is also slug of 0035\n");
    assert_int_equal(rc, E_CONFIG);
}

static void test_a_file_may_replace_the_one_of_its_key(void **state)
{
    struct community mine = {
        .key = "mine", .slug = "mine", .home_community_id = "urn:oid:2.999.9.1", .patient_id_domain = "2.999.9.2"
    };
    struct world known = { .communities = &mine, .count = 1 };
    enum rc rc;

    write_mine(*state, "mine", SIMULATION, "null");
    assert_string_equal(said(*state, &known, &rc), "");
    assert_int_equal(rc, OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_files_that_ship_have_no_fault),
        TEST(test_a_sound_file_of_ones_own_has_no_fault),
        TEST(test_each_fault_is_a_line_with_its_place),
        TEST(test_all_faults_of_a_file_are_told_at_once),
        TEST(test_what_belongs_to_another_community_is_refused),
        TEST(test_a_file_may_replace_the_one_of_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
