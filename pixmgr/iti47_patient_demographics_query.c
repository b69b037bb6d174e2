/*
 * ITI-47 Patient Demographics Query HL7 V3 (Patient Demographics Consumer -> Supplier): who somebody is, and their ids.
 * ITI TF-2: 3.47; the cases are those of 3.47.4.2.3. With the Continuation Option: a page at a time, the next one by
 * QUQI_IN000003UV01, which also cancels.
 */
#include "pixmgr/pixmgr.h"

#include "model/oid.h"
#include "msg/prpa_find.h"
#include "msg/quqi.h"
#include "pixmgr/search.h"
#include "wire/ns.h"

#define PARAMETERS_MAX 100 /* of one kind */

#define QUERY_PLACE "/PRPA_IN201305UV02/controlActProcess/queryByParameter"

/* Case 3: a detail for each requested domain nobody knows. */
static enum rc scoping_check(struct request *rq, const struct find_query *query)
{
    enum rc rc = OK;
    int n = 1;

    for (const struct patient_id *s = query->scoping; s != NULL && rq->issues.errors < DETAILS_MAX; s = s->next, n++) {
        if (!domain_is_known(rq, s->root))
            rc = domain_refuse(rq, find_value_place(rq->arena, query, "otherIDsScopingOrganization", n), s->root);
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
    return rq_rule(rq, RULE_V3_QUERY_MANY, QUERY_PLACE "/parameterList",
                   "%d names, %d ids and %d domains: a query asks for at most %d of each here", names, ids, domains,
                   PARAMETERS_MAX);
}

/* What nobody is searched by here; the answer says so rather than that nobody matches. */
static void ignored_tell(struct request *rq, const struct find_query *query)
{
    static const char *const ignored[] = { "id", "principalCareProvisionId" };
    const struct xml_node *parameters = xml_child(query->query_by_parameter, NS_HL7, "parameterList");

    for (size_t i = 0; i < ARRAY_LEN(ignored); i++) {
        if (xml_child(parameters, NS_HL7, ignored[i]) != NULL)
            rq_warn_peer(rq, ISSUE_HL7_UNSUPPORTED,
                         arena_printf(rq->arena, QUERY_PLACE "/parameterList/%s", ignored[i]),
                         "nobody is searched by %s here: it did not narrow the answer", ignored[i]);
    }
}

static enum rc query_check(struct request *rq, const struct find_query *query)
{
    if (strcmp(query->priority, "I") != 0)
        return rq_rule(rq, RULE_V3_QUERY_IMMEDIATE, QUERY_PLACE "/responsePriorityCode",
                       "answers are immediate: responsePriorityCode must be I");
    TRY(parameters_check(rq, query));
    ignored_tell(rq, query);
    return scoping_check(rq, query);
}

/* A requested domain in which the patient has no id is answered as such (3.47.4.2.2.2). */
static void scoping_tell(struct arena *a, const struct find_query *query, struct patient *p)
{
    for (const struct patient_id *s = query->scoping; s != NULL; s = s->next) {
        if (patient_id_in(p->ids, s->root) == NULL && patient_id_in(p->other_ids, s->root) == NULL)
            patient_id_add(a, &p->other_ids, s->root, NULL);
    }
}

static void patients_complete(struct request *rq, const struct find_query *query, struct patient *patients)
{
    for (struct patient *p = patients; p != NULL; p = p->next) {
        p->match = search_degree(rq->arena, query, p);
        scoping_tell(rq->arena, query, p);
    }
}

/* ---- pages ---- */

static const char *query_key(struct arena *a, const struct patient_id *query_id)
{
    return arena_printf(a, "%s^%s", query_id->root == NULL ? "" : query_id->root,
                        query_id->extension == NULL ? "" : query_id->extension);
}

static void rest_keep(struct request *rq, const struct find_query *query, const struct found *found)
{
    const char *key = query_key(rq->arena, &query->query_id);
    struct continuation rest = { .key = key,
                                 .tag = key,
                                 .total = found->total,
                                 .people = found->people,
                                 .count = found->rest,
                                 .query = find_query_text(rq->arena, query) };

    continuations_put(pixmgr_of(rq)->continuations, rq->community->number, &rest);
}

static void answer(struct request *rq, const struct find_query *query, const struct found *found)
{
    struct find_answer answer = {
        .query = query,
        .patients = found->patients,
        .total = found->total,
        .told = found->total - found->count - (int)found->rest,
        .custodian_root = oid_of_urn(rq->community->home_community_id),
        .issues = rq->issues,
    };

    patients_complete(rq, query, found->patients);
    if (found->rest > 0)
        rest_keep(rq, query, found);
    rq_stage(rq, "encode");
    find_answer_encode(rq->arena, &answer, rq->reply);
}

enum rc iti47_patient_demographics_query(struct request *rq)
{
    struct find_query query;
    struct found found;

    TRY(find_query_decode(rq->arena, rq->body, &query, &rq->issues));
    TRY(query_check(rq, &query));
    TRY(search_first(rq, &(struct search){ .by = &query }, query.initial_quantity, QUERY_PLACE "/parameterList",
                     &found));
    answer(rq, &query, &found);
    return OK;
}

/* ---- the next page, and no more of them ---- */

static const char *quqi_place(struct arena *a, const struct quqi *quqi, const char *element)
{
    return arena_printf(a, "%s/%s", quqi->place, element);
}

/* E_REFUSED unless the statusCode is that of the operation (3.47.4.3.2, 3.47.4.4.2). */
static enum rc status_check(struct request *rq, const struct quqi *quqi, enum rule rule, const char *status,
                            const char *operation)
{
    if (text_equal(quqi->status, status))
        return OK;
    return rq_rule(rq, rule, quqi_place(rq->arena, quqi, "statusCode"), "to %s its statusCode must be %s", operation,
                   status);
}

static enum rc rest_take(struct request *rq, const struct quqi *quqi, struct continuation *out)
{
    rq_stage(rq, "store");
    enum rc rc = continuations_take(pixmgr_of(rq)->continuations, rq->arena, rq->community->number,
                                    query_key(rq->arena, &quqi->query_id), out);

    if (rc == E_NOT_FOUND)
        return rq_rule(rq, RULE_V3_MORE_KNOWN, quqi_place(rq->arena, quqi, "queryId"),
                       "no query with this queryId goes on here: it is told to its end, was cancelled, or is minutes "
                       "old; ask again with PRPA_IN201305UV02");
    return rc;
}

/* startResultNumber may skip what was not told yet. Whoever asks for what is not there may ask again. */
static enum rc rest_skip(struct request *rq, const struct quqi *quqi, struct continuation *from)
{
    int first = from->total - (int)from->count + 1;

    if (quqi->start < 0 || quqi->start == first)
        return OK;
    if (quqi->start > first && quqi->start <= from->total) {
        from->people += quqi->start - first;
        from->count -= (size_t)(quqi->start - first);
        return OK;
    }
    continuations_put(pixmgr_of(rq)->continuations, rq->community->number, from);
    return rq_rule(rq, RULE_V3_MORE_START, quqi_place(rq->arena, quqi, "startResultNumber"),
                   "results %d to %d were not told yet: startResultNumber must be one of them", first, from->total);
}

/* The page is of the old query and answers the new message. */
enum rc iti47_continue(struct request *rq)
{
    struct continuation from;
    struct find_query query;
    struct found found;
    struct quqi quqi;

    TRY(quqi_decode(rq->arena, rq->body, &quqi, &rq->issues));
    TRY(status_check(rq, &quqi, RULE_V3_MORE_WAIT, "waitContinuedQueryResponse", "go on with a query"));
    TRY(rest_take(rq, &quqi, &from));
    TRY(rest_skip(rq, &quqi, &from));
    TRY(find_query_reread(rq->arena, from.query, &query));
    query.message = quqi.message;
    TRY(search_next(rq, &(struct search){ .by = &query }, quqi.quantity > 0 ? quqi.quantity : query.initial_quantity,
                    &from, &found));
    answer(rq, &query, &found);
    return OK;
}

enum rc iti47_cancel(struct request *rq)
{
    struct quqi quqi;

    TRY(quqi_decode(rq->arena, rq->body, &quqi, &rq->issues));
    TRY(status_check(rq, &quqi, RULE_V3_MORE_CANCEL, "aborted", "cancel a query"));
    if (quqi.quantity > 0)
        return rq_rule(rq, RULE_V3_MORE_NOBODY, quqi_place(rq->arena, &quqi, "continuationQuantity"),
                       "a query that is cancelled tells nobody any more: continuationQuantity must be 0");
    rq_stage(rq, "store");
    if (!continuations_cancel(pixmgr_of(rq)->continuations, rq->community->number,
                              query_key(rq->arena, &quqi.query_id)))
        rq_warn_peer(rq, ISSUE_HL7_UNKNOWN_KEY, quqi_place(rq->arena, &quqi, "queryId"),
                     "no query with this queryId goes on here");
    mcci_ack_encode(rq->arena, &quqi.message, &rq->issues, rq->reply);
    return OK;
}
