#include "actor/address.h"

#include "actor/daemon.h"

#include <stdlib.h>
#include <string.h>

static const char *segment(struct arena *a, const char **path)
{
    const char *p = *path;

    while (*p == '/')
        p++;
    size_t n = strcspn(p, "/");
    *path = p + n;
    return n == 0 ? NULL : arena_strndup(a, p, n);
}

/* The word as the rows have it; NULL when no SOAP endpoint of this daemon is called so. */
static const char *actor_find(const struct daemon_spec *spec, const char *actor)
{
    for (size_t i = 0; actor != NULL && i < spec->transaction_count; i++) {
        const struct transaction *t = &spec->transactions[i];
        if (t->door == DOOR_SOAP && strcmp(t->actor, actor) == 0)
            return t->actor;
    }
    return NULL;
}

/* "3" → 3; 0 for what is no such number. */
static int path_number(const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *end == '\0' && n > 0 && n < 10000 ? (int)n : 0;
}

int address_parse(struct arena *a, const struct daemon *d, const char *path, struct endpoint_address *out,
                  const char **why)
{
    const char *rest = path, *community = segment(a, &rest), *actor = segment(a, &rest);
    const char *number = segment(a, &rest), *more = segment(a, &rest);

    *out = (struct endpoint_address){ .community = community != NULL ? world_find(d->world, community) : NULL,
                                      .number = 1 };
    if (out->community == NULL) {
        *why = arena_printf(a, "no community \"%.40s\" lives here; `kakehashi communities` lists who does",
                            community != NULL ? community : "");
        return 404;
    }
    if (out->community->gateway_at != NULL) {
        *why = arena_printf(a, "%s does not live here: its gateway is %s", out->community->key,
                            out->community->gateway_at);
        return 404;
    }
    out->actor = actor_find(d->spec, actor);
    if (out->actor == NULL || more != NULL) {
        *why = arena_printf(a, "the %s daemon has no endpoint %.80s; `kakehashi endpoints` lists them", d->spec->name,
                            path);
        return 404;
    }
    if (number != NULL && (out->number = path_number(number)) == 0) {
        *why = "the path's last segment is no number of a repository";
        return 404;
    }
    return 0;
}
