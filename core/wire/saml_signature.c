/* libxml2's own tree of a message's header, because xmlsec wants one, and xmlsec's verdict on it. */
#include "wire/saml_signature.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/ns.h"
#include "wire/xml_input.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <threads.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/templates.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#define RSA_BITS_MIN 2048
#define DSIG_MORE    "http://www.w3.org/2001/04/xmldsig-more#"
#define XML_ENC      "http://www.w3.org/2001/04/xmlenc#"
#define EXC_C14N     "http://www.w3.org/2001/10/xml-exc-c14n#"
#define ENVELOPED    "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

/* ---- the library ---- */

/* What it says of broken signatures on standard error, nobody asked for; the verdict says what matters. */
static void be_silent(const char *file UNUSED, int line UNUSED, const char *func UNUSED, const char *object UNUSED,
                      const char *subject UNUSED, int reason UNUSED, const char *msg UNUSED)
{
}

static void on_error(void *user UNUSED, xmlErrorPtr e UNUSED)
{
}

static void library_init(void)
{
    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCheckVersion() != 1 || xmlSecCryptoInit() < 0)
        die("xmlsec does not start");
    xmlSecErrorsSetCallback(be_silent);
}

static void library_ready(void)
{
    static once_flag once = ONCE_FLAG_INIT;

    call_once(&once, library_init);
    xmlSetStructuredErrorFunc(NULL, on_error); /* of this thread */
}

/* ---- keys ---- */

struct saml_key {
    xmlSecKeyPtr key;
    bool is_ec;
    struct saml_key *next;
};

static void key_free(void *what)
{
    struct saml_key *k = what;

    if (k->key != NULL)
        xmlSecKeyDestroy(k->key);
}

static const char *key_flaw(EVP_PKEY *pkey)
{
    if (pkey == NULL)
        return "a key is of no kind that OpenSSL knows";
    if (EVP_PKEY_is_a(pkey, "EC"))
        return NULL;
    if (!EVP_PKEY_is_a(pkey, "RSA"))
        return "a key is neither RSA nor EC";
    return EVP_PKEY_get_bits(pkey) < RSA_BITS_MIN ? "an RSA key has less than 2048 bits" : NULL;
}

/* Takes pkey. */
static enum rc key_adopt(struct arena *a, EVP_PKEY *pkey, struct saml_key **out, const char **why)
{
    *why = key_flaw(pkey);
    if (*why != NULL) {
        EVP_PKEY_free(pkey);
        return E_CONFIG;
    }
    struct saml_key *k = ARENA_NEW(a, struct saml_key);
    k->is_ec = EVP_PKEY_is_a(pkey, "EC");
    xmlSecKeyDataPtr data = xmlSecOpenSSLEvpKeyAdopt(pkey);
    k->key = xmlSecKeyCreate();
    if (data == NULL || k->key == NULL || xmlSecKeySetValue(k->key, data) < 0)
        die("xmlsec does not take a key");
    arena_defer(a, key_free, k);
    *out = k;
    return OK;
}

enum rc saml_keys_read(struct arena *a, struct str pem, const struct saml_key **out, const char **why)
{
    struct saml_key *first = NULL, **end = &first;
    X509 *cert;
    enum rc rc = OK;

    library_ready();
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    while (rc == OK && bio != NULL && (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        rc = key_adopt(a, X509_get_pubkey(cert), end, why);
        if (rc == OK)
            end = &(*end)->next;
        X509_free(cert);
    }
    BIO_free(bio);
    ERR_clear_error();
    if (rc == OK && first == NULL) {
        *why = "no certificate (-----BEGIN CERTIFICATE-----) is there";
        rc = E_CONFIG;
    }
    *out = first;
    return rc;
}

enum rc saml_key_read(struct arena *a, struct str pem, const struct saml_key **out, const char **why)
{
    struct saml_key *k = NULL;

    library_ready();
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    enum rc rc = key_adopt(a, bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL, &k, why);
    BIO_free(bio);
    ERR_clear_error();
    *out = k;
    return rc;
}

const struct saml_key *saml_key_new(struct arena *a)
{
    struct saml_key *k = NULL;
    const char *why;

    library_ready();
    if (key_adopt(a, EVP_EC_gen("P-256"), &k, &why) != OK)
        die("OpenSSL cannot make a key: %s", why);
    return k;
}

bool saml_key_is_ec(const struct saml_key *key)
{
    return key->is_ec;
}

/* ---- the header as libxml2's tree ---- */

struct saml_token {
    xmlDocPtr doc;
    xmlNodePtr node; /* the assertion */
    const char *id, *issuer, *path;
};

static bool is_ours(const xmlNode *n, const char *ns, const char *name)
{
    return n->type == XML_ELEMENT_NODE && n->ns != NULL && xmlStrEqual(n->ns->href, BAD_CAST ns) &&
           xmlStrEqual(n->name, BAD_CAST name);
}

/* How many children have this name; *first is the first. */
static int children(const xmlNode *parent, const char *ns, const char *name, xmlNodePtr *first)
{
    int n = 0;

    *first = NULL;
    for (xmlNodePtr c = parent != NULL ? parent->children : NULL; c != NULL; c = c->next) {
        if (is_ours(c, ns, name) && n++ == 0)
            *first = c;
    }
    return n;
}

static xmlNodePtr child(const xmlNode *parent, const char *ns, const char *name)
{
    xmlNodePtr first;

    children(parent, ns, name, &first);
    return first;
}

static const char *attribute(struct arena *a, const xmlNode *n, const char *name)
{
    xmlChar *value = n != NULL ? xmlGetNoNsProp(n, BAD_CAST name) : NULL;
    const char *copy = arena_strdup(a, (const char *)value);

    xmlFree(value);
    return copy;
}

static const char *content(struct arena *a, const xmlNode *n)
{
    xmlChar *value = xmlNodeGetContent(n);
    const char *copy = value != NULL ? str_dup(a, str_trim(str_from((const char *)value))) : NULL;

    xmlFree(value);
    return copy;
}

/* A body may be megabytes; the assertion is before it. What follows the header is not even looked at. */
static void on_end(void *ctxt, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xmlParserCtxtPtr c = ctxt;

    xmlSAX2EndElementNs(ctxt, name, prefix, uri);
    if (c->nodeNr == 1 && xmlStrEqual(name, BAD_CAST "Header") && xmlStrEqual(uri, BAD_CAST NS_SOAP12))
        xmlStopParser(c);
}

static void on_doctype(void *ctxt, const xmlChar *name UNUSED, const xmlChar *public_id UNUSED,
                       const xmlChar *system_id UNUSED)
{
    xmlStopParser(ctxt);
}

#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC)

/* NULL when there is no tree at all. */
static xmlDocPtr tree_read(struct arena *a, struct str bytes)
{
    const char *why;

    if (xml_input_check(a, &bytes, &why) != OK)
        return NULL;
    xmlParserCtxtPtr c = xmlCreateMemoryParserCtxt(bytes.data, (int)bytes.len);
    if (c == NULL)
        return NULL;
    xmlCtxtUseOptions(c, OPTIONS);
    c->sax->endElementNs = on_end;
    c->sax->internalSubset = on_doctype;
    c->sax->serror = on_error;
    xmlParseDocument(c);
    xmlDocPtr doc = c->myDoc;
    xmlFreeParserCtxt(c);
    return doc;
}

static void doc_free(void *doc)
{
    xmlFreeDoc(doc);
}

static struct saml_token *token_new(struct arena *a, struct str bytes)
{
    struct saml_token *t = ARENA_NEW(a, struct saml_token);

    library_ready();
    t->doc = tree_read(a, bytes);
    if (t->doc != NULL)
        arena_defer(a, doc_free, t->doc);
    return t;
}

/* ---- which assertion ---- */

/* Those of all wsse:Security headers, whoever they are for. */
static int assertions(const xmlNode *header, xmlNodePtr *first)
{
    int n = 0;

    *first = NULL;
    for (xmlNodePtr h = header != NULL ? header->children : NULL; h != NULL; h = h->next) {
        xmlNodePtr one;
        if (!is_ours(h, NS_WSSE, "Security"))
            continue;
        n += children(h, NS_SAML, "Assertion", &one);
        if (*first == NULL)
            *first = one;
    }
    return n;
}

/* What xs:ID is (an NCName), in ASCII: the id goes into an XPointer. */
static bool is_id(const char *id)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

    return id != NULL && id[0] != '\0' && strchr(letters, id[0]) != NULL && strlen(id) < 256 &&
           id[strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-.")] == '\0';
}

#define PATH "/Envelope/Header/Security/Assertion"

enum rc saml_token_find(struct arena *a, struct str message, struct saml_token **out, struct saml_refusal *refusal)
{
    struct saml_token *t = token_new(a, message);
    xmlNodePtr root = t->doc != NULL ? xmlDocGetRootElement(t->doc) : NULL;
    int n = assertions(child(root, NS_SOAP12, "Header"), &t->node);

    if (n == 0)
        return saml_refuse(a, refusal, SAML_ABSENT, "/Envelope/Header/Security", "there is no saml2:Assertion");
    if (n > 1)
        return saml_refuse(a, refusal, SAML_SEVERAL, "/Envelope/Header/Security",
                           "there are %d saml2:Assertion elements; a message has the assertion of one user", n);
    t->path = PATH;
    t->id = attribute(a, t->node, "ID");
    if (!is_id(t->id))
        return saml_refuse(a, refusal, SAML_SHAPE, PATH "/@ID",
                           t->id == NULL ? "the assertion has no ID; its signature refers to it"
                                         : "the ID \"%.100s\" is none: an xs:ID begins with a letter or _ and goes on "
                                           "with letters, digits, - . _",
                           t->id);
    t->issuer = content(a, child(t->node, NS_SAML, "Issuer"));
    *out = t;
    return OK;
}

const char *saml_token_issuer(const struct saml_token *t)
{
    return text_absent(t->issuer) ? NULL : t->issuer;
}

const char *saml_token_id(const struct saml_token *t)
{
    return t->id;
}

/* ---- what its signature says of itself ---- */

static const char *const methods[] = { DSIG_MORE "rsa-sha256",   DSIG_MORE "rsa-sha384",   DSIG_MORE "rsa-sha512",
                                       DSIG_MORE "ecdsa-sha256", DSIG_MORE "ecdsa-sha384", DSIG_MORE "ecdsa-sha512" };
static const char *const digests[] = { XML_ENC "sha256", DSIG_MORE "sha384", XML_ENC "sha512" };
static const char *const c14ns[] = { EXC_C14N, EXC_C14N "WithComments" };

static bool is_among(const char *const *all, size_t n, const char *one)
{
    for (size_t i = 0; i < n; i++) {
        if (text_equal(all[i], one))
            return true;
    }
    return false;
}

struct signature {
    struct arena *arena;
    const struct saml_token *token;
    xmlNodePtr node, info, reference;
    struct saml_refusal *refusal;
};

#define REFUSE(s, flaw, place, ...) saml_refuse((s)->arena, (s)->refusal, flaw, PATH "/Signature" place, __VA_ARGS__)

/* One, the assertion's child, with one reference: to the assertion. */
static enum rc place_check(struct signature *s)
{
    const struct saml_token *t = s->token;
    xmlNodePtr ignored;
    int n = children(t->node, NS_DS, "Signature", &s->node);

    if (n == 0)
        return saml_refuse(s->arena, s->refusal, SAML_UNSIGNED, PATH,
                           "the assertion has no ds:Signature of its own; its issuer signs it, enveloped");
    if (n > 1 || children(s->node, NS_DS, "SignedInfo", &s->info) != 1)
        return REFUSE(s, SAML_WRAPPED, "", "one ds:Signature with one ds:SignedInfo is needed here");
    if (children(s->info, NS_DS, "Reference", &s->reference) != 1 || children(s->node, NS_DS, "Object", &ignored) != 0)
        return REFUSE(s, SAML_WRAPPED, "/SignedInfo", "one ds:Reference and no ds:Object are needed here");
    const char *uri = attribute(s->arena, s->reference, "URI");
    if (uri == NULL || uri[0] != '#' || strcmp(uri + 1, t->id) != 0)
        return REFUSE(s, SAML_WRAPPED, "/SignedInfo/Reference/@URI",
                      "the signature covers \"%.100s\", but the assertion is \"#%.100s\"", uri != NULL ? uri : "",
                      t->id);
    return OK;
}

static enum rc algorithm_check(struct signature *s, xmlNodePtr parent, const char *element, const char *const *all,
                               size_t n, const char *wanted)
{
    xmlNodePtr node;
    int count = children(parent, NS_DS, element, &node);
    const char *algorithm = attribute(s->arena, node, "Algorithm");

    if (count == 1 && is_among(all, n, algorithm))
        return OK;
    return REFUSE(s, SAML_ALGORITHM, "/SignedInfo", "%s is %.200s; %s", element,
                  algorithm != NULL ? algorithm : "not there once", wanted);
}

/* enveloped-signature, then exclusive canonicalization, and no other: what is digested is the assertion as it stands.
 */
static enum rc transforms_check(struct signature *s)
{
    xmlNodePtr list = child(s->reference, NS_DS, "Transforms"), t;
    int i = 0;

    for (t = list != NULL ? list->children : NULL; t != NULL; t = t->next) {
        if (t->type != XML_ELEMENT_NODE)
            continue;
        const char *algorithm = attribute(s->arena, t, "Algorithm");
        if (!is_ours(t, NS_DS, "Transform") || i > 1 ||
            !(i == 0 ? text_equal(algorithm, ENVELOPED) : is_among(c14ns, ARRAY_LEN(c14ns), algorithm)))
            return REFUSE(s, SAML_ALGORITHM, "/SignedInfo/Reference/Transforms",
                          "Transform %d is %.200s; the first is " ENVELOPED ", the second " EXC_C14N
                          ", and there is no third",
                          i + 1, algorithm != NULL ? algorithm : "without an Algorithm");
        i++;
    }
    if (i == 2)
        return OK;
    return REFUSE(s, SAML_ALGORITHM, "/SignedInfo/Reference/Transforms",
                  "there are %d transforms; two are needed: " ENVELOPED " and " EXC_C14N, i);
}

static enum rc algorithms_check(struct signature *s)
{
    TRY(algorithm_check(s, s->info, "CanonicalizationMethod", c14ns, ARRAY_LEN(c14ns),
                        "exclusive canonicalization (" EXC_C14N ") is needed"));
    TRY(algorithm_check(s, s->info, "SignatureMethod", methods, ARRAY_LEN(methods),
                        "RSA or ECDSA with SHA-256, SHA-384 or SHA-512 is needed, such as " DSIG_MORE "rsa-sha256"));
    TRY(algorithm_check(s, s->reference, "DigestMethod", digests, ARRAY_LEN(digests),
                        "SHA-256, SHA-384 or SHA-512 is needed, such as " XML_ENC "sha256"));
    return transforms_check(s);
}

/* ---- verifying ---- */

/* The ID is the assertion's, and nobody else's of the header. */
static bool id_register(const struct saml_token *t)
{
    xmlAttrPtr attr = xmlHasProp(t->node, BAD_CAST "ID"), known = xmlGetID(t->doc, BAD_CAST t->id);

    return known == attr || (known == NULL && xmlAddID(NULL, t->doc, BAD_CAST t->id, attr) != NULL);
}

static xmlSecDSigCtxPtr context_new(const struct saml_key *key)
{
    xmlSecDSigCtxPtr ctx = xmlSecDSigCtxCreate(NULL);

    if (ctx == NULL || (ctx->signKey = xmlSecKeyDuplicate(key->key)) == NULL)
        die("out of memory (signature)");
    ctx->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
    ctx->flags = XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS | XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES;
    return ctx;
}

/* The bytes that were digested, as a tree of ours; NULL when there are none. */
static struct xml_node *digested(struct arena *a, xmlSecDSigCtxPtr ctx)
{
    xmlSecDSigReferenceCtxPtr r = xmlSecPtrListGetItem(&ctx->signedInfoReferences, 0);
    xmlSecBufferPtr bytes = r != NULL ? xmlSecDSigReferenceCtxGetPreDigestBuffer(r) : NULL;
    struct xml_node *root;

    if (bytes == NULL || xmlSecPtrListGetSize(&ctx->signedInfoReferences) != 1)
        return NULL;
    const struct str text = { (const char *)xmlSecBufferGetData(bytes), xmlSecBufferGetSize(bytes) };
    return xml_parse(a, text, NULL, &root, NULL) == OK ? root : NULL;
}

static struct xml_node *verify_with(struct signature *s, const struct saml_key *key)
{
    xmlSecDSigCtxPtr ctx = context_new(key);
    struct xml_node *root = NULL;

    if (xmlSecDSigCtxVerify(ctx, s->node) >= 0 && ctx->status == xmlSecDSigStatusSucceeded)
        root = digested(s->arena, ctx);
    xmlSecDSigCtxDestroy(ctx);
    ERR_clear_error();
    return xml_is(root, NS_SAML, "Assertion") && text_equal(xml_attr(root, "ID"), s->token->id) ? root : NULL;
}

static bool fits(const struct signature *s, const struct saml_key *key)
{
    const char *method = attribute(s->arena, child(s->info, NS_DS, "SignatureMethod"), "Algorithm");

    return key->is_ec == (strstr(method, "#ecdsa-") != NULL);
}

enum rc saml_token_verify(struct arena *a, struct saml_token *t, const struct saml_key *keys,
                          struct xml_node **assertion, struct saml_refusal *refusal)
{
    struct signature s = { .arena = a, .token = t, .refusal = refusal };
    struct xml_node *root = NULL;

    TRY(place_check(&s));
    TRY(algorithms_check(&s));
    if (!id_register(t))
        return saml_refuse(a, refusal, SAML_WRAPPED, PATH "/@ID", "another element has the ID \"%s\", too", t->id);
    for (const struct saml_key *k = keys; k != NULL && root == NULL; k = k->next)
        root = fits(&s, k) ? verify_with(&s, k) : NULL;
    if (root == NULL)
        return REFUSE(
            &s, SAML_FORGED, "",
            "the signature does not verify with the certificate of %.200s that is trusted here: the assertion "
            "was changed after it was signed, or signed with another key",
            t->issuer != NULL ? t->issuer : "its issuer");
    *assertion = root;
    return OK;
}

/* ---- passing on ---- */

static void declare_all(const struct saml_token *t, xmlNodePtr copy)
{
    xmlNsPtr *all = xmlGetNsList(t->doc, t->node);

    for (int i = 0; all != NULL && all[i] != NULL; i++)
        xmlNewNs(copy, all[i]->href, all[i]->prefix); /* one that is there already stays */
    xmlFree(all);
}

static struct str node_text(struct arena *a, xmlDocPtr doc, xmlNodePtr node)
{
    xmlBufferPtr out = xmlBufferCreate();

    if (out == NULL || xmlNodeDump(out, doc, node, 0, 0) < 0)
        die("out of memory (XML)");
    size_t n = (size_t)xmlBufferLength(out);
    struct str text = { arena_strndup(a, (const char *)xmlBufferContent(out), n), n };
    xmlBufferFree(out);
    return text;
}

struct str saml_token_carry(struct arena *a, const struct saml_token *t)
{
    xmlDocPtr doc = xmlNewDoc(BAD_CAST "1.0");
    xmlNodePtr copy = doc != NULL ? xmlDocCopyNode(t->node, doc, 1) : NULL;

    if (copy == NULL)
        die("out of memory (XML)");
    xmlDocSetRootElement(doc, copy);
    declare_all(t, copy);
    struct str text = node_text(a, doc, copy);
    xmlFreeDoc(doc);
    return text;
}

/* ---- signing ---- */

enum rc saml_sign(struct arena *a, struct str xml, const struct saml_key *key, struct str *out)
{
    struct saml_token *t = token_new(a, xml);
    xmlNodePtr root = t->doc != NULL ? xmlDocGetRootElement(t->doc) : NULL;
    xmlNodePtr signature = root != NULL ? xmlSecFindNode(root, BAD_CAST "Signature", BAD_CAST NS_DS) : NULL;

    t->node = root;
    t->id = attribute(a, root, "ID");
    if (signature == NULL || !is_id(t->id) || !id_register(t))
        return E_SYNTAX;
    xmlSecDSigCtxPtr ctx = context_new(key);
    bool ok = xmlSecDSigCtxSign(ctx, signature) >= 0 && ctx->status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxDestroy(ctx);
    ERR_clear_error();
    if (!ok)
        return E_SYNTAX;
    *out = node_text(a, t->doc, root);
    return OK;
}
