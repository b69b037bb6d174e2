#pragma once
/*
 * Who is the same person, by demographics: deterministic rules first, then a score after Fellegi and Sunter (1969), the
 * sum of log2(m/u) over what is compared. m: how often it comes out like this for one person's two entries; u: for two
 * persons' entries. docs/matching.md prints the table.
 */

#include "pixmgr/linking.h"
#include "pixmgr/traits.h"

struct buf;

enum verdict {
    VERDICT_APART,  /* a rule says so, or the score is low */
    VERDICT_REVIEW, /* somebody has to look at it */
    VERDICT_SAME
};

struct match {
    enum verdict verdict;
    double score;
    const char *rule; /* the deterministic rule that decided; NULL: the score did */
};

/* The same whichever of both comes first. */
struct match match_traits(const struct traits *x, const struct traits *y, const struct linking *how);

/* The rules and the table as Markdown, for docs/matching.md. */
void match_markdown(struct buf *out);
