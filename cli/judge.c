#include "cli/judge.h"

#include "actor/flaw.h"
#include "actor/xua.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "model/oid.h"
#include "msg/audit_message.h"
#include "msg/hl7v3.h"
#include "msg/saml.h"
#include "wire/dicom.h"
#include "wire/dicom_read.h"
#include "wire/ns.h"
#include "wire/saml_signature.h"
#include "wire/soap.h"
#include "wire/syslog.h"
#include "wire/xml.h"

#include <string.h>

struct judging {
    struct arena *arena;
    const struct specimen *specimen;
    const struct weighings *weighings;
    struct verdict *out;
};

static void PRINTF_LIKE(4, 5) found(struct judging *j, enum rule rule, const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    verdict_break(j->arena, j->out, j->weighings, rule, place, arena_vprintf(j->arena, fmt, ap));
    va_end(ap);
}

/* NULL, and told, when it is no XML. */
static struct xml_node *root_read(struct judging *j, struct str text, enum rule rule)
{
    struct xml_node *root = NULL;
    struct xml_error error;

    if (xml_parse(j->arena, text, NULL, &root, &error) == OK)
        return root;
    found(j, rule, arena_printf(j->arena, "line %d, column %d", error.line, error.column), "it cannot be read: %s",
          error.text);
    return NULL;
}

/* ---- audit records ---- */

static void judge_audit(struct judging *j)
{
    struct syslog syslog = { .text = j->specimen->bytes };
    const char *why;
    bool has_header = syslog.text.len > 1 && syslog.text.data[1] >= '0' && syslog.text.data[1] <= '9';

    if (has_header && syslog_parse(j->arena, j->specimen->bytes, &syslog, &why) != OK) {
        found(j, RULE_ATNA_SYSLOG, NULL, "%s", why);
        return;
    }
    const struct xml_node *root = root_read(j, syslog.text, RULE_ATNA_XML);
    if (root == NULL)
        return;
    for (const struct audit_finding *f = audit_message_check(j->arena, root); f != NULL; f = f->next)
        found(j, f->rule, f->place, "%s", f->text);
}

/* ---- CDA: what its metadata are made of ---- */

static bool has_root(const struct xml_node *id)
{
    return id != NULL &&
           (is_oid(xml_attr(id, "root")) || (xml_attr(id, "root") != NULL && strlen(xml_attr(id, "root")) == 36));
}

static bool has_code(const struct xml_node *code)
{
    return code != NULL && !text_absent(xml_attr(code, "code")) && !text_absent(xml_attr(code, "codeSystem"));
}

static bool has_time(const struct xml_node *time)
{
    const char *value = xml_attr(time, "value");
    char digits[15] = { 0 };

    if (value == NULL)
        return false;
    memcpy(digits, value, MIN(strcspn(value, ".+-"), sizeof(digits) - 1)); /* a fraction and a zone may follow */
    return hl7_is_time(digits);
}

static bool is_there(const struct xml_node *n)
{
    return n != NULL;
}

static bool has_text(const struct xml_node *n)
{
    return n != NULL && n->first != NULL;
}

static bool has_type(const struct xml_node *type)
{
    return text_equal(xml_attr(type, "root"), "2.16.840.1.113883.1.3") &&
           text_equal(xml_attr(type, "extension"), "POCD_HD000040");
}

#define STEPS 4
static const struct {
    enum rule rule;
    const char *steps[STEPS];
    bool (*fits)(const struct xml_node *n);
    const char *text;
} cda_rules[] = {
    { RULE_CDA_TYPE_ID, { "typeId" }, has_type, "typeId needs root 2.16.840.1.113883.1.3, extension POCD_HD000040" },
    { RULE_CDA_ID, { "id" }, has_root, "id needs a root that is an OID or a UUID: uniqueId comes from it" },
    { RULE_CDA_CODE, { "code" }, has_code, "code needs @code and @codeSystem: typeCode comes from it" },
    { RULE_CDA_TITLE, { "title" }, has_text, "title is missing or empty: the entry's title comes from it" },
    { RULE_CDA_TIME, { "effectiveTime" }, has_time, "effectiveTime needs @value, a time: creationTime comes from it" },
    { RULE_CDA_CONFIDENTIALITY,
      { "confidentialityCode" },
      has_code,
      "confidentialityCode needs @code and @codeSystem, such as N of 2.16.840.1.113883.5.25" },
    { RULE_CDA_PATIENT,
      { "recordTarget", "patientRole", "id" },
      has_root,
      "recordTarget/patientRole/id needs a root: sourcePatientId comes from it" },
    { RULE_CDA_NAME,
      { "recordTarget", "patientRole", "patient", "name" },
      is_there,
      "the patient has no name: sourcePatientInfo comes from it" },
    { RULE_CDA_AUTHOR, { "author", "assignedAuthor", "id" }, is_there, "the document has no author with an id" },
    { RULE_CDA_AUTHOR_TIME, { "author", "time" }, has_time, "author/time needs @value, a time" },
    { RULE_CDA_CUSTODIAN,
      { "custodian", "assignedCustodian", "representedCustodianOrganization", "id" },
      has_root,
      "custodian/assignedCustodian/representedCustodianOrganization/id needs a root" },
    { RULE_CDA_BODY, { "component" }, is_there, "there is no component: a document has a body" },
};

static void judge_cda(struct judging *j)
{
    const struct xml_node *root = root_read(j, j->specimen->bytes, RULE_CDA_XML);

    if (root == NULL)
        return;
    if (!xml_is(root, NS_HL7, "ClinicalDocument")) {
        found(j, RULE_CDA_XML, xml_path(j->arena, root), "the root element is no ClinicalDocument of %s", NS_HL7);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(cda_rules); i++) {
        const struct xml_node *n = root;
        const char *place = "/ClinicalDocument";
        for (size_t k = 0; k < STEPS && cda_rules[i].steps[k] != NULL; k++) {
            n = xml_child(n, NS_HL7, cda_rules[i].steps[k]);
            place = arena_printf(j->arena, "%s/%s", place, cda_rules[i].steps[k]);
        }
        if (!cda_rules[i].fits(n))
            found(j, cda_rules[i].rule, place, "%s", cda_rules[i].text);
    }
}

/* ---- DICOM ---- */

static const struct {
    enum rule rule;
    uint32_t tag;
    const char *is; /* NULL: any value; "UID": a UID; "SQ": it is there */
    const char *text;
} kos_rules[] = {
    { RULE_KOS_CLASS, 0x00080016, DICOM_KEY_OBJECT_SELECTION, "SOP Class UID (0008,0016) is not that of a KOS" },
    { RULE_KOS_INSTANCE, 0x00080018, "UID", "SOP Instance UID (0008,0018) is no UID: uniqueId comes from it" },
    { RULE_KOS_MODALITY, 0x00080060, "KO", "Modality (0008,0060) is not KO" },
    { RULE_KOS_PATIENT, 0x00100020, NULL, "Patient ID (0010,0020) is missing: sourcePatientId comes from it" },
    { RULE_KOS_STUDY, 0x0020000D, "UID", "Study Instance UID (0020,000D) is no UID" },
    { RULE_KOS_SERIES, 0x0020000E, "UID", "Series Instance UID (0020,000E) is no UID" },
    { RULE_KOS_TITLE, 0x0040A043, "SQ", "Concept Name Code Sequence (0040,A043), the document's title, is missing" },
    { RULE_KOS_EVIDENCE, 0x0040A375, "SQ", "Current Requested Procedure Evidence Sequence (0040,A375) is missing" },
};

/* The rules' elements, of the outermost data set; tag 0: it is not there. */
static bool value_keep(void *user, const struct dicom_element *e)
{
    struct dicom_element *kept = user;

    for (size_t i = 0; i < ARRAY_LEN(kos_rules) && e->depth == 0; i++) {
        if (kos_rules[i].tag == e->tag)
            kept[i] = *e;
    }
    return true;
}

static bool element_fits(const struct dicom_element *e, const char *is)
{
    char value[65] = { 0 };

    if (e->tag == 0)
        return false;
    if (is != NULL && strcmp(is, "SQ") == 0)
        return true;
    memcpy(value, e->value.data, MIN(e->value.len, sizeof(value) - 1));
    if (is == NULL)
        return value[0] != '\0';
    return strcmp(is, "UID") == 0 ? is_oid(value) : strcmp(value, is) == 0;
}

static void judge_dicom(struct judging *j)
{
    struct dicom_element elements[ARRAY_LEN(kos_rules)] = { 0 };
    enum rc rc = dicom_read(j->specimen->bytes, value_keep, elements);

    if (rc != OK) {
        found(j, RULE_KOS_READ, NULL,
              rc == E_LIMIT ? "the file ends within an element, or its sequences lie too deep in each other"
                            : "it is no DICOM file of little endian, or is broken");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(kos_rules); i++) {
        uint32_t tag = kos_rules[i].tag;
        if (!element_fits(&elements[i], kos_rules[i].is))
            found(j, kos_rules[i].rule, arena_printf(j->arena, "(%04X,%04X)", tag >> 16, tag & 0xFFFF), "%s",
                  kos_rules[i].text);
    }
}

/* ---- SAML: an assertion for whom it says, from whom it says ---- */

#define SKEW_MS (60 * 1000)

/* As it would come: what reads it there reads it here. */
static struct str saml_message(struct arena *a, struct str assertion)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    const char *end = assertion.len > 5 && memcmp(assertion.data, "<?xml", 5) == 0
                          ? memmem(assertion.data, assertion.len, "?>", 2)
                          : NULL;

    if (end != NULL)
        assertion = (struct str){ end + 2, assertion.len - (size_t)(end + 2 - assertion.data) };
    buf_printf(out, "<env:Envelope xmlns:env=\"%s\"><env:Header>", NS_SOAP12);
    buf_add_str(out, xua_security(a, assertion));
    buf_add_text(out, "</env:Header><env:Body><none/></env:Body></env:Envelope>");
    return buf_str(out);
}

/* Everybody whom it is for, so that this is no question here. */
static const char *const *audiences_of(struct arena *a, const struct saml *s)
{
    const char **all = NULL;
    size_t n = 0;

    for (const struct saml_restriction *r = s->restrictions; r != NULL; r = r->next) {
        for (const struct saml_text *t = r->audiences; t != NULL; t = t->next)
            n++;
    }
    all = ARENA_ARRAY(a, const char *, n + 1);
    n = 0;
    for (const struct saml_restriction *r = s->restrictions; r != NULL; r = r->next) {
        for (const struct saml_text *t = r->audiences; t != NULL; t = t->next)
            all[n++] = t->text;
    }
    return all;
}

/* Whose key it should be, a file cannot say: a signature that is only of somebody unknown is none to complain of. */
static enum rc saml_signature_judge(struct judging *j, struct saml_refusal *why)
{
    struct saml_token *token;
    struct xml_node *assertion;

    TRY(saml_token_find(j->arena, saml_message(j->arena, j->specimen->bytes), &token, why));
    enum rc rc = saml_token_verify(j->arena, token, saml_key_new(j->arena), &assertion, why);
    return rc == E_REFUSED && why->flaw == SAML_FORGED ? OK : rc;
}

static enum rc saml_judge(struct judging *j, const struct xml_node *assertion, struct saml_refusal *why)
{
    struct saml saml;

    TRY(saml_signature_judge(j, why));
    saml_decode(j->arena, assertion, &saml);
    const struct saml_service at = { .now_ms = clock_now_ms(),
                                     .skew_ms = SKEW_MS,
                                     .audiences = audiences_of(j->arena, &saml),
                                     .recipient = saml.confirmations != NULL ? saml.confirmations->recipient : NULL };
    return saml_check(j->arena, &saml, &at, why);
}

static void judge_saml(struct judging *j)
{
    const struct xml_node *assertion = root_read(j, j->specimen->bytes, RULE_XUA_SHAPE);
    struct saml_refusal why = { 0 };

    if (assertion != NULL && saml_judge(j, assertion, &why) == E_REFUSED)
        found(j, flaw_rule(&(struct soap_fault){ .flaw = SOAP_FLAW_USER + why.flaw }), why.place, "%s", why.text);
}

/* ---- all of them ---- */

bool judge(struct arena *a, const struct specimen *s, const struct weighings *w, struct verdict *out)
{
    static const struct {
        enum specimen_kind kind;
        void (*judge)(struct judging *j);
        const char *what;
    } kinds[] = {
        { SPECIMEN_AUDIT, judge_audit, "ITI-20 audit record" },
        { SPECIMEN_CDA, judge_cda, "CDA document" },
        { SPECIMEN_DICOM, judge_dicom, "DICOM key object selection" },
        { SPECIMEN_SAML, judge_saml, "ITI-40 SAML assertion" },
    };
    struct judging j = { a, s, w, out };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (kinds[i].kind != s->kind)
            continue;
        out->what = kinds[i].what;
        kinds[i].judge(&j);
        return true;
    }
    return false;
}
