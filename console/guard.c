#include "console/guard.h"

#include "base/arena.h"
#include "console/ask.h"

#include <string.h>
#include <strings.h>

bool guard_is_loopback(const char *bind)
{
    static const char *const loopback[] = { "localhost", "::1", "[::1]" };

    for (size_t i = 0; i < ARRAY_LEN(loopback); i++) {
        if (strcasecmp(loopback[i], bind) == 0)
            return true;
    }
    return text_starts(bind, "127.") && strspn(bind, "0123456789.") == strlen(bind);
}

/* "localhost:18100" without its port. */
static const char *host_of(struct arena *a, const char *header)
{
    size_t n = header[0] == '[' ? strcspn(header, "]") + 1 : strcspn(header, ":");

    return arena_strndup(a, header, MIN(n, strlen(header)));
}

static bool host_is_ours(struct ask *ask, const char *host)
{
    const char *bind = config_text(ask->console->daemon->config, CONFIG_CONTROL_BIND);

    /* Elsewhere the token decides: names of a container or a proxy cannot be known here. */
    return !guard_is_loopback(bind) || guard_is_loopback(host_of(ask->arena, host));
}

bool guard_lets_in(struct ask *ask)
{
    const char *host = http_header(&ask->http->head, "host"), *origin = http_header(&ask->http->head, "origin");

    if (host == NULL || !host_is_ours(ask, host)) {
        ask_refuse(ask, 403, "header.Host", NULL, "Host must name this machine's loopback, not \"%.60s\"",
                   host != NULL ? host : "");
        return false;
    }
    if (origin == NULL || (text_starts(origin, "http://") && strcasecmp(origin + 7, host) == 0))
        return true;
    ask_refuse(ask, 403, "header.Origin", NULL, "pages of %.100s may not use this API; http://%.60s may", origin, host);
    return false;
}

/* In a time that does not tell how much of it was right. */
static bool is_same(const char *given, const char *token)
{
    size_t n = strlen(token);
    unsigned char difference = strlen(given) == n ? 0 : 1;

    for (size_t i = 0; i < n && given[0] != '\0'; i++)
        difference |= (unsigned char)(given[i % strlen(given)] ^ token[i]);
    return difference == 0;
}

bool guard_knows(struct ask *ask)
{
    const char *token = config_text(ask->console->daemon->config, CONFIG_CONTROL_TOKEN);
    const char *header = http_header(&ask->http->head, "authorization");

    if (token[0] == '\0' || ask->route->is_open)
        return true;
    if (header != NULL && strncasecmp(header, "Bearer ", 7) == 0 && is_same(header + 7, token))
        return true;
    ask_refuse(ask, 401, "header.Authorization", NULL,
               "this API asks for Authorization: Bearer TOKEN (--control-token)");
    return false;
}
