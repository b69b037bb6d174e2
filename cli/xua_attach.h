#pragma once
/* Who asks, in the messages of `kakehashi send` and of the scenarios. */

#include "base/rc.h"
#include "cli/exchange.h"

/*
 * word: a variant of xua_variant.h, or a file with an assertion (or with whole headers, as `xua issue --headers` writes
 * them). x->client and x->to are set. E_CONFIG, with a sentence on standard error, when it is neither.
 */
MUST_CHECK enum rc xua_attach(struct exchange *x, const char *word);
/* What endpoints.json says: does every message to this community need a user? */
bool xua_is_required(const struct peer *to);
