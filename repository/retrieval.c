#include "repository/retrieval.h"

#include "repository/confirm.h"
#include "repository/on_demand.h"
#include "repository/paper.h"
#include "repository/repository.h"
#include "repository/store.h"
#include "store/vault.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* One document asked for. */
struct wanted {
    const struct document_request *request;
    struct retrieval *retrieval;
    enum rc
        rc; /* OK: fd holds the octets of document. E_REFUSED: the issue is told. Any other: document_refuse tells */
    struct stored_document document;
    const struct made_paper *made;              /* NULL: it is kept */
    const struct on_demand_document *on_demand; /* NULL: it is no such document */
    int fd;
    struct wanted *next;
};

enum whereabouts { KEPT, PENDING, ABSENT };

struct retrieval {
    struct request *rq;
    const struct repository *repository;
    struct document_request *requests;
    enum whereabouts *places;             /* by request */
    struct on_demand_document *on_demand; /* those that are not kept */
    retrieval_judge *judge;
    void *judge_user;
    struct wanted *wanted;
    int under_way;
};

/* ---- who is asked for what ---- */

static enum rc count_check(struct request *rq, struct retrieval *t)
{
    size_t n = 0;

    for (const struct document_request *r = t->requests; r != NULL; r = r->next)
        n++;
    t->places = ARENA_ARRAY(rq->arena, enum whereabouts, n);
    if (n <= DOCUMENTS_MAX)
        return OK;
    return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, NULL,
                     "%zu documents are more than this repository sends at once; ask for %d at a time", n,
                     DOCUMENTS_MAX);
}

static bool is_home(const struct request *rq, const struct document_request *r)
{
    return r->home == NULL || text_equal(r->home, rq->community->home_community_id);
}

static bool is_repository(const struct retrieval *t, const struct document_request *r)
{
    return text_equal(r->repository_unique_id, t->repository->unique_id);
}

/* ---- the octets: found, and whole ---- */

static void wanted_close(void *arg)
{
    const struct wanted *w = arg;

    if (w->fd >= 0)
        close(w->fd);
}

static const struct on_demand_document *on_demand_of(const struct retrieval *t, const struct document_request *r)
{
    const struct on_demand_document *d = t->on_demand;

    while (d != NULL && d->request != r)
        d = d->next;
    return d;
}

/* The uniqueId under which its octets are kept: an on-demand document's is its snapshot's. */
static const char *kept_id(const struct wanted *w)
{
    return w->on_demand != NULL && w->on_demand->is_kept ? w->on_demand->unique_id : w->request->document_unique_id;
}

/* What is not kept is made: it was, just now, or is one of the generator's. */
static enum rc wanted_make(struct request *rq, struct wanted *w)
{
    const struct on_demand_document *d = w->on_demand;
    struct made_paper *made;

    if (d == NULL)
        return paper_make(rq, rq_db(rq), w->request, &w->made);
    TRY(d->rc);
    made = ARENA_NEW(rq->arena, struct made_paper);
    *made = (struct made_paper){ .mime_type = d->mime_type, .bytes = d->bytes };
    w->made = made;
    return OK;
}

/* Small octets are beside the row. */
static enum rc wanted_read(struct request *rq, struct wanted *w)
{
    struct made_paper *made;

    if (w->document.size > STORE_SMALL_MAX)
        return E_NOT_FOUND;
    made = ARENA_NEW(rq->arena, struct made_paper);
    made->mime_type = w->document.mime_type;
    enum rc rc = store_octets_find(rq->arena, rq_db(rq), w->document.sha256, &made->bytes);
    if (rc == E_IO)
        rq_warn(rq, "document %s is damaged", w->document.unique_id);
    w->made = rc == OK ? made : NULL;
    return rc;
}

static enum rc wanted_open(struct request *rq, struct wanted *w)
{
    const struct stored_document *d = &w->document;

    enum rc rc = store_document_find(rq->arena, rq_db(rq), w->request->repository_unique_id, kept_id(w), &w->document);
    if (rc == E_NOT_FOUND)
        return wanted_make(rq, w);
    TRY(rc);
    rc = wanted_read(rq, w);
    if (rc != E_NOT_FOUND)
        return rc;
    rc = vault_open(spool_vault(rq_spool(rq)), d->sha256, d->size, &w->fd);
    if (rc == E_NOT_FOUND) { /* a row without its octets is our trouble, not an answer to who asked */
        rq_error(rq, "blob %s of document %s is gone", d->sha256, d->unique_id);
        return E_IO;
    }
    return rc;
}

static struct wanted *wanted_new(struct request *rq, struct retrieval *t, const struct document_request *r)
{
    struct wanted *w = ARENA_NEW(rq->arena, struct wanted);

    *w = (struct wanted){ .request = r, .retrieval = t, .on_demand = on_demand_of(t, r), .fd = -1, .rc = E_REFUSED };
    arena_defer(rq->arena, wanted_close, w);
    if (is_home(rq, r) && is_repository(t, r))
        w->rc = wanted_open(rq, w);
    return w;
}

/* ---- the answer ---- */

static void paper_attach(struct request *rq, const struct made_paper *made, struct document_response *out)
{
    out->mime_type = made->mime_type;
    if (!rq->is_mtom) {
        out->inline_bytes = made->bytes;
        return;
    }
    struct part *part = rq_reply_part(rq, made->mime_type);
    part->bytes = made->bytes;
    part->size = made->bytes.len;
    out->href = arena_printf(rq->arena, "cid:%s", part->content_id);
}

static void octets_attach(struct request *rq, const struct wanted *w, struct document_response *out)
{
    struct part *part = rq_reply_part(rq, w->document.mime_type);

    part->fd = w->fd;
    part->size = w->document.size;
    out->href = arena_printf(rq->arena, "cid:%s", part->content_id);
}

/* The first octets of a blob. */
static enum rc octets_read(struct request *rq, const struct wanted *w, uint64_t size, struct str *out)
{
    char *bytes = arena_alloc(rq->arena, size);
    ssize_t n = pread(w->fd, bytes, size, 0);

    if (n != (ssize_t)size) {
        rq_error(rq, "cannot read blob %s: %s", w->document.sha256, n < 0 ? strerror(errno) : "too short");
        return E_IO;
    }
    *out = (struct str){ bytes, size };
    return OK;
}

/* A peer that speaks simple SOAP to an MTOM endpoint has no attachments: its document goes into the XML. */
static enum rc octets_inline(struct request *rq, const struct wanted *w, struct document_response *out)
{
    uint64_t size = w->document.size;

    return size > BUF_MAX_DEFAULT / 4 ? E_LIMIT : octets_read(rq, w, size, &out->inline_bytes);
}

static void stranger_refuse(struct request *rq, const struct wanted *w)
{
    const struct document_request *r = w->request;

    if (!is_home(rq, r))
        rq_rule(rq, RULE_RET_HOME, r->place,
                "HomeCommunityId %s is not this community, which is %s; ask an Initiating Gateway for others", r->home,
                rq->community->home_community_id);
    else
        rq_rule(rq, RULE_RET_REPOSITORY, r->place, "RepositoryUniqueId %s is not this repository, which is %s",
                r->repository_unique_id, w->retrieval->repository->unique_id);
}

static void document_refuse(struct request *rq, const struct wanted *w, enum rc rc)
{
    const struct document_request *r = w->request;

    if (w->on_demand != NULL && w->on_demand->rc == E_REFUSED)
        rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, r->place, "%s", w->on_demand->why);
    else if (rc == E_REFUSED)
        stranger_refuse(rq, w);
    else if (rc == E_NOT_FOUND)
        rq_rule(rq, RULE_RET_DOCUMENT, r->place, "repository %s has no document %s that is registered",
                r->repository_unique_id, r->document_unique_id);
    else if (rc == E_LIMIT)
        rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, r->place, "document %s is too large for simple SOAP; ask with MTOM",
                  r->document_unique_id);
    else
        rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, r->place,
                  "document %s is damaged or cannot be read; submitting it once more repairs it",
                  r->document_unique_id);
}

static enum rc document_answer(struct request *rq, const struct wanted *w, struct document_response *out)
{
    const struct document_request *r = w->request;

    TRY(w->rc);
    *out = (struct document_response){ .home = r->home,
                                       .repository_unique_id = r->repository_unique_id,
                                       .document_unique_id = r->document_unique_id,
                                       .mime_type = w->document.mime_type };
    if (w->on_demand != NULL) {
        out->new_document_unique_id = w->on_demand->unique_id;
        out->new_repository_unique_id = w->on_demand->is_kept ? r->repository_unique_id : NULL;
    }
    if (w->made != NULL) {
        paper_attach(rq, w->made, out);
        return OK;
    }
    if (!rq->is_mtom)
        return octets_inline(rq, w, out);
    octets_attach(rq, w, out);
    return OK;
}

/* Of a document that is there: E_REFUSED when its issue is told. */
static enum rc document_judge(struct request *rq, const struct wanted *w)
{
    const struct retrieval *t = w->retrieval;
    struct str head;

    if (w->rc != OK || t->judge == NULL)
        return OK;
    if (w->made != NULL)
        head = w->made->bytes;
    else if (octets_read(rq, w, MIN(w->document.size, RETRIEVAL_HEAD), &head) != OK) {
        document_refuse(rq, w, E_IO);
        return E_REFUSED;
    }
    return t->judge(rq, w->request, head, t->judge_user);
}

static enum rc retrieval_answer(struct request *rq)
{
    const struct retrieval *t = rq->state;
    struct retrieve_response response = { 0 };
    struct document_response **tail = &response.documents;

    for (const struct wanted *w = t->wanted; w != NULL; w = w->next) {
        struct document_response *d = ARENA_NEW(rq->arena, struct document_response);
        if (document_judge(rq, w) != OK)
            continue;
        enum rc rc = document_answer(rq, w, d);
        if (rc != OK) {
            document_refuse(rq, w, rc);
            continue;
        }
        *tail = d;
        tail = &d->next;
    }
    if (response.documents == NULL)
        return E_REFUSED;
    response.issues = rq->issues;
    response.status = retrieve_status(response.documents, &rq->issues);
    retrieve_response_encode(&response, rq->reply);
    return OK;
}

/* ---- what nobody looked at since it came is read before the first byte of it is promised ---- */

static void checked(void *arg)
{
    struct wanted *w = arg;
    struct request *rq = w->retrieval->rq;

    if (!rq_release(rq))
        return;
    if (w->rc != OK)
        rq_warn(rq, "document %s is damaged", w->document.unique_id);
    if (--w->retrieval->under_way == 0)
        rq_done(rq, retrieval_answer(rq));
}

/* On the disk's thread; rq is held, so it is there. */
static void on_checked(void *arg, enum rc rc)
{
    struct wanted *w = arg;

    w->rc = rc;
    loop_post(w->retrieval->rq->service->loop, checked, w);
}

static void wanted_check(struct request *rq, struct wanted *w)
{
    w->retrieval->under_way++;
    rq_hold(rq);
    vault_check(spool_vault(rq_spool(rq)), w->document.sha256, w->fd, on_checked, w);
}

static enum rc retrieval_run(struct request *rq)
{
    struct retrieval *t = rq->state;
    struct wanted **tail = &t->wanted;

    for (const struct document_request *r = t->requests; r != NULL; r = r->next, tail = &(*tail)->next)
        *tail = wanted_new(rq, t, r);
    for (struct wanted *w = t->wanted; w != NULL; w = w->next)
        if (w->rc == LATER)
            wanted_check(rq, w);
    return t->under_way > 0 ? LATER : retrieval_answer(rq);
}

/* ---- what is not kept may be waiting for its registration to be seen, or be made on demand ---- */

static enum rc whereabouts_find(struct request *rq, const struct retrieval *t, const struct document_request *r,
                                enum whereabouts *out)
{
    const char *repository = t->repository->unique_id;
    struct stored_document d;
    bool is_pending;

    *out = KEPT; /* or nothing of ours, which is told later */
    if (!is_home(rq, r) || !is_repository(t, r))
        return OK;
    enum rc rc = store_document_find(rq->arena, rq_db(rq), repository, r->document_unique_id, &d);
    if (rc != E_NOT_FOUND)
        return rc;
    TRY(store_pending_has(rq_db(rq), repository, r->document_unique_id, &is_pending));
    rc = is_pending ? OK : paper_find(rq, rq_db(rq), r);
    *out = is_pending ? PENDING : rc == E_NOT_FOUND ? ABSENT : KEPT;
    return rc == E_NOT_FOUND ? OK : rc;
}

static void on_demand_made(struct request *rq)
{
    rq_done(rq, retrieval_run(rq));
}

static enum rc absent_make(struct request *rq)
{
    struct retrieval *t = rq->state;
    struct on_demand_document **end = &t->on_demand;
    size_t i = 0;

    if (rq->community->on_demand == ON_DEMAND_NONE || t->judge != NULL)
        return retrieval_run(rq);
    for (const struct document_request *r = t->requests; r != NULL; r = r->next) {
        if (t->places[i++] != ABSENT)
            continue;
        *end = ARENA_NEW(rq->arena, struct on_demand_document);
        (*end)->request = r;
        end = &(*end)->next;
    }
    return t->on_demand != NULL ? on_demand_make(rq, t->repository, t->on_demand, on_demand_made) : retrieval_run(rq);
}

/* A document whose registration nobody saw is none that is made on demand. */
static void on_confirmed(struct request *rq, enum rc rc UNUSED)
{
    rq_done(rq, absent_make(rq));
}

static enum rc places_find(struct request *rq, struct retrieval *t, struct text_list **pending)
{
    size_t i = 0;

    for (const struct document_request *r = t->requests; r != NULL; r = r->next, i++) {
        TRY(whereabouts_find(rq, t, r, &t->places[i]));
        if (t->places[i] != PENDING)
            continue;
        *pending = ARENA_NEW(rq->arena, struct text_list);
        (*pending)->text = r->document_unique_id;
        pending = &(*pending)->next;
    }
    return OK;
}

enum rc retrieval_serve(struct request *rq, struct document_request *requests, retrieval_judge *judge, void *user)
{
    struct retrieval *t = ARENA_NEW(rq->arena, struct retrieval);
    struct text_list *pending = NULL;

    *t = (struct retrieval){ .rq = rq, .requests = requests, .judge = judge, .judge_user = user };
    TRY(repository_of(rq, &t->repository));
    TRY(count_check(rq, t));
    rq->state = t;
    rq_stage(rq, "store");
    TRY(places_find(rq, t, &pending));
    if (pending != NULL)
        return confirm_documents(rq, t->repository->unique_id, pending, on_confirmed);
    return absent_make(rq);
}
