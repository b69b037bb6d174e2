#include "actor/xua.h"

#include "actor/daemon.h"
#include "actor/pki_files.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/ids.h"
#include "wire/ns.h"

#include <stdio.h>
#include <unistd.h>

#define PEM_MAX ((size_t)1 << 20)

struct issuer {
    const char *entity;
    const struct saml_key *keys;
    struct issuer *next;
};

struct xua {
    struct issuer *issuers;
    const struct saml_key *own; /* to speak with; NULL: it has none */
};

/* ---- who is trusted ---- */

static enum rc issuer_add(struct daemon *d, struct xua *x, const char *entity, const char *path)
{
    struct issuer *one = ARENA_NEW(d->arena, struct issuer);
    const char *why = "the file cannot be read";
    struct str pem;

    if (file_read(d->arena, path, PEM_MAX, &pem) != OK || saml_keys_read(d->arena, pem, &one->keys, &why) != OK) {
        log_error("--assertion-issuers: %s: %s", path, why);
        return E_CONFIG;
    }
    one->entity = entity;
    one->next = x->issuers;
    x->issuers = one;
    return OK;
}

/* "ENTITYID=FILE ENTITYID=FILE"; an entityID may hold "=". */
static enum rc issuers_read(struct daemon *d, struct xua *x)
{
    char *rest = arena_strdup(d->arena, config_text(d->config, CONFIG_ASSERTION_ISSUERS));

    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        char *equals = strrchr(word, '=');
        if (word[0] == '\0')
            continue;
        if (equals == NULL || equals == word) {
            log_error("--assertion-issuers: \"%s\" is not ENTITYID=CERTIFICATES.pem", word);
            return E_CONFIG;
        }
        *equals = '\0';
        TRY(issuer_add(d, x, word, equals + 1));
    }
    return OK;
}

/* The house's own, where `kakehashi pki` has made one. */
static enum rc house_read(struct daemon *d, struct xua *x)
{
    struct tls_files files = pki_xua(d->arena, config_text(d->config, CONFIG_DATA));
    const char *why;
    struct str pem;

    if (access(files.cert, F_OK) != 0)
        return OK;
    TRY(issuer_add(d, x, XUA_ISSUER, files.cert));
    if (access(files.key, R_OK) != 0)
        return OK;
    TRY(file_read(d->arena, files.key, PEM_MAX, &pem));
    return saml_key_read(d->arena, pem, &x->own, &why);
}

static bool anybody_looks(const struct world *w)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->communities[i].xua > XUA_OFF)
            return true;
    }
    return false;
}

enum rc xua_open(struct daemon *d, struct xua **out)
{
    struct xua *x = ARENA_NEW(d->arena, struct xua);

    *out = NULL;
    if (d->spec->transaction_count == 0 || !anybody_looks(d->world))
        return OK;
    TRY(house_read(d, x));
    TRY(issuers_read(d, x));
    if (x->issuers == NULL) {
        log_error(
            "xua: nobody is trusted to issue assertions: `kakehashi pki` makes %s, --assertion-issuers names others",
            pki_xua(d->arena, config_text(d->config, CONFIG_DATA)).cert);
        return E_CONFIG;
    }
    *out = x;
    return OK;
}

/* Every certificate of every entry with this name. */
static enum rc verify(struct request *rq, struct saml_token *t, struct xml_node **assertion, struct saml_refusal *why)
{
    const char *entity = saml_token_issuer(t), *known = "";
    enum rc rc = E_NOT_FOUND;

    for (const struct issuer *i = rq->service->daemon->xua->issuers; i != NULL && rc != OK; i = i->next) {
        if (text_equal(i->entity, entity))
            rc = saml_token_verify(rq->arena, t, i->keys, assertion, why);
        known = arena_printf(rq->arena, "%s%s%s", known, known[0] == '\0' ? "" : ", ", i->entity);
    }
    if (rc != E_NOT_FOUND)
        return rc;
    return saml_refuse(rq->arena, why, SAML_ISSUER, "/Envelope/Header/Security/Assertion/Issuer",
                       "the issuer %.200s is not trusted here; trusted are: %s (--assertion-issuers)",
                       entity != NULL ? entity : "(none)", known);
}

/* ---- what is in the header ---- */

static bool is_id_attribute(const struct xml_attr *attr)
{
    static const char *const names[] = { "ID", "Id", "id" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(attr->name, names[i]) == 0)
            return true;
    }
    return false;
}

/* How often an ID is used in the whole message, the body included: twice is a wrapping in the making. */
static int uses_of(const struct xml_node *top, const char *id)
{
    int n = 0;

    for (const struct xml_node *at = top; at != NULL;) {
        for (const struct xml_attr *attr = at->attrs; attr != NULL; attr = attr->next)
            n += is_id_attribute(attr) && strcmp(attr->value, id) == 0;
        const struct xml_node *next = at->first;
        while (next == NULL && at != NULL && at != top) {
            next = at->next;
            at = at->parent;
        }
        at = next;
    }
    return n;
}

/* Tokens that are none of the profile's, where there is no assertion. */
static enum rc other_token(struct request *rq, struct saml_refusal *why)
{
    const struct xml_node *security = rq->soap.security;

    if (xml_child(security, NS_WSSE, "SecurityTokenReference") != NULL)
        return saml_refuse(rq->arena, why, SAML_UNAVAILABLE, "/Envelope/Header/Security/SecurityTokenReference",
                           "the token that is referred to is not in this message; put the saml2:Assertion itself into "
                           "wsse:Security");
    for (const struct xml_node *n = xml_first_element(security); n != NULL; n = xml_next_element(n)) {
        if (!xml_is(n, NS_WSU, "Timestamp") && !xml_is(n, NS_DS, "Signature"))
            return saml_refuse(rq->arena, why, SAML_OTHER_TOKEN, xml_path(rq->arena, n),
                               "{%s}%s is no token of XUA; a saml2:Assertion of %s is needed",
                               n->ns != NULL ? n->ns : "", n->name, NS_SAML);
    }
    return OK;
}

static enum rc timestamp_check(struct request *rq, int64_t skew_ms, struct saml_refusal *why)
{
    const struct xml_node *expires = xml_at(rq->soap.security, NS_WSU, "Timestamp", "Expires", NULL);
    const char *text = xml_text_trimmed(rq->arena, expires);
    int64_t end;

    if (expires == NULL || (clock_parse(str_from(text), &end) == OK && clock_now_ms() - skew_ms < end))
        return OK;
    char now[CLOCK_ISO_LEN];
    clock_iso(clock_now(), now);
    return saml_refuse(rq->arena, why, SAML_MESSAGE_EXPIRED, xml_path(rq->arena, expires),
                       "the message's wsu:Timestamp counted until \"%.60s\"; it is %s here, and clocks may differ by "
                       "%lld s (--clock-skew)",
                       text, now, (long long)(skew_ms / 1000));
}

static bool has_assertion(const struct request *rq)
{
    for (const struct xml_node *h = xml_first_element(rq->soap.header); h != NULL; h = xml_next_element(h)) {
        if (xml_is(h, NS_WSSE, "Security") && xml_child(h, NS_SAML, "Assertion") != NULL)
            return true;
    }
    return false;
}

/* ---- the check ---- */

static enum rc absence_check(struct request *rq, struct saml_refusal *why)
{
    TRY(other_token(rq, why));
    if (rq->community->xua != XUA_REQUIRED)
        return OK;
    return saml_refuse(rq->arena, why, SAML_ABSENT, "/Envelope/Header/Security",
                       "%s asks for the assertion of a user with every message, and there is %s; `kakehashi xua issue` "
                       "makes one",
                       rq->community->key, rq->soap.security != NULL ? "none in wsse:Security" : "no wsse:Security");
}

static enum rc values_check(struct request *rq, const struct xml_node *assertion, int64_t skew_ms,
                            struct xua_user *user, struct saml_refusal *why)
{
    const struct daemon *d = rq->service->daemon;
    const char *url = daemon_has_url(rq->actor) ? daemon_peer_url(rq->arena, d, rq->community, rq->actor, rq->number)
                                                : rq->actor;
    const char *audiences[] = { rq->community->home_community_id, url, XUA_FEDERATION, NULL };
    const struct saml_service at = {
        .now_ms = clock_now_ms(), .skew_ms = skew_ms, .audiences = audiences, .recipient = url
    };

    saml_decode(rq->arena, assertion, &user->saml);
    return saml_check(rq->arena, &user->saml, &at, why);
}

static enum rc user_find(struct request *rq, struct str envelope, struct saml_refusal *why)
{
    int64_t skew_ms = config_number(rq->service->daemon->config, CONFIG_CLOCK_SKEW) * 1000;
    struct xua_user *user = ARENA_NEW(rq->arena, struct xua_user);
    struct saml_token *token;
    struct xml_node *assertion;

    TRY(timestamp_check(rq, skew_ms, why));
    if (!has_assertion(rq))
        return absence_check(rq, why);
    TRY(saml_token_find(rq->arena, envelope, &token, why));
    if (uses_of(rq->soap.envelope, saml_token_id(token)) != 1)
        return saml_refuse(rq->arena, why, SAML_WRAPPED, "/Envelope/Header/Security/Assertion/@ID",
                           "another element of the message has the ID \"%s\", too", saml_token_id(token));
    TRY(verify(rq, token, &assertion, why));
    TRY(values_check(rq, assertion, skew_ms, user, why));
    user->token = token;
    user->name = saml_user(rq->arena, &user->saml);
    rq->user = user;
    return OK;
}

struct soap_fault xua_fault(const struct saml_refusal *refusal)
{
    return (struct soap_fault){ .code = SOAP_SENDER,
                                .subcode = saml_flaw_subcode(refusal->flaw),
                                .reason = refusal->text,
                                .place = refusal->place,
                                .flaw = SOAP_FLAW_USER + refusal->flaw };
}

enum rc xua_check(struct request *rq, struct str envelope, struct soap_fault *fault)
{
    struct saml_refusal why = { 0 };

    if (rq->community->xua <= XUA_OFF || rq->service->daemon->xua == NULL)
        return OK;
    rq_stage(rq, "user");
    enum rc rc = user_find(rq, envelope, &why);
    if (rc == E_REFUSED)
        *fault = xua_fault(&why);
    return rc;
}

/* ---- calls onward ---- */

struct str xua_security(struct arena *a, struct str assertion)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    buf_add_literal(out, "<wsse:Security xmlns:wsse=\"");
    buf_add_text(out, NS_WSSE);
    buf_add_literal(out, "\" xmlns:env=\"");
    buf_add_text(out, NS_SOAP12);
    buf_add_literal(out, "\" env:mustUnderstand=\"1\">");
    buf_add_str(out, assertion);
    buf_add_literal(out, "</wsse:Security>");
    return buf_str(out);
}

#define OWN_SECONDS 300

static const char *moment(struct arena *a, time_t when)
{
    char *text = arena_alloc(a, CLOCK_ISO_LEN);

    clock_iso(when, text);
    return text;
}

/* Nobody asked: the daemon does something of its own, and says so. */
static struct str own_assertion(struct arena *a, const struct daemon *d, const struct community *c)
{
    const struct saml_key *key = d->xua->own;
    struct saml_text federation = { XUA_FEDERATION, NULL }, home = { c->home_community_id, &federation };
    struct saml_restriction restriction = { &home, NULL };
    struct saml_confirmation bearer = { .method = SAML_BEARER };
    const struct saml s = {
        .version = "2.0",
        .id = arena_printf(a, "_%s", ids_urn(a) + strlen("urn:uuid:")),
        .issued = moment(a, clock_now()),
        .issuer = XUA_ISSUER,
        .name_id = arena_printf(a, "%s/%s", c->key, d->spec->name),
        .confirmations = &bearer,
        .has_conditions = true,
        .not_before = moment(a, clock_now()),
        .not_on_or_after = moment(a, clock_now() + OWN_SECONDS),
        .restrictions = &restriction,
        .has_statement = true,
        .context = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
        .organization = c->name,
        .organization_id = c->home_community_id,
        .home = c->home_community_id,
    };
    const struct saml_signing how = saml_signing_usual(saml_key_is_ec(key));
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct str signed_xml = { 0 };

    saml_encode(&s, &how, xml);
    if (saml_sign(a, buf_str(xml), key, &signed_xml) != OK)
        die("an assertion of our own cannot be signed");
    return signed_xml;
}

struct str xua_own_header(struct arena *a, const struct daemon *d, const struct community *c)
{
    if (c->xua != XUA_REQUIRED || d->xua == NULL || d->xua->own == NULL)
        return (struct str){ 0 };
    return xua_security(a, own_assertion(a, d, c));
}

struct str xua_header(struct request *rq)
{
    const struct daemon *d = rq->service->daemon;

    if (rq->user != NULL)
        return xua_security(rq->arena, saml_token_carry(rq->arena, rq->user->token));
    return rq->community == NULL ? (struct str){ 0 } : xua_own_header(rq->arena, d, rq->community);
}
