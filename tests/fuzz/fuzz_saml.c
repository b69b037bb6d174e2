/*
 * Any bytes as a message with an assertion: no crash; whatever verifies with the one trusted key is the assertion that
 * this key signed (corpus/saml/good), for nobody who fuzzes has it; and whatever an assertion says can be judged.
 */
#include "base/arena.h"
#include "base/file.h"
#include "msg/saml.h"
#include "wire/ns.h"
#include "wire/saml_signature.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct saml_key *trusted(void)
{
    static const struct saml_key *keys;
    static struct arena *a; /* as long as the program */
    const char *why = "";
    struct str pem;

    if (keys != NULL)
        return keys;
    a = arena_new();
    if (file_read(a, FUZZ_FOLDER "/../fixtures/xua/issuer.pem", 1 << 20, &pem) != OK ||
        saml_keys_read(a, pem, &keys, &why) != OK)
        die("fuzz: no key: %s", why);
    return keys;
}

static void judge(struct arena *a, const struct xml_node *assertion)
{
    static const char *const audiences[] = { "urn:oid:2.999.392.1.35", NULL };
    const struct saml_service at = {
        .now_ms = 1775001600000, .skew_ms = 60000, .audiences = audiences, .recipient = ""
    };
    struct saml_refusal why;
    struct saml s;

    saml_decode(a, assertion, &s);
    if (saml_check(a, &s, &at, &why) != OK && (why.text == NULL || why.flaw == SAML_SOUND))
        die("a refusal says nothing");
    (void)saml_user(a, &s);
}

static void verify(struct arena *a, struct str message)
{
    struct saml_refusal why;
    struct saml_token *t;
    struct xml_node *tree;

    if (saml_token_find(a, message, &t, &why) != OK)
        return;
    (void)saml_token_carry(a, t);
    if (saml_token_verify(a, t, trusted(), &tree, &why) != OK)
        return;
    const char *name = xml_text(a, xml_at(tree, NS_SAML, "Subject", "NameID", NULL));
    if (!text_equal(name, "dr.kakehashi"))
        die("%s was never signed", name);
    judge(a, tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { (const char *)data, size };
    struct arena *a = arena_new();
    struct xml_node *root;

    if (xml_parse(a, bytes, NULL, &root, NULL) == OK) {
        judge(a, root);
        verify(a, bytes);
    }
    arena_free(a);
    return 0;
}
