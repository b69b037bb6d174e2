/*
 * ITI-47 Patient Demographics Query HL7 V3 (Patient Demographics Consumer -> Supplier): who somebody is, and their ids.
 * ITI TF-2: 3.47; the cases are those of 3.47.4.2.3. Without the Continuation Option.
 */
#include "pixmgr/pixmgr.h"

#include "model/oid.h"
#include "msg/prpa_find.h"
#include "pixmgr/store.h"

#define PATIENTS_MAX   200 /* of one answer, when the consumer names no initialQuantity */
#define PARAMETERS_MAX 100 /* of one kind */

#define MATCH_EXACT 100
#define MATCH_FUZZY 75

#define QUERY_PLACE "/PRPA_IN201305UV02/controlActProcess/queryByParameter"

/* Case 3: a detail for each requested domain nobody knows. */
static enum rc scoping_check(struct request *rq, const struct find_query *query)
{
    enum rc rc = OK;
    int n = 1;

    for (const struct patient_id *s = query->scoping; s != NULL && rq->issues.errors < DETAILS_MAX; s = s->next, n++) {
        if (!domain_is_known(rq, s->root))
            rc = domain_refuse(rq, find_parameter_place(rq->arena, "otherIDsScopingOrganization", n), s->root);
    }
    return rc;
}

/* Each name and each id is a search. */
static enum rc parameters_check(struct request *rq, const struct find_query *query)
{
    int names = 0, ids = 0, domains = 0;

    for (const struct person_name *n = query->names; n != NULL; n = n->next)
        names++;
    for (const struct patient_id *id = query->ids; id != NULL; id = id->next)
        ids++;
    for (const struct patient_id *id = query->scoping; id != NULL; id = id->next)
        domains++;
    if (names <= PARAMETERS_MAX && ids <= PARAMETERS_MAX && domains <= PARAMETERS_MAX)
        return OK;
    return rq_refuse(rq, ISSUE_HL7_BAD_VALUE, QUERY_PLACE "/parameterList",
                     "%d names, %d ids and %d domains: a query asks for at most %d of each here", names, ids, domains,
                     PARAMETERS_MAX);
}

static enum rc query_check(struct request *rq, const struct find_query *query)
{
    if (strcmp(query->priority, "I") != 0)
        return rq_refuse(rq, ISSUE_HL7_UNSUPPORTED, QUERY_PLACE "/responsePriorityCode",
                         "answers are immediate: responsePriorityCode must be I");
    TRY(parameters_check(rq, query));
    TRY(scoping_check(rq, query));
    if (query->address != NULL)
        rq_warn_peer(rq, ISSUE_HL7_UNSUPPORTED, QUERY_PLACE "/parameterList/patientAddress",
                     "addresses are returned, not searched by: this parameter did not narrow the answer");
    return OK;
}

/* Keeps the ids of the requested domains; a domain in which the patient has none is answered as such (3.47.4.2.2.2). */
static bool patient_scope(struct arena *a, const struct find_query *query, struct patient *p)
{
    struct patient_id *ids = NULL, **end = &ids;

    if (query->scoping == NULL)
        return true;
    for (struct patient_id *id = p->ids, *next; id != NULL; id = next) {
        next = id->next;
        id->next = NULL;
        if (patient_id_in(query->scoping, id->root) == NULL)
            continue;
        *end = id;
        end = &id->next;
    }
    p->ids = ids;
    for (const struct patient_id *s = query->scoping; s != NULL; s = s->next) {
        if (patient_id_in(ids, s->root) == NULL && patient_id_in(p->other_ids, s->root) == NULL)
            patient_id_add(a, &p->other_ids, s->root, NULL);
    }
    return ids != NULL;
}

static bool is_fuzzy(const struct find_query *query)
{
    for (const struct person_name *n = query->names; n != NULL; n = n->next) {
        if (text_equal(n->use, "SRCH"))
            return true;
    }
    return false;
}

/* A patient left without ids is not one that the consumer could do anything with. */
static struct patient *answer_patients(struct request *rq, const struct find_query *query, struct patient *found,
                                       int *total)
{
    struct patient *kept = NULL, **end = &kept;
    int match = is_fuzzy(query) ? MATCH_FUZZY : MATCH_EXACT;

    for (struct patient *p = found, *next; p != NULL; p = next) {
        next = p->next;
        p->next = NULL;
        p->match = match;
        if (!patient_scope(rq->arena, query, p)) {
            --*total;
            continue;
        }
        *end = p;
        end = &p->next;
    }
    return kept;
}

enum rc iti47_patient_demographics_query(struct request *rq)
{
    struct find_query query;
    struct patient *found = NULL;
    int total = 0;

    TRY(find_query_decode(rq->arena, rq->body, &query, &rq->issues));
    TRY(query_check(rq, &query));
    int limit = query.initial_quantity > 0 ? MIN(query.initial_quantity, PATIENTS_MAX) : PATIENTS_MAX;
    TRY(store_find(rq->arena, rq_db(rq), rq->community->number, &query, limit, &found, &total));
    if (total > limit) /* the answer still carries that many */
        issue_add(rq->arena, &rq->issues, ISSUE_HL7_UNSUPPORTED, QUERY_PLACE "/initialQuantity",
                  "%d patients match and %d are here; there is no continuation: narrow the query", total, limit);

    struct find_answer answer = {
        .query = &query,
        .patients = answer_patients(rq, &query, found, &total),
        .total = total,
        .custodian_root = oid_of_urn(rq->community->home_community_id),
        .issues = rq->issues,
    };
    rq_stage(rq, "encode");
    find_answer_encode(rq->arena, &answer, rq->reply);
    return OK;
}
