/*
 * ITI-41 Provide and Register Document Set-b (Document Source -> Document Repository). ITI TF-2: 3.41.
 *
 * The octets are at rest, and remembered as pending, before the registry hears of them; they can be retrieved once it
 * has said yes (provision.h). A patient's first prescription brings their medication list (on_demand_announce.h).
 */
#include "msg/ebrim.h"
#include "msg/registry_response.h"
#include "repository/on_demand_announce.h"
#include "repository/provision.h"

#include <inttypes.h>

struct providing {
    struct provide message;
    struct provision provision;
};

/* ---- after the registry's answer ---- */

static void providing_answer(struct request *rq)
{
    struct registry_response response = { .status = REGISTRY_SUCCESS, .issues = rq->issues };

    registry_response_encode(&response, rq->reply);
    rq_done(rq, OK);
}

static void on_provided(struct request *rq, enum rc rc)
{
    const struct providing *p = rq->state;

    if (rc != OK)
        rq_done(rq, rc);
    else
        on_demand_announce(rq, p->provision.repository, p->message.submit.submission.documents, providing_answer);
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

static enum rc metadata_encode(struct request *rq, struct providing *p)
{
    p->provision.metadata = buf_new(rq->arena, BUF_MAX_DEFAULT);
    metadata_complete(rq, &p->provision);
    xml_write_node(p->provision.metadata, p->message.submit.request);
    if (!p->provision.metadata->overflowed)
        return OK;
    return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, NULL,
                     "the metadata of this submission is more than a registry could be told at once");
}

enum rc iti41_provide_and_register(struct request *rq)
{
    struct providing *p = ARENA_NEW(rq->arena, struct providing);

    TRY(repository_of(rq, &p->provision.repository));
    TRY(provide_decode(rq->arena, rq->body, &p->message, &rq->issues));
    rq_rules_weigh(rq);
    issue_list_keep_errors(&rq->issues); /* the registry judges the same metadata, and tells the rest */
    TRY(deposits_check(rq, &p->message, &p->provision.deposits));
    TRY(metadata_encode(rq, p));
    p->provision.then = on_provided;
    rq->state = p;
    return provision_run(rq, &p->provision);
}
