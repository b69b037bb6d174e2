/*
 * ITI-86 Remove Documents (Document Administrator -> Document Repository): the octets go, the metadata is the
 * registry's (ITI-62). Each document for itself, so that a request may succeed in part. ITI TF-2: 3.86.
 */
#include "msg/registry_response.h"
#include "msg/retrieve.h"
#include "repository/paper.h"
#include "repository/repository.h"
#include "repository/store.h"
#include "store/vault.h"

struct removal {
    const struct repository *repository;
    struct document_request *requests;
    struct stored_document *gone; /* room for as many as were asked for */
    size_t count;
    size_t papers; /* removed ones that were never kept */
};

static enum rc count_check(struct request *rq, struct removal *r)
{
    size_t n = 0;

    for (const struct document_request *d = r->requests; d != NULL; d = d->next)
        n++;
    if (n > DOCUMENTS_MAX)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, NULL,
                         "%zu documents are more than this repository removes at once; name %d at a time", n,
                         DOCUMENTS_MAX);
    r->gone = ARENA_ARRAY(rq->arena, struct stored_document, n);
    return OK;
}

static bool is_ours(struct request *rq, const struct removal *r, const struct document_request *d)
{
    if (d->home != NULL && !text_equal(d->home, rq->community->home_community_id))
        rq_rule(rq, RULE_RET_HOME, d->place, "HomeCommunityId %s is not this community, which is %s", d->home,
                rq->community->home_community_id);
    else if (!text_equal(d->repository_unique_id, r->repository->unique_id))
        rq_rule(rq, RULE_RET_REPOSITORY, d->place, "RepositoryUniqueId %s is not this repository, which is %s",
                d->repository_unique_id, r->repository->unique_id);
    else
        return true;
    return false;
}

/* ---- on the writer's thread ---- */

/* A document of the seeded people is noted as gone. */
static enum rc paper_remove(struct db *db, struct request *rq, const struct document_request *d)
{
    struct removal *r = rq->state;
    const struct made_paper *made;

    TRY(paper_make(rq, db, d, &made));
    r->papers++;
    return store_paper_remove(db, d->document_unique_id);
}

static enum rc document_remove(struct db *db, struct request *rq, const struct document_request *d)
{
    struct removal *r = rq->state;
    struct stored_document found;
    enum rc rc = store_document_find(rq->arena, db, d->repository_unique_id, d->document_unique_id, &found);

    if (rc == E_NOT_FOUND && (rc = paper_remove(db, rq, d)) == OK)
        return OK;
    if (rc == E_NOT_FOUND) {
        rq_rule(rq, RULE_RET_DOCUMENT, d->place, "repository %s has no document %s that is registered",
                d->repository_unique_id, d->document_unique_id);
        return OK;
    }
    TRY(rc);
    r->gone[r->count++] = found;
    return store_document_remove(db, d->repository_unique_id, d->document_unique_id);
}

static enum rc removal_write(struct db *db, struct request *rq)
{
    const struct removal *r = rq->state;

    for (const struct document_request *d = r->requests; d != NULL; d = d->next)
        if (is_ours(rq, r, d))
            TRY(document_remove(db, rq, d));
    return OK;
}

/* ---- and after it ---- */

/* The vault itself looks whether another document has the same octets. */
static void on_written(struct request *rq, enum rc rc)
{
    const struct removal *r = rq->state;
    struct registry_response response = { .status = REGISTRY_SUCCESS, .issues = rq->issues };

    if (rc != OK || r->count + r->papers == 0) {
        rq_done(rq, rc == OK ? E_REFUSED : rc);
        return;
    }
    for (size_t i = 0; i < r->count; i++)
        vault_release(spool_vault(rq_spool(rq)), r->gone[i].sha256);
    if (rq->issues.errors > 0)
        response.status = REGISTRY_PARTIAL_SUCCESS;
    registry_response_encode(&response, rq->reply);
    rq_done(rq, OK);
}

enum rc iti86_remove_documents(struct request *rq)
{
    struct removal *r = ARENA_NEW(rq->arena, struct removal);

    TRY(repository_of(rq, &r->repository));
    TRY(remove_documents_decode(rq->arena, rq->body, &r->requests, &rq->issues));
    TRY(count_check(rq, r));
    rq->state = r;
    return rq_write(rq, removal_write, on_written);
}
