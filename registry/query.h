#pragma once
/*
 * One stored query on its way: what was asked, and what was found so far. A query is a row of queries.c; its run looks
 * objects up, lets query_passes judge them, and adds them.
 */

#include "base/rc.h"
#include "base/str.h"
#include "msg/adhoc_query.h"
#include "registry/id_set.h"
#include "registry/query_params.h"
#include "registry/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct query;
struct request;

/* How a query names objects of a kind. */
struct naming {
    enum object_kind kind;                     /* 0: any */
    enum param_id uuid, unique_id, logical_id; /* PARAM_NONE: not by this */
};

#define QUERY_USES 22

struct query_row {
    const char *id;
    enum rc (*run)(struct query *q);   /* adds what it finds */
    enum object_kind kind;             /* of the objects that query_find finds */
    enum param_id patient;             /* whose */
    struct param_use uses[QUERY_USES]; /* up to PARAM_NONE */
};

struct query {
    struct request *rq;
    const struct adhoc_query *sent;
    const struct query_row *row;
    struct params params;
    bool all_versions; /* $MetadataLevel 2 (XDS Metadata Update: 3.18.4.1.2.3.5.1.1) */
    bool stable_only;  /* it takes $XDSDocumentEntryType, and was sent none (3.18.4.1.2.3.6.2) */

    /* What was found: ready-made XML, in runs that are concatenated; references are one run. */
    struct str *runs;
    size_t run_count, run_capacity;
    struct buf *refs;
    struct id_set added;
    size_t count, limit; /* objects; limit 0: any number */
    int64_t patient;     /* of the first object that has one */
    size_t looked_at;    /* query_find_multi: objects met without a patient to go by */

    /* query_wake.c's */
    uint64_t scanned;      /* persons before this one were looked at */
    size_t woken;          /* in one go of the writer */
    bool is_woken;         /* all that it may find */
    struct arena *scratch; /* for one person */
};

/* ---- query.c ---- */

/*
 * Serves ITI-18 or ITI-51: reads, runs and answers. E_REFUSED with issues; nothing of what was found is in the answer
 * then.
 */
MUST_CHECK enum rc query_serve(struct request *rq, bool is_multi_patient);
/* Runs and answers, once whoever it may find is awake. */
MUST_CHECK enum rc query_run(struct query *q);

/* ---- query_found.c ---- */

/*
 * Adds an object, once, the way it was asked for; o need not live on. E_REFUSED: it makes the answer too large, or
 * belongs to another patient than those before.
 */
MUST_CHECK enum rc query_add(struct query *q, struct stored_object *o);
/* The same unless the parameters filter it out; an object_visitor, user is the query. */
MUST_CHECK enum rc query_add_passing(void *user, struct stored_object *o);
bool query_has(const struct query *q, int64_t object);

/* ---- query_filter.c ---- */

/* Is it what the parameters ask for, and visible at the metadata level? */
MUST_CHECK enum rc query_passes(const struct query *q, const struct stored_object *o, bool *passes);
/* The same of an association: $XDSAssociationStatus, Approved when it was not sent. */
bool query_link_passes(const struct query *q, const struct stored_link *l);
/* How a value of the parameter is compared with one of the attribute. */
bool (*query_fits(const struct param *p))(const char *attribute, const char *value);
/* Any of the parameter's values? */
bool query_any_fits(const struct param *p, const char *attribute);

/* ---- query_named.c ---- */

/* Each object that the parameters name, passing or not. */
MUST_CHECK enum rc query_each_named(struct query *q, const struct naming *naming, object_visitor *each, void *user);
extern const struct naming documents_named, sets_named, folders_named, any_named;

/* ---- query_find.c ---- */

/* Each object of the kind that belongs to the patient; user is the query. */
MUST_CHECK enum rc query_each_of_patient(struct query *q, const char *cx, enum object_kind kind, object_visitor *each);

/* ---- query_multi.c ---- */

/* What leads a query to its objects that names no patient; NULL for any other query. */
const struct param *query_leading(const struct query *q);
/* E_REFUSED with an issue when looked_at is more than one query may look at. */
MUST_CHECK enum rc query_looked_check(struct query *q);

/* ---- query_links.c ---- */

/* The other end of a link. */
MUST_CHECK enum rc query_object(struct query *q, int64_t id, struct stored_object *out);
MUST_CHECK enum rc query_add_association(struct query *q, int64_t association);
/* Every association from or to the object that passes. */
MUST_CHECK enum rc query_add_links(struct query *q, int64_t object);

/* ---- what queries do: query_find.c, query_multi.c, query_get.c, query_contents.c, query_related.c ---- */

enum rc query_find(struct query *q);
enum rc query_find_multi(struct query *q);
enum rc query_get_all(struct query *q);
enum rc query_get_documents(struct query *q);
enum rc query_get_folders(struct query *q);
enum rc query_get_associations(struct query *q);
enum rc query_get_documents_and_associations(struct query *q);
enum rc query_get_submission_sets(struct query *q);
enum rc query_get_folders_for_document(struct query *q);
enum rc query_get_submission_set_and_contents(struct query *q);
enum rc query_get_folder_and_contents(struct query *q);
enum rc query_get_related_documents(struct query *q);
