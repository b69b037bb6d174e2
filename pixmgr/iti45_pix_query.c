/*
 * ITI-45 PIXV3 Query (PIX Consumer -> PIX Manager): the other ids of a patient. ITI TF-2: 3.45; the cases are those of
 * 3.45.4.2.3.
 */
#include "pixmgr/pixmgr.h"

#include "base/str.h"
#include "model/oid.h"
#include "msg/prpa_pix.h"
#include "pixmgr/store.h"

/* Case 5: a detail for each requested domain nobody knows. */
static enum rc data_sources_check(struct request *rq, const struct pix_query *query)
{
    enum rc rc = OK;
    int n = 1;

    for (const struct patient_id *s = query->data_sources; s != NULL && rq->issues.errors < DETAILS_MAX;
         s = s->next, n++) {
        if (!domain_is_known(rq, s->root))
            rc = domain_refuse(rq, pix_data_source_place(rq->arena, n), s->root);
    }
    return rc;
}

/* Case 4: the manager does not recognise the id, or not even its domain. */
static enum rc ids_of_patient(struct request *rq, const struct pix_query *query, struct patient_id **ids)
{
    const struct patient_id *asked = &query->patient_id;

    if (!domain_is_known(rq, asked->root))
        return domain_refuse(rq, query->patient_id_place, asked->root);
    rq_stage(rq, "store");
    enum rc rc = store_patient_ids(rq->arena, rq_db(rq), rq->community->number, asked, ids);
    if (rc == E_NOT_FOUND)
        return rq_rule(rq, RULE_V3_PIX_KNOWN, query->patient_id_place,
                       "no patient has the id %s in the domain %s here; a feed (ITI-44) makes it known",
                       asked->extension, asked->root);
    return rc;
}

enum rc iti45_pix_query(struct request *rq)
{
    struct pix_query query;
    struct patient_id *ids = NULL;

    TRY(pix_query_decode(rq->arena, rq->body, &query, &rq->issues));
    enum rc sources = data_sources_check(rq, &query), patient = ids_of_patient(rq, &query, &ids);
    TRY(patient);
    TRY(sources);

    struct pix_answer answer = {
        .query = &query,
        .found = domain_select(ids, query.data_sources, &query.patient_id), /* cases 1, 2, 3, 6 */
        .custodian_root = oid_of_urn(rq->community->home_community_id),
        .issues = rq->issues,
    };
    rq_stage(rq, "encode");
    pix_answer_encode(rq->arena, &answer, rq->reply);
    return OK;
}
