#include "repository/confirm.h"

#include "repository/registry_ask.h"
#include "repository/store.h"

/* What the registry has of ours. */
struct registered {
    const char *unique_id, *hash;
    struct registered *next;
};

struct confirmation {
    const char *repository;
    struct registered *found;
    enum rc rc;
    void *state; /* rq's, while this has its place */
    void (*then)(struct request *rq, enum rc rc);
};

static void confirmation_end(struct request *rq)
{
    const struct confirmation *c = rq->state;

    rq->state = c->state;
    c->then(rq, c->rc);
}

static enum rc confirmation_write(struct db *db, struct request *rq)
{
    const struct confirmation *c = rq->state;

    for (const struct registered *r = c->found; r != NULL; r = r->next)
        TRY(store_pending_confirm(db, c->repository, r->unique_id, r->hash));
    return OK;
}

static void on_written(struct request *rq, enum rc rc)
{
    struct confirmation *c = rq->state;

    if (rc != OK) {
        rq_warn(rq, "cannot confirm documents: %s", rc_text(rc));
        c->rc = rc;
    }
    confirmation_end(rq);
}

static char *lower(struct arena *a, const char *hex)
{
    char *copy = arena_strdup(a, hex);

    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'F')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

static void found_add(struct request *rq, struct confirmation *c, const struct document_entry *d)
{
    struct registered *r;

    for (; d != NULL; d = d->next) {
        if (d->hash == NULL || d->unique_id == NULL || !text_equal(d->repository_unique_id, c->repository))
            continue;
        r = ARENA_NEW(rq->arena, struct registered);
        *r = (struct registered){ .unique_id = d->unique_id, .hash = lower(rq->arena, d->hash), .next = c->found };
        c->found = r;
    }
}

static void on_answer(struct request *rq, struct call *call)
{
    struct confirmation *c = rq->state;
    struct document_entry *entries = NULL;
    const char *why;

    c->rc = registry_answer(rq, call, &entries, &why);
    if (c->rc != OK)
        rq_warn(rq, "cannot ask about pending documents: %s", why);
    found_add(rq, c, entries);
    if (c->found != NULL)
        rq_write(rq, confirmation_write, on_written);
    else
        confirmation_end(rq);
}

enum rc confirm_documents(struct request *rq, const char *repository, const struct text_list *unique_ids,
                          void (*then)(struct request *rq, enum rc rc))
{
    struct confirmation *c = ARENA_NEW(rq->arena, struct confirmation);
    struct adhoc_query query = registry_query_documents(rq->arena, unique_ids);

    *c = (struct confirmation){ .repository = repository, .state = rq->state, .then = then };
    rq->state = c;
    return registry_ask(rq, &query, on_answer, NULL);
}
