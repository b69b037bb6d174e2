#include "actor/xua_variant.h"

#include "actor/flaw.h"
#include "actor/pki_files.h"
#include "actor/xua.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/ids.h"
#include "msg/saml.h"
#include "wire/json.h"
#include "wire/ns.h"
#include "wire/saml_signature.h"

#include <string.h>

#define PEM_MAX  ((size_t)1 << 20)
#define MINUTES  60
#define HOUR     3600
#define NOWHERE  "https://elsewhere.invalid"
#define STRANGER "https://issuer.elsewhere.invalid"

struct making {
    struct arena *arena;
    const struct xua_order *order;
    struct saml saml;
    struct saml_signing signing;
    bool is_unsigned;
    struct xua_made made;
};

struct row {
    struct xua_variant shown;
    void (*before)(struct making *m); /* on the values, before they are signed; NULL */
    void (*after)(struct making *m);  /* on the text; NULL */
    bool is_strange;                  /* signed with a key that nobody knows */
};

static const char *moment(struct making *m, time_t from_now)
{
    char *text = arena_alloc(m->arena, CLOCK_ISO_LEN);

    clock_iso(m->order->now + from_now, text);
    return text;
}

/* ---- before signing ---- */

static void expire(struct making *m)
{
    m->saml.issued = m->saml.not_before = moment(m, -2L * HOUR);
    m->saml.not_on_or_after = moment(m, -HOUR);
}

static void postpone(struct making *m)
{
    m->saml.not_before = moment(m, HOUR);
    m->saml.not_on_or_after = moment(m, 2L * HOUR);
}

static void be_unsigned(struct making *m)
{
    m->is_unsigned = true;
}

static void name_stranger(struct making *m)
{
    m->saml.issuer = STRANGER;
}

static void use_sha1(struct making *m)
{
    bool is_ec = strstr(m->signing.method, "ecdsa") != NULL;

    m->signing.method = is_ec ? "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"
                              : "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    m->signing.digest = "http://www.w3.org/2000/09/xmldsig#sha1";
}

static void use_inclusive(struct making *m)
{
    m->signing.c14n = m->signing.transform = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
}

static void drop_c14n(struct making *m)
{
    m->signing.transform = NULL;
}

static void restrict_to(struct making *m, const char *audience)
{
    struct saml_restriction *r = ARENA_NEW(m->arena, struct saml_restriction);

    r->audiences = ARENA_NEW(m->arena, struct saml_text);
    r->audiences->text = audience;
    r->next = m->saml.restrictions;
    m->saml.restrictions = r;
}

static void restrict_twice(struct making *m)
{
    restrict_to(m, m->order->audiences->text);
}

static void miss_audience(struct making *m)
{
    m->saml.restrictions = NULL;
    restrict_to(m, NOWHERE);
}

static void miss_one_audience(struct making *m)
{
    restrict_to(m, NOWHERE);
}

static void drop_audience(struct making *m)
{
    m->saml.restrictions = NULL;
}

static void drop_subject(struct making *m)
{
    m->saml.name_id = NULL;
    m->saml.confirmations = NULL;
}

static void drop_confirmation(struct making *m)
{
    m->saml.confirmations = NULL;
}

static void confirm(struct making *m, struct saml_confirmation how)
{
    m->saml.confirmations = arena_memdup(m->arena, &how, sizeof(how));
}

static void vouch(struct making *m)
{
    confirm(m, (struct saml_confirmation){ .method = SAML_SENDER_VOUCHES });
}

static void hold_key(struct making *m)
{
    confirm(m, (struct saml_confirmation){ .method = SAML_HOLDER_OF_KEY });
}

static void address_another(struct making *m)
{
    confirm(m, (struct saml_confirmation){ .method = SAML_BEARER, .recipient = NOWHERE });
}

static void confirm_late(struct making *m)
{
    confirm(m, (struct saml_confirmation){ .method = SAML_BEARER, .not_on_or_after = moment(m, -HOUR) });
}

static void drop_statement(struct making *m)
{
    m->saml.has_statement = false;
}

static void be_saml1(struct making *m)
{
    m->saml.version = "1.1";
}

static void drop_conditions(struct making *m)
{
    m->saml.has_conditions = false;
}

static struct saml_code *plain_code(struct making *m, const char *text)
{
    struct saml_code *c = ARENA_NEW(m->arena, struct saml_code);

    c->text = text;
    return c;
}

static void say_role(struct making *m)
{
    m->saml.roles = plain_code(m, "physician");
}

static void say_purpose(struct making *m)
{
    m->saml.purposes = plain_code(m, "TREATMENT");
}

static struct saml_text *text_new(struct making *m, const char *text)
{
    struct saml_text *t = ARENA_NEW(m->arena, struct saml_text);

    t->text = text;
    return t;
}

static void garble_patient(struct making *m)
{
    m->saml.patients = text_new(m, "R0001");
}

static void garble_consent(struct making *m)
{
    m->saml.consents = text_new(m, "yes");
}

/* ---- after signing ---- */

/* The first `from` becomes `to`; it must be there. */
static struct str replaced(struct making *m, struct str text, const char *from, const char *to)
{
    const char *at = memmem(text.data, text.len, from, strlen(from));
    struct buf *out = buf_new(m->arena, BUF_MAX_DEFAULT);

    if (at == NULL)
        die("xua: \"%s\" is not in the assertion", from);
    buf_add(out, text.data, (size_t)(at - text.data));
    buf_add_text(out, to);
    at += strlen(from);
    buf_add(out, at, (size_t)(text.data + text.len - at));
    return buf_str(out);
}

static void replace(struct making *m, const char *from, const char *to)
{
    m->made.token = replaced(m, m->made.token, from, to);
}

static void tamper(struct making *m)
{
    replace(m, m->saml.name_id, "mallory");
}

/* Exclusive canonicalization drops comments, and so must who reads: the whole name counts. */
static void comment(struct making *m)
{
    const char *name = m->saml.name_id;
    size_t half = strlen(name) / 2;

    replace(m, arena_printf(m->arena, ">%s<", name),
            arena_printf(m->arena, ">%.*s<!-- -->%s<", (int)half, name, name + half));
}

static void claim_hmac(struct making *m)
{
    replace(m, m->signing.method, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256");
}

static struct str texts(struct making *m, struct str first, struct str second, struct str third)
{
    struct buf *out = buf_new(m->arena, BUF_MAX_DEFAULT);

    buf_add_str(out, first);
    buf_add_str(out, second);
    buf_add_str(out, third);
    return buf_str(out);
}

/* An assertion of mallory's with another ID, and no signature. */
static struct str evil(struct making *m, const char *id)
{
    struct saml s = m->saml;
    struct buf *out = buf_new(m->arena, BUF_MAX_DEFAULT);

    s.id = id;
    s.name_id = "mallory";
    saml_encode(&s, NULL, out);
    return buf_str(out);
}

static struct str signature_of(struct making *m)
{
    const char *from = memmem(m->made.token.data, m->made.token.len, "<ds:Signature ", 14);
    const char *end = memmem(m->made.token.data, m->made.token.len, "</ds:Signature>", 15);

    if (from == NULL || end == NULL)
        die("xua: the assertion has no signature");
    return (struct str){ from, (size_t)(end + 15 - from) };
}

#define SIGNATURE_END "</ds:Signature>"
#define ISSUER_END    "</saml2:Issuer>"

/* Behind the issuer of an assertion. */
static struct str with_signature(struct making *m, struct str assertion, struct str signature)
{
    return replaced(m, assertion, ISSUER_END, str_dup(m->arena, texts(m, STR(ISSUER_END), signature, STR(""))));
}

/* The signed assertion moves into the signature that mallory's assertion shows. */
static void wrap(struct making *m)
{
    struct str inner = texts(m, STR("<ds:Object>"), m->made.token, STR("</ds:Object>" SIGNATURE_END));
    struct str signature = replaced(m, signature_of(m), SIGNATURE_END, str_dup(m->arena, inner));

    m->made.token = with_signature(m, evil(m, "_mallory"), signature);
}

/* Mallory's is the first of two. */
static void wrap_beside(struct making *m)
{
    m->made.token = texts(m, evil(m, "_mallory"), m->made.token, STR(""));
}

/* Mallory's has the signed one's ID and its signature; the signed one is in a header nobody looks at. */
static void wrap_elsewhere(struct making *m)
{
    struct str original = m->made.token;

    m->made.token = with_signature(m, evil(m, m->saml.id), signature_of(m));
    m->made.beside = texts(m, STR("<x:Keep xmlns:x=\"urn:x\">"), original, STR("</x:Keep>"));
}

/* The signature refers to nothing of the message. */
static void refer_outside(struct making *m)
{
    replace(m, arena_printf(m->arena, "URI=\"#%s\"", m->saml.id), "URI=\"https://elsewhere.invalid/a.xml\"");
}

static void encrypt(struct making *m)
{
    m->made.token = STR("<saml2:EncryptedAssertion xmlns:saml2=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>");
}

static void show_password(struct making *m)
{
    m->made.token = STR("<wsse:UsernameToken><wsse:Username>mallory</wsse:Username></wsse:UsernameToken>");
}

static void refer(struct making *m)
{
    m->made.token = str_from(arena_printf(m->arena,
                                          "<wsse:SecurityTokenReference><wsse:KeyIdentifier "
                                          "ValueType=\"http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#"
                                          "SAMLID\">%s</wsse:KeyIdentifier></wsse:SecurityTokenReference>",
                                          m->saml.id));
}

static void age(struct making *m)
{
    const char *stamp = arena_printf(m->arena,
                                     "<wsu:Timestamp xmlns:wsu=\"%s\"><wsu:Created>%s</wsu:Created><wsu:Expires>%s"
                                     "</wsu:Expires></wsu:Timestamp>",
                                     NS_WSU, moment(m, -2L * HOUR), moment(m, -HOUR));

    m->made.token = texts(m, str_from(stamp), m->made.token, STR(""));
}

static void vanish(struct making *m)
{
    m->made.token = (struct str){ 0 };
}

/* ---- the table ---- */

/* clang-format off */
static const struct row rows[] = {
    { { "good", SAML_SOUND, "as it should be", "正しいもの" }, NULL, NULL },
    { { "two-restrictions", SAML_SOUND, "two AudienceRestrictions, both met", "AudienceRestriction が 2 つあり、両方を満たす" }, restrict_twice, NULL },
    { { "comment", SAML_SOUND, "a comment in the user's name, put in after signing: the whole name counts", "署名後に利用者名へコメントを挿入。名前全体が有効" }, NULL, comment },
    { { "none", SAML_ABSENT, "no wsse:Security at all", "wsse:Security がない" }, NULL, vanish },
    { { "username", SAML_OTHER_TOKEN, "a wsse:UsernameToken instead", "代わりに wsse:UsernameToken" }, NULL, show_password },
    { { "encrypted", SAML_OTHER_TOKEN, "an EncryptedAssertion", "EncryptedAssertion" }, NULL, encrypt },
    { { "reference", SAML_UNAVAILABLE, "only a reference to an assertion", "アサーションへの参照だけ" }, NULL, refer },
    { { "old-timestamp", SAML_MESSAGE_EXPIRED, "beside it a wsu:Timestamp that has expired", "期限切れの wsu:Timestamp を伴う" }, NULL, age },
    { { "expired", SAML_EXPIRED, "it counted until an hour ago", "1 時間前に失効" }, expire, NULL },
    { { "not-yet-valid", SAML_NOT_YET_VALID, "it counts in an hour", "1 時間後から有効" }, postpone, NULL },
    { { "unsigned", SAML_UNSIGNED, "no signature", "署名がない" }, be_unsigned, NULL },
    { { "tampered", SAML_FORGED, "another user's name, put in after signing", "署名後に利用者名を書き換え" }, NULL, tamper },
    { { "foreign-key", SAML_FORGED, "the issuer is trusted, the key is not its", "発行者は信頼済みだが、鍵は別人のもの" }, NULL, NULL, true },
    { { "untrusted-issuer", SAML_ISSUER, "an issuer nobody knows", "知られていない発行者" }, name_stranger, NULL, true },
    { { "wrapped", SAML_WRAPPED, "signature wrapping: the signed assertion hides in the signature of a forged one", "署名ラッピング: 署名済みのものを偽造品の署名内に隠す" }, NULL, wrap },
    { { "wrapped-beside", SAML_SEVERAL, "signature wrapping: a forged assertion before the signed one", "署名ラッピング: 署名済みのものの前に偽造品を置く" }, NULL, wrap_beside },
    { { "wrapped-elsewhere", SAML_WRAPPED, "signature wrapping: a forged one with the same ID; the signed one is in another header", "署名ラッピング: 同じ ID の偽造品。署名済みのものは別のヘッダーに" }, NULL, wrap_elsewhere },
    { { "outside-reference", SAML_WRAPPED, "the signature refers to a URL", "署名が URL を参照する" }, NULL, refer_outside },
    { { "sha1", SAML_ALGORITHM, "signed with SHA-1", "SHA-1 による署名" }, use_sha1, NULL },
    { { "hmac", SAML_ALGORITHM, "the signature says it is an HMAC", "HMAC と称する署名" }, NULL, claim_hmac },
    { { "inclusive", SAML_ALGORITHM, "inclusive canonicalization", "包含的正規化" }, use_inclusive, NULL },
    { { "no-c14n", SAML_ALGORITHM, "no canonicalization among the transforms", "変換に正規化がない" }, drop_c14n, NULL },
    { { "wrong-audience", SAML_AUDIENCE, "for another audience", "別の Audience 向け" }, miss_audience, NULL },
    { { "one-wrong-restriction", SAML_AUDIENCE, "two AudienceRestrictions, one not met", "AudienceRestriction 2 つのうち 1 つを満たさない" }, miss_one_audience, NULL },
    { { "no-audience", SAML_AUDIENCE, "no AudienceRestriction", "AudienceRestriction がない" }, drop_audience, NULL },
    { { "no-subject", SAML_SUBJECT, "no Subject", "Subject がない" }, drop_subject, NULL },
    { { "no-confirmation", SAML_CONFIRMATION, "no SubjectConfirmation", "SubjectConfirmation がない" }, drop_confirmation, NULL },
    { { "sender-vouches", SAML_CONFIRMATION, "the method sender-vouches", "sender-vouches 方式" }, vouch, NULL },
    { { "holder-of-key", SAML_CONFIRMATION, "the method holder-of-key, without a proof", "証明のない holder-of-key 方式" }, hold_key, NULL },
    { { "wrong-recipient", SAML_CONFIRMATION, "bearer, for another recipient", "別の Recipient 向けの bearer" }, address_another, NULL },
    { { "late-confirmation", SAML_CONFIRMATION, "bearer, until an hour ago", "1 時間前までの bearer" }, confirm_late, NULL },
    { { "no-authn", SAML_AUTHENTICATION, "no AuthnStatement", "AuthnStatement がない" }, drop_statement, NULL },
    { { "saml1", SAML_SHAPE, "Version 1.1", "Version が 1.1" }, be_saml1, NULL },
    { { "no-conditions", SAML_SHAPE, "no Conditions", "Conditions がない" }, drop_conditions, NULL },
    { { "plain-role", SAML_ATTRIBUTE, "a role that is no code", "コードでない役割" }, say_role, NULL },
    { { "plain-purpose", SAML_ATTRIBUTE, "a purpose of use that is no code", "コードでない利用目的" }, say_purpose, NULL },
    { { "bad-patient", SAML_ATTRIBUTE, "a patient id without its domain", "発番域のない患者 ID" }, garble_patient, NULL },
    { { "bad-consent", SAML_ATTRIBUTE, "a consent document that is no OID", "OID でない同意文書" }, garble_consent, NULL },
};
/* clang-format on */

const struct xua_variant *xua_variants(size_t *count)
{
    static struct xua_variant all[ARRAY_LEN(rows)];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        all[i] = rows[i].shown;
    *count = ARRAY_LEN(rows);
    return all;
}

static const struct row *row_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (text_equal(rows[i].shown.name, name))
            return &rows[i];
    }
    return NULL;
}

const struct xua_variant *xua_variant_find(const char *name)
{
    const struct row *row = row_find(name);

    return row == NULL ? NULL : &row->shown;
}

const char *xua_variant_rule(const struct xua_variant *variant)
{
    struct soap_fault fault = xua_fault(&(struct saml_refusal){ .flaw = variant->flaw });

    return variant->flaw == SAML_SOUND ? NULL : rule_row(flaw_rule(&fault))->id;
}

/* ---- making ---- */

static const char *or_else(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static struct saml_code *code_new(struct making *m, const char *code, const char *system, const char *text)
{
    struct saml_code *c = ARENA_NEW(m->arena, struct saml_code);

    *c = (struct saml_code){ .code = code, .system = system, .text = text };
    return c;
}

static void subject_fill(struct making *m)
{
    const struct xua_order *o = m->order;
    struct saml *s = &m->saml;

    s->name_id = or_else(o->user, "dr.kakehashi");
    s->alias = o->alias;
    s->subject_id = or_else(o->name, "架橋 太郎");
    s->organization = o->organization;
    s->organization_id = s->home = o->home;
    s->roles = o->role != NULL ? code_new(m, o->role, "2.16.840.1.113883.6.96", o->role)
                               : code_new(m, "112247003", "2.16.840.1.113883.6.96", "Medical doctor");
    s->purposes = o->purpose != NULL ? code_new(m, o->purpose, "2.16.840.1.113883.5.8", o->purpose)
                                     : code_new(m, "TREAT", "2.16.840.1.113883.5.8", "treatment");
    s->patients = o->patient != NULL ? text_new(m, o->patient) : NULL;
    s->consents = o->consent != NULL ? text_new(m, o->consent) : NULL;
    confirm(m, (struct saml_confirmation){ .method = SAML_BEARER });
}

static void values_fill(struct making *m)
{
    const struct xua_order *o = m->order;
    struct saml *s = &m->saml;

    s->version = "2.0";
    s->id = arena_printf(m->arena, "_%s", ids_urn(m->arena) + strlen("urn:uuid:"));
    s->issuer = or_else(o->issuer, XUA_ISSUER);
    s->issued = s->not_before = moment(m, 0);
    s->not_on_or_after = moment(m, 60L * (o->minutes != 0 ? o->minutes : MINUTES));
    s->has_conditions = s->has_statement = true;
    s->context = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    s->restrictions = ARENA_NEW(m->arena, struct saml_restriction);
    s->restrictions->audiences = o->audiences;
    subject_fill(m);
}

static enum rc key_read(struct making *m, bool is_strange, const struct saml_key **key, const char **why)
{
    const char *path = or_else(m->order->key, pki_xua(m->arena, m->order->data).key), *flaw = "it cannot be read";
    struct str pem;

    if (is_strange) {
        *key = saml_key_new(m->arena);
        return OK;
    }
    if (file_read(m->arena, path, PEM_MAX, &pem) == OK && saml_key_read(m->arena, pem, key, &flaw) == OK)
        return OK;
    *why = arena_printf(m->arena, "%s: %s (`kakehashi pki` makes the house's)", path, flaw);
    return E_CONFIG;
}

static enum rc sign(struct making *m, const struct saml_key *key)
{
    struct buf *xml = buf_new(m->arena, BUF_MAX_DEFAULT);

    saml_encode(&m->saml, m->is_unsigned ? NULL : &m->signing, xml);
    m->made.token = buf_str(xml);
    return m->is_unsigned ? OK : saml_sign(m->arena, buf_str(xml), key, &m->made.token);
}

enum rc xua_make(struct arena *a, const struct xua_variant *variant, const struct xua_order *order,
                 struct xua_made *out, const char **why)
{
    struct making m = { .arena = a, .order = order };
    const struct row *row = row_find(variant->name);
    const struct saml_key *key;

    TRY(key_read(&m, row->is_strange, &key, why));
    values_fill(&m);
    m.signing = saml_signing_usual(saml_key_is_ec(key));
    if (row->before != NULL)
        row->before(&m);
    TRY(sign(&m, key));
    if (row->after != NULL)
        row->after(&m);
    *out = m.made;
    return OK;
}

struct str xua_headers_of(struct arena *a, const struct xua_made *made)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    if (made->token.len > 0)
        buf_add_str(out, xua_security(a, made->token));
    buf_add_str(out, made->beside);
    return buf_str(out);
}

void xua_variants_write(struct json_writer *w)
{
    jw_list(w, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct xua_variant *v = &rows[i].shown;
        jw_object(w, NULL);
        jw_text(w, "variant", v->name);
        jw_text(w, "rule", xua_variant_rule(v));
        jw_text(w, "fault", saml_flaw_subcode(v->flaw));
        jw_text(w, "en", v->en);
        jw_text(w, "ja", v->ja);
        jw_end_object(w);
    }
    jw_end_list(w);
}
