/*
 * ITI-43 Retrieve Document Set (Document Consumer -> Document Repository): documents leave as attachments, straight
 * from their files. ITI TF-2: 3.43.
 */
#include "msg/retrieve.h"
#include "repository/confirm.h"
#include "repository/paper.h"
#include "repository/repository.h"
#include "repository/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct retrieval {
    const struct repository *repository;
    struct document_request *requests;
};

/* ---- who is asked for what ---- */

static enum rc count_check(struct request *rq, const struct document_request *requests)
{
    size_t n = 0;

    for (; requests != NULL; requests = requests->next)
        n++;
    if (n <= DOCUMENTS_MAX)
        return OK;
    return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, NULL,
                     "%zu documents are more than this repository sends at once; ask for %d at a time", n,
                     DOCUMENTS_MAX);
}

static enum rc home_check(struct request *rq, const struct document_request *r)
{
    if (r->home == NULL || text_equal(r->home, rq->community->home_community_id))
        return OK;
    return rq_refuse(rq, ISSUE_XDS_UNKNOWN_COMMUNITY, r->place,
                     "HomeCommunityId %s is not this community, which is %s; ask an Initiating Gateway for others",
                     r->home, rq->community->home_community_id);
}

static enum rc repository_check(struct request *rq, const struct retrieval *t, const struct document_request *r)
{
    if (text_equal(r->repository_unique_id, t->repository->unique_id))
        return OK;
    return rq_refuse(rq, ISSUE_XDS_UNKNOWN_REPOSITORY_ID, r->place,
                     "RepositoryUniqueId %s is not this repository, which is %s", r->repository_unique_id,
                     t->repository->unique_id);
}

/* ---- a document found ---- */

static void fd_close(void *fd)
{
    close(*(int *)fd);
}

/* A row without its octets is our trouble, not an answer to who asked. */
static enum rc octets_open(struct request *rq, const struct stored_document *d, int *fd)
{
    enum rc rc = blob_open(rq_spool(rq), d->sha256, d->size, fd);

    if (rc != E_NOT_FOUND)
        return rc;
    rq_error(rq, "blob %s of document %s is gone", d->sha256, d->unique_id);
    return E_IO;
}

static enum rc octets_attach(struct request *rq, const struct stored_document *d, struct document_response *out)
{
    int *fd = ARENA_NEW(rq->arena, int);

    TRY(octets_open(rq, d, fd));
    arena_defer(rq->arena, fd_close, fd);
    struct part *part = rq_reply_part(rq, d->mime_type);
    part->fd = *fd;
    part->size = d->size;
    out->href = arena_printf(rq->arena, "cid:%s", part->content_id);
    return OK;
}

/* A peer that speaks simple SOAP to an MTOM endpoint has no attachments: its document goes into the XML. */
static enum rc octets_inline(struct request *rq, const struct stored_document *d, struct document_response *out)
{
    char *bytes;
    int fd;

    if (d->size > BUF_MAX_DEFAULT / 4)
        return E_LIMIT;
    TRY(octets_open(rq, d, &fd));
    bytes = arena_alloc(rq->arena, d->size);
    ssize_t n = pread(fd, bytes, d->size, 0);
    close(fd);
    if (n != (ssize_t)d->size) {
        rq_error(rq, "cannot read blob %s: %s", d->sha256, n < 0 ? strerror(errno) : "too short");
        return E_IO;
    }
    out->inline_bytes = (struct str){ bytes, d->size };
    return OK;
}

static enum rc document_refuse(struct request *rq, const struct document_request *r, enum rc rc)
{
    if (rc == E_NOT_FOUND)
        return rq_refuse(rq, ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR, r->place,
                         "repository %s has no document %s that is registered", r->repository_unique_id,
                         r->document_unique_id);
    if (rc == E_LIMIT)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, r->place,
                         "document %s is too large for simple SOAP; ask with MTOM", r->document_unique_id);
    return rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, r->place,
                     "document %s cannot be read just now; the repository's log says why", r->document_unique_id);
}

/* A document of the seeded people is made here and now. */
static enum rc paper_get(struct request *rq, const struct document_request *r, struct document_response *out)
{
    struct made_paper made;

    TRY(paper_make(rq, r->repository_unique_id, r->document_unique_id, &made));
    out->mime_type = made.mime_type;
    if (!rq->is_mtom) {
        out->inline_bytes = made.bytes;
        return OK;
    }
    struct part *part = rq_reply_part(rq, made.mime_type);
    part->bytes = made.bytes;
    part->size = made.bytes.len;
    out->href = arena_printf(rq->arena, "cid:%s", part->content_id);
    return OK;
}

static enum rc document_get(struct request *rq, const struct document_request *r, struct document_response *out)
{
    struct stored_document d;
    enum rc rc = store_document_find(rq->arena, rq_db(rq), r->repository_unique_id, r->document_unique_id, &d);

    *out = (struct document_response){ .home = r->home,
                                       .repository_unique_id = r->repository_unique_id,
                                       .document_unique_id = r->document_unique_id };
    if (rc == E_NOT_FOUND)
        return paper_get(rq, r, out);
    TRY(rc);
    out->mime_type = d.mime_type;
    return rq->is_mtom ? octets_attach(rq, &d, out) : octets_inline(rq, &d, out);
}

/* ---- the answer ---- */

static void request_answer(struct request *rq, const struct retrieval *t, const struct document_request *r,
                           struct document_response ***tail)
{
    struct document_response *d = ARENA_NEW(rq->arena, struct document_response);

    if (home_check(rq, r) != OK || repository_check(rq, t, r) != OK)
        return;
    enum rc rc = document_get(rq, r, d);
    if (rc != OK) {
        (void)document_refuse(rq, r, rc);
        return;
    }
    **tail = d;
    *tail = &d->next;
}

static enum rc retrieval_answer(struct request *rq)
{
    const struct retrieval *t = rq->state;
    struct retrieve_response response = { 0 };
    struct document_response **tail = &response.documents;

    for (const struct document_request *r = t->requests; r != NULL; r = r->next)
        request_answer(rq, t, r, &tail);
    if (response.documents == NULL)
        return E_REFUSED;
    response.issues = rq->issues;
    response.status = retrieve_status(response.documents, &rq->issues);
    retrieve_response_encode(&response, rq->reply);
    return OK;
}

static void on_confirmed(struct request *rq)
{
    rq_done(rq, retrieval_answer(rq));
}

/* Documents asked for that only wait for the end of their registration to be seen. */
static enum rc pending_find(struct request *rq, const struct retrieval *t, struct text_list **out)
{
    struct text_list **tail = out;

    for (const struct document_request *r = t->requests; r != NULL; r = r->next) {
        struct stored_document d;
        bool is_pending = false;
        enum rc rc = store_document_find(rq->arena, rq_db(rq), t->repository->unique_id, r->document_unique_id, &d);
        if (rc == E_NOT_FOUND)
            rc = store_pending_has(rq_db(rq), t->repository->unique_id, r->document_unique_id, &is_pending);
        TRY(rc);
        if (!is_pending)
            continue;
        *tail = ARENA_NEW(rq->arena, struct text_list);
        (*tail)->text = r->document_unique_id;
        tail = &(*tail)->next;
    }
    return OK;
}

enum rc iti43_retrieve_document_set(struct request *rq)
{
    struct retrieval *t = ARENA_NEW(rq->arena, struct retrieval);
    struct text_list *pending = NULL;

    TRY(repository_of(rq, &t->repository));
    TRY(retrieve_request_decode(rq->arena, rq->body, &t->requests, &rq->issues));
    TRY(count_check(rq, t->requests));
    rq->state = t;
    TRY(pending_find(rq, t, &pending));
    if (pending != NULL)
        return confirm_documents(rq, t->repository->unique_id, pending, on_confirmed);
    return retrieval_answer(rq);
}
