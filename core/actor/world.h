#pragma once
/* The communities that live here, from fixtures/networks/KEY.json (format: docs/communities.md). */

#include "base/config.h"
#include "base/rc.h"
#include "model/community.h"

struct arena;

/*
 * Reads FIXTURES/networks and keeps those that --communities names (all; or keys and slugs with commas), plus
 * `backbone` when one of them asks it. E_CONFIG, with a sentence on standard error, for an unknown name or a broken
 * file (file, place, what).
 */
MUST_CHECK enum rc world_load(struct arena *a, const struct config *c, struct world **out);

/* The fixtures folder: --fixtures, else beside the program (…/share/kakehashi or the source tree's fixtures). In the
 * arena. */
const char *world_fixtures(struct arena *a, const struct config *c);
