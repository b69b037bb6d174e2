#pragma once
/* Documents that are made when asked for: those of the people that were seeded (core/actor/seeding.h). */

#include "repository/repository.h"

struct made_paper {
    const char *mime_type;
    struct str bytes; /* in rq's arena */
};

/*
 * The document of rq's community with this uniqueId in the repository of this repositoryUniqueId. E_NOT_FOUND for one
 * of nobody who was seeded, and for one that another repository keeps.
 */
MUST_CHECK enum rc paper_make(struct request *rq, const char *repository, const char *unique_id,
                              struct made_paper *out);
