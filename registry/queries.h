#pragma once
/* Stored queries: one row each (ITI TF-2: 3.18.4.1.2.4). */

#include "base/rc.h"
#include "base/str.h"
#include "msg/adhoc_query.h"

struct request;
struct stored_object;

/* What a query found, as ready-made XML: LeafClass objects or ObjectRefs, in runs that are concatenated. */
struct found {
    struct str *runs;
    size_t run_count, capacity;
};

/* Adds an object the way the query asked for it. */
void found_add(struct request *rq, const struct adhoc_query *q, struct found *f, const struct stored_object *object);

struct stored_query {
    const char *id, *name;
    /* Adds what it finds; E_REFUSED with issues on a parameter it cannot take. */
    enum rc (*run)(struct request *rq, const struct adhoc_query *q, struct found *found);
};

const struct stored_query *stored_query_find(const char *id); /* NULL: there is none */

/* query_find.c, query_get.c */
enum rc query_find_documents(struct request *rq, const struct adhoc_query *q, struct found *found);
enum rc query_get_documents(struct request *rq, const struct adhoc_query *q, struct found *found);

/*
 * Parameters. All refuse with the parameter's name as the place: XDSStoredQueryMissingParam, XDSStoredQueryParamNumber,
 * XDSRegistryError for broken quoting.
 */
MUST_CHECK enum rc param_required(struct request *rq, const struct adhoc_query *q, const char *name);
/* One value; NULL when absent. */
MUST_CHECK enum rc param_single(struct request *rq, const struct adhoc_query *q, const char *name, const char **out);
/* Any number; NULL when absent. */
MUST_CHECK enum rc param_list(struct request *rq, const struct slot *param, struct text_list **out);
