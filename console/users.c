/* Assertions for whoever tests without the command at hand: every variant, with its headers ready for a message. */
#include "console/users.h"

#include "actor/xua.h"
#include "actor/xua_variant.h"
#include "base/arena.h"
#include "base/clock.h"
#include "console/ask.h"

bool xua_list(struct ask *ask)
{
    struct json_writer *w = ask_json(ask);

    xua_variants_write(w);
    ask_json_reply(ask, 200, w);
    return true;
}

static const char *const *variant_names(struct arena *a)
{
    size_t count;
    const struct xua_variant *all = xua_variants(&count);
    const char **names = ARENA_ARRAY(a, const char *, count + 1);

    for (size_t i = 0; i < count; i++)
        names[i] = all[i].name;
    return names;
}

static void reply(struct ask *ask, const struct xua_variant *variant, const struct xua_made *made)
{
    struct json_writer *w = ask_json(ask);

    jw_object(w, NULL);
    jw_text(w, "variant", variant->name);
    jw_text(w, "rule", xua_variant_rule(variant));
    jw_text(w, "fault", saml_flaw_subcode(variant->flaw));
    jw_text(w, "token", str_dup(ask->arena, made->token));
    jw_text(w, "headers", str_dup(ask->arena, xua_headers_of(ask->arena, made)));
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
}

static void issue(struct ask *ask, const struct xua_variant *variant, const struct community *c)
{
    struct saml_text federation = { XUA_FEDERATION, NULL }, home = { c->home_community_id, &federation };
    const struct xua_order order = {
        .data = ask->console->data,
        .audiences = &home,
        .user = ask_param(ask, "user"),
        .role = ask_param(ask, "role"),
        .purpose = ask_param(ask, "purpose"),
        .patient = ask_param(ask, "patient"),
        .organization = c->name,
        .home = c->home_community_id,
        .now = clock_now(),
    };
    const char *why = "";
    struct xua_made made;

    if (xua_make(ask->arena, variant, &order, &made, &why) != OK)
        ask_refuse(ask, 503, NULL, NULL, "%s", why);
    else
        reply(ask, variant, &made);
}

bool xua_issue(struct ask *ask)
{
    const struct xua_variant *variant = xua_variant_find(ask->segment);
    const char *to = ask_param(ask, "to");
    const struct community *c = to != NULL ? world_find(ask->console->daemon->world, to) : NULL;

    if (variant == NULL)
        ask_refuse(ask, 404, "path.variant", variant_names(ask->arena), "there is no variant \"%.60s\"", ask->segment);
    else if (c == NULL)
        ask_refuse(ask, 400, "query.to", community_keys(ask->arena, ask->console->daemon->world),
                   to == NULL ? "to names the community that it is for%.0s"
                              : "the community \"%.60s\" does not live here",
                   to);
    else
        issue(ask, variant, c);
    return true;
}
