#pragma once
/* The communities of a running backbone, as its endpoints.json tells of them: all that the client knows. */

#include "base/rc.h"
#include "cli/backbone.h"

#include <stdbool.h>

struct arena;
struct config;
struct json;

struct peer {
    const char *key;
    const char *name, *name_en;
    const char *home_community_id; /* "urn:oid:2.999…" */
    const char *patient_id_domain;
    const char *repository;  /* repositoryUniqueId of its first; NULL when it has none */
    const struct json *node; /* its member of "communities" */
    struct peer *next;
};

struct directory {
    struct arena *arena;
    struct backbone backbone;
    struct peer *peers; /* those asked for so far: a community is one peer, by address */
};

/* E_CONFIG, with a sentence on standard error, when no backbone runs under --data or its file is broken. */
MUST_CHECK enum rc directory_load(struct arena *a, const struct config *c, struct directory **out);

/* By key or slug; NULL, with a sentence on standard error, when it does not live here. */
const struct peer *directory_find(struct directory *d, const char *key_or_slug);

/* "pix-manager", "ITI-44" → URL, TLS or plain; NULL when the community has no such actor, or not that transaction. */
const char *directory_url(const struct directory *d, const struct peer *p, const char *actor, const char *transaction,
                          bool plain);

/* In the user's language. */
const char *peer_name(const struct peer *p);
