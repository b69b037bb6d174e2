#include "repository/recipient.h"

#include "base/str.h"

#include <stdarg.h>
#include <stddef.h>

/* ---- what must be there ---- */

enum kind { TEXT, CODE };

struct recipient_rule {
    const char *name;
    size_t offset; /* in its struct: a text, or a list of codes */
    enum kind kind;
    bool also_limited; /* required in limited metadata, too */
    enum rule rule;    /* the registry's of the same attribute */
};

#define DOC(field) offsetof(struct document_entry, field)
static const struct recipient_rule document_rules[] = {
    { "objectType", DOC(object_type), TEXT, true, RULE_DE_TYPE },
    { "classCode", DOC(class_code), CODE, false, RULE_DE_CLASS_CODE },
    { "confidentialityCode", DOC(confidentiality_codes), CODE, false, RULE_DE_CONFIDENTIALITY_CODE },
    { "creationTime", DOC(creation_time), TEXT, false, RULE_DE_CREATION_TIME },
    { "formatCode", DOC(format_code), CODE, false, RULE_DE_FORMAT_CODE },
    { "healthcareFacilityTypeCode", DOC(healthcare_facility_type_code), CODE, false, RULE_DE_FACILITY_TYPE_CODE },
    { "languageCode", DOC(language_code), TEXT, false, RULE_DE_LANGUAGE },
    { "patientId", DOC(patient_id), TEXT, false, RULE_DE_PATIENT_ID },
    { "practiceSettingCode", DOC(practice_setting_code), CODE, false, RULE_DE_PRACTICE_SETTING_CODE },
    { "sourcePatientId", DOC(source_patient_id), TEXT, false, RULE_DE_SOURCE_PATIENT_ID },
    { "typeCode", DOC(type_code), CODE, false, RULE_DE_TYPE_CODE },
};

#define SET(field) offsetof(struct submission_set, field)
static const struct recipient_rule set_rules[] = {
    { "entryUUID (@id)", SET(entry_uuid), TEXT, true, RULE_REQ_ID },
    { "contentTypeCode", SET(content_type_code), CODE, false, RULE_SS_CONTENT_TYPE_CODE },
    { "patientId", SET(patient_id), TEXT, false, RULE_SS_PATIENT_ID },
    { "sourceId", SET(source_id), TEXT, true, RULE_SS_SOURCE_ID },
    { "submissionTime", SET(submission_time), TEXT, true, RULE_SS_SUBMISSION_TIME },
    { "uniqueId", SET(unique_id), TEXT, true, RULE_SS_UNIQUE_ID },
};

#define FOLDER(field) offsetof(struct folder, field)
static const struct recipient_rule folder_rules[] = {
    { "entryUUID (@id)", FOLDER(entry_uuid), TEXT, true, RULE_REQ_ID },
    { "codeList", FOLDER(codes), CODE, false, RULE_FD_CODE },
    { "patientId", FOLDER(patient_id), TEXT, false, RULE_FD_PATIENT_ID },
    { "title", FOLDER(title), TEXT, false, RULE_FD_TITLE },
    { "uniqueId", FOLDER(unique_id), TEXT, true, RULE_FD_UNIQUE_ID },
};

struct object {
    const char *noun, *place;
    const void *struct_;
    bool is_limited;
};

static bool is_there(const struct recipient_rule *rule, const void *field)
{
    return rule->kind == TEXT ? !text_absent(*(const char *const *)field) : *(struct code *const *)field != NULL;
}

/* In the recipient's words; no community weighs what it takes in. */
static void PRINTF_LIKE(4, 5) broken(struct request *rq, enum rule rule, const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    rule_issue_add(rq->arena, &rq->issues, rule, ISSUE_XDS_REPOSITORY_METADATA_ERROR, place, fmt, ap);
    va_end(ap);
}

static void rules_check(struct request *rq, const struct object *o, const struct recipient_rule *rules, size_t count)
{
    for (const struct recipient_rule *rule = rules; rule < rules + count; rule++) {
        if ((o->is_limited && !rule->also_limited) || is_there(rule, (const char *)o->struct_ + rule->offset))
            continue;
        broken(rq, rule->rule, o->place, "%s.%s is required%s", o->noun, rule->name,
               rule->also_limited ? "" : " unless the object says limitedMetadata");
    }
}

#define CHECK(rq, noun, o, rules)                                                                                      \
    rules_check(rq, &(struct object){ (noun), (o)->place, (o), (o)->is_limited }, rules, ARRAY_LEN(rules))

static void sets_check(struct request *rq, const struct submission *s)
{
    if (s->sets == NULL || s->sets->next != NULL)
        broken(rq, RULE_REQ_ONE_SET, s->sets != NULL ? s->sets->next->place : NULL,
               "a submission has exactly one SubmissionSet; this has %s", s->sets != NULL ? "more" : "none");
}

void recipient_check(struct request *rq, const struct submission *s)
{
    sets_check(rq, s);
    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        CHECK(rq, "SubmissionSet", o, set_rules);
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        CHECK(rq, "DocumentEntry", o, document_rules);
    for (const struct folder *o = s->folders; o != NULL; o = o->next)
        CHECK(rq, "Folder", o, folder_rules);
}

/* ---- what is not acted upon ---- */

static const struct {
    const char *association;
    enum issue_code code;
} unprocessed[] = {
    { ASSOC_APND, ISSUE_PARTIAL_APPEND_CONTENT_NOT_PROCESSED },
    { ASSOC_RPLC, ISSUE_PARTIAL_REPLACE_CONTENT_NOT_PROCESSED },
    { ASSOC_XFRM, ISSUE_PARTIAL_TRANSFORM_NOT_PROCESSED },
    { ASSOC_XFRM_RPLC, ISSUE_PARTIAL_TRANSFORM_REPLACE_NOT_PROCESSED },
    { ASSOC_SIGNS, ISSUE_PARTIAL_RELATIONSHIP_CONTENT_NOT_PROCESSED },
    { ASSOC_IS_SNAPSHOT, ISSUE_PARTIAL_RELATIONSHIP_CONTENT_NOT_PROCESSED },
};

/* One warning for each type, at the first of it. */
static void association_warn(struct request *rq, const struct submission *s, size_t i)
{
    for (const struct association *as = s->associations; as != NULL; as = as->next) {
        if (!text_equal(as->type, unprocessed[i].association))
            continue;
        rq_warn_peer(rq, unprocessed[i].code, as->place,
                     "the inbox keeps this %s association as it came; a recipient has no registry to act on it",
                     as->type);
        return;
    }
}

void recipient_warn(struct request *rq, const struct submission *s)
{
    if (s->folders != NULL)
        rq_warn_peer(rq, ISSUE_PARTIAL_FOLDER_CONTENT_NOT_PROCESSED, s->folders->place,
                     "the inbox keeps folders as they came; a recipient has no registry to put them in");
    for (size_t i = 0; i < ARRAY_LEN(unprocessed); i++)
        association_warn(rq, s, i);
}
