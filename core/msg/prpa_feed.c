/* PRPA_IN201301UV02, PRPA_IN201302UV02, PRPA_IN201304UV02: the patient identity feed (ITI TF-2: 3.44.4.1, 3.44.4.2). */
#include "msg/prpa_feed.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/rule.h"
#include "msg/hl7v3_facts.h"
#include "wire/ns.h"

static const char *const interactions[] = {
    [FEED_ADDED] = "PRPA_IN201301UV02",
    [FEED_REVISED] = "PRPA_IN201302UV02",
    [FEED_MERGED] = "PRPA_IN201304UV02",
};

/* ---- reading ---- */

static enum rc event_read(struct arena *a, const struct xml_node *body, struct prpa_feed *out,
                          struct issue_list *issues)
{
    for (size_t i = 0; i < ARRAY_LEN(interactions); i++) {
        if (text_equal(out->message.interaction, interactions[i])) {
            out->event = (enum feed_event)i;
            return OK;
        }
    }
    issue_add(a, issues, ISSUE_SOAP_BODY, hl7_place(a, body, NULL), "a patient identity feed is one of %s, %s, %s",
              interactions[FEED_ADDED], interactions[FEED_REVISED], interactions[FEED_MERGED]);
    return E_REFUSED;
}

/* The step that is missing on the way to subject1/patient is the one to name. */
static enum rc patient_find(struct arena *a, const struct xml_node *body, const struct prpa_feed *feed,
                            const struct xml_node **out, struct issue_list *issues)
{
    static const char *const steps[] = { "controlActProcess", "subject", "registrationEvent", "subject1", "patient" };
    static const char one_patient[] = "the registration of one patient";
    const struct xml_node *n = body;

    TRY(hl7_control_act_check(a, RULE_V3_FEED_PATIENT, body, interactions[feed->event], one_patient, issues));

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        TRY(hl7_require(a, RULE_V3_FEED_PATIENT, n, steps[i], one_patient, issues));
        n = xml_child(n, NS_HL7, steps[i]);
    }
    *out = n;
    return OK;
}

/* The first bad one is enough: a feed has few ids, and whoever sends thousands needs no thousand answers. */
static enum rc ids_check(struct arena *a, const struct xml_node *patient, struct issue_list *issues)
{
    TRY(hl7_require(a, RULE_V3_FEED_ID, patient, "id",
                    "a domain (root) and a value (extension) for each id of the patient", issues));
    for (const struct xml_node *id = xml_child(patient, NS_HL7, "id"); id != NULL; id = xml_next(id)) {
        if (xml_attr(id, "nullFlavor") == NULL && !text_absent(xml_attr(id, "extension")))
            continue;
        rule_break(a, issues, RULE_V3_FEED_ID_FORM, hl7_place(a, id, NULL),
                   "this id names nobody: it needs a domain (root) and a value (extension)");
        return E_REFUSED;
    }
    return OK;
}

/* The scope of another id is its own domain, and no more than that (3.44.4.1.2). */
static enum rc other_ids_check(struct arena *a, const struct xml_node *person, struct issue_list *issues)
{
    for (const struct xml_node *o = xml_child(person, NS_HL7, "asOtherIDs"); o != NULL; o = xml_next(o)) {
        const struct xml_node *scope = xml_at(o, NS_HL7, "scopingOrganization", "id", NULL);
        const char *domain = xml_attr(scope, "root"), *extension = xml_attr(scope, "extension");
        if (extension != NULL) {
            rule_break(a, issues, RULE_V3_FEED_SCOPE_ROOT, hl7_place(a, scope, "@extension"),
                       "a scoping organisation is named by its domain (root) alone, without the extension %.40s",
                       extension);
            return E_REFUSED;
        }
        for (const struct xml_node *id = xml_child(o, NS_HL7, "id"); id != NULL; id = xml_next(id)) {
            const char *root = xml_attr(id, "root");
            if (root == NULL || domain == NULL || strcmp(root, domain) == 0)
                continue;
            rule_break(a, issues, RULE_V3_FEED_SCOPE, hl7_place(a, scope, NULL),
                       "the scoping organisation of an id is its domain: %s, not %s", root, domain);
            return E_REFUSED;
        }
    }
    return OK;
}

/* Whose patient it is, and who keeps the registration (3.44.4.1.2); a merge says the former of neither side. */
static enum rc keepers_check(struct arena *a, const struct xml_node *patient, enum feed_event event,
                             struct issue_list *issues)
{
    if (event != FEED_MERGED)
        TRY(hl7_require(a, RULE_V3_FEED_PROVIDER, patient, "providerOrganization",
                        "the id (root) of the organisation whose patient it is", issues));
    return hl7_require(a, RULE_V3_FEED_CUSTODIAN, patient->parent->parent, "custodian",
                       "the id of the device or organisation that keeps the registration", issues);
}

static enum rc birth_check(struct arena *a, const struct xml_node *person, const struct patient *p,
                           struct issue_list *issues)
{
    if (p->birth_time == NULL || hl7_is_time(p->birth_time))
        return OK;
    rule_break(a, issues, RULE_V3_FEED_BIRTH, hl7_place(a, person, "birthTime/@value"),
               "\"%s\" is no time: it needs YYYY[MM[DD[hh[mm[ss]]]]]", p->birth_time);
    return E_REFUSED;
}

static enum rc gender_check(struct arena *a, const struct xml_node *person, const struct patient *p,
                            struct issue_list *issues)
{
    if (p->gender == NULL || hl7_is_gender(p->gender))
        return OK;
    rule_break(a, issues, RULE_V3_FEED_GENDER, hl7_place(a, person, "administrativeGenderCode/@code"),
               "\"%.40s\" is no administrative gender: it needs M, F or UN, or a nullFlavor", p->gender);
    return E_REFUSED;
}

/* Exactly one registration is replaced, and it has one id (3.44.4.2.2). */
static enum rc subsumed_read(struct arena *a, const struct xml_node *registration, struct prpa_feed *out,
                             struct issue_list *issues)
{
    static const char *const steps[] = { "replacementOf", "priorRegistration", "subject1", "priorRegisteredRole",
                                         "id" };
    const struct xml_node *n = registration;

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        TRY(hl7_require(a, RULE_V3_MERGE_ID, n, steps[i], "the one id that is subsumed", issues));
        n = xml_child(n, NS_HL7, steps[i]);
        if (i == 0 && xml_next(n) != NULL) {
            rule_break(a, issues, RULE_V3_MERGE_ONE, hl7_place(a, xml_next(n), NULL),
                       "a message resolves one duplicate: one replacementOf");
            return E_REFUSED;
        }
    }
    out->subsumed = hl7_ii_decode(a, n);
    out->subsumed_place = hl7_place(a, n, NULL);
    if (!text_absent(out->subsumed->extension))
        return OK;
    rule_break(a, issues, RULE_V3_MERGE_ID_FORM, out->subsumed_place,
               "this id names nobody: it needs a domain (root) and a value (extension)");
    return E_REFUSED;
}

enum rc prpa_feed_decode(struct arena *a, const struct xml_node *body, struct prpa_feed *out, struct issue_list *issues)
{
    const struct xml_node *patient;

    *out = (struct prpa_feed){ 0 };
    TRY(hl7_message_decode(a, body, &out->message, issues));
    TRY(event_read(a, body, out, issues));
    TRY(patient_find(a, body, out, &patient, issues));

    const struct xml_node *person = xml_child(patient, NS_HL7, "patientPerson");
    const struct xml_node *registration = patient->parent->parent;
    hl7_patient_decode(a, patient, &out->patient);
    out->patient_place = hl7_place(a, patient, NULL);
    out->patient.custodian_root = xml_attr(xml_at(registration, NS_HL7, "custodian", "assignedEntity", "id", NULL),
                                           "root");
    TRY(ids_check(a, patient, issues));
    TRY(hl7_require(a, RULE_V3_FEED_PERSON, patient, "patientPerson", "a name", issues));
    TRY(hl7_require(a, RULE_V3_FEED_NAME, person, "name", "family and given (use IDE, SYL, ABC), or a nullFlavor",
                    issues));
    TRY(other_ids_check(a, person, issues));
    TRY(birth_check(a, person, &out->patient, issues));
    TRY(gender_check(a, person, &out->patient, issues));
    TRY(hl7_facts_check(a, person, issues));
    TRY(keepers_check(a, patient, out->event, issues));
    return out->event == FEED_MERGED ? subsumed_read(a, registration, out, issues) : OK;
}

const char *prpa_feed_id_place(struct arena *a, const struct prpa_feed *f, int n)
{
    return arena_printf(a, "%s/id[%d]", f->patient_place, n);
}

/* ---- writing ---- */

static void replacement_write(struct xml_writer *w, const struct patient_id *subsumed)
{
    xw_open(w, "replacementOf");
    xw_attr(w, "typeCode", "RPLC");
    xw_open(w, "priorRegistration");
    xw_attr(w, "classCode", "REG");
    xw_attr(w, "moodCode", "EVN");
    hl7_code_write(w, "statusCode", "obsolete");
    xw_open(w, "subject1");
    xw_attr(w, "typeCode", "SBJ");
    xw_open(w, "priorRegisteredRole");
    xw_attr(w, "classCode", "PAT");
    hl7_ii_write(w, "id", subsumed);
    xw_close(w);
    xw_close(w);
    xw_close(w);
    xw_close(w);
}

/* What the schema requires and the caller left out follows from the sender; a feed carries no degree of match. */
static struct patient patient_completed(const struct prpa_feed *f)
{
    struct patient p = f->patient;

    p.match = -1;
    if (p.custodian_root == NULL)
        p.custodian_root = f->message.sender.root;
    if (p.provider_root == NULL)
        p.provider_root = p.custodian_root;
    return p;
}

void prpa_feed_encode(struct arena *a, const struct prpa_feed *f, struct buf *out)
{
    struct hl7_message m = f->message;
    struct patient p = patient_completed(f);
    struct xml_writer w;

    (void)a;
    m.interaction = interactions[f->event];
    xw_init(&w, out);
    hl7_message_open(&w, &m);
    hl7_control_act_open(&w, m.interaction);
    hl7_registration_open(&w);
    hl7_patient_write(&w, &p);
    hl7_custodian_write(&w, p.custodian_root);
    if (f->event == FEED_MERGED && f->subsumed != NULL)
        replacement_write(&w, f->subsumed);
    xw_close(&w); /* registrationEvent */
    xw_close(&w); /* subject */
    xw_close(&w); /* controlActProcess */
    xw_close(&w);
}
