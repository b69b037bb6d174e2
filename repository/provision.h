#pragma once
/*
 * Documents become part of the community: at rest, remembered as pending, registered (ITI-42), retrievable; or, when
 * the registry does not want them, gone again. Whatever dies in between, what the registry knows can be retrieved:
 * confirm.c asks it when in doubt.
 */

#include "repository/deposit.h"
#include "repository/repository.h"

struct provision {
    const struct repository *repository;
    struct deposit *deposits;
    struct buf *metadata; /* the lcm:SubmitObjectsRequest, complete */
    /* OK: acknowledged from now on. E_REFUSED with issues, also those of the registry; E_IO, E_FULL, E_BUSY. */
    void (*then)(struct request *rq, enum rc rc);
    void *state; /* rq's, while this has its place; its own */
};

/* Returns LATER; then(rq, rc) on the loop, with rq->state as it is now. */
enum rc provision_run(struct request *rq, struct provision *p);
