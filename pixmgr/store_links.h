#pragma once
/*
 * What makes one person of entries, for the store's own files. Links hold entries together, a stronger one before a
 * weaker one; the word of somebody (A24, A37, a reviewer) is about records and goes before all of them.
 */

#include "pixmgr/store.h"

/* Weakest first; the schema's partial index knows LINK_REVIEW. */
enum link_kind {
    LINK_REVIEW, /* none yet: somebody has to look at it */
    LINK_SCORE,  /* demographics */
    LINK_RULE,   /* a deterministic rule of match.h */
    LINK_COMMON, /* a common identifier, or one's other id is the other's own */
    LINK_FED     /* their ids came in one feed */
};

/* Keeps the stronger of the one there and this one. */
MUST_CHECK enum rc link_add(struct db *db, int64_t one, int64_t other, enum link_kind kind, double score);
/* What was to be reviewed of an entry and is to be judged anew. */
MUST_CHECK enum rc link_forget_reviews(struct db *db, int64_t entry);
/* All links of an entry become another's; it keeps none. */
MUST_CHECK enum rc links_move(struct arena *a, struct db *db, int64_t from, int64_t to);

/* Somebody's word about two records; the latest holds. */
MUST_CHECK enum rc word_say(struct db *db, int64_t one, int64_t other, bool is_same);
/* What was said of a record is said of another. */
MUST_CHECK enum rc words_move(struct arena *a, struct db *db, int64_t from, int64_t to);

/*
 * Forms persons anew out of these and of all entries that hang together with theirs: words of sameness first, then
 * links, the strongest first, none across what was told apart. Adds to changed those whose entries are others than
 * before. seeds: numbers of entries, whose persons (as they stand) are looked at whole.
 */
MUST_CHECK enum rc persons_form(struct arena *a, struct db *db, const struct persons *seeds, struct persons *changed);
