/* One RetrieveDocumentSetResponse from many: ITI TF-2: 3.39.4.1.3, 3.43.4.2.3. */
#include "gateway/retrieval.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/str.h"
#include "gateway/disclosure.h"
#include "gateway/home.h"
#include "msg/imaging.h"

#define DOCUMENTS_MAX 10000 /* what a MIME reader takes for one package (wire/mime.h) */

/* ---- who is asked for what ---- */

static bool is_of_images(enum ask_kind kind)
{
    return kind == ASK_RAD69 || kind == ASK_RAD75;
}

static enum rc requests_decode(struct request *rq, struct retrieval *r, struct document_request **out)
{
    struct imaging_request images;

    if (!is_of_images(r->kind))
        return retrieve_request_decode(rq->arena, rq->body, out, &rq->issues);
    TRY(imaging_request_decode(rq->arena, rq->body, &images, &rq->issues));
    r->transfer_syntaxes = images.transfer_syntaxes;
    *out = images.instances;
    return OK;
}

enum rc retrieval_decode(struct request *rq, struct retrieval *r, struct document_request **out)
{
    size_t n = 0;

    TRY(requests_decode(rq, r, out));
    for (const struct document_request *d = *out; d != NULL; d = d->next)
        n++;
    if (n > DOCUMENTS_MAX)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, "DocumentRequest",
                         "%zu documents are more than one answer carries; ask for %d at a time", n, DOCUMENTS_MAX);
    return OK;
}

static bool same_document(const struct document_request *r, const char *repository, const char *document)
{
    return text_equal(r->repository_unique_id, repository) && text_equal(r->document_unique_id, document);
}

static struct source *source_get(struct arena *a, struct retrieval *r, const struct community *c, int repository)
{
    struct source **end = &r->sources;

    for (; *end != NULL; end = &(*end)->next) {
        if ((*end)->community == c && (*end)->repository == repository)
            return *end;
    }
    *end = ARENA_NEW(a, struct source);
    (*end)->community = c;
    (*end)->repository = repository;
    return *end;
}

/* False when it is asked for already. */
static bool source_want(struct arena *a, struct source *s, const struct document_request *request)
{
    struct document_request **end = &s->requests;

    for (; *end != NULL; end = &(*end)->next) {
        if (same_document(*end, request->repository_unique_id, request->document_unique_id))
            return false;
    }
    *end = ARENA_NEW(a, struct document_request);
    **end = *request;
    (*end)->next = NULL;
    return true;
}

void retrieval_add(struct arena *a, struct retrieval *r, const struct document_request *request,
                   const struct community *community, int repository)
{
    struct source *s = source_get(a, r, community, repository);

    if (!source_want(a, s, request))
        return;
    struct wanted *w = ARENA_NEW(a, struct wanted);
    *w = (struct wanted){ .request = request, .source = s };
    if (r->last_wanted == NULL)
        r->wanted = w;
    else
        r->last_wanted->next = w;
    r->last_wanted = w;
}

/* ---- what came back ---- */

static void source_read(struct request *rq, const struct retrieval *r, struct source *s)
{
    const struct call *call = s->ask->call;
    struct retrieve_response answer;

    s->is_excused = true;
    if (call->rc != OK || retrieve_response_decode(rq->arena, call->body, &answer) != OK) {
        ask_fail(s->ask, r->unavailable, "no RetrieveDocumentSetResponse came");
        return;
    }
    home_pass_on(rq->arena, &rq->issues, &answer.issues, s->community->home_community_id);
    s->is_excused = answer.issues.errors > 0;
    s->documents = answer.documents;
}

static struct document_response *document_take(struct source *s, const struct document_request *wanted)
{
    for (struct document_response **d = &s->documents; *d != NULL; d = &(*d)->next) {
        if (same_document(wanted, (*d)->repository_unique_id, (*d)->document_unique_id)) {
            struct document_response *taken = *d;
            *d = taken->next;
            taken->next = NULL;
            return taken;
        }
    }
    return NULL;
}

/* A received attachment goes on as it is: its bytes stay in the spool, which keeps them as long as rq lives. */
static void part_pass_on(struct request *rq, struct document_response *d, const struct part *from)
{
    bool is_typed = !text_absent(from->content_type); /* MIME lets a part be silent, we are not */
    struct part *to = rq_reply_part(rq, is_typed ? from->content_type : "application/octet-stream");

    to->bytes = from->bytes;
    to->file = from->file;
    to->size = from->size;
    d->href = arena_printf(rq->arena, "cid:%s", to->content_id);
}

static bool attachment_pass_on(struct request *rq, struct document_response *d, struct part *parts)
{
    struct part in_message = { .content_type = d->mime_type, .bytes = d->inline_bytes, .size = d->inline_bytes.len };
    const struct part *from = d->href == NULL ? &in_message : part_find(parts, d->href);

    if (from == NULL)
        return false;
    part_pass_on(rq, d, from);
    return true;
}

static void document_complain(struct request *rq, const struct wanted *w, enum issue_code code, const char *what)
{
    home_complain(rq->arena, &rq->issues, code, w->source->community, w->request->place, "%s: the answer %s",
                  w->request->document_unique_id, what);
}

static struct document_response *document_get(struct request *rq, const struct wanted *w)
{
    struct document_response *d = document_take(w->source, w->request);

    if (d == NULL) {
        if (!w->source->is_excused)
            document_complain(rq, w, ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR, "has neither the document nor an error");
        return NULL;
    }
    d->home = w->source->community->home_community_id;
    if (attachment_pass_on(rq, d, w->source->ask->call->parts))
        return d;
    document_complain(rq, w, ISSUE_XDS_REPOSITORY_ERROR, "refers to an attachment that is not there");
    return NULL;
}

/* What is left of an answer came twice, or nobody asked for it. */
static void rest_complain(struct request *rq, const struct source *s)
{
    int n = 0;

    for (const struct document_response *d = s->documents; d != NULL; d = d->next)
        n++;
    if (n > 0)
        home_complain(rq->arena, &rq->issues, ISSUE_XDS_REPOSITORY_ERROR, s->community, "DocumentResponse",
                      "%d documents came twice or without being asked for; they were left out", n);
}

void retrieval_merge(struct request *rq, struct retrieval *r, struct retrieve_response *out)
{
    struct document_response *documents = NULL, **end = &documents;

    for (struct source *s = r->sources; s != NULL; s = s->next)
        source_read(rq, r, s);
    for (const struct wanted *w = r->wanted; w != NULL; w = w->next) {
        *end = document_get(rq, w);
        if (*end != NULL)
            end = &(*end)->next;
    }
    for (const struct source *s = r->sources; s != NULL; s = s->next)
        rest_complain(rq, s);
    *out = (struct retrieve_response){ .documents = documents, .issues = rq->issues };
    out->status = retrieve_status(documents, &rq->issues);
}

static enum rc on_documents(struct request *rq, const struct fan_out *f)
{
    struct retrieve_response response;

    retrieval_merge(rq, f->user, &response);
    if (response.documents == NULL)
        return E_REFUSED;
    home_locate(&response.issues, rq->community->home_community_id);
    retrieve_response_encode(&response, rq->reply);
    return OK;
}

static void requests_encode(const struct retrieval *r, const struct source *s, struct buf *body)
{
    if (is_of_images(r->kind))
        imaging_request_encode(&(struct imaging_request){ s->requests, r->transfer_syntaxes }, body);
    else
        retrieve_request_encode(s->requests, body);
}

enum rc retrieval_ask(struct request *rq, struct retrieval *r, fan_out_then *then)
{
    struct fan_out *f = fan_out_new(rq, r);

    for (struct source *s = r->sources; s != NULL; s = s->next) {
        struct buf *body = fan_out_body(rq);
        requests_encode(r, s, body);
        s->ask = fan_out_add(f, r->kind, s->community, s->repository, body);
    }
    return fan_out_run(f, then);
}

enum rc retrieval_run(struct request *rq, struct retrieval *r)
{
    return retrieval_ask(rq, r, on_documents);
}

const struct repository *retrieval_repository(const struct community *c, const char *unique_id)
{
    for (const struct repository *r = c->repositories; r != NULL; r = r->next) {
        if (text_equal(r->unique_id, unique_id))
            return r;
    }
    return NULL;
}

/* ---- from other communities ---- */

/* NULL when refused. */
static const struct community *community_of(struct request *rq, const struct document_request *d)
{
    const struct community *c = world_find_home(rq->service->daemon->world, d->home);

    if (text_absent(d->home))
        rq_rule(rq, RULE_XCA_RETRIEVE_HOME, d->place,
                "%s: HomeCommunityId is required here; take it from the entry's home", d->document_unique_id);
    else if (c == NULL)
        rq_rule(rq, RULE_XCA_RETRIEVE_KNOWN, d->place, "%s: no community %s is known here", d->document_unique_id,
                d->home);
    return c;
}

enum rc retrieval_from_communities(struct request *rq, enum ask_kind kind)
{
    struct retrieval *r = ARENA_NEW(rq->arena, struct retrieval);
    struct document_request *requests;

    r->kind = kind;
    r->unavailable = ISSUE_XDS_UNAVAILABLE_COMMUNITY;
    TRY(retrieval_decode(rq, r, &requests));
    for (const struct document_request *d = requests; d != NULL; d = d->next) {
        const struct community *c = community_of(rq, d);
        if (c != NULL)
            retrieval_add(rq->arena, r, d, c, 1);
    }
    return retrieval_run(rq, r);
}

/* ---- from repositories ---- */

/* NULL when refused. */
static const struct repository *repository_of(struct request *rq, const struct document_request *d)
{
    const char *own = rq->community->home_community_id;
    const struct repository *r = retrieval_repository(rq->community, d->repository_unique_id);

    if (text_absent(d->home))
        rq_rule(rq, RULE_XCA_RETRIEVE_HOME, d->place, "%s: HomeCommunityId is required between gateways; here it is %s",
                d->document_unique_id, own);
    else if (!home_equal(d->home, own))
        rq_rule(rq, RULE_XCA_RETRIEVE_OURS, d->place, "%s: this gateway answers for %s alone, not for %s",
                d->document_unique_id, own, d->home);
    else if (r == NULL)
        rq_rule(rq, RULE_XCA_RETRIEVE_REPOSITORY, d->place, "%s: %s has no repository %s", d->document_unique_id,
                rq->community->name, d->repository_unique_id);
    else
        return r;
    return NULL;
}

/* Those that can be asked for, which loses the others of the list. */
static struct document_request *answerable(struct request *rq, struct document_request *requests)
{
    struct document_request *first = NULL, **end = &first;

    for (struct document_request *d = requests, *next; d != NULL; d = next) {
        next = d->next;
        d->next = NULL;
        if (repository_of(rq, d) == NULL)
            continue;
        *end = d;
        end = &d->next;
    }
    return first;
}

static enum rc documents_gather(struct request *rq, struct document_request *requests)
{
    struct retrieval *r = rq->state;

    for (struct document_request *d = requests; d != NULL; d = d->next) {
        d->home = NULL; /* within the community nobody needs it; the answer gets it back */
        retrieval_add(rq->arena, r, d, rq->community,
                      retrieval_repository(rq->community, d->repository_unique_id)->number);
    }
    return retrieval_run(rq, r);
}

enum rc retrieval_from_repositories(struct request *rq, enum ask_kind kind)
{
    struct retrieval *r = ARENA_NEW(rq->arena, struct retrieval);
    struct document_request *requests;
    bool is_restricted;

    rq->state = r;
    r->kind = kind;
    r->unavailable = ISSUE_XDS_REPOSITORY_ERROR;
    TRY(retrieval_decode(rq, r, &requests));
    requests = answerable(rq, requests);
    TRY(disclosure_restricts(rq, NULL, &is_restricted));
    if (!is_restricted || requests == NULL)
        return documents_gather(rq, requests);
    return disclosure_ask(rq, requests, documents_gather);
}
