/*
 * FindDocuments: DocumentEntries of a patient, filtered (ITI TF-2: 3.18.4.1.2.3.7.1). A parameter is one row of the
 * table below; a row's kind has one function that judges a document by it.
 */
#include "registry/queries.h"

#include "registry/registry.h"
#include "registry/store.h"

#include <string.h>

#define PARAM_PATIENT "$XDSDocumentEntryPatientId"
#define PARAM_STATUS  "$XDSDocumentEntryStatus"
#define PARAM_TYPE    "$XDSDocumentEntryType"

/* One restriction: a parameter as it was sent, parsed. A document must pass all; any of its values will do. */
struct filter {
    const struct filter_row *row;
    struct text_list *values;
    struct code *codes; /* filter_code */
    struct filter *next;
};

struct filter_row {
    const char *param;
    bool is_single;
    bool repeats; /* the parameter may be sent again: every one of them must hold (3.18.4.1.2.3.5) */
    enum rc (*parse)(struct request *rq, struct filter *f); /* NULL: values as they are */
    enum rc (*passes)(struct request *rq, const struct filter *f, const struct stored_document *d, bool *passes);
    int which; /* enum document_code or document_time */
};

struct find {
    struct request *rq;
    const struct adhoc_query *query;
    struct found *found;
    struct filter *filters;
};

/* ---- kinds of filters ---- */

/* "code^^scheme" (3.18.4.1.2.3.3): both parts, nothing between. */
static enum rc code_parse(struct request *rq, struct filter *f)
{
    struct code **end = &f->codes;

    for (const struct text_list *v = f->values; v != NULL; v = v->next) {
        const char *carets = strstr(v->text, "^^");
        if (carets == NULL || carets == v->text || carets[2] == '\0')
            return rq_refuse(
                rq, ISSUE_XDS_REGISTRY_ERROR, f->row->param,
                "\"%.80s\" is no coded value; it is written 'code^^codingScheme' (ITI TF-2: 3.18.4.1.2.3.3)", v->text);
        struct code *code = ARENA_NEW(rq->arena, struct code);
        code->code = arena_strndup(rq->arena, v->text, (size_t)(carets - v->text));
        code->scheme = carets + 2;
        *end = code;
        end = &code->next;
    }
    return OK;
}

static enum rc code_passes(struct request *rq, const struct filter *f, const struct stored_document *d, bool *passes)
{
    *passes = false;
    for (const struct code *c = f->codes; c != NULL && !*passes; c = c->next)
        TRY(store_document_has_code(rq_db(rq), d->object.id, (enum document_code)f->row->which, c->code, c->scheme,
                                    passes));
    return OK;
}

static enum rc time_parse(struct request *rq, struct filter *f)
{
    const char *t = f->values->text;

    if (strspn(t, "0123456789") == strlen(t) && strlen(t) >= 4 && strlen(t) <= 14)
        return OK;
    return rq_refuse(rq, ISSUE_XDS_REGISTRY_ERROR, f->row->param,
                     "\"%.40s\" is no DTM: YYYY[MM[DD[hh[mm[ss]]]]], digits only", t);
}

/* Both sides padded with their lowest values to the second: 2025 is 20250101000000. */
static void time_pad(const char *dtm, char out[15])
{
    static const char lowest[] = "00000101000000";
    size_t n = MIN(strlen(dtm), 14);

    memcpy(out, dtm, n);
    memcpy(out + n, lowest + n, 15 - n);
}

static int time_compare(const char *a, const char *b)
{
    char x[15], y[15];

    time_pad(a, x);
    time_pad(b, y);
    return strcmp(x, y);
}

/*
 * From <= attribute < To (3.18.4.1.2.3.3). A document without the service time is not filtered out by it
 * (3.18.4.1.2.3.3.1), nor an on-demand document by creationTime, which it has not.
 */
static enum rc from_passes(struct request *rq UNUSED, const struct filter *f, const struct stored_document *d,
                           bool *passes)
{
    const char *t = d->times[f->row->which];

    *passes = t == NULL || time_compare(f->values->text, t) <= 0;
    return OK;
}

static enum rc to_passes(struct request *rq UNUSED, const struct filter *f, const struct stored_document *d,
                         bool *passes)
{
    const char *t = d->times[f->row->which];

    *passes = t == NULL || time_compare(t, f->values->text) < 0;
    return OK;
}

static enum rc author_passes(struct request *rq, const struct filter *f, const struct stored_document *d, bool *passes)
{
    *passes = false;
    for (const struct text_list *v = f->values; v != NULL && !*passes; v = v->next)
        TRY(store_document_has_author(rq_db(rq), d->object.id, v->text, passes));
    return OK;
}

static bool has_text(const struct text_list *values, const char *text)
{
    for (; values != NULL; values = values->next) {
        if (strcmp(values->text, text) == 0)
            return true;
    }
    return false;
}

/* Statuses nobody knows are ignored; if none is left the parameter is missing (3.18.4.1.2.3.6). */
static enum rc status_parse(struct request *rq, struct filter *f)
{
    if (has_text(f->values, STATUS_APPROVED) || has_text(f->values, STATUS_DEPRECATED))
        return OK;
    return rq_refuse(rq, ISSUE_XDS_STORED_QUERY_MISSING_PARAM, f->row->param,
                     "no value of %s is a status; they are " STATUS_APPROVED " and …:Deprecated", f->row->param);
}

static enum rc status_passes(struct request *rq UNUSED, const struct filter *f, const struct stored_document *d,
                             bool *passes)
{
    *passes = has_text(f->values, d->object.is_deprecated ? STATUS_DEPRECATED : STATUS_APPROVED);
    return OK;
}

static enum rc type_passes(struct request *rq UNUSED, const struct filter *f, const struct stored_document *d,
                           bool *passes)
{
    *passes = has_text(f->values, d->is_on_demand ? TYPE_ON_DEMAND_DOCUMENT : TYPE_STABLE_DOCUMENT);
    return OK;
}

static const struct filter_row filter_rows[] = {
    { PARAM_STATUS, false, false, status_parse, status_passes, 0 },
    { PARAM_TYPE, false, false, NULL, type_passes, 0 },
    { "$XDSDocumentEntryClassCode", false, false, code_parse, code_passes, CODE_CLASS },
    { "$XDSDocumentEntryTypeCode", false, false, code_parse, code_passes, CODE_TYPE },
    { "$XDSDocumentEntryFormatCode", false, false, code_parse, code_passes, CODE_FORMAT },
    { "$XDSDocumentEntryPracticeSettingCode", false, false, code_parse, code_passes, CODE_PRACTICE_SETTING },
    { "$XDSDocumentEntryHealthcareFacilityTypeCode", false, false, code_parse, code_passes, CODE_FACILITY_TYPE },
    { "$XDSDocumentEntryEventCodeList", false, true, code_parse, code_passes, CODE_EVENT },
    { "$XDSDocumentEntryConfidentialityCode", false, true, code_parse, code_passes, CODE_CONFIDENTIALITY },
    { "$XDSDocumentEntryAuthorPerson", false, false, NULL, author_passes, 0 },
    { "$XDSDocumentEntryCreationTimeFrom", true, false, time_parse, from_passes, TIME_CREATION },
    { "$XDSDocumentEntryCreationTimeTo", true, false, time_parse, to_passes, TIME_CREATION },
    { "$XDSDocumentEntryServiceStartTimeFrom", true, false, time_parse, from_passes, TIME_SERVICE_START },
    { "$XDSDocumentEntryServiceStartTimeTo", true, false, time_parse, to_passes, TIME_SERVICE_START },
    { "$XDSDocumentEntryServiceStopTimeFrom", true, false, time_parse, from_passes, TIME_SERVICE_STOP },
    { "$XDSDocumentEntryServiceStopTimeTo", true, false, time_parse, to_passes, TIME_SERVICE_STOP },
};

/* ---- the query ---- */

static const struct filter_row *row_find(const char *param)
{
    for (size_t i = 0; i < ARRAY_LEN(filter_rows); i++) {
        if (strcmp(filter_rows[i].param, param) == 0)
            return &filter_rows[i];
    }
    return NULL; /* parameters nobody knows are ignored (3.18.4.1.2.3.7) */
}

static enum rc filter_add(struct find *find, const struct filter_row *row, const struct slot *param)
{
    struct filter *f = ARENA_NEW(find->rq->arena, struct filter);

    f->row = row;
    for (const struct filter *other = find->filters; other != NULL; other = other->next) {
        if (other->row == row && !row->repeats)
            return rq_refuse(find->rq, ISSUE_XDS_STORED_QUERY_PARAM_NUMBER, row->param, "%s may be sent once",
                             row->param);
    }
    TRY(param_list(find->rq, param, &f->values));
    if (f->values == NULL)
        return OK;
    if (row->is_single && f->values->next != NULL)
        return rq_refuse(find->rq, ISSUE_XDS_STORED_QUERY_PARAM_NUMBER, row->param, "%s takes one value", row->param);
    if (row->parse != NULL)
        TRY(row->parse(find->rq, f));
    f->next = find->filters;
    find->filters = f;
    return OK;
}

static enum rc filters_read(struct find *find)
{
    for (const struct slot *p = find->query->params; p != NULL; p = p->next) {
        const struct filter_row *row = row_find(p->name);
        if (row != NULL)
            TRY(filter_add(find, row, p));
    }
    return OK;
}

/* Stable documents only, unless $XDSDocumentEntryType says otherwise (3.18.4.1.2.3.6.2). */
static bool passes_by_default(const struct find *find, const struct stored_document *d)
{
    return !d->is_on_demand || query_param(find->query, PARAM_TYPE) != NULL;
}

static enum rc find_add(void *user, const struct stored_document *d)
{
    struct find *find = user;
    bool passes = passes_by_default(find, d);

    for (const struct filter *f = find->filters; f != NULL && passes; f = f->next)
        TRY(f->row->passes(find->rq, f, d, &passes));
    if (passes)
        found_add(find->rq, find->query, find->found, &d->object);
    return OK;
}

enum rc query_find_documents(struct request *rq, const struct adhoc_query *q, struct found *found)
{
    struct find find = { .rq = rq, .query = q, .found = found };
    const char *cx;
    int64_t patient;

    TRY(param_required(rq, q, PARAM_PATIENT));
    TRY(param_required(rq, q, PARAM_STATUS));
    TRY(param_single(rq, q, PARAM_PATIENT, &cx));
    TRY(filters_read(&find));

    rq_stage(rq, "store");
    enum rc rc = store_patient_find(rq_db(rq), rq->community->number, cx != NULL ? cx : "", &patient);
    if (rc == E_NOT_FOUND)
        return OK; /* nobody knows this patient: an empty answer, not an error (ITI TF-3: Table 4.2.4.1-2) */
    TRY(rc);
    return store_documents_of_patient(rq->arena, rq_db(rq), rq->community->number, patient, find_add, &find);
}
