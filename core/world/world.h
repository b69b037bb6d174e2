#pragma once
/* The communities that live here, from fixtures/networks/KEY.json (format: docs/community-files.md). */

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

/* The same, and those of --peers, which live elsewhere (gateway_at). E_CONFIG also for one that lives here, too. */
MUST_CHECK enum rc world_load_with_peers(struct arena *a, const struct config *c, struct world **out);

/* Every community of FIXTURES/networks, living here or not: whom the people of the world belong to. E_CONFIG. */
MUST_CHECK enum rc world_everyone(struct arena *a, const char *fixtures, struct world **out);

/* Every community of a folder, sorted by key and checked. E_CONFIG after a line per fault. */
MUST_CHECK enum rc world_read(struct arena *a, const char *folder, struct world *all);

/*
 * Keys, slugs and OIDs lead to one community each, and whoever is asked exists. paths: the file of each community, for
 * the line that is written per fault; of two that share something the later one is complained of. E_CONFIG.
 */
MUST_CHECK enum rc world_check(struct arena *a, const struct world *w, const char *const *paths);

/* The fixtures folder: --fixtures, else beside the program (…/share/kakehashi or the source tree's fixtures). In the
 * arena. */
const char *world_fixtures(struct arena *a, const struct config *c);
