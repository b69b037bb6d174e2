/* May this user be believed here and now (ITI TF-2: 3.40.4.1.3)? Issuer and signature have been judged before. */
#include "msg/saml.h"

#include "base/arena.h"
#include "base/clock.h"
#include "model/oid.h"
#include "model/patient.h"

struct check {
    struct arena *arena;
    const struct saml *saml;
    const struct saml_service *at;
    struct saml_refusal *refusal;
};

#define REFUSE(c, flaw, place, ...)                                                                                    \
    saml_refuse((c)->arena, (c)->refusal, flaw, "/Envelope/Header/Security/Assertion" place, __VA_ARGS__)

static const char *now_text(const struct check *c)
{
    char *text = arena_alloc(c->arena, CLOCK_ISO_LEN);

    clock_iso((time_t)(c->at->now_ms / 1000), text);
    return text;
}

/* ---- shape ---- */

static enum rc shape_check(struct check *c)
{
    const struct saml *s = c->saml;
    int64_t when;

    if (!text_equal(s->version, "2.0"))
        return REFUSE(c, SAML_SHAPE, "/@Version", "Version is \"%.40s\", not 2.0",
                      s->version != NULL ? s->version : "");
    if (s->issued == NULL || clock_parse(str_from(s->issued), &when) != OK)
        return REFUSE(c, SAML_SHAPE, "/@IssueInstant",
                      "IssueInstant is \"%.60s\"; a date and time in UTC such as %s is needed",
                      s->issued != NULL ? s->issued : "", now_text(c));
    if (s->issuer == NULL)
        return REFUSE(c, SAML_SHAPE, "/Issuer", "there is no Issuer; it is the entityID of who made the assertion");
    if (s->not_before == NULL)
        return REFUSE(c, SAML_SHAPE, "/Conditions/@NotBefore",
                      "there is no Conditions/@NotBefore; it is the time of issue");
    return OK;
}

/* ---- times ---- */

enum when { WHEN_NOW, WHEN_EARLY, WHEN_LATE, WHEN_UNREADABLE };

/* Is now within the two, give or take the skew? Either may be NULL. */
static enum when within(const struct check *c, const char *from, const char *to)
{
    int64_t start = INT64_MIN, end = INT64_MAX;

    if ((from != NULL && clock_parse(str_from(from), &start) != OK) ||
        (to != NULL && clock_parse(str_from(to), &end) != OK))
        return WHEN_UNREADABLE;
    if (from != NULL && c->at->now_ms + c->at->skew_ms < start)
        return WHEN_EARLY;
    return to != NULL && c->at->now_ms - c->at->skew_ms >= end ? WHEN_LATE : WHEN_NOW;
}

static enum rc validity_check(struct check *c)
{
    const struct saml *s = c->saml;
    long long skew = (long long)(c->at->skew_ms / 1000);

    switch (within(c, s->not_before, s->not_on_or_after)) {
    case WHEN_EARLY:
        return REFUSE(c, SAML_NOT_YET_VALID, "/Conditions/@NotBefore",
                      "the assertion counts from %.60s on; it is %s here, and clocks may differ by %lld s",
                      s->not_before, now_text(c), skew);
    case WHEN_LATE:
        return REFUSE(c, SAML_EXPIRED, "/Conditions/@NotOnOrAfter",
                      "the assertion counted until %.60s; it is %s here, and clocks may differ by %lld s",
                      s->not_on_or_after, now_text(c), skew);
    case WHEN_UNREADABLE:
        return REFUSE(c, SAML_SHAPE, "/Conditions",
                      "NotBefore \"%.60s\" or NotOnOrAfter \"%.60s\" is no date and time in UTC", s->not_before,
                      s->not_on_or_after != NULL ? s->not_on_or_after : "");
    case WHEN_NOW:
        break;
    }
    return OK;
}

/* ---- subject ---- */

/* Why this confirmation does not confirm; NULL when it does. */
static const char *confirmation_flaw(const struct check *c, const struct saml_confirmation *one)
{
    if (text_equal(one->method, SAML_HOLDER_OF_KEY))
        return "holder-of-key needs the proof of a key, which is not checked here; use " SAML_BEARER;
    if (!text_equal(one->method, SAML_BEARER))
        return arena_printf(c->arena, "the method %.100s is not the profile's; use " SAML_BEARER,
                            one->method != NULL ? one->method : "(none)");
    if (within(c, one->not_before, one->not_on_or_after) != WHEN_NOW)
        return arena_printf(c->arena, "it counts from %.60s until %.60s, and it is %s here",
                            one->not_before != NULL ? one->not_before : "ever",
                            one->not_on_or_after != NULL ? one->not_on_or_after : "ever", now_text(c));
    if (one->recipient != NULL && !text_equal(one->recipient, c->at->recipient))
        return arena_printf(c->arena, "its Recipient is %.200s, but this is %s", one->recipient, c->at->recipient);
    return NULL;
}

/* One that confirms is enough (SAML 2.0 Core: 2.4.1). */
static enum rc subject_check(struct check *c)
{
    const char *flaw = "there is none";

    if (c->saml->name_id == NULL)
        return REFUSE(c, SAML_SUBJECT, "/Subject/NameID", "there is no NameID: nobody knows who asks");
    for (const struct saml_confirmation *one = c->saml->confirmations; one != NULL; one = one->next) {
        flaw = confirmation_flaw(c, one);
        if (flaw == NULL)
            return OK;
    }
    return REFUSE(c, SAML_CONFIRMATION, "/Subject/SubjectConfirmation", "no SubjectConfirmation confirms: %s", flaw);
}

/* ---- audience ---- */

static bool stands_for_us(const struct check *c, const char *audience)
{
    for (const char *const *one = c->at->audiences; *one != NULL; one++) {
        if (text_equal(*one, audience))
            return true;
    }
    return false;
}

static const char *joined(const struct check *c)
{
    const char *text = "";

    for (const char *const *one = c->at->audiences; *one != NULL; one++)
        text = arena_printf(c->arena, "%s%s%s", text, text[0] == '\0' ? "" : ", ", *one);
    return text;
}

static enum rc audience_check(struct check *c)
{
    const struct saml_restriction *r = c->saml->restrictions;

    if (r == NULL)
        return REFUSE(c, SAML_AUDIENCE, "/Conditions",
                      "there is no AudienceRestriction; one of these Audiences is needed: %s", joined(c));
    for (; r != NULL; r = r->next) {
        const struct saml_text *t = r->audiences;
        while (t != NULL && !stands_for_us(c, t->text))
            t = t->next;
        if (t == NULL)
            return REFUSE(c, SAML_AUDIENCE, "/Conditions/AudienceRestriction",
                          "the assertion is for %.200s; here one of these Audiences is needed: %s",
                          r->audiences != NULL ? r->audiences->text : "nobody", joined(c));
    }
    return OK;
}

/* ---- what else is said ---- */

static enum rc statement_check(struct check *c)
{
    if (!c->saml->has_statement)
        return REFUSE(c, SAML_AUTHENTICATION, "/AuthnStatement",
                      "there is no AuthnStatement; it says how the user was authenticated");
    if (c->saml->context == NULL)
        return REFUSE(c, SAML_AUTHENTICATION, "/AuthnStatement/AuthnContext",
                      "AuthnContext has neither AuthnContextClassRef nor AuthnContextDeclRef");
    return OK;
}

static enum rc codes_check(struct check *c, const struct saml_code *one, const char *name, const char *element)
{
    for (; one != NULL; one = one->next) {
        if (text_absent(one->code) || text_absent(one->system))
            return REFUSE(c, SAML_ATTRIBUTE, "/AttributeStatement/Attribute",
                          "%s has a value without code and codeSystem (\"%.60s\"); <%s xmlns=\"urn:hl7-org:v3\" "
                          "xsi:type=\"CE\" code=\"…\" codeSystem=\"…\"/> is needed",
                          name, one->text != NULL ? one->text : "", element);
    }
    return OK;
}

static enum rc attributes_check(struct check *c)
{
    struct patient_id id;

    TRY(codes_check(c, c->saml->roles, SAML_ROLE, "Role"));
    TRY(codes_check(c, c->saml->purposes, SAML_PURPOSE, "PurposeOfUse"));
    for (const struct saml_text *t = c->saml->patients; t != NULL; t = t->next) {
        if (patient_id_parse(c->arena, t->text, &id) != OK)
            return REFUSE(c, SAML_ATTRIBUTE, "/AttributeStatement/Attribute",
                          SAML_PATIENT " is \"%.100s\"; a patient id as ID^^^&OID&ISO is needed", t->text);
    }
    for (const struct saml_text *t = c->saml->consents; t != NULL; t = t->next) {
        if (!is_oid(t->text) && !is_oid_urn(t->text))
            return REFUSE(c, SAML_ATTRIBUTE, "/AttributeStatement/Attribute",
                          SAML_CONSENT " is \"%.100s\"; the uniqueId of a consent document, an OID, is needed",
                          t->text);
    }
    return OK;
}

enum rc saml_check(struct arena *a, const struct saml *s, const struct saml_service *at, struct saml_refusal *refusal)
{
    struct check c = { a, s, at, refusal };

    TRY(shape_check(&c));
    TRY(validity_check(&c));
    TRY(audience_check(&c));
    TRY(subject_check(&c));
    TRY(statement_check(&c));
    return attributes_check(&c);
}
