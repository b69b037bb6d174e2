#pragma once
/*
 * What patients said of their consent (model/consent.h), in the gateway's database: a row for whoever said anything,
 * and one for each part that was named. Whoever has no row follows the rule: given, all of it.
 */

#include "base/rc.h"
#include "model/community.h"
#include "model/consent.h"

#include <stdbool.h>

struct arena;
struct db;

extern const char consent_schema[];

/* Does anybody's consent here keep anything back? c NULL: in any community. */
MUST_CHECK enum rc consent_store_any(struct db *db, const struct community *c, bool *any);
/* In the arena; the rule where nothing is recorded. patient: the extension of the regional id. */
MUST_CHECK enum rc consent_store_get(struct arena *a, struct db *db, const struct community *c, const char *patient,
                                     struct consent *out);
/* All that is recorded of a community, by patient; NULL: nothing. */
MUST_CHECK enum rc consent_store_list(struct arena *a, struct db *db, const struct community *c, struct consent **out);
/* In the place of what was recorded, within a transaction of the writer. */
MUST_CHECK enum rc consent_store_put(struct db *db, const struct community *c, const struct consent *consent);
