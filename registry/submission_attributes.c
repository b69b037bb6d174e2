/* Attributes of DocumentEntry, SubmissionSet and Folder: one row each (ITI TF-3: Table 4.3.1-3, ITI-42 and ITI-61). */
#include "registry/submission.h"

#include "actor/request.h"
#include "model/consent.h"
#include "model/datatype.h"
#include "model/oid.h"

#include <string.h>

enum attribute_kind { ATTRIBUTE_TEXT, ATTRIBUTE_TEXTS, ATTRIBUTE_CODES };

/* RULE_NONE where there is nothing to break. */
struct attribute {
    const char *name;
    size_t offset; /* in its struct */
    enum attribute_kind kind;
    enum rule required;
    enum rule form; /* text: fits; codes: in the code set */
    bool (*fits)(const char *text);
    const char *would_do; /* ends "it must be …" */
    enum code_attribute codes;
    enum rule barred; /* in an on-demand entry */
};

struct class
{
    const char *noun;
    const struct attribute *attributes;
    size_t count;
};

/* What is being judged. */
struct judged {
    struct request *rq;
    const struct class *class;
    const char *place;
    enum submission_kind kind;
    bool is_on_demand; /* the document */
};

static bool is_size(const char *text)
{
    return strspn(text, "0123456789") == strlen(text);
}

static bool is_title(const char *text)
{
    size_t characters = 0;

    for (; *text != '\0'; text++)
        characters += (*text & 0xc0) != 0x80;
    return characters <= 128;
}

static bool is_availability(const char *text)
{
    return strcmp(text, "urn:ihe:iti:2010:DocumentAvailability:Online") == 0 ||
           strcmp(text, "urn:ihe:iti:2010:DocumentAvailability:Offline") == 0;
}

#define FORM_CX   "ID^^^&OID&ISO"
#define FORM_DTM  "YYYY[MM[DD[hh[mm[ss]]]]] in UTC"
#define FORM_OID  "an OID of at most 64 characters"
#define FORM_HOME "urn:oid: and an OID"
#define FORM_XCN  "id^family^given^…, with an authority &OID&ISO in component 9 only beside an id"
#define FORM_XON  "name^^^^^&OID&ISO^^^^id; the authority where the id is no OID"
#define FORM_XTN  "^^Internet^name@example.org, or ^^PH^^^^number"
#define FORM_CODE "plain text, or Code^^^&OID&ISO"

#define TEXT(member, required, form, fits, would_do)                                                                   \
    AT(member), ATTRIBUTE_TEXT, required, form, fits, would_do, CODES_COUNT, RULE_NONE
#define TEXTS(member, form, fits, would_do)                                                                            \
    AT(member), ATTRIBUTE_TEXTS, RULE_NONE, form, fits, would_do, CODES_COUNT, RULE_NONE
#define STABLE(member, required, form, fits, would_do, barred)                                                         \
    AT(member), ATTRIBUTE_TEXT, required, form, fits, would_do, CODES_COUNT, barred
#define CODES(member, required, form, codes) AT(member), ATTRIBUTE_CODES, required, form, NULL, NULL, codes, RULE_NONE

/* clang-format off */
#define AT(member) offsetof(struct document_entry, member)
static const struct attribute document_attributes[] = {
    { "classCode", CODES(class_code, RULE_DE_CLASS_CODE, RULE_CODE_DOCUMENT, CODES_CLASS) },
    { "typeCode", CODES(type_code, RULE_DE_TYPE_CODE, RULE_CODE_DOCUMENT, CODES_TYPE) },
    { "formatCode", CODES(format_code, RULE_DE_FORMAT_CODE, RULE_CODE_DOCUMENT, CODES_FORMAT) },
    { "healthcareFacilityTypeCode", CODES(healthcare_facility_type_code, RULE_DE_FACILITY_TYPE_CODE, RULE_CODE_DOCUMENT, CODES_FACILITY_TYPE) },
    { "practiceSettingCode", CODES(practice_setting_code, RULE_DE_PRACTICE_SETTING_CODE, RULE_CODE_DOCUMENT, CODES_PRACTICE_SETTING) },
    { "confidentialityCode", CODES(confidentiality_codes, RULE_DE_CONFIDENTIALITY_CODE, RULE_CODE_DOCUMENT, CODES_CONFIDENTIALITY) },
    { "eventCodeList", CODES(event_codes, RULE_NONE, RULE_CODE_DOCUMENT, CODES_EVENT) },
    { "creationTime", STABLE(creation_time, RULE_DE_CREATION_TIME, RULE_DE_CREATION_TIME_FORM, is_dtm, FORM_DTM, RULE_DE_ON_DEMAND_TIME) },
    { "serviceStartTime", TEXT(service_start_time, RULE_NONE, RULE_DE_SERVICE_START_FORM, is_dtm, FORM_DTM) },
    { "serviceStopTime", TEXT(service_stop_time, RULE_NONE, RULE_DE_SERVICE_STOP_FORM, is_dtm, FORM_DTM) },
    { "hash", STABLE(hash, RULE_DE_HASH, RULE_DE_HASH_FORM, is_sha1, "a SHA-1 in 40 hexadecimal digits", RULE_DE_ON_DEMAND_HASH) },
    { "size", STABLE(size, RULE_DE_SIZE, RULE_DE_SIZE_FORM, is_size, "a number of bytes", RULE_DE_ON_DEMAND_SIZE) },
    { "languageCode", TEXT(language_code, RULE_DE_LANGUAGE, RULE_DE_LANGUAGE_FORM, is_language_tag, "a language tag such as ja-JP") },
    { "legalAuthenticator", TEXT(legal_authenticator, RULE_NONE, RULE_DE_LEGAL_AUTHENTICATOR_FORM, is_xcn, FORM_XCN) },
    { "mimeType", TEXT(mime_type, RULE_DE_MIME_TYPE, RULE_DE_MIME_TYPE_FORM, is_media_type, "type/subtype") },
    { "patientId", TEXT(patient_id, RULE_DE_PATIENT_ID, RULE_DE_PATIENT_ID_FORM, is_cx, FORM_CX) },
    { "sourcePatientId", TEXT(source_patient_id, RULE_DE_SOURCE_PATIENT_ID, RULE_DE_SOURCE_PATIENT_ID_FORM, is_cx, FORM_CX) },
    { "sourcePatientInfo", TEXTS(source_patient_info, RULE_DE_SOURCE_PATIENT_INFO_FORM, is_pid_field, "PID-n|value") },
    { "referenceIdList", TEXTS(reference_ids, RULE_DE_REFERENCE_ID_FORM, is_cxi, "ID^^^&OID&ISO^type, type such as urn:ihe:iti:xds:2013:accession") },
    { "repositoryUniqueId", TEXT(repository_unique_id, RULE_DE_REPOSITORY_ID, RULE_DE_REPOSITORY_ID_FORM, is_oid, FORM_OID) },
    { "uniqueId", TEXT(unique_id, RULE_DE_UNIQUE_ID, RULE_DE_UNIQUE_ID_FORM, is_unique_id, "an OID, OID^extension or a URI, of at most 256 characters") },
    { "URI", TEXT(uri, RULE_NONE, RULE_DE_URI_FORM, is_uri, "a URI, with every other character percent-encoded") },
    { "homeCommunityId", TEXT(home_community_id, RULE_NONE, RULE_DE_HOME_FORM, is_oid_urn, FORM_HOME) },
    { "title", TEXT(title, RULE_NONE, RULE_DE_TITLE_LENGTH, is_title, "at most 128 characters long") },
    { "documentAvailability", TEXT(document_availability, RULE_NONE, RULE_DE_AVAILABILITY_FORM, is_availability, "urn:ihe:iti:2010:DocumentAvailability:Online or …:Offline") },
};
#undef AT
#define AT(member) offsetof(struct submission_set, member)
static const struct attribute set_attributes[] = {
    { "contentTypeCode", CODES(content_type_code, RULE_SS_CONTENT_TYPE_CODE, RULE_CODE_SET, CODES_CONTENT_TYPE) },
    { "patientId", TEXT(patient_id, RULE_SS_PATIENT_ID, RULE_SS_PATIENT_ID_FORM, is_cx, FORM_CX) },
    { "sourceId", TEXT(source_id, RULE_SS_SOURCE_ID, RULE_SS_SOURCE_ID_FORM, is_oid, FORM_OID) },
    { "submissionTime", TEXT(submission_time, RULE_SS_SUBMISSION_TIME, RULE_SS_SUBMISSION_TIME_FORM, is_dtm, FORM_DTM) },
    { "uniqueId", TEXT(unique_id, RULE_SS_UNIQUE_ID, RULE_SS_UNIQUE_ID_FORM, is_oid, FORM_OID) },
    { "intendedRecipient", TEXTS(intended_recipients, RULE_SS_RECIPIENT_FORM, is_recipient, "organization|person|telecommunication (XON|XCN|XTN), one of them at least") },
    { "homeCommunityId", TEXT(home_community_id, RULE_NONE, RULE_SS_HOME_FORM, is_oid_urn, FORM_HOME) },
};
#undef AT
#define AT(member) offsetof(struct folder, member)
static const struct attribute folder_attributes[] = {
    { "codeList", CODES(codes, RULE_FD_CODE, RULE_CODE_FOLDER, CODES_FOLDER) },
    { "patientId", TEXT(patient_id, RULE_FD_PATIENT_ID, RULE_FD_PATIENT_ID_FORM, is_cx, FORM_CX) },
    { "title", TEXT(title, RULE_FD_TITLE, RULE_NONE, NULL, NULL) },
    { "uniqueId", TEXT(unique_id, RULE_FD_UNIQUE_ID, RULE_FD_UNIQUE_ID_FORM, is_oid, FORM_OID) },
    { "homeCommunityId", TEXT(home_community_id, RULE_NONE, RULE_FD_HOME_FORM, is_oid_urn, FORM_HOME) },
};
#undef AT
#define AT(member) offsetof(struct author, member)
static const struct attribute author_attributes[] = {
    { "authorPerson", TEXT(person, RULE_NONE, RULE_AUT_PERSON, is_xcn, FORM_XCN) },
    { "authorInstitution", TEXTS(institutions, RULE_AUT_INSTITUTION, is_xon, FORM_XON) },
    { "authorRole", TEXTS(roles, RULE_AUT_ROLE, is_coded_string, FORM_CODE) },
    { "authorSpecialty", TEXTS(specialties, RULE_AUT_SPECIALTY, is_coded_string, FORM_CODE) },
    { "authorTelecommunication", TEXTS(telecoms, RULE_AUT_TELECOM, is_xtn, FORM_XTN) },
};
#undef AT
#define AT(member) offsetof(struct association, member)
static const struct attribute association_attributes[] = {
    { "documentation", CODES(documentation, RULE_NONE, RULE_CODE_ASSOCIATION, CODES_ASSOCIATION) },
};
#undef AT
/* clang-format on */

static const struct class document_class = { "DocumentEntry", document_attributes, ARRAY_LEN(document_attributes) };
static const struct class set_class = { "SubmissionSet", set_attributes, ARRAY_LEN(set_attributes) };
static const struct class folder_class = { "Folder", folder_attributes, ARRAY_LEN(folder_attributes) };
static const struct class author_class = { "author", author_attributes, ARRAY_LEN(author_attributes) };
static const struct class association_class = { "Association", association_attributes,
                                                ARRAY_LEN(association_attributes) };

/* ---- one attribute ---- */

static void missing(const struct judged *j, const struct attribute *at)
{
    if (at->required != RULE_NONE && (at->barred == RULE_NONE || !j->is_on_demand))
        rq_rule(j->rq, at->required, j->place, "%s.%s is required", j->class->noun, at->name);
}

static void form_check(const struct judged *j, const struct attribute *at, const char *text)
{
    if (at->form != RULE_NONE && !at->fits(text))
        rq_rule(j->rq, at->form, j->place, "%s.%s is \"%.80s\"; it must be %s", j->class->noun, at->name, text,
                at->would_do);
}

static void text_check(const struct judged *j, const struct attribute *at, const void *field)
{
    const char *text = *(const char *const *)field;

    if (text_absent(text))
        missing(j, at);
    else if (at->barred != RULE_NONE && j->is_on_demand)
        rq_rule(j->rq, at->barred, j->place, "%s.%s is not for an on-demand document; leave it out", j->class->noun,
                at->name);
    else
        form_check(j, at, text);
}

static void texts_check(const struct judged *j, const struct attribute *at, const void *field)
{
    for (const struct text_list *v = *(struct text_list *const *)field; v != NULL; v = v->next)
        form_check(j, at, v->text);
}

/* What a consent document acknowledges is of every code set: an event that the community's policies name. */
static bool is_policy(const struct judged *j, const struct attribute *at, const struct code *c)
{
    return at->codes == CODES_EVENT && consent_policy_is(j->rq->community, c->code, c->scheme);
}

static void codes_check(const struct judged *j, const struct attribute *at, const void *field)
{
    const struct code_set *set = j->rq->community->codes;
    const struct code *codes = *(struct code *const *)field;

    if (codes == NULL)
        missing(j, at);
    for (const struct code *c = codes; c != NULL; c = c->next) {
        if (c->code == NULL || c->scheme == NULL) /* which the codec has told */
            continue;
        if (!code_set_has(set, at->codes, c->code, c->scheme) && !is_policy(j, at, c))
            rq_rule(j->rq, at->form, j->place, "%s.%s %.80s^^%.80s is not in this affinity domain's code set: %s",
                    j->class->noun, at->name, c->code, c->scheme, code_set_examples(j->rq->arena, set, at->codes));
    }
}

static void attributes_check(const struct judged *j, const void *object)
{
    static void (*const checks[])(const struct judged *j, const struct attribute *at, const void *field) = {
        [ATTRIBUTE_TEXT] = text_check, [ATTRIBUTE_TEXTS] = texts_check, [ATTRIBUTE_CODES] = codes_check
    };

    for (size_t i = 0; i < j->class->count; i++) {
        const struct attribute *at = &j->class->attributes[i];
        checks[at->kind](j, at, (const char *)object + at->offset);
    }
}

/* ---- what rows cannot say ---- */

static void authors_check(struct judged j, const struct author *a)
{
    j.class = &author_class;
    for (; a != NULL; a = a->next) {
        attributes_check(&j, a);
        if (a->person == NULL && a->institutions == NULL && a->telecoms == NULL)
            rq_rule(j.rq, RULE_AUT_WHO, j.place,
                    "this author needs an authorPerson, an authorInstitution or an authorTelecommunication");
    }
}

static void type_check(const struct judged *j, const struct document_entry *d)
{
    static const char *const wanted[] = { [SUBMISSION_STABLE] = TYPE_STABLE_DOCUMENT,
                                          [SUBMISSION_ON_DEMAND] = TYPE_ON_DEMAND_DOCUMENT,
                                          [SUBMISSION_ANY] = TYPE_STABLE_DOCUMENT " or " TYPE_ON_DEMAND_DOCUMENT };
    bool is_stable = text_equal(d->object_type, TYPE_STABLE_DOCUMENT);
    bool is_on_demand = text_equal(d->object_type, TYPE_ON_DEMAND_DOCUMENT);
    bool fits = (is_stable && j->kind != SUBMISSION_ON_DEMAND) || (is_on_demand && j->kind != SUBMISSION_STABLE);

    if (!fits)
        rq_rule(j->rq, RULE_DE_TYPE, j->place, "DocumentEntry.objectType is \"%.80s\"; here it must be %s",
                d->object_type != NULL ? d->object_type : "", wanted[j->kind]);
}

/* On the precision both have. */
static void service_times_check(const struct judged *j, const struct document_entry *d)
{
    const char *start = d->service_start_time, *stop = d->service_stop_time;

    if (start != NULL && stop != NULL && strncmp(start, stop, MIN(strlen(start), strlen(stop))) > 0)
        rq_rule(j->rq, RULE_DE_SERVICE_ORDER, j->place, "serviceStartTime %.20s is after serviceStopTime %.20s", start,
                stop);
}

static void patient_info_check(const struct judged *j, const struct document_entry *d)
{
    static const char *const barred[] = { "PID-2|", "PID-4|", "PID-12|", "PID-19|" };

    for (const struct text_list *v = d->source_patient_info; v != NULL; v = v->next) {
        for (size_t i = 0; i < ARRAY_LEN(barred); i++) {
            if (text_starts(v->text, barred[i]))
                rq_rule(j->rq, RULE_DE_SOURCE_PATIENT_INFO_BARRED, j->place,
                        "sourcePatientInfo holds %.*s, which it may not; leave it out", (int)strlen(barred[i]) - 1,
                        barred[i]);
        }
    }
}

static void mime_type_check(const struct judged *j, const struct document_entry *d)
{
    const struct code_set *set = j->rq->community->codes;

    if (d->mime_type != NULL && !code_set_has(set, CODES_MIME_TYPE, d->mime_type, NULL))
        rq_rule(j->rq, RULE_CODE_MIME_TYPE, j->place, "mimeType %.80s is not one this affinity domain takes: %s",
                d->mime_type, code_set_examples(j->rq->arena, set, CODES_MIME_TYPE));
}

/* The marker is XDR's and XDM's alone (ITI TF-3: Table 4.3.1-3). */
static void limited_check(const struct judged *j, const char *noun, bool is_limited)
{
    if (is_limited)
        rq_rule(j->rq, RULE_REQ_LIMITED, j->place,
                "this marks the %s as limited metadata, which a registry does not take; leave the marker out and give "
                "every "
                "required attribute",
                noun);
}

static void document_check(struct judged j, const struct document_entry *d)
{
    j.class = &document_class;
    j.place = d->place;
    j.is_on_demand = j.kind == SUBMISSION_ON_DEMAND ||
                     (j.kind == SUBMISSION_ANY && text_equal(d->object_type, TYPE_ON_DEMAND_DOCUMENT));
    type_check(&j, d);
    attributes_check(&j, d);
    limited_check(&j, "DocumentEntry", d->is_limited);
    service_times_check(&j, d);
    patient_info_check(&j, d);
    mime_type_check(&j, d);
    authors_check(j, d->authors);
}

void submission_attributes_check(struct request *rq, const struct submission *s, enum submission_kind kind)
{
    struct judged j = { .rq = rq, .kind = kind };

    for (const struct submission_set *o = s->sets; o != NULL; o = o->next) {
        j.class = &set_class;
        j.place = o->place;
        attributes_check(&j, o);
        limited_check(&j, "SubmissionSet", o->is_limited);
        authors_check(j, o->authors);
    }
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        document_check(j, o);
    for (const struct folder *o = s->folders; o != NULL; o = o->next) {
        j.class = &folder_class;
        j.place = o->place;
        attributes_check(&j, o);
        limited_check(&j, "Folder", o->is_limited);
    }
    for (const struct association *o = s->associations; o != NULL; o = o->next) {
        j.class = &association_class;
        j.place = o->place;
        attributes_check(&j, o);
    }
}
