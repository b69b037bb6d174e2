/*
 * ITI-62 Remove Metadata (Document Administrator -> Document Registry): objects are forgotten, all that are named or
 * none. ITI TF-2: 3.62. The documents themselves stay with their repository; ITI-86 removes those.
 */
#include "registry/registry.h"

#include "msg/remove_objects.h"
#include "registry/remove_keep.h"

static void on_removed(struct request *rq, enum rc rc)
{
    struct registry_response response = { .status = REGISTRY_SUCCESS, .issues = rq->issues };

    if (rc == OK)
        registry_response_encode(&response, rq->reply);
    rq_done(rq, rc);
}

enum rc iti62_remove_metadata(struct request *rq)
{
    struct remove_objects *remove = ARENA_NEW(rq->arena, struct remove_objects);

    TRY(remove_objects_decode(rq->arena, rq->body, remove, &rq->issues));
    rq->state = remove;
    return rq_write(rq, remove_keep, on_removed);
}
