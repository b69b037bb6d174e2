#pragma once
/* Documents that are made when asked for: those of the people that were seeded (core/actor/seeding.h). */

#include "msg/retrieve.h"
#include "repository/repository.h"

struct made_paper {
    const char *mime_type;
    struct str bytes;
};

/*
 * The document of rq's community that r names, in rq's arena. E_NOT_FOUND for one of nobody who was seeded, for one
 * that another repository keeps, and for one that was removed.
 */
MUST_CHECK enum rc paper_make(struct request *rq, struct db *db, const struct document_request *r,
                              const struct made_paper **out);
/* The same, without making it. */
MUST_CHECK enum rc paper_find(struct request *rq, struct db *db, const struct document_request *r);
