/*
 * ITI-18 Registry Stored Query (Document Consumer -> Document Registry).
 * ITI TF-2: 3.18. The queries themselves are rows in queries.c.
 */
#include "registry/registry.h"

#include "registry/queries.h"

enum rc iti18_stored_query(struct request *rq)
{
    struct adhoc_query query;
    struct found found = { 0 };

    TRY(adhoc_query_decode(rq->arena, rq->body, &query, &rq->issues));

    const struct stored_query *sq = stored_query_find(query.id);
    if (sq == NULL)
        return rq_refuse(rq, ISSUE_XDS_UNKNOWN_STORED_QUERY, "AdhocQuery/@id", "this registry has no stored query %s",
                         query.id);
    TRY(sq->run(rq, &query, &found));

    struct adhoc_response response = {
        .status = REGISTRY_SUCCESS, .issues = rq->issues, .objects = found.runs, .count = found.run_count
    };
    rq_stage(rq, "encode");
    adhoc_response_encode(&response, rq->reply);
    return OK;
}
