/* How the gateways of each community find patients, and who fails just now; the gateway daemon keeps it. */
#include "base/arena.h"
#include "console/ask.h"
#include "console/daemons.h"

#include <string.h>

static bool relay(struct ask *ask, const char *method, const struct community *c, const char *query)
{
    const char *path = c == NULL ? "/gateways" : arena_printf(ask->arena, "/gateways/%s", c->key);

    return daemon_relay(ask, "gateway", method, arena_printf(ask->arena, "%s%s", path, query));
}

bool gateways_list(struct ask *ask)
{
    const char *name = ask_param(ask, "community");
    const struct community *c = name == NULL ? NULL : community_asked(ask, "query.community", name);

    return (name != NULL && c == NULL) || relay(ask, "GET", c, "");
}

/* Letters, digits, "-" and "_" of keys, and "@": whatever else there is, the daemon need not see. */
static bool is_strategy(const char *text)
{
    return text != NULL && text[0] != '\0' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@") == strlen(text);
}

bool gateway_put(struct ask *ask)
{
    static const char *const allowed[] = { "xcpd", "broadcast", "pix", "pix@ID", "plq", "plq@ID", NULL };
    const struct community *c = community_asked(ask, "path.community", ask->segment);
    const char *strategy = ask_param(ask, "strategy");

    if (c == NULL)
        return true;
    if (is_strategy(strategy))
        return relay(ask, "PUT", c, arena_printf(ask->arena, "?strategy=%s", strategy));
    ask_refuse(ask, 400, "query.strategy", allowed, "strategy says how the community finds patients from now on");
    return true;
}

bool gateway_delete(struct ask *ask)
{
    const struct community *c = community_asked(ask, "path.community", ask->segment);

    return c == NULL || relay(ask, "DELETE", c, "");
}
