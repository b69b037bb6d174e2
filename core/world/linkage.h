#pragma once
/* Links between networks or systems that the survey's documents state: FIXTURES/linkages.json (docs/community-files.md). */

#include "base/rc.h"
#include "model/community.h"

struct arena;

struct linkage_party {
    const char *community; /* key; NULL for one that is no community here */
    const char *name;      /* what the document calls it, where community is NULL */
    const char *part;      /* of the community: "ID-LINK", "its operator"; NULL: all of it */
    struct linkage_party *next;
};

struct linkage {
    const char *code;      /* "L07" */
    const char *kind;      /* network, vendor, system */
    const char *standards; /* "PIX, XCA": those that the text names; "" when it names none */
    const char *state;
    struct linkage_party *parties;
    struct linkage *next;
};

/* *out is NULL when the folder has no such file. E_CONFIG after a complaint. */
MUST_CHECK enum rc linkages_read(struct arena *a, const char *fixtures, struct linkage **out);

/* Sets c->linked of every community: those that a linkage names beside it, in the file's order. */
void linkages_apply(struct arena *a, const struct linkage *linkages, struct world *w);
