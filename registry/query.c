/* ITI-18 and ITI-51 have all but their queries in common (ITI TF-2: 3.18.4.1.3, 3.51.4.1.3). */
#include "registry/query.h"

#include "actor/daemon.h"
#include "registry/queries.h"
#include "registry/query_wake.h"

static const char *transaction_of(bool is_multi_patient)
{
    return is_multi_patient ? "ITI-51" : "ITI-18";
}

static enum rc row_choose(struct query *q, bool is_multi_patient)
{
    const struct stored_query *known = stored_query_find(q->sent->id);

    q->row = query_row_find(q->sent->id);
    if (q->row == NULL)
        return rq_rule(q->rq, RULE_SQ_KNOWN, "AdhocQuery/@id", "this registry has no stored query %s", q->sent->id);
    if (known->is_multi_patient != is_multi_patient)
        return rq_rule(q->rq, RULE_SQ_TRANSACTION, "AdhocQuery/@id", "%s is a query of %s; this was sent as %s",
                       known->name, transaction_of(known->is_multi_patient), transaction_of(is_multi_patient));
    return OK;
}

static bool takes(const struct query_row *row, enum param_id id)
{
    for (const struct param_use *use = row->uses; use->id != PARAM_NONE; use++) {
        if (use->id == id)
            return true;
    }
    return false;
}

static void options_read(struct query *q)
{
    const struct config *c = q->rq->service->daemon->config;
    const struct text_list *level = param_values(&q->params, PARAM_METADATA_LEVEL);

    q->all_versions = level != NULL && text_equal(level->text, "2");
    q->stable_only = takes(q->row, PARAM_DOCUMENT_TYPE) && q->params.sent[PARAM_DOCUMENT_TYPE] == NULL;
    q->limit = (size_t)config_number(c, q->sent->return_type == RETURN_OBJECT_REF ? CONFIG_MAX_REFERENCES
                                                                                  : CONFIG_MAX_RESULTS);
}

/* In a transaction of its own, so that all of its reads see the same registry. */
static enum rc run(struct query *q)
{
    struct db *db = rq_db(q->rq);

    TRY(db_run(db_stmt(db, "BEGIN")));
    enum rc rc = q->row->run(q), end = db_run(db_stmt(db, "COMMIT"));
    return rc != OK ? rc : end;
}

/* Objects leave from where the store put them: an answer may be of many megabytes. */
static void answer(struct query *q)
{
    const struct adhoc_response response = { .status = REGISTRY_SUCCESS, .issues = q->rq->issues };
    struct request *rq = q->rq;

    rq->inset = q->runs;
    rq->inset_count = q->run_count;
    if (q->refs != NULL && q->refs->len > 0) {
        struct str refs = buf_str(q->refs);
        rq->inset = arena_memdup(rq->arena, &refs, sizeof(refs));
        rq->inset_count = 1;
    }
    if (rq->inset_count > 0)
        rq->inset_at = adhoc_response_frame(&response, rq->reply);
    else
        adhoc_response_encode(&response, rq->reply);
}

enum rc query_run(struct query *q)
{
    q->looked_at = 0;
    TRY(run(q));
    rq_stage(q->rq, "encode");
    answer(q);
    return OK;
}

enum rc query_serve(struct request *rq, bool is_multi_patient)
{
    struct adhoc_query *sent = ARENA_NEW(rq->arena, struct adhoc_query);
    struct query *q = ARENA_NEW(rq->arena, struct query);

    q->rq = rq;
    q->sent = sent;
    TRY(adhoc_query_decode(rq->arena, rq->body, sent, &rq->issues));
    TRY(row_choose(q, is_multi_patient));
    TRY(params_read(rq, sent, q->row->uses, &q->params));
    options_read(q);
    rq_stage(rq, "store");
    return query_wake(q);
}
