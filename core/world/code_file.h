#pragma once
/*
 * Code sets from a file: JSON as docs/codes.md says, or the codes.xml of NIST's toolkit. And the codes and checks that
 * hold in each community.
 */

#include "base/config.h"
#include "base/rc.h"
#include "model/code_set.h"
#include "model/community.h"

struct arena;

/* E_CONFIG after a complaint that names the file and the place. */
MUST_CHECK enum rc code_file_read(struct arena *a, const char *path, struct code_set **out);

/*
 * What --codes, --checks and its own file say, for every community: weights and codes are set. fixtures is the folder
 * above codes/. E_CONFIG after a complaint.
 */
MUST_CHECK enum rc community_checks_settle(struct arena *a, const struct config *c, const char *fixtures,
                                           struct world *world);
