#pragma once
/* Who lives here and what works there, for terminals and for docs/communities.md. */

#include "model/community.h"

struct arena;
struct buf;
struct linkage;

/* A line per community. */
void networks_print(struct arena *a, const struct world *w, struct buf *out);
/* Everything about one. */
void networks_print_one(struct arena *a, const struct world *w, const struct community *c,
                        const struct linkage *linkages, struct buf *out);
/* docs/communities.md, whole. */
void networks_markdown(struct arena *a, const struct world *w, const struct linkage *linkages, struct buf *out);
