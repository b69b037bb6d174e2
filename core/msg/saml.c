#include "msg/saml.h"

#include "base/arena.h"
#include "wire/ns.h"
#include "wire/xml.h"

static const char *text_of(struct arena *a, const struct xml_node *n)
{
    const char *text = xml_text_trimmed(a, n);

    return text_absent(text) ? NULL : text;
}

static void text_add(struct arena *a, struct saml_text **list, const char *text)
{
    while (*list != NULL)
        list = &(*list)->next;
    *list = ARENA_NEW(a, struct saml_text);
    (*list)->text = text;
}

/* ---- subject, conditions, statement ---- */

static void subject_read(struct arena *a, const struct xml_node *assertion, struct saml *out)
{
    const struct xml_node *subject = xml_child(assertion, NS_SAML, "Subject");
    const struct xml_node *name = xml_child(subject, NS_SAML, "NameID");
    struct saml_confirmation **end = &out->confirmations;

    out->name_id = text_of(a, name);
    out->alias = xml_attr(name, "SPProvidedID");
    for (const struct xml_node *c = xml_child(subject, NS_SAML, "SubjectConfirmation"); c != NULL; c = xml_next(c)) {
        const struct xml_node *data = xml_child(c, NS_SAML, "SubjectConfirmationData");
        *end = ARENA_NEW(a, struct saml_confirmation);
        **end = (struct saml_confirmation){ .method = xml_attr(c, "Method"),
                                            .recipient = xml_attr(data, "Recipient"),
                                            .not_before = xml_attr(data, "NotBefore"),
                                            .not_on_or_after = xml_attr(data, "NotOnOrAfter") };
        end = &(*end)->next;
    }
}

static void conditions_read(struct arena *a, const struct xml_node *assertion, struct saml *out)
{
    const struct xml_node *conditions = xml_child(assertion, NS_SAML, "Conditions");
    struct saml_restriction **end = &out->restrictions;

    out->has_conditions = conditions != NULL;
    out->not_before = xml_attr(conditions, "NotBefore");
    out->not_on_or_after = xml_attr(conditions, "NotOnOrAfter");
    const struct xml_node *r = xml_child(conditions, NS_SAML, "AudienceRestriction");
    for (; r != NULL; r = xml_next(r), end = &(*end)->next) {
        *end = ARENA_NEW(a, struct saml_restriction);
        for (const struct xml_node *n = xml_child(r, NS_SAML, "Audience"); n != NULL; n = xml_next(n))
            text_add(a, &(*end)->audiences, xml_text_trimmed(a, n));
    }
}

static void statement_read(struct arena *a, const struct xml_node *assertion, struct saml *out)
{
    const struct xml_node *statement = xml_child(assertion, NS_SAML, "AuthnStatement");
    const struct xml_node *context = xml_child(statement, NS_SAML, "AuthnContext");

    out->has_statement = statement != NULL;
    out->context = text_of(a, xml_child(context, NS_SAML, "AuthnContextClassRef"));
    if (out->context == NULL)
        out->context = text_of(a, xml_child(context, NS_SAML, "AuthnContextDeclRef"));
}

/* ---- attributes ---- */

static void first_read(struct arena *a, const struct xml_node *value, void *out)
{
    const char **text = out;

    if (*text == NULL)
        *text = text_of(a, value);
}

static void text_read(struct arena *a, const struct xml_node *value, void *out)
{
    text_add(a, out, xml_text_trimmed(a, value));
}

/* <Role code codeSystem displayName/>, or what stands there instead. */
static void code_read(struct arena *a, const struct xml_node *value, void *out)
{
    const struct xml_node *ce = xml_first_element(value);
    struct saml_code **end = out;

    while (*end != NULL)
        end = &(*end)->next;
    *end = ARENA_NEW(a, struct saml_code);
    if (ce == NULL)
        (*end)->text = xml_text_trimmed(a, value);
    else
        **end = (struct saml_code){ .code = xml_attr(ce, "code"),
                                    .system = xml_attr(ce, "codeSystem"),
                                    .text = xml_attr(ce, "displayName") };
}

static const struct {
    const char *name;
    size_t member;
    void (*read)(struct arena *a, const struct xml_node *value, void *out);
} attributes[] = {
    { SAML_SUBJECT_ID, offsetof(struct saml, subject_id), first_read },
    { SAML_ORGANIZATION, offsetof(struct saml, organization), first_read },
    { SAML_ORGANIZATION_ID, offsetof(struct saml, organization_id), first_read },
    { SAML_HOME, offsetof(struct saml, home), first_read },
    { SAML_ROLE, offsetof(struct saml, roles), code_read },
    { SAML_PURPOSE, offsetof(struct saml, purposes), code_read },
    { SAML_PATIENT, offsetof(struct saml, patients), text_read },
    { SAML_CONSENT, offsetof(struct saml, consents), text_read },
    { SAML_POLICY, offsetof(struct saml, policies), text_read },
};

static void attribute_read(struct arena *a, const struct xml_node *attribute, struct saml *out)
{
    const char *name = xml_attr(attribute, "Name");

    for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
        if (!text_equal(attributes[i].name, name))
            continue;
        const struct xml_node *v = xml_child(attribute, NS_SAML, "AttributeValue");
        for (; v != NULL; v = xml_next(v))
            attributes[i].read(a, v, (char *)out + attributes[i].member);
    }
}

void saml_decode(struct arena *a, const struct xml_node *assertion, struct saml *out)
{
    *out = (struct saml){ .version = xml_attr(assertion, "Version"),
                          .id = xml_attr(assertion, "ID"),
                          .issued = xml_attr(assertion, "IssueInstant"),
                          .issuer = text_of(a, xml_child(assertion, NS_SAML, "Issuer")) };
    subject_read(a, assertion, out);
    conditions_read(a, assertion, out);
    statement_read(a, assertion, out);
    const struct xml_node *s = xml_child(assertion, NS_SAML, "AttributeStatement");
    for (; s != NULL; s = xml_next(s)) {
        for (const struct xml_node *n = xml_child(s, NS_SAML, "Attribute"); n != NULL; n = xml_next(n))
            attribute_read(a, n, out);
    }
}

const char *saml_user(struct arena *a, const struct saml *s)
{
    return arena_printf(a, "%s<%s@%s>", s->alias != NULL ? s->alias : "", s->name_id != NULL ? s->name_id : "",
                        s->issuer != NULL ? s->issuer : "");
}
