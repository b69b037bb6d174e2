#include "registry/submission.h"

#include "actor/request.h"
#include "model/oid.h"
#include "model/patient.h"

#include <stdlib.h>
#include <string.h>

/* ---- attributes: one row each (ITI TF-3: Table 4.3.1-3, column of ITI-42) ---- */

enum attribute_kind { ATTRIBUTE_TEXT, ATTRIBUTE_CODE };

struct attribute_rule {
    const char *name;
    size_t offset; /* in its struct: a text, or a list of codes */
    enum attribute_kind kind;
    bool is_required;
    bool (*fits)(const char *text); /* NULL: any text */
    const char *form;               /* what would satisfy it */
    const char *section;
};

static bool is_cx(const char *text)
{
    struct arena *a = arena_new();
    struct patient_id id;
    bool fits = patient_id_parse(a, text, &id) == OK;

    arena_free(a);
    return fits;
}

static bool is_size(const char *text)
{
    return strspn(text, "0123456789") == strlen(text) && text[0] != '\0';
}

static bool is_document_type(const char *text)
{
    return strcmp(text, TYPE_STABLE_DOCUMENT) == 0;
}

static bool is_title(const char *text)
{
    size_t characters = 0;

    for (; *text != '\0'; text++)
        characters += (*text & 0xc0) != 0x80;
    return characters <= 128;
}

#define FORM_CX  "ID^^^&OID&ISO"
#define FORM_DTM "YYYY[MM[DD[hh[mm[ss]]]]] in UTC"
#define FORM_OID "an OID of at most 64 characters"

#define DOC(field) offsetof(struct document_entry, field)
static const struct attribute_rule document_rules[] = {
    { "objectType", DOC(object_type), ATTRIBUTE_TEXT, true, is_document_type,
      "that of a stable document, " TYPE_STABLE_DOCUMENT, "4.2.3.2.30" },
    { "classCode", DOC(class_code), ATTRIBUTE_CODE, true, NULL, NULL, "4.2.3.2.3" },
    { "typeCode", DOC(type_code), ATTRIBUTE_CODE, true, NULL, NULL, "4.2.3.2.25" },
    { "formatCode", DOC(format_code), ATTRIBUTE_CODE, true, NULL, NULL, "4.2.3.2.9" },
    { "healthcareFacilityTypeCode", DOC(healthcare_facility_type_code), ATTRIBUTE_CODE, true, NULL, NULL,
      "4.2.3.2.11" },
    { "practiceSettingCode", DOC(practice_setting_code), ATTRIBUTE_CODE, true, NULL, NULL, "4.2.3.2.17" },
    { "confidentialityCode", DOC(confidentiality_codes), ATTRIBUTE_CODE, true, NULL, NULL, "4.2.3.2.5" },
    { "eventCodeList", DOC(event_codes), ATTRIBUTE_CODE, false, NULL, NULL, "4.2.3.2.8" },
    { "creationTime", DOC(creation_time), ATTRIBUTE_TEXT, true, is_dtm, FORM_DTM, "4.2.3.2.6" },
    { "serviceStartTime", DOC(service_start_time), ATTRIBUTE_TEXT, false, is_dtm, FORM_DTM, "4.2.3.2.19" },
    { "serviceStopTime", DOC(service_stop_time), ATTRIBUTE_TEXT, false, is_dtm, FORM_DTM, "4.2.3.2.20" },
    { "hash", DOC(hash), ATTRIBUTE_TEXT, true, is_sha1, "a SHA-1 in 40 hexadecimal digits", "4.2.3.2.10" },
    { "size", DOC(size), ATTRIBUTE_TEXT, true, is_size, "a number of bytes", "4.2.3.2.21" },
    { "languageCode", DOC(language_code), ATTRIBUTE_TEXT, true, is_language_tag, "a language tag such as ja-JP",
      "4.2.3.2.13" },
    { "mimeType", DOC(mime_type), ATTRIBUTE_TEXT, true, is_media_type, "type/subtype", "4.2.3.2.15" },
    { "patientId", DOC(patient_id), ATTRIBUTE_TEXT, true, is_cx, FORM_CX, "4.2.3.2.16" },
    { "sourcePatientId", DOC(source_patient_id), ATTRIBUTE_TEXT, true, is_cx, FORM_CX, "4.2.3.2.22" },
    { "repositoryUniqueId", DOC(repository_unique_id), ATTRIBUTE_TEXT, true, is_oid, FORM_OID, "4.2.3.2.18" },
    { "uniqueId", DOC(unique_id), ATTRIBUTE_TEXT, true, NULL, NULL, "4.2.3.2.26" },
    { "homeCommunityId", DOC(home_community_id), ATTRIBUTE_TEXT, false, is_oid_urn, "urn:oid: and an OID",
      "4.2.3.2.12" },
    { "title", DOC(title), ATTRIBUTE_TEXT, false, is_title, "at most 128 characters", "4.2.3.2.24" },
};

#define SET(field) offsetof(struct submission_set, field)
static const struct attribute_rule set_rules[] = {
    { "contentTypeCode", SET(content_type_code), ATTRIBUTE_CODE, true, NULL, NULL, "4.2.3.3.4" },
    { "patientId", SET(patient_id), ATTRIBUTE_TEXT, true, is_cx, FORM_CX, "4.2.3.3.8" },
    { "sourceId", SET(source_id), ATTRIBUTE_TEXT, true, is_oid, FORM_OID, "4.2.3.3.9" },
    { "submissionTime", SET(submission_time), ATTRIBUTE_TEXT, true, is_dtm, FORM_DTM, "4.2.3.3.10" },
    { "uniqueId", SET(unique_id), ATTRIBUTE_TEXT, true, is_oid, FORM_OID, "4.2.3.3.12" },
    { "homeCommunityId", SET(home_community_id), ATTRIBUTE_TEXT, false, is_oid_urn, "urn:oid: and an OID",
      "4.2.3.3.6" },
};

#define FOLDER(field) offsetof(struct folder, field)
static const struct attribute_rule folder_rules[] = {
    { "codeList", FOLDER(codes), ATTRIBUTE_CODE, true, NULL, NULL, "4.2.3.4.2" },
    { "patientId", FOLDER(patient_id), ATTRIBUTE_TEXT, true, is_cx, FORM_CX, "4.2.3.4.7" },
    { "title", FOLDER(title), ATTRIBUTE_TEXT, true, NULL, NULL, "4.2.3.4.8" },
    { "uniqueId", FOLDER(unique_id), ATTRIBUTE_TEXT, true, is_oid, FORM_OID, "4.2.3.4.9" },
};

static void refuse(struct request *rq, const char *place, const char *attribute, const struct attribute_rule *rule,
                   const char *value)
{
    if (value == NULL)
        rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, place, "%s.%s is required (ITI TF-3: %s)", attribute,
                  rule->name, rule->section);
    else
        rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, place, "%s.%s is \"%.80s\"; it must be %s (ITI TF-3: %s)",
                  attribute, rule->name, value, rule->form, rule->section);
}

static void text_check(struct request *rq, const char *what, const char *place, const struct attribute_rule *rule,
                       const char *text)
{
    if (text_absent(text)) {
        if (rule->is_required)
            refuse(rq, place, what, rule, NULL);
    } else if (rule->fits != NULL && !rule->fits(text)) {
        refuse(rq, place, what, rule, text);
    }
}

static void codes_check(struct request *rq, const char *what, const char *place, const struct attribute_rule *rule,
                        const struct code *codes)
{
    if (codes == NULL && rule->is_required)
        refuse(rq, place, what, rule, NULL);
    for (const struct code *c = codes; c != NULL; c = c->next) {
        if (text_absent(c->code) || text_absent(c->scheme) || text_absent(c->display))
            rq_refuse(
                rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, place,
                "%s.%s needs a code (nodeRepresentation), a codingScheme and a display name (ITI TF-3: 4.2.3.1.2)",
                what, rule->name);
    }
}

static void attributes_check(struct request *rq, const char *what, const char *place, const void *object,
                             const struct attribute_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const void *field = (const char *)object + rules[i].offset;
        if (rules[i].kind == ATTRIBUTE_TEXT)
            text_check(rq, what, place, &rules[i], *(const char *const *)field);
        else
            codes_check(rq, what, place, &rules[i], *(struct code *const *)field);
    }
}

/* The marker is XDR's and XDM's alone (ITI TF-3: Table 4.3.1-3). */
static void limit_check(struct request *rq, const char *place, bool is_limited)
{
    if (is_limited)
        rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, place,
                  "a registry takes no limited metadata; leave the marker out and give every required attribute (ITI "
                  "TF-3: 4.2.3.2.29)");
}

static void limits_check(struct request *rq, const struct submission *s)
{
    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        limit_check(rq, o->place, o->is_limited);
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        limit_check(rq, o->place, o->is_limited);
    for (const struct folder *o = s->folders; o != NULL; o = o->next)
        limit_check(rq, o->place, o->is_limited);
}

static void objects_check(struct request *rq, const struct submission *s)
{
    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        attributes_check(rq, "SubmissionSet", o->place, o, set_rules, ARRAY_LEN(set_rules));
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        attributes_check(rq, "DocumentEntry", o->place, o, document_rules, ARRAY_LEN(document_rules));
    for (const struct folder *o = s->folders; o != NULL; o = o->next)
        attributes_check(rq, "Folder", o->place, o, folder_rules, ARRAY_LEN(folder_rules));
}

/* ---- the submission as a whole ---- */

static void sets_check(struct request *rq, const struct submission *s)
{
    if (s->sets == NULL)
        rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, NULL,
                  "a submission has exactly one SubmissionSet (ITI TF-3: 4.1.4); this has none");
    else if (s->sets->next != NULL)
        rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, s->sets->next->place,
                  "a submission has exactly one SubmissionSet (ITI TF-3: 4.1.4); this has more");
}

static void ids_check(struct request *rq, const struct submission_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        const struct member *m = &index->members[i];
        if (m->id[0] == '\0')
            rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, m->place, "every object has an @id (ITI TF-3: 4.2.3.1.5)");
        else if (text_starts(m->id, "urn:uuid:") && !is_uuid_urn(m->id))
            rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, m->place,
                      "@id %.80s is no UUID in lower case (ITI TF-3: 4.2.3.1.5)", m->id);
        else if (i > 0 && strcmp(m->id, index->members[i - 1].id) == 0)
            rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, m->place, "two objects have the @id %.80s", m->id);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void unique_ids_check(struct request *rq, const struct submission *s, size_t objects)
{
    const char **ids = ARENA_ARRAY(rq->arena, const char *, objects + 1);
    size_t n = 0;

    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        ids[n++] = o->unique_id;
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        ids[n++] = o->unique_id;
    for (const struct folder *o = s->folders; o != NULL; o = o->next)
        ids[n++] = o->unique_id;
    for (size_t i = 0; i < n; i++)
        ids[i] = ids[i] != NULL ? ids[i] : "";
    qsort(ids, n, sizeof(*ids), by_text);
    for (size_t i = 1; i < n; i++) {
        if (ids[i][0] != '\0' && strcmp(ids[i], ids[i - 1]) == 0)
            rq_refuse(rq, ISSUE_XDS_REGISTRY_DUPLICATE_UNIQUE_ID_IN_MESSAGE, ids[i],
                      "the uniqueId %.80s is used twice in this submission", ids[i]);
    }
}

static void patient_check(struct request *rq, const struct submission *s, const struct submission_index *index)
{
    const char *patient = s->sets != NULL ? s->sets->patient_id : NULL;

    for (size_t i = 0; i < index->count; i++) {
        const struct member *m = &index->members[i];
        if (patient != NULL && m->patient_id != NULL && strcmp(m->patient_id, patient) != 0)
            rq_refuse(rq, ISSUE_XDS_PATIENT_ID_DOES_NOT_MATCH, m->place,
                      "patientId %.80s differs from the SubmissionSet's %.80s (ITI TF-2: 3.42.4.1.3.3.2)",
                      m->patient_id, patient);
    }
}

/* A registry judges times on the precision both have (ITI TF-2: 3.42.4.1.3.3.6). */
static void service_times_check(struct request *rq, const struct document_entry *d)
{
    const char *start = d->service_start_time, *stop = d->service_stop_time;

    if (start != NULL && stop != NULL && strncmp(start, stop, MIN(strlen(start), strlen(stop))) > 0)
        rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, d->place,
                  "serviceStartTime %.20s is after serviceStopTime %.20s", start, stop);
}

/* ---- associations ---- */

static const struct association_kind kinds[] = {
    { ASSOC_HAS_MEMBER, false, false, false }, { ASSOC_RPLC, true, true, true },
    { ASSOC_XFRM, true, false, false },        { ASSOC_APND, true, false, false },
    { ASSOC_XFRM_RPLC, true, true, true },     { ASSOC_SIGNS, true, false, false },
    { ASSOC_IS_SNAPSHOT, true, true, false },
};

const struct association_kind *association_kind(const char *type)
{
    for (size_t i = 0; type != NULL && i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kinds[i].type, type) == 0)
            return &kinds[i];
    }
    return NULL;
}

/* SubmissionSetStatus says whether the document comes with the message (ITI TF-3: 4.2.2.1.1). */
static void membership_check(struct request *rq, const struct association *as, const struct submission_index *index)
{
    const struct member *source = submission_index_find(index, as->source),
                        *target = submission_index_find(index, as->target);
    bool is_document = target != NULL && target->kind == OBJECT_DOCUMENT;

    if (source == NULL || source->kind != OBJECT_SUBMISSION_SET)
        return;
    if (is_document && !text_equal(as->submission_set_status, "Original"))
        rq_refuse(
            rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, as->place,
            "HasMember of a document in this submission needs SubmissionSetStatus Original (ITI TF-3: 4.2.2.1.1)");
    if (target == NULL && !text_equal(as->submission_set_status, "Reference"))
        rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, as->place,
                  "HasMember of a document that is not in this submission needs SubmissionSetStatus Reference (ITI "
                  "TF-3: 4.2.2.1.1)");
}

static void association_check(struct request *rq, const struct association *as, const struct submission_index *index)
{
    const struct association_kind *kind = association_kind(as->type);
    const struct member *source = submission_index_find(index, as->source);

    if (kind == NULL) {
        rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, as->place, "associationType %.80s is none of ITI TF-3: 4.2.2",
                  as->type != NULL ? as->type : "(none)");
        return;
    }
    if (!kind->is_relationship)
        membership_check(rq, as, index);
    else if (source == NULL || source->kind != OBJECT_DOCUMENT)
        rq_refuse(rq, ISSUE_XDS_UNRESOLVED_REFERENCE, as->place,
                  "sourceObject %.80s is no document of this submission (ITI TF-2: 3.42.4.1.3.5)",
                  as->source != NULL ? as->source : "(none)");
}

static bool is_member_of_set(const struct submission *s, const char *id)
{
    for (const struct association *as = s->associations; as != NULL; as = as->next) {
        if (text_equal(as->type, ASSOC_HAS_MEMBER) && text_equal(as->target, id) &&
            text_equal(as->source, s->sets->entry_uuid))
            return true;
    }
    return false;
}

/* Every document and folder is a member of the submission set (ITI TF-3: 4.2.1.4). */
static void links_check(struct request *rq, const struct submission *s)
{
    for (const struct document_entry *d = s->documents; d != NULL; d = d->next) {
        if (!is_member_of_set(s, d->entry_uuid))
            rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, d->place,
                      "no HasMember links the SubmissionSet to this DocumentEntry (ITI TF-3: 4.2.1.4)");
    }
    for (const struct folder *f = s->folders; f != NULL; f = f->next) {
        if (!is_member_of_set(s, f->entry_uuid))
            rq_refuse(rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, f->place,
                      "no HasMember links the SubmissionSet to this Folder (ITI TF-3: 4.2.1.4)");
    }
}

void submission_check(struct request *rq, const struct submission *s)
{
    struct submission_index index;

    submission_index_build(rq->arena, s, &index);
    sets_check(rq, s);
    objects_check(rq, s);
    limits_check(rq, s);
    ids_check(rq, &index);
    unique_ids_check(rq, s, index.count);
    patient_check(rq, s, &index);
    for (const struct document_entry *d = s->documents; d != NULL; d = d->next)
        service_times_check(rq, d);
    for (const struct association *as = s->associations; as != NULL; as = as->next)
        association_check(rq, as, &index);
    if (s->sets != NULL)
        links_check(rq, s);
}
