#include "repository/confirm.h"

#include "actor/call.h"
#include "actor/daemon.h"
#include "msg/adhoc_query.h"
#include "msg/ebrim.h"
#include "repository/store.h"
#include "wire/ns.h"

#include <string.h>

#define ACTION_QUERY "urn:ihe:iti:2007:RegistryStoredQuery"

/* What the registry has of ours. */
struct registered {
    const char *unique_id, *hash;
    struct registered *next;
};

struct confirmation {
    const char *repository;
    struct registered *found;
    void *state; /* rq's, while this has its place */
    void (*then)(struct request *rq);
};

static void confirmation_end(struct request *rq)
{
    const struct confirmation *c = rq->state;

    rq->state = c->state;
    c->then(rq);
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
    if (rc != OK)
        rq_warn(rq, "cannot confirm documents: %s", rc_text(rc));
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

static void answer_read(struct request *rq, struct confirmation *c, const struct xml_node *list)
{
    for (const struct xml_node *n = xml_child(list, NS_RIM, "ExtrinsicObject"); n != NULL; n = xml_next(n)) {
        const char *hash = ebrim_slot(rq->arena, n, "hash");
        const char *unique_id = ebrim_external_id(n, SCHEME_DOCUMENT_UNIQUE_ID);
        if (hash == NULL || unique_id == NULL ||
            !text_equal(ebrim_slot(rq->arena, n, "repositoryUniqueId"), c->repository))
            continue;
        struct registered *r = ARENA_NEW(rq->arena, struct registered);
        *r = (struct registered){ .unique_id = unique_id, .hash = lower(rq->arena, hash), .next = c->found };
        c->found = r;
    }
}

static void on_answer(struct request *rq, struct call *call)
{
    struct confirmation *c = rq->state;
    struct adhoc_answer answer;

    if (call->rc != OK)
        rq_warn(rq, "cannot ask the registry about pending documents: %s", call->why);
    else if (adhoc_answer_decode(rq->arena, call->body, &answer) == OK)
        answer_read(rq, c, answer.object_list);
    if (c->found != NULL)
        rq_write(rq, confirmation_write, on_written);
    else
        confirmation_end(rq);
}

enum rc confirm_documents(struct request *rq, const char *repository, const struct text_list *unique_ids,
                          void (*then)(struct request *rq))
{
    struct confirmation *c = ARENA_NEW(rq->arena, struct confirmation);
    struct adhoc_query query = { .id = QUERY_GET_DOCUMENTS, .return_type = RETURN_LEAF_CLASS };
    struct buf *body = buf_new(rq->arena, BUF_MAX_DEFAULT);

    *c = (struct confirmation){ .repository = repository, .state = rq->state, .then = then };
    rq->state = c;
    query_param_add(rq->arena, &query, "$XDSDocumentEntryUniqueId", query_quote_list(rq->arena, unique_ids));
    adhoc_query_encode(&query, body);
    struct call_spec spec = {
        .url = daemon_peer_url(rq->arena, rq->service->daemon, rq->community, "registry", 1),
        .action = ACTION_QUERY,
        .transaction = "ITI-18",
        .body = body,
    };
    return rq_call(rq, &spec, on_answer, NULL);
}
