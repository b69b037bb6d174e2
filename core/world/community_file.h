#pragma once
/*
 * One file of fixtures/networks: its format is docs/community-files.md. Every fault that can be found is told, a line each;
 * then the file counts as unread.
 */

#include "base/rc.h"
#include "model/community.h"

struct arena;
struct json;

/* FOLDER/NAME, where NAME is the community's key and ".json". E_CONFIG after complaints. The survey is not looked at.
 */
MUST_CHECK enum rc community_file_read(struct arena *a, const char *folder, const char *name, struct community *out);

/* The same, and what of its survey is needed to lay it out or to check it; *survey is NULL when there is none. */
MUST_CHECK enum rc community_file_read_whole(struct arena *a, const char *folder, const char *name,
                                             struct community *out, const struct json **survey);

/*
 * For a sheet that is not laid out yet: what layout_make needs, which is the name, simulation.number, locate and the
 * survey. Its OIDs are made of the number.
 */
MUST_CHECK enum rc community_file_outline(struct arena *a, const char *folder, const char *name, struct community *out,
                                          const struct json **survey);

/*
 * One sentence on standard error: the file, the place in it as a path of members ("simulation.facilities[0].oid"; "" is
 * the whole file), and what is wrong. Returns E_CONFIG.
 */
enum rc community_file_complain(const char *path, const char *place, const char *fmt, ...) PRINTF_LIKE(3, 4);
