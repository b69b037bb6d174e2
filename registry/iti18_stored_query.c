/*
 * ITI-18 Registry Stored Query (Document Consumer -> Document Registry).
 * ITI TF-2: 3.18. The queries themselves are rows in queries.c.
 */
#include "registry/registry.h"

#include "registry/query.h"

enum rc iti18_stored_query(struct request *rq)
{
    return query_serve(rq, false);
}
