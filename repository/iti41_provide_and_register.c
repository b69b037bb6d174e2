/*
 * ITI-41 Provide and Register Document Set-b (Document Source -> Document Repository). ITI TF-2: 3.41.
 *
 * The octets are at rest, and remembered as pending, before the registry hears of them; they can be retrieved once it
 * has said yes. Whatever dies in between, what the registry knows can be retrieved: confirm.c asks it when in doubt.
 */
#include "actor/call.h"
#include "msg/ebrim.h"
#include "msg/registry_response.h"
#include "repository/deposit.h"
#include "repository/repository.h"
#include "repository/store.h"

#include <inttypes.h>

#define ACTION_REGISTER "urn:ihe:iti:2007:RegisterDocumentSet-b"

struct provision {
    const struct repository *repository;
    struct provide message;
    struct deposit *deposits;
};

/* ---- remembering, on the writer's thread ---- */

/* The same uniqueId with the same octets is no error (ITI TF-2: 3.41.4.1.3). */
static void known_check(struct request *rq, const struct deposit *d, const struct stored_document *known)
{
    if (known->size != d->size)
        rq_refuse(rq, ISSUE_XDS_NON_IDENTICAL_SIZE, d->entry->place,
                  "document %s is stored here with %" PRIu64 " octets, now came %" PRIu64
                  "; a changed document needs a uniqueId of its own",
                  d->entry->unique_id, known->size, d->size);
    else if (!text_equal(known->sha256, d->sha256))
        rq_refuse(
            rq, ISSUE_XDS_NON_IDENTICAL_HASH, d->entry->place,
            "document %s is stored here with the hash %s, now came %s; a changed document needs a uniqueId of its "
            "own",
            d->entry->unique_id, known->sha1, d->sha1);
}

static enum rc provision_remember(struct db *db, struct request *rq)
{
    const struct provision *p = rq->state;

    for (struct deposit *d = p->deposits; d != NULL; d = d->next) {
        struct stored_document known, document = deposit_document(d);
        enum rc rc = store_document_find(rq->arena, db, p->repository->unique_id, d->entry->unique_id, &known);
        if (rc == OK)
            known_check(rq, d, &known);
        else if (rc == E_NOT_FOUND)
            rc = store_pending_add(db, p->repository->unique_id, &document, &d->pending);
        TRY(rc);
    }
    return rq->issues.errors > 0 ? E_REFUSED : OK;
}

static enum rc provision_confirm(struct db *db, struct request *rq)
{
    const struct provision *p = rq->state;

    for (const struct deposit *d = p->deposits; d != NULL; d = d->next)
        TRY(store_pending_confirm(db, p->repository->unique_id, d->entry->unique_id, d->sha1));
    return OK;
}

static enum rc provision_forget(struct db *db, struct request *rq)
{
    const struct provision *p = rq->state;

    for (const struct deposit *d = p->deposits; d != NULL; d = d->next)
        if (d->pending != 0)
            TRY(store_pending_forget(db, d->pending));
    return OK;
}

/* ---- after the registry's answer ---- */

static void on_confirmed(struct request *rq, enum rc rc)
{
    struct registry_response response = { .status = REGISTRY_SUCCESS, .issues = rq->issues };

    if (rc == OK) {
        const struct provision *p = rq->state;
        deposits_settle(p->deposits);
        registry_response_encode(&response, rq->reply);
    }
    rq_done(rq, rc);
}

/* A pending row that stays is of no harm: the registry does not know it. */
static void on_forgotten(struct request *rq, enum rc rc UNUSED)
{
    rq_done(rq, E_REFUSED);
}

static void issues_pass_on(struct request *rq, const struct issue_list *from)
{
    for (const struct issue *i = from->first; i != NULL; i = i->next)
        issue_pass_on(rq->arena, &rq->issues, i->ebrs, i->is_warning, i->text, i->location);
}

static enum rc answer_take(struct request *rq, const struct call *call)
{
    struct registry_response answer;

    if (registry_response_decode(rq->arena, call->body, &answer) != OK)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, NULL,
                         "the registry at %s answered %s, which is no RegistryResponse", call->url,
                         call->body != NULL ? call->body->name : "nothing");
    issues_pass_on(rq, &answer.issues);
    if (answer.status == REGISTRY_SUCCESS)
        return rq_write(rq, provision_confirm, on_confirmed);
    if (rq->issues.errors == 0)
        rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, NULL, "the registry at %s refused and gave no reason", call->url);
    return rq_write(rq, provision_forget, on_forgotten);
}

/*
 * Without an answer it is open whether the registry has it: the rows stay pending, and confirm.c will find out. A
 * registry that was not even reached has nothing.
 */
static enum rc registered(struct request *rq, const struct call *call)
{
    if (call->rc == OK)
        return answer_take(rq, call);
    if (call->rc == E_REFUSED)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_ERROR, NULL, "the registry at %s answered with a SOAP fault: %s",
                         call->url, call->why);
    enum rc rc = rq_refuse(rq, ISSUE_XDS_REGISTRY_NOT_AVAILABLE, NULL, "the registry at %s gave no answer: %s",
                           call->url, call->why);
    return call->is_unsent ? rq_write(rq, provision_forget, on_forgotten) : rc;
}

static void on_registered(struct request *rq, struct call *call)
{
    rq_done(rq, registered(rq, call));
}

/* ---- to the registry ---- */

/* What only the repository knows is set; all else goes on as the source sent it. */
static void metadata_complete(struct request *rq, const struct provision *p)
{
    for (const struct deposit *d = p->deposits; d != NULL; d = d->next) {
        ebrim_slot_set(rq->arena, d->object, "repositoryUniqueId", p->repository->unique_id);
        ebrim_slot_set(rq->arena, d->object, "hash", d->sha1);
        ebrim_slot_set(rq->arena, d->object, "size", arena_printf(rq->arena, "%" PRIu64, d->size));
    }
}

static enum rc provision_register(struct request *rq)
{
    const struct provision *p = rq->state;
    struct buf *body = buf_new(rq->arena, BUF_MAX_DEFAULT);

    metadata_complete(rq, p);
    xml_write_node(body, p->message.submit.request);
    if (body->overflowed)
        return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, NULL,
                         "the metadata of this submission is more than a registry could be told at once");
    struct call_spec spec = {
        .url = daemon_peer_url(rq->arena, rq->service->daemon, rq->community, "registry", 1),
        .action = ACTION_REGISTER,
        .transaction = "ITI-42",
        .body = body,
    };
    return rq_call(rq, &spec, on_registered, NULL);
}

static void on_remembered(struct request *rq, enum rc rc)
{
    rq_done(rq, rc == OK ? provision_register(rq) : rc);
}

static void on_kept(struct request *rq, enum rc rc)
{
    rq_done(rq, rc == OK ? rq_write(rq, provision_remember, on_remembered) : rc);
}

enum rc iti41_provide_and_register(struct request *rq)
{
    struct provision *p = ARENA_NEW(rq->arena, struct provision);

    TRY(repository_of(rq, &p->repository));
    TRY(provide_decode(rq->arena, rq->body, &p->message, &rq->issues));
    rq_rules_weigh(rq);
    issue_list_keep_errors(&rq->issues); /* the registry judges the same metadata, and tells the rest */
    TRY(deposits_check(rq, &p->message, &p->deposits));
    rq->state = p;
    TRY(deposits_keep(rq, p->deposits, on_kept));
    return provision_register(rq); /* folders and associations alone: nothing to store */
}
