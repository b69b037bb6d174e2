/* The communities that live are those asked for; a community file that cannot work says where and why. */
#include "world/world.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    struct arena *arena;
    struct config *config;
    const char *folder; /* of fixtures that a test writes */
};

static int set_up(void **state)
{
    static char folder[64];
    struct fixture *f = calloc(1, sizeof(*f));

    snprintf(folder, sizeof(folder), "/tmp/test-world-XXXXXX");
    if (f == NULL || mkdtemp(folder) == NULL)
        return 1;
    f->arena = arena_new();
    f->config = config_default(f->arena);
    f->folder = folder;
    *state = f;
    return file_mkdirs(arena_printf(f->arena, "%s/networks", folder), 0755) == OK ? 0 : 1;
}

static void folder_remove(struct arena *a, const char *folder)
{
    char **names;
    size_t count;

    if (file_list(a, arena_printf(a, "%s/networks", folder), "", &names, &count) != OK)
        return;
    for (size_t i = 0; i < count; i++)
        unlink(arena_printf(a, "%s/networks/%s", folder, names[i]));
    rmdir(arena_printf(a, "%s/networks", folder));
    rmdir(folder);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    folder_remove(f->arena, f->folder);
    arena_free(f->arena);
    free(f);
    return 0;
}

static void configure(struct fixture *f, const char *fixtures, const char *communities)
{
    assert_int_equal(config_set(f->config, CONFIG_FIXTURES, fixtures), OK);
    assert_int_equal(config_set(f->config, CONFIG_COMMUNITIES, communities), OK);
}

/* "0026 0035 …" of those that live. */
static const char *keys_of(struct fixture *f, const struct world *w)
{
    const char *keys = "";

    for (size_t i = 0; i < w->count; i++)
        keys = arena_printf(f->arena, "%s%s%s", keys, i == 0 ? "" : " ", w->communities[i].key);
    return keys;
}

static const char *load(struct fixture *f, const char *communities)
{
    struct world *w;

    configure(f, "fixtures", communities);
    assert_int_equal(world_load(f->arena, f->config, &w), OK);
    return keys_of(f, w);
}

static void test_all_communities_live_unless_named(void **state)
{
    const char *all = load(*state, "all");
    size_t count = 1;

    for (const char *space = all; (space = strchr(space, ' ')) != NULL; space++)
        count++;
    assert_int_equal(count, 280); /* 270 sheets, 9 projects that have none, the backbone */
    assert_non_null(strstr(all, "0035 "));
    assert_non_null(strstr(all, " after-0542 "));
    assert_non_null(strstr(all, " awa-ai backbone "));
}

static void test_keys_and_slugs_name_who_lives(void **state)
{
    assert_string_equal(load(*state, "0035, mame"), "0026 0035");
}

static void test_backbone_comes_with_who_asks_it(void **state)
{
    assert_string_equal(load(*state, "kanae"), "0360 backbone");
}

static void test_unknown_community_is_a_configuration_error(void **state)
{
    struct fixture *f = *state;
    struct world *w = NULL;

    configure(f, "fixtures", "0035,9999");
    assert_int_equal(world_load(f->arena, f->config, &w), E_CONFIG);
    configure(f, "fixtures", " , ");
    assert_int_equal(world_load(f->arena, f->config, &w), E_CONFIG);
    assert_null(w);
}

static void test_peers_are_known_and_live_elsewhere(void **state)
{
    struct fixture *f = *state;
    struct world *w;

    configure(f, "fixtures", "0035");
    assert_int_equal(config_set(f->config, CONFIG_PEERS, "mame=https://there:1 0010=http://127.0.0.2:2"), OK);
    assert_int_equal(world_load_with_peers(f->arena, f->config, &w), OK);
    assert_string_equal(keys_of(f, w), "0010 0026 0035");
    assert_string_equal(world_find(w, "0026")->gateway_at, "https://there:1");
    assert_null(world_find(w, "0035")->gateway_at);
    assert_int_equal(world_load(f->arena, f->config, &w), OK);
    assert_string_equal(keys_of(f, w), "0035");
}

static void test_peers_that_cannot_be_are_refused(void **state)
{
    static const char *const wrong[] = { "0035=https://there:1", "9999=https://there:1", "0026", "0026=there:1",
                                         "0026=https://a:1 mame=https://b:1" };
    struct fixture *f = *state;
    struct world *w;

    configure(f, "fixtures", "0035");
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(config_set(f->config, CONFIG_PEERS, wrong[i]), OK);
        assert_int_equal(world_load_with_peers(f->arena, f->config, &w), E_CONFIG);
    }
}

static void test_community_has_the_oids_of_its_number(void **state)
{
    struct fixture *f = *state;
    struct world *w;

    configure(f, "fixtures", "all");
    assert_int_equal(world_load(f->arena, f->config, &w), OK);
    for (size_t i = 0; i < w->count; i++) {
        const struct community *c = &w->communities[i];
        int m = 0;
        assert_string_equal(c->home_community_id, arena_printf(f->arena, "urn:oid:2.999.392.1.%d", c->number));
        assert_string_equal(c->patient_id_domain, arena_printf(f->arena, "2.999.392.2.%d", c->number));
        for (const struct facility *p = c->facilities; p != NULL; p = p->next)
            assert_string_equal(p->oid, arena_printf(f->arena, "2.999.392.3.%d.%d", c->number, ++m));
        m = 0;
        for (const struct repository *r = c->repositories; r != NULL; r = r->next) {
            assert_string_equal(r->unique_id, arena_printf(f->arena, "2.999.392.4.%d.%d", c->number, ++m));
            assert_int_equal(r->number, m);
        }
        assert_true(c->is_backbone == text_equal(c->key, "backbone"));
    }
}

static void test_pix_communities_ask_the_backbone(void **state)
{
    struct fixture *f = *state;
    struct world *w;

    configure(f, "fixtures", "all");
    assert_int_equal(world_load(f->arena, f->config, &w), OK);
    assert_int_equal(world_find(w, "oshidori")->locate, LOCATE_XCPD);
    assert_int_equal(world_find(w, "mmwin")->locate, LOCATE_PIX);
    assert_string_equal(world_find(w, "mmwin")->locate_at, "backbone");
}

/* ---- files that cannot work ---- */

#define SOUND_SIMULATION                                                                                               \
    "\"number\": 1, \"homeCommunityId\": \"urn:oid:2.999.1.1\", \"patientIdDomain\": \"2.999.2.1\", "                  \
    "\"facilities\": [{\"name\": \"h\", \"kind\": \"hospital\", \"oid\": \"2.999.3.1.1\"}], "                          \
    "\"repositories\": [{\"uniqueId\": \"2.999.4.1.1\", \"name\": \"r\"}]"

static void write_community(struct fixture *f, const char *key, const char *slug, const char *simulation)
{
    const char *text = arena_printf(f->arena,
                                    "{\"key\": \"%s\", \"slug\": \"%s\", \"name\": \"n\", \"nameEn\": \"n\", "
                                    "\"simulation\": {%s}}",
                                    key, slug, simulation);
    const char *path = arena_printf(f->arena, "%s/networks/%s.json", f->folder, key);

    assert_int_equal(file_write(path, str_from(text), 0644), OK);
}

/* What world_load writes to standard error while it refuses the folder. */
static const char *complaint(struct fixture *f)
{
    struct world *w;
    struct str text;
    char path[] = "/tmp/test-world-stderr-XXXXXX";
    int fd = mkstemp(path), keep = dup(STDERR_FILENO);

    fflush(stderr);
    dup2(fd, STDERR_FILENO);
    configure(f, f->folder, "all");
    enum rc rc = world_load(f->arena, f->config, &w);
    fflush(stderr);
    dup2(keep, STDERR_FILENO);
    close(keep);
    close(fd);
    assert_int_equal(file_read(f->arena, path, 65536, &text), OK);
    unlink(path);
    assert_int_equal(rc, E_CONFIG);
    return text.data;
}

static void assert_complaint(struct fixture *f, const char *place, const char *reason)
{
    const char *text = complaint(f);

    assert_non_null(strstr(text, f->folder));
    assert_non_null(strstr(text, place));
    assert_non_null(strstr(text, reason));
}

static void test_sound_file_is_read(void **state)
{
    struct fixture *f = *state;
    struct world *w;

    write_community(f, "a", "alpha", SOUND_SIMULATION);
    configure(f, f->folder, "alpha");
    assert_int_equal(world_load(f->arena, f->config, &w), OK);
    assert_string_equal(world_find_domain(w, "2.999.3.1.1")->key, "a");
}

static void test_broken_json_names_file_and_line(void **state)
{
    struct fixture *f = *state;

    write_community(f, "a", "alpha", "\"number\": 1,, ");
    assert_complaint(f, "/networks/a.json", "line 1");
}

static void test_broken_member_names_its_place(void **state)
{
    static const struct {
        const char *simulation, *place, *reason;
    } cases[] = {
        { "\"number\": 0", "simulation.number", "whole number" },
        { "\"number\": 1.5", "simulation.number", "whole number" },
        { "\"number\": 1", "simulation.homeCommunityId", "a text is needed" },
        { "\"number\": 1, \"homeCommunityId\": \"2.999.1\"", "simulation.homeCommunityId", "urn:oid:" },
        { "\"number\": 1, \"homeCommunityId\": \"urn:oid:2.999.1\", \"patientIdDomain\": \"x\"",
          "simulation.patientIdDomain", "\"x\" is not an OID" },
        { SOUND_SIMULATION ", \"locate\": \"guess\"", "simulation.locate", "none of xcpd, pix, plq" },
        { SOUND_SIMULATION ", \"locate\": \"pix\"", "simulation.pixAt", "a text is needed" },
        { SOUND_SIMULATION ", \"locate\": \"plq\"", "simulation.locatorAt", "a text is needed" },
        { SOUND_SIMULATION ", \"deadline\": -1", "simulation.deadline", "milliseconds are needed" },
        { SOUND_SIMULATION ", \"locate\": \"pix\", \"pixAt\": \"nobody\"", "simulation.pixAt", "no community nobody" },
        { "\"number\": 1, \"homeCommunityId\": \"urn:oid:2.999.1\", \"patientIdDomain\": \"2.999.2\", "
          "\"facilities\": [{\"name\": \"h\", \"kind\": \"spa\", \"oid\": \"2.999.3\"}]",
          "simulation.facilities[0].kind", "\"spa\" is none of" },
        { "\"number\": 1, \"homeCommunityId\": \"urn:oid:2.999.1\", \"patientIdDomain\": \"2.999.2\", "
          "\"facilities\": [], \"repositories\": [{\"uniqueId\": \"2.999.4\", \"name\": \"r\"}, {}]",
          "simulation.repositories[1].uniqueId", "a text is needed" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        write_community(*state, "a", "alpha", cases[i].simulation);
        assert_complaint(*state, cases[i].place, cases[i].reason);
    }
}

static void test_file_is_named_after_its_key(void **state)
{
    struct fixture *f = *state;

    write_community(f, "a", "alpha", SOUND_SIMULATION);
    assert_int_equal(rename(arena_printf(f->arena, "%s/networks/a.json", f->folder),
                            arena_printf(f->arena, "%s/networks/b.json", f->folder)),
                     0);
    assert_complaint(f, "b.json: key", "named a.json");
}

static void test_identifiers_belong_to_one_community(void **state)
{
    struct fixture *f = *state;

    write_community(f, "a", "alpha", SOUND_SIMULATION);
    write_community(f, "b", "beta",
                    "\"number\": 2, \"homeCommunityId\": \"urn:oid:2.999.1.2\", "
                    "\"patientIdDomain\": \"2.999.3.1.1\", \"facilities\": [], \"repositories\": []");
    assert_complaint(f, "2.999.3.1.1", "is also");
    write_community(f, "b", "alpha",
                    "\"number\": 2, \"homeCommunityId\": \"urn:oid:2.999.1.2\", "
                    "\"patientIdDomain\": \"2.999.2.2\", \"facilities\": [], \"repositories\": []");
    assert_complaint(f, "slug", "\"alpha\" is also slug of");
}

static void test_folder_without_communities_is_refused(void **state)
{
    assert_complaint(*state, "networks", "no communities");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_all_communities_live_unless_named),
        TEST(test_keys_and_slugs_name_who_lives),
        TEST(test_backbone_comes_with_who_asks_it),
        TEST(test_unknown_community_is_a_configuration_error),
        TEST(test_peers_are_known_and_live_elsewhere),
        TEST(test_peers_that_cannot_be_are_refused),
        TEST(test_community_has_the_oids_of_its_number),
        TEST(test_pix_communities_ask_the_backbone),
        TEST(test_sound_file_is_read),
        TEST(test_broken_json_names_file_and_line),
        TEST(test_broken_member_names_its_place),
        TEST(test_file_is_named_after_its_key),
        TEST(test_identifiers_belong_to_one_community),
        TEST(test_folder_without_communities_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
