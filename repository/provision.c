#include "repository/provision.h"

#include "actor/call.h"
#include "msg/registry_response.h"
#include "repository/store.h"

#include <inttypes.h>

#define ACTION_REGISTER "urn:ihe:iti:2007:RegisterDocumentSet-b"

static void provision_end(struct request *rq, enum rc rc)
{
    const struct provision *p = rq->state;

    rq->state = p->state;
    p->then(rq, rc);
}

/* ---- remembering, on the writer's thread ---- */

/* The same uniqueId with the same octets is no error (ITI TF-2: 3.41.4.1.3). */
static void known_check(struct request *rq, const struct deposit *d, const struct stored_document *known)
{
    if (known->size != d->size)
        rq_rule(rq, RULE_PNR_SAME_SIZE, d->entry->place,
                "document %s is stored here with %" PRIu64 " octets, now came %" PRIu64
                "; a changed document needs a uniqueId of its own",
                d->entry->unique_id, known->size, d->size);
    else if (!text_equal(known->sha256, d->sha256))
        rq_rule(rq, RULE_PNR_SAME_HASH, d->entry->place,
                "document %s is stored here with the hash %s, now came %s; a changed document needs a uniqueId of its "
                "own",
                d->entry->unique_id, known->sha1, d->sha1);
}

static enum rc provision_remember(struct db *db, struct request *rq)
{
    const struct provision *p = rq->state;
    int before = rq->issues.errors;

    for (struct deposit *d = p->deposits; d != NULL; d = d->next) {
        struct stored_document known, document = deposit_document(d);
        enum rc rc = store_document_find(rq->arena, db, p->repository->unique_id, d->entry->unique_id, &known);
        if (rc == OK) {
            known_check(rq, d, &known);
            rc = store_octets_add(db, &document); /* what is there may be damaged; a refusal undoes this */
        } else if (rc == E_NOT_FOUND) {
            rc = store_pending_add(db, p->repository->unique_id, &document, &d->pending);
        }
        TRY(rc);
    }
    return rq->issues.errors > before ? E_REFUSED : OK;
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
    const struct provision *p = rq->state;

    if (rc == OK)
        deposits_settle(p->deposits);
    provision_end(rq, rc);
}

/* A pending row that stays is of no harm: the registry does not know it. */
static void on_forgotten(struct request *rq, enum rc rc UNUSED)
{
    provision_end(rq, E_REFUSED);
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
    if (answer.issues.errors == 0)
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

/* LATER: a write is under way and goes on from there. */
static void go_on(struct request *rq, enum rc rc)
{
    if (rc != LATER)
        provision_end(rq, rc);
}

static void on_registered(struct request *rq, struct call *call)
{
    go_on(rq, registered(rq, call));
}

/* ---- to the registry ---- */

static enum rc provision_register(struct request *rq)
{
    const struct provision *p = rq->state;
    struct call_spec spec = {
        .url = daemon_peer_url(rq->arena, rq->service->daemon, rq->community, "registry", 1),
        .action = ACTION_REGISTER,
        .transaction = "ITI-42",
        .body = p->metadata,
    };
    return rq_call(rq, &spec, on_registered, NULL);
}

static void on_remembered(struct request *rq, enum rc rc)
{
    go_on(rq, rc == OK ? provision_register(rq) : rc);
}

static void on_kept(struct request *rq, enum rc rc)
{
    go_on(rq, rc == OK ? rq_write(rq, provision_remember, on_remembered) : rc);
}

enum rc provision_run(struct request *rq, struct provision *p)
{
    p->state = rq->state;
    rq->state = p;
    if (p->deposits == NULL) /* folders and associations alone: nothing to store */
        return provision_register(rq);
    if (deposits_keep(rq, p->deposits, on_kept) == OK)
        return rq_write(rq, provision_remember, on_remembered);
    return LATER;
}
