/* Who is whom, as the PIX manager keeps it: potential duplicates, and what somebody says of two patients. */
#include "base/arena.h"
#include "console/ask.h"
#include "console/daemons.h"

/* True, or refused: a community that is named has to live here. */
static bool community_fits(struct ask *ask)
{
    const char *name = ask_param(ask, "community");
    const struct world *w = ask->console->daemon->world;

    if (name == NULL || world_find(w, name) != NULL)
        return true;
    ask_refuse(ask, 400, "query.community", community_keys(ask->arena, w), "the community \"%.60s\" does not live here",
               name);
    return false;
}

/* Every one of them has to be there. */
static bool has_all(struct ask *ask, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (ask_param(ask, *names) != NULL)
            continue;
        ask_refuse(ask, 400, arena_printf(ask->arena, "query.%s", *names), NULL, "%s is missing", *names);
        return false;
    }
    return true;
}

/* The parameters were judged at the door, and go on as they came. */
static bool relay(struct ask *ask, const char *method, const char *path)
{
    const char *query = ask->http->head.query;
    struct daemon_page *page = ask->state;

    if (page == NULL)
        page = ask->state = daemons_ask(
            ask, "pixmgr", method,
            query == NULL || query[0] == '\0' ? path : arena_printf(ask->arena, "%s?%s", path, query),
            (struct str){ 0 });
    if (page == NULL) {
        ask_refuse(ask, 503, NULL, NULL, "no PIX manager is known: endpoints.json is not there yet, or names none");
        return true;
    }
    if (!daemons_over(page))
        return false;
    daemon_page_reply(ask, page);
    return true;
}

bool review_list(struct ask *ask)
{
    return !community_fits(ask) || relay(ask, "GET", "/pixmgr/reviews");
}

bool review_decide(struct ask *ask)
{
    static const char *const needed[] = { "number", "decision", NULL };

    return !has_all(ask, needed) || relay(ask, "PUT", "/pixmgr/reviews");
}

bool link_say(struct ask *ask)
{
    static const char *const needed[] = { "community", "one", "other", "word", NULL };

    return !has_all(ask, needed) || !community_fits(ask) || relay(ask, "PUT", "/pixmgr/links");
}
