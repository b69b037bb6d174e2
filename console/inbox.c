/* What was sent to the Document Recipients (XDR), as the repository daemon keeps it. */
#include "base/arena.h"
#include "console/ask.h"
#include "console/daemons.h"

bool inbox_list(struct ask *ask)
{
    const struct community *c = ask_community(ask);

    return c == NULL || daemon_relay(ask, "repository", "GET", arena_printf(ask->arena, "/inbox/%s", c->key));
}

bool inbox_document(struct ask *ask)
{
    const struct community *c = ask_community(ask);

    return c == NULL || daemon_relay(ask, "repository", "GET",
                                     arena_printf(ask->arena, "/inbox/%s/%lld/%lld", c->key,
                                                  ask_number(ask, "number", 0), ask_number(ask, "document", 1)));
}
