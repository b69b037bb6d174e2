#include "registry/query_params.h"

#include "actor/request.h"
#include "model/oid.h"
#include "model/patient.h"

#include <string.h>

#define DOCUMENT OBJECT_DOCUMENT
#define SET      OBJECT_SUBMISSION_SET
#define FOLDER   OBJECT_FOLDER

static const struct param_row rows[PARAM_COUNT] = {
    [PARAM_PATIENT] = { "$patientId", PARAM_CX },
    [PARAM_DOCUMENT_PATIENT] = { "$XDSDocumentEntryPatientId", PARAM_CX },
    [PARAM_SET_PATIENT] = { "$XDSSubmissionSetPatientId", PARAM_CX },
    [PARAM_FOLDER_PATIENT] = { "$XDSFolderPatientId", PARAM_CX },
    [PARAM_UUID] = { "$uuid", PARAM_TEXT },
    [PARAM_DOCUMENT_UUID] = { "$XDSDocumentEntryEntryUUID", PARAM_TEXT },
    [PARAM_DOCUMENT_UNIQUE_ID] = { "$XDSDocumentEntryUniqueId", PARAM_TEXT },
    [PARAM_DOCUMENT_LOGICAL_ID] = { "$XDSDocumentEntryLogicalID", PARAM_TEXT },
    [PARAM_SET_UUID] = { "$XDSSubmissionSetEntryUUID", PARAM_TEXT },
    [PARAM_SET_UNIQUE_ID] = { "$XDSSubmissionSetUniqueId", PARAM_TEXT },
    [PARAM_FOLDER_UUID] = { "$XDSFolderEntryUUID", PARAM_TEXT },
    [PARAM_FOLDER_UNIQUE_ID] = { "$XDSFolderUniqueId", PARAM_TEXT },
    [PARAM_FOLDER_LOGICAL_ID] = { "$XDSFolderLogicalID", PARAM_TEXT },

    [PARAM_DOCUMENT_STATUS] = { "$XDSDocumentEntryStatus", PARAM_STATUS, DOCUMENT },
    [PARAM_DOCUMENT_TYPE] = { "$XDSDocumentEntryType", PARAM_TEXT, DOCUMENT, KEY_OBJECT_TYPE },
    [PARAM_DOCUMENT_AVAILABILITY] = { "$XDSDocumentEntryDocumentAvailability", PARAM_TEXT, DOCUMENT, KEY_AVAILABILITY,
                                      .absent = AVAILABILITY_ONLINE },
    [PARAM_CLASS] = { "$XDSDocumentEntryClassCode", PARAM_CODE, DOCUMENT, KEY_CLASS_CODE },
    [PARAM_TYPE] = { "$XDSDocumentEntryTypeCode", PARAM_CODE, DOCUMENT, KEY_TYPE_CODE },
    [PARAM_FORMAT] = { "$XDSDocumentEntryFormatCode", PARAM_CODE, DOCUMENT, KEY_FORMAT_CODE },
    [PARAM_PRACTICE_SETTING] = { "$XDSDocumentEntryPracticeSettingCode", PARAM_CODE, DOCUMENT,
                                 KEY_PRACTICE_SETTING_CODE },
    [PARAM_FACILITY_TYPE] = { "$XDSDocumentEntryHealthcareFacilityTypeCode", PARAM_CODE, DOCUMENT,
                              KEY_FACILITY_TYPE_CODE },
    [PARAM_EVENT] = { "$XDSDocumentEntryEventCodeList", PARAM_CODE, DOCUMENT, KEY_EVENT_CODE, true },
    [PARAM_CONFIDENTIALITY] = { "$XDSDocumentEntryConfidentialityCode", PARAM_CODE, DOCUMENT, KEY_CONFIDENTIALITY_CODE,
                                true },
    [PARAM_DOCUMENT_AUTHOR] = { "$XDSDocumentEntryAuthorPerson", PARAM_LIKE, DOCUMENT, KEY_AUTHOR_PERSON },
    [PARAM_REFERENCE_ID] = { "$XDSDocumentEntryReferenceIdList", PARAM_LIKE, DOCUMENT, KEY_REFERENCE_ID, true },
    [PARAM_CREATION_FROM] = { "$XDSDocumentEntryCreationTimeFrom", PARAM_FROM, DOCUMENT, KEY_CREATION_TIME },
    [PARAM_CREATION_TO] = { "$XDSDocumentEntryCreationTimeTo", PARAM_TO, DOCUMENT, KEY_CREATION_TIME },
    [PARAM_SERVICE_START_FROM] = { "$XDSDocumentEntryServiceStartTimeFrom", PARAM_FROM, DOCUMENT,
                                   KEY_SERVICE_START_TIME },
    [PARAM_SERVICE_START_TO] = { "$XDSDocumentEntryServiceStartTimeTo", PARAM_TO, DOCUMENT, KEY_SERVICE_START_TIME },
    [PARAM_SERVICE_STOP_FROM] = { "$XDSDocumentEntryServiceStopTimeFrom", PARAM_FROM, DOCUMENT, KEY_SERVICE_STOP_TIME },
    [PARAM_SERVICE_STOP_TO] = { "$XDSDocumentEntryServiceStopTimeTo", PARAM_TO, DOCUMENT, KEY_SERVICE_STOP_TIME },

    [PARAM_SET_STATUS] = { "$XDSSubmissionSetStatus", PARAM_STATUS, SET },
    [PARAM_SOURCE_ID] = { "$XDSSubmissionSetSourceId", PARAM_TEXT, SET, KEY_SOURCE_ID },
    [PARAM_SUBMISSION_FROM] = { "$XDSSubmissionSetSubmissionTimeFrom", PARAM_FROM, SET, KEY_SUBMISSION_TIME },
    [PARAM_SUBMISSION_TO] = { "$XDSSubmissionSetSubmissionTimeTo", PARAM_TO, SET, KEY_SUBMISSION_TIME },
    [PARAM_SET_AUTHOR] = { "$XDSSubmissionSetAuthorPerson", PARAM_LIKE, SET, KEY_AUTHOR_PERSON },
    [PARAM_CONTENT_TYPE] = { "$XDSSubmissionSetContentType", PARAM_CODE, SET, KEY_CONTENT_TYPE_CODE },

    [PARAM_FOLDER_STATUS] = { "$XDSFolderStatus", PARAM_STATUS, FOLDER },
    [PARAM_FOLDER_CODE] = { "$XDSFolderCodeList", PARAM_CODE, FOLDER, KEY_FOLDER_CODE, true },
    [PARAM_LAST_UPDATE_FROM] = { "$XDSFolderLastUpdateTimeFrom", PARAM_FROM, FOLDER, KEY_LAST_UPDATE_TIME },
    [PARAM_LAST_UPDATE_TO] = { "$XDSFolderLastUpdateTimeTo", PARAM_TO, FOLDER, KEY_LAST_UPDATE_TIME },

    [PARAM_ASSOCIATION_STATUS] = { "$XDSAssociationStatus", PARAM_STATUS },
    [PARAM_ASSOCIATION_TYPE] = { "$AssociationTypes", PARAM_TEXT },
    [PARAM_METADATA_LEVEL] = { "$MetadataLevel", PARAM_LEVEL },
};

struct reader {
    struct request *rq;
    const char *query;            /* its name */
    const struct param_use *uses; /* up to PARAM_NONE */
    struct params *out;
};

/* ---- the forms of values, by kind ---- */

/* A rule's verdict is counted in the request's issues, and read there at the end. */
#define COMPLAIN(rq, rule, p, value, form)                                                                             \
    (void)rq_rule((rq), (rule), (p)->row->name, "\"%.80s\" is no value of %s: %s", (value), (p)->row->name, (form))

bool param_code_is_whole(const char *value)
{
    const char *carets = strstr(value, "^^");

    return carets != NULL && carets != value && carets[2] != '\0';
}

static void code_read(struct request *rq, struct param *p)
{
    for (const struct text_list *v = p->values; v != NULL; v = v->next) {
        if (!param_code_is_whole(v->text))
            COMPLAIN(rq, RULE_SQ_CODE, p, v->text, "a coded value is written 'code^^codingScheme'");
    }
}

static void cx_read(struct request *rq, struct param *p)
{
    struct patient_id id;

    for (const struct text_list *v = p->values; v != NULL; v = v->next) {
        if (patient_id_parse(rq->arena, v->text, &id) != OK)
            COMPLAIN(rq, RULE_SQ_PATIENT, p, v->text, "a patient id is written 'id^^^&OID&ISO'");
    }
}

static void time_read(struct request *rq, struct param *p)
{
    for (const struct text_list *v = p->values; v != NULL; v = v->next) {
        if (!is_dtm(v->text))
            COMPLAIN(rq, RULE_SQ_TIME, p, v->text, "a time is YYYY[MM[DD[hh[mm[ss]]]]], digits only");
    }
}

/* Statuses nobody knows are ignored; if none is left the parameter is missing (3.18.4.1.2.3.6). */
static void status_read(struct request *rq, struct param *p)
{
    if (!text_list_has(p->values, STATUS_APPROVED) && !text_list_has(p->values, STATUS_DEPRECATED))
        (void)rq_rule(rq, RULE_SQ_STATUS, p->row->name,
                      "no value of %s is a status; they are " STATUS_APPROVED " and …:Deprecated", p->row->name);
}

static void level_read(struct request *rq, struct param *p)
{
    if (strcmp(p->values->text, "1") != 0 && strcmp(p->values->text, "2") != 0)
        COMPLAIN(rq, RULE_SQ_LEVEL, p, p->values->text, "it is 1 or 2");
}

static void (*const kinds[PARAM_KINDS])(struct request *rq, struct param *p) = {
    [PARAM_CX] = cx_read,   [PARAM_CODE] = code_read,     [PARAM_FROM] = time_read,
    [PARAM_TO] = time_read, [PARAM_STATUS] = status_read, [PARAM_LEVEL] = level_read,
};

/* ---- one slot ---- */

static const struct param_use *use_find(const struct reader *r, const char *name)
{
    for (const struct param_use *use = r->uses; use->id != PARAM_NONE; use++) {
        if (strcmp(rows[use->id].name, name) == 0)
            return use;
    }
    return NULL;
}

static void param_add(struct reader *r, const struct param_use *use, struct param *p)
{
    struct param **end = &r->out->sent[use->id];

    if (*end != NULL && !p->row->repeats) {
        (void)rq_rule(r->rq, RULE_SQ_ONCE, p->row->name, "%s may be sent once", p->row->name);
        return;
    }
    while (*end != NULL)
        end = &(*end)->next;
    *end = p;
    if (p->row->filters != 0) {
        p->next_filter = r->out->filters;
        r->out->filters = p;
    }
    if ((use->how & TAKES_SINGLE) && p->values->next != NULL)
        (void)rq_rule(r->rq, RULE_SQ_SINGLE, p->row->name, "%s takes one value", p->row->name);
    else if (kinds[p->row->kind] != NULL)
        kinds[p->row->kind](r->rq, p);
}

/* "" says nothing. */
static struct text_list *without_empty(struct text_list *list)
{
    struct text_list *first = list;

    for (struct text_list **end = &first; *end != NULL;) {
        if ((*end)->text[0] == '\0')
            *end = (*end)->next;
        else
            end = &(*end)->next;
    }
    return first;
}

/* Does every rim:Value look like text that somebody forgot to quote? */
static bool is_unquoted(const struct slot *slot)
{
    for (const struct text_list *v = slot->values; v != NULL; v = v->next) {
        if (v->text[0] == '\'' || v->text[0] == '(')
            return false;
    }
    return true;
}

static enum rc values_read(struct request *rq, const struct slot *slot, struct text_list **out)
{
    if (query_values_parse(rq->arena, slot, out) == OK)
        return OK;
    if (!is_unquoted(slot))
        return rq_rule(rq, RULE_SQ_GRAMMAR, slot->name,
                       "the value of %s is no 'text', number or list ('a','b') with every quote within doubled",
                       slot->name);
    TRY(rq_rule(rq, RULE_SQ_QUOTED, slot->name, "the value of %s is text, and not quoted: write '%.80s'", slot->name,
                slot->values->text));
    *out = slot->values;
    return OK;
}

static void slot_read(struct reader *r, const struct slot *slot)
{
    const struct param_use *use = use_find(r, slot->name);
    struct param *p;

    if (use == NULL)
        return;
    p = ARENA_NEW(r->rq->arena, struct param);
    p->row = &rows[use->id];
    if (values_read(r->rq, slot, &p->values) != OK)
        return;
    p->values = without_empty(p->values);
    if (p->values != NULL) /* else it was not sent */
        param_add(r, use, p);
}

/* ---- all of them ---- */

/* "$A, $B or $C": those that say how. */
static const char *names(const struct reader *r, enum param_how how)
{
    const char *list = NULL, *last = NULL;

    for (const struct param_use *use = r->uses; use->id != PARAM_NONE; use++) {
        if (!(use->how & how))
            continue;
        if (last != NULL)
            list = list == NULL ? last : arena_printf(r->rq->arena, "%s, %s", list, last);
        last = rows[use->id].name;
    }
    return list == NULL ? last : arena_printf(r->rq->arena, "%s or %s", list, last);
}

/* How many that say how were sent; the first and the last of them that could be. */
static int uses_count(const struct reader *r, enum param_how how, const char **first, const char **last)
{
    int n = 0;

    for (const struct param_use *use = r->uses; use->id != PARAM_NONE; use++) {
        if (!(use->how & how))
            continue;
        *first = *first == NULL ? rows[use->id].name : *first;
        if (r->out->sent[use->id] != NULL) {
            *last = rows[use->id].name;
            n++;
        }
    }
    return n;
}

static void choice_check(const struct reader *r, enum param_how how)
{
    const char *first = NULL, *last = NULL;
    int n = uses_count(r, how, &first, &last);

    if (first == NULL)
        return;
    if (n == 0)
        (void)rq_rule(r->rq, RULE_SQ_CHOICE, first, "%s requires %s", r->query, names(r, how));
    else if (n > 1 && how == TAKES_ONE_OF)
        (void)rq_rule(r->rq, RULE_SQ_EXCLUSIVE, last, "%s takes %s, one of them only", r->query, names(r, how));
}

/* One that was sent and refused for its value is not missing besides. */
static bool is_named(const struct adhoc_query *q, const char *name, const struct issue_list *issues)
{
    for (const struct issue *issue = issues->first; issue != NULL; issue = issue->next) {
        if (text_equal(issue->place, name))
            return query_param(q, name) != NULL;
    }
    return false;
}

static void required_check(const struct reader *r, const struct adhoc_query *q)
{
    for (const struct param_use *use = r->uses; use->id != PARAM_NONE; use++) {
        const char *name = rows[use->id].name;
        if ((use->how & TAKES_REQUIRED) && r->out->sent[use->id] == NULL && !is_named(q, name, &r->rq->issues))
            (void)rq_rule(r->rq, RULE_SQ_REQUIRED, name, "%s requires the parameter %s", r->query, name);
    }
}

enum rc params_read(struct request *rq, const struct adhoc_query *q, const struct param_use *uses, struct params *out)
{
    struct reader r = { .rq = rq, .query = stored_query_find(q->id)->name, .uses = uses, .out = out };

    *out = (struct params){ 0 };
    for (const struct slot *slot = q->params; slot != NULL; slot = slot->next)
        slot_read(&r, slot);
    required_check(&r, q);
    choice_check(&r, TAKES_ONE_OF);
    choice_check(&r, TAKES_ANY_OF);
    return rq->issues.errors > 0 ? E_REFUSED : OK;
}

const struct text_list *param_values(const struct params *p, enum param_id id)
{
    return p->sent[id] == NULL ? NULL : p->sent[id]->values;
}

const char *param_name(enum param_id id)
{
    return rows[id].name;
}

bool param_is_exact(const struct param *p)
{
    if (p->row->kind != PARAM_CODE)
        return p->row->kind == PARAM_TEXT;
    for (const struct text_list *v = p->values; v != NULL; v = v->next) {
        if (!param_code_is_whole(v->text))
            return false;
    }
    return true;
}

bool text_list_has(const struct text_list *list, const char *text)
{
    for (; list != NULL; list = list->next) {
        if (strcmp(list->text, text) == 0)
            return true;
    }
    return false;
}
