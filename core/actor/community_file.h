#pragma once
/* One file of fixtures/networks: its format is docs/communities.md. */

#include "base/rc.h"
#include "model/community.h"

struct arena;

/* FOLDER/NAME, where NAME is the community's key and ".json". E_CONFIG after a complaint. */
MUST_CHECK enum rc community_file_read(struct arena *a, const char *folder, const char *name, struct community *out);

/*
 * One sentence on standard error: the file, the place in it as a path of members ("simulation.facilities[0].oid"; "" is
 * the whole file), and what is wrong. Returns E_CONFIG.
 */
enum rc community_file_complain(const char *path, const char *place, const char *fmt, ...) PRINTF_LIKE(3, 4);
