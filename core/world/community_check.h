#pragma once
/* What `kakehashi communities check` looks for beyond what a start needs: docs/community-files.md, field by field. */

#include "base/rc.h"

#include <stddef.h>

struct arena;
struct world;

/*
 * Files of communities, each "FOLDER/KEY.json": their form, their survey's counts and marks, and that no key, slug or
 * OID is also another's: of each other, and of the communities of `known` that they do not replace. E_CONFIG after a
 * line per fault on standard error.
 */
MUST_CHECK enum rc community_check(struct arena *a, char *const *paths, size_t count, const struct world *known);
