#pragma once
/* What the registry keeps of a person of the fixtures and their documents (actor/seeding.h). */

#include "actor/seeding.h"

struct db;

/* Keeps the n-th person of the community, who has been kept never before. On the writer's thread. */
MUST_CHECK enum rc seed_registry(struct arena *a, struct db *db, const struct seeding *s, const struct community *c,
                                 uint64_t n);
