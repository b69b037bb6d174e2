#pragma once
/*
 * Parameters of stored queries (ITI TF-2: 3.18.4.1.2.3.3 to .7, 3.51.4.1.2): one row says what a parameter is, wherever
 * it occurs; a query lists which it takes and how.
 */

#include "base/rc.h"
#include "msg/adhoc_query.h"
#include "registry/store.h"

struct request;

enum param_id {
    PARAM_NONE, /* ends a list */
    /* whom, which */
    PARAM_PATIENT, /* GetAll's */
    PARAM_DOCUMENT_PATIENT,
    PARAM_SET_PATIENT,
    PARAM_FOLDER_PATIENT,
    PARAM_UUID,
    PARAM_DOCUMENT_UUID,
    PARAM_DOCUMENT_UNIQUE_ID,
    PARAM_DOCUMENT_LOGICAL_ID,
    PARAM_SET_UUID,
    PARAM_SET_UNIQUE_ID,
    PARAM_FOLDER_UUID,
    PARAM_FOLDER_UNIQUE_ID,
    PARAM_FOLDER_LOGICAL_ID,
    /* filters of DocumentEntries */
    PARAM_DOCUMENT_STATUS,
    PARAM_DOCUMENT_TYPE,
    PARAM_DOCUMENT_AVAILABILITY,
    PARAM_CLASS,
    PARAM_TYPE,
    PARAM_FORMAT,
    PARAM_PRACTICE_SETTING,
    PARAM_FACILITY_TYPE,
    PARAM_EVENT,
    PARAM_CONFIDENTIALITY,
    PARAM_DOCUMENT_AUTHOR,
    PARAM_REFERENCE_ID,
    PARAM_CREATION_FROM,
    PARAM_CREATION_TO,
    PARAM_SERVICE_START_FROM,
    PARAM_SERVICE_START_TO,
    PARAM_SERVICE_STOP_FROM,
    PARAM_SERVICE_STOP_TO,
    /* of SubmissionSets */
    PARAM_SET_STATUS,
    PARAM_SOURCE_ID,
    PARAM_SUBMISSION_FROM,
    PARAM_SUBMISSION_TO,
    PARAM_SET_AUTHOR,
    PARAM_CONTENT_TYPE,
    /* of Folders */
    PARAM_FOLDER_STATUS,
    PARAM_FOLDER_CODE,
    PARAM_LAST_UPDATE_FROM,
    PARAM_LAST_UPDATE_TO,
    /* of Associations */
    PARAM_ASSOCIATION_STATUS,
    PARAM_ASSOCIATION_TYPE,
    /* how it is answered */
    PARAM_METADATA_LEVEL,
    PARAM_COUNT
};

enum param_kind {
    PARAM_TEXT,   /* any text; as a filter: equal */
    PARAM_CX,     /* id^^^&OID&ISO */
    PARAM_CODE,   /* code^^scheme */
    PARAM_LIKE,   /* text with % and _ */
    PARAM_FROM,   /* DTM: from <= attribute */
    PARAM_TO,     /* DTM: attribute < to */
    PARAM_STATUS, /* availabilityStatus */
    PARAM_LEVEL,  /* 1 or 2 */
    PARAM_KINDS
};

struct param_row {
    const char *name;
    enum param_kind kind;
    enum object_kind filters; /* objects of this kind must pass it; 0: it filters nothing by itself */
    enum key key;             /* the attribute of those objects that it is compared with */
    bool repeats;             /* AND: it may be sent again, and each of them must hold (3.18.4.1.2.3.5) */
    const char *absent;       /* what an object without the attribute is taken for; NULL: nothing */
};

/* How a query takes a parameter. */
enum param_how {
    TAKES_REQUIRED = 1,
    TAKES_SINGLE = 2,
    TAKES_ONE_OF = 4, /* exactly one of those that say so */
    TAKES_ANY_OF = 8, /* at least one of those that say so */
};

struct param_use {
    enum param_id id;
    unsigned how; /* enum param_how, or'ed */
};

/* A parameter as it was sent: any of its values will do. */
struct param {
    const struct param_row *row;
    struct text_list *values; /* never empty */
    struct param *next;       /* sent again */
    struct param *next_filter;
};

struct params {
    struct param *sent[PARAM_COUNT]; /* NULL: it was not */
    struct param *filters;           /* those that filter objects: all must hold */
};

/*
 * Reads what the query takes; parameters it does not know are ignored (3.18.4.1.2.3.7). E_REFUSED with an issue for
 * each fault, the parameter's name as its place: XDSStoredQueryMissingParam, XDSStoredQueryParamNumber,
 * XDSRegistryError for values that are not coded as they should be.
 */
MUST_CHECK enum rc params_read(struct request *rq, const struct adhoc_query *q, const struct param_use *uses,
                               struct params *out);

/* Do its values occur in objects just as they were sent? */
bool param_is_exact(const struct param *p);
bool param_code_is_whole(const char *value); /* code^^scheme */

const struct text_list *param_values(const struct params *p, enum param_id id); /* NULL: not sent */
const char *param_name(enum param_id id);                                       /* "$XDSDocumentEntryStatus" */
bool text_list_has(const struct text_list *list, const char *text);
