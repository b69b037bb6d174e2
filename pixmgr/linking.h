#pragma once
/* How a cross-reference manager links: its community, whose sheet names the common identifiers, and the thresholds. */

#include "base/config.h"
#include "model/community.h"

#include <stdbool.h>

struct arena;

struct linking {
    int community;
    const char *const *common; /* domains of common identifiers: whoever shares one is the same; ends with NULL */
    double link_from;          /* score (match.h) from which two entries are one person */
    double review_from;        /* and from which somebody has to look at them */
};

struct linking linking_of(struct arena *a, const struct config *config, const struct community *c);

bool linking_is_common(const struct linking *how, const char *root);
