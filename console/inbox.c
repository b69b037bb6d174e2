/* What was sent to the Document Recipients (XDR), as the repository daemon keeps it. */
#include "base/arena.h"
#include "console/ask.h"
#include "console/daemons.h"

static const char *key_asked(struct ask *ask)
{
    const struct community *c = community_asked(ask, "query.community", ask_param(ask, "community"));

    return c != NULL ? c->key : NULL;
}

static bool relay(struct ask *ask, const char *path)
{
    return daemon_relay(ask, "repository", "GET", path);
}

bool inbox_list(struct ask *ask)
{
    const char *key = key_asked(ask);

    return key == NULL || relay(ask, arena_printf(ask->arena, "/inbox/%s", key));
}

bool inbox_document(struct ask *ask)
{
    const char *key = key_asked(ask);

    return key == NULL || relay(ask, arena_printf(ask->arena, "/inbox/%s/%lld/%lld", key, ask_number(ask, "number", 0),
                                                  ask_number(ask, "document", 1)));
}
