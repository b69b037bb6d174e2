#include "cli/directory.h"

#include "cli/language.h"

#include "base/arena.h"

#include <stdio.h>

enum rc directory_load(struct arena *a, const struct config *c, struct directory **out)
{
    struct directory *d = ARENA_NEW(a, struct directory);

    d->arena = a;
    if (backbone_find(a, c, &d->backbone) != OK)
        return E_CONFIG;
    *out = d;
    return OK;
}

static struct peer *peer_read(struct arena *a, const struct json *node)
{
    const struct json *repositories = json_get(node, "repositories");
    struct peer *p = ARENA_NEW(a, struct peer);

    *p = (struct peer){
        .key = node->key,
        .name = json_text(node, "name"),
        .name_en = json_text(node, "nameEn"),
        .home_community_id = json_text(node, "homeCommunityId"),
        .patient_id_domain = json_text(node, "patientIdDomain"),
        .repository = repositories && repositories->first ? repositories->first->text : NULL,
        .node = node,
    };
    return p;
}

static const struct peer *peer_add(struct directory *d, const struct json *node)
{
    struct peer *p = peer_read(d->arena, node);

    if (p->name == NULL || p->home_community_id == NULL || p->patient_id_domain == NULL) {
        fprintf(stderr, "kakehashi: %s: communities.%s lacks a name, a homeCommunityId or a patientIdDomain\n",
                backbone_endpoints_file(d->arena, d->backbone.data), p->key);
        return NULL;
    }
    p->next = d->peers;
    d->peers = p;
    return p;
}

const struct peer *directory_find(struct directory *d, const char *key_or_slug)
{
    const struct json *node = backbone_community(&d->backbone, key_or_slug);

    if (node == NULL) {
        fprintf(stderr, "kakehashi: %s: %s\n", key_or_slug,
                language_pick("no such community lives here (`kakehashi endpoints` lists them)",
                              "この地域はここにはありません (`kakehashi endpoints` で一覧)"));
        return NULL;
    }
    for (const struct peer *p = d->peers; p != NULL; p = p->next) {
        if (p->node == node)
            return p;
    }
    return peer_add(d, node);
}

const char *directory_url(const struct directory *d, const struct peer *p, const char *actor, const char *transaction,
                          bool plain)
{
    return backbone_url(&d->backbone, plain ? "plain" : "endpoints", p->key, actor, transaction);
}

const char *peer_name(const struct peer *p)
{
    return language_pick(p->name_en == NULL ? p->name : p->name_en, p->name);
}
