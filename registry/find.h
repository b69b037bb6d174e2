#pragma once
/* What only queries ask the store. community is its number. */

#include "base/rc.h"
#include "registry/store.h"

#include <stdbool.h>

/* ---- find_versions.c ---- */

/* Has the object a version after it? */
MUST_CHECK enum rc find_later_version(struct db *db, int community, const struct stored_object *o, bool *has);

/* ---- find_terms.c ---- */

/* The values of a key that terms are kept of (store_terms.c), as far as they fit one of those asked for. */
MUST_CHECK enum rc find_values(struct arena *a, struct db *db, int community, enum key key,
                               const struct text_list *asked, bool (*fits)(const char *value, const char *asked),
                               struct text_list **out);
/*
 * Every object with a value of such a key, in order of registration. The object is forgotten when each returns:
 * store_object_leaf with an arena of your own keeps the leaf.
 */
MUST_CHECK enum rc find_by_value(struct db *db, int community, enum key key, const char *value, object_visitor *each,
                                 void *user);
