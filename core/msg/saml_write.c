/* Writing assertions, with a signature's template when they are to be signed. */
#include "msg/saml.h"

#include "wire/ns.h"
#include "wire/xml.h"

#define ATTRIBUTE_URI "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
#define DS_ENVELOPED  "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

struct saml_signing saml_signing_usual(bool is_ec)
{
    return (struct saml_signing){ .method = is_ec ? "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
                                                  : "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                                  .digest = "http://www.w3.org/2001/04/xmlenc#sha256",
                                  .c14n = "http://www.w3.org/2001/10/xml-exc-c14n#",
                                  .transform = "http://www.w3.org/2001/10/xml-exc-c14n#" };
}

static void algorithm_write(struct xml_writer *w, const char *element, const char *uri)
{
    if (uri == NULL)
        return;
    xw_open(w, element);
    xw_attr(w, "Algorithm", uri);
    xw_close(w);
}

/* SAML 2.0 Core: 5.4. The values are for who signs. */
static void signature_write(struct xml_writer *w, const struct saml *s, const struct saml_signing *how)
{
    if (how == NULL)
        return;
    xw_open(w, "ds:Signature");
    xw_attr(w, "xmlns:ds", NS_DS);
    xw_open(w, "ds:SignedInfo");
    algorithm_write(w, "ds:CanonicalizationMethod", how->c14n);
    algorithm_write(w, "ds:SignatureMethod", how->method);
    xw_open(w, "ds:Reference");
    buf_add_literal(w->out, " URI=\"#");
    xml_escape(w->out, s->id);
    buf_add_char(w->out, '"');
    xw_open(w, "ds:Transforms");
    algorithm_write(w, "ds:Transform", DS_ENVELOPED);
    algorithm_write(w, "ds:Transform", how->transform);
    xw_close(w);
    algorithm_write(w, "ds:DigestMethod", how->digest);
    xw_element(w, "ds:DigestValue", "");
    xw_close(w);
    xw_close(w);
    xw_element(w, "ds:SignatureValue", "");
    xw_close(w);
}

static void subject_write(struct xml_writer *w, const struct saml *s)
{
    if (s->name_id == NULL && s->confirmations == NULL)
        return;
    xw_open(w, "saml2:Subject");
    if (s->name_id != NULL) {
        xw_open(w, "saml2:NameID");
        xw_attr(w, "SPProvidedID", s->alias);
        xw_text(w, s->name_id);
        xw_close(w);
    }
    for (const struct saml_confirmation *c = s->confirmations; c != NULL; c = c->next) {
        xw_open(w, "saml2:SubjectConfirmation");
        xw_attr(w, "Method", c->method);
        if (c->recipient != NULL || c->not_before != NULL || c->not_on_or_after != NULL) {
            xw_open(w, "saml2:SubjectConfirmationData");
            xw_attr(w, "NotBefore", c->not_before);
            xw_attr(w, "NotOnOrAfter", c->not_on_or_after);
            xw_attr(w, "Recipient", c->recipient);
            xw_close(w);
        }
        xw_close(w);
    }
    xw_close(w);
}

static void conditions_write(struct xml_writer *w, const struct saml *s)
{
    if (!s->has_conditions)
        return;
    xw_open(w, "saml2:Conditions");
    xw_attr(w, "NotBefore", s->not_before);
    xw_attr(w, "NotOnOrAfter", s->not_on_or_after);
    for (const struct saml_restriction *r = s->restrictions; r != NULL; r = r->next) {
        xw_open(w, "saml2:AudienceRestriction");
        for (const struct saml_text *t = r->audiences; t != NULL; t = t->next)
            xw_element(w, "saml2:Audience", t->text);
        xw_close(w);
    }
    xw_close(w);
}

static void statement_write(struct xml_writer *w, const struct saml *s)
{
    if (!s->has_statement)
        return;
    xw_open(w, "saml2:AuthnStatement");
    xw_attr(w, "AuthnInstant", s->issued);
    xw_open(w, "saml2:AuthnContext");
    xw_element(w, "saml2:AuthnContextClassRef", s->context);
    xw_close(w);
    xw_close(w);
}

/* ---- attributes ---- */

static void attribute_open(struct xml_writer *w, const char *name)
{
    xw_open(w, "saml2:Attribute");
    xw_attr(w, "Name", name);
    xw_attr(w, "NameFormat", ATTRIBUTE_URI);
}

static void text_write(struct xml_writer *w, const char *name, const char *text)
{
    if (text == NULL)
        return;
    attribute_open(w, name);
    xw_element(w, "saml2:AttributeValue", text);
    xw_close(w);
}

static void texts_write(struct xml_writer *w, const char *name, const struct saml_text *list)
{
    for (; list != NULL; list = list->next)
        text_write(w, name, list->text);
}

static void codes_write(struct xml_writer *w, const char *name, const char *element, const struct saml_code *c)
{
    for (; c != NULL; c = c->next) {
        attribute_open(w, name);
        xw_open(w, "saml2:AttributeValue");
        if (c->code == NULL) {
            xw_text(w, c->text);
        } else {
            xw_open(w, element);
            xw_attr(w, "xmlns", NS_HL7);
            xw_attr(w, "xmlns:xsi", NS_XSI);
            xw_attr(w, "xsi:type", "CE");
            xw_attr(w, "code", c->code);
            xw_attr(w, "codeSystem", c->system);
            xw_attr(w, "displayName", c->text);
            xw_close(w);
        }
        xw_close(w);
        xw_close(w);
    }
}

static void attributes_write(struct xml_writer *w, const struct saml *s)
{
    xw_open(w, "saml2:AttributeStatement");
    text_write(w, SAML_SUBJECT_ID, s->subject_id);
    text_write(w, SAML_ORGANIZATION, s->organization);
    text_write(w, SAML_ORGANIZATION_ID, s->organization_id);
    text_write(w, SAML_HOME, s->home);
    codes_write(w, SAML_ROLE, "Role", s->roles);
    codes_write(w, SAML_PURPOSE, "PurposeOfUse", s->purposes);
    texts_write(w, SAML_PATIENT, s->patients);
    texts_write(w, SAML_CONSENT, s->consents);
    texts_write(w, SAML_POLICY, s->policies);
    xw_close(w);
}

static bool has_attributes(const struct saml *s)
{
    return s->subject_id != NULL || s->organization != NULL || s->organization_id != NULL || s->home != NULL ||
           s->roles != NULL || s->purposes != NULL || s->patients != NULL || s->consents != NULL || s->policies != NULL;
}

void saml_encode(const struct saml *s, const struct saml_signing *signature, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "saml2:Assertion");
    xw_attr(&w, "xmlns:saml2", NS_SAML);
    xw_attr(&w, "ID", s->id);
    xw_attr(&w, "IssueInstant", s->issued);
    xw_attr(&w, "Version", s->version);
    xw_element(&w, "saml2:Issuer", s->issuer);
    signature_write(&w, s, signature);
    subject_write(&w, s);
    conditions_write(&w, s);
    statement_write(&w, s);
    if (has_attributes(s))
        attributes_write(&w, s);
    xw_close(&w);
}
