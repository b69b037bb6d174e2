/*
 * ITI-9 PIX Query (PIX Consumer -> PIX Manager), HL7 v2: the other ids of a patient. ITI TF-2: 3.9; the cases are those
 * of 3.9.4.2.2.6.
 */
#include "pixmgr/pixmgr.h"

#include "msg/qbp.h"
#include "msg/rsp.h"
#include "pixmgr/store.h"

/* Cases 3 and 4: the manager does not recognise the id, or not even its domain. */
static enum rc ids_of_patient(struct request *rq, struct patient_id *asked, struct patient_id **ids)
{
    TRY(domains_complete(rq, asked, "QPD^1^3", "^4"));
    rq_stage(rq, "store");
    enum rc rc = store_patient_ids(rq->arena, rq_db(rq), rq->community->number, asked, ids);
    if (rc == E_NOT_FOUND)
        return rq_rule(rq, RULE_V2_QUERY_PATIENT, "QPD^1^3^1^1",
                       "no patient has the id %s in the domain %s here; a feed (ITI-8) makes it known",
                       asked->extension, asked->root);
    return rc;
}

static void answer(struct request *rq, struct patient_id *found)
{
    struct rsp r = { .request = rq->hl7v2, .issues = &rq->issues, .is_found = found != NULL, .total = -1 };
    struct hl7v2_writer w;

    rq_stage(rq, "encode");
    domain_name_all(rq->arena, rq->service->daemon->world, found);
    rsp_open(rq->arena, &r, &w, rq->reply);
    if (found != NULL)
        rsp_ids_write(&w, found);
    rsp_close(&w, NULL);
}

enum rc iti9_pix_query(struct request *rq)
{
    struct patient_id *ids = NULL;
    struct qbp query;

    TRY(qbp_decode(rq->arena, rq->hl7v2, &query, &rq->issues));
    enum rc domains = domains_complete(rq, query.domains, "QPD^1^4", ""); /* case 5 */
    TRY(ids_of_patient(rq, query.patient, &ids));
    TRY(domains);
    answer(rq, domain_select(ids, query.domains, query.patient)); /* cases 1, 2, 6 */
    return OK;
}
