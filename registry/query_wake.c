#include "registry/query_wake.h"

#include "actor/request.h"
#include "registry/query.h"
#include "registry/sleepers.h"
#include "registry/store_keys.h"

#define WAKE_AT_ONCE 64   /* persons: some 20 ms of the writer */
#define LOOK_AT_ONCE 2048 /* persons whose documents are looked at without being kept */

/* ---- whom the parameters name ---- */

typedef enum rc id_visitor(struct db *db, struct query *q, const char *id);

static enum rc values_each(struct db *db, struct query *q, const struct param *p, id_visitor *each)
{
    for (; p != NULL; p = p->next) {
        for (const struct text_list *v = p->values; v != NULL; v = v->next)
            TRY(each(db, q, v->text));
    }
    return OK;
}

/* E_EXISTS stops it: somebody who sleeps, or enough. */
static enum rc named_each(struct db *db, struct query *q, id_visitor *each)
{
    for (int id = PARAM_PATIENT; id <= PARAM_FOLDER_LOGICAL_ID; id++)
        TRY(values_each(db, q, q->params.sent[id], each));
    return OK;
}

static enum rc sleeper_stop(struct db *db, struct query *q, const char *id)
{
    bool sleeps;

    TRY(sleeper_is_named(db, q->rq, id, &sleeps));
    return sleeps ? E_EXISTS : OK;
}

static enum rc named_wake(struct db *db, struct query *q, const char *id)
{
    bool woke;

    TRY(sleeper_wake(db, q->rq, id, &woke));
    q->woken += woke;
    return q->woken == WAKE_AT_ONCE ? E_EXISTS : OK;
}

/* ---- who has what is asked for ---- */

/* As find_by_value would lead to it: once for each of its values that fits. */
static bool leads_to(void *user, const struct document_entry *d)
{
    struct query *q = user;
    const struct param *p = query_leading(q);
    struct buf *b = buf_new(q->scratch, BUF_MAX_DEFAULT);
    size_t before = q->looked_at;

    keys_add(b, OBJECT_DOCUMENT, d);
    for (const char *value = NULL; (value = keys_next(buf_str(b), p->row->key, value)) != NULL;)
        q->looked_at += query_any_fits(p, value);
    return q->looked_at > before;
}

static enum rc look_on(struct db *db, struct query *q)
{
    uint64_t limit = sleepers_limit(q->rq), end = MIN(q->scanned + LOOK_AT_ONCE, limit);
    bool woke;

    while (q->scanned < end && q->woken < WAKE_AT_ONCE) {
        q->scratch = arena_new();
        enum rc rc = sleeper_wake_if(db, q->rq, q->scanned++, leads_to, q, &woke);
        arena_free(q->scratch);
        TRY(rc);
        q->woken += woke;
        TRY(query_looked_check(q));
    }
    return q->scanned < limit ? E_EXISTS : OK;
}

/* ---- the writer, as often as it takes ---- */

static enum rc some_wake(struct db *db, struct request *rq)
{
    struct query *q = rq->state;

    q->woken = 0;
    enum rc rc = named_each(db, q, named_wake);
    if (rc == OK && query_leading(q) != NULL)
        rc = look_on(db, q);
    q->is_woken = rc == OK;
    return rc == E_EXISTS ? OK : rc;
}

static void on_woken(struct request *rq, enum rc rc)
{
    struct query *q = rq->state;

    if (rc == OK && !q->is_woken)
        rc = rq_write(rq, some_wake, on_woken);
    else if (rc == OK)
        rc = query_run(q);
    if (rc != LATER)
        rq_done(rq, rc);
}

enum rc query_wake(struct query *q)
{
    if (sleepers_limit(q->rq) == 0)
        return query_run(q);
    enum rc rc = query_leading(q) != NULL ? E_EXISTS : named_each(rq_db(q->rq), q, sleeper_stop);
    if (rc == OK)
        return query_run(q);
    if (rc != E_EXISTS)
        return rc;
    q->rq->state = q;
    return rq_write(q->rq, some_wake, on_woken);
}
