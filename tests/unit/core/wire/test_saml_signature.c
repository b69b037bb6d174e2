/* Signatures of assertions: what verifies is what was signed, and nothing else is ever handed on. */
#include "wire/saml_signature.h"

#include "base/arena.h"
#include "base/file.h"
#include "wire/ns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "tests/fixtures/xua/"
#define ENVELOPE                                                                                                       \
    "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:%s=\"urn:x\"><e:Header><w:Security "        \
    "xmlns:w=\"%s\">"
#define TAIL "</w:Security></e:Header><e:Body><x/></e:Body></e:Envelope>"
#define MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define EXC  "http://www.w3.org/2001/10/xml-exc-c14n#"

struct fixture {
    struct arena *arena;
    const struct saml_key *trusted, *key;
    struct saml_refusal why;
};

static struct str file(struct fixture *f, const char *name)
{
    struct str text;

    assert_int_equal(file_read(f->arena, arena_printf(f->arena, FOLDER "%s", name), 1 << 20, &text), OK);
    return text;
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);
    const char *why;

    f->arena = a;
    assert_int_equal(saml_keys_read(a, file(f, "issuer.pem"), &f->trusted, &why), OK);
    assert_int_equal(saml_key_read(a, file(f, "issuer.key"), &f->key, &why), OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

/* An assertion whose signature is still to be filled; attributes: of its outermost element. */
static struct str template(struct fixture *f, const char *method, const char *prefixes)
{
    return str_from(arena_printf(
        f->arena,
        "<s:Assertion xmlns:s=\"%s\" ID=\"_a1\" Version=\"2.0\"><s:Issuer>me</s:Issuer><d:Signature xmlns:d=\"%s\">"
        "<d:SignedInfo><d:CanonicalizationMethod Algorithm=\"" EXC "\"/><d:SignatureMethod Algorithm=\"" MORE "%s\"/>"
        "<d:Reference URI=\"#_a1\"><d:Transforms><d:Transform "
        "Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/><d:Transform Algorithm=\"" EXC "\">%s"
        "</d:Transform></d:Transforms><d:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
        "<d:DigestValue/></d:Reference></d:SignedInfo><d:SignatureValue/></d:Signature><s:Subject><s:NameID>sato"
        "</s:NameID></s:Subject> <s:Advice>  two\n spaces &amp; &lt; é</s:Advice></s:Assertion>",
        NS_SAML, NS_DS, method, prefixes));
}

static struct str signed_one(struct fixture *f)
{
    struct str out;

    assert_int_equal(saml_sign(f->arena, template(f, "ecdsa-sha256", ""), f->key, &out), OK);
    return out;
}

static struct str message(struct fixture *f, struct str assertion)
{
    return str_from(arena_printf(f->arena, ENVELOPE "%.*s" TAIL, "q", NS_WSSE, (int)assertion.len, assertion.data));
}

/* OK with the tree that was signed; otherwise f->why says what is wrong. */
static enum rc verified(struct fixture *f, struct str text, struct xml_node **out)
{
    struct saml_token *t;
    struct xml_node *ignored;

    if (xml_parse(f->arena, text, NULL, &ignored, NULL) != OK)
        return E_SYNTAX;
    TRY(saml_token_find(f->arena, text, &t, &f->why));
    return saml_token_verify(f->arena, t, f->trusted, out, &f->why);
}

static void must_refuse(struct fixture *f, struct str assertion, enum saml_flaw flaw)
{
    struct xml_node *tree;

    assert_int_equal(verified(f, message(f, assertion), &tree), E_REFUSED);
    assert_int_equal(f->why.flaw, flaw);
    assert_non_null(f->why.text);
    assert_non_null(saml_flaw_subcode(flaw));
}

static struct str swapped(struct fixture *f, struct str text, const char *from, const char *to)
{
    const char *at = memmem(text.data, text.len, from, strlen(from));

    assert_non_null(at);
    return str_from(arena_printf(f->arena, "%.*s%s%.*s", (int)(at - text.data), text.data, to,
                                 (int)(text.data + text.len - at) - (int)strlen(from), at + strlen(from)));
}

static void test_what_verifies_is_what_was_signed(void **state)
{
    struct fixture *f = *state;
    struct xml_node *tree;

    assert_int_equal(verified(f, message(f, signed_one(f)), &tree), OK);
    assert_true(xml_is(tree, NS_SAML, "Assertion"));
    assert_null(xml_child(tree, NS_DS, "Signature")); /* it was not signed, so it is not there */
    assert_string_equal(xml_text(f->arena, xml_at(tree, NS_SAML, "Subject", "NameID", NULL)), "sato");
    assert_string_equal(xml_text(f->arena, xml_child(tree, NS_SAML, "Advice")), "  two\n spaces & < é");
}

static void test_any_key_of_the_issuer_will_do(void **state)
{
    struct fixture *f = *state;
    const struct saml_key *rsa;
    struct xml_node *tree;
    const char *why;
    struct str out;

    assert_int_equal(saml_key_read(f->arena, file(f, "issuer-rsa.key"), &rsa, &why), OK);
    assert_false(saml_key_is_ec(rsa));
    assert_true(saml_key_is_ec(f->key));
    assert_int_equal(saml_sign(f->arena, template(f, "rsa-sha512", ""), rsa, &out), OK);
    assert_int_equal(verified(f, message(f, out), &tree), OK);
}

/* Whatever changes, either it is refused or what is handed on is the same. */
static void test_no_changed_byte_changes_what_is_believed(void **state)
{
    struct fixture *f = *state;
    struct buf *want = buf_new(f->arena, BUF_MAX_DEFAULT);
    struct str good = message(f, signed_one(f));
    struct xml_node *tree;
    int accepted = 0;

    assert_int_equal(verified(f, good, &tree), OK);
    xml_write_node(want, tree);
    for (size_t i = 0; i < good.len; i += 2) {
        struct fixture one = { .arena = arena_new(), .trusted = f->trusted };
        struct buf *got = buf_new(one.arena, BUF_MAX_DEFAULT);
        char *bad = arena_strndup(one.arena, good.data, good.len);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        if (verified(&one, (struct str){ bad, good.len }, &tree) == OK) {
            xml_write_node(got, tree);
            assert_string_equal(buf_text(got), buf_text(want));
            accepted++;
        }
        arena_free(one.arena);
    }
    assert_true(accepted > 0 && accepted < (int)good.len / 4); /* outside of the assertion */
}

static void test_it_holds_in_another_message(void **state)
{
    struct fixture *f = *state;
    struct saml_token *t;
    struct xml_node *tree;
    struct str text, signed_text;

    /* a prefix of the message around it that the signature counts: PrefixList */
    assert_int_equal(
        saml_sign(f->arena,
                  swapped(f,
                          template(f, "ecdsa-sha256", "<i:InclusiveNamespaces xmlns:i=\"" EXC "\" PrefixList=\"q\"/>"),
                          "<s:Assertion ", "<s:Assertion xmlns:q=\"urn:x\" "),
                  f->key, &signed_text),
        OK);
    text = message(f, swapped(f, signed_text, " xmlns:q=\"urn:x\"", ""));
    assert_int_equal(verified(f, text, &tree), OK);
    assert_int_equal(saml_token_find(f->arena, text, &t, &f->why), OK);
    struct str carried = saml_token_carry(f->arena, t);
    text = str_from(arena_printf(f->arena, ENVELOPE "%.*s" TAIL, "z", NS_WSSE, (int)carried.len, carried.data));
    assert_int_equal(verified(f, text, &tree), OK);
}

static void test_key_info_counts_for_nothing(void **state)
{
    struct fixture *f = *state;
    struct str text = swapped(f, signed_one(f), "</d:Signature>",
                              "<d:KeyInfo><d:X509Data><d:X509Certificate>bm9uZQ==</d:X509Certificate></d:X509Data>"
                              "</d:KeyInfo></d:Signature>");
    struct xml_node *tree;

    assert_int_equal(verified(f, message(f, text), &tree), OK);
    f->trusted = NULL;
    must_refuse(f, text, SAML_FORGED);
}

static void test_what_is_not_of_the_shape_is_refused(void **state)
{
    static const struct {
        const char *from, *to;
        enum saml_flaw flaw;
    } wrong[] = {
        { "ID=\"_a1\"", "", SAML_SHAPE },
        { "ID=\"_a1\"", "ID=\"a') or id('b\"", SAML_SHAPE },
        { "URI=\"#_a1\"", "URI=\"\"", SAML_WRAPPED },
        { "URI=\"#_a1\"", "", SAML_WRAPPED },
        { "URI=\"#_a1\"", "URI=\"#_b\"", SAML_WRAPPED },
        { "URI=\"#_a1\"", "URI=\"#xpointer(/)\"", SAML_WRAPPED },
        { "<d:SignedInfo>", "<d:SignedInfo/><d:SignedInfo>", SAML_WRAPPED },
        { "</d:Signature>", "<d:Object/></d:Signature>", SAML_WRAPPED },
        { "</d:SignedInfo>", "<d:Reference URI=\"\"/></d:SignedInfo>", SAML_WRAPPED },
        { "</d:Signature>", "</d:Signature><d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"/>",
          SAML_WRAPPED },
        { "<s:Subject>", "<s:Subject xml:id=\"_a1\">", SAML_WRAPPED },
        { "ecdsa-sha256", "ecdsa-sha1", SAML_ALGORITHM },
        { "ecdsa-sha256", "hmac-sha256", SAML_ALGORITHM },
        { "ecdsa-sha256", "rsa-sha256", SAML_FORGED },
        { "xmlenc#sha256", "xmlenc#ripemd160", SAML_ALGORITHM },
        { "<d:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>", "", SAML_ALGORITHM },
        { "</d:Transforms>", "<d:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/></d:Transforms>",
          SAML_ALGORITHM },
        { "sato", "kato", SAML_FORGED },
        { "  two", " two", SAML_FORGED },
        { "<d:Signature ", "<d:Unsigned ", SAML_UNSIGNED },
    };
    struct fixture *f = *state;
    struct str good = signed_one(f);

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct str bad = swapped(f, good, wrong[i].from, wrong[i].to);
        if (wrong[i].flaw == SAML_UNSIGNED)
            bad = swapped(f, bad, "</d:Signature>", "</d:Unsigned>");
        must_refuse(f, bad, wrong[i].flaw);
    }
}

static void test_there_is_exactly_one(void **state)
{
    struct fixture *f = *state;
    struct str good = signed_one(f);

    must_refuse(f, STR(""), SAML_ABSENT);
    must_refuse(f, swapped(f, good, "<s:Issuer>", "<s:Assertion ID=\"b\"/><s:Issuer>"), SAML_FORGED);
    must_refuse(f,
                str_from(arena_printf(f->arena, "<s:Assertion xmlns:s=\"%s\" ID=\"b\"/>%.*s", NS_SAML, (int)good.len,
                                      good.data)),
                SAML_SEVERAL);
    must_refuse(f, str_from(arena_printf(f->arena, "<x>%.*s</x>", (int)good.len, good.data)), SAML_ABSENT);
}

static void test_keys_that_are_none_are_told(void **state)
{
    struct fixture *f = *state;
    const struct saml_key *keys;
    const char *why = NULL;

    assert_int_equal(saml_keys_read(f->arena, STR("no certificate"), &keys, &why), E_CONFIG);
    assert_non_null(strstr(why, "BEGIN CERTIFICATE"));
    assert_int_equal(saml_keys_read(f->arena, file(f, "weak.pem"), &keys, &why), E_CONFIG);
    assert_non_null(strstr(why, "2048"));
    assert_int_equal(saml_key_read(f->arena, file(f, "issuer.pem"), &keys, &why), E_CONFIG);
    assert_non_null(why);
}

static void test_what_cannot_be_signed_is_told(void **state)
{
    struct fixture *f = *state;
    struct str out;

    assert_int_equal(saml_sign(f->arena, STR("<a ID=\"a\"/>"), f->key, &out), E_SYNTAX);
    assert_int_equal(saml_sign(f->arena, STR("<a"), f->key, &out), E_SYNTAX);
    assert_int_equal(saml_sign(f->arena, template(f, "rsa-sha256", ""), f->key, &out), E_SYNTAX);
}

#define SAML_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAML_TEST(test_what_verifies_is_what_was_signed),
        SAML_TEST(test_any_key_of_the_issuer_will_do),
        SAML_TEST(test_no_changed_byte_changes_what_is_believed),
        SAML_TEST(test_it_holds_in_another_message),
        SAML_TEST(test_key_info_counts_for_nothing),
        SAML_TEST(test_what_is_not_of_the_shape_is_refused),
        SAML_TEST(test_there_is_exactly_one),
        SAML_TEST(test_keys_that_are_none_are_told),
        SAML_TEST(test_what_cannot_be_signed_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
