#include "msg/bppc.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/datatype.h"
#include "model/oid.h"
#include "wire/ns.h"
#include "wire/xml.h"

#define TEMPLATE_MEDICAL_DOCUMENT "1.3.6.1.4.1.19376.1.5.3.1.1.1"
#define TEMPLATE_CONSENT          "1.3.6.1.4.1.19376.1.5.3.1.1.7"
#define TEMPLATE_CONSENT_EVENT    "1.3.6.1.4.1.19376.1.5.3.1.2.6"

const char *bppc_title(const struct consent *consent)
{
    return consent->state == CONSENT_GIVEN ? "同意書【模擬データ】" : "同意撤回書【模擬データ】";
}

/* ---- pieces of CDA ---- */

static void ii_write(struct xml_writer *w, const char *name, const char *root, const char *extension)
{
    xw_open(w, name);
    xw_attr(w, "root", root);
    xw_attr(w, "extension", extension);
    xw_close(w);
}

static void code_write(struct xml_writer *w, const char *name, const char *code, const char *system,
                       const char *display)
{
    xw_open(w, name);
    xw_attr(w, "code", code);
    xw_attr(w, "codeSystem", system);
    xw_attr(w, "displayName", display);
    xw_close(w);
}

/* A value, or that nobody knows it. */
static void known_write(struct xml_writer *w, const char *name, const char *attribute, const char *value)
{
    xw_open(w, name);
    xw_attr(w, text_absent(value) ? "nullFlavor" : attribute, text_absent(value) ? "UNK" : value);
    xw_close(w);
}

static void community_write(struct xml_writer *w, const char *name, const struct community *c)
{
    xw_open(w, name);
    ii_write(w, "id", oid_of_urn(c->home_community_id), NULL);
    xw_element(w, "name", c->name);
    xw_close(w);
}

/* ---- the head ---- */

static void names_write(struct xml_writer *w, const struct patient *p)
{
    const struct person_name *first = p != NULL ? p->names : NULL;

    if (first == NULL) {
        known_write(w, "name", "use", NULL);
        return;
    }
    for (const struct person_name *n = first; n != NULL; n = n->next) {
        xw_open(w, "name");
        xw_attr(w, "use", n->use);
        xw_element(w, "family", n->family != NULL ? n->family : "");
        xw_element(w, "given", n->given != NULL ? n->given : "");
        xw_close(w);
    }
}

static void gender_write(struct xml_writer *w, const struct patient *p)
{
    if (p == NULL || text_absent(p->gender))
        known_write(w, "administrativeGenderCode", "code", NULL);
    else
        code_write(w, "administrativeGenderCode", p->gender, "2.16.840.1.113883.5.1", NULL);
}

static void patient_write(struct xml_writer *w, const struct bppc *b)
{
    xw_open(w, "recordTarget");
    xw_open(w, "patientRole");
    ii_write(w, "id", b->community->patient_id_domain, b->consent->patient);
    xw_open(w, "patient");
    names_write(w, b->patient);
    gender_write(w, b->patient);
    known_write(w, "birthTime", "value", b->patient != NULL ? b->patient->birth_time : NULL);
    xw_close(w);
    xw_close(w);
    xw_close(w);
}

/* The network takes the patient's word down, and keeps it. */
static void keepers_write(struct xml_writer *w, const struct bppc *b)
{
    xw_open(w, "author");
    known_write(w, "time", "value", b->time);
    xw_open(w, "assignedAuthor");
    ii_write(w, "id", oid_of_urn(b->community->home_community_id), NULL);
    xw_open(w, "assignedAuthoringDevice");
    xw_element(w, "softwareName", "Kakehashi (simulator)");
    xw_close(w);
    community_write(w, "representedOrganization", b->community);
    xw_close(w);
    xw_close(w);
    xw_open(w, "custodian");
    xw_open(w, "assignedCustodian");
    community_write(w, "representedCustodianOrganization", b->community);
    xw_close(w);
    xw_close(w);
}

/* ---- what was agreed to ---- */

/* Parts of the state that the policy speaks of: those it covers, or those it does not. */
static bool is_spoken_of(const struct consent *c, const struct consent_part *p)
{
    return p->state == (c->is_named ? CONSENT_GIVEN : CONSENT_WITHDRAWN);
}

static void performer_write(struct arena *a, struct xml_writer *w, const struct consent_part *p)
{
    struct patient_id physician;

    xw_open(w, "performer");
    xw_attr(w, "typeCode", "PRF");
    xw_open(w, "assignedEntity");
    if (patient_id_parse(a, p->id, &physician) == OK)
        ii_write(w, "id", physician.root, physician.extension);
    else
        ii_write(w, "id", p->id, NULL);
    xw_close(w);
    xw_close(w);
}

static void event_write(struct arena *a, struct xml_writer *w, const struct bppc *b)
{
    enum consent_policy policy = consent_policy_of(b->consent);

    xw_open(w, "documentationOf");
    xw_attr(w, "typeCode", "DOC");
    xw_open(w, "serviceEvent");
    xw_attr(w, "classCode", "ACT");
    xw_attr(w, "moodCode", "EVN");
    ii_write(w, "templateId", TEMPLATE_CONSENT_EVENT, NULL);
    ii_write(w, "id", b->event_id, NULL);
    code_write(w, "code", consent_policy_oid(a, b->community, (int)policy), consent_policy_oid(a, b->community, 0),
               consent_policy_row(policy)->ja);
    xw_open(w, "effectiveTime");
    known_write(w, "low", "value", b->time);
    xw_close(w);
    for (const struct consent_part *p = b->consent->parts; p != NULL; p = p->next) {
        if (is_spoken_of(b->consent, p))
            performer_write(a, w, p);
    }
    xw_close(w);
    xw_close(w);
}

static const char *part_name(const struct community *c, const char *id)
{
    for (const struct facility *f = c->facilities; f != NULL; f = f->next) {
        if (text_equal(f->oid, id))
            return f->name;
    }
    return "";
}

static void parts_write(struct arena *a, struct xml_writer *w, const struct bppc *b)
{
    bool is_any = false;

    for (const struct consent_part *p = b->consent->parts; p != NULL; p = p->next)
        is_any = is_any || is_spoken_of(b->consent, p);
    if (!is_any)
        return;
    xw_open(w, "list");
    for (const struct consent_part *p = b->consent->parts; p != NULL; p = p->next) {
        if (is_spoken_of(b->consent, p))
            xw_element(w, "item", arena_printf(a, "%s %s", p->id, part_name(b->community, p->id)));
    }
    xw_close(w);
}

static void section_open(struct xml_writer *w, const char *title)
{
    xw_open(w, "component");
    xw_open(w, "section");
    xw_element(w, "title", title);
    xw_open(w, "text");
}

static void section_close(struct xml_writer *w)
{
    xw_close(w);
    xw_close(w);
    xw_close(w);
}

static void body_write(struct arena *a, struct xml_writer *w, const struct bppc *b)
{
    const struct policy_row *policy = consent_policy_row(consent_policy_of(b->consent));

    xw_open(w, "component");
    xw_open(w, "structuredBody");
    section_open(w, "模擬データ");
    xw_text(w, "この文書はシミュレータが作った模擬データです。実在の人物の同意ではありません。"
               "This document is simulated; nobody real has agreed to anything.");
    section_close(w);
    section_open(w, "同意の内容");
    xw_element(w, "paragraph", policy->ja);
    xw_element(w, "paragraph", policy->en);
    parts_write(a, w, b);
    section_close(w);
    xw_close(w);
    xw_close(w);
}

void bppc_encode(struct arena *a, const struct bppc *b, struct buf *out)
{
    struct xml_writer w;

    buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xw_init(&w, out);
    xw_open(&w, "ClinicalDocument");
    xw_attr(&w, "xmlns", NS_HL7);
    code_write(&w, "realmCode", "JP", NULL, NULL);
    ii_write(&w, "typeId", "2.16.840.1.113883.1.3", "POCD_HD000040");
    ii_write(&w, "templateId", TEMPLATE_MEDICAL_DOCUMENT, NULL);
    ii_write(&w, "templateId", TEMPLATE_CONSENT, NULL);
    ii_write(&w, "id", b->unique_id, NULL);
    code_write(&w, "code", BPPC_CLASS_CODE, BPPC_CLASS_SCHEME, BPPC_CLASS_DISPLAY);
    xw_element(&w, "title", bppc_title(b->consent));
    known_write(&w, "effectiveTime", "value", b->time);
    code_write(&w, "confidentialityCode", "N", "2.16.840.1.113883.5.25", "normal");
    code_write(&w, "languageCode", "ja-JP", NULL, NULL);
    patient_write(&w, b);
    keepers_write(&w, b);
    event_write(a, &w, b);
    body_write(a, &w, b);
    xw_close(&w);
    buf_add_char(out, '\n');
}
