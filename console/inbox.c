/* What was sent to the Document Recipients (XDR), as the repository daemon keeps it. */
#include "base/arena.h"
#include "console/ask.h"
#include "console/daemons.h"

/* Its key; NULL when it was refused. */
static const char *community_asked(struct ask *ask)
{
    const char *name = ask_param(ask, "community");
    const struct community *c = name != NULL ? world_find(ask->console->daemon->world, name) : NULL;

    if (c == NULL)
        ask_refuse(ask, 400, "query.community", community_keys(ask->arena, ask->console->daemon->world),
                   name == NULL ? "community names whose inbox it is%.0s"
                                : "the community \"%.60s\" does not live here",
                   name);
    return c != NULL ? c->key : NULL;
}

static bool relay(struct ask *ask, const char *path)
{
    struct daemon_page *page = ask->state;

    if (page == NULL)
        page = ask->state = daemons_ask(ask, "repository", "GET", path, (struct str){ 0 });
    if (page == NULL) {
        ask_refuse(ask, 503, NULL, NULL, "no repository runs here yet; GET /status has those that do");
        return true;
    }
    if (!daemons_over(page))
        return false;
    daemon_page_reply(ask, page);
    return true;
}

bool inbox_list(struct ask *ask)
{
    const char *key = community_asked(ask);

    return key == NULL || relay(ask, arena_printf(ask->arena, "/inbox/%s", key));
}

bool inbox_document(struct ask *ask)
{
    const char *key = community_asked(ask);

    return key == NULL || relay(ask, arena_printf(ask->arena, "/inbox/%s/%lld/%lld", key, ask_number(ask, "number", 0),
                                                  ask_number(ask, "document", 1)));
}
