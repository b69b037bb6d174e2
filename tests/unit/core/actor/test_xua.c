/* Whom a daemon trusts to name users, and what it says where it acts by itself. */
#include "actor/xua.h"

#include "actor/daemon.h"
#include "actor/pki_files.h"
#include "actor/xua_variant.h"
#include "base/clock.h"
#include "base/file.h"
#include "support/scratch.h"
#include "wire/ns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PEM "tests/fixtures/xua/issuer.pem"

struct fixture {
    struct arena *arena;
    const char *data;
    struct config *config;
    struct community community;
    struct world world;
    struct transaction row;
    struct daemon_spec spec;
    struct daemon daemon;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);

    *f = (struct fixture){ .arena = a, .data = scratch_make(a), .config = config_default(a) };
    f->community = (struct community){
        .key = "0035", .name = "おしどりネット", .home_community_id = "urn:oid:2.999.392.1.35", .xua = XUA_REQUIRED
    };
    f->world = (struct world){ .communities = &f->community, .count = 1 };
    f->spec = (struct daemon_spec){ .name = "pixmgr", .transactions = &f->row, .transaction_count = 1 };
    f->daemon = (struct daemon){ .spec = &f->spec, .config = f->config, .arena = a, .world = &f->world };
    assert_int_equal(config_set(f->config, CONFIG_DATA, f->data), OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    scratch_remove(f->data);
    arena_free(f->arena);
    return 0;
}

static enum rc opened_with(struct fixture *f, const char *issuers)
{
    assert_int_equal(config_set(f->config, CONFIG_ASSERTION_ISSUERS, issuers), OK);
    return xua_open(&f->daemon, &f->daemon.xua);
}

static void house_make(struct fixture *f)
{
    struct tls_files files = pki_xua(f->arena, f->data);
    struct str cert, key;

    assert_int_equal(file_read(f->arena, PEM, 1 << 20, &cert), OK);
    assert_int_equal(file_read(f->arena, "tests/fixtures/xua/issuer.key", 1 << 20, &key), OK);
    assert_int_equal(file_mkdirs(arena_printf(f->arena, "%s/pki", f->data), 0700), OK);
    assert_int_equal(file_write(files.cert, cert, 0600), OK);
    assert_int_equal(file_write(files.key, key, 0600), OK);
}

static void test_somebody_must_be_trusted(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(opened_with(f, ""), E_CONFIG);
    assert_int_equal(opened_with(f, "https://idp.example.jp=" PEM), OK);
    assert_non_null(f->daemon.xua);
    house_make(f);
    assert_int_equal(opened_with(f, ""), OK);
}

static void test_issuers_that_cannot_be_read_are_told(void **state)
{
    struct fixture *f = *state;

    house_make(f);
    assert_int_equal(opened_with(f, "nonsense"), E_CONFIG);
    assert_int_equal(opened_with(f, "=" PEM), E_CONFIG);
    assert_int_equal(opened_with(f, "https://idp.example.jp=" PEM " urn:x=nowhere.pem"), E_CONFIG);
    assert_int_equal(opened_with(f, "urn:x=tests/fixtures/xua/weak.pem"), E_CONFIG);
    assert_int_equal(opened_with(f, "  urn:x?a=b=" PEM "  "), OK); /* an entityID may hold "=" */
}

static void test_nobody_is_asked_for_where_nobody_looks(void **state)
{
    struct fixture *f = *state;

    f->community.xua = XUA_OFF;
    assert_int_equal(opened_with(f, "nonsense"), OK);
    assert_null(f->daemon.xua);
    assert_int_equal(xua_own_header(f->arena, &f->daemon, &f->community).len, 0);
}

static void test_a_daemon_speaks_for_itself_where_users_are_required(void **state)
{
    struct fixture *f = *state;
    const struct saml_key *keys;
    struct saml_refusal refusal;
    struct saml_token *token;
    struct xml_node *tree;
    const char *why;
    struct saml s;
    struct str pem;

    house_make(f);
    assert_int_equal(opened_with(f, ""), OK);
    struct str header = xua_own_header(f->arena, &f->daemon, &f->community);
    struct str text = str_from(arena_printf(f->arena,
                                            "<e:Envelope xmlns:e=\"%s\"><e:Header>%.*s</e:Header></e:Envelope>",
                                            NS_SOAP12, (int)header.len, header.data));
    assert_int_equal(file_read(f->arena, PEM, 1 << 20, &pem), OK);
    assert_int_equal(saml_keys_read(f->arena, pem, &keys, &why), OK);
    assert_int_equal(saml_token_find(f->arena, text, &token, &refusal), OK);
    assert_int_equal(saml_token_verify(f->arena, token, keys, &tree, &refusal), OK);
    saml_decode(f->arena, tree, &s);
    assert_string_equal(saml_user(f->arena, &s), "<0035/pixmgr@" XUA_ISSUER ">");
    const struct saml_service at = { .now_ms = clock_now_ms(),
                                     .audiences = (const char *const[]){ "urn:oid:2.999.392.1.35", NULL },
                                     .recipient = "" };
    assert_int_equal(saml_check(f->arena, &s, &at, &refusal), OK);
    f->community.xua = XUA_ACCEPTED;
    assert_int_equal(xua_own_header(f->arena, &f->daemon, &f->community).len, 0);
}

/* A variant breaks a rule of the table, or none. */
static void test_every_variant_has_a_rule(void **state)
{
    struct fixture *f = *state;
    struct saml_text home = { "urn:oid:2.999.392.1.35", NULL };
    struct xua_order order = { .data = f->data, .audiences = &home, .now = 1775001600 };
    struct xua_made made;
    const char *why;
    size_t count;

    house_make(f);
    const struct xua_variant *all = xua_variants(&count);
    for (size_t i = 0; i < count; i++) {
        const char *rule = xua_variant_rule(&all[i]);
        assert_int_equal(rule == NULL, all[i].flaw == SAML_SOUND);
        assert_true(rule == NULL || text_starts(rule, "XUA-"));
        assert_ptr_equal(xua_variant_find(all[i].name)->name, all[i].name);
        assert_int_equal(xua_make(f->arena, &all[i], &order, &made, &why), OK);
    }
    assert_null(xua_variant_find("nonsense"));
    order.key = "nowhere.key";
    assert_int_equal(xua_make(f->arena, &all[0], &order, &made, &why), E_CONFIG);
    assert_non_null(strstr(why, "nowhere.key"));
}

#define XUA_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        XUA_TEST(test_somebody_must_be_trusted),
        XUA_TEST(test_issuers_that_cannot_be_read_are_told),
        XUA_TEST(test_nobody_is_asked_for_where_nobody_looks),
        XUA_TEST(test_a_daemon_speaks_for_itself_where_users_are_required),
        XUA_TEST(test_every_variant_has_a_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
